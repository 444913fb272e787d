"""What do leavers cost: replacing them, and bringing the new ones up to speed?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.studies.pricing.basis import WEEK_H, Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Triangle, reading
from workbench.studies.pricing.rule import (
    Counted,
    Line,
    Said,
    Unpriced,
    carried,
    first_with,
    named,
    no_wage,
    not_beyond,
    pricing,
    worse,
)

REPLACED = Mapping(
    "a leaver costs so many weeks of pay: two thirds to find and train the next one, a third while that one ramps up",
    "ours; METHOD VMF-2 names recruiting and ramp without an amount", "A", Triangle(4.0, 8.0, 14.0),
    "cost of recruiting and training (cost_ledger), and handle time by week of tenure (ramp)",
)  # fmt: skip
RECRUITING = 2 / 3


@serves("SIM-9", kind="calculator")
def leavers_cost(
    attrition_a_year: Floats, headcount: float, weeks_each: Floats, pay: Floats
) -> dict[Line, Floats]:
    """Return what a month's leavers cost, by line: replacement, and labour lost in the ramp.

    Parameters
    ----------
    weeks_each : weeks of pay that one leaver costs.
    pay : per hour.
    """
    whole = attrition_a_year / 12 * headcount * weeks_each * WEEK_H * pay
    return {"replacement": np.asarray(RECRUITING * whole), "labour": np.asarray((1 - RECRUITING) * whole)}


@pricing("SIM-9", lines=("replacement", "labour"))
def leavers(basis: Basis) -> Iterator[Said]:
    """Leavers beyond what is usual, their replacement and ramp."""
    group = named(basis, "VIS-6", "FM-1", "LC-12", "EXIT-2")
    found = first_with(group, lambda e: "attrition a year" in e.measure and e.unit == "per year")
    if found is None:
        for finding in group:
            yield Unpriced(
                finding,
                "it speaks of leaders or of interviews; by how much these move attrition is not known",
                "hris with term_date, so that attrition itself is measured",
            )
        return
    finding, evidence = found
    read = reading(evidence)
    if read is None or not worse(read, high_is_bad=True):
        yield from (not_beyond(f, read) for f in group if read)
    elif basis.pay is None:
        yield no_wage(finding)
    elif not basis.headcount:
        yield Unpriced(finding, "how many agents there are is not known", "hris")
    else:
        people, pay = basis.headcount, basis.pay.per_hour
        yield Counted(
            carried(finding, group), f"leavers: {read.measure}", read, REPLACED, "groups.*.attrition",
            lambda m, k, money: leavers_cost(m, people, k, pay * money),
            (f"{people:.0f} agents. Service lost while a place is empty is not in it.",),
        )  # fmt: skip
