"""What does an account earn after shared costs, and when could its loss have been noticed?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.catalogue import serves
from workbench.errors import CallError
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Mapping as How
from workbench.studies.pricing.doubts import Triangle, reading
from workbench.studies.pricing.rule import Counted, Said, Unpriced, named, only, pricing

NOTICED = How("so many months of the loss would not have come about if margins were looked at monthly",
              "ours", "A", Triangle(0.3, 0.6, 1.0), "when the margin of the account was first discussed")  # fmt: skip


@dataclass(frozen=True)
class Margin:
    """What one account earned in one month: amounts in one currency."""

    client: str
    month: str
    billed: float
    direct: float
    shared: float

    @property
    def margin(self) -> float:
        """Billed, less direct and shared cost."""
        return self.billed - self.direct - self.shared


@serves("SIM-11", kind="calculator")
def margins(
    invoice: pd.DataFrame,
    cost_ledger: pd.DataFrame,
    drivers: Mapping[str, Mapping[str, float]],
    currency: str,
) -> tuple[Margin, ...]:
    """Return the margin of every account and month, shared cost allocated by its driver.

    Parameters
    ----------
    drivers : driver → account → how much of it the account has ("headcount": {"a": 30, "b": 10}).

    Raises
    ------
    CallError
        for amounts in another currency, or a shared cost whose driver is not given.
    """
    problems = []
    for name, table in (("invoice", invoice), ("cost_ledger", cost_ledger)):
        strange = sorted({str(c) for c in table["currency"].dropna()} - {currency})
        if strange:
            problems.append(
                f"{name}: amounts in {', '.join(strange)}; a rate to {currency} is needed in fx, "
                "dated on or before their month ends"
            )
    shared = cost_ledger[cost_ledger["direct_shared"] == "shared"]
    lacking = sorted({str(d) for d in shared["driver"].fillna("none")} - set(drivers))
    if lacking:
        problems.append(
            f"cost_ledger: shared cost by {', '.join(lacking)}; say how much of it each account has"
        )
    if problems:
        raise CallError(". ".join(problems) + ".")
    month = cost_ledger["month"].dt.strftime("%Y-%m")
    billed = invoice.groupby(["client", "period"])["amount"].sum()
    direct = cost_ledger[cost_ledger["direct_shared"] != "shared"].groupby(["client", month])["amount"].sum()
    found = []
    for client, when in sorted(set(billed.index)):
        part = 0.0
        for driver, amount in (
            shared[month.loc[shared.index] == when].groupby("driver")["amount"].sum().items()
        ):
            shares = drivers[str(driver)]
            part += float(amount) * shares.get(client, 0.0) / (sum(shares.values()) or 1.0)
        found.append(
            Margin(client, when, float(billed[client, when]), float(direct.get((client, when), 0.0)), part)
        )
    return tuple(found)


def first_noticed(found: tuple[Margin, ...], client: str, least: float) -> str | None:
    """Return the first month in which an account's margin over what was billed fell below `least`."""
    mine = sorted((m for m in found if m.client == client), key=lambda m: m.month)
    return next((m.month for m in mine if m.billed > 0 and m.margin / m.billed < least), None)


@pricing("SIM-11", lines=("revenue",))
def thin_margin(basis: Basis) -> Iterator[Said]:
    """Margin lost on accounts whose cost grew unnoticed."""
    for finding in named(basis, "BPX-3"):
        read = reading(finding.evidence[0])
        invoices = basis.table("invoice")
        if read is None or read.unit != "fraction":
            yield Unpriced(
                finding, "its measure is no share of what is billed", "invoice and cost_ledger by account"
            )
        elif invoices is None:
            yield Unpriced(finding, "no invoice says what is billed", "invoice")
        elif set(invoices["currency"].dropna()) - {basis.currency}:
            yield Unpriced(
                finding,
                "invoices are in another currency than the account",
                "a rate in fx, dated on or before the invoice's month ends",
            )
        else:
            billed = float(invoices["amount"].sum()) / max(invoices["period"].nunique(), 1)
            sign = 1.0 if read.value > read.target else -1.0
            yield Counted(
                (finding,), f"margin: {read.measure}", read, NOTICED, "shared-cost drivers",
                lambda m, k, _money, billed=billed, sign=sign: only("revenue", np.asarray(sign * billed * m * k)),  # type: ignore[misc]
            )  # fmt: skip
