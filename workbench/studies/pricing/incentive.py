"""Which credits are to be expected of the contract, and what would another formula give?

Months are simulated, put together to years at random, and settled by the one engine of credits with caps
and earn-back; so the 90th percentile is of years that may well come.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.catalogue import serves
from workbench.errors import CallError
from workbench.metrics.penalty import Terms, credits_for
from workbench.studies.pricing.contract import FORMULAS, MONTHS_PER_YEAR, Contract
from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.floor import Floor

YEARS = 2000


@dataclass(frozen=True)
class Credits:
    """Credits a month under one formula, over simulated years.

    Attributes
    ----------
    expected : mean a month, with its 90 % interval from the simulated months.
    p90 : of a year's credits, over twelve: nine years of ten cost no more.
    earned_back : mean a month that returns; already taken off.
    missed : share of months in which any promise is missed.
    """

    formula: str
    contract: bool
    expected: float
    low: float
    high: float
    p90: float
    earned_back: float
    missed: float
    months: int

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "formula": self.formula, "contract": self.contract, "expected": self.expected, "low": self.low,
            "high": self.high, "p90": self.p90, "earned_back": self.earned_back, "missed": self.missed,
            "months": self.months,
        }  # fmt: skip


@serves("SIM-8", "EXP-2", "COM-1", kind="calculator")
def expected_credits(terms: Terms, levels: Floats, *, seed: int, years: int = YEARS) -> tuple[Floats, float]:
    """Return net credits of years drawn from simulated months, and the mean that is earned back a month.

    Parameters
    ----------
    levels : array of shape (months, levels), in the order of the terms; NaN: nobody came.

    Returns
    -------
    array of shape (years,): credits of each year after caps and earn-back; and the mean earned back a month.

    Raises
    ------
    CallError
        without a month.
    """
    if len(levels) < 1:
        raise CallError("levels: no month came. Simulate one at least; 24 give a usable percentile.")
    # a year's first months may earn back what the last missed: years are drawn one after another
    which = np.random.default_rng(seed).integers(0, len(levels), (years, MONTHS_PER_YEAR))
    found = credits_for(terms, levels[which])
    return found.net.sum(axis=1), float(found.earned_back.sum() / (years * MONTHS_PER_YEAR))


def credits_by_formula(floor: Floor, *, years: int = YEARS) -> tuple[Credits, ...]:
    """Return the credits on the contract's own formulas, and what each single formula would give."""
    contract = floor.contract
    if contract.terms is None:
        return ()
    results = floor.results({})
    blocks = floor.blocks(results.n)
    own = sorted({p.formula for p in contract.promises if p.metric == "service_level"})
    name = " and ".join(own) or "as written"
    ways: list[tuple[str, bool, Contract]] = [(name, True, contract)]
    if own:
        ways += [(f, False, contract.with_formula(f)) for f in FORMULAS if [f] != own]
    return tuple(
        _credits(contract.terms, label, mine, one.levels(results, blocks), floor.seed, years)
        for label, mine, one in ways
    )


def _credits(terms: Terms, formula: str, mine: bool, levels: Floats, seed: int, years: int) -> Credits:
    yearly, back = expected_credits(terms, levels, seed=seed, years=years)
    per_month = credits_for(terms, levels[:, None, :]).credit.sum((1, 2))
    n = len(per_month)
    half = 1.645 * float(per_month.std(ddof=1)) / math.sqrt(n) if n > 1 else float("nan")
    expected = float(yearly.mean()) / MONTHS_PER_YEAR
    short = np.stack([level.shortfall(levels[:, i]) for i, level in enumerate(terms.levels)], axis=1)
    with np.errstate(invalid="ignore"):
        missed = float((short > 1e-12).any(axis=1).mean())
    return Credits(
        formula, mine, expected, max(expected - half, 0.0), expected + half,
        float(np.quantile(yearly, 0.9)) / MONTHS_PER_YEAR, back, missed, n,
    )  # fmt: skip


def bonus_for(terms: Terms, levels: Floats, share_of_credit: float, margins: Sequence[float]) -> Floats:
    """Return the bonus of each month where every level is reached by its margin: shape (months,).

    `share_of_credit` : the bonus over what a month has at risk.
    """
    reached = np.ones(len(levels), bool)
    for i, (level, margin) in enumerate(zip(terms.levels, margins, strict=True)):
        with np.errstate(invalid="ignore"):
            reached &= level.shortfall(levels[:, i]) <= -margin
    whole = float(np.atleast_1d(terms.at_risk)[0]) * sum(level.weight for level in terms.levels)
    return np.asarray(np.where(reached, share_of_credit * whole, 0.0))
