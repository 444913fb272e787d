"""How sure is a sum, or a difference, of estimates that each have an interval of their own?

The method of variance estimates recovery (MOVER): Zou and Donner, Statistics in Medicine 27 (2008)
1693-1702, for linear functions Zou, Huang and Zhang, Biometrical Journal 51 (2009) 235-246. It takes the
distance from each estimate to the end of its interval as its spread on that side, so that intervals
may be lopsided and nothing else of the estimates need be known. They have to be independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from workbench.errors import CallError


@dataclass(frozen=True)
class Combined:
    """A linear function of estimates, its 95 % interval, and the p-value of its being 0."""

    value: float
    low: float
    high: float
    p_value: float

    @property
    def beyond_chance(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def linear(coefficients: ArrayLike, values: ArrayLike, lows: ArrayLike, highs: ArrayLike) -> Combined:
    """Return the sum of coefficient × value with its interval.

    lows, highs : ends of the 95 % interval of each value; where both are the value, it is exact.

    Raises
    ------
    CallError
        if an interval does not hold its value.
    """
    c, x, low, high = (np.asarray(a, float) for a in (coefficients, values, lows, highs))
    if np.any(low > x + 1e-9) or np.any(high < x - 1e-9):
        raise CallError("An interval does not hold its own value.")
    value = float(c @ x)
    below = float(np.sqrt(((c * x - np.minimum(c * low, c * high)) ** 2).sum()))
    above = float(np.sqrt(((np.maximum(c * low, c * high) - c * x) ** 2).sum()))
    spread = (below if value > 0 else above) / float(norm.ppf(0.975))
    exact = spread < 1e-12
    p_value = float(abs(value) < 1e-12) if exact else float(2 * norm.sf(abs(value) / spread))
    return Combined(value, value - below, value + above, p_value)
