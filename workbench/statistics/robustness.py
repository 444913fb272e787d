"""Would the ranking, or the band, change under other weights that are just as defensible?

Weights are drawn from a Dirichlet distribution around the declared ones (Lahdelma and Salminen 2001,
stochastic multicriteria acceptability): which rank each alternative takes how often, how often it is
best, and how the drawn rankings agree with the declared one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import kendalltau, rankdata

from workbench.errors import CallError

Floats = NDArray[np.float64]

PAIRWISE = 60
"""Up to so many alternatives every pair is compared at once."""


@dataclass(frozen=True)
class RankRobustness:
    """How firm a ranking is; rows are alternatives, in the order they came.

    Attributes
    ----------
    declared : rank under the declared weights, 1 is best; equals share the better rank.
    acceptability : shape (alternatives, ranks): share of draws in which each takes each rank.
    p_best : share of draws in which it is best; equals share it.
    kendall_tau : mean agreement of drawn rankings with the declared one; 1: weights do not matter.
    low, high : 95 % range of each alternative's score over draws.
    """

    declared: NDArray[np.int64]
    acceptability: Floats
    p_best: Floats
    kendall_tau: float
    low: Floats
    high: Floats


def dirichlet_weights(weights: ArrayLike, *, draws: int, seed: int, concentration: float = 20.0) -> Floats:
    """Return weights of shape (draws, criteria) that add up to 1, scattered around the declared ones.

    concentration : how firmly the declared weights are held; 20 makes a weight of 0.25 vary by about
        ± 0.09 (its standard deviation); as many as there are criteria, all equal, is "anything goes".
    """
    w = np.asarray(weights, float)
    if np.any(w < 0) or not w.sum() > 0:
        raise CallError("Weights must be 0 or more, and not all 0.")
    alpha = concentration * w / w.sum()
    out = np.zeros((draws, len(w)))
    some = alpha > 0
    out[:, some] = np.random.default_rng(seed).dirichlet(alpha[some], draws)
    return out


def rank_robustness(
    scores: ArrayLike,
    weights: ArrayLike,
    *,
    seed: int,
    draws: int = 2000,
    concentration: float = 20.0,
) -> RankRobustness:
    """Return how a ranking by weighted mean holds when weights vary.

    scores : array of shape (alternatives, criteria), higher is better; without gaps.
    """
    x = np.asarray(scores, float)
    if x.ndim != 2 or np.isnan(x).any() or x.shape[1] != len(np.atleast_1d(weights)):
        raise CallError(f"Scores of shape {x.shape} came. Accepted: alternatives × criteria without gaps.")
    w = np.asarray(weights, float)
    drawn = dirichlet_weights(w, draws=draws, seed=seed, concentration=concentration)
    return firmness_of(x @ (w / w.sum()), drawn @ x.T)


def firmness_of(base: ArrayLike, drawn: ArrayLike) -> RankRobustness:
    """Return how the ranking by `base` holds over `drawn` values of the same alternatives.

    base : array of shape (alternatives,), higher is better.
    drawn : array of shape (draws, alternatives).
    """
    base, totals = np.asarray(base, float), np.asarray(drawn, float)
    ranks = _ranks(totals)
    acceptability = np.zeros((len(base), len(base)))
    for alternative, taken in enumerate(ranks.T):
        acceptability[alternative] = np.bincount(taken - 1, minlength=len(base)) / len(totals)
    best = ranks == 1
    p_best = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    low, high = np.quantile(totals, [0.025, 0.975], axis=0)
    return RankRobustness(_ranks(base[None, :])[0], acceptability, p_best, _mean_tau(base, totals), low, high)


def band_stability(
    scores: ArrayLike,
    weights: ArrayLike,
    limits: Sequence[float],
    *,
    seed: int,
    draws: int = 2000,
    concentration: float = 20.0,
) -> Floats:
    """Return for one alternative's criteria scores the share of draws in each band between `limits`."""
    x = np.asarray(scores, float)
    drawn = dirichlet_weights(weights, draws=draws, seed=seed, concentration=concentration)
    band = np.searchsorted(np.asarray(limits, float), drawn @ x, side="right")
    return np.bincount(band, minlength=len(limits) + 1) / draws


def _ranks(totals: Floats) -> NDArray[np.int64]:
    rounded = np.round(totals, 12)  # equal scores must not be told apart by the order of summing
    return np.asarray(rankdata(-rounded, method="min", axis=1), np.int64)


def _mean_tau(base: Floats, totals: Floats) -> float:
    if len(base) > PAIRWISE:  # of a thousand there are half a million pairs: sorting is faster
        taus = [kendalltau(np.round(base, 12), row).statistic for row in np.round(totals, 12)]
        return float(np.mean(np.nan_to_num(taus, nan=1.0)))
    first, second = np.triu_indices(len(base), 1)
    if not len(first):
        return 1.0
    declared = np.sign(np.round(base[first] - base[second], 12))
    drawn = np.sign(np.round(totals[:, first] - totals[:, second], 12))
    both = np.sqrt((declared**2).sum() * (drawn**2).sum(axis=1))
    tau = np.where(both > 0, (declared * drawn).sum(axis=1) / np.maximum(both, 1e-300), 1.0)
    return float(tau.mean())
