"""What do leavers cost: replacing them, and bringing the new ones up to speed?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.studies.pricing.basis import WEEK_H, Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Triangle, reading
from workbench.studies.pricing.hours import hours_back
from workbench.studies.pricing.rule import (
    Cost,
    Line,
    Said,
    Unpriced,
    all_of,
    barred,
    carried,
    first_with,
    named,
    only,
    pricing,
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


@pricing("SIM-9", lines=("replacement", "labour", "overtime", "penalty", "revenue"))
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
    why = barred(basis, finding, read, ("pay", "headcount"), high_is_bad=True)
    if why is not None:
        yield from all_of(why, group)
        return
    assert read is not None
    assert basis.pay is not None
    people, pay, paid = basis.headcount or 0.0, basis.pay.per_hour, basis.paid_hours or 1.0

    def part(line: Line) -> Cost:
        return lambda m, k, money: only(line, leavers_cost(m, people, k, pay * money)[line])

    yield hours_back(
        basis, carried(finding, group), f"leavers: {read.measure}", read, REPLACED,
        lambda m, k: ramp_hours(m, people, k) / paid, part("labour"), beside=part("replacement"), notes=(
            f"{people:.0f} agents. Hours of a place while it is empty are not paid and not in it.",
        ),
    )  # fmt: skip


@serves("SIM-9", kind="calculator")
def ramp_hours(attrition_a_year: Floats, headcount: float, weeks_each: Floats) -> Floats:
    """Return the hours a month in which those who follow leavers are slower than these were."""
    return np.asarray((1 - RECRUITING) * attrition_a_year / 12 * headcount * weeks_each * WEEK_H)
