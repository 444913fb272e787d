"""What if people are away more: of every kind, of one kind, or whole days unplanned?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbench.errors import UnknownName
from workbench.sim.change import Change
from workbench.sim.people import Group, Shrinkage
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, heads, mean_of, moved, whole

Wanted = Callable[[str, Shrinkage], bool]


def _wanted(scenario: Scenario, only: str) -> Wanted:
    kinds = {kind for group in scenario.groups.values() for kind in group.shrinkage}
    if only and only not in kinds:
        raise UnknownName("kind of shrinkage", only, kinds)
    return lambda name, _: not only or name == only


def _absent(scenario: Scenario, only: str) -> Wanted:
    _wanted(scenario, only)
    return lambda name, kind: kind.whole_days and not kind.planned and (not only or name == only)


def _totals(scenario: Scenario, wanted: Wanted) -> dict[str, float]:
    """Return the shrinkage of each group; counted ones are net of it and have none."""
    if not scenario.groups:
        raise NotHere("nobody works here")
    return {
        name: sum(kind.share for label, kind in group.shrinkage.items() if wanted(label, kind))
        for name, group in scenario.groups.items()
    }


def _weights(scenario: Scenario) -> dict[str, float]:
    return {name: float(heads(group)) for name, group in scenario.groups.items()}


def _moved(
    scenario: Scenario, value: float, wanted: Wanted, fresh: Mapping[str, object]
) -> tuple[Change, ...]:
    before = _totals(scenario, wanted)
    after = moved(before, _weights(scenario), value)
    changes: list[Change] = []
    for name, group in scenario.groups.items():
        if group.agents is not None:
            # net numbers: as many are scheduled, and fewer of them are there
            there = (1.0 - after[name]) / (1.0 - before[name])
            changes.append(Change(f"groups.{name}.agents", whole([n * there for n in group.agents])))
        elif before[name] > 0:
            changes += _scaled(name, group, wanted, after[name] / before[name])
        elif after[name] > 0:
            changes.append(Change(f"groups.{name}.shrinkage.{_free(group)}", {"share": after[name], **fresh}))
    return tuple(changes)


def _scaled(name: str, group: Group, wanted: Wanted, factor: float) -> list[Change]:
    return [
        Change(f"groups.{name}.shrinkage.{label}.share", min(1.0, kind.share * factor))
        for label, kind in group.shrinkage.items()
        if wanted(label, kind)
    ]


def _free(group: Group) -> str:
    """Return a name that no kind of shrinkage of the group has."""
    name = "further"
    while name in group.shrinkage:
        name += " further"
    return name


def _present(scenario: Scenario, only: str) -> float:
    return mean_of(_totals(scenario, _wanted(scenario, only)), _weights(scenario))


def _move(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    return _moved(scenario, value, _wanted(scenario, only), {"whole_days": False})


def _absence(scenario: Scenario, only: str) -> float:
    return mean_of(_totals(scenario, _absent(scenario, only)), _weights(scenario))


def _move_absence(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    return _moved(scenario, value, _absent(scenario, only), {"whole_days": True})


shrinkage = Lever(
    name="shrinkage",
    title="shrinkage",
    unit="fraction",
    low=0.0,
    high=0.5,
    step=0.01,
    swing=0.05,
    says="More: every group loses as many points, in the kinds it has; one without any, in a spell within "
    "each shift. Less: in proportion. Counted agents are net, so fewer of them are there (and paid).",
    present=_present,
    move=_move,
    acts_on="kind of shrinkage",
)

absence = Lever(
    name="absence",
    title="unplanned absence",
    unit="fraction",
    low=0.0,
    high=0.5,
    step=0.01,
    swing=0.03,
    says="Whole shifts missed at random by more people, paid; the schedule does not know. Counted agents: "
    "fewer of them are there (and paid), without the chance of a bad day.",
    present=_absence,
    move=_move_absence,
    acts_on="kind of shrinkage",
)
