"""Does the real-time board work from the published schedule?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.handoff import judge_handoff
from workbench.diagnostics.revisions import revised_days
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period


@diagnostic("HO-6", area="handoffs")
def schedule_to_real_time(
    ownership: Table, schedule: Table | None, client: Client, period: Period, problems: pd.DataFrame
) -> Verdict:
    """Exceptions and the published version reach the real-time board.

    Why: a board on yesterday's plan chases ghosts.
    Healthy: one owner, a procedure, exceptions loaded daily; one shift in twenty changed after publishing.
    Unhealthy: nobody answers for it, and every third shift on the board is no longer the published one.
    Remedy: name the owner and load exceptions before the day begins.
    """
    kept = _kept(schedule, client, period, problems)
    return judge_handoff(
        "HO-6",
        ownership,
        (),
        "Name the owner and load exceptions before the day begins.",
        beside=((kept, "shift"),),
        rework=kept,
    )


def _kept(schedule: Table | None, client: Client, period: Period, problems: pd.DataFrame) -> Evidence:
    label = "shifts that the board can take over as published"
    if schedule is None:
        return missing(label, "fraction", table="schedule", lack=Lack(tables=("schedule",)), weight=0.0)
    revised = revised_days(schedule, problems, client, period)
    if revised.reason:
        return missing(label, "fraction", table="schedule", reason=revised.reason, weight=0.0)
    scale = Scale(zero=0.6, hundred=1.0, target=0.95, source="METHOD HO-6: rework; ends are ours")
    return share(label, revised.days - revised.changed, revised.days, of="shifts", table="schedule", period=period,
                 scale=scale, rows=revised.rows, weight=0.0)  # fmt: skip
