"""What if more is passed on, or less is resolved at first?"""

from __future__ import annotations

import math
from collections.abc import Iterable

from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, expected_arrivals, mean_of, moved, queues_of


def _ways_up(scenario: Scenario, only: str) -> dict[str, dict[str, float]]:
    """The probability of each escalation, by queue and label."""
    found = {
        name: {label: f.probability for label, f in queue.follow_ups.items() if f.kind == "escalation"}
        for name, queue in queues_of(scenario, only).items()
    }
    if not any(any(ways.values()) for ways in found.values()):
        raise NotHere("nothing is passed on to another tier here (follow_ups of kind escalation)")
    return {name: ways for name, ways in found.items() if ways}


def _passed_on(ways: Iterable[float]) -> float:
    """A contact is passed on once: each way is looked at until one comes about."""
    return 1.0 - math.prod(1.0 - way for way in ways)


def _escalating(scenario: Scenario, only: str) -> dict[str, float]:
    return {name: _passed_on(ways.values()) for name, ways in _ways_up(scenario, only).items()}


def _escalation(scenario: Scenario, only: str) -> float:
    return mean_of(_escalating(scenario, only), expected_arrivals(scenario))


def _in_proportion(ways: dict[str, float], share: float) -> dict[str, float]:
    """Move the ways by one factor so that the contacts passed on have a share."""
    from scipy.optimize import brentq

    most = max(ways.values())
    if most == 0:
        return ways
    factor = (
        share / most
        if len(ways) == 1
        else float(brentq(lambda by: _passed_on(by * way for way in ways.values()) - share, 0.0, 1.0 / most))
    )
    return {label: min(1.0, factor * way) for label, way in ways.items()}


def _move_escalation(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    factor = value / _escalation(scenario, only)
    return tuple(
        Change(f"queues.{name}.follow_ups.{label}.probability", probability)
        for name, ways in _ways_up(scenario, only).items()
        for label, probability in (
            ways if factor == 1 else _in_proportion(ways, min(1.0, _passed_on(ways.values()) * factor))
        ).items()
    )


escalation = Lever(
    name="escalation",
    title="contacts passed on",
    unit="fraction",
    low=0.0,
    high=0.5,
    step=0.01,
    swing=0.02,
    says="Probability that a contact is passed on, by whichever way, mean over the queues that pass contacts on, "
    "weighted by volume; the ways of each move in proportion, before the factors of team, tenure and complexity.",
    present=_escalation,
    move=_move_escalation,
    acts_on="queue",
)


def _repeating(scenario: Scenario, only: str) -> dict[str, float]:
    found = {
        name: queue.resolution
        for name, queue in queues_of(scenario, only).items()
        if any(f.after == "unresolved" for f in queue.follow_ups.values())
    }
    if not found:
        raise NotHere(
            "nobody comes back here because something was not resolved (follow_ups after unresolved)"
        )
    return found


def _fcr(scenario: Scenario, only: str) -> float:
    return mean_of(_repeating(scenario, only), expected_arrivals(scenario))


def _move_fcr(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    after = moved(_repeating(scenario, only), expected_arrivals(scenario), value)
    return tuple(Change(f"queues.{name}.resolution", share) for name, share in after.items())


fcr = Lever(
    name="fcr",
    title="resolution at first contact",
    unit="fraction",
    low=0.0,
    high=1.0,
    step=0.01,
    swing=0.05,
    says="Share of served contacts that are resolved, mean over the queues to which customers come back, "
    "weighted by volume; up by as many points for each, down in proportion.",
    present=_fcr,
    move=_move_fcr,
    acts_on="queue",
)
