"""Which days does a figure speak of, and where do they begin in UTC?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pandas as pd

from workbench.errors import CallError

NO_DATE = date(1970, 1, 1)
"""Stands for a period of which nothing handed over says a day: answers without a date."""


@dataclass(frozen=True, order=True)
class Period:
    """Whole days from `start` to `end`, both included, in the client's time zone."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise CallError(f"The period {self.start} to {self.end} ends before it starts. Swap them.")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read "2024-06-01:2024-06-30", or "2024-06" for a whole month."""
        try:
            first, _, last = text.partition(":")
            if not last and len(first) == 7:
                start = date.fromisoformat(f"{first}-01")
                return cls(start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1))
            return cls(date.fromisoformat(first), date.fromisoformat(last or first))
        except ValueError:
            raise CallError(
                f'"{text}" is not a period. Write first and last day as 2024-06-01:2024-06-30, '
                "or a whole month as 2024-06."
            ) from None

    @property
    def days(self) -> int:
        """The number of days, both ends included."""
        return (self.end - self.start).days + 1

    def bounds(self, time_zone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
        """Return the first instant of the period and the first one after it, in UTC."""
        return _bounds(self, time_zone)

    def __str__(self) -> str:
        """Write it as a reader would: "3–30 June 2024"."""
        return _written(self)


@lru_cache(maxsize=64)
def _written(period: Period) -> str:
    a, b = period.start, period.end
    if a == b == NO_DATE:
        return "days not known"
    if a == b:
        return f"{a.day} {a:%B %Y}"
    if (a.year, a.month) == (b.year, b.month):
        return f"{a.day}–{b.day} {b:%B %Y}"
    if a.year == b.year:
        return f"{a.day} {a:%B} – {b.day} {b:%B %Y}"
    return f"{a.day} {a:%B %Y} – {b.day} {b:%B %Y}"


@lru_cache(maxsize=64)
def _bounds(period: Period, time_zone: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    zone = ZoneInfo(time_zone)
    start = datetime.combine(period.start, time(), zone)
    after = datetime.combine(period.end + timedelta(days=1), time(), zone)
    return pd.Timestamp(start).tz_convert("UTC"), pd.Timestamp(after).tz_convert("UTC")
