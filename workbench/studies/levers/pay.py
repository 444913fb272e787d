"""What if an hour costs more?"""

from __future__ import annotations

from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere


def _present(scenario: Scenario, _only: str) -> float:
    if not scenario.money.pay_per_hour and not any(g.pay_per_hour for g in scenario.groups.values()):
        raise NotHere("nobody is paid here; give money.pay_per_hour first")
    return 1.0


def _move(scenario: Scenario, value: float, _only: str) -> tuple[Change, ...]:
    return (
        Change("money.pay_per_hour", scenario.money.pay_per_hour * value),
        *(
            Change(f"groups.{name}.pay_per_hour", group.pay_per_hour * value)
            for name, group in scenario.groups.items()
            if group.pay_per_hour is not None
        ),
    )


pay = Lever(
    name="pay",
    title="pay",
    unit="factor",
    low=0.5,
    high=2.0,
    step=0.01,
    swing=0.10,
    says="Every hourly rate times the factor. That other pay keeps or loses people is not modelled.",
    present=_present,
    move=_move,
)
