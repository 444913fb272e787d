"""Which findings are to be mended with so much money and so many hours, and how sure is that choice?

The best set is found by looking at every one; it is then simulated as a whole, because effects do not add up.
No technical step is taken while the process findings that hold it back (FIX-1) are left open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.diagnostics.finding import Finding, RepairStep
from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.price import Amount, Price, amount
from workbench.studies.pricing.together import Together, Value

MOST = 14
"""So many findings at most are looked at, the largest; 2^14 sets."""
DRAWS = 400


@dataclass(frozen=True)
class Effort:
    """What mending a finding takes once: hours of change, and money."""

    hours: float
    money: float
    grade: str = "A"


HOURS_OF_STEP: dict[RepairStep, float] = {
    "bypass": 40.0, "process": 80.0, "ownership": 40.0, "data": 60.0, "cadence": 40.0, "technology": 160.0,
}  # fmt: skip
"""Hours of change that a finding takes, by its step of repair. Ours, assumed (grade A), to be replaced."""
CHANGE_PAY = 2.5
"""An hour of change costs so many times an agent's hour. Assumed (grade A)."""


@dataclass(frozen=True)
class Best:
    """The best set of repairs within a budget.

    Attributes
    ----------
    codes : what to mend.
    saved : what the set saves a month, simulated as a whole.
    hours, money : what it takes once; months_to_pay : until it has paid for itself; None: never.
    certainty : share of the draws of all prices in which this very set is the best.
    chosen_in : by code, share of the draws in which the best set holds it.
    open : what the budget leaves out.
    """

    budget_money: float | None
    budget_hours: float | None
    codes: tuple[str, ...]
    saved: Amount
    hours: float
    money: float
    months_to_pay: float | None
    certainty: float
    chosen_in: Mapping[str, float]
    open: tuple[str, ...]
    efforts: Mapping[str, Effort]

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "budget": {"money": self.budget_money, "hours": self.budget_hours}, "codes": list(self.codes),
            "saved_a_month": self.saved.to_data(), "hours": self.hours, "money": self.money,
            "months_to_pay": self.months_to_pay, "certainty": self.certainty, "chosen_in": dict(self.chosen_in),
            "open": list(self.open),
            "efforts": {c: {"hours": e.hours, "money": e.money, "grade": e.grade} for c, e in self.efforts.items()},
        }  # fmt: skip


def efforts_of(
    prices: Sequence[Price], pay_per_hour: float, given: Mapping[str, Effort] | None = None
) -> dict[str, Effort]:
    """Return what each repair takes: as given, else assumed by its step."""
    found = {}
    for price in prices:
        hours = HOURS_OF_STEP[price.findings[0].step]
        found[price.code] = (given or {}).get(price.code, Effort(hours, hours * CHANGE_PAY * pay_per_hour))
    return found


def best_set(
    prices: Sequence[Price],
    joint: Together,
    value: Value,
    simulated: Sequence[str],
    efforts: Mapping[str, Effort],
    findings: Sequence[Finding],
    *,
    money: float | None = None,
    hours: float | None = None,
) -> Best:
    """Return the set of repairs that saves most a month within a budget of money and of hours.

    None of the two limits nothing. Sets are compared by the fair shares of their findings.
    """
    looked = sorted(prices, key=lambda p: (-abs(joint.share_of(p.code).share), p.code))[:MOST]
    codes = [p.code for p in looked]
    n = len(codes)
    sets = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(float)
    cost = np.array([[efforts[c].hours, efforts[c].money] for c in codes]).reshape(n, 2)
    spent = sets @ cost
    allowed = np.ones(len(sets), bool)
    for i, limit in enumerate((hours, money)):
        if limit is not None:
            allowed &= spent[:, i] <= limit + 1e-9
    allowed &= _gate(sets, looked, findings)
    sets, spent = sets[allowed], spent[allowed]
    share = np.array([joint.share_of(c).share for c in codes])
    # of equal sets the one that takes fewer hours
    best = int(np.lexsort((spent[:, 0], -np.round(sets @ share, 6)))[0]) if n else 0
    chosen = tuple(c for c, taken in zip(codes, sets[best] if n else (), strict=True) if taken)
    drawn = _drawn(looked, joint)
    winners = np.argmax(sets @ drawn, axis=0) if n else np.zeros(1, int)
    taken = sets[winners].mean(axis=0) if n else np.zeros(0)
    saved = _saved(chosen, prices, value, simulated)
    whole = sum(efforts[c].money for c in chosen)
    return Best(
        money, hours, chosen, saved, sum(efforts[c].hours for c in chosen), whole,
        whole / saved.value if saved.value > 0 else None, float((winners == best).mean()),
        {c: float(t) for c, t in zip(codes, taken, strict=True)},
        tuple(p.code for p in prices if p.code not in chosen), dict(efforts),
    )  # fmt: skip


def _gate(sets: Floats, prices: Sequence[Price], findings: Sequence[Finding]) -> np.ndarray:
    """Return which sets obey FIX-1: technology only when every open process finding of VL-1 is in it."""
    technical = [i for i, p in enumerate(prices) if p.findings[0].step == "technology"]
    ok = np.ones(len(sets), bool)
    if not technical:
        return ok
    gate = [
        f for f in findings
        if f.step == "process" and f.code.startswith("VL-1") and f.severity in ("severe", "moderate")
    ]  # fmt: skip
    held = [i for i, p in enumerate(prices) if any(f in gate for f in p.findings)]
    unpriced = any(all(f not in p.findings for p in prices) for f in gate)
    wants = sets[:, technical].any(axis=1)
    if unpriced:
        return np.asarray(~wants, bool)
    return np.asarray(~wants | sets[:, held].all(axis=1), bool) if held else ok


def _drawn(prices: Sequence[Price], joint: Together) -> Floats:
    """Return draws of the shares: shape (findings, DRAWS)."""
    rows = [
        p.drawn[: min(DRAWS, len(p.drawn))] + joint.share_of(p.code).share - p.amount.value for p in prices
    ]
    return np.array(rows).reshape(len(prices), -1)


def _saved(chosen: Sequence[str], prices: Sequence[Price], value: Value, simulated: Sequence[str]) -> Amount:
    mine = [p for p in prices if p.code in chosen]
    if not mine:
        return Amount(0.0, 0.0, 0.0)
    among = [c for c in simulated if c in chosen]
    beyond = 0.0
    if among:
        beyond = float((value(frozenset(among)) - sum(value(frozenset({c})) for c in among)).mean())
    return amount(np.asarray(np.sum([p.drawn for p in mine], axis=0) + beyond))
