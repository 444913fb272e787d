"""What is an amount in the account's currency? Told where a dated rate of the table `fx` says it, else left as it is.

A rate holds from its day until the next one of its pair, in either direction. An amount is converted with
the last rate on or before the last day of what it is for: the month of a ledger or an invoice, the day on which
pay was due, else the last day of the period.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from workbench.intake.dataset import Dataset
from workbench.wording import counted

AMOUNTS: dict[str, tuple[str, ...]] = {
    "invoice": ("amount", "credit_amount"), "cost_ledger": ("amount",), "payroll": ("gross",),
    "rate_card": ("rate",), "sla": ("at_risk",),
}  # fmt: skip
"""The columns of each table that hold amounts in the currency of their row."""


@dataclass(frozen=True)
class Rate:
    """So much of `to` one unit of `of` bought from `day` on."""

    day: date
    of: str
    to: str
    rate: float


def rate_on(rates: Iterable[Rate], of: str, to: str, day: date) -> Rate | None:
    """Return the last rate of a pair on or before a day, its inverse where only that is known; None without."""
    known = [r for r in rates if r.day <= day and {r.of, r.to} == {of, to}]
    if not known:
        return None
    last = max(known, key=lambda r: (r.day, r.of == of, r.rate))
    return last if last.of == of else Rate(last.day, of, to, 1 / last.rate)


def rates_of(dataset: Dataset) -> tuple[Rate, ...]:
    """Return the dated rates that a client handed over."""
    fx = dataset.tables.get("fx")
    if fx is None or fx.empty:
        return ()
    whole = fx.dropna(subset=["date", "from", "to", "rate"])
    days = pd.to_datetime(whole["date"]).dt.date
    return tuple(
        Rate(day, str(of), str(to), float(rate))
        for day, of, to, rate in zip(days, whole["from"], whole["to"], whole["rate"], strict=True)
    )


def in_own_currency(dataset: Dataset, name: str) -> tuple[pd.DataFrame | None, str]:
    """Return a table of `AMOUNTS` with what can be converted in the account's currency, and what was converted.

    Rows in another currency without a rate stay as they are. None: there is no such table.
    """
    table, own = dataset.tables.get(name), dataset.client.currency
    if table is None or "currency" not in table:
        return table, ""
    strange = np.array(table["currency"].notna() & (table["currency"].astype("object") != own), bool)
    rates = rates_of(dataset) if strange.any() else ()
    if not rates:
        return table, ""
    factor, since = _factors(table["currency"][strange], _days(dataset, name, table)[strange], rates, own)
    known = ~np.isnan(factor)
    if not known.any():
        return table, ""
    row = np.flatnonzero(strange)
    used = pd.DataFrame({"of": table["currency"].astype("object").iloc[row[known]].to_numpy(), "day": since[known],
                         "rate": factor[known]}).drop_duplicates().sort_values(["of", "day"])  # fmt: skip
    strange[row[~known]] = False
    whole = np.ones(len(table))
    whole[row[known]] = factor[known]
    columns = {c: table[c].astype(float) * whole for c in AMOUNTS[name] if c in table}
    currency = table["currency"].astype("object").where(~strange, own)
    said = "; ".join(
        f"{r.rate:.6g} {own} for 1 {r.of} from {r.day:%Y-%m-%d}" for r in used.itertuples(index=False)
    )
    return table.assign(
        **columns, currency=currency
    ), f"{name}: {counted(int(strange.sum()), 'row')} converted, {said} (fx)."


def _factors(
    currency: pd.Series, days: pd.Series, rates: Iterable[Rate], own: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return what one unit of each row's currency was worth, NaN without a rate, and since which day: (n,) each.

    As `rate_on` says it, for all rows at once: the last rate on or before the day; of one day that as asked before its
    inverse, and of two alike the larger.
    """
    asked = [
        (pd.Timestamp(r.day), r.of if r.to == own else r.to, r.to == own, r.rate)
        for r in rates
        if own in (r.of, r.to)
    ]
    known = pd.DataFrame(asked, columns=["since", "currency", "as_asked", "rate"])
    known = known.sort_values(["since", "as_asked", "rate"], kind="stable")
    known["rate"] = np.where(known["as_asked"].astype(bool), known["rate"], 1 / known["rate"].astype(float))
    known = known.drop_duplicates(["since", "currency"], keep="last")
    known["since"] = known["since"].astype("datetime64[us]")
    known["currency"] = known["currency"].astype("str")
    rows = pd.DataFrame({"day": days.astype("datetime64[us]").to_numpy(), "place": np.arange(len(days)),
                         "currency": currency.astype("str").to_numpy()})  # fmt: skip
    rows["currency"] = rows["currency"].astype("str")
    rows = rows.sort_values("day", kind="stable")
    known["day"] = known["since"]
    found = pd.merge_asof(rows, known, on="day", by="currency").sort_values("place")
    return found["rate"].to_numpy(float), found["since"].to_numpy()


def _days(dataset: Dataset, name: str, table: pd.DataFrame) -> pd.Series:
    """Return the last day of what each row is for."""
    days = pd.Series(pd.NaT, index=table.index, dtype="datetime64[us]")
    month_end = pd.offsets.MonthEnd(0)
    if name == "cost_ledger":
        days = pd.to_datetime(table["month"]) + month_end
    elif name == "payroll" and "pay_date_due" in table:
        days = pd.to_datetime(table["pay_date_due"])
    elif name == "invoice" and "period" in table:
        days = pd.to_datetime(table["period"].astype("object"), format="%Y-%m", errors="coerce") + month_end
    return days.fillna(pd.Timestamp(dataset.period.end))
