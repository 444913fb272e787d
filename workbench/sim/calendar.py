"""When is which agent at what? Shifts, absence, lateness, attrition and outages become one calendar.

The calendar is a sorted list of events: an agent's duty changes, a counted group has another number
of agents, lines close. It is drawn before an engine starts; an engine only reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from workbench.sim import variates as v
from workbench.sim.compile import curve_numbers, most_agents
from workbench.sim.horizon import Horizon
from workbench.sim.model import Floats, Ints, Names
from workbench.sim.parts import US
from workbench.sim.people import Group, People
from workbench.sim.scenario import Scenario
from workbench.sim.shifts import Block, blocks_of, strikes

# Kinds of calendar events, in the order in which those of one instant happen.
CLOSE_LINES, DUTY, TARGET = range(3)

WEEK_US = 7 * 86_400 * US
Events: TypeAlias = list[np.ndarray]


@dataclass(frozen=True)
class Person:
    """One agent of a block of people."""

    group: str
    block: str
    number: int
    """Within the block, for keys and waves."""
    team: int
    key: np.uint64
    hired_us: int
    from_us: int
    """Is there from here on, and ..."""
    until_us: int
    """... until here: attrition."""
    generation: int = 0
    """How many held the place before."""

    @property
    def name(self) -> str:
        """What the agent is called in records."""
        follow = f"+{self.generation}" if self.generation else ""
        return f"{self.group}.{self.block}.{self.number + 1}{follow}"


@dataclass(frozen=True)
class Agents:
    """The agents of one replication, A of them, and their calendar."""

    team: Ints
    """(A,)"""
    speed: Floats
    """(A,) handle-time factor of the person."""
    curve: Ints
    """(A,) learning curve, 0 none."""
    hired_us: Ints
    """(A,) may lie before the horizon. [µs]"""
    names: tuple[str, ...]
    at_us: Ints
    """(E,) when each event of the calendar happens, rising. [µs]"""
    kind: Ints
    who: Ints
    """(E,) agent of DUTY, group of TARGET, 0 of CLOSE_LINES."""
    value: Ints
    """(E,) duty of DUTY, number of agents of TARGET."""


@dataclass(frozen=True)
class Plan:
    """What is the same in every replication about who works when; made once per scenario."""

    counted: tuple[tuple[str, int], ...]
    """Counted groups and their most agents."""
    fixed: np.ndarray
    """Events that nothing random moves: rows of time, kind, who, value."""
    people: tuple[Person, ...]
    """Without their keys and when they leave; empty where leavers are replaced, so that nobody knows how many there
    will be."""
    blocks: tuple[tuple[int, str, str, tuple[Block, ...]], ...]
    """How many people, of which group and block, and their shifts."""
    columns: tuple[Ints, Floats, Ints, Ints, tuple[str, ...]]
    """Team, speed, curve, hired and name of each agent."""


def plan_agents(s: Scenario, names: Names) -> Plan:
    """Return what is the same in every replication."""
    counted = tuple((g, n) for g in names.groups if (n := most_agents(s.groups[g])))
    fixed = [*_closings(s, s.horizon), *_targets(s, names, s.horizon)]
    rows = np.concatenate([np.zeros((0, 4), dtype=np.int64), *fixed])
    people = () if _replaces(s) else tuple(_people(s, names, 0, 0, 0))
    return Plan(
        counted, rows, people, _blocks(s, names, counted, people), _columns(s, names, counted, people)
    )


def draw_agents(
    s: Scenario, names: Names, plan: Plan, seed: int, replication: int, antithetic: int
) -> Agents:
    """Return the agents and their calendar of one replication."""
    end_us = s.horizon.length_us
    people, blocks, columns = plan.people, plan.blocks, plan.columns
    if _replaces(s):
        people = tuple(_people(s, names, seed, replication, antithetic))
        blocks = _blocks(s, names, plan.counted, people)
        columns = _columns(s, names, plan.counted, people)
    rows = [plan.fixed]
    for n, group, block, shifts in blocks:
        if plan.people:
            keys = v.keys_of(v.stream(seed, replication, f"people {group} {block}"), n)
            from_us, until_us = np.zeros(n, np.int64), np.full(n, end_us)
            if s.groups[group].attrition is not None:
                own = [p for p in people if (p.group, p.block) == (group, block)]
                until_us[:] = [
                    _leaving_us(s.groups[group], p.hired_us, 0, key, end_us, antithetic)
                    for p, key in zip(own, keys, strict=True)
                ]
        else:
            own = [p for p in people if (p.group, p.block) == (group, block)]
            keys = np.array([p.key for p in own], dtype=np.uint64)
            from_us = np.array([p.from_us for p in own], dtype=np.int64)
            until_us = np.array([p.until_us for p in own], dtype=np.int64)
        rows += [shift.events(keys, from_us, until_us, antithetic, DUTY) for shift in shifts]
    events = np.concatenate(rows)
    events = events[np.lexsort((events[:, 2], events[:, 1], events[:, 0]))]
    team, speed, curve, hired_us, agent_names = columns
    return Agents(
        team=team,
        speed=speed,
        curve=curve,
        hired_us=hired_us,
        names=agent_names,
        at_us=np.ascontiguousarray(events[:, 0]),
        kind=np.ascontiguousarray(events[:, 1]),
        who=np.ascontiguousarray(events[:, 2]),
        value=np.ascontiguousarray(events[:, 3]),
    )


def _columns(
    s: Scenario, names: Names, counted: Sequence[tuple[str, int]], people: Sequence[Person]
) -> tuple[Ints, Floats, Ints, Ints, tuple[str, ...]]:
    """Return team, speed, learning curve, time of hiring and name of each agent."""
    team_of_group = {group: t for t, (group, blocks) in enumerate(names.teams) if not blocks}
    team = [team_of_group[g] for g, n in counted for _ in range(n)]
    none, curves = [0] * len(team), curve_numbers(s)
    return (
        np.array([*team, *(p.team for p in people)], dtype=np.int64),
        np.array([1.0] * len(team) + [s.groups[p.group].people[p.block].proficiency for p in people]),
        np.array(none + [curves[s.groups[p.group].learning] for p in people], dtype=np.int64),
        np.array(none + [p.hired_us for p in people], dtype=np.int64),
        (*(f"{g}.{i + 1}" for g, n in counted for i in range(n)), *(p.name for p in people)),
    )


def _blocks(
    s: Scenario, names: Names, counted: Sequence[tuple[str, int]], people: Sequence[Person]
) -> tuple[tuple[int, str, str, tuple[Block, ...]], ...]:
    """Return number of people, group, block and shifts of each block of people."""
    members: dict[tuple[str, str], list[int]] = {}
    for i, person in enumerate(people):
        members.setdefault((person.group, person.block), []).append(i)
    n_counted = sum(n for _, n in counted)
    found = []
    for (g, block), own in members.items():
        shift = s.shifts[s.groups[g].people[block].shift]
        places = [people[i].number for i in own]
        shifts = blocks_of(s, names, g, shift, [n_counted + i for i in own], places)
        found.append((len(own), g, block, tuple(shifts)))
    return tuple(found)


def _closings(s: Scenario, h: Horizon) -> Events:
    if s.time.lines_close is None:
        return []
    moments = [h.at_us(day, s.time.lines_close) for day in range(-1, h.n_days)]
    return [np.array([[m, CLOSE_LINES, 0, 0]]) for m in moments if 0 < m < h.length_us]


def _targets(s: Scenario, names: Names, h: Horizon) -> Iterator[np.ndarray]:
    """Yield how many agents of each counted group are at work, whenever that changes."""
    for g, name in enumerate(names.groups):
        group = s.groups[name]
        if group.agents is None:
            continue
        counts = h.spread(group.agents, int)
        outages = [
            (h.at_us(o.day, o.start), h.at_us(o.day, o.end), o.share)
            for _, o in sorted(s.outages.items())
            if strikes(o, name, group.site)
        ]
        moments = {int(m) for m in h.edges_us[:-1][np.flatnonzero(np.diff(counts, prepend=-1))]}
        moments |= {m for start, end, _ in outages for m in (start, end) if 0 < m < h.length_us}
        rows, before = [], 0
        for moment in sorted(moments):
            n = int(counts[moment // h.interval_us])
            for start, end, share in outages:
                if start <= moment < end:
                    n = int(n * (1.0 - share) + 0.5)
            if n != before:
                rows.append((moment, TARGET, g, n))
            before = n
        if rows:
            yield np.array(rows, dtype=np.int64)


def _people(s: Scenario, names: Names, seed: int, replication: int, antithetic: int) -> list[Person]:
    team_of = {(g, block): t for t, (g, blocks) in enumerate(names.teams) for block in blocks}
    first: list[Person] = []
    later: list[Person] = []
    end_us = s.horizon.length_us
    for g in names.groups:
        group = s.groups[g]
        for block in sorted(group.people):
            people = group.people[block]
            keys = v.keys_of(v.stream(seed, replication, f"people {g} {block}"), people.count)
            for i in range(people.count):
                hired = -_tenure_us(people, i)
                person = Person(g, block, i, team_of[g, block], keys[i], hired, 0, end_us)
                first.append(person)
                while group.attrition is not None and person.from_us < end_us:
                    leaves = _leaving_us(
                        group, person.hired_us, person.from_us, person.key, end_us, antithetic
                    )
                    if leaves >= end_us:
                        break
                    gone = replace(person, until_us=leaves)
                    (later if person.generation else first)[-1] = gone
                    gap = group.attrition.replaced_after_weeks
                    if gap is None:
                        break
                    start = leaves + round(gap * WEEK_US)
                    if start >= end_us:
                        break
                    key = v.mix(person.key, np.uint64(v.LEAVES))
                    person = replace(
                        person, key=key, hired_us=start, from_us=start,
                        generation=person.generation + 1,
                    )  # fmt: skip
                    later.append(person)
    return first + later


def _tenure_us(people: People, i: int) -> int:
    tenure = people.tenure_weeks
    if tenure is None:
        return 5000 * WEEK_US
    if isinstance(tenure, tuple):
        low, high = tenure
        tenure = low + (high - low) * (i + 0.5) / people.count
    return round(tenure * WEEK_US)


def _replaces(s: Scenario) -> bool:
    """Whether somebody new may come within the horizon for one who left."""
    return any(
        group.attrition is not None and group.attrition.replaced_after_weeks is not None
        for group in s.groups.values()
    )


def _leaving_us(
    group: Group, hired_us: int, from_us: int, key: np.uint64, end_us: int, antithetic: int
) -> int:
    """Return when a person leaves for good; at or after the end if not within the horizon."""
    assert group.attrition is not None
    hazard = group.attrition.weekly
    week = max(0, (from_us - hired_us) // WEEK_US)
    while True:
        start = hired_us + week * WEEK_US
        if start >= end_us:
            return end_us
        p = hazard[min(week, len(hazard) - 1)] if hazard else 0.0
        u = v.unit(v.mix(key, np.uint64(v.LEAVES + 1000 + week)), v.LEAVES, antithetic)
        if u < p:
            moment = start + int(u / p * WEEK_US)
            if moment >= from_us:
                return moment
        week += 1
