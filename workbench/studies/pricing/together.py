"""What do all findings cost together, and whose is which part of it?

Effects do not add up: contacts that are not passed on need no shorter handle time. The total is simulated with
everything at its target; it is split fairly (Shapley 1953: the mean, over all orders of repair, of what each
adds), and pairs are looked at for what they do beyond their sum. What is computed without contacts overlaps by rule
(`overlaps.py`), and is split in the same way.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.diagnostics.finding import Finding
from workbench.diagnostics.repair import order_of_repair
from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.floor import Floor
from workbench.studies.pricing.interplay import Interplay
from workbench.studies.pricing.overlaps import Overlaps, overlaps_of
from workbench.studies.pricing.price import Amount, Price, amount
from workbench.studies.pricing.rule import LINES, Line

EXACT_UP_TO = 6
"""With so many simulated findings every subset is simulated; with more, orders are sampled."""
PAIRS_OF_ORDERS = 12
EXACT_OVERLAPS = 9
"""With so many prices every subset is taken for overlaps that are computed."""

Value = Callable[[frozenset[str]], Floats]
"""Which findings are repaired → what each simulated month saves: an array of shape (months,)."""


@dataclass(frozen=True)
class Share:
    """A finding's fair part of the total a month.

    Attributes
    ----------
    alone : its price alone; share : its part of the total.
    error_orders : standard error from sampling orders of repair; 0 where all were taken.
    error_simulation : standard error from the simulated months.
    """

    code: str
    alone: float
    share: float
    error_orders: float
    error_simulation: float

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "code": self.code, "alone": self.alone, "share": self.share, "error_orders": self.error_orders,
            "error_simulation": self.error_simulation,
        }  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """What two findings cost together beyond the sum of their prices; above 0 they amplify each other."""

    first: str
    second: str
    beyond: Amount

    @property
    def word(self) -> str:
        """Whether they amplify each other, overlap, or neither beyond doubt."""
        if self.beyond.low > 0:
            return "amplify each other"
        return "overlap" if self.beyond.high < 0 else "add up, as far as can be told"

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {"first": self.first, "second": self.second, "word": self.word, **self.beyond.to_data()}


@dataclass(frozen=True)
class Bar:
    """One step of the waterfall: what a month costs before it, and what it takes off."""

    code: str
    title: str
    before: float
    saved: float

    @property
    def after(self) -> float:
        """What a month costs after it."""
        return self.before - self.saved

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "code": self.code, "title": self.title, "before": self.before, "saved": self.saved, "after": self.after,
        }  # fmt: skip


@dataclass(frozen=True)
class Together:
    """All priced findings at their targets.

    Attributes
    ----------
    total : what a month would save.
    sum_of_prices : what the prices add up to; the difference is what overlaps or amplifies.
    shares : in the order of size; they add up to the total.
    exact : every order of repair was taken.
    waterfall : in the order of repair.
    effects : what a set of findings does beyond what its smaller sets do, for every set that was simulated.
    twice : what computed prices would count twice, for any amounts of theirs.
    interplay : how sure the effects are, draw by draw.
    """

    total: Amount
    sum_of_prices: float
    shares: tuple[Share, ...]
    pairs: tuple[Pair, ...]
    waterfall: tuple[Bar, ...]
    exact: bool
    orders: int
    drawn: Floats
    effects: Mapping[frozenset[str], float] = field(default_factory=dict, repr=False, compare=False)
    twice: Overlaps = field(default_factory=lambda: Overlaps({}, None), repr=False, compare=False)
    interplay: Interplay = field(default_factory=lambda: Interplay((), None, 1), repr=False, compare=False)

    def beyond(self, weights: Mapping[str, float]) -> float:
        """Return what findings save together beyond the sum of their prices when each is partly repaired.

        `weights` : by code, the share of its own effect that a finding has. Exact for every set that was simulated;
        between those each set counts with the product of its weights (Owen 1972).
        """
        return sum(
            e * math.prod(weights.get(code, 0.0) for code in which) for which, e in self.effects.items()
        )

    @property
    def error(self) -> float:
        """The largest standard error of a share, of orders drawn or of simulated months."""
        return max((max(s.error_orders, s.error_simulation) for s in self.shares), default=0.0)

    def share_of(self, code: str) -> Share:
        """Return the share of a finding."""
        return next(s for s in self.shares if s.code == code)

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "total": self.total.to_data(), "sum_of_prices": self.sum_of_prices, "exact": self.exact,
            "orders": self.orders, "shares": [s.to_data() for s in self.shares],
            "pairs": [p.to_data() for p in self.pairs], "waterfall": [b.to_data() for b in self.waterfall],
        }  # fmt: skip


def shapley(
    players: Sequence[str], value: Value, seed: int, exact_up_to: int = EXACT_UP_TO
) -> tuple[dict[str, Floats], dict[str, float], int]:
    """Return the fair part of each player month by month, its error from sampling orders, and the orders used.

    Up to `exact_up_to` players all subsets are valued; with more, pairs of an order and its reverse are drawn
    (Mitchell and others 2022), and the error is that of the mean over pairs.
    """
    n = len(players)
    if n <= exact_up_to:
        found = {p: np.zeros_like(value(frozenset())) for p in players}
        for p in players:
            others = [q for q in players if q != p]
            for size in range(n):
                weight = 1.0 / (n * math.comb(n - 1, size))
                for group in itertools.combinations(others, size):
                    s = frozenset(group)
                    found[p] = found[p] + weight * (value(s | {p}) - value(s))
        return found, dict.fromkeys(players, 0.0), math.factorial(n)
    rng = np.random.default_rng(seed)
    marginals: dict[str, list[Floats]] = {p: [] for p in players}
    for _ in range(PAIRS_OF_ORDERS):
        order = [players[i] for i in rng.permutation(n)]
        ways = [_marginals(order, value), _marginals(order[::-1], value)]
        for p in players:
            marginals[p].append((ways[0][p] + ways[1][p]) / 2)
    error = {
        p: float(np.std([m.mean() for m in those], ddof=1) / math.sqrt(PAIRS_OF_ORDERS))
        for p, those in marginals.items()
    }
    return {p: np.mean(those, axis=0) for p, those in marginals.items()}, error, 2 * PAIRS_OF_ORDERS


def _marginals(order: Sequence[str], value: Value) -> dict[str, Floats]:
    found, done = {}, frozenset[str]()
    for p in order:
        found[p] = value(done | {p}) - value(done)
        done |= {p}
    return found


def value_of(floor: Floor, targets: Mapping[str, float], lines: Sequence[Line] = LINES) -> Value:
    """Return the value function of sets of findings, each at its target; every set is simulated once.

    `lines` : the money lines that count.
    """
    kept: dict[frozenset[str], Floats] = {}

    def value(which: frozenset[str]) -> Floats:
        if which not in kept:
            kept[which] = floor.value({code: targets[code] for code in which}, lines)
        return kept[which]

    return value


def together(
    prices: Sequence[Price], value: Value, simulated: Sequence[str], today: float, findings: Sequence[Finding],
    seed: int, labour: Floats | None = None,
) -> Together:  # fmt: skip
    """Return the total, its split, the pairs and the waterfall.

    Parameters
    ----------
    simulated : codes of the prices whose parameters the scenario has; the others add up.
    today : what a month costs now.
    findings : all of the assessment, for the order of repair.
    labour : draws of what all paid hours of a month cost; None: not known.
    """
    by_code = {p.code: p for p in prices}
    twice = overlaps_of(prices, labour)
    beyond = kept_once(twice, {p.code: p.drawn for p in prices})
    less, less_error, _ = shapley([p.code for p in prices], beyond, seed, EXACT_OVERLAPS)
    alone = {code: value(frozenset({code})) for code in simulated}
    everything = value(frozenset(simulated))
    interaction = everything - (np.sum(list(alone.values()), axis=0) if alone else 0.0)
    split, error, orders = shapley(list(simulated), value, seed)
    shares = []
    for price in prices:
        extra = split[price.code] - alone[price.code] if price.code in split else np.zeros(1)
        wobble = split.get(price.code, np.zeros(1))
        simulation = float(wobble.std(ddof=1) / math.sqrt(len(wobble))) if len(wobble) > 1 else 0.0
        shares.append(
            Share(
                price.code, price.amount.value,
                price.amount.value + float(extra.mean()) + float(less[price.code].mean()),
                math.hypot(error.get(price.code, 0.0), less_error[price.code]), simulation,
            )
        )  # fmt: skip
    drawn = np.sum([p.drawn for p in prices], axis=0) if prices else np.zeros(1)
    effects = _effects(simulated, value, in_order(list(by_code), by_code, findings))
    interplay = Interplay(prices, labour, seed)
    drawn = drawn + interplay.drawn(interaction, effects) + beyond(frozenset(by_code))
    return Together(
        total=amount(drawn),
        sum_of_prices=sum(p.amount.value for p in prices),
        shares=tuple(sorted(shares, key=lambda s: (-s.share, s.code))),
        pairs=_pairs(list(by_code), simulated, value, beyond, interplay),
        waterfall=_waterfall(by_code, value, simulated, beyond, today, findings),
        exact=len(simulated) <= EXACT_UP_TO,
        orders=orders,
        drawn=drawn,
        effects=effects,
        twice=twice,
        interplay=interplay,
    )


def _effects(simulated: Sequence[str], value: Value, order: Sequence[str]) -> dict[frozenset[str], float]:
    """Return what each set does beyond its smaller sets (Harsanyi's dividends), over the sets at hand."""
    n, steps = len(simulated), [code for code in order if code in simulated]
    sizes = range(2, n + 1) if n <= EXACT_UP_TO else (2,)
    sets = [frozenset(s) for size in sizes for s in itertools.combinations(simulated, size)]
    sets += [s for k in range(2, n + 1) if (s := frozenset(steps[:k])) not in sets]
    found: dict[frozenset[str], float] = {}
    for which in sorted(sets, key=lambda s: (len(s), sorted(s))):
        alone = sum(float(value(frozenset({code})).mean()) for code in which)
        smaller = sum(e for s, e in found.items() if s < which)
        found[which] = float(value(which).mean()) - alone - smaller
    return found


def kept_once(twice: Overlaps, drawn: Mapping[str, Floats]) -> Value:
    """Return by how much a set of findings saves less than added up where that is computed: below 0, in draws."""
    kept: dict[frozenset[str], Floats] = {}

    def beyond(which: frozenset[str]) -> Floats:
        if which not in kept:
            kept[which] = -twice({code: drawn[code] for code in drawn if code in which})
        return kept[which]

    return beyond


def _pairs(
    codes: Sequence[str], simulated: Sequence[str], value: Value, kept: Value, interplay: Interplay
) -> tuple[Pair, ...]:  # fmt: skip
    found = []
    for a, b in itertools.combinations(codes, 2):
        if a in simulated and b in simulated:
            beyond = value(frozenset({a, b})) - value(frozenset({a})) - value(frozenset({b}))
            if np.abs(beyond).max() < 1e-6:
                continue  # hours and service are priced apart, so these two add up by construction
            mean = float(beyond.mean())
            found.append(Pair(a, b, amount(interplay.drawn(beyond, {frozenset({a, b}): mean}))))
            continue
        drawn = kept(frozenset({a, b}))
        if np.abs(drawn).max() >= 1e-6:
            found.append(Pair(a, b, amount(drawn)))
    return tuple(sorted(found, key=lambda p: -abs(p.beyond.value)))


def in_order(codes: Sequence[str], prices: Mapping[str, Price], findings: Sequence[Finding]) -> list[str]:
    """Return codes of prices in the order in which findings are to be repaired (FIX-1 … FIX-4, CX-14)."""
    place: dict[int, int] = {}
    for step in order_of_repair(findings):
        for finding in step.findings:
            place.setdefault(id(finding), step.place)
    return sorted(codes, key=lambda c: (place.get(id(prices[c].findings[0]), 10**6), c))


def _waterfall(
    prices: Mapping[str, Price], value: Value, simulated: Sequence[str], kept: Value, today: float,
    findings: Sequence[Finding],
) -> tuple[Bar, ...]:  # fmt: skip
    bars, level, done, before = [], today, frozenset[str](), frozenset[str]()
    for code in in_order(list(prices), prices, findings):
        price = prices[code]
        saved = price.amount.value
        if code in simulated:
            alone = float(value(frozenset({code})).mean())
            saved += float((value(done | {code}) - value(done)).mean()) - alone
            done |= {code}
        saved += float((kept(before | {code}) - kept(before)).mean())
        before |= {code}
        bars.append(Bar(code, price.title, level, saved))
        level -= saved
    return tuple(bars)
