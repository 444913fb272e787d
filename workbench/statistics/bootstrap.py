"""How far might a statistic be off, when no formula says so?

Resampling of whole units (rows, agents, sessions), seeded, by percentiles or bias-corrected and
accelerated (Efron 1987). Units must be what was sampled: resample agents, not their contacts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from workbench.statistics.estimate import Estimate

Statistic = Callable[[NDArray[np.int64]], float]
"""From positions of units (with repeats) to a number; NaN where it cannot be computed."""

Statistics = Callable[[NDArray[np.int64]], NDArray[np.float64]]
"""The same for many resamples at once: from positions of shape (resamples, units) to one number for each."""

AT_ONCE = 100_000
"""So many positions are drawn before the statistic of their resamples is computed."""


def bootstrap(
    statistic: Statistic,
    units: int,
    *,
    seed: int,
    resamples: int = 1000,
    method: Literal["percentile", "BCa"] = "BCa",
    confidence: float = 0.95,
    together: Statistics | None = None,
) -> Estimate:
    """Return the statistic of all units with its bootstrap interval.

    together : the same statistic of many resamples at once; for speed.

    Resamples on which the statistic cannot be computed are left out; if they are more than a tenth,
    there is no interval and the note says so.
    """
    rng = np.random.default_rng(seed)
    everyone = np.arange(units)
    name = f"bootstrap, {method}, {resamples} resamples"
    value = float(statistic(everyone)) if units else np.nan
    if np.isnan(value):
        return Estimate(None, None, None, units, name, confidence, "it cannot be computed on these data")
    if units < 2 or resamples < 1:
        return Estimate(value, None, None, units, name, confidence, "too few units for an interval")
    if together is None:
        draws = np.array([statistic(rng.integers(0, units, units)) for _ in range(resamples)])
    else:
        step = max(AT_ONCE // units, 1)
        sizes = [min(step, resamples - done) for done in range(0, resamples, step)]
        draws = np.concatenate([together(rng.integers(0, units, (size, units))) for size in sizes])
    good = draws[~np.isnan(draws)]
    if len(good) < 0.9 * resamples:
        note = "in more than a tenth of the resamples it cannot be computed"
        return Estimate(value, None, None, units, name, confidence, note)
    tail = (1 - confidence) / 2
    at = np.array([tail, 1 - tail])
    if method == "BCa":
        at = _bca(at, value, good, _each_left_out(everyone, statistic, together))
    low, high = np.quantile(good, at)
    return Estimate(value, float(low), float(high), units, name, confidence)


def mean_interval(
    values: ArrayLike, *, seed: int, resamples: int = 1000, confidence: float = 0.95
) -> Estimate:
    """Return the mean of known values with its BCa interval."""
    x = np.asarray(values, float)
    x = x[~np.isnan(x)]
    return bootstrap(
        lambda i: float(x[i].mean()), len(x), seed=seed, resamples=resamples, confidence=confidence,
        together=lambda i: np.asarray(x[i].mean(axis=1)),
    )  # fmt: skip


def _each_left_out(
    everyone: NDArray[np.int64], statistic: Statistic, together: Statistics | None
) -> NDArray[np.float64]:
    """Return the statistic without each of the units in turn."""
    n = len(everyone)
    if together is None or n * n > AT_ONCE:
        return np.array([statistic(np.delete(everyone, i)) for i in everyone])
    return together(np.broadcast_to(everyone, (n, n))[~np.eye(n, dtype=bool)].reshape(n, n - 1))


def _bca(
    at: NDArray[np.float64],
    value: float,
    draws: NDArray[np.float64],
    without: NDArray[np.float64],
) -> NDArray[np.float64]:
    below = (draws < value).mean() + (draws == value).mean() / 2
    if not 0 < below < 1:
        return at
    gap = np.nanmean(without) - without
    gap = gap[~np.isnan(gap)]
    spread = (gap**2).sum() ** 1.5
    acceleration = (gap**3).sum() / (6 * spread) if spread > 0 else 0.0
    shift = ndtri(below)
    z = shift + ndtri(at)
    return np.asarray(ndtr(shift + z / (1 - acceleration * z)))
