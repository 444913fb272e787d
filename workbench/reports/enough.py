"""Are there enough people on the busiest day, and if not, when and by how much?

Needed is what the requirement says, whole people in every slot; there is who is at work as the floor is staffed
today, simulated: with absence, breaks and lateness, on shifts or as counts alike. Both count people on contacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from workbench.metrics.service_level import FORMULAS
from workbench.sim.measures import HOUR_US
from workbench.sim.model import Floats
from workbench.statistics.replications import Estimate, ratio
from workbench.studies.replicate import Results
from workbench.studies.staffing.goals import Goals
from workbench.studies.staffing.plan import Requirement
from workbench.wording import counted, figure, listing, span

SMALL = 0.02
"""Of the hours needed; so much may be lacking here and there before it is said. Ours."""


@dataclass(frozen=True)
class Enough:
    """What a day needs beside who is there.

    Attributes
    ----------
    needed, there : people on contacts, arrays of shape (n_slots,).
    hours : length of each slot, shape (n_slots,). [h]
    there_hours : of the whole day, over replications. [h]
    """

    requirement: Requirement
    today: Results
    needed: Floats
    there: Floats
    hours: Floats
    there_hours: Estimate

    @property
    def goals(self) -> Goals:
        """What has to be met."""
        return self.requirement.pool.goals

    @property
    def weekday(self) -> str:
        """The day's name: "Monday"."""
        start = pd.Timestamp(self.goals.scenario.horizon.start_utc)
        return f"{start.tz_convert(self.goals.scenario.time.zone):%A}"

    @cached_property
    def needed_hours(self) -> float:
        """Of the whole day. [h]"""
        return float(self.needed @ self.hours)

    @cached_property
    def gap_hours(self) -> float:
        """Needed less there, over the whole day; negative: to spare. [h]"""
        return self.needed_hours - (self.there_hours.mean or 0.0)

    @cached_property
    def short_hours(self) -> float:
        """What is lacking in the slots in which anybody is, whatever others have to spare. [h]"""
        return float(np.maximum(self.needed - self.there, 0.0) @ self.hours)

    @property
    def verdict(self) -> Literal["too few", "at other times", "enough"]:
        """Whether the hours are there, and when they are needed."""
        if self.needed_hours > (self.there_hours.high or self.there_hours.mean or 0.0):
            return "too few"
        return "at other times" if self.short_hours > SMALL * self.needed_hours else "enough"

    @property
    def target(self) -> str:
        """What has to be met, in words: "80 % within 20 s in every hour"."""
        queues = self.goals.scenario.queues
        judged = dict.fromkeys(goal.queue for goal in self.goals.goals)
        levels = {
            q: f"{figure(queues[q].service_level.target, 'fraction')} within "
            f"{figure(queues[q].service_level.threshold_s, 's')}"
            for q in judged
        }
        every = f"in every {self.goals.per}"
        if len(set(levels.values())) == 1:
            return f"{next(iter(levels.values()))} {every}"
        return f"{listing([f'{level} ({q})' for q, level in levels.items()])} {every}"

    @property
    def formula(self) -> str:
        """What counts as the level, in words: "answered within the threshold / offered (V2)"."""
        names = sorted({self.goals.formulas[goal.number] for goal in self.goals.goals})
        return listing([FORMULAS[name].words for name in names])

    @property
    def answer(self) -> str:
        """The answer in a word or two: "6 h too few"."""
        size = figure(abs(self.gap_hours), "h", 0)
        lacking = f"{figure(self.short_hours, 'h', 0)} short at times"
        return {"too few": f"{size} too few", "at other times": lacking}.get(
            self.verdict, "enough" if size.startswith("0") else f"enough, {size} over"
        )

    @property
    def _there(self) -> str:
        e = self.there_hours
        between = span(e.low, e.high, "h", 1)
        rests = f"{f'{between}, ' if between else ''}{counted(e.n, 'replication')}, seed {self.today.seed}"
        return f"{figure(e.mean, 'h', 0)} are there ({rests})"

    @property
    def note(self) -> str:
        """Needed and there, for which target, in short."""
        return f"{self.weekday}: {figure(self.needed_hours, 'h', 0)} on contacts needed, {self._there}; {self.target}"

    @property
    def words(self) -> str:
        """The answer in sentences: needed, there, gap, for which target, and when most is lacking."""
        opening = {
            "too few": "There are not enough people.",
            "at other times": "There are people enough, but not at all times.",
            "enough": "There are enough people.",
        }[self.verdict]
        gap = "short" if self.gap_hours > 0 else "to spare"
        said = (
            f"{opening} On a {self.weekday}, the day with the most contacts, {self.target} takes "
            f"{figure(self.needed_hours, 'h', 0)} on contacts ({self.requirement.check.n:,} replications); "
            f"{self._there}: {figure(abs(self.gap_hours), 'h', 0)} {gap}. The level is {self.formula}."
        )
        if self.verdict != "enough":
            worst = int(np.argmax(self.needed - self.there))
            most, there = figure(float(self.needed[worst])), figure(round(float(self.there[worst]), 1))
            if self.verdict == "at other times":
                said += f" At some times {figure(self.short_hours, 'h', 0)} are lacking all the same."
            said += f" Most is lacking from {self.starts[worst]}: {most} needed, {there} there."
        level = self.today["service_level"]
        if level.mean is not None:
            between = span(level.low, level.high, "fraction", 1)
            said += f" As staffed, the day reaches {figure(level.mean, 'fraction', 1)}"
            said += f" ({between})." if between else "."
        return said

    @cached_property
    def starts(self) -> tuple[str, ...]:
        """When each slot begins, as a clock shows it."""
        zone, first = self.goals.scenario.time.zone, pd.Timestamp(self.goals.scenario.horizon.start_utc)
        at = (first + pd.Timedelta(microseconds=int(us)) for us in self.goals.slot_us[:-1])
        return tuple(f"{time.tz_convert(zone):%H:%M}" for time in at)

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        e = self.there_hours
        return {
            "verdict": self.verdict, "target": self.target, "formula": self.formula, "weekday": self.weekday,
            "needed_hours": self.needed_hours, "gap_hours": self.gap_hours, "short_hours": self.short_hours,
            "there_hours": {"mean": e.mean, "low": e.low, "high": e.high, "n": e.n},
        }  # fmt: skip


def enough(requirement: Requirement, today: Results) -> Enough:
    """Hold who is there, simulated as the day is staffed, against what the day needs.

    Parameters
    ----------
    today : replications of the same day as it is staffed now.
    """
    goals = requirement.pool.goals
    each = np.array(
        [t["interval"]["handling_us"] + t["interval"]["available_us"] for t in today.tallies], dtype=float
    )
    each /= HOUR_US
    by_slot = np.add.reduceat(each, goals.slot_start, axis=1)  # (n, slots). [h]
    hours = np.diff(goals.slot_us) / HOUR_US
    needed = requirement.table().groupby("start", sort=True)["required"].sum().to_numpy(float)
    return Enough(
        requirement, today, needed, by_slot.mean(axis=0) / hours, hours,
        ratio(by_slot.sum(axis=1), None, today.confidence),
    )  # fmt: skip
