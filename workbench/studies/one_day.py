"""Which single day of a longer scenario is planned for? One day of it, as a scenario of its own."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workbench.errors import CallError
from workbench.sim.scenario import Scenario

PATTERNS = ("per_hour", "factor", "patience_factor", "balk", "misroute", "agents")
"""Fields that may hold one value for each interval of the horizon."""


def days_of(scenario: Scenario) -> list[pd.Timestamp]:
    """Return the local days that the scenario holds, by their midnight."""
    horizon = scenario.horizon
    zone = scenario.time.zone
    start = pd.Timestamp(horizon.start_utc).tz_convert(zone)
    n = round(horizon.n_intervals * scenario.time.interval_s / 86_400)
    return [(start.normalize() + pd.Timedelta(days=i)) for i in range(max(n, 1))]


def one_day(scenario: Scenario, day: int | None = None) -> Scenario:
    """Return one day of a scenario of whole days: the one with the most contacts, or the one asked for.

    Parameters
    ----------
    day : its number, from 0.

    Raises
    ------
    CallError
        if the scenario has no such day, or its days have not all the same number of intervals.
    """
    n_days = len(days_of(scenario))
    if n_days == 1:
        return scenario
    per_day = 86_400 // scenario.time.interval_s
    if scenario.horizon.n_intervals != n_days * per_day:
        raise CallError(
            "The scenario does not consist of days of equal length. Take a week without a clock change."
        )
    rates = {name: list(queue.arrivals.per_hour) for name, queue in scenario.queues.items()}
    if day is None:
        totals = [
            sum(sum(_cut(pattern, i, per_day, n_days)) for pattern in rates.values()) for i in range(n_days)
        ]
        day = max(range(n_days), key=lambda i: (totals[i], -i))
    if not 0 <= day < n_days:
        raise CallError(f"day: {day} came; the scenario has days 0 to {n_days - 1}.")
    data = scenario.to_data(defaults=True)
    first = days_of(scenario)[day]
    data["time"] = {**data["time"], "start": first.strftime("%Y-%m-%dT00:00:00"), "days": 1, "hours": None}
    data["time"] = {name: value for name, value in data["time"].items() if value is not None}
    data["name"] = f"{scenario.name}, {first:%A}"
    _cut_all(data, day, per_day, n_days)
    return Scenario.parse(data, data["name"])


def _cut(pattern: Any, day: int, per_day: int, n_days: int) -> list[Any]:
    return (
        list(pattern[day * per_day : (day + 1) * per_day])
        if len(pattern) == n_days * per_day
        else list(pattern)
    )


def _cut_all(data: dict[str, Any], day: int, per_day: int, n_days: int) -> None:
    """Keep of every pattern with one value an interval those of the day."""
    for name, value in data.items():
        if isinstance(value, dict):
            _cut_all(value, day, per_day, n_days)
        elif name in PATTERNS and isinstance(value, list):
            data[name] = _cut(value, day, per_day, n_days)
