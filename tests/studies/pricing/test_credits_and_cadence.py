"""Credits that nobody has seen yet, and drifts that are acted on as slowly as the client does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.studies.pricing.prices import JUNE, assessed, floor
from workbench.metrics.penalty import Band, Level, Steps, Terms
from workbench.sim.terms import SlaTerms
from workbench.studies.pricing.basis import basis_of
from workbench.studies.pricing.cadence import ASSUMED, OWN, Doubt, losses_by_cadence, own_times
from workbench.studies.pricing.contract import contract_of, levels_of_log
from workbench.studies.pricing.doubts import known
from workbench.studies.pricing.floor import Floor
from workbench.studies.pricing.incentive import credits_by_formula, mean_bounds, share_bounds


def test_no_miss_in_twelve_months_does_not_say_that_none_will_come() -> None:
    """Exact: 0 of 12 leaves up to 22.1 % (1 − 0.05^(1/12)), and so much of what a month may cost."""
    assert (0.0, pytest.approx(1 - 0.05 ** (1 / 12))) == share_bounds(0, 12)
    assert (pytest.approx(0.05 ** (1 / 12)), 1.0) == share_bounds(12, 12)
    # published: Clopper and Pearson's 90 % interval of 1 in 10
    assert (0.0051, 0.3942) == pytest.approx(share_bounds(1, 10), abs=1e-4)
    assert (0.0, pytest.approx(1000 * (1 - 0.05 ** (1 / 12)))) == mean_bounds(np.zeros(12), 1000.0)


def test_bounds_of_a_mean_hold_the_truth_as_often_as_they_say() -> None:
    """Months that cost 1,000 one time in twelve: 200 samples of 24; fewer than 170 come by chance once in 10,000."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        low, high = mean_bounds(1000.0 * (rng.random(24) < 1 / 12), 1000.0)
        held += low <= 1000 / 12 <= high

    assert held >= 170


TERMS = SlaTerms.model_validate(
    {"window": "month", "at_risk": 1000, "levels": {"sl": {"target": 0.5, "all_lost_at": 0.4}}}
)


@pytest.mark.method("SIM-8", "EXP-2")
def test_credits_that_no_month_had_are_bounded_and_the_log_stands_beside() -> None:
    """A floor far above its promise: expected 0, at most what 0 of 48 months leave; the log missed one month of one."""
    scenario = floor(money={"pay_per_hour": 20.0, "currency": "EUR", "terms": TERMS.model_dump(mode="json")})
    at = pd.date_range("2024-06-01 10:00", periods=60, freq="6h", tz="UTC")
    contacts = pd.DataFrame(
        {"offered_ts": at, "answer_ts": at + pd.Timedelta(minutes=10), "end_ts": at + pd.Timedelta(minutes=20),
         "abandon_ts": pd.Series([pd.NaT] * 60, dtype="datetime64[us, UTC]"), "queue": "calls"}
    )  # fmt: skip
    basis = basis_of(assessed(contacts=contacts), scenario)
    one = Floor(scenario, {}, basis, contract_of(None, scenario), 1)
    one.extend(4)
    first = credits_by_formula(one)[0]
    assert 48 == first.months

    assert (0.0, 0.0, 0.0) == (first.expected, first.low, first.missed)
    assert 1000 * (1 - 0.05 ** (1 / 48)) == pytest.approx(first.high)
    assert first.p90_high > first.p90 == 0.0
    assert first.log is not None
    assert (1, 1, 1000.0) == (first.log.months, first.log.missed, first.log.credit)
    assert 0.05 == pytest.approx(first.log.low)
    assert 0 == len(levels_of_log(one.contract, assessed().dataset, scenario))


def test_a_months_credit_is_never_above_what_it_can_cost() -> None:
    """All months missed: the upper end is what is at risk, not more."""
    terms = Terms(
        (Level("service_level", 0.80, 1.0, Steps((Band(0.80, 0.5), Band(0.70, 1.0)))),), 1000.0, "EUR"
    )
    low, high = mean_bounds(np.full(6, 500.0), 1000.0)

    assert 1000.0 == float(terms.at_risk_in(1)[0])
    assert 0 < low < 500.0 < high <= 1000.0


def _breaches(days: list[float | None], closed: list[float | None]) -> dict[str, pd.DataFrame]:
    raised = pd.Timestamp("2024-06-03 12:00", tz="UTC")
    decided = [pd.NaT if d is None else raised + pd.Timedelta(days=d) for d in days]
    ends = [
        pd.NaT
        if d is None or c is None
        else (raised + pd.Timedelta(days=d + c)).tz_localize(None).normalize()
        for d, c in zip(days, closed, strict=True)
    ]
    ids = [f"A{i}" for i in range(len(days))]
    return {
        "breach": pd.DataFrame(
            {"kpi": "sl", "ts": raised, "decided_ts": pd.to_datetime(decided, utc=True), "action_id": ids}
        ),
        "gov_action": pd.DataFrame({"id": ids, "closed": pd.to_datetime(ends)}),
    }  # fmt: skip


@pytest.mark.method("SIM-4")
def test_the_clients_own_times_are_read_from_its_breaches() -> None:
    """Decided after 7 and 14 days, closed 7 and 21 days later: 1.5 and 2 weeks; open ones count to the end."""
    basis = basis_of(assessed(**_breaches([7, 14], [7, 21])), None)
    decide, act = own_times(basis)
    assert decide is not None
    assert act is not None
    open_, _ = own_times(basis_of(assessed(**_breaches([7, None], [7, None])), None))
    assert open_ is not None

    # Student's interval of two values, 6.314 standard errors to each side, not below 0
    assert (1.5, 0.0, 1.5 + 6.314 * 0.5) == pytest.approx((decide.mean, decide.low, decide.high), abs=1e-3)
    assert (2.0, 2) == (pytest.approx(act.mean, abs=0.1), act.n)
    until = (pd.Timestamp(JUNE.end) + pd.Timedelta(days=1) - pd.Timestamp("2024-06-03 12:00")) / pd.Timedelta(
        weeks=1
    )
    assert ((1.0 + until) / 2, 1) == (pytest.approx(open_.mean), open_.open_)
    assert (None, None) == own_times(basis_of(assessed(), None, pay=known(1.0)))


@pytest.mark.method("SIM-4")
def test_losses_carry_the_doubt_about_spread_size_rate_and_time() -> None:
    """With the time to act alone in doubt, 1 to 3 weeks, the loss moves by its rate; as it is stands beside forums."""
    still, many = np.ones(2001), np.linspace(1.0, 3.0, 2001)
    doubt = Doubt(still, still, still, many, np.full(2001, 5.0))
    late = losses_by_cadence((0.05,), 0.02, 50.0, 2.0, decide_weeks=5.0, doubt=doubt)
    by = {(one.chart, one.forum): one for one in late}
    weekly, own = by["CUSUM", "weekly"], by["CUSUM", OWN]
    assert weekly.low is not None
    assert weekly.high is not None

    assert (100 * 0.05 * 50 * -0.9, 100 * 0.05 * 50 * 0.9) == pytest.approx(
        (weekly.low - weekly.loss, weekly.high - weekly.loss), rel=0.02
    )
    assert (5.0, weekly.detect_weeks) == (own.wait_weeks, own.detect_weeks)
    assert own.loss - weekly.loss == pytest.approx(100 * 0.05 * 50 * (5.0 - 0.5))
    assert ASSUMED.low < ASSUMED.mean < ASSUMED.high
    wide = losses_by_cadence(
        (0.05,), 0.02, 50.0, 2.0, doubt=Doubt(np.linspace(0.5, 1.5, 2001), still, still, 2 * still, still)
    )
    ends = [(one.low or 0.0, one.loss, one.high or 0.0) for one in wide]
    # a drift that the next point shows for certain has no doubt left
    assert all(low <= loss * (1 + 1e-9) and loss <= high * (1 + 1e-9) for low, loss, high in ends)
    assert any(low < loss < high for low, loss, high in ends)
