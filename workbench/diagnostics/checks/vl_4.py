"""Is there a routine that acts on what the system shows?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, median_interval, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import first_by, kept, rows_within, time_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import filled, seconds_between, times

COMPLETE = Scale(zero=0.2, hundred=1.0, target=0.9, source="METHOD VL-4; ends are ours")
DECIDED = Scale(zero=0.3, hundred=1.0, target=0.9, source="METHOD VL-4; ends are ours")
DAYS_TO_DECIDE = Scale(
    zero=30.0, hundred=2.0, target=7.0, source="METHOD VL-4, GOV-12: within a weekly; ends are ours"
)
DAYS_TO_CLOSE = Scale(zero=90.0, hundred=7.0, target=28.0, source="METHOD VL-4; ends are ours")
FIELDS = {"owner": "owner", "forum": "forum", "threshold": "threshold", "action_rule": "action"}


@diagnostic("VL-4", area="value leaks", also=("OR-6", "NOT-12"))
def figures_lead_to_action(
    kpi: Table | None, breach: Table | None, gov_action: Table | None, client: Client, period: Period
) -> Verdict:
    """Every key figure has an owner, a forum, a threshold and an action, and breaches are acted on soon.

    Why: a figure that nobody has to act on changes nothing; this leak is the most common one.
    Healthy: 14 of 15 figures complete; a breach is decided on in 4 days and its action closed in 3 weeks.
    Unhealthy: 5 of 15 complete; half the breaches never decided on.
    Remedy: one sheet with owner, forum, threshold and action for each figure; drop figures without.
    """
    complete, sheet = _complete(kpi)
    decided, to_decide, to_close = _acted(breach, gov_action, client, period)
    return Verdict(
        (complete, decided, to_decide, to_close),
        findings(
            "VL-4",
            (
                (
                    complete,
                    "key figure",
                    "Fill the sheet of owner, forum, threshold and action, or drop the figure.",
                ),
                (decided, "breach", "Put each breach on the agenda of its forum until something is decided."),
                (to_decide, "decided breach", "Let the owner decide between meetings below an agreed size."),
                (to_close, "closed action", "Start each forum with its open actions, the oldest first."),
            ),
            step="cadence",
            commitments="misses repeat until somebody escalates",
            margin="the loss runs from breach to closure",
        ),
        {"key figures": sheet},
    )


def _complete(kpi: Table | None) -> tuple[Evidence, pd.DataFrame]:
    label = "key figures with owner, forum, threshold and action"
    if kpi is None:
        return missing(label, "fraction", table="kpi", lack=Lack(tables=("kpi",)), weight=2.0), pd.DataFrame()
    there = {title: filled(kpi, column) for column, title in FIELDS.items()}
    sheet = pd.DataFrame({"key figure": kpi["kpi"], **there})
    whole = np.logical_and.reduce(list(there.values()))
    part = share(
        label,
        int(whole.sum()),
        len(kpi),
        of="key figures",
        table="kpi",
        scale=COMPLETE,
        grade="D",
        weight=2.0,
        rows=kpi.index[~whole],
    )
    return part, sheet


def _acted(
    breach: Table | None, gov_action: Table | None, client: Client, period: Period
) -> tuple[Evidence, Evidence, Evidence]:
    labels = (
        "breaches on which something was decided",
        "median days from breach to decision",
        "median days from breach to closed action",
    )
    if breach is None:
        a, b, c = (missing(label, "", table="breach", lack=Lack(tables=("breach",))) for label in labels)
        return a, b, c
    _, after = period.bounds(client.time_zone)
    ripe = rows_within(breach, "ts", period, client)
    ripe = kept(ripe, (ripe["ts"] <= after - pd.Timedelta(days=14)))
    open_ = ~filled(ripe, "decided_ts")
    decided = share(
        labels[0],
        int((~open_).sum()),
        len(ripe),
        of="breaches at least 14 days old",
        table="breach",
        period=period,
        scale=DECIDED,
        rows=ripe.index[open_],
    )
    took = seconds_between(times(ripe, "ts"), times(ripe, "decided_ts")) / 86400
    took = took[~np.isnan(took)]
    to_decide = quantity(
        labels[1],
        float(np.median(took)) if len(took) else None,
        "days",
        len(took),
        table="breach",
        period=period,
        scale=DAYS_TO_DECIDE,
        interval=median_interval(took),
        reason="no breach was decided on",
    )
    if gov_action is None:
        return (
            decided,
            to_decide,
            missing(labels[2], "days", table="gov_action", lack=Lack(tables=("gov_action",))),
        )
    closed = time_of(ripe["action_id"], first_by(gov_action, "id", "closed")).to_numpy("datetime64[us]")
    days = seconds_between(times(ripe, "ts").astype("datetime64[D]"), closed) // 86400
    days = days[~np.isnan(days)]
    to_close = quantity(
        labels[2],
        float(np.median(days)) if len(days) else None,
        "days",
        len(days),
        table="breach",
        period=period,
        scale=DAYS_TO_CLOSE,
        interval=median_interval(days),
        reason="no action that came from a breach is closed",
    )
    return decided, to_decide, to_close
