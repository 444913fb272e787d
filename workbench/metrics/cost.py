"""What does a contact cost, and what does it cost to settle a matter?

A low cost per contact is no merit where customers have to come twice: cost per resolution says so.
Amounts of different currencies are never added; convert them first, at a dated rate.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.metrics import estimate
from workbench.metrics.columns import flags, numbers
from workbench.metrics.measure import Measure


def total_cost(table: pd.DataFrame, column: str = "amount", *, scope: str = "") -> Measure:
    """Return the sum of known amounts in their currency; unknown where there are several."""
    amounts = numbers(table, column)
    known = ~np.isnan(amounts)
    currencies = (
        sorted({str(c) for c in table.loc[known, "currency"].dropna()}) if "currency" in table else []
    )
    blank = Measure("cost", None, currencies[0] if currencies else "", 0, f"sum of {column}", scope=scope)
    if not known.any():
        return estimate.unknown(blank, "no amounts")
    if len(currencies) != 1:
        said = ", ".join(currencies) or "none"
        return estimate.unknown(blank, f"amounts need one currency; these say {said}", int(known.sum()))
    return estimate.known(blank, amounts[known].sum(), int(known.sum()))


def cost_per_contact(cost: Measure, handled: int, *, scope: str = "") -> Measure:
    """Return fully loaded cost over handled contacts, in the currency of `cost`."""
    return _per(cost, handled, "cost_per_contact", "fully loaded cost / handled contacts", scope)


def cost_per_resolution(cost: Measure, resolved_issues: int, *, scope: str = "") -> Measure:
    """Return total cost, repeats included, over issues resolved.

    It is about cost per contact times contacts per issue (`resolution.contacts_per_issue`); 1 / FCR
    instead of the latter holds only if repeats are independent.
    """
    formula = "total cost, repeats included / issues resolved"
    return _per(cost, resolved_issues, "cost_per_resolution", formula, scope)


def bill_error_rate(invoices: pd.DataFrame, *, by_value: bool = False, scope: str = "") -> Measure:
    """Return the share of invoices corrected after they were sent, by count or by value.

    An invoice of several lines is one invoice; it is corrected if any line is. Often called "invoice
    accuracy" though lower is better (METHOD CX-8).
    """
    corrected, known = flags(invoices, "corrected_flag")
    blank = Measure(
        "bill_error_rate", None, "fraction", 0,
        "corrected amount / amount" if by_value else "corrected invoices / invoices",
        "value" if by_value else "count", scope=scope,
    )  # fmt: skip
    if not known.any():
        return estimate.unknown(blank, "no invoice says whether it was corrected")
    lines = invoices.assign(_bad=corrected, _amount=numbers(invoices, "amount"))[known]
    bills = lines.groupby("invoice_id", observed=True).agg(bad=("_bad", "any"), amount=("_amount", "sum"))
    if not by_value:
        return estimate.share(blank, int(bills["bad"].sum()), len(bills))
    total = total_cost(lines)
    if total.value is None:
        return estimate.unknown(blank, total.reason, len(bills))
    return estimate.ratio(blank, bills["amount"] * bills["bad"], bills["amount"])


def _per(cost: Measure, count: int, metric: str, formula: str, scope: str) -> Measure:
    blank = Measure(metric, None, cost.unit, count, formula, scope=scope or cost.scope)
    if cost.value is None:
        return estimate.unknown(blank, cost.reason, count)
    if count <= 0:
        return estimate.unknown(blank, "nothing to divide by")
    return estimate.known(blank, cost.value / count, count)
