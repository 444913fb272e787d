"""What if more contacts land in the wrong queue?"""

from __future__ import annotations

from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, expected_arrivals, mean_of, moved, queues_of


def _onward(scenario: Scenario) -> dict[str, set[str]]:
    """Return where contacts of each queue go on to at once."""
    found = {}
    for name, queue in scenario.queues.items():
        found[name] = {f.to or name for f in queue.follow_ups.values() if f.kind == "escalation"}
        if queue.misroute_to is not None:
            found[name].add(queue.misroute_to)
    return found


def _reaches(onward: dict[str, set[str]], start: str, goal: str) -> bool:
    seen, open_ = {start}, [start]
    while open_:
        for name in onward[open_.pop()] - seen:
            seen.add(name)
            open_.append(name)
    return goal in seen


def _targets(scenario: Scenario, only: str) -> dict[str, str]:
    """Return to which queue the misrouted contacts of each belong: as the scenario says, or the largest."""
    expected, onward = expected_arrivals(scenario), _onward(scenario)
    named = {n: q.misroute_to for n, q in scenario.queues.items() if q.misroute_to is not None}
    found = {name: named[name] for name in queues_of(scenario, only) if name in named}
    if not named:
        for channel in sorted({q.channel for q in scenario.queues.values()}):
            alike = [n for n, q in scenario.queues.items() if q.channel == channel]
            largest = max(alike, key=lambda n: expected[n])
            found |= {
                name: largest
                for name in queues_of(scenario, only)
                if name in alike and name != largest and not _reaches(onward, largest, name)
            }
    if not found:
        raise NotHere("there is no other queue of the channel to which contacts could belong (misroute_to)")
    return found


def _shares(scenario: Scenario, only: str) -> dict[str, float]:
    return {
        name: float(scenario.horizon.spread(scenario.queues[name].misroute).mean())
        for name in _targets(scenario, only)
    }


def _present(scenario: Scenario, only: str) -> float:
    return mean_of(_shares(scenario, only), expected_arrivals(scenario))


def _move(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    before = _shares(scenario, only)
    after = moved(before, expected_arrivals(scenario), value)
    changes = []
    for name, target in _targets(scenario, only).items():
        by = after[name] - before[name]
        if by == 0 and scenario.queues[name].misroute_to is None:
            continue
        changes.append(Change(f"queues.{name}.misroute_to", target))
        pattern = [min(1.0, max(0.0, p + by)) for p in scenario.queues[name].misroute]
        changes.append(Change(f"queues.{name}.misroute", pattern))
    return tuple(changes)


misroutes = Lever(
    name="misroutes",
    title="contacts in the wrong queue",
    unit="fraction",
    low=0.0,
    high=0.5,
    step=0.01,
    swing=0.05,
    says="Share of contacts that an agent finds to be in the wrong queue and passes on, mean over the queues "
    "weighted by volume. Where no queue says to which they belong, it is the largest of the channel.",
    present=_present,
    move=_move,
    acts_on="queue",
)
