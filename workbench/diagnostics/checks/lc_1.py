"""Does long-range planning come true, and does hiring follow it?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, median_interval, missing, quantity, ratio_interval
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import days_of, kept, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import filled, in_order, numbers, seconds_between, times
from workbench.metrics.forecast_error import locked

GAP = Scale(zero=0.25, hundred=0.0, target=0.08, source="METHOD LC-1: planned against actual; ends are ours")
LEAD = Scale(
    zero=10.0, hundred=45.0, target=30.0, source="METHOD LC-1: hiring trigger lead time; ends are ours"
)


@diagnostic("LC-1", area="lifecycle")
def resource_plan_holds(
    forecast: Table | None, intervals: Table | None, requisition: Table | None, client: Client, period: Period
) -> Verdict:
    """Staff in place is what the plan required, and hiring starts early enough.

    Why: a gap seen in the week of need can only be filled by overtime.
    Healthy: staffed time within 6 % of what was required; openings approved six weeks ahead of the class.
    Unhealthy: a fifth short at the peaks; openings approved a week before the class.
    Remedy: plan heads a quarter ahead with attrition and ramp, and open hiring from it.
    """
    staffed, lead = _staffed(forecast, intervals, client, period), _lead(requisition, client, period)
    return Verdict(
        (staffed, lead),
        findings(
            "LC-1",
            (
                (staffed, "interval", "Plan heads a quarter ahead, with attrition and ramp in it."),
                (
                    lead,
                    "requisition",
                    "Open hiring from the plan, with the lead time of recruiting and training.",
                ),
            ),
            lever="groups.*.shrinkage",
            commitments="service falls where the gap is",
            margin="overtime at the gap, idle time elsewhere",
        ),
    )


def _staffed(forecast: Table | None, intervals: Table | None, client: Client, period: Period) -> Evidence:
    label = "gap between required and staffed time"
    if forecast is None or intervals is None:
        lacking = "forecast" if forecast is None else "intervals"
        return missing(label, "fraction", table=lacking, lack=Lack(tables=(lacking,)))
    mine = rows_within(forecast, "interval_start", period, client)
    latest = locked(kept(mine, filled(mine, "fte_required")))
    worked = kept(intervals, filled(intervals, "staffed_s"))
    (planned, there), cells = in_order([latest, worked], ["interval_start"])
    needed = np.nan_to_num(numbers(latest, "fte_required") * numbers(latest, "interval_s"))
    both = np.isin(np.arange(len(cells)), planned) & np.isin(np.arange(len(cells)), there)
    required = np.bincount(planned[planned >= 0], needed[planned >= 0], len(cells))[both]
    staffed = np.bincount(there[there >= 0], numbers(worked, "staffed_s")[there >= 0], len(cells))[both]
    total, gap = float(required.sum()), np.abs(staffed - required)
    # a day is short or long as a whole, so that days were sampled and not intervals
    days, day = np.unique(days_of(cells, "interval_start", client)[both], return_inverse=True)
    sums = np.stack([np.bincount(day, each, len(days)) for each in (gap, required)], axis=1)
    return quantity(
        label,
        float(gap.sum() / total) if total else None,
        "fraction",
        len(required),
        table="intervals",
        period=period,
        scale=GAP,
        interval=ratio_interval(sums) if total else None,
        formula="Σ|staffed − required| / Σ required, over intervals",
        reason="no interval has both a requirement and staffed time",
    )


def _lead(requisition: Table | None, client: Client, period: Period) -> Evidence:
    label = "median days from approval of an opening to the class"
    if requisition is None:
        return missing(label, "days", table="requisition", lack=Lack(tables=("requisition",)))
    mine = rows_within(requisition, "approved", period, client)
    days = seconds_between(times(mine, "approved"), times(mine, "class_start")) // 86400
    days = days[~np.isnan(days)]
    return quantity(
        label,
        float(np.median(days)) if len(days) else None,
        "days",
        len(days),
        table="requisition",
        period=period,
        scale=LEAD,
        interval=median_interval(days),
        reason="no opening with an approved day and a class in the period",
    )
