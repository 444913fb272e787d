"""How sure is what a price rests on? What was measured, how it maps to a parameter, what an hour costs.

Each doubt is a distribution with an inverse, so that a price is computed at numbers in (0, 1) and each
doubt can be switched off by putting its number to one half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from workbench.diagnostics.finding import Evidence, Grade
from workbench.metrics.proportion import wilson

Floats: TypeAlias = NDArray[np.float64]

NORMAL_90, NORMAL_95 = 1.6448536269514722, 1.959963984540054


@dataclass(frozen=True)
class Triangle:
    """A value between `low` and `high`, most likely `likely`; all three equal: known."""

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.likely <= self.high:
            raise ValueError(f"{self.low:g}, {self.likely:g}, {self.high:g} are not in order")

    @property
    def middle(self) -> float:
        """The median, at which the value stands when nobody doubts it."""
        return float(self.at(np.array([0.5]))[0])

    def at(self, u: Floats) -> Floats:
        """Return the quantiles at `u`, an array of shape (n,)."""
        width = self.high - self.low
        if width == 0:
            return np.full_like(u, self.likely)
        peak = (self.likely - self.low) / width
        below = self.low + np.sqrt(u * width * (self.likely - self.low))
        above = self.high - np.sqrt((1 - u) * width * (self.high - self.likely))
        return np.asarray(np.where(u < peak, below, above))


@dataclass(frozen=True)
class Estimated(Triangle):
    """A value that was measured: `low` and `high` are the ends of its 95 % interval, normal on each side.

    A triangle between these ends would be surer than the measurement is. `least`, `most` : what it can be at all.
    """

    least: float = -math.inf
    most: float = math.inf

    def at(self, u: Floats) -> Floats:
        """Return the quantiles at `u`, an array of shape (n,)."""
        z = ndtri(u)
        below, above = (self.likely - self.low) / NORMAL_95, (self.high - self.likely) / NORMAL_95
        return np.asarray(np.clip(self.likely + z * np.where(z < 0, below, above), self.least, self.most))


def further_share(n: int, hits: int, other_n: int, other_hits: int) -> Estimated:
    """Return by how much one share lies above another; the 95 % interval joins theirs by squares (Newcombe 1998)."""
    a, b = hits / n, other_hits / other_n
    (la, ua), (lb, ub) = wilson(hits, n), wilson(other_hits, other_n)
    low, high = a - b - math.hypot(a - la, ub - b), a - b + math.hypot(ua - a, b - lb)
    return Estimated(low, a - b, high, least=0.0)


def known(value: float) -> Triangle:
    """Return a value that nobody doubts."""
    return Triangle(value, value, value)


@dataclass(frozen=True)
class Reading:
    """What a finding measured, how sure that is, and what is expected instead.

    Attributes
    ----------
    value, low, high : in `unit`, with the 95 % interval of sampling; None: the finding has none.
    target : what a healthy client shows.
    least, most : what the measure can be at all.
    whole : counted whole (documents), so that no sample errs.
    """

    measure: str
    value: float
    unit: str
    target: float
    n: int
    low: float | None = None
    high: float | None = None
    least: float = -math.inf
    most: float = math.inf
    whole: bool = False

    @property
    def used(self) -> float:
        """The value that prices rest on: the measured one, cut to what the measure can be at all."""
        return float(np.clip(self.value, self.least, self.most))

    @property
    def aimed(self) -> float:
        """What is expected, cut to what the measure can be at all."""
        return float(np.clip(self.target, self.least, self.most))

    @property
    def sampling_unknown(self) -> bool:
        """Whether a sample was measured and nobody can say how far it errs: unknown, which is not none."""
        return not self.whole and (self.low is None or self.high is None)

    def at(self, u: Floats) -> Floats:
        """Return the quantiles of the true value at `u`: normal on each side, cut to what can be."""
        if self.low is None or self.high is None:
            return np.full_like(u, self.used)
        z = ndtri(u)
        below, above = (self.value - self.low) / NORMAL_95, (self.high - self.value) / NORMAL_95
        return np.asarray(np.clip(self.value + z * np.where(z < 0, below, above), self.least, self.most))

    def part_way(self, how_far: float | Floats, value: Floats) -> Floats:
        """Return what the measure would be when it has gone `how_far` of the way to the target."""
        return np.asarray(value + how_far * (self.aimed - value))

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "measure": self.measure, "value": self.value, "used": self.used, "unit": self.unit, "target": self.target,
            "low": self.low, "high": self.high, "n": self.n,
            "sampling": "counted whole" if self.whole else "unknown" if self.sampling_unknown else "95 % interval",
        }  # fmt: skip


def reading(evidence: Evidence, target: float | None = None) -> Reading | None:
    """Return the reading in a piece of evidence; None without a value or an expectation."""
    wanted = evidence.expected if target is None else target
    if evidence.value is None or wanted is None:
        return None
    fraction = evidence.unit == "fraction"
    least, most = (0.0, 1.0) if fraction else (0.0 if evidence.value >= 0 else -math.inf, math.inf)
    return Reading(
        evidence.measure, evidence.value, evidence.unit, wanted, evidence.n, evidence.low, evidence.high,
        least, most, evidence.grade == "D",
    )  # fmt: skip


@dataclass(frozen=True)
class Mapping:
    """How a measured value becomes a parameter or an amount.

    Attributes
    ----------
    says : in a sentence.
    source : where that comes from.
    grade : M computed from this client's data, D from a document, A assumed.
    factor : what is uncertain in it; what it means is the rule's to say.
    evidence : what would have to be handed over to know it.
    """

    says: str
    source: str
    grade: Grade
    factor: Triangle
    evidence: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        f = self.factor
        return {
            "says": self.says, "source": self.source, "grade": self.grade,
            "low": f.low, "likely": f.likely, "high": f.high, "evidence": self.evidence,
        }  # fmt: skip


@dataclass(frozen=True)
class Draws:
    """Numbers in (0, 1) for each doubt, and standard normal ones for the error of the simulation.

    Attributes
    ----------
    finding, mapping, money : arrays of shape (n,)
    noise : array of shape (n, months): the same for every price, since all share the simulated months
    """

    finding: Floats
    mapping: Floats
    money: Floats
    noise: Floats

    def only(self, doubt: str) -> Draws:
        """Return the draws in which nothing but one doubt is left: finding, mapping, money, simulation."""
        still = {name: np.full_like(self.finding, 0.5) for name in ("finding", "mapping", "money")}
        still["noise"] = np.zeros_like(self.noise)
        kept = "noise" if doubt == "simulation" else doubt
        still[kept] = getattr(self, kept)
        return replace(self, **still)


WEAKNESS: tuple[Grade, ...] = ("M", "D", "S", "A")


def weakest(*grades: Grade) -> Grade:
    """Return the grade of what rests on several things: that of the weakest."""
    return max(grades, key=WEAKNESS.index)


DOUBTS = ("finding", "mapping", "money", "simulation")
"""Sampling of what was measured; how it maps; what an hour costs; replications."""


def draws(n: int, months: int, seed: int, stream: int = 0) -> Draws:
    """Return `n` draws of every doubt, each spread evenly over (0, 1) (Latin hypercube).

    `stream` : the number of the price; what was measured and how it maps is independent between prices,
    the error of the simulation and what an hour costs is shared.
    """
    shared, rng = np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1 + stream])

    def spread(rng: np.random.Generator) -> Floats:
        return np.asarray((rng.permutation(n) + rng.random(n)) / n)

    money = spread(shared)
    return Draws(spread(rng), spread(rng), money, shared.standard_normal((n, months)))
