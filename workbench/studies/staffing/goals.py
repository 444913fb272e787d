"""Which service has to be met, in which stretch of time, and what of it was reached?

A goal is the target of one queue over one stretch: an interval of planning, an hour, or a day. The
service level is the queue's own: the formula that the terms name for it, else the one asked for, with
one difference that is said wherever a figure stands: a contact that found no free line or place counts
as offered and not in time, or else a lack of lines would look like good service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias, cast, get_args

import numpy as np
import pandas as pd

from workbench.errors import UnknownName
from workbench.metrics.service_level import FORMULAS
from workbench.sim.model import Floats, Ints
from workbench.sim.parts import US
from workbench.sim.records import COUNTERS
from workbench.sim.scenario import Scenario
from workbench.statistics.replications import ratios

Per: TypeAlias = Literal["interval", "hour", "day"]
SLOT_S = 1800
"""Plans are made in intervals of the scenario, or of half an hour where those are shorter. [s]"""


@dataclass(frozen=True)
class Goal:
    """The target of one queue from one slot to before another."""

    queue: str
    number: int
    """Of the queue, in the order of names."""
    first: int
    stop: int
    target: float
    start: pd.Timestamp
    end: pd.Timestamp
    """In the scenario's zone."""

    def __str__(self) -> str:
        return f"{self.queue}, {self.start:%a %H:%M}–{self.end:%H:%M}"


@dataclass(frozen=True)
class Goals:
    """All goals of a scenario, C of them, over T slots of planning and Q queues."""

    scenario: Scenario
    per: Per
    goals: tuple[Goal, ...]
    formulas: tuple[str, ...]
    """By queue."""
    slot_us: Ints
    """(T + 1,) edges. [µs]"""
    slot_start: Ints
    """(T,) the first interval of each slot."""
    left_out: tuple[str, ...] = ()
    """Stretches without a contact to judge by."""

    @property
    def n_slots(self) -> int:
        """T."""
        return len(self.slot_start)

    @cached_property
    def queue(self) -> Ints:
        """(C,) number of the queue."""
        return np.array([g.number for g in self.goals], dtype=np.int64)

    @cached_property
    def first(self) -> Ints:
        """(C,)"""
        return np.array([g.first for g in self.goals], dtype=np.int64)

    @cached_property
    def stop(self) -> Ints:
        """(C,)"""
        return np.array([g.stop for g in self.goals], dtype=np.int64)

    @cached_property
    def target(self) -> Floats:
        """(C,)"""
        return np.array([g.target for g in self.goals])

    @cached_property
    def of_slot(self) -> Ints:
        """(T, Q) the goal in which a slot counts for a queue; -1 none."""
        found = np.full((self.n_slots, len(self.formulas)), -1, dtype=np.int64)
        for c, goal in enumerate(self.goals):
            found[goal.first : goal.stop, goal.number] = c
        return found

    def summed(self, by_slot: Floats) -> Floats:
        """Return sums over goals, shape (..., C), of what was counted by slot, shape (..., T, Q)."""
        before = np.zeros((*by_slot.shape[:-2], by_slot.shape[-2] + 1, by_slot.shape[-1]))
        np.cumsum(by_slot, axis=-2, out=before[..., 1:, :])
        found: Floats = before[..., self.stop, self.queue] - before[..., self.first, self.queue]
        return found

    def count(self, counters: np.ndarray) -> tuple[Floats, Floats, Floats]:
        """Return met, counted and blocked, each (T, Q), of a run's counters by interval."""
        by_slot = np.add.reduceat(counters, self.slot_start, axis=0).astype(np.float64)
        named = {name: by_slot[..., i] for i, name in enumerate(COUNTERS)}
        blocked = named["blocked"]
        counts = {
            "offered": named["answered"] + named["abandoned"],
            "answered": named["answered"],
            "answered within T": named["in_time"],
            "abandoned within T": named["abandoned_in_time"],
            "short abandons": named["short_abandoned"],
        }
        met, of = np.empty_like(blocked), np.empty_like(blocked)
        for variant in set(self.formulas):
            own = [q for q, name in enumerate(self.formulas) if name == variant]
            met[:, own] = FORMULAS[variant].met_in(counts)[:, own]
            of[:, own] = FORMULAS[variant].counted_in(counts)[:, own] + blocked[:, own]
        return met, of, blocked

    def only(self, keep: Sequence[bool]) -> Goals:
        """Return those goals that had contacts; the others are named."""
        kept = tuple(g for g, k in zip(self.goals, keep, strict=True) if k)
        out = tuple(str(g) for g, k in zip(self.goals, keep, strict=True) if not k)
        return Goals(
            self.scenario, self.per, kept, self.formulas, self.slot_us, self.slot_start, self.left_out + out
        )


@dataclass(frozen=True)
class Counted:
    """What N replications of one floor counted, by slot and queue: arrays of shape (N, T, Q).

    Attributes
    ----------
    mirrored : rows 2k and 2k + 1 mirror each other, so that only their sums are independent.
    """

    met: Floats
    of: Floats
    blocked: Floats
    mirrored: bool = False

    @property
    def n(self) -> int:
        """The number of replications."""
        return len(self.met)

    def first(self, n: int) -> Counted:
        """Return the first `n` replications."""
        return Counted(self.met[:n], self.of[:n], self.blocked[:n], self.mirrored)

    def with_more(self, other: Counted) -> Counted:
        """Return these replications and further ones of the same floor."""
        pairs = ((self.met, other.met), (self.of, other.of), (self.blocked, other.blocked))
        met, of, blocked = (np.concatenate(pair) for pair in pairs)
        return Counted(met, of, blocked, self.mirrored)

    def independent(self, by_goal: Floats) -> Floats:
        """Return counts by replication as independent rows: replications, or pairs of mirrored ones."""
        return by_goal[0::2] + by_goal[1::2] if self.mirrored else by_goal

    def service(self, goals: Goals, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Return the service level of each goal and half of its interval, as ratios of sums."""
        met, of = (self.independent(goals.summed(counted)) for counted in (self.met, self.of))
        value, half, _ = ratios(met, of, confidence)
        return value, half


def goals_of(scenario: Scenario, per: str = "interval", formula: str = "V2", slot_s: int = SLOT_S) -> Goals:
    """Return what a scenario asks for.

    Parameters
    ----------
    per : the stretch in which every target must be met. Work that waits longer than such a stretch
        (its threshold says so) is judged by the day.
    formula : for queues of which the terms say nothing.
    slot_s : length of a slot of planning, where intervals are not longer; a goal "interval" keeps its
        half-hour. [s]

    Raises
    ------
    UnknownName
        for another stretch or formula.
    """
    if per not in get_args(Per):
        raise UnknownName("stretch", per, get_args(Per))
    h = scenario.horizon
    width = max(1, slot_s // scenario.time.interval_s)
    starts = np.arange(0, h.n_intervals, width, dtype=np.int64)
    edges = np.append(h.edges_us[starts], h.length_us)
    day = h.day_of_interval[starts]
    names = sorted(scenario.queues)
    warm = scenario.time.warm_up_s * US
    found: list[Goal] = []
    for number, name in enumerate(names):
        level = scenario.queues[name].service_level
        whole_days = level.threshold_s >= 3600 or per == "day"
        key = (
            day * 10_000_000
            if whole_days
            else day * 10_000_000 + _part(edges[:-1], per, scenario.time.interval_s)
        )
        for value in np.unique(key):
            slots = np.flatnonzero((key == value) & (edges[:-1] >= warm))
            if not len(slots):
                continue
            first, stop = int(slots[0]), int(slots[-1]) + 1
            found.append(
                Goal(
                    name, number, first, stop, level.target,
                    _moment(scenario, int(edges[first])), _moment(scenario, int(edges[stop])),
                )
            )  # fmt: skip
    formulas = _formulas(scenario, names, formula)
    return Goals(scenario, cast(Per, per), tuple(found), formulas, edges, starts)


def _part(start_us: Ints, per: str, interval_s: int) -> Ints:
    length_s = 3600 if per == "hour" else max(interval_s, interval_s * (SLOT_S // interval_s))
    return start_us // (length_s * US)


def _moment(scenario: Scenario, at_us: int) -> pd.Timestamp:
    start = pd.Timestamp(scenario.horizon.start_utc)
    return (start + pd.Timedelta(microseconds=at_us)).tz_convert(scenario.time.zone)


def _formulas(scenario: Scenario, names: Sequence[str], formula: str) -> tuple[str, ...]:
    if formula not in FORMULAS:
        raise UnknownName("service level formula", formula, FORMULAS)
    own: dict[str, str] = {}
    terms = scenario.money.terms
    for level in (terms.levels[n] for n in sorted(terms.levels)) if terms is not None else ():
        if level.metric != "service_level":
            continue
        for queue in names if level.queue is None else [level.queue]:
            own.setdefault(queue, level.formula)
    return tuple(own.get(name, formula) for name in names)


def in_words(goals: Goals) -> str:
    """Say what must be met."""
    parts = "; ".join(f"{name}: {FORMULAS[name].formula}" for name in sorted(set(goals.formulas)))
    return f"every target in every {goals.per}; {parts}; blocked contacts count as not in time"
