"""What do all parts of a fictional client share: its clock, its dice, its tables so far?"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from tools.clientgen.story import Story

DAY_S = 86_400


@dataclass
class World:
    """One client while it is being made."""

    story: Story
    seed: int
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    truth: dict[str, float] = field(default_factory=dict)
    """The value of each planted parameter, and of what follows from it by arithmetic."""
    counts: dict[str, int] = field(default_factory=dict)
    """What was in fact planted, counted while planting."""
    parts: dict[str, Any] = field(default_factory=dict)
    """What one part hands to the next and no table carries."""

    def dice(self, purpose: str) -> np.random.Generator:
        """Return the dice of one purpose; no other purpose changes what they show."""
        return np.random.default_rng([self.seed, zlib.crc32(f"{self.story.id}/{purpose}".encode())])

    def utc(self, days: Sequence[date] | np.ndarray, wall_s: Any) -> np.ndarray:
        """Return epoch seconds of times of the client's wall clock.

        An hour that the clock leaves out moves forward; of one that comes twice the second is meant.
        """
        midnight = np.asarray(days, dtype="datetime64[D]").astype("datetime64[s]")
        naive = midnight + np.asarray(wall_s).astype("timedelta64[s]")
        local = pd.DatetimeIndex(np.atleast_1d(naive)).tz_localize(
            self.story.time_zone,
            ambiguous=np.zeros(np.size(naive), dtype=bool),
            nonexistent="shift_forward",
        )
        return local.as_unit("s").asi8

    def wall_s(self, epoch_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the client's date and second of the day of instants."""
        local = self.local(epoch_s)
        naive = local.tz_localize(None).to_numpy().astype("datetime64[s]")
        days = naive.astype("datetime64[D]")
        return days, (naive - days).astype(np.int64)

    def local(self, epoch_s: Any) -> pd.DatetimeIndex:
        """Return instants in the client's zone."""
        return times(epoch_s).tz_convert(self.story.time_zone)

    @cached_property
    def days(self) -> list[date]:
        """Every day of the period."""
        return [self.story.start + timedelta(days=i) for i in range(self.story.days)]

    @cached_property
    def months(self) -> list[tuple[date, date]]:
        """First and last day of each calendar month inside the period."""
        found: list[tuple[date, date]] = []
        for day in self.days:
            if not found or found[-1][0].month != day.month:
                found.append((day, day))
            found[-1] = (found[-1][0], day)
        return found

    @cached_property
    def weeks(self) -> list[date]:
        """Every Monday inside the period."""
        return [day for day in self.days if day.weekday() == 0]

    def month_of(self, epoch_s: np.ndarray) -> np.ndarray:
        """Return "2024-06" of instants, by the client's clock."""
        return np.asarray(self.local(epoch_s).strftime("%Y-%m"))

    def business(self, day: date, seconds: float) -> int:
        """Return the epoch second of a moment of a working day, moved off the weekend."""
        while day.weekday() > 4:
            day += timedelta(days=1)
        return int(self.utc([day], [int(seconds)])[0])


def times(epoch_s: Any) -> pd.DatetimeIndex:
    """Return epoch seconds (NaN: unknown) as UTC times to the second."""
    values = np.asarray(epoch_s, dtype=float)
    whole = np.where(np.isnan(values), 0, values).astype(np.int64).astype("datetime64[s]")
    whole[np.isnan(values)] = np.datetime64("NaT", "s")
    return pd.DatetimeIndex(whole, tz="UTC")


def seconds(stamps: Any) -> np.ndarray:
    """Return UTC times as epoch seconds, NaN where there is none."""
    index = pd.DatetimeIndex(stamps).as_unit("s")
    values = index.asi8.astype(float)
    values[np.asarray(index.isna())] = np.nan
    return values


def pick(
    dice: np.random.Generator, options: Sequence[Any], n: int, p: Sequence[float] | None = None
) -> np.ndarray:
    """Return `n` of `options` by chance, as objects."""
    weights = None if p is None else np.asarray(p) / np.sum(p)
    return np.asarray(options, dtype=object)[dice.choice(len(options), size=n, p=weights)]
