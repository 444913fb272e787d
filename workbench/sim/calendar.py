"""When is which agent at what? Shifts, absence, lateness, attrition and outages become one calendar.

The calendar is a sorted list of events: an agent's duty changes, a counted group has another number
of agents, lines close. It is drawn before an engine starts; an engine only reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from workbench.sim import variates as v
from workbench.sim.horizon import Horizon
from workbench.sim.model import OFF, ON, Floats, Ints, Keys, Names, curve_numbers, most_agents
from workbench.sim.parts import US
from workbench.sim.people import Group, People, Shift
from workbench.sim.scenario import Outage, Scenario

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


def draw_agents(s: Scenario, names: Names, seed: int, replication: int, antithetic: int) -> Agents:
    """Return the agents and their calendar of one replication."""
    h = s.horizon
    counted = [(g, n) for g in names.groups if (n := most_agents(s.groups[g]))]
    team_of_group = {group: t for t, (group, blocks) in enumerate(names.teams) if not blocks}
    people = _people(s, names, seed, replication, antithetic)
    team = [team_of_group[g] for g, n in counted for _ in range(n)]
    n_counted, curves = len(team), curve_numbers(s)
    events: Events = [*_closings(s, h), *_targets(s, names, h)]
    events += _duties(s, names, people, n_counted, (seed, replication, antithetic))
    rows = np.concatenate([np.zeros((0, 4), dtype=np.int64), *events])
    rows = rows[np.lexsort((rows[:, 2], rows[:, 1], rows[:, 0]))]
    return Agents(
        team=np.array([*team, *(p.team for p in people)], dtype=np.int64),
        speed=np.array([1.0] * n_counted + [s.groups[p.group].people[p.block].proficiency for p in people]),
        curve=np.array(
            [0] * n_counted + [curves[s.groups[p.group].learning] for p in people], dtype=np.int64
        ),
        hired_us=np.array([0] * n_counted + [p.hired_us for p in people], dtype=np.int64),
        names=(
            *(f"{g}.{i + 1}" for g, n in counted for i in range(n)),
            *(p.name for p in people),
        ),
        at_us=np.ascontiguousarray(rows[:, 0]),
        kind=np.ascontiguousarray(rows[:, 1]),
        who=np.ascontiguousarray(rows[:, 2]),
        value=np.ascontiguousarray(rows[:, 3]),
    )


def _closings(s: Scenario, h: Horizon) -> Events:
    if s.time.lines_close is None:
        return []
    moments = [h.at_us(day, s.time.lines_close) for day in range(-1, h.n_days)]
    return [np.array([[m, CLOSE_LINES, 0, 0]]) for m in moments if 0 < m < h.length_us]


def _strikes(outage: Outage, group: str, site: str) -> bool:
    return outage.group == group or (outage.site is not None and outage.site == site)


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
            if _strikes(o, name, group.site)
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
                    leaves = _leaving_us(group, person, end_us, antithetic)
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


def _leaving_us(group: Group, person: Person, end_us: int, antithetic: int) -> int:
    """Return when a person leaves for good; at or after the end if not within the horizon."""
    assert group.attrition is not None
    hazard = group.attrition.weekly
    week = max(0, (person.from_us - person.hired_us) // WEEK_US)
    while True:
        start = person.hired_us + week * WEEK_US
        if start >= end_us:
            return end_us
        p = hazard[min(week, len(hazard) - 1)] if hazard else 0.0
        u = v.unit(v.mix(person.key, np.uint64(v.LEAVES + 1000 + week)), v.LEAVES, antithetic)
        if u < p:
            moment = start + int(u / p * WEEK_US)
            if moment >= person.from_us:
                return moment
        week += 1


def _duties(
    s: Scenario, names: Names, people: list[Person], n_counted: int, draw: tuple[int, int, int]
) -> Iterator[np.ndarray]:
    """Yield the duty events of people, shift by shift."""
    by_block: dict[tuple[str, str], list[tuple[int, Person]]] = {}
    for i, person in enumerate(people):
        by_block.setdefault((person.group, person.block), []).append((n_counted + i, person))
    for (g, block), members in by_block.items():
        shift = s.shifts[s.groups[g].people[block].shift]
        layers = _Layers(s, names, s.groups[g], shift, draw)
        numbers = np.array([number for number, _ in members])
        for day in layers.days:
            yield layers.events(day, numbers, [p for _, p in members])


@dataclass(frozen=True)
class _Layers:
    """What lies over one another in a shift: the later layer hides the earlier one."""

    s: Scenario
    names: Names
    group: Group
    shift: Shift
    draw: tuple[int, int, int]

    @property
    def days(self) -> list[int]:
        h = self.s.horizon
        return [d for d in range(-2, h.n_days) if h.day(d).weekday() in self.shift.days]

    def _code(self, name: str, paid: bool) -> int:
        pairs = list(zip(self.names.duties, self.names.duty_paid, strict=True))
        return pairs.index((name, paid), 2)

    def events(self, day: int, numbers: Ints, people: list[Person]) -> np.ndarray:
        """Return the duty events of one day's shift, in any order."""
        h, n = self.s.horizon, len(people)
        start, end = h.at_us(day, self.shift.start), h.at_us(day, self.shift.end)
        if end <= 0 or start >= h.length_us:
            return np.zeros((0, 4), dtype=np.int64)
        keys = np.array([p.key for p in people], dtype=np.uint64)
        keys = _under(keys, 10_000 + (day + 2))
        spans: list[tuple[Ints, Ints, Ints]] = []  # start, end, duty of each layer, per person

        def layer(begin: Ints | int, finish: Ints | int, duty: Ints | int) -> None:
            spans.append(tuple(np.broadcast_to(np.asarray(x), n) for x in (begin, finish, duty)))  # type: ignore[arg-type]

        layer(start, end, ON)
        for spell in self._spells(keys, start, end):
            layer(*spell)
        for fails, works, struck in self._outages(people):
            layer(fails, np.where(struck, works, fails), len(self.names.duties) - 1)
        waves = np.array([p.number for p in people])
        for name in sorted(self.shift.activities):
            activity = self.shift.activities[name]
            shifted = (waves % activity.waves) * round(activity.wave_minutes * 60 * US)
            begin = h.at_us(day, activity.start) + shifted
            layer(begin, begin + round(activity.minutes * 60 * US), self._code(name, activity.paid))
        late, early = self._adherence(keys)
        layer(start, start + late, OFF)
        layer(end - early, end, OFF)
        away = self._away(keys)
        layer(start, np.where(away >= 0, end, start), np.maximum(away, 0))
        layer(start, np.array([p.from_us for p in people]), OFF)
        layer(np.array([p.until_us for p in people]), end, OFF)
        return _painted(numbers, np.array(spans), max(start, 0), min(end, h.length_us), h.length_us)

    def _away(self, keys: Keys) -> Ints:
        """Return the duty of a whole shift away, -1 for who comes."""
        u = v.units(keys, v.AWAY, self.draw[2])
        away, upto = np.full(len(keys), -1, dtype=np.int64), 0.0
        for name in sorted(self.group.shrinkage):
            kind = self.group.shrinkage[name]
            if kind.whole_days:
                away[(u >= upto) & (u < upto + kind.share)] = self._code(name, kind.paid)
                upto += kind.share
        return away

    def _spells(self, keys: Keys, start: int, end: int) -> Iterator[tuple[Ints, Ints, int]]:
        """Yield one spell per shift for each kind of shrinkage within the day."""
        for name in sorted(self.group.shrinkage):
            kind = self.group.shrinkage[name]
            if kind.whole_days or not kind.share:
                continue
            length = round(kind.share * (end - start))
            own = _under(keys, int(v.name_key(name) >> np.uint64(1)))
            begin = start + (v.units(own, v.SPELL, self.draw[2]) * (end - start - length)).astype(np.int64)
            yield begin, begin + length, self._code(name, kind.paid)

    def _adherence(self, keys: Keys) -> tuple[Ints, Ints]:
        rule = self.group.adherence
        zero = np.zeros(len(keys), dtype=np.int64)
        if rule is None:
            return zero, zero
        tables = v.quantile_tables([rule.late_by, rule.early_by])
        out = []
        for row, (p, by, what, how) in enumerate(
            ((rule.late, rule.late_by, v.LATE, v.LATE_BY), (rule.early, rule.early_by, v.EARLY, v.EARLY_BY))
        ):
            happens = v.units(keys, what, self.draw[2]) < p
            length = v.variates(tables, row, v.units(keys, how, self.draw[2])) * by.mean * US
            out.append(np.where(happens, length, 0.0).astype(np.int64))
        return out[0], out[1]

    def _outages(self, people: list[Person]) -> Iterator[tuple[int, int, np.ndarray]]:
        h = self.s.horizon
        for name, outage in sorted(self.s.outages.items()):
            if not _strikes(outage, people[0].group, self.group.site):
                continue
            keys = _under(
                np.array([p.key for p in people], dtype=np.uint64), int(v.name_key(name) >> np.uint64(1))
            )
            struck = v.units(keys, v.AWAY, self.draw[2]) < outage.share
            yield h.at_us(outage.day, outage.start), h.at_us(outage.day, outage.end), struck


def _under(keys: Keys, word: int) -> Keys:
    return np.array([v.mix(key, np.uint64(word)) for key in keys], dtype=np.uint64)


def _painted(numbers: Ints, spans: Ints, start: int, end: int, length_us: int) -> np.ndarray:
    """Return the events of layers painted over one another from start to end.

    Parameters
    ----------
    numbers : array of shape (n,): the agents.
    spans : array of shape (layers, 3, n): start, end and duty. [µs, µs, code]
    """
    begin, finish, duty = (np.clip(spans[:, 0], start, end), np.clip(spans[:, 1], start, end), spans[:, 2])
    edges = np.sort(np.concatenate([begin, finish]), axis=0)
    now = np.full(edges.shape, OFF, dtype=np.int64)
    for i in range(len(spans)):
        inside = (edges >= begin[i]) & (edges < finish[i])
        now = np.where(inside, duty[i], now)
    last = np.vstack([edges[1:] != edges[:-1], np.ones((1, edges.shape[1]), dtype=bool)])
    rows = []
    for column, agent in enumerate(numbers):
        at, what = edges[last[:, column], column], now[last[:, column], column]
        keep = np.diff(what, prepend=OFF) != 0
        rows += [(t, DUTY, agent, d) for t, d in zip(at[keep], what[keep], strict=True) if t < length_us]
    return np.array(rows, dtype=np.int64).reshape(-1, 4)
