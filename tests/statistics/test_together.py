"""Does a statistic of many resamples at once give what one after the other gives?"""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.inter_rater import fleiss_kappa as fleiss

from workbench.statistics.agreement import fleiss_kappa
from workbench.statistics.bootstrap import bootstrap
from workbench.statistics.change_point import _gains, _orders, mean_shift


@pytest.mark.parametrize("at_once", [1, 700, 1_000_000])
def test_resamples_at_once_are_the_same_resamples(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of positions drawn at a time, the interval is the same to the last digit."""
    monkeypatch.setattr("workbench.statistics.bootstrap.AT_ONCE", at_once)
    x = np.random.default_rng(2).gamma(2.0, 1.0, 37)

    one = bootstrap(lambda i: float(x[i].mean()), len(x), seed=3, resamples=101)
    together = bootstrap(
        lambda i: float(x[i].mean()), len(x), seed=3, resamples=101, together=lambda i: x[i].mean(axis=1)
    )
    assert one == together


def test_the_interval_of_fleiss_kappa_is_that_of_statsmodels_resample_by_resample() -> None:
    """statsmodels knows one table; the bootstrap over its values is the second way."""
    ratings = np.random.default_rng(4).integers(0, 3, (25, 4)).astype(float)
    counts = (ratings[:, :, None] == np.unique(ratings)).sum(axis=1)
    drawn = bootstrap(lambda i: float(fleiss(counts[i])), 25, seed=5, resamples=80, method="percentile")
    ours = fleiss_kappa(ratings, seed=5, resamples=80)

    assert (drawn.value, drawn.low, drawn.high) == pytest.approx((ours.value, ours.low, ours.high), abs=1e-12)


def test_the_p_value_of_a_change_is_that_of_one_permutation_after_another() -> None:
    """The random orders are kept apart from the points; they are those that permuting the points draws."""
    y = np.random.default_rng(6).normal(size=23)
    y[12:] += 0.8
    size, draw = np.ones(len(y)), np.random.default_rng(7)
    best = _gains(y, size, "normal")[2:20].max()
    as_good = sum(_gains(draw.permutation(y), size, "normal")[2:20].max() >= best - 1e-12 for _ in range(499))

    assert (as_good + 1) / 500 == mean_shift(y, seed=7).p_value
    assert not _orders(23, 499, 7).flags.writeable
