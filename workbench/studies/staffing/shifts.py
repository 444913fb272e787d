"""Which shifts may be planned? Those of the scenario or of a file, with every choice of their breaks.

A shift whose lunch is taken in four waves is four variants of one shift: which wave is taken is part of
the plan and no longer a matter of turns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise, product
from pathlib import Path

import numpy as np
from pydantic import Field, ValidationError

from workbench.errors import CallError, ScenarioError, UnknownName
from workbench.sim.mistakes import all_problems, read_yaml
from workbench.sim.model import Floats
from workbench.sim.parts import US, Part, clock_of, clock_s
from workbench.sim.people import Activity, Shift
from workbench.sim.scenario import Scenario
from workbench.studies.staffing.goals import SLOT_S, Goals
from workbench.studies.staffing.units import Unit

MOST_VARIANTS = 150
"""Of one shift; more choices of breaks make plans that nobody can tell apart."""


class Template(Shift):
    """A shift that may be planned."""

    groups: tuple[str, ...] = ()
    """Who may work it; empty: every group."""


class Templates(Part):
    """A file of shifts: `format: 1`, then `shifts`, written as in a scenario."""

    format: int = Field(1, ge=1, le=1)
    """Of this file."""
    shifts: dict[str, Template] = Field(min_length=1)
    """By name."""


_LOOKS_SO = (
    "Write one as YAML: format: 1, then under shifts a name and its times, "
    'as early: {start: "08:00", end: "16:00"}; activities as in a scenario'
)


@dataclass(frozen=True)
class Variant:
    """A shift in which everybody has the same breaks."""

    template: str
    name: str
    shift: Shift

    def segments(self) -> list[tuple[float, float, str, bool]]:
        """Return start, end, activity and whether it is paid, in order; "work" between the others. [s]

        Seconds are since midnight of the day on which the shift starts.
        """
        start, end = float(clock_s(self.shift.start)), float(clock_s(self.shift.end))
        found, at = [], start
        for begin, finish, name, paid in sorted(
            (float(clock_s(a.start)), clock_s(a.start) + a.minutes * 60, name, a.paid)
            for name, a in self.shift.activities.items()
        ):
            if begin > at:
                found.append((at, begin, "work", True))
            found.append((max(begin, at), finish, name, paid))
            at = max(at, finish)
        if at < end:
            found.append((at, end, "work", True))
        return found


def read_templates(path: Path) -> dict[str, Template]:
    """Read a file of shifts.

    Raises
    ------
    CallError
        if there is no such file.
    ScenarioError
        with every problem in it.
    """
    if not path.is_file():
        raise CallError(f'There is no file of shifts called "{path}". {_LOOKS_SO}')
    data, where = read_yaml(path)
    if not isinstance(data, dict):
        raise ScenarioError([f"this is no file of shifts. {_LOOKS_SO}"], where)
    try:
        read = Templates.model_validate(data)
    except ValidationError:
        raise ScenarioError(all_problems(Templates, data), where) from None
    problems = []
    for name, shift in read.shifts.items():
        if clock_s(shift.end) <= clock_s(shift.start):
            problems.append(
                f"shifts.{name}: ends at {shift.end}, not after its start at {shift.start}. "
                "A night shift ends beyond 24, as 22:00 to 30:00"
            )
        problems += [
            f"shifts.{name}.activities.{a}: lies outside the shift from {shift.start} to {shift.end}. "
            "Move it or take out waves"
            for a, activity in shift.activities.items()
            if clock_s(activity.start) < clock_s(shift.start) or _last_end_s(activity) > clock_s(shift.end)
        ]
    if problems:
        raise ScenarioError(problems, where)
    return read.shifts


def _last_end_s(a: Activity) -> float:
    return clock_s(a.start) + ((a.waves - 1) * a.wave_minutes + a.minutes) * 60


def variants_of(
    scenario: Scenario, units: tuple[Unit, ...], templates: dict[str, Template] | None = None
) -> dict[str, tuple[Variant, ...]]:
    """Return the shifts that each unit may work; nothing where there are no shifts at all.

    Without templates a unit may work the shifts that its people have; one whose people are counts may
    work every shift of the scenario.

    Raises
    ------
    UnknownName
        for a group in a template that the scenario does not have.
    CallError
        if a unit has no shift, while others have.
    """
    made: dict[str, tuple[Variant, ...]] = {}
    source = templates if templates is not None else scenario.shifts
    if not source:
        return {}
    for name, shift in source.items():
        made[name] = _variants(name, shift)
        for group in shift.groups if isinstance(shift, Template) else ():
            if group not in scenario.groups:
                raise UnknownName("group", group, scenario.groups)
    found = {}
    for unit in units:
        if templates is None:
            own = unit.shifts or tuple(source)
        else:
            own = tuple(n for n, t in templates.items() if not t.groups or unit.group in t.groups)
        if not own:
            raise CallError(
                f"{unit.name}: no shift of the file is for this group. Add one, or name the group in one."
            )
        found[unit.name] = tuple(v for name in own for v in made[name])
    return found


def _variants(name: str, shift: Shift) -> tuple[Variant, ...]:
    names = sorted(shift.activities)
    waves = [range(shift.activities[a].waves) for a in names]
    if np.prod([len(w) for w in waves]) > MOST_VARIANTS:
        raise CallError(
            f"shifts.{name}: its breaks can be combined in {int(np.prod([len(w) for w in waves])):,} ways, "
            f"of {MOST_VARIANTS} that are looked at. Use fewer waves, or fewer breaks that have them."
        )
    found = []
    for choice in product(*waves):
        activities = {
            a: shift.activities[a].model_copy(
                update={"start": clock_of(_wave_s(shift.activities[a], w)), "waves": 1, "wave_minutes": 0.0}
            )
            for a, w in zip(names, choice, strict=True)
        }
        spans = sorted((clock_s(a.start), clock_s(a.start) + a.minutes * 60) for a in activities.values())
        if any(b[0] < a[1] for a, b in pairwise(spans)):
            continue
        moved = [a for a, w in zip(names, waves, strict=True) if len(w) > 1]
        label = "".join(f", {a} {activities[a].start}" for a in moved)
        plain = Shift(start=shift.start, end=shift.end, days=shift.days, activities=activities)
        found.append(Variant(name, f"{name}{label}", plain))
    if not found:
        raise CallError(f"shifts.{name}: its breaks overlap in every wave. Move one of them.")
    return tuple(found)


def _wave_s(a: Activity, wave: int) -> int:
    return clock_s(a.start) + round(wave * a.wave_minutes * 60)


def days_of(scenario: Scenario, variant: Variant) -> list[date]:
    """Return the dates within the horizon on which a shift starts."""
    h = scenario.horizon
    days = [h.day(d) for d in range(h.n_days)]
    return [day for day in days if day.weekday() in variant.shift.days]


def paid_hours(scenario: Scenario, variant: Variant) -> float:
    """Return the paid hours of one person on a shift over the horizon, whole shifts counted."""
    paid = sum(end - start for start, end, _, paid in variant.segments() if paid)
    return paid / 3600 * len(days_of(scenario, variant))


def cover_of(goals: Goals, variant: Variant) -> Floats:
    """Return the share of each slot in which somebody on a shift is on duty, shape (T,)."""
    h, edges = goals.scenario.horizon, goals.slot_us.astype(np.float64)
    found = np.zeros(len(edges) - 1)
    midnight = variant.shift.model_copy()
    for day in range(-2, h.n_days):
        if h.day(day).weekday() not in midnight.days:
            continue
        for start, end, activity, _ in variant.segments():
            if activity != "work":
                continue
            low, high = h.at_us(day, clock_of(round(start))), h.at_us(day, clock_of(round(end)))
            overlap = np.minimum(edges[1:], high) - np.maximum(edges[:-1], low)
            found += np.maximum(overlap, 0.0)
    return found / (np.diff(goals.slot_us) / US) / US


def moved(variant: Variant, seconds: int) -> Variant:
    """Return a shift with its breaks so much later, or earlier where negative. [s]"""
    shift = variant.shift
    activities = {
        name: a.model_copy(update={"start": clock_of(clock_s(a.start) + seconds)})
        for name, a in shift.activities.items()
    }
    start, end = clock_of(clock_s(shift.start) + seconds), clock_of(clock_s(shift.end) + seconds)
    other = Shift(start=start, end=end, days=shift.days, activities=activities)
    return Variant(f"{variant.template} from {start}", f"{variant.template} from {start}", other)


def slot_s_of(scenario: Scenario, variants: dict[str, tuple[Variant, ...]]) -> int:
    """Return the longest slot, of whole intervals and at most half an hour, at whose edges people come and go.

    Where they come and go between intervals, a slot is one interval. [s]
    """
    interval = scenario.time.interval_s
    start = scenario.time.start
    opening = start.hour * 3600 + start.minute * 60 + start.second
    moments = {round(s) for own in variants.values() for v in own for seg in v.segments() for s in seg[:2]}
    step = int(np.gcd.reduce([m - opening for m in moments] + [SLOT_S]))
    return max(interval, step - step % interval if step % interval == 0 else interval)
