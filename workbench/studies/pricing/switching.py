"""What does staying cost over two years, what does switching, and what must be true for either?

Both are present values over the same draws; nothing here says which is right (METHOD EXIT-15, RES-7, RES-8).
Staying keeps what the findings cost, less what is mended; switching pays for a parallel run, a ramp and another
price, and carries along the causes that lie with the buyer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.catalogue import serves
from workbench.errors import CallError
from workbench.studies.pricing.doubts import Floats, Triangle, known
from workbench.studies.pricing.price import Amount, amount
from workbench.wording import figure, listing, money

MONTHS = 24
DRAWS = 20_000
DISCOUNT = 0.08
"""A year; what an amount is worth less when it falls due a year later. Assumed (grade A)."""


@dataclass(frozen=True)
class Switch:
    """What is assumed of a switch; every range is grade A unless the caller knows better.

    Attributes
    ----------
    transition_weeks : METHOD CAD-11: 4 to 8 weeks.
    parallel_share : of the monthly cost of the floor that is paid a second time during the transition.
    ramp_weeks, ramp_loss : how long the new floor is slower, and by how much on average.
    one_time_months : contract, knowledge transfer and tools, in monthly costs of the floor.
    mended : share of the losses that staying mends; it takes `mending_months`.
    carried_over : share of the losses that goes along: causes on the buyer's side.
    dearer : what the other vendor charges a month beyond today's price; negative: less.
    discount : a year.
    given : the fields that somebody wrote down; `source` : where.
    """

    transition_weeks: Triangle = field(default=Triangle(4.0, 6.0, 8.0))
    parallel_share: Triangle = field(default=Triangle(0.3, 0.6, 1.0))
    ramp_weeks: Triangle = field(default=Triangle(6.0, 10.0, 16.0))
    ramp_loss: Triangle = field(default=Triangle(0.05, 0.12, 0.25))
    one_time_months: Triangle = field(default=Triangle(0.2, 0.5, 1.0))
    mended: Triangle = field(default=Triangle(0.2, 0.5, 0.8))
    mending_months: Triangle = field(default=Triangle(3.0, 6.0, 12.0))
    carried_over: Triangle = field(default=Triangle(0.3, 0.5, 0.8))
    dearer: Triangle = field(default=known(0.0))
    discount: float = DISCOUNT
    given: tuple[str, ...] = ()
    source: str = ""


RANGES = (
    "transition_weeks", "parallel_share", "ramp_weeks", "ramp_loss", "one_time_months", "mended", "mending_months",
    "carried_over", "dearer",
)  # fmt: skip
"""The fields of a switch that are drawn, in the order of the rows of numbers."""
WORDS = {
    "transition_weeks": "weeks of transition", "parallel_share": "what is paid twice meanwhile",
    "ramp_weeks": "weeks of ramp", "ramp_loss": "time lost in it", "one_time_months": "the one-time cost",
    "mended": "what staying mends", "mending_months": "how soon", "carried_over": "what goes along",
    "dearer": "the other vendor's price",
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """Staying and switching over `months`, as distributions; present values of the whole time.

    Attributes
    ----------
    stay, switch, difference : switching less staying; negative: switching costs less.
    switch_costs_less : share of the draws in which it does.
    parts : means of what switching costs, by part.
    for_staying, for_switching : what must be true, in sentences.
    mended_even : share of the losses that staying must mend to cost no more; None: even all of them.
    carried_even : share of the losses that may go along before switching costs more; None: not even none.
    dearer_even : what the other vendor may charge a month beyond today's price before it does.
    way : what was assumed and given.
    """

    months: int
    currency: str
    stay: Amount
    switch: Amount
    difference: Amount
    switch_costs_less: float
    parts: dict[str, float]
    mended_even: float | None
    carried_even: float | None
    dearer_even: float
    for_staying: tuple[str, ...]
    for_switching: tuple[str, ...]
    draws: int
    way: Switch

    @property
    def grade(self) -> str:
        """A as long as anything in it is assumed, D where all of it was written down."""
        return "D" if set(RANGES) <= set(self.way.given) else "A"

    def rests_on(self) -> str:
        """Say what was given and what is assumed."""
        return rests_on(self.way)

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        ranges = {name: getattr(self.way, name) for name in RANGES}
        return {
            "months": self.months, "currency": self.currency, "stay": self.stay.to_data(),
            "switch": self.switch.to_data(), "difference": self.difference.to_data(),
            "switch_costs_less": self.switch_costs_less, "parts": self.parts, "mended_even": self.mended_even,
            "carried_even": self.carried_even, "dearer_even": self.dearer_even,
            "for_staying": list(self.for_staying), "for_switching": list(self.for_switching),
            "draws": self.draws, "grade": self.grade, "discount_a_year": self.way.discount,
            "rests_on": {
                name: {
                    "low": r.low, "likely": r.likely, "high": r.high, "grade": "D" if name in self.way.given else "A",
                }
                for name, r in ranges.items()
            },
        }  # fmt: skip


def rests_on(way: Switch) -> str:
    """Say what of a switch was given and what is assumed."""
    given = [WORDS[name] for name in RANGES if name in way.given]
    rest = [WORDS[name] for name in RANGES if name not in way.given and name != "dearer"]
    if "dearer" not in way.given:
        rest.append("another vendor at today's price")
    said = f"As written in {way.source}: {listing(given, 20)}. " if given else ""
    assumed = f"Assumed (A): {listing(rest, 20)}. " if rest else ""
    return f"{said}{assumed}Discounted at {figure(way.discount, 'fraction')} a year."


def worth(begin: Floats | float, end: Floats | float, discount: float) -> Floats:
    """Return what 1 a month from `begin` to `end` is worth now. [months]"""
    rate = math.log1p(discount) / 12
    first, last = np.asarray(begin, float), np.maximum(np.asarray(end, float), begin)
    if rate == 0:
        return np.asarray(last - first)
    return np.asarray((np.exp(-rate * first) - np.exp(-rate * last)) / rate)


@serves("EXIT-12", "SIM-14", kind="calculator")
def cost_of_switching(
    labour: float, losses: Floats, u: Floats, switch: Switch, months: int
) -> dict[str, Floats]:
    """Return what a switch costs over some months, by part: arrays of shape (n,), worth now.

    Parameters
    ----------
    labour : monthly cost of the floor; losses : array of shape (n,), what findings cost a month today.
    u : array of shape (9, n): numbers in (0, 1), one row for each of RANGES.
    """
    transition, share, ramp, loss, once, _, _, over, dearer = drawn(switch, u)
    before = np.minimum(transition * 12 / 52, months)
    until, after = worth(0.0, before, switch.discount), worth(before, float(months), switch.discount)
    ramping = worth(before, np.minimum(before + ramp * 12 / 52, months), switch.discount)
    found = {
        "losses until the change": losses * until,
        "parallel run": labour * share * until,
        "ramp of the new floor": labour * loss * ramping,
        "contract, knowledge, tools": labour * once,
        "losses that go along": losses * over * after,
    }
    return {**found, "another price": dearer * after} if dearer.any() else found


@serves("EXIT-15", "SIM-14", kind="calculator")
def stay_or_switch(
    labour: float,
    losses: Floats,
    currency: str,
    *,
    seed: int,
    switch: Switch | None = None,
    months: int = MONTHS,
) -> Choice:
    """Return staying and switching as distributions, with what must be true for either; never a verdict.

    Parameters
    ----------
    labour : monthly cost of the floor.
    losses : draws of what the findings cost a month together; resampled.

    Raises
    ------
    CallError
        without a cost of the floor, or without draws.
    """
    if not labour > 0 or not len(losses):
        raise CallError(f"labour {labour:g} and {len(losses)} draws of losses came. Both are needed.")
    way, rng = switch or Switch(), np.random.default_rng(seed)
    u = rng.random((len(RANGES), DRAWS))
    lost = np.maximum(rng.choice(losses, DRAWS), 0.0)
    parts = cost_of_switching(labour, lost, u, way, months)
    gone = np.asarray(sum(parts.values()))
    transition, *_, mended, until, _, dearer = drawn(way, u)
    before = np.minimum(transition * 12 / 52, months)
    after = worth(before, float(months), way.discount)
    kept = lost * (worth(0.0, float(months), way.discount) - mended * mending(until, months, way.discount))
    difference = gone - kept
    even = _even(float((lost * worth(0.0, float(months), way.discount)).mean() - gone.mean()),
                 float((lost * mending(until, months, way.discount)).mean()))  # fmt: skip
    along = _even_along(kept, gone - parts["losses that go along"], lost * after)
    price = float((kept - gone + dearer * after).mean() / after.mean()) if after.mean() > 0 else 0.0
    return Choice(
        months, currency, amount(kept), amount(gone), amount(difference), float((difference < 0).mean()),
        {name: float(values.mean()) for name, values in parts.items()}, even, along, price,
        _for_staying(even, way), _for_switching(along, price, way, currency), DRAWS, way,
    )  # fmt: skip


def drawn(switch: Switch, u: Floats) -> tuple[Floats, ...]:
    """Return the values of every range of `switch` at `u`, in the order of RANGES."""
    return tuple(getattr(switch, name).at(row) for name, row in zip(RANGES, u, strict=True))


def mending(until: Floats, months: int, discount: float) -> Floats:
    """Return what 1 a month is worth now that grows evenly from nothing to 1 until `until`, and stays there."""
    rate, end = math.log1p(discount) / 12, np.minimum(until, months)
    if rate == 0:
        return np.asarray(months - end / 2)
    growing = (1 - np.exp(-rate * end) * (1 + rate * end)) / (rate**2 * end)
    return np.asarray(growing + worth(end, float(months), discount))


def _even(excess: float, whole: float) -> float | None:
    """Return the share of the losses that must be mended for staying to cost no more; None: all are not enough."""
    if whole <= 0 or excess > whole:
        return None
    return max(excess / whole, 0.0)


def _even_along(kept: Floats, without: Floats, along: Floats) -> float | None:
    """Return the share of the losses that may go along; None: switching costs more even if none does."""
    room, whole = float((kept - without).mean()), float(along.mean())
    if room < 0 or whole <= 0:
        return None
    return min(room / whole, 1.0)


def _for_staying(even: float | None, way: Switch) -> tuple[str, ...]:
    until = way.mending_months
    first = (
        "Even with all of it mended, staying costs more on average than this switch does."
        if even is None
        else f"At least {figure(even, 'fraction', 0)} of the losses is mended on average, within {_between(until)} "
        f"months ({_between(way.mended, 100)} % is {_said(way, 'mended')})."
        if even > 0
        else "Nothing more is asked: even with nothing mended, staying costs no more on average."
    )
    return (first, "The vendor acts on what it agrees (RES-1), and the causes can be located (RES-2).")


def _for_switching(along: float | None, price: float, way: Switch, currency: str) -> tuple[str, ...]:
    limit = f"{money(abs(price))} {currency} a month"
    other = (
        f"the other vendor is at least {limit} cheaper than today's"
        if price < 0
        else f"the other vendor is at most {limit} dearer than today's"
    )
    first = (
        f"Since this switch would cost more on average even if none of the losses went along, {other}."
        if along is None
        else f"No more than {figure(along, 'fraction', 0)} of the losses goes along "
        f"({_between(way.carried_over, 100)} % is {_said(way, 'carried_over')}), the buyer's own causes being mended "
        f"in the plan (RES-7); or, with what is {_said(way, 'carried_over')} of them, {other}."
    )
    return (
        first,
        f"The transition takes {_between(way.transition_weeks)} weeks ({_said(way, 'transition_weeks')}), and the "
        "incumbent is obliged to take part (EXIT-13).",
        "The new floor brings no losses of its own.",
    )


def _between(one: Triangle, times: float = 1.0) -> str:
    low, high = f"{times * one.low:.3g}", f"{times * one.high:.3g}"
    return low if low == high else f"{low} to {high}"


def _said(way: Switch, name: str) -> str:
    return "given" if name in way.given else "assumed"
