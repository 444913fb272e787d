"""When did a series change its level, between which dates, and did it change at all?

One change, by profile likelihood: for every split the likelihood with a level before and one after.
The interval holds the splits whose likelihood is near enough to the best; "near enough" for a change
point is wider than for a smooth parameter, P(2 Δ log L > c) = 1 − (1 − exp(−c / 2))² (Bhattacharya and
Brockwell 1976; Yao 1987), 7.35 at 95 %. Whether there is a change is asked by permutation. Own code:
ruptures gives no interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from workbench.errors import CallError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ChangePoint:
    """A single change of level.

    Attributes
    ----------
    at : position of the first point after the change; None with too few points.
    low, high : the interval of `at`, both ends included.
    before, after : the levels (means or rates).
    p_value : chance of a split this good without a change, by permutation.
    log_ratio : 2 Δ log L of the best split against none.
    """

    at: int | None
    low: int | None
    high: int | None
    before: float | None
    after: float | None
    p_value: float | None
    log_ratio: float
    n: int
    confidence: float = 0.95
    note: str = ""


def cutoff(confidence: float = 0.95) -> float:
    """Return how far 2 Δ log L may fall below the best inside the interval."""
    return -2.0 * math.log(1.0 - math.sqrt(confidence))


def mean_shift(
    values: ArrayLike,
    *,
    seed: int,
    least: int = 3,
    permutations: int = 499,
    confidence: float = 0.95,
) -> ChangePoint:
    """Return where the mean of a series shifts, its variance being unknown and the same throughout.

    least : points that each side must have. Unknown points are skipped; positions stay those of the
        series. Neighbouring points must not depend on one another, else the p-value is too small.
    """
    x = np.asarray(values, float)
    return _search(x, np.ones(len(x)), "normal", least, seed, permutations, confidence)


def shift_size(
    values: ArrayLike, change: ChangePoint, confidence: float = 0.95
) -> tuple[float, float] | None:
    """Return the interval of after − before of a `mean_shift`, the date of which is itself in doubt.

    The union, over every split from `change.low` to `change.high`, of Student's interval with the variance that
    both sides share: the split that is most likely was chosen because it makes the change large, so that its own
    interval alone lies too high and is too narrow. Each of them errs half as often as the whole may, since the
    date may be wrong as well (Bonferroni). None without a change, or with fewer than three points.
    """
    x = np.asarray(values, float)
    known = np.flatnonzero(~np.isnan(x))
    if change.low is None or change.high is None or len(known) < 3:
        return None
    y, n = x[known], len(known)
    splits = np.flatnonzero((known >= change.low) & (known <= change.high))
    total, squares = np.cumsum(y), np.cumsum(y * y)
    before = total[splits - 1] / splits
    after = (total[-1] - total[splits - 1]) / (n - splits)
    within = squares[-1] - splits * before**2 - (n - splits) * after**2
    error = np.sqrt(np.maximum(within, 0.0) / (n - 2) * (1 / splits + 1 / (n - splits)))
    half = float(stdtrit(n - 2, 1 - (1 - confidence) / 4)) * error
    return float((after - before - half).min()), float((after - before + half).max())


def rate_shift(
    counts: ArrayLike,
    exposure: ArrayLike | None = None,
    *,
    seed: int,
    least: int = 3,
    permutations: int = 499,
    confidence: float = 0.95,
) -> ChangePoint:
    """Return where the rate of Poisson counts shifts; `exposure`: time or contacts behind each count."""
    x = np.asarray(counts, float)
    size = np.ones(len(x)) if exposure is None else np.asarray(exposure, float)
    if len(size) != len(x):
        raise CallError(f"{len(size)} exposures came for {len(x)} counts.")
    return _search(x, size, "Poisson", least, seed, permutations, confidence)


def _search(
    x: Floats,
    exposure: Floats,
    model: Literal["normal", "Poisson"],
    least: int,
    seed: int,
    permutations: int,
    confidence: float,
) -> ChangePoint:
    known = np.flatnonzero(~(np.isnan(x) | np.isnan(exposure)) & (exposure > 0))
    y, size = x[known], exposure[known]
    n = len(y)
    if n < 2 * least:
        note = f"{n} points; a change needs {2 * least}"
        return ChangePoint(None, None, None, None, None, None, 0.0, n, confidence, note)
    if np.all(y / size == (y / size)[0]):
        return ChangePoint(None, None, None, None, None, 1.0, 0.0, n, confidence, "all points are equal")
    gain = _gains(y, size, model)[least - 1 : n - least]
    best = int(gain.argmax())
    split = best + least
    near = np.flatnonzero(gain >= gain[best] - cutoff(confidence)) + least
    if model == "normal":
        others = y[_orders(n, permutations, seed)]
    else:  # counts spread anew over the exposure: the law without a change
        rng = np.random.default_rng(seed)
        others = rng.multinomial(int(y.sum()), size / size.sum(), permutations).astype(float)
    by_chance = _gains(others, size, model)[:, least - 1 : n - least].max(axis=1)
    as_good = int((by_chance >= gain[best] - 1e-12).sum())
    return ChangePoint(
        at=int(known[split]),
        low=int(known[near[0]]),
        high=int(known[near[-1]]),
        before=float(y[:split].sum() / size[:split].sum()),
        after=float(y[split:].sum() / size[split:].sum()),
        p_value=(as_good + 1) / (permutations + 1),
        log_ratio=float(gain[best]),
        n=n,
        confidence=confidence,
    )


@lru_cache(maxsize=16)
def _orders(n: int, permutations: int, seed: int) -> NDArray[np.int64]:
    """Return so many random orders of n points, one a row; the orders do not depend on the points."""
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(n) for _ in range(permutations)]
    orders = np.array(drawn, np.int64).reshape(permutations, n)
    orders.flags.writeable = False
    return orders


def _gains(y: Floats, size: Floats, model: str) -> Floats:
    """Return 2 Δ log L of a split after each point but the last, against no split; `y` is a series or one a row."""
    left, left_size = np.cumsum(y, axis=-1)[..., :-1], np.cumsum(size)[:-1]
    whole = y.sum(axis=-1, keepdims=True)
    right, right_size = whole - left, size.sum() - left_size
    if model == "Poisson":
        return np.asarray(2 * (_xlog(left, left_size) + _xlog(right, right_size) - _xlog(whole, size.sum())))
    total = ((y - y.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1, keepdims=True)
    between = left**2 / left_size + right**2 / right_size - whole**2 / y.shape[-1]
    within = np.maximum(total - between, 1e-12 * total)
    return np.asarray(y.shape[-1] * np.log(total / within))


def _xlog(count: ArrayLike, size: ArrayLike) -> Floats:
    count, size = np.asarray(count, float), np.asarray(size, float)
    return np.where(count > 0, count * np.log(np.maximum(count, 1e-300) / size), 0.0)
