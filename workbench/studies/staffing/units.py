"""Who can be planned? Agents of one group with the same skills are a unit.

A unit is a group of the scenario, or a part of one whose people have other skills. Who is planned has
the mean speed of those who stand in the scenario (proficiency and learning); who leaves for good and
who is hired is a question of capacity, not of shifts, and stays out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from workbench.errors import ScenarioError
from workbench.sim.compile import teams_of
from workbench.sim.model import Floats
from workbench.sim.people import Group, Skill
from workbench.sim.scenario import Scenario


@dataclass(frozen=True)
class Unit:
    """Agents who can be planned alike.

    Attributes
    ----------
    name : the group's, or "group (block)" where a group has people with different skills.
    serves : the queues whose contacts they take.
    per_hour : pay; 1 for everybody where the scenario names none, so that plans are compared by paid hours.
    present : expected share of a shift's time that is not shrinkage.
    paid : expected share of a shift's pay that is paid.
    speed : mean factor on handle times of the people in the scenario.
    shifts : that its people have now; empty where they are counts.
    now : people in the scenario; None where they are counts.
    """

    name: str
    group: str
    skills: dict[str, Skill]
    serves: tuple[str, ...]
    per_hour: float
    present: float
    paid: float
    speed: float
    shifts: tuple[str, ...]
    now: int | None


def units_of(scenario: Scenario) -> tuple[Unit, ...]:
    """Return the units of a scenario, in the order of groups.

    Raises
    ------
    ScenarioError
        if there are no groups.
    """
    teams = teams_of(scenario)
    if not teams:
        raise ScenarioError(["groups: nobody can be planned. Name at least one group with its skills"])
    several = {g for g, _, _ in teams if sum(name == g for name, _, _ in teams) > 1}
    found = [_unit(scenario, group, blocks, skills, group in several) for group, blocks, skills in teams]
    return tuple(replace(unit, per_hour=1.0) if unpaid(scenario) else unit for unit in found)


def unpaid(scenario: Scenario) -> bool:
    """Whether a scenario names no pay at all."""
    own = [group.pay_per_hour for group in scenario.groups.values()]
    return not any(scenario.money.pay_per_hour if pay is None else pay for pay in own)


def _unit(s: Scenario, group: str, blocks: tuple[str, ...], skills: dict[str, Skill], split: bool) -> Unit:
    own = s.groups[group]
    kinds = own.shrinkage.values()
    away = sum(k.share for k in kinds if k.whole_days)
    spells = sum(k.share for k in kinds if not k.whole_days)
    unpaid = sum(k.share for k in kinds if not k.paid)
    people = [own.people[b] for b in blocks]
    counted = [p.count for p in people]
    speeds = [_speed(s, own, b) for b in blocks]
    speed = float(np.average(speeds, weights=counted)) if sum(counted) else 1.0
    pay = s.money.pay_per_hour if own.pay_per_hour is None else own.pay_per_hour
    return Unit(
        name=f"{group} ({blocks[0]})" if split else group,
        group=group,
        skills=skills,
        serves=tuple(q for q in sorted(s.queues) if (s.queues[q].skill or q) in skills),
        per_hour=pay,
        present=max(0.0, (1.0 - away) * (1.0 - spells)),
        paid=max(0.0, 1.0 - unpaid),
        speed=speed,
        shifts=tuple(sorted({p.shift for p in people})),
        now=sum(counted) if blocks else None,
    )


def _speed(s: Scenario, group: Group, block: str) -> float:
    """Return the mean handle-time factor of a block's people when the horizon starts."""
    people = group.people[block]
    if group.learning is None or people.tenure_weeks is None:
        return people.proficiency
    tenure = people.tenure_weeks
    low, high = tenure if isinstance(tenure, tuple) else (tenure, tenure)
    weeks = low + (high - low) * (np.arange(max(people.count, 1)) + 0.5) / max(people.count, 1)
    curve = np.append(np.array(s.curves[group.learning].handle, dtype=float), 1.0)
    return people.proficiency * float(curve[np.minimum(weeks.astype(int), len(curve) - 1)].mean())


def group_data(s: Scenario, unit: Unit) -> dict[str, Any]:
    """Return a unit as the plain data of a group without its staff."""
    data = s.groups[unit.group].model_dump(mode="json", exclude_defaults=True)
    for field in ("agents", "people", "attrition", "learning"):
        data.pop(field, None)
    data["skills"] = {name: skill.model_dump(mode="json") for name, skill in unit.skills.items()}
    return data


def per_agent(s: Scenario, queue: str) -> float:
    """Return how many contacts of a queue an agent handles at a time, by its channel's stretch."""
    channel = s.all_channels[s.queues[queue].channel]
    stretch = channel.stretch or (1.0,)
    at_most = stretch[min(channel.concurrency, len(stretch)) - 1]
    return channel.concurrency / at_most if at_most > 0 else float(channel.concurrency)


def mean_handle_s(s: Scenario) -> Floats:
    """Return the mean handle time of each queue by interval, shape (n_intervals, Q); without stretch. [s]"""
    m, h = s.prepared.model, s.horizon
    step = np.searchsorted(m.step_us, h.edges_us[:-1], side="right") - 1
    parts = m.part_us.copy()
    parts[:, 1] *= m.hold_probability
    upto = m.complexity_upto[:, step, :]
    shares = np.diff(upto, axis=2, prepend=0.0)
    mix = (shares * m.complexity_handle[:, None, :]).sum(axis=2)
    found: Floats = (parts.sum(axis=1)[:, None] * m.handle_step[:, step] * mix).T / 1e6
    return found
