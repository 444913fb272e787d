"""Were these numbers measured, or written down as round ones?

Times that a clock took end in every digit alike; times that a person remembers end in 0 and 5. Scores that
were measured lie on both sides of a limit; scores that were wished lie just above it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from workbench.errors import CallError


@dataclass(frozen=True)
class DigitPreference:
    """How last digits are spread.

    Attributes
    ----------
    shares : of the digits 0 to 9.
    round_share : of multiples of `round_to`.
    expected_round : that share if all last digits were alike.
    excess : share of values that must have been rounded to explain it, 0 to 1 (Whipple's idea).
    p_value : of digits all alike (chi-squared); None with fewer than 50 values.
    """

    shares: tuple[float, ...]
    round_share: float | None
    expected_round: float
    excess: float | None
    p_value: float | None
    n: int


def digit_preference(values: ArrayLike, *, round_to: int = 5) -> DigitPreference:
    """Return the spread of last digits of whole numbers (minutes, seconds, points).

    Unknown values and fractions are left out. The range should span several tens: numbers that all
    lie between 0 and 9 have a last digit for other reasons.
    """
    if round_to not in (2, 5, 10):
        raise CallError(f"round_to: {round_to} came. Accepted: 2, 5 or 10.")
    x = np.asarray(values, float)
    x = np.abs(x[~np.isnan(x)])
    x = x[x == np.floor(x)].astype(np.int64)
    n, expected = len(x), 1 / round_to
    counts = np.bincount(x % 10, minlength=10)
    if n == 0:
        return DigitPreference((0.0,) * 10, None, expected, None, None, 0)
    share = float((x % round_to == 0).mean())
    excess = max((share - expected) / (1 - expected), 0.0)
    chi2 = float(((counts - n / 10) ** 2 / (n / 10)).sum())
    p_value = float(chdtrc(9, chi2)) if n >= 50 else None
    return DigitPreference(tuple(float(c) / n for c in counts), share, expected, excess, p_value, n)


@dataclass(frozen=True)
class Heaping:
    """How values lie around a limit that somebody has to reach.

    Attributes
    ----------
    jump : how many times more values lie just above the limit than a smooth spread would put there against
        those just below; 1 is none. None with fewer than five values in one of the four windows.
    low, high : its 95 % interval.
    counts : values in the two windows below the limit and the two above it, from left to right.
    at_most : share of all values that are at the end of the scale; None without any.
    """

    jump: float | None
    low: float | None
    high: float | None
    counts: tuple[int, int, int, int]
    at_most: float | None
    n: int


def heaping(values: ArrayLike, limit: float, window: float, highest: float) -> Heaping:
    """Return whether values crowd just above `limit` (the idea of McCrary 2008, for scores in steps).

    Four windows of equal width, two on either side, hold c1 to c4 values. Over a bell the logarithms of
    neighbouring windows' ratios change evenly, so ln(c3 / c2) is half of ln(c2 / c1) + ln(c4 / c3); the jump is
    what goes beyond it, with the variance of Poisson counts. A rising density alone is no jump.
    """
    if not window > 0:
        raise CallError(f"window: {window:g} came. Accepted: above 0, such as 0.05.")
    x = np.asarray(values, float)
    x = x[~np.isnan(x)]
    place = np.floor(np.round((x - limit) / window, 6)).astype(np.int64)
    far, near, at, beyond = (int((place == step).sum()) for step in (-2, -1, 0, 1))
    counts = (far, near, at, beyond)
    top = float((x >= highest - 1e-9).mean()) if len(x) else None
    if min(counts) < 5:
        return Heaping(None, None, None, counts, top, len(x))
    factors = np.array([0.5, -1.5, 1.5, -0.5])
    c = np.array(counts, float)
    jump = float(factors @ np.log(c))
    half = 1.959963984540054 * float(np.sqrt(factors**2 @ (1 / c)))
    ends = np.exp([jump, jump - half, jump + half])
    return Heaping(float(ends[0]), float(ends[1]), float(ends[2]), counts, top, len(x))
