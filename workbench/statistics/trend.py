"""Does a series rise or fall, by how much a period, and would a few odd points change the answer?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from workbench.statistics.estimate import Estimate


def slope(values: ArrayLike, at: ArrayLike | None = None, confidence: float = 0.95) -> Estimate:
    """Return the least-squares slope with Student's interval, from SciPy; errors independent.

    at : positions of the points; None: 0, 1, 2, … Unknown points are left out.
    """
    from scipy.stats import linregress

    x, y = _known(values, at)
    name = "least-squares slope"
    if len(x) < 3 or np.ptp(x) == 0:
        return Estimate(None, None, None, len(x), name, confidence, "a slope needs three points")
    fit = linregress(x, y)
    half = float(stdtrit(len(x) - 2, 0.5 + confidence / 2) * fit.stderr)
    return Estimate(
        float(fit.slope), float(fit.slope) - half, float(fit.slope) + half, len(x), name, confidence
    )


def theil_sen(values: ArrayLike, at: ArrayLike | None = None, confidence: float = 0.95) -> Estimate:
    """Return the median of all pairwise slopes (Theil 1950, Sen 1968): an outlier does not move it."""
    from scipy.stats import theilslopes

    x, y = _known(values, at)
    name = "Theil–Sen slope"
    if len(x) < 3 or np.ptp(x) == 0:
        return Estimate(None, None, None, len(x), name, confidence, "a slope needs three points")
    fit = theilslopes(y, x, alpha=confidence)
    return Estimate(float(fit.slope), float(fit.low_slope), float(fit.high_slope), len(x), name, confidence)


def monotone_p(values: ArrayLike, at: ArrayLike | None = None) -> float | None:
    """Return the p-value of no monotone trend (Mann and Kendall); None with under four points."""
    from scipy.stats import kendalltau

    x, y = _known(values, at)
    if len(x) < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return float(kendalltau(x, y).pvalue)


def _known(values: ArrayLike, at: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    y = np.asarray(values, float)
    x = np.arange(len(y), dtype=float) if at is None else np.asarray(at, float)
    known = ~(np.isnan(x) | np.isnan(y))
    return x[known], y[known]
