"""How is a figure filled in, and how sure is it? From a blank Measure to one with value and interval.

A blank Measure says metric, unit, formula, parameters and scope; what is here adds value, n and
interval, or the reason why there is none.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from workbench.metrics.measure import Measure
from workbench.metrics.proportion import wilson
from workbench.student import student


def unknown(blank: Measure, reason: str, n: int = 0) -> Measure:
    """Return the figure as unknown, and why."""
    return replace(blank, value=None, n=n, reason=reason)


def known(
    blank: Measure, value: float, n: float, low: float | None = None, high: float | None = None
) -> Measure:
    """Return the figure with its value; without an interval where it is not an estimate."""
    return replace(blank, value=float(value), n=round(n), low=low, high=high)


def share(blank: Measure, hits: float, n: float, nothing: str = "nothing to count") -> Measure:
    """Return hits / n with Wilson's interval; unknown because of `nothing` where n is 0."""
    if n <= 0:
        return unknown(blank, nothing)
    return known(blank, hits / n, n, *wilson(hits, n, blank.confidence))


def mean(
    blank: Measure,
    values: ArrayLike,
    nothing: str = "nothing to count",
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> Measure:
    """Return the mean of the known values with Student's interval, kept inside `bounds`."""
    x = np.asarray(values, float)
    x = x[~np.isnan(x)]
    if not len(x):
        return unknown(blank, nothing)
    if len(x) == 1:
        return known(blank, x[0], 1)
    half = student(len(x) - 1, blank.confidence) * x.std(ddof=1) / math.sqrt(len(x))
    centre = float(x.mean())
    return known(blank, centre, len(x), max(centre - half, bounds[0]), min(centre + half, bounds[1]))


def ratio(
    blank: Measure,
    numerators: ArrayLike,
    denominators: ArrayLike,
    n: float | None = None,
    nothing: str = "the denominator is 0",
) -> Measure:
    """Return the sum of numerators over that of denominators, units being what was sampled.

    The interval is that of the ratio estimator (Cochran 1977, 6.4): residuals about the ratio,
    Student over units. `n` is what the Measure reports; None: the number of units.
    """
    a, b = np.asarray(numerators, float), np.asarray(denominators, float)
    use = ~(np.isnan(a) | np.isnan(b))
    a, b = a[use], b[use]
    total = b.sum()
    if total <= 0:
        return unknown(blank, nothing)
    value, units = float(a.sum() / total), len(a)
    size = units if n is None else n
    if units < 2:
        return known(blank, value, size)
    spread = math.sqrt(((a - value * b) ** 2).sum() / (units - 1) * units) / total
    half = student(units - 1, blank.confidence) * spread
    return known(blank, value, size, value - half, value + half)


def clipped(measure: Measure, low: float = 0.0, high: float = 1.0) -> Measure:
    """Return the figure with its interval kept between what is possible."""
    if measure.low is None or measure.high is None:
        return measure
    return replace(measure, low=max(measure.low, low), high=min(measure.high, high))
