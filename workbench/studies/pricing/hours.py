"""What are hours worth that come back to the floor: their pay, or the service that they buy?

Whoever mends a fault may do with fewer people and hold service, or keep everybody and serve better; not both. The
first is a sum. The second is simulated: beside each group stand people with the same skills and working times
who are away today and come back as far as hours do, whole shifts at random. The dearer use is the price.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.sim.change import Change
from workbench.sim.parts import clock_s
from workbench.sim.people import Group
from workbench.sim.scenario import Scenario
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats, Reading
from workbench.studies.pricing.doubts import Mapping as How
from workbench.studies.pricing.floor import BACK, DESK
from workbench.studies.pricing.rule import WHOLE, Cost, Counted, Moved, Part, added

AWAY = "not back yet"
"""Kind of absence of those who are not back."""
BLOCK_H = 4
"""Working time of people who come back to a group that is counted, or where people lack. [h]"""
PATH = "groups.*.shrinkage"
"""What moves when hours come back: who is away, as a share of today's paid hours more at work."""

Pattern = Mapping[int, Floats]
"""Weekday (0: Monday) → people in each BLOCK_H of the day: arrays of shape (24 / BLOCK_H,)."""


@serves("SIM-1", "SIM-6", "SIM-9", "SIM-12", kind="calculator")
def hours_back(
    basis: Basis, findings: tuple[Finding, ...], title: str, read: Reading, how: How,
    share: Callable[[Floats, Floats], Floats], held: Cost, *, beside: Cost | None = None,
    pattern: Pattern | None = None, notes: tuple[str, ...] = (), part: Part = WHOLE,
) -> Moved | Counted:  # fmt: skip
    """Return the price of hours that a fault takes from the floor.

    Parameters
    ----------
    share : measured, factor of the mapping → hours lost over all paid hours.
    held : what the hours cost where service is held.
    beside : what is lost besides, whatever the hours are used for.
    pattern : people who lack, by weekday and time of day; None: as people are at work.
    part : of what the amount is a part.
    """
    if basis.scenario is None or not basis.paid_hours:
        cost = held if beside is None else added(held, beside)
        lacking = (
            basis.no_scenario or "none came"
            if basis.scenario is None
            else "how many hours are paid is not known"
        )
        why = f"The service that the hours would buy is not simulated: {lacking}."
        return Counted(findings, title, read, how, PATH, cost, (*notes, why), part)
    mark = f"{BACK} {findings[0].code}"
    return Moved(
        findings, title, read, how, PATH, 0.0, lambda m, k: -share(m, k), coming_back(mark), "labour", "service",
        additions=waiting_to_come(mark, pattern), most=1.0, notes=notes, from_today=True, beside=beside, instead=held,
        part=part,
    )  # fmt: skip


def waiting_to_come(mark: str, pattern: Pattern | None = None) -> Callable[[Scenario], tuple[Change, ...]]:
    """Return what puts people beside each group who are all away; with nothing else changed nothing happens.

    Parameters
    ----------
    mark : ends the names of their groups.
    """

    def additions(scenario: Scenario) -> tuple[Change, ...]:
        changes: list[Change] = []
        mine = _groups(scenario)
        whole = sum(_hours_a_week(scenario, g) for g in mine.values())
        for name, group in mine.items():
            part = _hours_a_week(scenario, group) / whole if whole > 0 else 0.0
            if pattern is None and group.people:
                people = {b: p.model_dump(mode="json") for b, p in group.people.items()}
            else:
                lacking = (
                    _counts(scenario, group) if pattern is None else {d: part * v for d, v in pattern.items()}
                )
                people, shifts = _blocks(lacking, f"{mark} {name}")
                changes += [
                    Change(f"shifts.{s}", value, "when people may come back") for s, value in shifts.items()
                ]
            if people:
                changes.append(
                    Change(f"groups.{name} {mark}", _twin(group, people), "people who are away today")
                )
        return tuple(changes)

    return additions


def coming_back(mark: str) -> Callable[[Scenario, float], tuple[Change, ...]]:
    """Return what brings people back: so many hours over all paid hours of today's floor."""

    def changes(scenario: Scenario, value: float) -> tuple[Change, ...]:
        twins = {n: g for n, g in scenario.groups.items() if n.endswith(mark)}
        whole = sum(_hours_a_week(scenario, g) for g in _groups(scenario).values())
        theirs = sum(_hours_a_week(scenario, g) for g in twins.values())
        there = min(value * whole / theirs, 1.0) if theirs > 0 else 0.0
        why = f"{value:.2%} more of the paid hours at work"
        return tuple(Change(f"groups.{n}.shrinkage.{AWAY}.share", 1.0 - there, why) for n in twins)

    return changes


def _groups(scenario: Scenario) -> dict[str, Group]:
    return {n: g for n, g in scenario.groups.items() if n != DESK and BACK not in n}


def _twin(group: Group, people: Mapping[str, Any]) -> dict[str, Any]:
    """Return a group like another whose people are all away; absence of whole days is in the hours already."""
    spells = {n: k.model_dump(mode="json") for n, k in group.shrinkage.items() if not k.whole_days}
    return {
        "site": group.site,
        "people": dict(people),
        "skills": {n: s.model_dump(mode="json") for n, s in group.skills.items()},
        "handle_factor": group.handle_factor,
        "learning": group.learning,
        "shrinkage": {**spells, AWAY: {"share": 1.0, "whole_days": True, "paid": False}},
        "pay_per_hour": group.pay_per_hour,
    }


def _hours_a_week(scenario: Scenario, group: Group) -> float:
    """Return the hours of a group's working times in a week, whole days of absence taken off but for AWAY."""
    if group.agents is not None:
        return BLOCK_H * sum(float(v.sum()) for v in _counts(scenario, group).values())
    there = 1.0 - sum(k.share for n, k in group.shrinkage.items() if k.whole_days and n != AWAY)
    return there * sum(
        people.count * len(shift.days) * (clock_s(shift.end) - clock_s(shift.start)) / 3600
        for people in group.people.values()
        for shift in (scenario.shifts[people.shift],)
    )


def _counts(scenario: Scenario, group: Group) -> dict[int, Floats]:
    """Return the people of a counted group, mean by weekday and block of the day."""
    h = scenario.horizon
    rows: dict[tuple[int, int], list[float]] = {}
    for edge_us, n in zip(h.edges_us.tolist(), h.spread(group.agents or (0,)).tolist(), strict=False):
        local = (h.start_utc + timedelta(microseconds=edge_us)).astimezone(h.zone)
        rows.setdefault((local.weekday(), local.hour // BLOCK_H), []).append(n)
    found = {day: np.zeros(24 // BLOCK_H) for day in sorted({d for d, _ in rows})}
    for (day, block), values in rows.items():
        found[day][block] = np.mean(values)
    return found


def _blocks(pattern: Pattern, mark: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return people and their shifts, one block for each weekday and block of the day in which anybody is."""
    people: dict[str, Any] = {}
    shifts: dict[str, Any] = {}
    for day, block, n in _filled(pattern):
        name = f"{mark} {day} {BLOCK_H * block:02d}"
        people[name] = {"count": max(math.ceil(n), 1), "shift": name}
        shifts[name] = {
            "start": f"{BLOCK_H * block:02d}:00",
            "end": f"{BLOCK_H * (block + 1):02d}:00",
            "days": [day],
        }
    return people, shifts


def _filled(pattern: Pattern) -> Iterator[tuple[int, int, float]]:
    whole = sum(float(v.sum()) for v in pattern.values())
    for day in sorted(pattern):
        for block, n in enumerate(pattern[day].tolist()):
            if n > 0.001 * whole:
                yield day, block, n
