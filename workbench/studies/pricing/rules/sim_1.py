"""What do paid days cost in which a new hire cannot work yet, and a slow ramp?"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.catalogue import serves
from workbench.studies.pricing.basis import DAY_H, WEEK_H, Basis
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
    only,
    pricing,
    worse,
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


@pricing("SIM-1", lines=("labour",))
def slow_onboarding(basis: Basis) -> Iterator[Said]:
    """Paid days without access, and a ramp longer than it need be."""
    waiting = named(basis, "LC-3", "VL-1a", "HO-2", "HO-3", "LC-2")
    ramping = named(basis, "LC-4", "VIS-2", "HO-4", "VL-1b")
    for group, unit, hours, how, path, what in (
        (waiting, "days", DAY_H, IDLE, "groups.*.attrition.replaced_after_weeks",
         "time stamps from the hiring decision to full access (table provisioning)"),
        (ramping, "weeks", WEEK_H, RAMPING, "curves.*.handle", "weeks to proficiency (table ramp)"),
    ):  # fmt: skip
        found = first_with(group, lambda e, unit=unit: unit in e.unit and e.expected is not None)  # type: ignore[misc]
        if found is None:
            for finding in group:
                yield Unpriced(
                    finding, f"its measure says how well it runs, not how many {unit} are lost", what
                )
            continue
        finding, evidence = found
        read = reading(evidence)
        if read is None or not worse(read, high_is_bad=True):
            yield from (not_beyond(f, read) for f in group if read is not None)
        elif basis.pay is None:
            yield no_wage(finding)
        elif not basis.hires_per_month:
            yield Unpriced(finding, "nobody started in the period, or no roster says so", "hris.start_date")
        else:
            yield Counted(
                carried(finding, group), f"hires wait: {read.measure}", read, how, path,
                _cost(basis.hires_per_month, hours, basis.pay.per_hour),
                (f"{basis.hires_per_month:.1f} agents start a month. Credits missed in the ramp are not in it.",),
            )  # fmt: skip


def _cost(hires: float, hours: float, pay: float):  # type: ignore[no-untyped-def]
    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("labour", onboarding_cost(hires, m, hours, k, pay * money))

    return cost
