"""How many standard errors lie on either side of a mean whose spread is itself estimated?"""

from __future__ import annotations

from functools import lru_cache

from scipy.special import stdtrit


@lru_cache(maxsize=4096)
def student(df: int, confidence: float) -> float:
    """Return Student's two-sided quantile with `df` degrees of freedom; of the mean of n values these are n - 1."""
    return float(stdtrit(df, 0.5 + confidence / 2))
