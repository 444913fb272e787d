"""Of what is a plan made? Columns: so many agents of a unit in one slot, or so many people on one shift.

A plan is a whole number for each column. A column knows what it costs and which share of each slot it
puts an agent on duty, so that plans of counts and plans of shifts are one problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workbench.sim.model import Floats, Ints
from workbench.sim.people import People
from workbench.sim.scenario import Scenario
from workbench.sim.workload import restaffed
from workbench.studies.staffing.goals import Goals
from workbench.studies.staffing.shifts import Variant, cover_of, paid_hours
from workbench.studies.staffing.units import Unit, group_data

APART = 4
"""So many kinds of units are told apart one by one; of more, those that share no queue are taken together."""
UNLIKE = ("pay_per_hour", "shrinkage", "adherence", "site")
"""In these, units of one kind may differ."""


@dataclass(frozen=True)
class Pool:
    """All columns of a problem, J of them, over U units and T slots.

    Attributes
    ----------
    scenario : with a group for each unit, and nobody in it.
    variants : the shift of each column; empty where columns are slots.
    unit : array of shape (J,): whose column it is.
    cover : array of shape (J, T): share of the slot on duty, shrinkage taken off.
    cost : array of shape (J,): of one agent or one person over the horizon, in the scenario's currency.
    """

    goals: Goals
    scenario: Scenario
    units: tuple[Unit, ...]
    variants: tuple[Variant, ...]
    unit: Ints
    cover: Floats
    cost: Floats

    @property
    def by_shifts(self) -> bool:
        """Whether columns are shifts of people."""
        return bool(self.variants)

    @cached_property
    def coverable(self) -> np.ndarray:
        """(U, T) whether any column puts somebody of the unit on duty for a good part of the slot."""
        found = np.zeros((len(self.units), self.goals.n_slots), dtype=bool)
        for u in range(len(self.units)):
            own = self.unit == u
            found[u] = (self.cover[own] > 0.25).any(axis=0) if own.any() else False
        return found

    @cached_property
    def kinds(self) -> list[list[int]]:
        """Units in groups of the same skills, as an early and a late team."""
        found: dict[str, list[int]] = {}
        for u, unit in enumerate(self.units):
            data = group_data(self.goals.scenario, unit)
            alike = {field: value for field, value in sorted(data.items()) if field not in UNLIKE}
            found.setdefault(repr(alike), []).append(u)
        return list(found.values())

    @cached_property
    def touched(self) -> np.ndarray:
        """(U, Q) which queues a unit is held to change: those that it serves; of few kinds, all."""
        names = sorted(self.goals.scenario.queues)
        if len(self.kinds) <= APART:
            return np.ones((len(self.units), len(names)), dtype=bool)
        return np.array([[q in unit.serves for q in names] for unit in self.units])

    def on_duty(self, x: Ints) -> Floats:
        """Return the expected agents on duty, shape (U, T)."""
        found = np.zeros((len(self.units), self.goals.n_slots))
        np.add.at(found, self.unit, self.cover * x[:, None])
        return found

    def people(self, x: Ints) -> Ints:
        """Return the people of each unit; of counts, the most in a slot."""
        if not self.by_shifts:
            most: Ints = np.rint(self.on_duty(x).max(axis=1)).astype(np.int64)
            return most
        found: Ints = np.bincount(self.unit, weights=x, minlength=len(self.units)).astype(np.int64)
        return found

    def price(self, x: Ints) -> float:
        """Return what a plan costs as scheduled."""
        return float(self.cost @ x)

    def staffed(self, x: Ints) -> Scenario:
        """Return the scenario with a plan in it; shares everything but its agents."""
        s, groups = self.scenario, {}
        for u, unit in enumerate(self.units):
            group = s.groups[unit.name]
            own = np.flatnonzero(self.unit == u)
            if self.by_shifts:
                staff = {
                    name: block.model_copy(update={"count": int(n)})
                    for (name, block), n in zip(group.people.items(), x[own].tolist(), strict=True)
                }
                groups[unit.name] = group.model_copy(update={"people": staff})
            else:
                counts = self._by_interval(x[own])
                groups[unit.name] = group.model_copy(update={"agents": tuple(counts.tolist())})
        return restaffed(s, groups)

    def _by_interval(self, by_slot: Ints) -> Ints:
        n = self.goals.scenario.horizon.n_intervals
        lengths = np.diff(np.append(self.goals.slot_start, n))
        return np.repeat(by_slot, lengths)

    def written(self, x: Ints) -> Scenario:
        """Return the plan as a scenario of its own, checked, with nothing in it that nobody works."""
        s = self.scenario
        data = s.to_data()
        used: set[str] = set()
        for u, unit in enumerate(self.units):
            own = np.flatnonzero(self.unit == u)
            group = data["groups"][unit.name]
            if self.by_shifts:
                blocks = [(int(x[j]), self.variants[j]) for j in own if x[j]] or [(0, self.variants[own[0]])]
                used |= {v.name for _, v in blocks}
                group["people"] = {v.name: _block(unit, n, v) for n, v in blocks}
            else:
                group["agents"] = self._by_interval(x[own]).tolist()
        data["shifts"] = {name: shift for name, shift in data.get("shifts", {}).items() if name in used}
        return Scenario.parse(data, s.name)


def _block(unit: Unit, n: int, variant: Variant) -> dict[str, object]:
    block = People(count=n, shift=variant.name, proficiency=round(unit.speed, 4))
    return block.model_dump(mode="json", exclude_defaults=True)


def pool_of_slots(goals: Goals, units: tuple[Unit, ...]) -> Pool:
    """Return a problem in which every slot of every unit has its own number of agents."""
    s, n_slots = goals.scenario, goals.n_slots
    hours = np.diff(goals.slot_us) / 3600e6
    data = s.to_data()
    data["groups"] = {}
    for unit in units:
        group = {**group_data(s, unit), "agents": 0}
        for field in ("shrinkage", "adherence"):
            group.pop(field, None)
        if unit.speed != 1.0:
            group["handle_factor"] = round(group.get("handle_factor", 1.0) * unit.speed, 4)
        data["groups"][unit.name] = group
    data.pop("shifts", None)
    data.pop("curves", None)
    return Pool(
        goals=goals,
        scenario=Scenario.parse(_same_outages(data, units), s.name),
        units=units,
        variants=(),
        unit=np.repeat(np.arange(len(units)), n_slots),
        cover=np.tile(np.eye(n_slots), (len(units), 1)),
        cost=np.concatenate([hours * unit.per_hour for unit in units]),
    )


def pool_of_shifts(
    goals: Goals, units: tuple[Unit, ...], variants: Mapping[str, tuple[Variant, ...]]
) -> Pool:
    """Return a problem in which every unit has a number of people on each of its shifts.

    Parameters
    ----------
    variants : of each unit, by its name.
    """
    s = goals.scenario
    data = s.to_data()
    data["groups"], data["shifts"] = {}, {}
    data.pop("curves", None)
    columns: list[tuple[int, Variant]] = []
    for u, unit in enumerate(units):
        own = sorted(variants[unit.name], key=lambda v: v.name)  # blocks stand in the order of names
        columns += [(u, v) for v in own]
        data["groups"][unit.name] = {
            **group_data(s, unit),
            "people": {v.name: _block(unit, 0, v) for v in own},
        }
        data["shifts"] |= {v.name: v.shift.model_dump(mode="json", exclude_defaults=True) for v in own}
    each = {v.name: v for _, v in columns}
    cover = {name: cover_of(goals, v) for name, v in each.items()}
    hours = {name: paid_hours(s, v) for name, v in each.items()}
    return Pool(
        goals=goals,
        scenario=Scenario.parse(_same_outages(data, units), s.name),
        units=units,
        variants=tuple(v for _, v in columns),
        unit=np.array([u for u, _ in columns], dtype=np.int64),
        cover=np.array([cover[v.name] * units[u].present for u, v in columns]),
        cost=np.array([hours[v.name] * units[u].per_hour * units[u].paid for u, v in columns], np.float64),
    )


def _same_outages(data: dict[str, object], units: tuple[Unit, ...]) -> dict[str, object]:
    """Let an outage of a group that was split strike each of its parts."""
    outages = data.get("outages")
    if isinstance(outages, dict):
        for name, outage in list(outages.items()):
            parts = [u.name for u in units if u.group == outage.get("group")]
            if not parts or parts == [outage["group"]]:
                continue
            del outages[name]
            outages |= {f"{name} ({part})": {**outage, "group": part} for part in parts}
    return data
