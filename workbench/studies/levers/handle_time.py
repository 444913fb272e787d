"""What if contacts take longer, or shorter?"""

from __future__ import annotations

from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, queues_of


def _present(scenario: Scenario, only: str) -> float:
    queues_of(scenario, only)
    return 1.0


def _move(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    return tuple(
        Change(f"queues.{name}.handle.factor", [f * value for f in queue.handle.factor])
        for name, queue in queues_of(scenario, only).items()
    )


handle_time = Lever(
    name="handle_time",
    title="handle time",
    unit="factor",
    low=0.5,
    high=1.5,
    step=0.01,
    swing=0.10,
    says="Talk, hold and wrap-up of every contact times the factor.",
    present=_present,
    move=_move,
    acts_on="queue",
)
