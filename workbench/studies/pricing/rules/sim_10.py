"""What do errors and hours in the back office cost: corrections, and time that could be freed?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.studies.pricing.basis import WEEKS_PER_MONTH, Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Triangle
from workbench.studies.pricing.packs import edited_by_hand
from workbench.studies.pricing.rule import (
    Counted,
    Line,
    Said,
    Unpriced,
    carried,
    gap_of,
    named,
    only,
    pricing,
)

HOURS = Mapping("an hour of it costs what an agent's hour does", "ours", "A", Triangle(1.0, 1.3, 1.8),
                "pay of those who do it")  # fmt: skip
CORRECTED = Mapping("a correction takes so many hours, its finding and explaining included", "ours", "A",
                    Triangle(0.5, 1.5, 4.0), "time spent on ten corrections, noted as they happen")  # fmt: skip
CODES = (
    tuple(f"BOM-{i}" for i in range(1, 11))
    + tuple(f"BO-{i}" for i in range(1, 19))
    + tuple(f"BOF-{i}" for i in range(1, 8))
)


@serves("SIM-10", kind="calculator")
def hours_cost(hours_a_week: Floats, pay: Floats) -> Floats:
    """Return what weekly hours cost a month."""
    return np.asarray(hours_a_week * WEEKS_PER_MONTH * pay)


@serves("SIM-10", kind="calculator")
def corrections_cost(error_rate: Floats, items_a_month: float, hours_each: Floats, pay: Floats) -> Floats:
    """Return what a month's corrections cost."""
    return np.asarray(error_rate * items_a_month * hours_each * pay)


@pricing("SIM-10", lines=("labour",))
def back_office(basis: Basis) -> Iterator[Said]:
    """Hours and corrections of the back office."""
    for finding in named(basis, *CODES):
        yield _hours_or_errors(basis, finding, 0.0)
    invoices = basis.table("invoice")
    bills = (
        0.0 if invoices is None else invoices["invoice_id"].nunique() / max(invoices["period"].nunique(), 1)
    )
    for finding in named(basis, "EXP-3"):
        if "right the first time" in finding.evidence[0].measure:
            yield _hours_or_errors(basis, finding, bills)
    for finding in named(basis, "VL-4a"):
        said = edited_by_hand(basis, finding)
        if said is not None:
            yield said


def _hours_or_errors(basis: Basis, finding: Finding, items: float) -> Said:
    e = finding.evidence[0]
    right = e.unit == "fraction" and ("right" in e.measure or (e.expected or 0.0) > 0.5)
    read = gap_of(basis, finding, e, ("pay",), high_is_bad=not right)
    if isinstance(read, Unpriced):
        return read
    pay = basis.hour
    if read.unit in ("hours", "h", "hours a week", "h/week"):
        return Counted(
            carried(finding, ()), f"back office: {read.measure}", read, HOURS, "hours per task",
            lambda m, k, money: only("labour", hours_cost(m, k * pay * money)),
        )  # fmt: skip
    if read.unit != "fraction":
        return Unpriced(
            finding,
            f"its unit, {read.unit or 'none'}, is neither hours nor a share of errors",
            "hours a week, or errors of so many items",
        )
    number = items or _items(basis)
    if number <= 0:
        return Unpriced(finding, "how many items a month there are is not known", "payroll or invoice")
    return Counted(
        carried(finding, ()), f"corrections: {read.measure}", read, CORRECTED, "error rate",
        lambda m, k, money: _corrections(1 - m if right else m, number, k, pay * money),
        (f"{number:.0f} items a month.",),
    )  # fmt: skip


def _corrections(rate: Floats, items: float, hours: Floats, pay: Floats) -> dict[Line, Floats]:
    return only("labour", corrections_cost(rate, items, hours, pay))


def _items(basis: Basis) -> float:
    payroll = basis.table("payroll")
    return 0.0 if payroll is None else len(payroll) / max(payroll["cycle"].nunique(), 1)
