"""What if people leave more often, or learn more slowly?"""

from __future__ import annotations

from workbench.sim.change import Change
from workbench.sim.people import Group
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, groups_of, heads, mean_of, moved


def _people(scenario: Scenario, only: str) -> dict[str, Group]:
    found = {name: group for name, group in groups_of(scenario, only).items() if group.people}
    if not found:
        raise NotHere("agents are counts here and no people who could leave; turn staffing instead")
    return found


def _leaving(scenario: Scenario, only: str) -> dict[str, float]:
    return {
        name: group.attrition.weekly[-1] if group.attrition is not None and group.attrition.weekly else 0.0
        for name, group in _people(scenario, only).items()
    }


def _weights(scenario: Scenario) -> dict[str, float]:
    return {name: float(heads(group)) for name, group in scenario.groups.items()}


def _attrition(scenario: Scenario, only: str) -> float:
    return mean_of(_leaving(scenario, only), _weights(scenario))


def _move_attrition(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    before = _leaving(scenario, only)
    after = moved(before, _weights(scenario), value)
    changes = []
    for name, group in _people(scenario, only).items():
        at = f"groups.{name}.attrition"
        if group.attrition is None:
            if after[name] > 0:
                changes.append(Change(at, {"weekly": [after[name]]}))
            continue
        by = after[name] - before[name]
        weekly = [min(1.0, max(0.0, p + by)) for p in group.attrition.weekly]
        changes.append(Change(f"{at}.weekly", weekly or [after[name]]))
    return tuple(changes)


attrition = Lever(
    name="attrition",
    title="attrition a week",
    unit="fraction",
    low=0.0,
    high=0.2,
    step=0.005,
    swing=0.01,
    says="Probability that a tenured person leaves in a week, within the simulated time only; other weeks of "
    "tenure move by as many points, and nobody replaces who leaves unless the scenario says so.",
    present=_attrition,
    move=_move_attrition,
    acts_on="group",
)


def _learners(scenario: Scenario, only: str) -> dict[str, str]:
    found = {
        name: group.learning
        for name, group in groups_of(scenario, only).items()
        if group.learning is not None
        and (group.attrition is not None or any(p.tenure_weeks is not None for p in group.people.values()))
    }
    if not found:
        raise NotHere(
            "nobody is on a learning curve here (groups.NAME.learning and people with tenure_weeks)"
        )
    return found


def _ramp(scenario: Scenario, only: str) -> float:
    _learners(scenario, only)
    return 1.0


def _move_ramp(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    changes = []
    for name in sorted(set(_learners(scenario, only).values())):
        curve = scenario.curves[name]
        for part in ("handle", "escalation", "resolution"):
            factors: tuple[float, ...] = getattr(curve, part)
            stretched = [max(0.0, f + (f - 1.0) * (value - 1.0)) for f in factors]
            changes.append(Change(f"curves.{name}.{part}", stretched))
    return tuple(changes)


ramp = Lever(
    name="ramp",
    title="distance of new hires from tenured people",
    unit="factor",
    low=0.0,
    high=3.0,
    step=0.05,
    swing=0.5,
    says="What a week of tenure is away from a tenured person, in handle time, escalations and resolution, "
    "times the factor: 0 is nobody new, 2 is twice as far. Groups with the same curve move together.",
    present=_ramp,
    move=_move_ramp,
    acts_on="group",
)
