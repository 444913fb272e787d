"""Cadence, credits and staying or switching, each against a case worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.studies.pricing.prices import assessed, floor
from workbench.errors import CallError
from workbench.metrics.penalty import Band, Level, Line, Steps, Terms
from workbench.sim.terms import SlaTerms
from workbench.statistics.run_length import shewhart_arl, shewhart_width
from workbench.studies.pricing.basis import basis_of
from workbench.studies.pricing.cadence import loss_until_corrected, losses_by_cadence
from workbench.studies.pricing.contract import contract_of
from workbench.studies.pricing.doubts import known
from workbench.studies.pricing.floor import Floor
from workbench.studies.pricing.incentive import (
    bonus_for,
    credits_by_formula,
    credits_by_window,
    expected_credits,
)
from workbench.studies.pricing.switching import Switch, cost_of_switching, stay_or_switch


@pytest.mark.method("SIM-4", "VMF-4", "GOV-14")
def test_a_drift_costs_detection_wait_and_action_at_its_rate() -> None:
    """Shewhart, monthly, one false alarm in 52 weeks: its run length in closed form, half a month, two weeks."""
    month = 52 / 12
    points = shewhart_arl(1.0 * month**0.5, shewhart_width(52 / month))
    detect, wait, loss = loss_until_corrected(
        1000.0, 1.0, chart="Shewhart", weeks_between=month, act_weeks=2.0
    )

    assert (points * month, month / 2) == pytest.approx((detect, wait))
    assert 1000 * (points * month + month / 2 + 2) == pytest.approx(loss)
    with pytest.raises(CallError, match="0 or more"):
        loss_until_corrected(-1.0, 1.0, chart="CUSUM", weeks_between=1.0, act_weeks=0.0)


@pytest.mark.method("SIM-4", "GOV-14")
def test_a_quarterly_look_costs_most_and_a_cumulative_chart_finds_what_is_small() -> None:
    """At equal false alarms: a large drift costs more with rarer forums; half a sigma is found sooner by CUSUM.

    A small drift is another matter for a Shewhart chart: a mean of months sees what single weeks do not.
    """
    late = losses_by_cadence((0.01, 0.05), 0.02, 50.0, 1.0)
    loss = {(one.drift, one.chart, one.forum): one for one in late}

    for chart in ("Shewhart", "CUSUM", "EWMA"):
        weekly, monthly, quarterly = (loss[0.05, chart, f].loss for f in ("weekly", "monthly", "quarterly"))
        assert weekly < monthly < quarterly
    assert loss[0.01, "Shewhart", "monthly"].loss < loss[0.01, "Shewhart", "weekly"].loss
    assert loss[0.01, "CUSUM", "weekly"].detect_weeks < loss[0.01, "Shewhart", "weekly"].detect_weeks
    assert 100 * 0.05 * 50.0 * loss[0.05, "EWMA", "monthly"].weeks == pytest.approx(
        loss[0.05, "EWMA", "monthly"].loss
    )


TERMS = Terms((Level("service_level", 0.80, 1.0, Steps((Band(0.80, 0.5), Band(0.70, 1.0)))),), 1000.0, "EUR")


@pytest.mark.method("SIM-8", "EXP-2")
def test_expected_credits_are_those_of_the_contract_on_simulated_months() -> None:
    """Half of the months at 0.75, half at 0.90: 250 a month; a year is twelve draws of 0 or 500."""
    yearly, back = expected_credits(TERMS, np.array([[0.75], [0.90]]), seed=1, years=20_000)

    assert 250.0 == pytest.approx(float(yearly.mean()) / 12, rel=0.02)
    assert 500.0 * 8 == float(
        np.quantile(yearly, 0.9)
    )  # binomial of 12: eight misses or fewer in nine of ten
    assert 0.0 == back
    with pytest.raises(CallError, match="no month"):
        expected_credits(TERMS, np.zeros((0, 1)), seed=1)


@pytest.mark.method("COM-1")
def test_a_bonus_needs_every_level_by_its_margin() -> None:
    """A tenth of what is at risk, at two points above."""
    assert [0.0, 100.0] == bonus_for(TERMS, np.array([[0.81], [0.83]]), 0.1, [0.02]).tolist()


def test_each_formula_gives_its_own_credits() -> None:
    """Abandons count against V2 and not against V1, so that V1 costs the vendor less; the contract's stands first."""
    terms = SlaTerms.model_validate(
        {
            "window": "month",
            "at_risk": 1000,
            "levels": {"sl": {"target": 0.8, "formula": "V2", "all_lost_at": 0.5}},
        }
    )
    scenario = floor(
        42.0, 4, money={"pay_per_hour": 20.0, "currency": "EUR", "terms": terms.model_dump(mode="json")}
    )
    basis = basis_of(assessed(), scenario)
    contract = contract_of(None, scenario)
    one = Floor(scenario, {}, basis, contract, 1)
    one.extend(4)
    found = credits_by_formula(one)
    by_formula = {c.formula: c.expected for c in found}

    assert (True, "V2") == (found[0].contract, found[0].formula)
    assert {"V1", "V2", "V3", "V4", "V5"} == set(by_formula)
    assert 0 < by_formula["V1"] < by_formula["V2"]
    month = one.month({})
    assert isinstance(contract.terms.levels[0].rule, Line) if contract.terms else False
    assert month.penalty.shape == (4,)


@pytest.mark.method("SIM-8")
def test_terms_by_the_week_are_settled_by_the_engine() -> None:
    """Everything is lost in every week: at risk times the weeks of a month, every year, and no month can cost more.

    Where half of the weeks cost all, drawn as coins, a month costs half of it, and nine years of ten less than all.
    """
    weekly = {"window": "week", "at_risk": 70, "levels": {"sl": {"target": 1.0, "all_lost_at": 0.9999}}}
    scenario = floor(24.0, 2, money={"pay_per_hour": 20.0, "currency": "EUR", "terms": weekly})
    contract = contract_of(None, scenario)
    one = Floor(scenario, {}, basis_of(assessed(), scenario), contract, 1)
    one.extend(2)

    assert [70 * 365.25 / 12 / 7] * 2 == pytest.approx(one.month({}).penalty.tolist())
    [found] = credits_by_formula(one)
    whole = 70 * 365.25 / 12 / 7
    assert [whole] * 4 == pytest.approx([found.expected, found.p90, found.most, found.high])
    assert (1.0, True, "V2") == (found.missed, found.contract, found.formula)
    coins = whole / 4 * np.random.default_rng(1).binomial(4, 0.5, 400)
    half = credits_by_window(one, coins)
    assert half.low < whole / 2 < half.high
    assert whole / 2 + 1.28 * whole / 4 / math.sqrt(12) == pytest.approx(half.p90, rel=0.05)
    assert 1 - 0.5**4 == pytest.approx(half.missed, abs=0.04)
    assert "by the week" in contract.left_out[-1]


@pytest.mark.method("SIM-14", "EXIT-12", "EXIT-15")
def test_a_switch_worked_by_hand() -> None:
    """All known: 26/3 weeks are two months; half of 10,000 a second time; a tenth slower over 13 weeks; and so on."""
    way = Switch(
        known(26 / 3), known(0.5), known(13.0), known(0.1), known(0.5), known(0.5), known(4.0), known(0.25),
        discount=0.0,
    )  # fmt: skip
    u = np.full((9, 1), 0.5)
    parts = {k: float(v[0]) for k, v in cost_of_switching(10_000.0, np.full(1, 2000.0), u, way, 24).items()}
    choice = stay_or_switch(10_000.0, np.full(5, 2000.0), "EUR", seed=1, switch=way)

    assert [4000.0, 10_000.0, 3000.0, 5000.0, 11_000.0] == pytest.approx(list(parts.values()))
    assert 33_000.0 == pytest.approx(choice.switch.value)
    assert 2000 * (24 - 0.5 * 22) == pytest.approx(choice.stay.value)
    assert 0.0 == choice.switch_costs_less
    # staying loses 48,000 − 44,000 × mended: even at 15,000 / 44,000
    assert 15 / 44 == pytest.approx(choice.mended_even)


@pytest.mark.method("EXIT-15")
def test_staying_or_switching_is_a_distribution_and_no_verdict() -> None:
    """The worse the losses, the more often switching costs less; what must be true stands for either."""
    low, high = (stay_or_switch(10_000.0, np.full(5, x), "EUR", seed=1) for x in (500.0, 20_000.0))

    assert low.switch_costs_less < high.switch_costs_less
    assert low.for_staying
    assert low.for_switching
    assert not any("should" in text for text in (*low.for_staying, *low.for_switching))
    with pytest.raises(CallError, match="labour"):
        stay_or_switch(0.0, np.ones(3), "EUR", seed=1)
