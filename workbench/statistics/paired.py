"""Do two sides that answered the same question, or two groups, differ by more than chance?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workbench.statistics.bootstrap import mean_interval
from workbench.statistics.estimate import Estimate


@dataclass(frozen=True)
class Gap:
    """The mean difference of pairs, first less second.

    Attributes
    ----------
    mean : with its bootstrap interval over pairs.
    wilcoxon_p : of no difference, by signed ranks; None where no pair differs.
    """

    mean: Estimate
    wilcoxon_p: float | None


def paired_gap(first: ArrayLike, second: ArrayLike, *, seed: int, confidence: float = 0.95) -> Gap:
    """Return by how much the first side answers higher, pair by pair; incomplete pairs are left out."""
    from scipy.stats import wilcoxon

    gap = np.asarray(first, float) - np.asarray(second, float)
    gap = gap[~np.isnan(gap)]
    mean = mean_interval(gap, seed=seed, confidence=confidence)
    p = float(wilcoxon(gap, zero_method="pratt").pvalue) if np.any(gap != 0) else None
    return Gap(mean, p)


def permutation_p(first: ArrayLike, second: ArrayLike, *, seed: int, resamples: int = 4999) -> float | None:
    """Return the two-sided p-value of equal means of two groups, by shuffling who is in which.

    Exact where there are no more ways to shuffle than `resamples`. None where a group is empty.
    """
    from scipy.stats import permutation_test

    a, b = (np.asarray(x, float) for x in (first, second))
    a, b = a[~np.isnan(a)], b[~np.isnan(b)]
    if not len(a) or not len(b) or len(a) + len(b) < 3:
        return None
    result = permutation_test(
        (a, b), lambda x, y, axis: x.mean(axis=axis) - y.mean(axis=axis), vectorized=True,
        n_resamples=resamples, rng=np.random.default_rng(seed),
    )  # fmt: skip
    return float(result.pvalue)


def paired_permutation_p(
    first: ArrayLike, second: ArrayLike, *, seed: int, resamples: int = 4999
) -> float | None:
    """Return the two-sided p-value of no mean difference of pairs, by swapping sides at random.

    Exact for up to twelve pairs. None without a complete pair.
    """
    gap = np.asarray(first, float) - np.asarray(second, float)
    gap = gap[~np.isnan(gap)]
    n = len(gap)
    if n == 0:
        return None
    seen = abs(gap.sum())
    if n <= 12:
        signs = 1 - 2 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)
        return float((np.abs(signs @ gap) >= seen - 1e-12).mean())
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (resamples, n))
    return float((1 + (np.abs(signs @ gap) >= seen - 1e-12).sum()) / (resamples + 1))
