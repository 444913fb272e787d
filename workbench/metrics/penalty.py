"""What does a missed service level cost, after bands, weights, caps and earn-back?

The one engine for service credits: for a client's reported results, for recomputed ones under any
formula, and for thousands of simulated years at once. In this order, for each contract year:

1. each level's result against its target gives a share from 0 to 1, by steps or by a straight line;
2. the share times the level's weight times the amount at risk is its credit, multiplied where a
   critical level is missed again;
3. the credits of a period are cut to its cap in proportion, then to what the year's cap has left;
4. a credit is earned back when the periods after it reach the level asked for; it is booked in the
   last of them. What was earned back does not free the year's cap.

A result that is not known costs nothing for certain and everything at worst; both are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import CallError

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

_EXACT = 1e-12  # 0.80 reached as 0.7999999999999999 is reached


@dataclass(frozen=True)
class Band:
    """A result worse than `worse_than` loses `share` of what the level has at risk."""

    worse_than: float
    share: float


@dataclass(frozen=True)
class Steps:
    """The worst band that applies decides; a result in none of them loses nothing."""

    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Line:
    """From nothing at the target to everything at `all_at`, straight between."""

    all_at: float


@dataclass(frozen=True)
class EarnBack:
    """`share` of a credit returns if each of the next `periods` reaches the target by `margin`."""

    periods: int
    margin: float = 0.0
    share: float = 1.0


@dataclass(frozen=True)
class Level:
    """One service level of a contract.

    Attributes
    ----------
    name : as in the results; which formula it is computed by is said there ("service_level V2").
    target, direction : "at least" for shares answered, "at most" for waits and error rates.
    weight : share of the amount at risk that it can lose; weights may add up to more than 1.
    rule : Steps or Line.
    critical : a critical level: see `repeat_factor` and Trigger.
    repeat_factor : multiplies the credit of a critical level missed in the period before as well.
    """

    name: str
    target: float
    weight: float
    rule: Steps | Line
    direction: Literal["at least", "at most"] = "at least"
    critical: bool = False
    repeat_factor: float = 1.0
    earn_back: EarnBack | None = None

    def __post_init__(self) -> None:
        limits = [b.worse_than for b in self.rule.bands] if isinstance(self.rule, Steps) else []
        shares = [b.share for b in self.rule.bands] if isinstance(self.rule, Steps) else []
        sign = 1.0 if self.direction == "at least" else -1.0
        problems = []
        if not self.weight >= 0:
            problems.append(f"weight {self.weight:g} is below 0")
        if any(not 0 <= share <= 1 for share in shares):
            problems.append(f"band shares {shares} are not all between 0 and 1")
        if any(sign * (self.target - limit) < 0 for limit in limits):
            problems.append(f"a band begins at {limits}, on the good side of the target {self.target:g}")
        if isinstance(self.rule, Line) and sign * (self.target - self.rule.all_at) <= 0:
            problems.append(f"everything is lost at {self.rule.all_at:g}, which is no miss")
        if self.earn_back and (self.earn_back.periods < 1 or not 0 <= self.earn_back.share <= 1):
            problems.append("earn-back needs 1 period or more and a share between 0 and 1")
        if problems:
            raise CallError(f"service level {self.name}: {'; '.join(problems)}.")

    def shortfall(self, values: ArrayLike) -> Floats:
        """Return by how much values miss the target, above 0 when they do."""
        gap = self.target - np.asarray(values, float)
        return gap if self.direction == "at least" else -gap

    def share_lost(self, values: ArrayLike) -> Floats:
        """Return the share of the level's stake that each value loses; NaN where it is unknown."""
        value = np.asarray(values, float)
        if isinstance(self.rule, Line):
            full = self.shortfall(self.rule.all_at)
            return np.asarray(np.clip(self.shortfall(value) / full, 0.0, 1.0))
        sign = 1.0 if self.direction == "at least" else -1.0
        lost = np.where(np.isnan(value), np.nan, 0.0)
        for band in self.rule.bands:
            applies = sign * (band.worse_than - value) > _EXACT
            lost = np.where(applies, np.maximum(lost, band.share), lost)
        return lost


@dataclass(frozen=True)
class Trigger:
    """A right to terminate: `misses` of one level within `within` periods in a row."""

    misses: int
    within: int
    critical_only: bool = True
    name: str = "termination"


@dataclass(frozen=True)
class Terms:
    """What a contract says about credits; amounts are in `currency`.

    Attributes
    ----------
    at_risk : the amount that weights are shares of, per period; one number, or one for each.
    cap_per_period : most that one period can cost; None: no cap but the weights.
    cap_per_year : most that `periods_per_year` periods can cost together, from the first result on.
    """

    levels: tuple[Level, ...]
    at_risk: float | tuple[float, ...]
    currency: str
    cap_per_period: float | None = None
    cap_per_year: float | None = None
    periods_per_year: int = 12
    triggers: tuple[Trigger, ...] = ()

    def __post_init__(self) -> None:
        names = [level.name for level in self.levels]
        if len(set(names)) < len(names):
            raise CallError(f"Terms name a service level twice: {', '.join(sorted(names))}.")

    def at_risk_in(self, periods: int) -> Floats:
        """Return the amount at risk in each of the periods."""
        amounts = np.atleast_1d(np.asarray(self.at_risk, float))
        if amounts.size not in (1, periods):
            raise CallError(
                f"at_risk has {amounts.size} amounts for {periods} periods. Give one, or one each."
            )
        return np.broadcast_to(amounts, (periods,)).astype(float)


@dataclass(frozen=True)
class Credits:
    """Credits of many years at once; the last axes are (period, level), amounts in the currency.

    gross : by the rules alone; credit : after both caps; earned_back : booked where it is earned.
    """

    share: Floats
    gross: Floats
    credit: Floats
    earned_back: Floats
    returned_for: Floats
    """The earned-back amount again, at the period whose credit it returns."""

    @property
    def net(self) -> Floats:
        """Credits less what was earned back, by period; the last axis is the period."""
        return np.asarray((self.credit - self.earned_back).sum(axis=-1))


def credits_for(
    terms: Terms, values: ArrayLike, unknown: Literal["nothing", "everything"] = "nothing"
) -> Credits:
    """Return the credits for results of shape (..., periods, levels), levels in the order of the terms.

    unknown : what a result that is not known (NaN) costs.
    """
    value = np.asarray(values, float)
    if value.ndim < 2 or value.shape[-1] != len(terms.levels):
        raise CallError(
            f"Results of shape {value.shape} came for {len(terms.levels)} service levels. "
            "Accepted: (..., periods, levels)."
        )
    share = np.stack([lv.share_lost(value[..., i]) for i, lv in enumerate(terms.levels)], axis=-1)
    share = np.where(np.isnan(share), 0.0 if unknown == "nothing" else 1.0, share)
    weight = np.array([level.weight for level in terms.levels])
    at_risk = terms.at_risk_in(value.shape[-2])
    gross = share * weight * at_risk[:, None] * _repeats(terms, share)
    credit = _capped_by_year(terms, _capped_by_period(terms, gross))
    earned, returned = _earned_back(terms, value, credit)
    return Credits(share, gross, credit, earned, returned)


@dataclass(frozen=True)
class CreditLine:
    """One level in one period, with the reasoning as a sentence."""

    period: str
    level: str
    value: float | None
    target: float
    share_lost: float | None
    gross: float | None
    credit: float | None
    returned: float
    reason: str


@dataclass(frozen=True)
class Settlement:
    """What the terms make of reported results.

    Attributes
    ----------
    lines : every level in every period.
    credit, earned_back, net : totals over known results; net = credit − earned_back.
    net_at_worst : net if every unknown result turned out to lose everything.
    by_period : net credit of each period.
    triggered : which rights to terminate arose, as sentences.
    """

    lines: tuple[CreditLine, ...]
    currency: str
    credit: float
    earned_back: float
    net: float
    net_at_worst: float
    by_period: Mapping[str, float]
    triggered: tuple[str, ...] = ()
    unknown: int = 0


def settle(terms: Terms, results: Mapping[str, Sequence[float | None]], periods: Sequence[str]) -> Settlement:
    """Return the credits due for one run of periods, with the reasoning of every line.

    Parameters
    ----------
    results : for each level's name its result in each period, None where unknown; a level that is
        missing is unknown throughout.
    periods : their names, in the order of time ("2024-01", ...).
    """
    strange = sorted(set(results) - {level.name for level in terms.levels})
    if strange:
        raise CallError(f"Results for {', '.join(strange)}, which the terms do not name.")
    table = np.full((len(periods), len(terms.levels)), np.nan)
    for i, level in enumerate(terms.levels):
        came = results.get(level.name, [None] * len(periods))
        if len(came) != len(periods):
            raise CallError(f"{level.name}: {len(came)} results came for {len(periods)} periods.")
        table[:, i] = [np.nan if v is None else v for v in came]
    due, worst = credits_for(terms, table), credits_for(terms, table, unknown="everything")
    lines = []
    for p, period in enumerate(periods):
        for i, level in enumerate(terms.levels):
            known = not np.isnan(table[p, i])
            lines.append(
                CreditLine(
                    period, level.name,
                    float(table[p, i]) if known else None, level.target,
                    float(due.share[p, i]) if known else None,
                    float(due.gross[p, i]) if known else None,
                    float(due.credit[p, i]) if known else None,
                    float(due.returned_for[p, i]),
                    _reason(terms, level, due, table, p, i),
                )
            )  # fmt: skip
    return Settlement(
        lines=tuple(lines),
        currency=terms.currency,
        credit=float(due.credit.sum()),
        earned_back=float(due.earned_back.sum()),
        net=float(due.net.sum()),
        net_at_worst=float(worst.net.sum()),
        by_period={period: float(net) for period, net in zip(periods, due.net, strict=True)},
        triggered=_triggered(terms, table, periods),
        unknown=int(np.isnan(table).sum()),
    )


def _repeats(terms: Terms, share: Floats) -> Floats:
    factor = np.ones_like(share)
    missed_before = np.zeros(share.shape, bool)
    missed_before[..., 1:, :] = share[..., :-1, :] > 0
    for i, level in enumerate(terms.levels):
        if level.critical:
            factor[..., i] = np.where(missed_before[..., i], level.repeat_factor, 1.0)
    return factor


def _capped_by_period(terms: Terms, gross: Floats) -> Floats:
    if terms.cap_per_period is None:
        return gross
    total = gross.sum(axis=-1, keepdims=True)
    return np.asarray(gross * np.minimum(1.0, terms.cap_per_period / np.maximum(total, 1e-300)))


def _capped_by_year(terms: Terms, credit: Floats) -> Floats:
    if terms.cap_per_year is None:
        return credit
    out = credit.copy()
    for first in range(0, credit.shape[-2], terms.periods_per_year):
        year = slice(first, first + terms.periods_per_year)
        total = credit[..., year, :].sum(axis=-1)
        spent = np.cumsum(total, axis=-1)
        allowed = np.clip(terms.cap_per_year - (spent - total), 0.0, total)
        out[..., year, :] *= (allowed / np.maximum(total, 1e-300))[..., None]
    return out


def _earned_back(terms: Terms, value: Floats, credit: Floats) -> tuple[Floats, Floats]:
    booked, returned = np.zeros_like(credit), np.zeros_like(credit)
    periods = value.shape[-2]
    for i, level in enumerate(terms.levels):
        rule = level.earn_back
        if rule is None:
            continue
        with np.errstate(invalid="ignore"):
            good = level.shortfall(value[..., i]) <= _EXACT - rule.margin  # unknown is not good
        for p in range(periods - rule.periods):
            earned = good[..., p + 1 : p + 1 + rule.periods].all(axis=-1)
            amount = np.where(earned, rule.share * credit[..., p, i], 0.0)
            returned[..., p, i] = amount
            booked[..., p + rule.periods, i] += amount
    return booked, returned


def _triggered(terms: Terms, table: Floats, periods: Sequence[str]) -> tuple[str, ...]:
    said = []
    for trigger in terms.triggers:
        for i, level in enumerate(terms.levels):
            if trigger.critical_only and not level.critical:
                continue
            missed = level.shortfall(table[:, i]) > _EXACT
            for last in range(len(periods)):
                first = max(last + 1 - trigger.within, 0)
                count = int(missed[first : last + 1].sum())
                if count >= trigger.misses:
                    said.append(
                        f"{trigger.name}: {level.name} missed its target {count} times from "
                        f"{periods[first]} to {periods[last]} (limit {trigger.misses} in {trigger.within})"
                    )
                    break
    return tuple(said)


def _reason(terms: Terms, level: Level, due: Credits, table: Floats, p: int, i: int) -> str:
    value = table[p, i]
    if np.isnan(value):
        return "no result: the credit is unknown, not 0"
    side = "of at least" if level.direction == "at least" else "of at most"
    if due.share[p, i] == 0:
        met = "met" if level.shortfall(value) <= _EXACT else "missed, within the free band,"
        return f"{value:g}: the target {side} {level.target:g} is {met}"
    money, gross, credit = terms.currency, due.gross[p, i], due.credit[p, i]
    at_risk = terms.at_risk_in(len(table))[p]
    said = (
        f"{value:g} against a target {side} {level.target:g} loses {due.share[p, i]:.4g} of "
        f"{level.weight:g} × {at_risk:,.2f} {money} = {gross:,.2f} {money}"
    )
    factor = _repeats(terms, due.share)[p, i]
    if factor != 1:
        said += f", {factor:g}-fold as it was missed before"
    if credit < gross - 1e-9:
        said += f"; the cap leaves {credit:,.2f}"
    if due.returned_for[p, i] > 0:
        said += f"; {due.returned_for[p, i]:,.2f} earned back"
    return said
