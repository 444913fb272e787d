"""How much of the spread of scores is between items, not between raters or noise?

Intraclass correlations of Shrout and Fleiss (1979) from a two-way table without gaps, with the exact
F intervals and Satterthwaite's for ICC(2, ·), as in McGraw and Wong (1996). For calibration the
agreement form is meant, ICC(2,1): a rater who is always ten points lower costs something in it.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import fdtri

from workbench.errors import UnknownName
from workbench.statistics.estimate import Estimate

Form = Literal["ICC(2,1)", "ICC(3,1)", "ICC(2,k)"]


def icc(ratings: ArrayLike, form: Form = "ICC(2,1)", confidence: float = 0.95) -> Estimate:
    """Return an intraclass correlation of items × raters; items with a gap are left out and said so.

    form : ICC(2,1), absolute agreement of one rater; ICC(3,1), consistency of one of these raters;
        ICC(2,k), absolute agreement of the mean of as many raters as there are columns.
    """
    if form not in get_args(Form):
        raise UnknownName("intraclass correlation", form, get_args(Form))
    x = np.asarray(ratings, float)
    x = x.reshape(len(x), -1)
    whole = ~np.isnan(x).any(axis=1)
    gaps = int((~whole).sum())
    note = f"{gaps} items with a gap left out" if gaps else ""
    x = x[whole]
    n, k = x.shape
    if n < 2 or k < 2:
        return Estimate(None, None, None, n, form, confidence, "it needs two items and two raters")
    centre = x.mean()
    items = k * ((x.mean(axis=1) - centre) ** 2).sum() / (n - 1)
    raters = n * ((x.mean(axis=0) - centre) ** 2).sum() / (k - 1)
    rest = x - x.mean(axis=1, keepdims=True) - x.mean(axis=0, keepdims=True) + centre
    error = (rest**2).sum() / ((n - 1) * (k - 1))
    if items <= 1e-15 * max(centre**2, 1.0):
        return Estimate(None, None, None, n, form, confidence, "the items do not differ")
    if form == "ICC(3,1)":
        value = (items - error) / (items + (k - 1) * error)
        low, high = _consistency(items, error, n, k, confidence)
        return Estimate(float(value), low, high, n, form, confidence, note)
    one = (items - error) / (items + (k - 1) * error + k * (raters - error) / n)
    low, high = _agreement(items, raters, error, float(one), n, k, confidence)
    if form == "ICC(2,1)":
        return Estimate(float(one), low, high, n, form, confidence, note)
    mean = (items - error) / (items + (raters - error) / n)
    low, high = (k * b / (1 + (k - 1) * b) for b in (low, high))
    return Estimate(float(mean), low, high, n, form, confidence, note)


def _consistency(items: float, error: float, n: int, k: int, confidence: float) -> tuple[float, float]:
    if error <= 0:
        return 1.0, 1.0
    ratio, tail = items / error, 0.5 + confidence / 2
    low = ratio / fdtri(n - 1, (n - 1) * (k - 1), tail)
    high = ratio * fdtri((n - 1) * (k - 1), n - 1, tail)
    return float((low - 1) / (low + k - 1)), float((high - 1) / (high + k - 1))


def _agreement(
    items: float, raters: float, error: float, value: float, n: int, k: int, confidence: float
) -> tuple[float, float]:
    if error <= 0 and raters <= 0:
        return 1.0, 1.0
    tail = 0.5 + confidence / 2
    gap = max(1 - value, 1e-15)
    a, b = k * value / (n * gap), 1 + k * value * (n - 1) / (n * gap)
    df = (a * raters + b * error) ** 2 / (
        (a * raters) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    )
    above, below = fdtri(n - 1, df, tail), fdtri(df, n - 1, tail)
    mix = k * raters + (k * n - k - n) * error
    low = n * (items - above * error) / (above * mix + n * items)
    high = n * (below * items - error) / (mix + n * below * items)
    return float(low), float(high)
