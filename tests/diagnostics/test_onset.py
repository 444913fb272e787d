"""A decline is dated to days that hold its beginning as often as they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.diagnostics.checks.fm_g4 import _change, began_between
from workbench.intake.period import Period
from workbench.statistics.change_point import mean_shift, shift_size

WEEKS = pd.date_range("2024-01-01", periods=26, freq="7D")
"""Mondays."""


def falling(onset: pd.Timestamp, drop: float, noise: float, seed: int) -> np.ndarray:
    """Return weekly figures of 0.8 that fall by `drop` at a moment; the week in which it lies is a mixture."""
    after = np.clip((WEEKS + pd.Timedelta(days=7) - onset) / pd.Timedelta(days=7), 0, 1).to_numpy(float)
    return np.asarray(0.8 - drop * after + np.random.default_rng(seed).normal(0, noise, len(WEEKS)))


def test_a_fall_without_noise_is_dated_to_the_week_and_the_one_before() -> None:
    """From Monday 3 June on: 27 May to 9 June; the likelihood alone names one week."""
    found = mean_shift(falling(pd.Timestamp("2024-06-03"), 0.2, 0.001, seed=1), seed=0)

    assert (22, 22, 22) == (found.at, found.low, found.high)
    assert (pd.Timestamp("2024-05-27"), pd.Timestamp("2024-06-09")) == began_between(found, WEEKS)


@pytest.mark.parametrize(("drop", "noise"), [(0.2, 0.001), (0.1, 0.03), (0.06, 0.04)])
def test_the_days_hold_the_moment_as_often_as_they_say(drop: float, noise: float) -> None:
    """300 falls at any hour of the middle half of the year, sure or faint: held in 95 % or more (binomial: 92 %)."""
    moments = np.random.default_rng(5).uniform(7 * 6, 7 * 20, 300)
    held = []
    for seed, days in enumerate(moments):
        onset = WEEKS[0] + pd.Timedelta(days=float(days))
        first, last = began_between(
            mean_shift(falling(onset, drop, noise, seed), seed=0, permutations=0), WEEKS
        )
        held.append(first <= onset < last + pd.Timedelta(days=1))

    assert 0.92 <= float(np.mean(held))


def test_without_a_change_there_are_no_days() -> None:
    """Five weeks cannot be split."""
    assert (None, None) == began_between(mean_shift([1.0] * 5, seed=0), WEEKS)


def test_the_size_of_a_fall_holds_the_doubt_of_its_date() -> None:
    """A faint fall may have begun in any of several weeks; its interval is wider than that of the likeliest week."""
    weekly = pd.DataFrame({"n": 1000, "good": 1000 * falling(WEEKS[13], 0.05, 0.03, seed=2)}, index=WEEKS)
    share = (weekly["good"] / 1000).to_numpy()
    change = mean_shift(share, seed=0)
    part, row = _change("customer satisfaction", weekly, Period.parse("2024-01-01:2024-06-30"), 0)
    error = (
        share[: change.at].var(ddof=1) / change.at + share[change.at :].var(ddof=1) / (26 - change.at)
    ) ** 0.5

    assert row["onset"] is not None
    assert change.high - change.low >= 4
    assert tuple(-end for end in reversed(shift_size(share, change))) == (part.low, part.high)
    assert part.high - part.low > 2 * 1.96 * error
