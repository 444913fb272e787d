"""What if there are more people, or fewer?"""

from __future__ import annotations

from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, groups_of, heads, shared_out


def _present(scenario: Scenario, only: str) -> float:
    total = sum(heads(group) for group in groups_of(scenario, only).values())
    if not total:
        raise NotHere("nobody works here; give a group agents or people first")
    return float(total)


def _move(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    by = round(value - _present(scenario, only))
    sizes = {
        f"groups.{name}{at}": n
        for name, group in groups_of(scenario, only).items()
        for at, n in (
            {".agents": heads(group)}
            if group.agents is not None
            else {f".people.{label}.count": people.count for label, people in group.people.items()}
        ).items()
    }
    sign = 1 if by > 0 else -1
    shares = shared_out(abs(by), sizes, sizes if by < 0 else None)
    changes = []
    for path, n in shares.items():
        if not n:
            continue
        agents = scenario.groups[path.split(".")[1]].agents
        if agents is None:
            changes.append(Change(path, sizes[path] + sign * n))
        else:
            changes.append(Change(path, [max(0, a + sign * n) if a else 0 for a in agents]))
    return tuple(changes)


staffing = Lever(
    name="staffing",
    title="people",
    unit="people",
    low=0.0,
    high=0.0,
    step=1.0,
    swing=0.05,
    says="Spread over groups and shifts in proportion to their size, one after another. In a counted group one "
    "person more is one more at work in every interval in which anybody is.",
    present=_present,
    move=_move,
    acts_on="group",
    more="{amount} more",
    less="{amount} fewer",
)
