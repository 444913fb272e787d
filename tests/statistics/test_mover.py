"""A difference of estimates has the interval that their own intervals imply."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from workbench.errors import CallError
from workbench.statistics.mover import linear


def test_difference_of_two_shares_is_newcombes_published_one() -> None:
    """56 of 70 less 48 of 80: 0.2000 (0.0524 to 0.3339), Newcombe 1998, method 10."""
    lows, highs = zip(
        *(proportion_confint(x, n, method="wilson") for x, n in ((56, 70), (48, 80))), strict=True
    )
    found = linear([1, -1], [56 / 70, 48 / 80], lows, highs)

    assert (0.2, 0.0524, 0.3339) == pytest.approx((found.value, found.low, found.high), abs=5e-5)
    assert found.beyond_chance


@given(st.integers(1, 40), st.integers(1, 40))
def test_any_difference_is_that_of_statsmodels(x: int, y: int) -> None:
    """statsmodels' method "newcomb" is a second implementation."""
    lows, highs = zip(*(proportion_confint(k, 41, method="wilson") for k in (x, y)), strict=True)
    found = linear([1, -1], [x / 41, y / 41], lows, highs)

    expected = confint_proportions_2indep(x, 41, y, 41, compare="diff", method="newcomb")
    assert expected == pytest.approx((found.low, found.high), abs=1e-9)


def test_p_value_agrees_with_the_interval() -> None:
    """0.05 where an end of the interval is 0; exact values have no doubt."""
    assert linear([1], [2.0], [0.0], [9.0]).p_value == pytest.approx(0.05)
    assert linear([1], [-2.0], [-9.0], [0.0]).p_value == pytest.approx(0.05)
    assert 0.0 == linear([1, -1], [3, 2], [3, 2], [3, 2]).p_value
    assert 1.0 == linear([1, -1], [3, 3], [3, 3], [3, 3]).p_value


def test_mean_of_many_is_surer_than_one() -> None:
    """Sixteen independent values of one width have a quarter of it."""
    found = linear(np.full(16, 1 / 16), np.full(16, 50.0), np.full(16, 42.0), np.full(16, 58.0))

    assert (50.0, 48.0, 52.0) == pytest.approx((found.value, found.low, found.high))


def test_interval_beside_its_value_is_refused() -> None:
    """It would have a spread below nothing."""
    with pytest.raises(CallError, match="own value"):
        linear([1], [5.0], [6.0], [7.0])
