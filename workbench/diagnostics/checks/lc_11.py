"""Do formal plans begin, end and lead somewhere?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, median_interval, quantity, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import equals, filled, times

DAYS = Scale(zero=120.0, hundred=30.0, target=60.0, source="METHOD LC-11: time in plan; ends are ours")
ENDED = Scale(zero=0.3, hundred=1.0, target=0.9, source="METHOD LC-11: closed with an outcome; ends are ours")
WORKED = Scale(zero=0.1, hundred=0.8, target=0.5, source="METHOD LC-11: outcome; ends are ours")


@diagnostic("LC-11", area="lifecycle")
def plans_lead_somewhere(performance_plan: Table, client: Client, period: Period) -> Verdict:
    """Formal plans are closed in two months with an outcome, and at least half end in improvement.

    Why: a plan that never ends is a threat, not help.
    Healthy: 12 plans, 11 closed, 52 days, 7 improved.
    Unhealthy: plans open for half a year, ended by the agent leaving.
    Remedy: set the end and the measure when the plan begins, and decide on that day.
    """
    _, after = period.bounds(client.time_zone)
    end = after.tz_localize(None)
    opened = rows_within(performance_plan, "opened", period, client)
    began, limit = times(opened, "opened"), np.timedelta64(90, "D")
    ripe = began <= end.to_datetime64() - limit
    open_ = ripe & ~(times(opened, "closed") - began <= limit)
    ended = share(
        "plans closed within 90 days",
        int((ripe & ~open_).sum()),
        int(ripe.sum()),
        of="plans",
        table="performance_plan",
        period=period,
        scale=ENDED,
        rows=opened.index[open_],
    )
    closed = rows_within(performance_plan, "closed", period, client)
    days = (closed["closed"] - closed["opened"]).dt.days.astype(float)
    took = quantity(
        "median days in a plan",
        float(days.median()) if len(days) else None,
        "days",
        len(days),
        table="performance_plan",
        period=period,
        scale=DAYS,
        interval=median_interval(days),
        reason="no plan was closed in the period",
    )
    known, better = filled(closed, "outcome"), equals(closed, "outcome", "improved")
    improved = share(
        "closed plans that ended in improvement",
        int(better.sum()),
        int(known.sum()),
        of="plans",
        table="performance_plan",
        period=period,
        scale=WORKED,
        rows=closed.index[known & ~better],
    )
    return Verdict(
        (ended, took, improved),
        findings(
            "LC-11",
            (
                (ended, "plan", "Set the end and the measure when the plan begins; decide on that day."),
                (took, "plan", "Review each plan every fortnight."),
                (improved, "plan", "Look at what the plans ask for and whether coaching goes with them."),
            ),
            side="vendor",
            step="cadence",
        ),
    )
