"""Which stretch of time is simulated, and where do its days and intervals lie?

Inside, time is whole microseconds since the start. Days, clocks and weekdays are local; a day of 23
or 25 hours keeps the clock: the missing hour has no interval, the repeated one has it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from pydantic import Field, field_validator, model_validator

from workbench.sim.parts import US, Clock, Part, clock_s

_zones = cache(available_timezones)
"""Looking through the folders of zones takes longer than all other checks together."""


class Time(Part):
    """The horizon: from `start` for some hours, or for some whole days."""

    start: datetime = datetime(2024, 1, 1)
    """Local time at which the horizon starts; midnight where days are counted."""
    zone: str = "UTC"
    """Of all clocks and days."""
    hours: float | None = Field(None, gt=0, le=24 * 366)
    """Length of the horizon, or ..."""
    days: int | None = Field(None, ge=1, le=731)
    """... whole local days."""
    interval_s: int = Field(900, ge=60, le=86_400)
    """Length of an interval; divides the horizon. [s]"""
    warm_up_s: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Contacts offered earlier are simulated and not counted."""
    closing: Literal["carry over", "drain"] = "carry over"
    """At the end of the horizon: contacts in line stay there, or nobody comes any more and the
    staffing of the last moment works until the lines are empty."""
    lines_close: Clock | None = None
    """Every day at this time lines are cleared of the channels that do not survive the night."""

    @field_validator("start")
    @classmethod
    def _local(cls, value: datetime) -> datetime:
        if value.tzinfo is not None:
            raise ValueError("write a local time without offset; the zone stands in time.zone")
        return value

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in _zones():
            raise ValueError(f'"{value}" is not a time zone. Write it as Europe/Berlin')
        return value

    @model_validator(mode="after")
    def _whole(self) -> Time:
        if (self.hours is None) == (self.days is None):
            raise ValueError("give either hours or days")
        if self.days is not None and (self.start.hour, self.start.minute, self.start.second) != (0, 0, 0):
            raise ValueError("a horizon in days starts at midnight; give hours, or start at 00:00")
        if 86_400 % self.interval_s:
            raise ValueError(f"interval_s {self.interval_s} does not divide a day; take 900 or 1800")
        if self.horizon.length_us % (self.interval_s * US):
            raise ValueError(
                f"intervals of {self.interval_s} s do not fill the horizon of "
                f"{self.horizon.length_us / US:g} s; change hours or interval_s"
            )
        if self.warm_up_s * US >= self.horizon.length_us:
            raise ValueError("warm_up_s is as long as the horizon; shorten it")
        last_begins_s = self.horizon.length_us / US - self.interval_s
        if self.warm_up_s > last_begins_s:
            raise ValueError(
                f"after warm_up_s of {self.warm_up_s:g} s no whole interval of {self.interval_s} s is left to be "
                f"counted; use at most {last_begins_s:g}, a longer horizon, or a shorter interval_s"
            )
        return self

    @property
    def horizon(self) -> Horizon:
        """The horizon in elapsed time."""
        return Horizon(self)


class Horizon:
    """Elapsed time of a `Time`: its length, its intervals, and where a local clock falls in it."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.zone = ZoneInfo(time.zone)
        self.start_utc = time.start.replace(tzinfo=self.zone).astimezone(UTC)
        if time.days is not None:
            end = (time.start + timedelta(days=time.days)).replace(tzinfo=self.zone).astimezone(UTC)
            self.length_us = round((end - self.start_utc).total_seconds()) * US
        else:
            self.length_us = round((time.hours or 0) * 3600) * US
        self.interval_us = time.interval_s * US

    @property
    def n_intervals(self) -> int:
        """Intervals in the horizon."""
        return self.length_us // self.interval_us

    @cached_property
    def edges_us(self) -> np.ndarray:
        """Array of shape (n_intervals + 1,): where the intervals begin and the last one ends. [µs]"""
        return np.arange(self.n_intervals + 1, dtype=np.int64) * self.interval_us

    @cached_property
    def n_days(self) -> int:
        """Local days that the horizon touches."""
        return int(self.day_of_interval[-1]) + 1

    @cached_property
    def _local(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        days, seconds, weekdays = [], [], []
        first = self.time.start.date()
        step = timedelta(seconds=self.time.interval_s)
        moment = self.start_utc
        for _ in range(self.n_intervals):
            local = moment.astimezone(self.zone)
            days.append((local.date() - first).days)
            seconds.append(local.hour * 3600 + local.minute * 60 + local.second)
            weekdays.append(local.weekday())
            moment += step
        return np.array(days), np.array(seconds), np.array(weekdays)

    @property
    def day_of_interval(self) -> np.ndarray:
        """Array of shape (n_intervals,): the local day, 0 the first."""
        return self._local[0]

    def day(self, number: int) -> date:
        """Return the date of a local day."""
        return self.time.start.date() + timedelta(days=number)

    def at_us(self, day: int, clock: str) -> int:
        """Return the elapsed time of a local clock on a day; may lie outside the horizon. [µs]"""
        midnight = datetime.combine(self.day(day), datetime.min.time())
        local = midnight + timedelta(seconds=clock_s(clock))
        elapsed = local.replace(tzinfo=self.zone).astimezone(UTC) - self.start_utc
        return round(elapsed.total_seconds()) * US

    def lengths(self) -> dict[int, str]:
        """Return how many values a pattern may have, and what they then stand for."""
        per_day = 86_400 // self.time.interval_s
        accepted = {1: "1 (the whole horizon)"}
        accepted[7 * per_day] = f"{7 * per_day} (a week from Monday)"
        accepted[per_day] = f"{per_day} (a day)"
        accepted[self.n_intervals] = f"{self.n_intervals} (the horizon)"
        return accepted

    def spread(self, pattern: Sequence[float], dtype: type = float) -> np.ndarray:
        """Return a pattern as one value per interval; see `lengths` for the lengths it may have."""
        values: np.ndarray = np.asarray(pattern, dtype=dtype)
        per_day = 86_400 // self.time.interval_s
        if len(values) == 1:
            return np.repeat(values, self.n_intervals)
        if len(values) == self.n_intervals:
            return values
        _, second, weekday = self._local
        slot = second // self.time.interval_s
        place = slot if len(values) == per_day else weekday * per_day + slot
        return np.asarray(values[place])
