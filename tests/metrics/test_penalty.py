"""Does the credit engine do what a contract lawyer would do by hand?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import CallError
from workbench.metrics.penalty import (
    Band,
    EarnBack,
    Level,
    Line,
    Steps,
    Terms,
    Trigger,
    credits_for,
    settle,
)

BANDS = Steps((Band(0.80, 0.25), Band(0.78, 0.5), Band(0.75, 1.0)))
ANSWER = Level("service_level V2", target=0.80, weight=0.6, rule=BANDS)
WAIT = Level("asa_s", target=30, weight=0.4, rule=Line(all_at=60), direction="at most")
TERMS = Terms((ANSWER, WAIT), at_risk=10_000, currency="EUR")


def test_steps_and_line_worked_by_hand():
    """77 % falls into the second band: 0.5 × 0.6 × 10,000; 45 s is half way: 0.5 × 0.4 × 10,000."""
    due = settle(TERMS, {"service_level V2": [0.77], "asa_s": [45]}, ["2024-01"])

    assert [line.credit for line in due.lines] == pytest.approx([3000, 2000])
    assert (due.net, due.currency) == (pytest.approx(5000), "EUR")
    assert due.lines[0].reason == (
        "0.77 against a target of at least 0.8 loses 0.5 of 0.6 × 10,000.00 EUR = 3,000.00 EUR"
    )


@pytest.mark.parametrize(
    ("value", "share"),
    [
        (0.80, 0.0),
        (0.7999999999999999, 0.0),
        (0.799, 0.25),
        (0.78, 0.25),
        (0.7799, 0.5),
        (0.75, 0.5),
        (0.1, 1.0),
    ],
)
def test_a_limit_belongs_to_the_better_band(value, share):
    """Exactly at a band's limit is not worse than it, floating point or not."""
    assert ANSWER.share_lost(value) == share


def test_the_line_ends_at_everything():
    """Twice as bad as everything is still everything; better than the target is no credit."""
    assert WAIT.share_lost([10, 30, 45, 60, 120]).tolist() == [0, 0, 0.5, 1, 1]


def test_period_cap_cuts_in_proportion():
    """9,000 and 4,000 would be due; a cap of 6,500 halves both."""
    terms = replace(TERMS, at_risk=15_000.0, cap_per_period=6500.0)
    terms = replace(terms, levels=(ANSWER, replace(WAIT, weight=0.8 / 3)))
    due = settle(terms, {"service_level V2": [0.5], "asa_s": [90]}, ["2024-01"])

    assert [line.gross for line in due.lines] == pytest.approx([9000, 4000])
    assert [line.credit for line in due.lines] == pytest.approx([4500, 2000])
    assert "the cap leaves 4,500.00" in due.lines[0].reason


def test_yearly_cap_is_spent_in_the_order_of_time_and_renewed():
    """6,000 a month against 15,000 a year: 6,000, 6,000, 3,000, 0; the second year begins anew."""
    terms = replace(TERMS, levels=(ANSWER,), cap_per_year=15_000.0, periods_per_year=4)
    months = [f"m{i}" for i in range(5)]
    due = settle(terms, {"service_level V2": [0.5] * 5}, months)

    assert list(due.by_period.values()) == pytest.approx([6000, 6000, 3000, 0, 6000])


def test_earn_back_needs_every_following_period():
    """Missed in January, two good months with 2 points of margin return it, booked in March."""
    level = replace(ANSWER, earn_back=EarnBack(periods=2, margin=0.02))
    terms = replace(TERMS, levels=(level,))
    months = ["2024-01", "2024-02", "2024-03", "2024-04"]
    good = settle(terms, {level.name: [0.77, 0.82, 0.83, 0.81]}, months)
    bad = settle(terms, {level.name: [0.77, 0.82, 0.81, 0.90]}, months)

    assert list(good.by_period.values()) == pytest.approx([3000, 0, -3000, 0])
    assert (good.credit, good.earned_back, good.net) == pytest.approx((3000, 3000, 0))
    assert "3,000.00 earned back" in good.lines[0].reason
    assert bad.earned_back == 0


def test_what_was_earned_back_does_not_free_the_cap():
    """The year's cap of 3,000 is spent in January though March returns it."""
    level = replace(ANSWER, earn_back=EarnBack(periods=1))
    terms = replace(TERMS, levels=(level,), cap_per_year=3000.0)
    due = settle(terms, {level.name: [0.77, 0.85, 0.77]}, ["2024-01", "2024-02", "2024-03"])

    assert list(due.by_period.values()) == pytest.approx([3000, -3000, 0])


def test_critical_level_missed_again_costs_double():
    """The second miss in a row is doubled, the third too; after a good month it is single again."""
    level = replace(ANSWER, critical=True, repeat_factor=2.0)
    due = settle(replace(TERMS, levels=(level,)), {level.name: [0.79, 0.79, 0.79, 0.85, 0.79]}, list("abcde"))

    assert list(due.by_period.values()) == pytest.approx([1500, 3000, 3000, 0, 1500])


def test_termination_arises_on_the_third_miss_in_six():
    """Two misses are not three; five months apart they still count, six they do not."""
    terms = replace(TERMS, levels=(replace(ANSWER, critical=True),), triggers=(Trigger(misses=3, within=6),))
    months = [f"2024-{m:02}" for m in range(1, 9)]
    within = settle(terms, {ANSWER.name: [0.7, 0.9, 0.7, 0.9, 0.9, 0.7, 0.9, 0.9]}, months)
    apart = settle(terms, {ANSWER.name: [0.7, 0.9, 0.7, 0.9, 0.9, 0.9, 0.7, 0.9]}, months)

    assert within.triggered == (
        "termination: service_level V2 missed its target 3 times from 2024-01 to 2024-06 (limit 3 in 6)",
    )
    assert apart.triggered == ()


def test_unknown_result_is_not_free_and_not_lost():
    """The credit of a month without a result is unknown; at worst it is everything."""
    due = settle(TERMS, {"service_level V2": [None, 0.9]}, ["2024-01", "2024-02"])

    assert due.lines[0].credit is None
    assert due.lines[0].reason == "no result: the credit is unknown, not 0"
    assert (due.net, due.net_at_worst, due.unknown) == (0, pytest.approx(6000 + 4000 + 4000), 3)


def test_an_unknown_month_earns_nothing_back():
    """Nobody knows whether February was good."""
    level = replace(ANSWER, earn_back=EarnBack(periods=1))
    due = settle(replace(TERMS, levels=(level,)), {level.name: [0.77, None]}, ["a", "b"])

    assert due.earned_back == 0


def test_expected_credit_exceeds_the_credit_of_the_expected_result():
    """METRICS, penalty: the payoff is convex, so that simulating is worth it (10,000 years, seed 3)."""
    results = np.random.default_rng(3).normal(0.81, 0.03, (10_000, 12, 1))
    terms = replace(TERMS, levels=(ANSWER,))
    expected = credits_for(terms, results).net.sum(axis=-1).mean()
    at_the_mean = settle(terms, {ANSWER.name: [0.81] * 12}, list("abcdefghijkl")).net

    assert at_the_mean == 0
    assert expected > 5000


@given(
    st.lists(st.lists(st.floats(0.5, 1.0), min_size=6, max_size=6), min_size=1, max_size=4),
    st.floats(1000, 50_000),
)
def test_many_years_at_once_equal_each_alone(years, cap):
    """The vectorised engine and one settlement a year give the same money, and never above the cap."""
    level = replace(ANSWER, earn_back=EarnBack(periods=2), critical=True, repeat_factor=1.5)
    terms = Terms((level,), 10_000, "EUR", cap_per_period=cap / 3, cap_per_year=cap)
    together = credits_for(terms, np.array(years)[..., None])

    for i, year in enumerate(years):
        alone = settle(terms, {level.name: year}, list("abcdef"))
        assert together.net[i].sum() == pytest.approx(alone.net, abs=1e-6)
        assert alone.credit <= cap + 1e-6
        assert alone.net >= -1e-6


def test_terms_that_make_no_sense_are_refused():
    """A band on the good side, a weight below nothing, two levels of one name, strange results."""
    with pytest.raises(CallError, match="on the good side of the target"):
        replace(ANSWER, rule=Steps((Band(0.85, 0.5),)))
    with pytest.raises(CallError, match="weight -1 is below 0"):
        replace(ANSWER, weight=-1)
    with pytest.raises(CallError, match="which is no miss"):
        replace(WAIT, rule=Line(all_at=20))
    with pytest.raises(CallError, match="name a service level twice"):
        Terms((ANSWER, ANSWER), 1.0, "EUR")
    with pytest.raises(CallError, match="Results for fcr, which the terms do not name"):
        settle(TERMS, {"fcr": [0.5]}, ["a"])
    with pytest.raises(CallError, match="2 results came for 1 periods"):
        settle(TERMS, {"asa_s": [10, 20]}, ["a"])
    with pytest.raises(CallError, match="at_risk has 2 amounts for 1 periods"):
        settle(replace(TERMS, at_risk=(1.0, 2.0)), {"asa_s": [10]}, ["a"])
    with pytest.raises(CallError, match="Accepted: "):
        credits_for(TERMS, [0.8, 0.9])
