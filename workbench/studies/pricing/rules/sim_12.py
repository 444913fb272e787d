"""What does late or wrong pay cost in leavers?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.diagnostics.periods import within
from workbench.metrics.attrition import attrition_rate
from workbench.statistics.ratios import rate_ratio
from workbench.studies.pricing.basis import WEEK_H, Basis
from workbench.studies.pricing.doubts import Estimated, Floats, Mapping, Triangle
from workbench.studies.pricing.hours import PATH, hours_back
from workbench.studies.pricing.rule import Line, Part, Said, Unpriced, gap_of, named, only, pricing

SAYS = "who is paid late or wrong leaves with so much more probability in the month after"
HAZARD = Mapping(
    SAYS, "ours; METHOD NOT-3 says that it drives leavers, not by how much", "A", Triangle(0.0, 0.3, 1.0),
    "leavers by whether their pay was late in the month before (payroll beside hris)",
)  # fmt: skip
FEWEST = 5
"""Leavers after right and after wrong pay from which the client's own ratio is taken."""
MONTH_AFTER_D = 31
USUAL_ATTRITION = 0.30
"""A year, where the client's own is not known (METHOD STAT; grade A)."""
WEEKS_EACH, RECRUITING = 8.0, 2 / 3
"""Weeks of pay that a leaver costs, and how much of it is not ramp, as in the rule of leavers (grade A)."""


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


@pricing(
    "SIM-12", lines=("replacement", "labour", "overtime", "penalty", "revenue"), moves={PATH: ("NOT-3",)}
)
def wrong_pay(basis: Basis) -> Iterator[Said]:
    """Leavers after late or wrong pay."""
    for finding in named(basis, "NOT-3"):
        yield _one(basis, finding)


def _one(basis: Basis, finding: Finding) -> Said:
    if finding.evidence[0].unit != "fraction":
        return Unpriced(
            finding, "its measure is no share of payslips", "payroll with corrected_flag and both pay dates"
        )
    read = gap_of(basis, finding, finding.evidence[0], ("pay", "headcount"), high_is_bad=True)
    if isinstance(read, Unpriced):
        return read
    people, each = basis.headcount or 0.0, WEEKS_EACH * WEEK_H
    pay, paid = basis.hour, basis.paid_hours or 1.0
    rate, told = own_attrition(basis)
    how = own_hazard(basis) or HAZARD

    def leave(m: Floats, k: Floats) -> Floats:
        return leavers_for_pay(m, k, people, rate)

    def replacing(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("replacement", leave(m, k) * RECRUITING * each * pay * money)

    def ramp(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("labour", leave(m, k) * (1 - RECRUITING) * each * pay * money)

    likely = np.array([how.factor.middle])
    fewer = leave(np.array([read.used]), likely) - leave(np.array([read.aimed]), likely)
    return hours_back(
        basis, (finding,), f"pay: {read.measure}", read, how,
        lambda m, k: leave(m, k) * (1 - RECRUITING) * each / paid, ramp, beside=replacing,
        notes=(f"{told}; {WEEKS_EACH:.0f} weeks of pay for a leaver (assumed).",),
        part=Part("floor", ("leavers",), basis.of_hires(float(fewer[0]))),
    )  # fmt: skip


@serves("SIM-12", kind="calculator")
def own_attrition(basis: Basis) -> tuple[float, str]:
    """Return leavers over mean headcount a year, and how that is known: from the roster, else assumed."""
    roster = basis.table("hris")
    if roster is not None and "term_date" in roster and roster["term_date"].notna().any():
        agents = _agents(roster)
        period = basis.dataset.period
        found = attrition_rate(agents, period.start, period.end)
        if found.value is not None:
            return (
                found.value,
                f"At the client's own {found.value:.0%} attrition a year ({found.n} leavers, {period})",
            )
    return USUAL_ATTRITION, f"At {USUAL_ATTRITION:.0%} attrition a year (assumed: no roster says who left)"


def own_hazard(basis: Basis) -> Mapping | None:
    """Return by how much likelier people leave in the month after wrong pay, of the client's own payslips.

    None with fewer than FEWEST leavers after either; the interval is that of a ratio of rates (exact).
    """
    payroll, roster = basis.table("payroll"), basis.table("hris")
    if payroll is None or roster is None or not {"pay_date_due", "corrected_flag"} <= set(payroll.columns):
        return None
    slips = payroll[within(payroll["pay_date_due"], basis.dataset.period, basis.dataset.client)]
    late = slips["pay_date_actual"] > slips["pay_date_due"] if "pay_date_actual" in slips else False
    wrong = (slips["corrected_flag"].fillna(False).astype(bool) | late).to_numpy(bool)
    left = slips["agent_id"].map(
        _agents(roster).drop_duplicates("agent_id").set_index("agent_id")["term_date"]
    )
    days = (left - slips["pay_date_due"]).dt.days
    gone = (days.between(0, MONTH_AFTER_D)).to_numpy(bool)
    if min((gone & wrong).sum(), (gone & ~wrong).sum()) < FEWEST:
        return None
    ratio = rate_ratio(
        int((gone & wrong).sum()), float(wrong.sum()), int((gone & ~wrong).sum()), float((~wrong).sum())
    )
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return None
    hazard = Estimated(ratio.low - 1.0, ratio.value - 1.0, ratio.high - 1.0, least=0.0)
    source = (
        f"payroll and hris: {int((gone & wrong).sum())} of {int(wrong.sum()):,} left in the month after wrong pay, "
        f"{int((gone & ~wrong).sum())} of {int((~wrong).sum()):,} after right pay"
    )
    return Mapping(SAYS, source, "M", hazard, "more months of payroll and of leavers")


def _agents(roster: pd.DataFrame) -> pd.DataFrame:
    if "role" not in roster:
        return roster
    return roster[roster["role"].astype("str").str.casefold().str.contains("agent")]
