"""How does a plan do? The same replications for every plan, contact by contact.

What comes is drawn once and kept; a plan only changes who is there. So two plans differ by their
staffing alone, and a difference of one agent can be seen in a few replications.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from workbench.sim.calendar import DUTY, Agents
from workbench.sim.measures import tally
from workbench.sim.model import OFF, ON, Floats, Ints
from workbench.sim.records import COUNTERS
from workbench.sim.run import engine_named
from workbench.sim.variates import FOREVER
from workbench.sim.workload import Workload, draw, with_staff_of
from workbench.studies.staffing.goals import Counted, Goals
from workbench.studies.staffing.pool import Pool

T = TypeVar("T")
R = TypeVar("R")
Cell = tuple[int, int, int]
"""Unit, slot, and how many more agents are there."""


@dataclass
class Floor:
    """Replications of a problem's scenario under one seed, and how many were simulated so far."""

    pool: Pool
    seed: int
    workers: int | None = None
    mirrored: bool = False
    """Replications come in pairs that mirror each other: their mean varies less than that of two others."""
    simulated: int = 0
    """Days simulated so far."""
    _drawn: list[Workload] = field(default_factory=list)

    @property
    def goals(self) -> Goals:
        """What has to be met."""
        return self.pool.goals

    def drawn(self, n: int) -> list[Workload]:
        """Return the first `n` replications with nobody at work."""
        have = len(self._drawn)
        if n > have:
            self.pool.scenario.prepared  # noqa: B018  (made once, before threads would make it each)
            self._drawn += self.each(self._draw, range(have, n))
        return self._drawn[:n]

    def _draw(self, number: int) -> Workload:
        if self.mirrored:
            return draw(self.pool.scenario, self.seed, number // 2, antithetic=number % 2 == 1)
        return draw(self.pool.scenario, self.seed, number)

    def serve(self, x: Ints, n: int, more: Sequence[Cell] = (), skip: int = 0) -> Counted:
        """Return what the first `n` replications of a plan counted; `more` agents are there on top.

        The first `skip` of them are left out. Of mirrored replications both numbers are even.
        """
        x, extra = self._with(x, more)
        staffed = self.pool.staffed(x)
        simulate = engine_named("fast")
        goals, pool = self.goals, self.pool

        def one(workload: Workload) -> tuple[Floats, Floats, Floats]:
            own = with_staff_of(workload, staffed)
            if extra:
                own = replace(own, agents=_joined(own.agents, _spells(pool, extra)))
            return goals.count(simulate(own, "intervals").counts.queue)

        found = self.each(one, self.drawn(n)[skip:])
        self.simulated += n - skip
        met, of, blocked = (np.array([f[i] for f in found]) for i in range(3))
        return Counted(met, of, blocked, self.mirrored)

    def offered(self, x: Ints, n: int) -> Floats:
        """Return the mean contacts offered by slot and queue, shape (T, Q), blocked ones included."""
        staffed = self.pool.staffed(x)
        simulate = engine_named("fast")
        column = COUNTERS.index("offered")

        def one(workload: Workload) -> Floats:
            counts = simulate(with_staff_of(workload, staffed), "intervals").counts.queue[..., column]
            return np.add.reduceat(counts, self.goals.slot_start, axis=0).astype(np.float64)

        self.simulated += n
        mean: Floats = np.mean(self.each(one, self.drawn(n)), axis=0)
        return mean

    def _with(self, x: Ints, more: Sequence[Cell]) -> tuple[Ints, Sequence[Cell]]:
        if self.pool.by_shifts or not more:
            return x, more
        x = x.copy()
        for unit, slot, n in more:
            x[unit * self.goals.n_slots + slot] += n
        return x, ()

    def each(self, work: Callable[[T], R], things: Iterable[T]) -> list[R]:
        """Return what a work gives for each thing, in their order; threads, since engines let go of the GIL."""
        every = list(things)
        threads = min(self.workers or os.cpu_count() or 1, len(every))
        if threads <= 1:
            return [work(thing) for thing in every]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(work, every))


@dataclass(frozen=True)
class Checked:
    """What fresh replications of one plan counted.

    Attributes
    ----------
    cost : array of shape (N,): pay with overtime, contacts' own cost left out.
    overtime : array of shape (N,): what overtime costs.
    abandoned, ended :  arrays of shape (N,): contacts that left, and all that were answered or left.
    """

    counted: Counted
    cost: Floats
    overtime: Floats
    abandoned: Floats
    ended: Floats
    seed: int


def check(pool: Pool, x: Ints, n: int, seed: int, workers: int | None = None) -> Checked:
    """Simulate a plan `n` times under another seed than the one it was found with.

    `overtime` is what overtime costs, in the scenario's currency: time with a contact in hand past the
    shift. Without overtime a plan costs what is scheduled.
    """
    floor = Floor(pool, seed, workers)
    staffed = pool.staffed(x)
    staffed.prepared  # noqa: B018
    simulate = engine_named("fast")
    money = pool.scenario.money
    names = pool.scenario.prepared.names
    per_hour = np.array([money.pay_per_hour if (g := pool.scenario.groups[name].pay_per_hour) is None else g
                         for name in names.groups])  # fmt: skip

    def one(number: int) -> tuple[Floats, Floats, Floats, float, float, float, float]:
        run = simulate(draw(staffed, seed, number), "intervals")
        sums = tally(run)
        overtime = sums["group"]["overtime_us"] / 3600e6 * per_hour * money.overtime_factor
        whole = sums["overall"]
        return (
            *pool.goals.count(run.counts.queue), float(whole["pay"].sum()), float(overtime.sum()),
            float(whole["abandoned"].sum()), float((whole["answered"] + whole["abandoned"]).sum()),
        )  # fmt: skip

    found = floor.each(one, range(n))
    columns = [np.array([f[i] for f in found]) for i in range(7)]
    met, of, blocked, cost, overtime, abandoned, ended = columns
    return Checked(Counted(met, of, blocked), cost, overtime, abandoned, ended, seed)


def _spells(pool: Pool, cells: Sequence[Cell]) -> tuple[Ints, Floats, Ints]:
    """Return team, speed and calendar of further agents who are there for one slot each."""
    teams = [group for group, _ in pool.scenario.prepared.names.teams]
    edges = pool.goals.slot_us
    team: list[int] = []
    speed: list[float] = []
    rows: list[Any] = []
    for unit, slot, n in cells:
        for _ in range(n):
            rows += [(edges[slot], ON, len(team)), (edges[slot + 1], OFF, len(team))]
            team.append(teams.index(pool.units[unit].name))
            speed.append(round(pool.units[unit].speed, 4))
    return np.array(team), np.array(speed), np.array(rows, dtype=np.int64).reshape(-1, 3)


def _joined(agents: Agents, spells: tuple[Ints, Floats, Ints]) -> Agents:
    """Return the agents with further ones behind them."""
    team, speed, rows = spells
    n, m = len(agents.team), len(team)
    rows = rows[rows[:, 0] < int(FOREVER)]
    events = np.concatenate(
        [
            np.stack([agents.at_us, agents.kind, agents.who, agents.value], axis=1),
            np.stack([rows[:, 0], np.full(len(rows), DUTY), rows[:, 2] + n, rows[:, 1]], axis=1),
        ]
    )
    events = events[np.lexsort((events[:, 2], events[:, 1], events[:, 0]))]
    return Agents(
        team=np.concatenate([agents.team, team]).astype(np.int64),
        speed=np.concatenate([agents.speed, speed]),
        curve=np.concatenate([agents.curve, np.zeros(m, np.int64)]),
        hired_us=np.concatenate([agents.hired_us, np.full(m, -5000 * 7 * 86_400_000_000)]).astype(np.int64),
        names=(*agents.names, *(f"more.{i + 1}" for i in range(m))),
        at_us=np.ascontiguousarray(events[:, 0]),
        kind=np.ascontiguousarray(events[:, 1]),
        who=np.ascontiguousarray(events[:, 2]),
        value=np.ascontiguousarray(events[:, 3]),
    )
