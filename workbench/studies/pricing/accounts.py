"""What does each account earn after its part of shared cost, and how late is that seen by the quarter?

From invoices and the cost ledger, shared cost allocated by the driver that the ledger names: hours and heads from
time sheets, contacts from the log. It prices no finding: it stands beside them (METHOD BPX-3, SIM-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.periods import whole_months, within
from workbench.errors import CallError
from workbench.studies.fits.money import sheet_hours
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.rules.sim_11 import Margin, first_noticed, margins

THIN = 0.15
"""Of what is billed: below it a margin is thin. Ours, assumed (grade A)."""
MONTHS_OF_QUARTER = 3


@dataclass(frozen=True)
class Account:
    """One account's margin, month by month.

    Attributes
    ----------
    fell : by how much its margin over what was billed fell from the first month to the last.
    thin_since : the first month below THIN; None: none.
    quarterly : months later that a look at the end of the quarter shows it; unseen : what was earned less until then
        than in the first month, in the account's currency.
    """

    name: str
    months: tuple[Margin, ...]
    fell: float
    thin_since: str | None
    quarterly: int
    unseen: float

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "account": self.name, "fell": self.fell, "thin_since": self.thin_since, "quarterly": self.quarterly,
            "unseen": self.unseen,
            "months": [
                {"month": m.month, "billed": m.billed, "direct": m.direct, "shared": m.shared, "margin": m.margin}
                for m in self.months
            ],
        }  # fmt: skip


@serves("SIM-11", kind="calculator")
def accounts_of(basis: Basis) -> tuple[tuple[Account, ...], str]:
    """Return the margin of every account, the one that fell most first, and on what it rests or what is missing."""
    invoice, ledger = basis.table("invoice"), basis.table("cost_ledger")
    lacking = [n for n, t in (("invoice", invoice), ("cost_ledger", ledger)) if t is None]
    if invoice is None or ledger is None:
        return (), f"Margins by account are not known: needs {' and '.join(lacking)}."
    months = whole_months(basis.dataset.period)
    bills = invoice[invoice["period"].isin(months)]
    costs = ledger[ledger["month"].dt.strftime("%Y-%m").isin(months)]
    if bills.empty or costs.empty:
        return (), "Margins by account are not known: no whole month has both invoices and costs."
    try:
        found = margins(bills, costs, drivers_of(basis), basis.currency)
    except CallError as error:
        return (), f"Margins by account are not known: {error}"
    made = [_account(name, found) for name in sorted({m.client for m in found})]
    by = ", ".join(sorted({str(d) for d in costs.loc[costs["direct_shared"] == "shared", "driver"].dropna()}))
    note = (
        f"Billed less direct and shared cost of {len(months)} whole months ({by or 'nothing shared'} as driver; heads "
        f"and hours from time sheets); below {THIN:.0%} of what is billed a margin is called thin (A)."
    )
    return tuple(sorted(made, key=lambda a: (-a.fell, a.name))), note


def _account(name: str, found: tuple[Margin, ...]) -> Account:
    mine = tuple(sorted((m for m in found if m.client == name), key=lambda m: m.month))
    share = [m.margin / m.billed if m.billed > 0 else 0.0 for m in mine]
    since = first_noticed(found, name, THIN)
    late = unseen = 0.0
    if since is not None:
        month = int(since[-2:])
        late = (-month) % MONTHS_OF_QUARTER
        start = next(i for i, m in enumerate(mine) if m.month == since)
        seen = mine[start : start + int(late) + 1]
        unseen = sum(max(share[0] * m.billed - m.margin, 0.0) for m in seen)
    return Account(name, mine, share[0] - share[-1], since, int(late), unseen)


def drivers_of(basis: Basis) -> Mapping[str, Mapping[str, float]]:
    """Return how much of each driver every account has, as far as tables tell."""
    found: dict[str, dict[str, float]] = {}
    sheets = basis.table("timesheet")
    dataset = basis.dataset
    if sheets is not None and sheets["client"].notna().any():
        inside = within(sheets["date"], dataset.period, dataset.client) & sheets["client"].notna()
        days = sheets[inside]
        by = sheet_hours(days).groupby(["client", "agent_id"])["hours"].sum()
        heads = by / by.groupby(level="agent_id").transform("sum")
        found["hours"] = _plain(by.groupby(level="client").sum())
        found["headcount"] = _plain(heads.groupby(level="client").sum())
    contacts = basis.table("contacts")
    if contacts is not None and "client" in contacts and contacts["client"].notna().any():
        inside = within(contacts["offered_ts"], dataset.period, dataset.client)
        found["contacts"] = _plain(contacts.loc[inside, "client"].value_counts())
    return found


def _plain(values: pd.Series) -> dict[str, float]:
    return {str(name): float(value) for name, value in values.items()}
