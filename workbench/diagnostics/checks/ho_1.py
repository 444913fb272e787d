"""Does an approved plan become an open requisition?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.handoff import dwell, judge_handoff, ripe
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import filled


@diagnostic("HO-1", area="handoffs")
def plan_to_requisition(
    requisition: Table,
    ownership: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """An approved opening is recruited for within days.

    Why: a plan that waits on a desk costs a class.
    Healthy: 2 days from approval to opening, all of them opened.
    Unhealthy: three weeks, and every fifth never opened.
    Remedy: let approval open the requisition, with size, start and skills in it.
    """
    mine = rows_within(requisition, "approved", period, client)
    approved = ripe(mine["approved"], period, client, days=14)
    opened = mine["opened"].reindex(approved.index)
    median, arrived = dwell("HO-1", approved, opened, table="requisition", period=period,
                            recorded=bool(filled(requisition, "opened").any()))  # fmt: skip
    whole = filled(mine, "class_size") & filled(mine, "class_start") & filled(mine, "skills")
    carried = share(
        "requisitions that carry size, start and skills",
        int(whole.sum()),
        len(mine),
        of="requisitions",
        table="requisition",
        period=period,
        scale=Scale(zero=0.4, hundred=1.0, target=0.95, source="METHOD HO-1: fields carried; ends are ours"),
        rows=mine.index[~whole],
    )
    measured = ((median, "requisition"), (arrived, "case"), (carried, "requisition"))
    return judge_handoff(
        "HO-1",
        ownership,
        measured,
        "Let approval open the requisition, with size, start and skills.",
        waits=median,
        carried=carried,
    )
