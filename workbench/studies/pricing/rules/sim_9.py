"""What do leavers cost: replacing them, and bringing the new ones up to speed?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.studies.pricing.basis import WEEK_H, Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Triangle
from workbench.studies.pricing.hours import PATH, hours_back
from workbench.studies.pricing.rule import (
    Cost,
    Line,
    Part,
    Said,
    Unpriced,
    all_of,
    carried,
    first_with,
    gap_of,
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


CODES = ("VIS-6", "FM-1", "LC-12", "EXIT-2")


@pricing("SIM-9", lines=("replacement", "labour", "overtime", "penalty", "revenue"), moves={PATH: CODES})
def leavers(basis: Basis) -> Iterator[Said]:
    """Leavers beyond what is usual, their replacement and ramp."""
    group = named(basis, *CODES)
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
    read = gap_of(basis, finding, evidence, ("pay", "headcount"), high_is_bad=True)
    if isinstance(read, Unpriced):
        yield from all_of(read, group)
        return
    people, pay, paid = basis.headcount or 0.0, basis.hour, basis.paid_hours or 1.0

    def part(line: Line) -> Cost:
        return lambda m, k, money: only(line, leavers_cost(m, people, k, pay * money)[line])

    yield hours_back(
        basis, carried(finding, group), f"leavers: {read.measure}", read, REPLACED,
        lambda m, k: ramp_hours(m, people, k) / paid, part("labour"), beside=part("replacement"), notes=(
            f"{people:.0f} agents. Hours of a place while it is empty are not paid and not in it.",
        ),
        part=Part("floor", ("leavers",), basis.of_hires((read.used - read.aimed) / 12 * people)),
    )  # fmt: skip


@serves("SIM-9", kind="calculator")
def ramp_hours(attrition_a_year: Floats, headcount: float, weeks_each: Floats) -> Floats:
    """Return the hours a month in which those who follow leavers are slower than these were."""
    return np.asarray((1 - RECRUITING) * attrition_a_year / 12 * headcount * weeks_each * WEEK_H)
