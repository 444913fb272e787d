"""Which credits are to be expected of the contract, and what would another formula give?

Months are simulated, put together to years at random, and settled by the one engine of credits with caps
and earn-back; so the 90th percentile is of years that may well come. That no simulated month misses does not
say that none will: intervals are exact for whatever credits a month may have, and the months of the client's
own log stand beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import betaincinv

from workbench.catalogue import serves
from workbench.errors import CallError
from workbench.metrics.penalty import Terms, credits_for
from workbench.studies.pricing.contract import FORMULAS, MONTHS_PER_YEAR, Contract, levels_of_log
from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.floor import DAYS_PER_MONTH, Floor

YEARS = 2000
MONTHS = 48
"""Simulated of today, at least."""
BOUNDS_DRAWN = 20_000
TAIL = 0.05
"""On each side of an interval of 90 %."""


@dataclass(frozen=True)
class Recorded:
    """What the same terms give on the months of the client's own log.

    Attributes
    ----------
    missed : months in which any promise was missed, of `months`; low, high : 90 % interval of that share.
    credit : mean a month, before earn-back.
    """

    months: int
    missed: int
    low: float
    high: float
    credit: float

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "months": self.months, "missed": self.missed, "low": self.low, "high": self.high, "credit": self.credit,
        }  # fmt: skip


@dataclass(frozen=True)
class Credits:
    """Credits a month under one formula, over simulated years.

    Attributes
    ----------
    expected : mean a month, with its 90 % interval; exact, whatever a month may cost up to `most`.
    p90 : of a year's credits, over twelve: nine years of ten cost no more; p90_high : at the upper end of `missed`
        with every miss at its dearest.
    earned_back : mean a month that returns; already taken off.
    missed : share of months in which any promise is missed, with its 90 % interval (Clopper and Pearson 1934).
    most : what a month can cost at most.
    log : the client's own months; None where the log does not tell.
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
    missed_low: float = 0.0
    missed_high: float = 1.0
    p90_high: float = float("nan")
    most: float = float("nan")
    log: Recorded | None = None

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "formula": self.formula, "contract": self.contract, "expected": self.expected, "low": self.low,
            "high": self.high, "p90": self.p90, "p90_high": self.p90_high, "earned_back": self.earned_back,
            "missed": self.missed, "missed_low": self.missed_low, "missed_high": self.missed_high,
            "months": self.months, "most": self.most, "log": None if self.log is None else self.log.to_data(),
        }  # fmt: skip


def share_bounds(hits: int, n: int) -> tuple[float, float]:
    """Return the 90 % interval of a share (Clopper and Pearson 1934); 0 of 12: up to 22 %."""
    low = 0.0 if hits == 0 else float(betaincinv(hits, n - hits + 1, TAIL))
    high = 1.0 if hits == n else float(betaincinv(hits + 1, n - hits, 1 - TAIL))
    return low, high


def mean_bounds(values: Floats, most: float) -> tuple[float, float]:
    """Return the 90 % interval of the mean of amounts from 0 to `most`, whatever their distribution.

    Learned-Miller and Thomas (2019): the ordered values are put at the ordered heights of uniform numbers and the
    rest at the far end, so that an amount that never came is bounded as a share is: n zeros give
    most × (1 − 0.05^(1/n)), the rule of three.
    """
    amounts = np.clip(values, 0.0, most)
    return max(most - _upper(most - amounts, most), 0.0), min(_upper(amounts, most), most)


def _upper(amounts: Floats, most: float) -> float:
    n = len(amounts)
    if not amounts.any():
        return float(most * (1 - TAIL ** (1 / n)))
    return float(np.quantile(most - _heights(n) @ np.diff(np.sort(amounts), append=most), 1 - TAIL))


@lru_cache(maxsize=4)
def _heights(n: int) -> Floats:
    """Return ordered uniform numbers: shape (BOUNDS_DRAWN, n); the same whoever asks."""
    return np.sort(np.random.default_rng(n).random((BOUNDS_DRAWN, n)), axis=1)


@serves("SIM-8", "EXP-2", kind="calculator")
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
    if contract.terms is None and not contract.by_window:
        return ()
    from workbench.studies.replicate import extended

    # today alone is simulated for longer: what is rare takes months to show, or to be bounded
    known = floor.results({})
    results = extended(known, max(floor.months, MONTHS) * floor.per_month, workers=floor.workers)
    floor.beyond = int(sum(t["overall"]["offered"][0] for t in results.tallies[known.n :]))
    blocks = floor.blocks(results.n)
    if contract.terms is None:
        return (credits_by_window(floor, contract.credits(results, blocks) * floor.scale, years),)
    own = sorted({p.formula for p in contract.promises if p.metric == "service_level"})
    name = " and ".join(own) or "as written"
    ways: list[tuple[str, bool, Contract]] = [(name, True, contract)]
    if own:
        ways += [(f, False, contract.with_formula(f)) for f in FORMULAS if [f] != own]
    return tuple(
        _credits(
            contract.terms, label, mine, one.levels(results, blocks),
            levels_of_log(one, floor.basis.dataset, floor.base), floor.seed, years,
        )
        for label, mine, one in ways
    )  # fmt: skip


@serves("SIM-8", kind="calculator")
def credits_by_window(floor: Floor, per_month: Floats, years: int = YEARS) -> Credits:
    """Return the credits of terms that are settled by the week or the day, before caps of a year and earn-back.

    per_month : of simulated months, as the engine settled them window by window: shape (months,).

    Raises
    ------
    CallError
        where the scenario has no terms.
    """
    terms = floor.base.money.terms
    if terms is None:
        raise CallError("terms: none came. Write money.terms into the scenario.")
    length_d = {
        "interval": floor.base.time.interval_s / 86_400,
        "day": 1.0,
        "week": 7.0,
        "month": DAYS_PER_MONTH,
    }
    at_risk = terms.at_risk * sum(level.weight for level in terms.levels.values())
    if terms.cap_per_window is not None:
        at_risk = min(at_risk, terms.cap_per_window)
    most = max(at_risk * DAYS_PER_MONTH / length_d[terms.window], float(per_month.max()))
    n, hits = len(per_month), int((per_month > 1e-9).sum())
    which = np.random.default_rng(floor.seed).integers(0, n, (years, MONTHS_PER_YEAR))
    yearly, expected = per_month[which].sum(axis=1), float(per_month.mean())
    low, high = mean_bounds(per_month, most)
    least, utmost = share_bounds(hits, n)
    formulas = sorted({p.formula for p in floor.contract.promises if p.metric == "service_level"})
    return Credits(
        " and ".join(formulas) or "as written", True, expected, min(low, expected), max(high, expected),
        float(np.quantile(yearly, 0.9)) / MONTHS_PER_YEAR, 0.0, hits / n, n, least, utmost,
        _ninth_of_ten(utmost) * most / MONTHS_PER_YEAR, most,
    )  # fmt: skip


def _credits(
    terms: Terms, formula: str, mine: bool, levels: Floats, log: Floats, seed: int, years: int
) -> Credits:
    yearly, back = expected_credits(terms, levels, seed=seed, years=years)
    per_month, missed = _gross(terms, levels)
    n, hits = len(levels), int(missed.sum())
    most = max(
        float(terms.at_risk_in(1)[0]) * sum(level.weight for level in terms.levels), float(per_month.max())
    )
    low, high = mean_bounds(per_month, most)
    least, utmost = share_bounds(hits, n)
    expected = float(yearly.mean()) / MONTHS_PER_YEAR
    return Credits(
        formula, mine, expected, min(max(low - back, 0.0), expected), max(high, expected),
        float(np.quantile(yearly, 0.9)) / MONTHS_PER_YEAR, back, hits / n, n, least, utmost,
        _ninth_of_ten(utmost) * most / MONTHS_PER_YEAR, most, _recorded(terms, log),
    )  # fmt: skip


def _gross(terms: Terms, levels: Floats) -> tuple[Floats, Floats]:
    """Return the credit of each month before earn-back, and whether any promise was missed in it."""
    per_month = credits_for(terms, levels[:, None, :]).credit.sum((1, 2))
    short = np.stack([level.shortfall(levels[:, i]) for i, level in enumerate(terms.levels)], axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(per_month), np.asarray((short > 1e-12).any(axis=1))


def _ninth_of_ten(share: float) -> float:
    """Return how many months of twelve are missed at most in nine years of ten, at a share of missed months."""
    from scipy.stats import binom

    return float(binom.ppf(0.9, MONTHS_PER_YEAR, share))


def _recorded(terms: Terms, levels: Floats) -> Recorded | None:
    if not len(levels):
        return None
    per_month, missed = _gross(terms, levels)
    hits = int(missed.sum())
    return Recorded(len(levels), hits, *share_bounds(hits, len(levels)), float(per_month.mean()))


@serves("COM-1", kind="calculator")
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
