"""Which findings are to be mended with so much money and so many hours, and how sure is that choice?

Mending costs once and saves every month; the best set is the one that leaves most after some months. It is found
by looking at every set, and is then simulated as a whole, because effects do not add up. A set holds what must be
mended before its repairs (`preconditions.py`), with or without a price.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.diagnostics.finding import Finding
from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.effort import MONTHS, Effort
from workbench.studies.pricing.preconditions import at_once, before
from workbench.studies.pricing.price import Amount, Price, amount
from workbench.studies.pricing.together import Together, Value

MOST = 14
"""So many findings at most are looked at, the largest; 2^14 sets."""
DRAWS = 400
WHOLE = 40
"""So many sets at least, best by each of two sums, are looked at as a whole."""


@dataclass(frozen=True)
class Best:
    """The best set of repairs within a budget.

    Attributes
    ----------
    months : after which what is left is compared.
    codes : what to mend.
    saved : what the set saves a month, simulated as a whole.
    hours, money : what it takes once, most likely; money None: of some nobody knows what they cost.
    spent, net : money once, and what is left after `months`, with their intervals; None where money is.
    months_to_pay : until it has paid for itself; None: never, or not known.
    paid : share of the draws in which it has paid for itself after `months`; None where money is.
    within : share of the draws of the efforts in which the set stays within the budget.
    certainty : share of the draws of all prices and efforts in which this very set is the best.
    chosen_in : by code, share of the draws in which the best set holds it.
    open : what is left open.
    first : codes of findings without a price that must be mended before the set; they take hours, what they save is
        not known.
    """

    budget_money: float | None
    budget_hours: float | None
    months: float
    codes: tuple[str, ...]
    saved: Amount
    hours: float
    money: float | None
    spent: Amount | None
    net: Amount | None
    months_to_pay: float | None
    paid: float | None
    within: float
    certainty: float
    chosen_in: Mapping[str, float]
    open: tuple[str, ...]
    efforts: Mapping[str, Effort]
    first: tuple[str, ...] = ()

    @property
    def given(self) -> tuple[str, ...]:
        """Codes whose effort somebody wrote down."""
        return tuple(code for code, effort in self.efforts.items() if effort.grade != "A")

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "budget": {"money": self.budget_money, "hours": self.budget_hours}, "months": self.months,
            "codes": list(self.codes), "saved_a_month": self.saved.to_data(), "hours": self.hours,
            "money": self.money, "spent": None if self.spent is None else self.spent.to_data(),
            "net": None if self.net is None else self.net.to_data(),
            "months_to_pay": self.months_to_pay, "paid": self.paid, "within_budget": self.within,
            "certainty": self.certainty, "chosen_in": dict(self.chosen_in), "open": list(self.open),
            "first": list(self.first), "efforts": {code: effort.to_data() for code, effort in self.efforts.items()},
        }  # fmt: skip


def best_set(
    prices: Sequence[Price],
    joint: Together,
    value: Value,
    simulated: Sequence[str],
    efforts: Callable[[Mapping[str, Finding]], Mapping[str, Effort]],
    findings: Sequence[Finding],
    *,
    money: float | None = None,
    hours: float | None = None,
    months: float = MONTHS,
    seed: int = 1,
) -> Best:
    """Return the set of repairs that leaves most after `months`, within a budget of money and of hours.

    None of the two limits nothing. Sets are compared by what they save as a whole, less what they most likely take,
    what must be mended before them included; what nobody knows the cost of counts by its saving alone, and fits into
    no budget of money.

    efforts : findings by code → what mending each takes; asked for those that are priced and for what comes before.
    """
    looked = sorted(prices, key=lambda p: (-abs(joint.share_of(p.code).share), p.code))[:MOST]
    codes = [p.code for p in looked]
    n = len(codes)
    sets = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).astype(float)
    ahead = before(sets, looked, findings)
    effort = efforts({**{p.code: p.findings[0] for p in prices}, **{f.code: f for f in ahead.first}})
    # a set takes what its repairs take, and what comes before them
    all_codes = [*codes, *(f.code for f in ahead.first)]
    taking = np.hstack([sets, ahead.needs])
    cost = np.array([[effort[c].hours.likely, effort[c].likely_money or 0.0] for c in all_codes]).reshape(
        -1, 2
    )
    spent, limits = taking @ cost, np.array([_limit(hours), _limit(money)])
    allowed = ahead.allowed & (spent <= limits + 1e-9).all(axis=1) & at_once(sets, cost, limits, looked)
    if money is not None:
        allowed &= ~taking[:, [not effort[c].known for c in all_codes]].any(axis=1)
    sets, taking, spent = sets[allowed], taking[allowed], spent[allowed]
    pool = _pool(sets, looked, joint, months, spent[:, 1])
    sets, taking, spent = sets[pool], taking[pool], spent[pool]
    draws = min([DRAWS, *(len(p.drawn) for p in looked)])
    whole_sets = ([p for p, one in zip(looked, row, strict=True) if one] for row in sets)
    drawn = np.array([_together(mine, joint, draws) for mine in whole_sets])
    # of equal sets the one that takes fewer hours
    left = np.round(months * drawn.mean(axis=1) - spent[:, 1], 6)
    best = int(np.lexsort((spent[:, 0], -left))[0])
    chosen, taken = (
        tuple(c for c, one in zip(names, row[best], strict=True) if one)
        for names, row in ((codes, sets), (all_codes, taking))
    )
    taken_h, taken_m = _efforts_drawn(all_codes, effort, seed, draws)
    winners = np.argmax(months * drawn - taking @ taken_m, axis=0)
    saved = _saved(chosen, prices, joint, value, simulated)
    mine = taking[best].astype(bool)
    once, took = taken_m[mine].sum(axis=0), taken_h[mine].sum(axis=0)
    known = all(effort[c].known for c in taken)
    whole = float(spent[best, 1]) if known else None
    after = months * saved[:draws] - once
    mean = float(saved.mean())
    return Best(
        budget_money=money, budget_hours=hours, months=months, codes=chosen, saved=amount(saved),
        hours=float(spent[best, 0]), money=whole,
        spent=amount(once) if known else None, net=amount(after) if known else None,
        months_to_pay=whole / mean if whole is not None and mean > 0 else None,
        paid=float((after >= 0).mean()) if known else None,
        within=float(((took <= _limit(hours)) & (once <= _limit(money))).mean()),
        certainty=float((winners == best).mean()),
        chosen_in=dict(zip(codes, sets[winners].mean(axis=0).tolist(), strict=True)),
        open=tuple(p.code for p in prices if p.code not in chosen), efforts=dict(effort),
        first=tuple(c for c in taken if c not in chosen),
    )  # fmt: skip


def _limit(given: float | None) -> float:
    return math.inf if given is None else given


def _pool(sets: Floats, prices: Sequence[Price], joint: Together, months: float, money: Floats) -> list[int]:
    """Return the places of the sets that are looked at as a whole: those best by fair shares, and by prices alone.

    What a set saves as a whole lies mostly between the two; nothing at all is among them.
    """
    found = [int(place) for place in np.flatnonzero(~sets.any(axis=1))[:1]]
    for each in ([joint.share_of(p.code).share for p in prices], [p.amount.value for p in prices]):
        left = months * (sets @ np.array(each, dtype=float)) - money
        found += np.argsort(-left, kind="stable")[:WHOLE].tolist()
    return sorted(set(found))


def _together(mine: Sequence[Price], joint: Together, n: int) -> Floats:
    """Return n draws of what a set saves a month: its prices, what was simulated beyond them, and nothing twice."""
    if not mine:
        return np.zeros(n)
    among = {p.code for p in mine}
    beyond = sum(effect for which, effect in joint.effects.items() if which <= among)
    drawn = {p.code: p.drawn[:n] + (p.amount.value - p.drawn[:n].mean()) for p in mine}
    return np.asarray(np.sum(list(drawn.values()), axis=0) + beyond - joint.twice(drawn))


def _efforts_drawn(
    codes: Sequence[str], efforts: Mapping[str, Effort], seed: int, n: int
) -> tuple[Floats, Floats]:
    """Return draws of hours and money: arrays of shape (findings, n); what an hour costs is the same for all."""
    rng = np.random.default_rng([seed, 41])
    rate = rng.random(n)
    rows = [efforts[c].at(rng.random(n), rate) for c in codes]
    hours, once = (np.array([row[i] for row in rows]).reshape(len(codes), n) for i in (0, 1))
    return hours, once


def _saved(
    chosen: Sequence[str], prices: Sequence[Price], joint: Together, value: Value, simulated: Sequence[str]
) -> Floats:
    """Return draws of what a set saves a month, as a whole."""
    mine = [p for p in prices if p.code in chosen]
    if not mine:
        return np.zeros(DRAWS)
    among = [c for c in simulated if c in chosen]
    beyond: Floats | float = 0.0
    if among:
        whole = frozenset(among)
        months = np.asarray(value(whole) - sum(value(frozenset({c})) for c in among))
        smaller = {s: e for s, e in joint.effects.items() if s < whole}
        effects = {**smaller, whole: float(months.mean()) - sum(smaller.values())} if len(whole) > 1 else {}
        beyond = joint.interplay.drawn(months, effects)
    twice = joint.twice({p.code: p.drawn for p in mine})
    return np.asarray(np.sum([p.drawn for p in mine], axis=0) + beyond - twice)
