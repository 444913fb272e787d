"""What if a site fails for a while?"""

from __future__ import annotations

import numpy as np

from workbench.errors import UnknownName
from workbench.sim.change import Change
from workbench.sim.parts import US, clock_of, clock_s
from workbench.sim.scenario import Scenario
from workbench.studies.lever import Lever, NotHere, heads

NAME = "what-if outage"


def _site(scenario: Scenario, only: str) -> str:
    sites: dict[str, int] = {}
    for group in scenario.groups.values():
        sites[group.site] = sites.get(group.site, 0) + heads(group)
    if only and only not in sites:
        raise UnknownName("site", only, sites)
    if not any(sites.values()):
        raise NotHere("nobody works here who could be struck")
    return only or max(sorted(sites), key=lambda site: sites[site])


def _present(scenario: Scenario, only: str) -> float:
    _site(scenario, only)
    return 0.0


def _busiest(scenario: Scenario) -> tuple[int, int]:
    """Return the day and the second of the day at which the busiest interval begins."""
    h = scenario.horizon
    load = np.zeros(h.n_intervals)
    for queue in scenario.queues.values():
        if queue.arrivals.times_s is None:
            load += h.spread(queue.arrivals.per_hour)
        else:
            at = (np.array(queue.arrivals.times_s) * US).astype(np.int64) // h.interval_us
            load += np.bincount(np.clip(at, 0, h.n_intervals - 1), minlength=h.n_intervals)
    i = int(load.argmax())
    day = int(h.day_of_interval[i])
    midnight_us = h.at_us(day, "00:00")
    return day, int((h.edges_us[i] - midnight_us) // US)


def _move(scenario: Scenario, value: float, only: str) -> tuple[Change, ...]:
    if value == 0:
        return ()
    day, start = _busiest(scenario)
    end = min(start + round(value), 48 * 3600)
    outage = {"day": day, "start": clock_of(start), "end": clock_of(end), "site": _site(scenario, only)}
    assert clock_s(clock_of(end)) > start
    return (Change(f"outages.{NAME}", outage),)


outage = Lever(
    name="outage",
    title="outage",
    unit="s",
    low=0.0,
    high=4 * 3600.0,
    step=900.0,
    swing=3600.0,
    says="Everybody at one site (the largest, or the one named) is away from the beginning of the busiest "
    "interval for so long; contacts in progress are finished.",
    present=_present,
    move=_move,
    acts_on="site",
    more="an outage of {amount} at the peak",
)
