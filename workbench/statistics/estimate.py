"""What does a statistic return? A value with its interval, sample and method; NaN is never a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """An estimated number.

    Attributes
    ----------
    value : None where the data cannot say; `note` then says why.
    low, high : interval at `confidence`, None where there is none.
    n : the size of the sample that the interval rests on.
    method : the name under which a statistician looks it up.
    note : what a reader must know beside the number.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    method: str
    confidence: float = 0.95
    note: str = ""
