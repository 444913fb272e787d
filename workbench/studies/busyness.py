"""How busy will the rest of the day be, after what came so far? Gamma and Poisson.

Before the day, the busyness of a queue is a Gamma factor with mean m (1, or 1 + the forecast's bias) and
shape k, from the scenario's `day_factor` and the spread of its `forecast_error` (1/k adds up, and their
product). Given the factor, what comes is Poisson. So after N contacts where E were expected the factor is
Gamma with shape k + N and mean (k + N) / (k / m + E): a day with little day-to-day scatter is hardly
believed to differ, one with much is believed at once. Where intervals scatter more than Poisson
(`interval_shape` s), each count weighs 1 / (1 + expected / s) of itself, which is an approximation. Queues
that share their factor are counted together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import gamma

from workbench.sim.model import Floats
from workbench.sim.scenario import Scenario


@dataclass(frozen=True)
class Busyness:
    """The factor on the rates of some queues for the rest of a day.

    Attributes
    ----------
    expected, observed : contacts so far, by the rates and in fact (weighted where intervals scatter).
    prior_shape : inf where the scenario knows no day-to-day scatter: then nothing is learnt.
    shape, mean : of the posterior.
    """

    queues: tuple[str, ...]
    expected: float
    observed: float
    prior_shape: float
    prior_mean: float

    @property
    def shape(self) -> float:
        """Of the posterior Gamma; inf where nothing is learnt."""
        return self.prior_shape + self.observed

    @property
    def mean(self) -> float:
        """Of the posterior."""
        if math.isinf(self.prior_shape):
            return self.prior_mean
        return self.shape / (self.prior_shape / self.prior_mean + self.expected)

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return between which factors the posterior lies."""
        if math.isinf(self.shape):
            return self.mean, self.mean
        tail = (1 - confidence) / 2
        low, high = gamma.ppf([tail, 1 - tail], self.shape, scale=self.mean / self.shape)
        return float(low), float(high)

    def draw(self, rng: np.random.Generator) -> float:
        """Return one factor from the posterior."""
        if math.isinf(self.shape):
            return self.mean
        return float(rng.gamma(self.shape) * self.mean / self.shape)

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        low, high = self.interval()
        known = math.isfinite(self.prior_shape)
        return {
            "queues": list(self.queues), "expected": self.expected, "observed": self.observed,
            "prior_shape": self.prior_shape if known else None, "prior_mean": self.prior_mean,
            "mean": self.mean, "low": low, "high": high,
            "reason": "" if known else "no day_factor and no spread of the forecast error: nothing is learnt",
        }  # fmt: skip


def busyness_after(scenario: Scenario, expected: Floats, observed: Floats) -> tuple[Busyness, ...]:
    """Return the posterior of each factor.

    Parameters
    ----------
    expected, observed : arrays of shape (n_past, Q): contacts that come of themselves, by the rates (without
        bias) and in fact.
    """
    names = scenario.prepared.names.queues
    shared: dict[tuple[str, str], list[int]] = {}
    for q, name in enumerate(names):
        a = scenario.queues[name].arrivals
        day = (a.day_factor.name or f"queue {name}") if a.day_factor is not None else ""
        error = (a.forecast_error.name or f"queue {name}") if a.forecast_error is not None else ""
        shared.setdefault((day, error) if day or error else (f"queue {name}", ""), []).append(q)
    found = []
    for members in shared.values():
        arrivals = scenario.queues[names[members[0]]].arrivals
        e, n = np.zeros(len(expected)), np.zeros(len(expected))
        for q in members:
            scatter = scenario.queues[names[q]].arrivals.interval_shape
            weight = 1.0 / (1.0 + expected[:, q] / scatter) if scatter is not None else 1.0
            e += weight * expected[:, q]
            n += weight * observed[:, q]
        error_of = arrivals.forecast_error
        found.append(
            Busyness(
                tuple(names[q] for q in members),
                float(e.sum()),
                float(n.sum()),
                _prior_shape(scenario, names[members[0]]),
                1.0 + (error_of.bias if error_of is not None else 0.0),
            )
        )
    return tuple(found)


def _prior_shape(scenario: Scenario, queue: str) -> float:
    a = scenario.queues[queue].arrivals
    squares = []  # squared coefficients of variation
    if a.day_factor is not None:
        squares.append(1.0 / a.day_factor.shape)
    if a.forecast_error is not None and a.forecast_error.spread > 0:
        squares.append(a.forecast_error.spread**2)
    total = math.prod(1.0 + s for s in squares) - 1.0
    return 1.0 / total if total > 0 else math.inf
