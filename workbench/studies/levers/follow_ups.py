"""What if more is passed on, or less is resolved at first?"""

from __future__ import annotations

from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, expected_arrivals, mean_of, moved, queues_of


def _escalating(scenario: Scenario, only: str) -> dict[str, float]:
    found = {
        name: sum(f.probability for f in queue.follow_ups.values() if f.kind == "escalation")
        for name, queue in queues_of(scenario, only).items()
        if any(f.kind == "escalation" for f in queue.follow_ups.values())
    }
    if not any(found.values()):
        raise NotHere("nothing is passed on to another tier here (follow_ups of kind escalation)")
    return found


def _escalation(scenario: Scenario, only: str) -> float:
    return mean_of(_escalating(scenario, only), expected_arrivals(scenario))


def _move_escalation(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    factor = value / _escalation(scenario, only)
    return tuple(
        Change(f"queues.{name}.follow_ups.{label}.probability", min(1.0, f.probability * factor))
        for name in _escalating(scenario, only)
        for label, f in scenario.queues[name].follow_ups.items()
        if f.kind == "escalation"
    )


escalation = Lever(
    name="escalation",
    title="contacts passed on",
    unit="fraction",
    low=0.0,
    high=0.5,
    step=0.01,
    swing=0.02,
    says="Probability of an escalation, mean over the queues that pass contacts on, weighted by volume; each "
    "moves in proportion, before the factors of team, tenure and complexity.",
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
