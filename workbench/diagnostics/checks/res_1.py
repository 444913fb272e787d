"""Does the vendor respond and adapt?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.log_ends import while_kept
from workbench.diagnostics.periods import rows_within, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, equals, seconds_between, times

IN_TIME = Scale(zero=0.3, hundred=0.95, target=0.85, source="METHOD RES-1: responsive; ends are ours")
LIVE = Scale(zero=0.1, hundred=0.9, target=0.7, source="METHOD RES-1: willing to adapt; ends are ours")


@diagnostic("RES-1", area="rescue or switch")
def vendor_responds(
    escalation: Table | None,
    gov_action: Table | None,
    change_request: Table | None,
    client: Client,
    period: Period,
    *,
    response_hours: float = 24.0,
    change_days: int = 60,
) -> Verdict:
    """The vendor answers in time, closes its actions and makes agreed changes.

    Why: what is answered and changed can be rescued.
    Healthy: nine of ten escalations answered in a day, actions closed when due, changes live in two months.
    Unhealthy: half unanswered for days, actions overdue, approved changes never live.
    Remedy: agree on response times and review them monthly with the vendor's leadership.
    """
    parts = (_answers(escalation, client, period, response_hours), _actions(gov_action, client, period),
             _changes(change_request, client, period, change_days))  # fmt: skip
    return Verdict(
        parts,
        findings(
            "RES-1",
            (
                (
                    parts[0],
                    "escalation",
                    "Agree on response times and review them with the vendor's leadership.",
                ),
                (
                    parts[1],
                    "due action of the vendor",
                    "Start the monthly with the vendor's overdue actions.",
                ),
                (parts[2], "approved change", "Give each approved change a date and an owner."),
            ),
            side="vendor",
            step="cadence",
        ),
    )


def _answers(escalation: Table | None, client: Client, period: Period, hours: float) -> Evidence:
    label = f"escalations owned by the vendor answered within {hours:g} hours"
    if escalation is None:
        return missing(label, "fraction", table="escalation", lack=Lack(tables=("escalation",)))
    _, after = while_kept(escalation, "escalation", period, client).bounds(client.time_zone)
    mine = rows_within(escalation, "raised_ts", period, client)
    raised, last = times(mine, "raised_ts"), (after - pd.Timedelta(hours=hours)).to_datetime64()
    ripe = ~equals(mine, "owner_side", "buyer") & (raised <= last)
    late = ripe & ~(seconds_between(raised, times(mine, "first_response_ts")) <= hours * 3600)
    return share(label, int((ripe & ~late).sum()), int(ripe.sum()), of="escalations", table="escalation",
                 period=period, scale=IN_TIME, rows=mine.index[late])  # fmt: skip


def _actions(gov_action: Table | None, client: Client, period: Period) -> Evidence:
    label = "the vendor's actions closed by their due day"
    if gov_action is None:
        return missing(label, "fraction", table="gov_action", lack=Lack(tables=("gov_action",)))
    due = within(gov_action["due"], while_kept(gov_action, "gov_action", period, client), client)
    due &= any_of(gov_action, "owner_side", ("vendor", "both"))
    late = due & ~(times(gov_action, "closed") <= times(gov_action, "due"))
    return share(label, int((due & ~late).sum()), int(due.sum()), of="actions", table="gov_action", period=period,
                 scale=IN_TIME, rows=gov_action.index[late])  # fmt: skip


def _changes(change_request: Table | None, client: Client, period: Period, days: int) -> Evidence:
    label = f"approved changes live within {days} days"
    if change_request is None:
        return missing(label, "fraction", table="change_request", lack=Lack(tables=("change_request",)))
    ripe = within(change_request["approved"] + pd.Timedelta(days=days), period, client)
    took_s = seconds_between(times(change_request, "approved"), times(change_request, "live"))
    late = ripe & ~(took_s < (days + 1) * 86400)
    return share(label, int((ripe & ~late).sum()), int(ripe.sum()), of="changes", table="change_request",
                 period=period, scale=LIVE, rows=change_request.index[late])  # fmt: skip
