"""What if the forecast is wrong: on average, or from one day to another?"""

from __future__ import annotations

from workbench.sim.arrivals import ForecastError
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, expected_arrivals, mean_of, queues_of


def _errors(scenario: Scenario, only: str) -> dict[str, ForecastError]:
    found = {
        name: queue.arrivals.forecast_error or ForecastError()
        for name, queue in queues_of(scenario, only).items()
        if queue.arrivals.times_s is None
    }
    if not found:
        raise NotHere("arrivals are recorded times here, so there is no forecast that could be wrong")
    return found


def _bias(scenario: Scenario, only: str) -> float:
    errors = _errors(scenario, only)
    return mean_of({name: e.bias for name, e in errors.items()}, expected_arrivals(scenario))


def _move_bias(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    by = value - _bias(scenario, only)
    return _changes(
        {n: e.model_copy(update={"bias": e.bias + by}) for n, e in _errors(scenario, only).items()}
    )


def _spread(scenario: Scenario, only: str) -> float:
    errors = _errors(scenario, only)
    return mean_of({name: e.spread for name, e in errors.items()}, expected_arrivals(scenario))


def _move_spread(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    by = value - _spread(scenario, only)
    return _changes(
        {
            n: e.model_copy(update={"spread": max(0.0, e.spread + by), "name": e.name or "forecast"})
            if by
            else e
            for n, e in _errors(scenario, only).items()
        }
    )


def _changes(errors: dict[str, ForecastError]) -> tuple[Change, ...]:
    return tuple(
        Change(f"queues.{name}.arrivals.forecast_error", error.model_dump(mode="json"))
        for name, error in errors.items()
    )


forecast_error = Lever(
    name="forecast_error",
    title="forecast error",
    unit="fraction",
    low=-0.3,
    high=0.3,
    step=0.01,
    swing=0.10,
    says="What comes is higher than the forecast by this share on average, in every interval; the staffing "
    "stays as it was planned for the forecast.",
    present=_bias,
    move=_move_bias,
    acts_on="queue",
    more="{amount} more volume than forecast",
    less="{amount} less volume than forecast",
)

forecast_spread = Lever(
    name="forecast_spread",
    title="spread of the forecast error",
    unit="fraction",
    low=0.0,
    high=0.5,
    step=0.01,
    swing=0.10,
    says="Standard deviation of actual over forecast, drawn once for each replication; queues err together "
    "unless they say otherwise. The mean stays.",
    present=_spread,
    move=_move_spread,
    acts_on="queue",
)
