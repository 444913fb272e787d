"""The spread between groups is what is left after chance, and its interval covers it as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ncx2

from workbench.statistics.between import spread_between

BCG = np.array([-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713, -0.3394,
                0.4459, -0.0173])  # fmt: skip
BCG_VARIANCES = np.array([0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124,
                          0.5325, 0.0714])  # fmt: skip


def test_thirteen_trials_of_a_vaccine_give_the_published_variance_between_them() -> None:
    """Colditz et al. 1994 as in Viechtbauer 2010, table of estimators: Hedges' tau² is 0.3286."""
    found = spread_between(BCG, BCG_VARIANCES)

    assert found.value is not None
    assert found.value**2 == pytest.approx(0.3286, abs=2e-4)


def test_two_groups_are_the_difference_of_two_means() -> None:
    """With two groups the interval is that of |difference|, a normal of variance 2 v folded at zero."""
    found = spread_between([1.0, 0.0], [0.05, 0.05])

    assert found.value == pytest.approx(0.45**0.5)
    assert found.low is not None
    assert found.high is not None
    for end, at in ((found.low, 0.975), (found.high, 0.025)):
        assert ncx2.cdf(0.5 / 0.05, 1, end**2 / 0.05) == pytest.approx(at, abs=1e-6)
    assert found.high == pytest.approx((1 + 1.96 * 0.1**0.5) / 2**0.5, abs=1e-3)


def test_groups_that_differ_less_than_chance_may_not_differ_at_all() -> None:
    """Seen variance below that of chance: the spread is zero, its upper end is not."""
    found = spread_between([0.50, 0.52, 0.48, 0.55], [0.01] * 4)

    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high is not None
    assert 0 < found.high < 0.2


def test_one_group_has_nobody_to_differ_from_and_groups_without_chance_are_exact() -> None:
    """The number of groups, not of people, is the sample."""
    exact = spread_between([1.0, 3.0], [0.0, 0.0])

    assert spread_between([0.4], [0.01]).value is None
    assert (exact.value, exact.low, exact.high, exact.n) == (2**0.5, 2**0.5, 2**0.5, 2)


def test_the_interval_covers_the_spread_of_these_very_groups() -> None:
    """2,000 draws, seed 1: 95 % within three standard errors (1.5 points)."""
    true = np.array([0.55, 0.62, 0.80, 0.71])
    rng = np.random.default_rng(1)
    spread, covered = true.std(ddof=1), 0
    for _ in range(2000):
        found = spread_between(rng.normal(true, 0.06), np.full(4, 0.06**2))
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= spread <= found.high

    assert covered / 2000 == pytest.approx(0.95, abs=0.015)
