"""How probably is a week's service met, at so much work and so many people? A surface, simulated point by point.

At a few volumes and a row of staffings each, the scenario is simulated and every target's distance to its
mean service is taken in standard deviations of a week; the nearest target decides. Between the points it is
interpolated, along people and along volume. So a thousand drawn years cost no further simulation; the plan
that comes out of them is then simulated itself (`check.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from workbench.sim.scenario import Scenario
from workbench.studies.lever import LEVERS
from workbench.studies.replicate import Results, replicate
from workbench.studies.targets import Target, formulas_of, targets_of, values_of

Floats = NDArray[np.float64]

CERTAIN = 4.0
"""So many standard deviations from the target the search along people stops."""
LEAST_SD = 1e-4
"""Of a service level: what replications do not show is not taken as none."""
MOST_POINTS = 40


@dataclass(frozen=True)
class Row:
    """Staffings tried at one volume: people, and the distance of the nearest target in standard deviations."""

    load: float
    people: Floats
    distance: Floats


@dataclass(frozen=True)
class Surface:
    """The distance of a week's service to its targets, by work and people.

    Attributes
    ----------
    rows : by load, ascending; load 1 is the scenario's own volume.
    targets : what has to be met.
    replications, seed : of each point.
    contacts : simulated in all.
    """

    rows: tuple[Row, ...]
    targets: tuple[Target, ...]
    replications: int
    seed: int
    contacts: int

    def distance(self, people: Floats, load: Floats) -> Floats:
        """Return the distance in standard deviations of a week, for arrays of one shape; beyond the grid its edge."""
        loads = np.array([row.load for row in self.rows])
        at_rows = np.stack([np.interp(people, row.people, row.distance) for row in self.rows])
        if len(loads) == 1:
            return np.asarray(at_rows[0])
        place = np.clip(np.searchsorted(loads, load) - 1, 0, len(loads) - 2)
        share = np.clip((load - loads[place]) / (loads[place + 1] - loads[place]), 0.0, 1.0)
        low = np.take_along_axis(at_rows, place[None], axis=0)[0]
        high = np.take_along_axis(at_rows, place[None] + 1, axis=0)[0]
        return np.asarray(low + share * (high - low))

    def needed(self, load: Floats, distance: float) -> Floats:
        """Return the people with whom the distance is reached at a load, for an array of loads; inf where none do."""
        loads = np.array([row.load for row in self.rows])
        people = np.array([_crossing(row, distance) for row in self.rows])
        return np.asarray(np.interp(load, loads, people))

    def met(self, people: Floats, load: Floats) -> Floats:
        """Return the probability that a week meets its targets."""
        return np.asarray(ndtr(self.distance(people, load)))


def _crossing(row: Row, distance: float) -> float:
    """Return the people at which a row passes a distance, straight between the points."""
    above = np.flatnonzero(row.distance >= distance)
    if not len(above):
        return math.inf
    i = int(above[0])
    if i == 0:
        return float(row.people[0])
    low, high = row.distance[i - 1], row.distance[i]
    return float(row.people[i - 1] + (distance - low) / (high - low) * (row.people[i] - row.people[i - 1]))


def simulate_surface(
    scenario: Scenario, loads: Floats, per_week: float, *, n: int, seed: int, workers: int | None = None
) -> Surface:
    """Simulate the surface at the loads given.

    Parameters
    ----------
    per_week : simulated horizons in a week; their scatter averages out.
    n : replications of each point.
    """
    targets, formulas = targets_of(scenario), formulas_of(scenario)
    volume, staffing = LEVERS.get("volume"), LEVERS.get("staffing")
    present = round(staffing.today(scenario))
    contacts = 0

    def distance(changed: Scenario, people: int) -> float:
        nonlocal contacts
        at = changed.with_(staffing.changes(changed, float(people))) if people != present else changed
        results = replicate(at, n, seed, formulas=formulas, workers=workers)
        contacts += int(results.counted("offered")[0].sum())
        return min((_distance(results, target, per_week) for target in targets), default=CERTAIN)

    rows = []
    for load in np.unique(loads):
        changed = scenario.with_(volume.changes(scenario, float(load)))
        step = max(1, round(0.03 * present * load))
        tried: dict[int, float] = {}
        people = max(1, round(present * load))
        tried[people] = distance(changed, people)
        _walk(lambda k, c=changed: distance(c, k), tried, people, step, up=True)
        _walk(lambda k, c=changed: distance(c, k), tried, people, step, up=False)
        order = sorted(tried)
        # more people never serve worse; where replications say otherwise it is noise
        rising = np.maximum.accumulate([tried[k] for k in order])
        rows.append(Row(float(load), np.array(order, float), np.asarray(rising, float)))
    return Surface(tuple(rows), targets, n, seed, contacts)


def _walk(distance, tried: dict[int, float], start: int, step: int, *, up: bool) -> None:  # type: ignore[no-untyped-def]
    people, last = start, tried[start]
    for _ in range(MOST_POINTS):
        if (last >= CERTAIN) if up else (last <= -CERTAIN or people <= 1):
            return
        people = people + step if up else max(1, people - step)
        last = tried[people] = distance(people)
        step = max(step, round(1.3 * step))


def _distance(results: Results, target: Target, per_week: float) -> float:
    value = values_of(results, target)
    known = value[~np.isnan(value)]
    if not len(known):
        return CERTAIN
    sd = max(float(known.std(ddof=1)) if len(known) > 1 else 0.0, LEAST_SD) / math.sqrt(per_week)
    gap = float(known.mean()) - target.value
    sign = -1.0 if target.metric == "abandon_rate" else 1.0
    return float(np.clip(sign * gap / sd, -2 * CERTAIN, 2 * CERTAIN))
