"""May these amounts be added? Only in one currency, or where a dated rate says how.

A rate holds from its day until the next one of its pair. An amount is converted with the last rate on
or before the last day of its own period, in either direction of the pair; where there is none it
stands in its own currency and is added to nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Amount:
    """A sum of money: what it is, whose, to which day."""

    what: str
    owner: str
    amount: float
    currency: str
    until: date


@dataclass(frozen=True)
class Rate:
    """So much of `to` one unit of `of` bought from `day` on."""

    day: date
    of: str
    to: str
    rate: float


@dataclass(frozen=True)
class Converted:
    """An amount in another currency, and the rate that made it; `rate` None: it was in it already."""

    amount: Amount
    value: float
    rate: Rate | None


def rate_on(rates: Iterable[Rate], of: str, to: str, day: date) -> Rate | None:
    """Return the last rate of a pair on or before a day, its inverse where only that is known; None without."""
    known = [r for r in rates if r.day <= day and {r.of, r.to} == {of, to}]
    if not known:
        return None
    last = max(known, key=lambda r: (r.day, r.of == of, r.rate))
    return last if last.of == of else Rate(last.day, of, to, 1 / last.rate)


def converted(
    amounts: Sequence[Amount], rates: Sequence[Rate], currency: str
) -> tuple[list[Converted], list[Amount]]:
    """Return the amounts that can be told in `currency`, and those that cannot."""
    can: list[Converted] = []
    cannot: list[Amount] = []
    for amount in amounts:
        rate = rate_on(rates, amount.currency, currency, amount.until)
        if amount.currency == currency:
            can.append(Converted(amount, amount.amount, None))
        elif rate is None:
            cannot.append(amount)
        else:
            can.append(Converted(amount, amount.amount * rate.rate, rate))
    return can, cannot
