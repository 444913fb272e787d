"""What do paid days cost in which a new hire cannot work yet, and a slow ramp?"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.catalogue import serves
from workbench.studies.pricing.basis import DAY_H, WEEK_H, Basis
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
    gap_of,
    named,
    only,
    pricing,
)

IDLE = Mapping(
    "so much of a day without access is lost, the rest is used for training",
    "ours", "A", Triangle(0.5, 0.8, 1.0), "what new hires did on the days before their access was open",
)  # fmt: skip
RAMPING = Mapping(
    "so much of a week in the ramp is lost against a tenured agent: 1 − 1/f for f times the handle time",
    "METHOD TRN: new hires take 1.3 to 1.8 times the handle time; halved, as the gap closes over the ramp",
    "A", Triangle(0.12, 0.18, 0.25), "table ramp: handle time by week of tenure",
)  # fmt: skip


@serves("SIM-1", kind="calculator")
def onboarding_cost(
    hires_per_month: float, units: Floats, hours_each: float, lost: Floats, pay: Floats
) -> Floats:
    """Return what a month of hires costs in paid hours without work.

    Parameters
    ----------
    units : days to full access, or weeks of ramp, of each hire.
    hours_each : paid hours of such a unit.
    lost : share of them that is lost.
    pay : per hour.
    """
    return hires_per_month * units * hours_each * lost * pay


WAITING = ("LC-3", "VL-1a", "HO-2", "HO-3", "LC-2")
RAMP = ("LC-4", "VIS-2", "HO-4", "VL-1b")


@pricing("SIM-1", lines=("labour", "overtime", "penalty", "revenue"), moves={PATH: (*WAITING, *RAMP)})
def slow_onboarding(basis: Basis) -> Iterator[Said]:
    """Paid days without access, and a ramp longer than it need be."""
    for codes, unit, hours, how, what in (
        (WAITING, "days", DAY_H, IDLE, "the first day at work and the last access granted (hris, provisioning)"),
        (RAMP, "weeks", WEEK_H, RAMPING, "weeks to proficiency (table ramp)"),
    ):  # fmt: skip
        group = named(basis, *codes)
        # the dwell of a handoff, and what counts from the decision to hire, may lie before the first paid day
        found = next(
            (
                (f, e)
                for f in group
                if not f.code.startswith("HO-")
                for e in f.evidence
                if unit in e.unit and e.expected is not None and "from hire decision" not in e.measure
            ),
            None,
        )
        if found is None:
            for finding in group:
                unpaid = any("from hire decision" in e.measure for e in finding.evidence)
                reason = (
                    "it counts from the decision to hire, and days before the first at work are not paid"
                    if unpaid
                    else f"its measure does not say how many paid {unit} are lost"
                )
                yield Unpriced(finding, reason, what)
            continue
        finding, evidence = found
        read = gap_of(basis, finding, evidence, ("pay", "hires"), high_is_bad=True)
        if isinstance(read, Unpriced):
            yield from all_of(read, group)
            continue
        hires, paid = basis.hires_per_month or 0.0, basis.paid_hours or 1.0
        yield hours_back(
            basis, carried(finding, group), f"hires wait: {read.measure}", read, how,
            lambda m, k, hires=hires, hours=hours, paid=paid: hires * m * hours * k / paid,  # type: ignore[misc]
            _cost(hires, hours, basis.hour),
            notes=(f"{hires:.1f} agents start a month.",), part=Part("hires"),
        )  # fmt: skip


def _cost(hires: float, hours: float, pay: float) -> Cost:
    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("labour", onboarding_cost(hires, m, hours, k, pay * money))

    return cost
