"""Which targets does a scenario promise, and how probable is it that they are met?

The contract's levels where the scenario has terms (`money.terms`), else the target of each queue. A
mean says nothing of how often: the answer is the share of replications that meet a target, with
Wilson's interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.metrics.proportion import wilson
from workbench.sim.scenario import Scenario
from workbench.studies.replicate import Results

USUAL = "V2"
"""The formula where no contract names one: answered in time over all offered."""
ALL = "all targets"


@dataclass(frozen=True)
class Target:
    """One promise: what must reach what, over the whole simulated time.

    Attributes
    ----------
    name : of the contract's level, or of the queue.
    metric : "service_level" or "abandon_rate".
    queue : None: all together.
    formula : of the service level.
    value : to be reached, or not to be passed (abandon rate).
    """

    name: str
    metric: str
    queue: str | None
    formula: str
    value: float

    def __str__(self) -> str:
        """Write it: "service: service level V2 of at least 80 %"."""
        bound = "at most" if self.metric == "abandon_rate" else "at least"
        what = "abandon rate" if self.metric == "abandon_rate" else f"service level {self.formula}"
        return f"{self.name}: {what} of {bound} {100 * self.value:g} %"


@dataclass(frozen=True)
class Met:
    """In how many replications a target was met.

    Attributes
    ----------
    low, high : Wilson's interval of the probability, at the confidence of the results.
    """

    met: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Of the replications."""
        return self.met / self.n

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {"met": self.met, "n": self.n, "share": self.share, "low": self.low, "high": self.high}


def targets_of(scenario: Scenario) -> tuple[Target, ...]:
    """Return the targets, in the order of names."""
    terms = scenario.money.terms
    if terms is not None:
        return tuple(
            Target(name, level.metric, level.queue, level.formula, level.target)
            for name, level in sorted(terms.levels.items())
        )
    return tuple(
        Target(name, "service_level", name, USUAL, queue.service_level.target)
        for name, queue in sorted(scenario.queues.items())
    )


def formulas_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the formulas of the service level to count by; the contract's own is first."""
    used = [t.formula for t in targets_of(scenario) if t.metric == "service_level"]
    return tuple(dict.fromkeys(used or [USUAL]))


def probability_met(results: Results, targets: Sequence[Target]) -> dict[str, Met]:
    """Return how often each target was met, and how often all of them were; see ALL.

    A replication in which nothing came meets a target: no promise was broken.
    """
    together = np.ones(results.n, dtype=bool)
    found = {}
    for target in targets:
        good = _good(results, target)
        together &= good
        found[target.name] = _met(good, results.confidence)
    if len(targets) > 1:
        found[ALL] = _met(together, results.confidence)
    return found


def values_of(results: Results, target: Target) -> np.ndarray:
    """Return what a target is held against, one value a replication; NaN where nothing came."""
    measure = target.metric
    if measure == "service_level" and target.formula != results.formulas[0]:
        measure = f"service_level {target.formula}"
    scope = "overall" if target.queue is None else "queue"
    above, below = results.counted(measure, scope)
    place = results.names(scope).index(target.queue or "overall")
    above, below = above[:, place], below[:, place]
    return np.asarray(np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0))


def _good(results: Results, target: Target) -> np.ndarray:
    value = values_of(results, target)
    reached = value <= target.value if target.metric == "abandon_rate" else value >= target.value
    return np.asarray(reached | np.isnan(value))


def _met(good: np.ndarray, confidence: float) -> Met:
    low, high = wilson(int(good.sum()), len(good), confidence)
    return Met(int(good.sum()), len(good), low, high)
