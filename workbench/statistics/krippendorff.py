"""Do raters agree, on any scale and with ratings missing: Krippendorff's alpha?

alpha = 1 − D_observed / D_expected over coincidences of ratings of the same item (Krippendorff 2011,
"Computing Krippendorff's Alpha-Reliability"). Own code: the package of that name is copyleft.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import UnknownName
from workbench.statistics.bootstrap import bootstrap
from workbench.statistics.estimate import Estimate

Floats = NDArray[np.float64]
Scale = Literal["nominal", "ordinal", "interval", "ratio"]


def krippendorff_alpha(
    ratings: ArrayLike,
    *,
    scale: Scale = "nominal",
    seed: int = 0,
    resamples: int = 500,
    confidence: float = 0.95,
) -> Estimate:
    """Return alpha with a bootstrap interval over items.

    ratings : array of shape (items, raters), NaN where a rater did not rate; items rated once carry
        no information. n counts the items rated twice or more.
    """
    if scale not in get_args(Scale):
        raise UnknownName("scale", scale, get_args(Scale))
    x = np.asarray(ratings, float)
    x = x.reshape(len(x), -1)
    levels = np.unique(x[~np.isnan(x)])
    counts = (x[:, :, None] == levels).sum(axis=1).astype(float)
    counts = counts[counts.sum(axis=1) > 1]
    name = f"Krippendorff's alpha, {scale}"
    if len(counts) == 0 or (counts.sum(axis=0) > 0).sum() < 2:
        note = "no item was rated twice" if len(counts) == 0 else "all ratings are equal"
        return Estimate(None, None, None, len(counts), name, confidence, note)

    def statistic(items: NDArray[np.int64]) -> float:
        return float(together(items[None, :])[0])

    def together(items: NDArray[np.int64]) -> Floats:
        return _alphas(counts[items], levels, scale)

    out = bootstrap(
        statistic, len(counts), seed=seed, resamples=resamples, method="percentile", confidence=confidence,
        together=together,
    )  # fmt: skip
    return replace(out, method=name)


def _alphas(counts: Floats, levels: Floats, scale: Scale) -> Floats:
    """Return alpha of each of several sets of items; counts: array of shape (sets, items, levels)."""
    weighed = counts / (counts.sum(axis=2) - 1)[:, :, None]
    # pairs of ratings within an item, each item weighing as many ratings as it has
    pairs = weighed.swapaxes(1, 2) @ counts
    each = np.arange(len(levels))
    pairs[:, each, each] -= weighed.sum(axis=1)
    margin = pairs.sum(axis=1)
    total = margin.sum(axis=1)
    distance = _distance(levels, margin, scale)
    by_chance = _over_pairs(margin[:, :, None] * margin[:, None, :] * distance) / (total - 1)
    expected = np.where(by_chance > 0, by_chance, np.nan)
    return np.asarray(1.0 - _over_pairs(pairs * distance) / expected)


def _over_pairs(values: Floats) -> Floats:
    return np.asarray(values.reshape(len(values), -1).sum(axis=1))


def _distance(levels: Floats, margin: Floats, scale: Scale) -> Floats:
    """Return squared differences between levels; on an ordinal scale by the ratings between them, set by set."""
    a, b = levels[:, None], levels[None, :]
    if scale == "nominal":
        return np.where(a != b, 1.0, 0.0)
    if scale == "interval":
        return np.asarray((a - b) ** 2)
    if scale == "ratio":
        total = a + b
        gap = np.where(total != 0, (a - b) / np.where(total != 0, total, 1.0), 0.0)
        return np.asarray(gap**2)
    rank = np.cumsum(margin, axis=1) - margin / 2
    return np.asarray((rank[:, :, None] - rank[:, None, :]) ** 2)
