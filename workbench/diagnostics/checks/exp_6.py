"""Do people who left still have access?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity, sentence, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import first_by, kept, time_of, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import filled

REVOKED_IN_TIME = Scale(
    zero=0.80,
    hundred=1.0,
    target=1.0,
    source="METHOD EXP-6, LC-12: access ends with employment; that 80 % earns nothing is ours",
)


@diagnostic("EXP-6", area="exposures", also=("EXIT-9",))
def leavers_without_access(
    hris: Table, provisioning: Table, client: Client, period: Period, *, hours_allowed: float = 24.0
) -> Verdict:
    """Access of leavers is revoked in time.

    Why: an account that outlives its owner is an open door, and nobody is looking at it.
    Healthy: all 214 accounts of 31 leavers closed within 24 hours.
    Unhealthy: 9 % of the leavers' accounts open weeks later, some still in use.
    Remedy: tie the revocation to the termination record, with IT and security accountable, and
        reconcile open accounts against the roster every week.
    """
    label = f"accounts of leavers revoked within {hours_allowed:g} hours"
    due = _due_accounts(hris, provisioning, client, period, hours_allowed)
    if due.empty:
        reason = "nobody who had access left in the period"
        return Verdict((missing(label, "fraction", table="provisioning", reason=reason),))
    open_ = ~filled(due, "revoked_ts")
    late, never = due[open_ | (due["revoked_ts"] > due["deadline"]).to_numpy()], due.index[open_]
    in_time = share(
        label,
        len(due) - len(late),
        len(due),
        of="accounts",
        table="provisioning",
        period=period,
        scale=REVOKED_IN_TIME,
        rows=late.index,
        formula=f"accounts revoked by {hours_allowed:g} h after the last day / accounts of leavers",
    )
    orphans = quantity(
        "accounts of leavers never revoked",
        len(never),
        "accounts",
        len(due),
        table="provisioning",
        period=period,
        expected=0.0,
        weight=0.0,
        rows=never,
    )
    findings = found(
        "EXP-6",
        in_time,
        f"{sentence(in_time, 'account')} {len(never):,} were never revoked; "
        f"{late['agent_id'].nunique():,} leavers are concerned.",
        "Close the open accounts today; then tie revocation to the termination record, with IT and security "
        "accountable, and reconcile accounts against the roster weekly.",
        beside=(orphans,),
        step="bypass",
        at_least="minor" if len(late) else None,
        commitments="access control is a matter of contract and audit",
        margin="the cost is that of an incident, not of a month",
    )
    return Verdict((in_time, orphans), findings)


def _due_accounts(
    hris: Table, provisioning: Table, client: Client, period: Period, hours_allowed: float
) -> pd.DataFrame:
    """Return the granted accounts of leavers whose deadline fell within the period."""
    left = first_by(kept(hris, filled(hris, "term_date")), "agent_id", "term_date")
    last_day = time_of(provisioning["agent_id"], left)
    due = filled(provisioning, "granted_ts") & last_day.notna().to_numpy()
    accounts = provisioning[due]
    last_day_over = (last_day[due] + pd.Timedelta(days=1)).dt.tz_localize(
        client.time_zone, ambiguous=True, nonexistent="shift_forward"
    )
    accounts = accounts.assign(deadline=last_day_over + pd.Timedelta(hours=hours_allowed))
    inside = within(accounts["deadline"].dt.tz_convert("UTC"), period, client)
    return accounts[inside & (accounts["granted_ts"] <= last_day_over)]
