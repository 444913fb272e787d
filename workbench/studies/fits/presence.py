"""Who was there, when? From agents' states or schedules, else inferred from the contacts that they took.

Where it is inferred, nobody knows exactly: each replication draws, gap by gap, when the agent was
available again (`gaps.py`). What is longer than `AWAY_S` is time away from the floor; what is shorter
belongs to the contact, as wrap-up. So the uncertainty of the staffing goes into every interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from workbench.intake.dataset import Dataset
from workbench.metrics.columns import SECOND_US
from workbench.metrics.timeline import in_force, spans
from workbench.studies.fits.gaps import LONGEST_S, QUICK_S, Away, Stints, gaps
from workbench.studies.fits.log import Floats, Ints, Log, local_cells

AWAY_S = 300.0
AT_WORK = ("available", "handling", "acw")
ON_QUEUE = "on_queue"
COVERED = 0.95
"""Share of the days with contacts that a table of states or schedules has to cover."""
NO_TIMES = np.zeros(0, np.int64)
Spells: TypeAlias = tuple[Ints, Ints, Ints]
"""Agent, start and end of spells at work, sorted by agent and time, not overlapping. [µs]"""


@dataclass(frozen=True)
class Presence:
    """Spells at work of every agent: as recorded, or drawn anew for each replication.

    Attributes
    ----------
    source : "agent_state", "schedule", "contacts", or "contacts in service" where no agent is named.
    draw : returns spells for a random generator.
    """

    source: str
    draw: Callable[[np.random.Generator], Spells]


@dataclass(frozen=True)
class Leaving:
    """How long agents go on with the contact in hand when they go: the remaining time of a contact.

    A simulated agent whose spell ends finishes the contact in hand, so a spell that is to be over at a
    moment has to end before it: by nothing if the agent is idle then, else by a remaining time.
    """

    length_us: Ints
    busy: float

    def before_us(self, rng: np.random.Generator, n: int) -> Ints:
        """Return how long before the end each of `n` spells has to end. [µs]"""
        if not self.length_us.sum():
            return np.zeros(n, np.int64)
        upto = np.cumsum(self.length_us)
        at = (rng.random(n) * upto[-1]).astype(np.int64)
        left = upto[np.searchsorted(upto, at, side="right")] - at
        return np.where(rng.random(n) < self.busy, left, 0)

    @property
    def mean_us(self) -> float:
        """Mean remaining time of a contact met at a random moment. [µs]"""
        total = float(self.length_us.sum())
        return float((self.length_us.astype(float) ** 2).sum()) / (2 * total) if total else 0.0


NOTHING_IN_HAND = Leaving(NO_TIMES, 0.0)


def leaving(s: Stints, busy: float | None = None, away_s: float = AWAY_S) -> Leaving:
    """Return how long agents of a log go on when they go.

    `busy` : share of those who go with a contact in hand; None: the share of their time.
    """
    length = s.end_us - s.start_us
    if busy is not None:
        return Leaving(length, busy)
    _, gap, _ = gaps(s)
    free_us = float(gap[gap <= away_s].sum()) * SECOND_US
    return Leaving(length, float(length.sum()) / max(float(length.sum()) + free_us, 1.0))


def inferred(s: Stints, away: Away, busy: float | None = None, away_s: float = AWAY_S) -> Presence:
    """Return the spells that follow from agents' own contacts.

    An agent comes at the first contact of a stretch if it had waited, else somewhat before; goes with
    the last one; and is away in every gap in which the time until available is drawn longer than
    `away_s`.
    """
    low, high, which = gaps(s)
    idle = high[~s.waited[which + 1] & (high < away_s)]
    idle_s = float(idle.mean()) if len(idle) else 60.0
    zero_us = int(s.start_us.min()) - round(LONGEST_S * SECOND_US) if len(s.agent) else 0
    go = leaving(s, busy, away_s)
    begins = np.flatnonzero(s.first)

    def draw(rng: np.random.Generator) -> Spells:
        back_s = away.draw_within(low, high, rng.random(len(which)))
        goes = s.last.copy()
        goes[which[back_s > away_s]] = True
        back_us = s.end_us[which] + np.rint(back_s * SECOND_US).astype(np.int64)
        early = np.rint(rng.exponential(idle_s, len(begins)) * SECOND_US).astype(np.int64)
        before = np.maximum(s.start_us[begins] - early, np.minimum(s.seen_us[begins], s.start_us[begins]))
        come = np.where(s.waited[begins], s.start_us[begins], np.maximum(before, zero_us))
        back = (s.agent[which] * _WIDE + back_us - zero_us)[back_s > away_s]
        starts = np.sort(np.concatenate([s.agent[begins] * _WIDE + come - zero_us, back]))
        ends = np.sort((s.agent * _WIDE + s.end_us - zero_us)[goes])
        ends = np.maximum(ends - go.before_us(rng, len(ends)), starts)
        agent = starts // _WIDE
        return agent, starts - agent * _WIDE + zero_us, ends - agent * _WIDE + zero_us

    return Presence("contacts", draw)


_WIDE = np.int64(1) << np.int64(47)
"""More microseconds than a log has: agent and time since its start in one sortable number."""


def recorded(dataset: Dataset, log: Log, s: Stints, busy: float | None = None) -> Presence | None:
    """Return the spells that agents' states say, else those that schedules plan; None without either.

    Only agents who took a contact in the log are looked at: others are not on the floor. A table that
    leaves out more than a few of the days with contacts is passed over.
    """
    first, after = log.bounds_us
    for source in ("agent_state", "schedule"):
        table = dataset.tables.get(source)
        if table is None or table.empty:
            continue
        if source == "agent_state":
            held = spans(table, "state")
            held = held[held["label"].isin(AT_WORK)]
        else:
            held = in_force(table)
            held = held[held["label"] == ON_QUEUE]
        agent = pd.Index(log.agents).get_indexer(held["agent_id"].astype("str"))
        start, end = held["start_us"].to_numpy(), held["end_us"].to_numpy()
        use = (agent >= 0) & (start < after) & (end > first)
        if not use.any():
            continue
        there = local_cells(start[use], log.time_zone, log.interval_s)[0]
        if np.isin(np.array(log.days), there).mean() < COVERED:
            continue
        spells = joined(agent[use], start[use].clip(first), end[use].clip(max=after))
        return as_recorded(source, spells, leaving(s, busy) if source == "agent_state" else NOTHING_IN_HAND)
    return None


def as_recorded(source: str, spells: Spells, go: Leaving = NOTHING_IN_HAND) -> Presence:
    """Return spells that are known; only how long agents go on when they go is drawn."""
    agent, start, end = spells

    def draw(rng: np.random.Generator) -> Spells:
        return agent, start, np.maximum(end - go.before_us(rng, len(end)), start)

    return Presence(source, draw)


def joined(agent: Ints, start: Ints, end: Ints) -> Spells:
    """Return spells with those that touch or overlap made one."""
    order = np.lexsort((start, agent))
    agent, start, end = agent[order], start[order], end[order]
    begins = np.ones(len(agent), bool)
    latest = end.copy()
    for i in range(1, len(agent)):
        if agent[i] == agent[i - 1] and start[i] <= latest[i - 1] + SECOND_US:
            begins[i] = False
            latest[i] = max(latest[i], latest[i - 1])
    ends = np.append(begins[1:], True)[: len(agent)]
    return agent[begins], start[begins], latest[ends]


def from_service(log: Log) -> Presence:
    """Return as many agents as contacts were in service, where the log names no agent.

    While somebody waits, everybody at work is taken: the number in service then is the number at work,
    as far as contacts show it. In an interval in which nobody waited the most in service is taken, which
    is the fewest that there can have been.
    """
    counts, cell_us = in_service(log)
    agent = np.concatenate([NO_TIMES, *(np.arange(n) for n in counts.tolist())])
    start = np.repeat(cell_us, counts)
    return as_recorded("contacts in service", joined(agent, start, start + log.interval_s * SECOND_US))


def in_service(log: Log) -> tuple[Ints, Ints]:
    """Return contacts in service by interval with any, and when each interval begins. [µs]"""
    width = log.interval_s * SECOND_US
    served = log.rows[log.rows["answered"]]
    start, end = served["left_us"].to_numpy(), served["free_us"].to_numpy()
    waiting = log.rows[log.rows["wait_s"] > QUICK_S]
    came, left = np.sort(waiting["arrival_us"].to_numpy()), np.sort(waiting["left_us"].to_numpy())
    lowest, highest = int(start.min()) // width, int(end.max()) // width
    cells_us = np.arange(lowest, highest + 2) * width
    moments = np.unique(np.concatenate([start, end, came, left, cells_us]))
    moments = moments[(moments >= cells_us[0]) & (moments <= cells_us[-1])]
    level = np.searchsorted(np.sort(start), moments, side="right") - np.searchsorted(
        np.sort(end), moments, side="right"
    )
    queue = np.searchsorted(came, moments, side="right") - np.searchsorted(left, moments, side="right")
    cell = moments[:-1] // width - lowest
    lasts = np.diff(moments).astype(float)
    most = np.zeros(highest - lowest + 1, np.int64)
    np.maximum.at(most, cell, level[:-1])
    weight = np.where(queue[:-1] > 0, lasts, 0.0)
    time = np.bincount(cell, weight, len(most))
    mean = np.bincount(cell, weight * level[:-1], len(most)) / np.maximum(time, 1.0)
    counts = np.where(time > 60 * SECOND_US, np.rint(mean).astype(np.int64), most)
    some = counts > 0
    return counts[some], cells_us[:-1][some]


def on_duty_s(spells: Spells, edges_us: Ints) -> Floats:
    """Return agents' time at work in each interval between edges. [s]"""
    _, start, end = spells
    low = int(edges_us[0])
    edges = (edges_us - low).astype(float)
    total = np.zeros(len(edges))
    for sign, at in ((1.0, start), (-1.0, end)):
        times = np.sort(at - low).astype(float)
        n = np.searchsorted(times, edges, side="right")
        upto = np.append(0.0, np.cumsum(times))
        total += sign * (n * edges - upto[n])
    return np.asarray(np.diff(total) / SECOND_US)
