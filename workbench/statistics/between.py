"""How far do groups differ from one another, beyond what chance makes of small groups?

Each group has a value (a share, a rate) and the variance that chance alone gives it. The spread between the
groups is the standard deviation of their true values: the variance of what was seen, less the mean variance of
chance (Hedges 1983). All groups are there, none was sampled; so what is uncertain is only what chance adds, and the
sum of squares over that variance is noncentral chi-squared. Its interval is inverted for the spread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtr, chndtrinc

from workbench.statistics.estimate import Estimate

METHOD = "variance between groups less that of chance (Hedges 1983), noncentral chi-squared interval"


def spread_between(values: ArrayLike, variances: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """Return the standard deviation between groups, chance removed, with its interval.

    Parameters
    ----------
    values : array of shape (n_groups,), what each group shows.
    variances : array of shape (n_groups,), what chance alone gives each value. Exact where they are equal; else
        their mean is taken for all.

    Where chance has no variance the spread is known exactly. None with fewer than two groups.
    """
    x, chance = np.asarray(values, float), np.asarray(variances, float)
    k = len(x)
    if k < 2:
        return Estimate(None, None, None, k, METHOD, confidence, "needs two groups")
    seen, noise = float(x.var(ddof=1)), float(chance.mean())
    spread = max(seen - noise, 0.0) ** 0.5
    if noise <= 0:
        return Estimate(spread, spread, spread, k, METHOD, confidence)
    squares, tail = (k - 1) * seen / noise, (1 - confidence) / 2
    low, high = (
        float(noise * chndtrinc(squares, k - 1, at) / (k - 1)) ** 0.5 if chdtr(k - 1, squares) > at else 0.0
        for at in (1 - tail, tail)
    )
    return Estimate(spread, min(low, spread), max(high, spread), k, METHOD, confidence)
