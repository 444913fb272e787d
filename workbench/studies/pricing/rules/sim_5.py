"""What does a poor forecast cost in credits, overtime and lost contacts?"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.sim.arrivals import RandomFactor
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Triangle
from workbench.studies.pricing.rule import (
    Moved,
    Said,
    Unpriced,
    all_of,
    carried,
    first_with,
    gap_of,
    named,
    pricing,
)

PER_WAPE = math.sqrt(math.pi / 2)
"""Standard deviation over mean absolute deviation of a normal error."""
SPREAD = Mapping(
    "the scatter of days around the plan is in proportion to the error of the forecast, times this factor",
    "normal errors: standard deviation = 1.25 times the mean absolute one; staffing follows the plan", "A",
    Triangle(0.7, 1.0, 1.2), "staffing as planned and as it was re-planned during the day",
)  # fmt: skip


@serves("SIM-5", kind="calculator")
def spread_of(wape: float, contacts_per_day: float) -> float:
    """Return the standard deviation over mean of a day's volume around its forecast, chance taken off.

    Poisson scatter of `contacts_per_day` is in the measured error and no forecast takes it away.
    """
    whole = (PER_WAPE * wape) ** 2
    return math.sqrt(max(whole - 1.0 / contacts_per_day, 0.0))


PATH, CODES = "queues.*.arrivals.day_factor", ("LC-5", "HO-17", "HO-5")


@pricing("SIM-5", lines=("penalty", "overtime", "revenue"), moves={PATH: CODES})
def poor_forecast(basis: Basis) -> Iterator[Said]:
    """Days that differ from the forecast on which they were staffed."""
    group = named(basis, *CODES)
    found = first_with(group, lambda e: "WAPE" in e.measure)
    if found is None:
        for finding in group:
            yield Unpriced(
                finding,
                "it says how the forecast is handed over, not by how much it errs",
                "forecast with the volume at lock",
            )
        return
    finding, evidence = found
    read = gap_of(basis, finding, evidence, ("pay", "scenario"), high_is_bad=True)
    if isinstance(read, Unpriced):
        yield from all_of(read, group)
        return
    assert basis.scenario is not None
    per_day = _per_day(basis.scenario)
    today = spread_of(read.value, per_day)
    if today <= 0:
        reason = f"an error of {read.value:.1%} is no more than chance at {per_day:.0f} contacts a day"
        yield from all_of(Unpriced(finding, reason), group)
        return

    def value_at(m: Floats, k: Floats) -> Floats:
        spread = np.sqrt(np.maximum((PER_WAPE * m) ** 2 - 1.0 / per_day, 0.0))
        return np.asarray(today + k * (spread - today))

    yield Moved(
        carried(finding, group), f"forecast: {read.measure}", read, SPREAD, PATH, today, value_at,
        scattered, "labour", "service", additions=lambda base: scattered(base, today), most=2.0,
        notes=("Days scatter around the plan as the forecast errs; what over-staffed days cost is not in it.",),
    )  # fmt: skip


def scattered(scenario: Scenario, spread: float) -> tuple[Change, ...]:
    """Return the changes under which a day's volume scatters by `spread` around its rates."""
    factor = None
    if spread > 1e-6:
        factor = RandomFactor(shape=1.0 / spread**2, name="the day").model_dump(mode="json")
    return tuple(
        Change(f"queues.{name}.arrivals.day_factor", factor, f"days scatter by {spread:.1%}")
        for name, queue in scenario.queues.items()
        if queue.arrivals.times_s is None and max(queue.arrivals.per_hour) > 0
    )


def _per_day(scenario: Scenario) -> float:
    h = scenario.horizon
    rates = sum(
        float(h.spread(q.arrivals.per_hour).sum())
        for q in scenario.queues.values()
        if q.arrivals.times_s is None
    )
    return max(rates * scenario.time.interval_s / 3600 / (h.length_us / 1e6 / 86400), 1.0)
