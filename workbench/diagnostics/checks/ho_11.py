"""Does an exit close access, pay and record?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.handoff import dwell, judge_handoff
from workbench.diagnostics.lifecycle import HANDOFFS
from workbench.diagnostics.periods import each_once, first_by, rows_within, time_of, wall, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import among, filled, flags, times


@diagnostic("HO-11", area="handoffs")
def exit_to_closed_access(
    hris: Table,
    provisioning: Table | None,
    payroll: Table | None,
    ownership: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """On an exit access is closed within a day and the reason is coded.

    Why: an exit has four loose ends, and each belongs to another function.
    Healthy: access closed on the day; 19 of 20 reasons coded; final pay in time.
    Unhealthy: access open for weeks, no reason.
    Remedy: one exit form that starts all four: access, pay, equipment, reason.
    """
    left = each_once(rows_within(hris, "term_date", period, client), "agent_id")
    known = filled(left, "term_reason")
    coded = share(
        "exits with a coded reason",
        int(known.sum()),
        len(left),
        of="exits",
        table="hris",
        period=period,
        scale=Scale(zero=0.3, hundred=1.0, target=0.95, source="METHOD HO-11: reason coded; ends are ours"),
        rows=left.index[~known],
    )
    closed = _closed(provisioning, left, client, period)
    paid = _paid(payroll, left, client, period)
    measured = [*((part, "account") for part in closed), (coded, "exit"), (paid, "payment")]
    return judge_handoff(
        "HO-11",
        ownership,
        measured,
        "One exit form that starts access, pay, equipment and reason.",
        waits=closed[0],
        rework=paid,
        carried=coded,
    )


def _closed(
    provisioning: Table | None, left: pd.DataFrame, client: Client, period: Period
) -> tuple[Evidence, Evidence]:
    if provisioning is None:
        days, arrived = (
            missing(
                f"{what}: {HANDOFFS['HO-11'].title}",
                unit,
                table="provisioning",
                lack=Lack(tables=("provisioning",)),
            )
            for what, unit in (("median days", "days"), ("arrived", "fraction"))
        )
        return days, arrived
    accounts = provisioning[
        filled(provisioning, "granted_ts") & among(provisioning["agent_id"], left["agent_id"])
    ]
    last_day = time_of(accounts["agent_id"], first_by(left, "agent_id", "term_date"))
    revoked = pd.Series(wall(accounts, "revoked_ts", client), index=accounts.index)
    return dwell("HO-11", last_day, revoked, table="provisioning", period=period)


def _paid(payroll: Table | None, left: pd.DataFrame, client: Client, period: Period) -> Evidence:
    """The pay that fell due after the last day: there by its day, and right at once."""
    label = "final pay there by its day and right at once"
    if payroll is None:
        return missing(label, "fraction", table="payroll", lack=Lack(tables=("payroll",)))
    last_day = time_of(payroll["agent_id"], first_by(left, "agent_id", "term_date"))
    day = times(payroll, "pay_date_due")
    due = (day >= last_day.to_numpy("datetime64[us]")) & within(payroll["pay_date_due"], period, client)
    wrong = due & (~(times(payroll, "pay_date_actual") <= day) | flags(payroll, "corrected_flag")[0])
    return share(
        label,
        int((due & ~wrong).sum()),
        int(due.sum()),
        of="payments after the last day",
        table="payroll",
        period=period,
        scale=Scale(
            zero=0.5, hundred=1.0, target=0.99, source="METHOD HO-11, BOM-1: final pay; the zero is ours"
        ),
        rows=payroll.index[wrong],
    )
