"""Do raters agree beyond chance, and does the coefficient say so or only the prevalence?

Ratings are an array of items × raters, NaN where a rater did not rate. The coefficients differ in
what they call chance; where 95 % of evaluations pass, kappa is low though everybody agrees. So raw
agreement and Gwet's coefficient stand beside it, and `prevalence_note` says it in words.

Own code: Gwet (2008, 2014), short, with no kept permissive library; the rest is statsmodels'.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from workbench.statistics.bootstrap import bootstrap
from workbench.statistics.estimate import Estimate

Floats = NDArray[np.float64]
Weights = Literal["identity", "linear", "quadratic"]

MARKERS = ((0.80, "firm"), (2 / 3, "tentative"), (-1.0, "not reliable"))
"""Krippendorff (2004, p. 241): conclusions at 0.80, tentative ones from 0.667."""


def raw_agreement(ratings: ArrayLike) -> float | None:
    """Return the share of pairs of ratings of the same item that are equal."""
    counts = _counts(_array(ratings))[0]
    n = counts.sum(axis=1)
    pairs = (n * (n - 1)).sum()
    return float((counts * (counts - 1)).sum() / pairs) if pairs else None


def weighted_kappa(
    first: ArrayLike, second: ArrayLike, *, weights: Weights = "identity", confidence: float = 0.95
) -> Estimate:
    """Return Cohen's kappa of two raters (1960, weighted 1968) with its large-sample interval.

    Quadratic weights come close to an intraclass correlation; linear ones count steps.
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    a, b = np.asarray(first, float), np.asarray(second, float)
    both = ~(np.isnan(a) | np.isnan(b))
    name = "Cohen's kappa" if weights == "identity" else f"Cohen's kappa, {weights} weights"
    levels = np.unique(np.concatenate([a[both], b[both]]))
    if len(levels) < 2:
        return Estimate(None, None, None, int(both.sum()), name, confidence, "all ratings are equal")
    table = np.zeros((len(levels), len(levels)))
    np.add.at(table, (np.searchsorted(levels, a[both]), np.searchsorted(levels, b[both])), 1)
    with np.errstate(divide="ignore", invalid="ignore"):  # its test of no agreement, not used here
        result = cohens_kappa(
            table, weights=None if weights == "identity" else _weights(levels, weights, loss=True)
        )
    kappa = float(result.kappa)
    half = float(ndtri(0.5 + confidence / 2)) * math.sqrt(max(float(result.var_kappa), 0.0))
    return Estimate(kappa, kappa - half, min(kappa + half, 1.0), int(both.sum()), name, confidence)


def fleiss_kappa(
    ratings: ArrayLike, *, seed: int = 0, resamples: int = 500, confidence: float = 0.95
) -> Estimate:
    """Return Fleiss' kappa (1971) over items that all raters rated, with a bootstrap over items."""
    from statsmodels.stats.inter_rater import fleiss_kappa as fleiss

    x = _array(ratings)
    x = x[~np.isnan(x).any(axis=1)]
    counts, levels = _counts(x)
    if len(levels) < 2 or x.shape[1] < 2:
        note = "all ratings are equal" if len(levels) == 1 else "no item was rated by all"
        return Estimate(None, None, None, len(x), "Fleiss' kappa", confidence, note)

    def statistic(items: NDArray[np.int64]) -> float:
        chosen = counts[items]
        return float(fleiss(chosen)) if (chosen.sum(axis=0) > 0).sum() > 1 else np.nan

    raters = x.shape[1]
    agreed = ((counts * counts).sum(axis=1) - raters) / (raters * (raters - 1.0))

    def together(items: NDArray[np.int64]) -> Floats:
        used = counts[items].sum(axis=1)
        share = used / (items.shape[1] * raters)
        chance = (share * share).sum(axis=1)
        chance = np.where((used > 0).sum(axis=1) > 1, chance, np.nan)
        return np.asarray((agreed[items].mean(axis=1) - chance) / (1 - chance))

    out = bootstrap(
        statistic, len(x), seed=seed, resamples=resamples, method="percentile", confidence=confidence,
        together=together,
    )  # fmt: skip
    return replace(out, method="Fleiss' kappa")


def fleiss_kappa_partial(
    ratings: ArrayLike, *, seed: int = 0, resamples: int = 500, confidence: float = 0.95
) -> Estimate:
    """Return Fleiss' kappa over items that at least two raters rated, whoever is missing.

    Chance is taken from every item's own shares, each item counting the same (Gwet 2014, 2.3); where all
    raters rated everything this is Fleiss' (1971). The interval is a bootstrap over items.
    """
    counts, levels = _counts(_array(ratings))
    counts = counts[counts.sum(axis=1) > 0]
    n = counts.sum(axis=1)
    several = n > 1
    if len(levels) < 2 or not several.any():
        note = "all ratings are equal" if len(levels) == 1 else "no item was rated twice"
        return Estimate(None, None, None, int(several.sum()), "Fleiss' kappa", confidence, note)
    share = counts / n[:, None]
    agreed = np.full(len(n), np.nan)
    agreed[several] = (counts * (counts - 1))[several].sum(axis=1) / (n * (n - 1))[several]

    def kappas(items: NDArray[np.int64]) -> Floats:
        known = several[items]
        rated_twice = known.sum(axis=-1)
        chance = (share[items].mean(axis=-2) ** 2).sum(axis=-1)
        observed = np.where(known, agreed[items], 0.0).sum(axis=-1) / np.maximum(rated_twice, 1)
        unknown = (rated_twice == 0) | (chance >= 1 - 1e-12)
        return np.asarray(np.where(unknown, np.nan, (observed - chance) / np.where(unknown, 1.0, 1 - chance)))

    out = bootstrap(
        lambda items: float(kappas(items)), len(n), seed=seed, resamples=resamples, method="percentile",
        confidence=confidence, together=kappas,
    )  # fmt: skip
    return replace(out, n=int(several.sum()), method="Fleiss' kappa")


def gwet(ratings: ArrayLike, *, weights: Weights = "identity", confidence: float = 0.95) -> Estimate:
    """Return Gwet's AC1 (identity weights) or AC2 (others), missing ratings allowed.

    The interval is Gwet's (2014, 5.3.3): variance of the items' contributions, Student over items.
    """
    x = _array(ratings)
    name = "Gwet's AC1" if weights == "identity" else f"Gwet's AC2, {weights} weights"
    counts, levels = _counts(x)
    counts = counts[counts.sum(axis=1) > 0]
    n, q = counts.sum(axis=1), len(levels)
    several = n > 1
    if q < 2 or not several.any():
        note = "all ratings are equal" if q == 1 else "no item was rated twice"
        return Estimate(None, None, None, int(several.sum()), name, confidence, note)
    w = _weights(levels, weights)
    share = counts / n[:, None]
    prevalence = share.mean(axis=0)
    chance = float(w.sum() / (q * (q - 1)) * (prevalence * (1 - prevalence)).sum())
    weighted = counts @ w.T
    agree = np.zeros(len(n))
    agree[several] = (counts * (weighted - 1))[several].sum(axis=1) / (n * (n - 1))[several]
    observed = float(agree[several].mean())
    value = (observed - chance) / (1 - chance)
    # contribution of each item: its own agreement, and what it does to the chance agreement
    items = len(n)
    own = np.where(several, items / several.sum() * (agree - chance) / (1 - chance), 0.0)
    item_chance = w.sum() / (q * (q - 1)) * (share * (1 - prevalence)).sum(axis=1)
    contribution = own - 2 * (1 - value) * (item_chance - chance) / (1 - chance)
    spread = np.sqrt(((contribution - value) ** 2).sum() / items / max(items - 1, 1))
    half = float(stdtrit(max(items - 1, 1), 0.5 + confidence / 2) * spread)
    return Estimate(value, value - half, min(value + half, 1.0), items, name, confidence)


def prevalence_note(ratings: ArrayLike) -> str:
    """Say when kappa is low because nearly all ratings are alike; empty when that is not so.

    After Feinstein and Cicchetti (1990).
    """
    x = _array(ratings)
    raw, kappa, ac1 = raw_agreement(x), _pooled_kappa(x), gwet(x).value
    counts, levels = _counts(x)
    if raw is None or not len(levels):
        return ""
    common = counts.sum(axis=0) / counts.sum()
    most = float(common.max())
    if len(levels) == 1:
        return f"Every rating is {levels[0]:g}: agreement beyond chance cannot be judged."
    if kappa is None or ac1 is None or not (most >= 0.8 and raw >= 0.8 and ac1 - kappa > 0.2):
        return ""
    return (
        f"Raters agree in {raw:.0%} of pairs, but {most:.0%} of ratings are {levels[common.argmax()]:g}: "
        f"kappa ({kappa:.2f}) is low because of that prevalence; Gwet's AC1 is {ac1:.2f}."
    )


def marker(value: float | None) -> str:
    """Return "firm", "tentative" or "not reliable" for a coefficient; "unknown" for None."""
    if value is None:
        return "unknown"
    return next(word for least, word in MARKERS if value >= least)


def _array(ratings: ArrayLike) -> Floats:
    x = np.asarray(ratings, float)
    return x.reshape(len(x), -1)


def _counts(x: Floats) -> tuple[Floats, Floats]:
    """Return how many raters gave each item (row) each level (column), and the levels."""
    levels = np.unique(x[~np.isnan(x)])
    counts = (x[:, :, None] == levels).sum(axis=1).astype(float)
    return counts, levels


def _weights(levels: Floats, weights: Weights, loss: bool = False) -> Floats:
    """Return weights of agreement (1 on the diagonal), or of loss (0 there), by the levels' values."""
    gap = np.abs(levels[:, None] - levels[None, :])
    span = gap.max()
    if weights == "identity":
        lost = (gap > 0).astype(float)
    else:
        lost = gap / span if weights == "linear" else (gap / span) ** 2
    return lost if loss else 1.0 - lost


def _pooled_kappa(ratings: Floats) -> float | None:
    """Return Fleiss' kappa with missing ratings allowed: chance from the pooled shares."""
    counts, levels = _counts(ratings)
    counts = counts[counts.sum(axis=1) > 1]
    if len(levels) < 2 or not len(counts):
        return None
    chance = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    n = counts.sum(axis=1)
    observed = float(((counts * (counts - 1)).sum(axis=1) / (n * (n - 1))).mean())
    return (observed - chance) / (1 - chance) if chance < 1 else None
