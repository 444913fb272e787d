"""What if more people can do more, or help sooner?"""

from __future__ import annotations

import math
from typing import Any

from workbench.errors import UnknownName
from workbench.sim.change import Change
from workbench.sim.people import Group, Skill
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, groups_of, heads, mean_of, moved, whole

SUFFIX = " cross-trained"


def _needed(scenario: Scenario, only: str) -> dict[str, set[str]]:
    """Return the skills that queues need, each with the channels of those queues."""
    found: dict[str, set[str]] = {}
    for name, queue in scenario.queues.items():
        found.setdefault(queue.skill or name, set()).add(queue.channel)
    if only and only not in found:
        raise UnknownName("skill", only, found)
    return found


def _further(scenario: Scenario, skills: dict[str, Skill], only: str) -> dict[str, Any]:
    """Return skills with the further ones that training gives; the same if there is nothing to learn."""
    needed = _needed(scenario, only)
    own = set().union(*(needed[name] for name in skills if name in needed))
    missing = [n for n in sorted(needed) if n not in skills and needed[n] & own and (not only or n == only)]
    level = min(99, 1 + max((s.level for s in skills.values()), default=0))
    return {n: s.model_dump(mode="json") for n, s in skills.items()} | {n: {"level": level} for n in missing}


def _learns(scenario: Scenario, group: Group, only: str) -> bool:
    sets = [group.skills if p.skills is None else p.skills for p in group.people.values()] or [group.skills]
    return any(len(_further(scenario, skills, only)) > len(skills) for skills in sets)


def _trainable(scenario: Scenario, only: str) -> dict[str, Group]:
    found = {n: g for n, g in scenario.groups.items() if _learns(scenario, g, only)}
    if not found:
        raise NotHere("there is no further queue of a group's own channel that it could learn")
    return found


def _nobody_yet(scenario: Scenario, only: str) -> float:
    _trainable(scenario, only)
    return 0.0


def _move(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    if value == 0:
        return ()
    changes: list[Change] = []
    for name, group in _trainable(scenario, only).items():
        if group.agents is not None:
            changes += _counted(scenario, name, group, value, only)
        else:
            changes += _people(scenario, name, group, value, only)
    return tuple(changes)


def _counted(scenario: Scenario, name: str, group: Group, value: float, only: str) -> list[Change]:
    assert group.agents is not None
    trained = [min(k, n) for k, n in zip(whole([n * value for n in group.agents]), group.agents, strict=True)]
    left = [n - k for n, k in zip(group.agents, trained, strict=True)]
    more = group.model_dump(mode="json") | {
        "agents": trained,
        "skills": _further(scenario, group.skills, only),
    }
    return [Change(f"groups.{name}.agents", left), Change(f"groups.{name}{SUFFIX}", more)]


def _people(scenario: Scenario, name: str, group: Group, value: float, only: str) -> list[Change]:
    changes = []
    counts = whole([people.count * value for people in group.people.values()])
    for (label, people), wanted in zip(group.people.items(), counts, strict=True):
        skills = group.skills if people.skills is None else people.skills
        further, trained = _further(scenario, skills, only), min(wanted, people.count)
        if len(further) == len(skills) or not trained:
            continue
        more = people.model_dump(mode="json") | {"count": trained, "skills": further}
        changes.append(Change(f"groups.{name}.people.{label}.count", people.count - trained))
        changes.append(Change(f"groups.{name}.people.{label}{SUFFIX}", more))
    return changes


cross_training = Lever(
    name="cross_training",
    title="people trained in other queues",
    unit="fraction",
    low=0.0,
    high=1.0,
    step=0.05,
    swing=0.2,
    more="{amount} of the people trained in other queues",
    says="So many of each group learn all other skills (or the one named) of the channels that they work in, as "
    "last choice and with the handle time of the others. Training itself costs nothing here.",
    present=_nobody_yet,
    move=_move,
    acts_on="skill",
)


def _helping(scenario: Scenario, only: str) -> dict[str, tuple[float, float]]:
    """Return by path the wait after which each further skill helps, and the people behind it. [s]"""
    found: dict[str, tuple[float, float]] = {}
    for name, group in groups_of(scenario, only).items():
        sets = {f"groups.{name}": (group.skills, float(heads(group)))}
        sets |= {
            f"groups.{name}.people.{label}": (people.skills, float(people.count))
            for label, people in group.people.items()
            if people.skills is not None
        }
        for at, (skills, n) in sets.items():
            first = min((s.level for s in skills.values()), default=1)
            found |= {
                f"{at}.skills.{skill}.after_s": (s.after_s, n)
                for skill, s in skills.items()
                if s.level > first or s.after_s > 0
            }
    if not found:
        raise NotHere("no group helps another here (skills of a second level, or with after_s)")
    return found


def _overflow(scenario: Scenario, only: str) -> float:
    helping = _helping(scenario, only)
    return mean_of({p: s for p, (s, _) in helping.items()}, {p: n for p, (_, n) in helping.items()})


def _move_overflow(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    helping = _helping(scenario, only)
    before, people = {p: s for p, (s, _) in helping.items()}, {p: n for p, (_, n) in helping.items()}
    return tuple(Change(path, after) for path, after in moved(before, people, value, math.inf).items())


overflow = Lever(
    name="overflow",
    title="wait before other groups help",
    unit="s",
    low=0.0,
    high=600.0,
    step=5.0,
    swing=30.0,
    says="How long a contact waits before groups help for which it is not the first choice: mean over their "
    "people; longer by as many seconds for each, shorter in proportion.",
    present=_overflow,
    move=_move_overflow,
    acts_on="group",
)
