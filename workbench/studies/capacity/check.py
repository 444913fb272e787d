"""Does the plan hold when its weeks are simulated themselves, with other random numbers?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.metrics.proportion import wilson
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.capacity.hiring import Judge, Outlook
from workbench.studies.lever import LEVERS
from workbench.studies.replicate import Results, replicate
from workbench.studies.targets import Target, formulas_of, targets_of, values_of


@dataclass(frozen=True)
class Checked:
    """One week of the plan, simulated.

    Attributes
    ----------
    week : its number, from 0.
    met, n : draws whose simulated week met its targets, of how many.
    low, high : Wilson's interval of the probability.
    predicted : by the surface.
    """

    week: int
    met: int
    n: int
    low: float
    high: float
    predicted: float

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "week": self.week, "met": self.met, "n": self.n, "share": self.met / self.n, "low": self.low,
            "high": self.high, "predicted": self.predicted,
        }  # fmt: skip


def weeks_to_check(outlook: Outlook, beyond: np.ndarray, n: int) -> list[int]:
    """Return the weeks with the lowest probability among those that hires can reach; else among all."""
    weeks = np.flatnonzero(~beyond) if (~beyond).any() else np.arange(len(beyond))
    order = weeks[np.argsort(outlook.met[weeks], kind="stable")]
    return sorted(int(w) for w in order[:n])


def check(
    judge: Judge, outlook: Outlook, weeks: Sequence[int], seed: int, workers: int | None
) -> list[Checked]:
    """Simulate weeks of a plan: volume, handle time, absence and people drawn, one simulated week for each draw.

    Parameters
    ----------
    judge : with draws of its own, other than those that the plan was made on; one simulated week each.
    seed : of the simulation.
    """
    inputs, scenario = judge.inputs, judge.inputs.scenario
    again = judge.outlook(outlook.hires)
    days = max(1, round(inputs.per_week))
    found = []
    for week in weeks:
        met = 0
        n = len(judge.work.load)
        for draw in range(n):
            people = again.supply[draw, week] * judge.work.present[draw, week] * judge.scale
            people *= 1 + again.overtime[draw, week]
            changed = moved(
                scenario, judge.work.volume[draw, week], judge.work.handle[draw, week], round(people)
            )
            results = replicate(
                changed, days, seed + 1000 * week + draw, formulas=formulas_of(scenario), workers=workers
            )
            met += all(_met(results, target) for target in targets_of(scenario))
        low, high = wilson(met, n)
        found.append(Checked(week, met, n, low, high, float(outlook.met[week])))
    return found


def moved(scenario: Scenario, volume: float, handle: float, people: int) -> Scenario:
    """Return the scenario with other volume, handle time and people."""
    changes: list[Change] = []
    for name, value in (("volume", volume), ("handle_time", handle), ("staffing", float(max(people, 0)))):
        lever = LEVERS.get(name)
        if not lever.why_not(scenario):
            changes += lever.changes(scenario, value)
    return scenario.with_(changes)


def _met(results: Results, target: Target) -> bool:
    value = values_of(results, target)
    known = value[~np.isnan(value)]
    if not len(known):
        return True
    mean = float(known.mean())
    return mean <= target.value if target.metric == "abandon_rate" else mean >= target.value
