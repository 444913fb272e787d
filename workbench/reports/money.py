"""May these amounts be added? Only in one currency, or where a dated rate says how.

A rate holds from its day until the next one of its pair. An amount is converted with the last rate on
or before the last day of its own period, in either direction of the pair; where there is none it
stands in its own currency and is added to nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workbench.intake.rates import Rate, rate_on


@dataclass(frozen=True)
class Amount:
    """A sum of money: what it is, whose, to which day."""

    what: str
    owner: str
    amount: float
    currency: str
    until: date


@dataclass(frozen=True)
class Converted:
    """An amount in another currency, and the rate that made it; `rate` None: it was in it already."""

    amount: Amount
    value: float
    rate: Rate | None


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
