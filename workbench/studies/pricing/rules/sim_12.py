"""What does late or wrong pay cost in leavers?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.studies.pricing.basis import WEEK_H, Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Triangle, reading
from workbench.studies.pricing.rule import (
    Counted,
    Said,
    Unpriced,
    named,
    no_wage,
    not_beyond,
    only,
    pricing,
    worse,
)

HAZARD = Mapping(
    "who is paid late or wrong leaves with so much more probability in the month after",
    "ours; METHOD NOT-3 says that it drives leavers, not by how much", "A", Triangle(0.0, 0.3, 1.0),
    "leavers by whether their pay was late in the month before (payroll beside hris)",
)  # fmt: skip
USUAL_ATTRITION = 0.30
"""A year, where the client's own is not known (METHOD STAT; grade A)."""
WEEKS_EACH = 8.0
"""Weeks of pay that a leaver costs, as in the rule of leavers (grade A)."""


@serves("SIM-12", kind="calculator")
def leavers_for_pay(share_wrong: Floats, excess: Floats, headcount: float, attrition_a_year: float) -> Floats:
    """Return the leavers a month that wrong pay brings about.

    Parameters
    ----------
    share_wrong : of payslips; excess : hazard ratio less 1 in the month after.
    attrition_a_year : of all; the hazard of those paid right follows from it.
    """
    monthly = attrition_a_year / 12
    return np.asarray(headcount * monthly * share_wrong * excess / (1 + share_wrong * excess))


@pricing("SIM-12", lines=("replacement",))
def wrong_pay(basis: Basis) -> Iterator[Said]:
    """Leavers after late or wrong pay."""
    for finding in named(basis, "NOT-3", "BOM-9"):
        yield _one(basis, finding)


def _one(basis: Basis, finding: Finding) -> Said:
    read = reading(finding.evidence[0])
    if read is None or read.unit != "fraction":
        return Unpriced(
            finding, "its measure is no share of payslips", "payroll with corrected_flag and both pay dates"
        )
    if not worse(read, high_is_bad=True):
        return not_beyond(finding, read)
    if basis.pay is None:
        return no_wage(finding)
    if not basis.headcount:
        return Unpriced(finding, "how many agents there are is not known", "hris")
    people, each = basis.headcount, WEEKS_EACH * WEEK_H * basis.pay.per_hour
    return Counted(
        (finding,), f"pay: {read.measure}", read, HAZARD, "hazard multiplier",
        lambda m, k, money: only("replacement", leavers_for_pay(m, k, people, USUAL_ATTRITION) * each * money),
        (f"At {USUAL_ATTRITION:.0%} attrition a year and {WEEKS_EACH:.0f} weeks of pay for a leaver (both assumed).",),
    )  # fmt: skip
