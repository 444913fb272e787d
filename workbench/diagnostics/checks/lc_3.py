"""Is a new hire ready to work on day one?"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import (
    found,
    median_interval,
    quantity,
    ratio_interval,
    sentence,
    share,
    worst_of_median,
)
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import counted_by, each_once, latest_by, local_day, rows_within, time_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import among, filled

READY = Scale(
    zero=0.4, hundred=1.0, target=0.95, source="METHOD LC-3, BOF-5: all access on day one; ends are ours"
)
DAYS = Scale(zero=10.0, hundred=0.0, target=2.0, source="METHOD BOM-3: 2 business days; the zero is ours")


@diagnostic("LC-3", area="lifecycle", also=("VIS-1", "CAD-9", "BOM-3"))
def ready_on_day_one(hris: Table, provisioning: Table, client: Client, period: Period) -> Verdict:
    """A new hire has every access on the first day, within two business days of the decision to hire.

    Why: each day without access is a paid day without a contact.
    Healthy: 19 of 20 hires with all access on the first day; 2 business days from decision.
    Unhealthy: half of them wait into the second week.
    Remedy: start provisioning at the decision, with one checklist, an owner and a deadline per step.
    """
    hires = each_once(rows_within(hris, "start_date", period, client), "agent_id")
    hires = hires[among(hires["agent_id"], provisioning["agent_id"])]
    last = time_of(hires["agent_id"], latest_by(provisioning, "agent_id", "granted_ts"))
    granted = local_day(last, client).to_numpy("datetime64[D]")
    open_ = among(hires["agent_id"], provisioning["agent_id"][~filled(provisioning, "granted_ts")])
    start = hires["start_date"].to_numpy("datetime64[D]")
    ready = ~open_ & (granted <= start)
    first_day = share(
        "hires with all access on the first day",
        int(ready.sum()),
        len(hires),
        of="hires with access records",
        table="hris",
        period=period,
        scale=READY,
        rows=hires.index[~ready],
    )
    decided = hires["hire_decision_date"].to_numpy("datetime64[D]")
    done = ~open_ & ~np.isnat(decided) & ~np.isnat(granted)
    days = np.busday_count(decided[done], granted[done]).astype(float)
    to_provision = quantity(
        "median business days from hire decision to full access",
        float(np.median(days)) if len(days) else None,
        "business days",
        len(days),
        table="provisioning",
        period=period,
        scale=DAYS,
        interval=median_interval(days),
        formula="last access granted − decision to hire, Monday to Friday, holidays not known",
        reason="no hire with a decision day and all access granted",
    )
    at_work = _days_at_work(hires, granted, open_, period)
    late = ~np.isnan(at_work)
    paid = quantity(
        "mean business days at work before all access",
        float(at_work[late].mean()) if late.any() else None,
        "business days",
        int(late.sum()),
        table="provisioning",
        period=period,
        expected=0.0,
        interval=ratio_interval(np.column_stack([at_work[late], np.ones(late.sum())])),
        weight=0.0,
        formula=(
            "last access granted − first day at work, none below zero, Monday to Friday, holidays not known; access "
            "that is still open counts until the end of the period or the last day at work"
        ),
        reason="no hire whose last access was granted or is still open",
    )
    cohort = counted_by(start.astype("datetime64[M]").astype("datetime64[us]"), ready)
    cohort = cohort.set_axis(cohort.index.strftime("%Y-%m").rename("start_date"))
    tell = partial(
        found,
        "LC-3",
        beside=(paid,),
        lever="groups.*.shrinkage",
        commitments="classes start late",
        margin="paid days before the first contact",
    )
    owner = "Give each provisioning step an owner and a deadline before the first day."
    early = "Start provisioning at the decision to hire, not at the start."
    return Verdict(
        (first_day, to_provision, paid),
        tell(first_day, sentence(first_day, "hire"), owner)
        + tell(to_provision, sentence(to_provision, "hire"), early, at_most=worst_of_median(to_provision)),
        {"ready by month of start": cohort.rename(columns={"good": "ready", "n": "hires"}).reset_index()},
    )


def _days_at_work(hires: Table, granted: Any, open_: Any, period: Period) -> NDArray[np.float64]:
    """Return the business days that each hire was at work before the last access, NaN where that is not known."""
    start = hires["start_date"].to_numpy("datetime64[D]")
    until = np.full(len(hires), np.datetime64(period.end, "D") + 1)
    if "term_date" in hires:
        left = hires["term_date"].to_numpy("datetime64[D]") + 1
        until = np.where(np.isnat(left), until, np.minimum(until, left))
    until = np.where(open_, until, granted)
    known = ~np.isnat(until) & ~np.isnat(start)
    days = np.full(len(hires), np.nan)
    days[known] = np.maximum(np.busday_count(start[known], until[known]), 0)
    return days
