"""How does a rule move a scenario? By the levers that planners turn, and by what must be there to be moved.

Where a calibrated scenario does not have the part that a finding speaks of, it is added so that today's load stays
about what was recorded: contacts that come again are taken off those that come of themselves, and what
agents pass on goes to a second level with people of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from workbench.errors import CallError
from workbench.sim.arrivals import ROUNDS
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import LEVERS
from workbench.studies.pricing.floor import DESK

REPEAT_HOURS = 4.0
"""From an unresolved contact to the next, where it is added. Within the horizon; assumed (grade A)."""


def today_of(scenario: Scenario, lever: str) -> float | None:
    """Return where a lever stands in a scenario; None where it has nothing to act on, or stands at zero."""
    one = LEVERS.get(lever)
    try:
        found = one.today(scenario)
    except CallError:
        return None
    return found if found > 0 else None


def turn(lever: str) -> Callable[[Scenario, float], tuple[Change, ...]]:
    """Return what puts a lever to a value."""
    one = LEVERS.get(lever)
    return lambda scenario, value: _not_at_the_desk(one.changes(scenario, value))


def turn_by(lever: str, today: float) -> Callable[[Scenario, float], tuple[Change, ...]]:
    """Return what moves a lever as far from where it stands as a value lies from `today`."""
    one = LEVERS.get(lever)

    def changes(scenario: Scenario, value: float) -> tuple[Change, ...]:
        return one.changes(scenario, min(max(one.today(scenario) + value - today, 0.0), 1.0))

    return changes


def _not_at_the_desk(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Leave out what would change the second level that was added: nobody calls there, and nobody measured it."""
    return tuple(c for c in changes if not c.path.startswith(f"queues.{DESK}"))


def thinned(scenario: Scenario, share: float, why: str) -> tuple[Change, ...]:
    """Return the changes that take a share off the contacts that come of themselves."""
    return thinned_by_queue(scenario, dict.fromkeys(scenario.queues, share), why)


def thinned_by_queue(scenario: Scenario, shares: Mapping[str, float], why: str) -> tuple[Change, ...]:
    """Return the changes that take a share of its own off the contacts that come of themselves to each queue."""
    return tuple(
        Change(
            f"queues.{name}.arrivals.per_hour",
            [rate * (1.0 - shares.get(name, 0.0)) for rate in queue.arrivals.per_hour],
            why,
        )
        for name, queue in scenario.queues.items()
        if queue.arrivals.times_s is None
    )


def with_misroutes(share: float) -> Callable[[Scenario], tuple[Change, ...]]:
    """Return what lets a share of contacts land in the wrong queue, of a scenario in which none does."""

    def additions(scenario: Scenario) -> tuple[Change, ...]:
        why = f"{share:.1%} of contacts are passed on; each came twice in the log"
        return (
            *_not_at_the_desk(LEVERS.get("misroutes").changes(scenario, share)),
            *thinned(scenario, share / (1 + share), why),
        )

    return additions


def with_escalations(share: float) -> Callable[[Scenario], tuple[Change, ...]]:
    """Return a second level with people of its own, to which a share of served contacts goes.

    Whom it served comes again as often as others do, to the queue of the first contact: a log counts those who
    come again without asking who had them last, so that there are as many as before, and as many when fewer are
    passed on.
    """

    def additions(scenario: Scenario) -> tuple[Change, ...]:
        talk = _mean_handle(scenario)
        why = "who takes what agents pass on stands in no log; as long as a first contact"
        links = "a contact that was passed on is one more link of a chain"
        changes = []
        for name, queue in scenario.queues.items():
            label = f"{DESK}: {name}"
            again = {n: f for n, f in queue.follow_ups.items() if f.after == "unresolved"}
            longer = {n: min(2 * f.at_most + 1, ROUNDS) for n, f in again.items()}
            rules = {
                n: {**f.model_dump(mode="json"), "to": f.to or name, "at_most": longer[n]}
                for n, f in again.items()
            }
            desk = {
                "handle": {"talk": {"mean_s": talk}}, "skill": DESK, "service_level": {"threshold_s": 86_400},
                "resolution": queue.resolution, "follow_ups": rules,
            }  # fmt: skip
            up = {
                "after": "served",
                "kind": "escalation",
                "probability": share,
                "to": label,
                "at_most": ROUNDS,
            }
            changes += [
                Change(f"queues.{label}", desk, why),
                *(Change(f"queues.{name}.follow_ups.{n}.at_most", most, links) for n, most in longer.items()),
                Change(f"queues.{name}.follow_ups.{DESK}", up, why),
            ]
        people = {"agents": _enough(scenario, share, talk), "skills": [DESK]}
        return (*changes, Change(f"groups.{DESK}", people, why))

    return additions


def _enough(scenario: Scenario, share: float, talk_s: float) -> int:
    """Return so many people that hardly anything waits at the second level: the busiest hour, and a margin."""
    busiest = sum(max(q.arrivals.per_hour) for q in scenario.queues.values() if q.arrivals.times_s is None)
    load = 1.5 * busiest * share * talk_s / 3600
    return max(round(load + 4 * math.sqrt(load)), 5)


def with_repeats(resolved: float) -> Callable[[Scenario], tuple[Change, ...]]:
    """Return what lets those come again who were not resolved, of a scenario in which nobody does."""

    def additions(scenario: Scenario) -> tuple[Change, ...]:
        rule: dict[str, Any] = {
            "after": "unresolved", "kind": "repeat", "probability": 1.0, "at_most": ROUNDS,
            "delay": {"mean_s": REPEAT_HOURS * 3600},
        }  # fmt: skip
        why = f"{1 - resolved:.1%} of contacts are followed by another of the customer"
        names = [name for name in scenario.queues if not name.startswith(DESK)]
        return (
            *thinned(scenario, 1.0 - resolved, why),
            *(Change(f"queues.{name}.resolution", resolved, why) for name in names),
            *(Change(f"queues.{name}.follow_ups.comes again (assumed)", rule, why) for name in names),
        )

    return additions


def _mean_handle(scenario: Scenario) -> float:
    """Return the mean handle time as simulated, with the factors of people, groups and complexity. [s]"""
    from workbench.studies.replicate import replicate

    tallies = replicate(scenario, 4, 1).tallies
    answered = sum(float(t["overall"]["answered"][0]) for t in tallies)
    return sum(float(t["overall"]["handling_us"][0]) for t in tallies) / 1e6 / max(answered, 1.0)
