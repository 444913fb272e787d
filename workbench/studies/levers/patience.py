"""What if customers wait longer before they give up?"""

from __future__ import annotations

from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, queues_of


def _patient(scenario: Scenario, only: str) -> list[str]:
    found = [name for name, queue in queues_of(scenario, only).items() if queue.patience is not None]
    if not found:
        raise NotHere("everybody waits for ever here, so there is no patience to change")
    return found


def _present(scenario: Scenario, only: str) -> float:
    _patient(scenario, only)
    return 1.0


def _move(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    return tuple(
        Change(f"queues.{name}.patience_factor", [f * value for f in scenario.queues[name].patience_factor])
        for name in _patient(scenario, only)
    )


patience = Lever(
    name="patience",
    title="patience",
    unit="factor",
    low=0.25,
    high=4.0,
    step=0.05,
    swing=0.25,
    says="The mean patience of every queue times the factor. Patience is inferred from few abandons: move "
    "it to see what an error in it would do.",
    present=_present,
    move=_move,
    acts_on="queue",
)
