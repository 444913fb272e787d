"""Were these numbers measured, or written down as round ones?

Times that a clock took end in every digit alike; times that a person remembers end in 0 and 5.
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
