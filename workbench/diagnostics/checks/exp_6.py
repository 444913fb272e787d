"""Do people who left still have access?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Finding, Scale, Verdict
from workbench.diagnostics.scoring import evidence_from, missing, severity
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.measure import Measure
from workbench.statistics.proportions import wilson
from workbench.wording import counted, figure

REVOKED_IN_TIME = Scale(
    zero=0.80, hundred=1.0, target=1.0,
    source="METHOD EXP-6, LC-12: access ends with employment; that 80 % earns nothing is ours",
)  # fmt: skip


@diagnostic("EXP-6", area="exposures", also=("EXIT-9",))
def leavers_without_access(
    hris: Table, provisioning: Table, period: Period, *, hours_allowed: float = 24.0
) -> Verdict:
    """Access of leavers is revoked in time.

    Why: an account that outlives its owner is an open door, and nobody is looking at it.
    Healthy: all 214 accounts of 31 leavers closed within 24 hours.
    Unhealthy: 9 % of the leavers' accounts open weeks later, some still in use.
    Remedy: tie the revocation to the termination record, with IT and security accountable, and
        reconcile open accounts against the roster every week.
    """
    left = hris.loc[hris["term_date"].notna(), ["agent_id", "term_date"]].drop_duplicates("agent_id")
    accounts = provisioning[provisioning["granted_ts"].notna()].reset_index().merge(left, on="agent_id")
    deadline = accounts["term_date"] + pd.Timedelta(days=1) + pd.Timedelta(hours=hours_allowed)
    asked = period.end
    due = accounts[deadline.dt.date <= asked]
    label = f"accounts of leavers revoked within {hours_allowed:g} hours"
    if due.empty:
        return Verdict((missing(label, "fraction", table="provisioning", reason="nobody with access left"),))
    deadline = deadline.loc[due.index]
    late = due[due["revoked_ts"].isna() | (due["revoked_ts"] > deadline)]
    never = due[due["revoked_ts"].isna()]
    low, high = wilson(len(due) - len(late), len(due))
    evidence = evidence_from(
        Measure("revoked_in_time", 1 - len(late) / len(due), "fraction", len(due), low=low, high=high,
                formula=f"accounts revoked by {hours_allowed:g} h after the last day / accounts of leavers"),
        table="provisioning", period=period, scale=REVOKED_IN_TIME, rows=late["row"], label=label,
    )  # fmt: skip
    orphans = evidence_from(
        Measure("orphan_accounts", float(len(never)), "accounts", len(due), formula="accounts of leavers never revoked"),
        table="provisioning", period=period, expected=0.0, weight=0.0, rows=never["row"],
        label="accounts of leavers never revoked",
    )  # fmt: skip
    if late.empty:
        return Verdict((evidence, orphans))
    people = late["agent_id"].nunique()
    statement = (
        f"{counted(len(late), 'account')} of {counted(people, 'leaver')} were not revoked within "
        f"{hours_allowed:g} hours of the last day, {len(never):,} of them never: "
        f"{figure(evidence.value, 'fraction')} of {counted(len(due), 'account')} in time (expected 100 %), {period}."
    )
    finding = Finding(
        code="EXP-6", severity=severity(evidence) or "minor", statement=statement, evidence=(evidence, orphans),
        remedy="Close the open accounts today; then tie revocation to the termination record, with IT and "
        "security accountable, and reconcile accounts against the roster weekly.",
        side="both", step="bypass", commitments="access control is a contract and audit matter",
        margin="cost of an incident, not of a month",
    )  # fmt: skip
    return Verdict((evidence, orphans), (finding,))
