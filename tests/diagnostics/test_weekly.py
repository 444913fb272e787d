"""By how much a weekly figure changed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.diagnostics.weekly import weekly_slope


def test_a_straight_line_is_found_without_doubt() -> None:
    """1 % a week over eight weeks is seven points."""
    change = weekly_slope(np.arange(8) / 100)

    assert [0.07, 0.07, 0.07] == pytest.approx([change.change, change.low, change.high])


def test_equal_weeks_do_not_change() -> None:
    """No error and no warning on a constant series."""
    change = weekly_slope(np.full(8, 0.8))

    assert [0.0, 0.0, 0.0] == pytest.approx([change.change, change.low, change.high])


def test_a_week_with_many_contacts_weighs_more() -> None:
    """Weighted least squares by hand: weeks 0 to 3, values 0 0 0 1, weights 1 1 1 3.

    Means 2 and 1/2; Sxy = 9 − 6 × 2 × 1/2 = 3; Sxx = 32 − 6 × 4 = 8; 3/8 a week, over 3 weeks 9/8.
    """
    change = weekly_slope(np.array([0.0, 0, 0, 1]), weights=np.array([1.0, 1, 1, 3]))

    assert 9 / 8 == pytest.approx(change.change)


def test_noise_without_a_trend_is_no_change() -> None:
    """Up and down by two points for twelve weeks: the interval holds 0."""
    change = weekly_slope(np.array([0.80, 0.82] * 6))

    assert change.low < 0 < change.high


@given(st.lists(st.floats(0, 1), min_size=5, max_size=20))
def test_a_series_turned_around_changes_by_as_much_the_other_way(values: list[float]) -> None:
    """Its interval turns with it."""
    there, back = weekly_slope(np.array(values)), weekly_slope(np.array(values[::-1]))

    assert [there.change, there.low, there.high] == pytest.approx(
        [-back.change, -back.high, -back.low], abs=1e-9
    )
