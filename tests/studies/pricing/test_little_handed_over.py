"""Data packs A and B: what can be priced is, with assumed ranges that say so; the rest says what is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.studies.pricing.prices import assessed, floor, found, measured
from workbench.diagnostics.finding import Finding
from workbench.intake.read import read_client
from workbench.studies.pricing.assumed_pay import BY_CURRENCY, assumed_pay
from workbench.studies.pricing.basis import basis_of
from workbench.studies.pricing.doubts import known
from workbench.studies.pricing.drifts import set_drift
from workbench.studies.pricing.forums import not_held, wait_for_forum, waiting
from workbench.studies.pricing.packs import hours_by_hand
from workbench.studies.pricing.rule import Counted
from workbench.studies.pricing.rules.sim_4 import how_many
from workbench.studies.pricing.study import price

ROOT = Path(__file__).resolve().parents[3]


def held(code: str, share: float, forum: str = "weekly", due: int = 9) -> Finding:
    """Return a finding of a forum that was held less often than planned."""
    return found(code, measured(f"{forum} meetings held as planned", share, 0.9, n=due), step="cadence")


@pytest.mark.method("SIM-4")
def test_a_forum_held_every_third_week_lets_a_drift_wait_three_times_as_long() -> None:
    """Half of three weeks against half of 1.11: 0.944 weeks, at five points of a week's labour, once a year."""
    basis = basis_of(assessed(held("GOV-2", 1 / 3), held("HC-2", 1 / 3)), floor(), pay=known(20.0))
    drifts = (set_drift(basis),)
    said = waiting(basis, not_held(basis), how_many(drifts), drifts)
    assert isinstance(said, Counted)
    ones = np.ones(1)
    saved = (
        said.cost(ones / 3, ones, ones)["repeat handling"]
        - said.cost(0.9 * ones, ones, ones)["repeat handling"]
    )
    labour = basis.labour or 0.0

    assert [1.5, 1 / 1.8] == pytest.approx(wait_for_forum(np.array([1 / 3, 0.9]), 1.0).tolist())
    assert labour / (52 / 12) * 0.05 * (1.5 - 1 / 1.8) / 12 == pytest.approx(float(saved[0]))
    assert ["GOV-2", "HC-2"] == [f.code for f in said.findings]


def test_the_most_frequent_forum_carries_the_price_and_one_never_held_waits_no_longer_than_the_record() -> (
    None
):
    """A weekly review before a monthly one; none of nine held counts as one of ten; a huddle decides on no drift."""
    low = (held("GOV-3", 0.5, "monthly"), held("GOV-2", 0.0), held("GOV-1", 0.2, "daily"))
    basis = basis_of(assessed(*low), floor(), pay=known(20.0))
    drifts = (set_drift(basis),)
    said = waiting(basis, not_held(basis), how_many(drifts), drifts)
    assert isinstance(said, Counted)
    zero, tenth = (
        float(said.cost(np.array([m]), np.ones(1), np.ones(1))["repeat handling"][0]) for m in (0.0, 0.1)
    )

    assert ["GOV-2", "GOV-3"] == [f.code for f in said.findings]
    assert zero == tenth


@pytest.mark.method("SIM-10")
def test_packs_by_hand_cost_the_hours_that_they_take_more_than_others_of_their_kind() -> None:
    """Weekly packs two hours more, monthly ones four, weighed 2.5 to 1; 30 packs a month, three tenths by hand."""
    kind = np.array(["weekly"] * 10 + ["monthly"] * 4)
    hand = np.array([True] * 5 + [False] * 5 + [True] * 2 + [False] * 2)
    hours = np.array([4.0] * 5 + [2.0] * 5 + [12.0] * 2 + [8.0] * 2)
    weeks = pd.Timestamp("2024-06-03", tz="UTC") + pd.to_timedelta(np.arange(14), unit="D")
    log = pd.DataFrame({"report": kind, "prep_hours": hours, "manual_edits": hand * 3.0, "meeting_ts": weeks,
                        "due_ts": weeks, "issued_ts": weeks})  # fmt: skip
    finding = found(
        "VL-4a", measured("packs not edited by hand within 24 hours of the meeting", 0.5, 0.9, n=14)
    )
    made = price(assessed(finding, report_log=log), None, pay=known(20.0))
    [one] = made.prices
    few = price(assessed(finding, report_log=log[:8]), None, pay=known(20.0)).unpriced

    more, error = hours_by_hand(hours, hand, kind) or (0.0, 0.0)
    assert (2 * 2.5 + 4 * 1.0) / 3.5 == pytest.approx(more)
    assert 0.0 == error
    assert 0.4 * (14 / (30 / (365.25 / 12))) * more * 20.0 == pytest.approx(one.amount.value, rel=0.02)
    assert "M" == one.mapping.grade
    assert "too few packs" in few[0].reason


def test_an_assumed_wage_is_a_wide_range_that_says_so() -> None:
    """Most of the doubt is the money, and a table that says what an hour costs is what would narrow it."""
    assessment = assessed(held("GOV-2", 1 / 3), found("RES-4", measured("tables handed over", 0.1, 0.7)))
    made = price(assessment, floor(money={}), assumed=assumed_pay("EUR"), months=2)
    [one] = made.prices
    assert made.basis.pay is not None

    assert ("A", True) == (made.basis.pay.grade, "no table says it in EUR" in made.basis.pay.source)
    assert one.amount.low < 0.6 * one.amount.value < one.amount.value < one.amount.high
    assert ["RES-4"] == [u.finding.code for u in made.unpriced]
    given = price(assessment, floor(money={}), assumed=assumed_pay("EUR"), pay=known(16.0), months=2)
    assert given.basis.pay is not None
    assert "D" == given.basis.pay.grade
    assert price(assessment, floor(money={}), months=2).prices == ()
    assert assumed_pay("XXX") is None
    assert all(0 < one.low < one.likely < one.high for one in BY_CURRENCY.values())


def test_quietbrook_is_priced_as_far_as_it_can_be() -> None:
    """Interval counts, a roster, scores, meetings: the weekly review has a price, what is not handed over a reason."""
    from workbench.diagnostics.assess import assess

    assessment = assess(read_client(ROOT / "data/example/quietbrook_travel"))
    made = price(assessment, floor(money={"currency": "AUD"}), assumed=assumed_pay("AUD"), months=2)

    assert ["GOV-2"] == [p.code for p in made.prices]
    assert {"GOV-2", "HC-2"} == {f.code for f in made.prices[0].findings}
    assert {"GOV-2", "RES-4"} == {u.finding.code for u in made.unpriced}
    assert all(u.reason and u.missing for u in made.unpriced)
