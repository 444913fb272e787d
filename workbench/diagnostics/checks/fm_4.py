"""Do the same problems come back?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import kept, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import filled, flags
from workbench.statistics.ratios import rate_ratio

ONCE = Scale(zero=0.3, hundred=0.95, target=0.85, source="METHOD FM-4, EXIT-5: recurrence; ends are ours")


@diagnostic("FM-4", area="failure modes", also=("EXIT-5", "RES-2"))
def causes_do_not_recur(
    issue: Table | None, escalation: Table | None, gov_action: Table | None, client: Client, period: Period
) -> Verdict:
    """A cause that was found is dealt with and does not return under a new label.

    Why: a partnership that solves the same problem each quarter is not learning.
    Healthy: 30 causes, 28 of them seen once; every matter has its cause located.
    Unhealthy: the same four causes behind half of all matters.
    Remedy: give each recurring cause an owner on both sides and a check four weeks after closure.
    """
    matters = _matters(issue, escalation, client, period)
    if matters is None:
        lacking = missing("matters with a cause of their own", "fraction", table="issue",
                          reason="needs issue or escalation")  # fmt: skip
        return Verdict((lacking,))
    unseen = [
        missing(f"matters in {name}", "fraction", table=name, lack=Lack(tables=(name,)), weight=1.5)
        for name, frame in (("issue", issue), ("escalation", escalation))
        if frame is None
    ]
    part = 1.0 - 0.5 * len(unseen)  # of two tables each carries half of what is said about matters
    located = share(
        "matters with a located root cause",
        int(filled(matters, "root_cause_id").sum()),
        len(matters),
        of="matters",
        table="issue",
        period=period,
        scale=ONCE,
        weight=part,
    )
    known = kept(matters, filled(matters, "root_cause_id")).sort_values("at")
    again = known["root_cause_id"].duplicated().to_numpy()
    once = share(
        "matters whose cause had not been seen before",
        int((~again).sum()),
        len(known),
        of="matters",
        table="issue",
        period=period,
        scale=ONCE,
        weight=2.0 * part,
        formula="matters whose root cause is new within the period / matters with a root cause",
    )
    stayed = _reopened(gov_action, client, period)
    counts = known["root_cause_id"].value_counts().rename_axis("root cause").reset_index(name="matters")
    return Verdict(
        (located, once, stayed, *unseen, _pace(known["at"][again], client, period)),
        findings(
            "FM-4",
            (
                (located, "matter", "Close no matter without naming its cause."),
                (once, "matter", "Give each recurring cause an owner and a check four weeks after closure."),
                (stayed, "action", "Close an action when the measure has moved, not when the task is done."),
            ),
            step="ownership",
            commitments="the client hears of the same thing again",
            margin="the same hours are spent again",
        ),
        {"causes": counts},
    )


def _pace(again: pd.Series, client: Client, period: Period) -> Evidence:
    """Return at what pace causes come back in the second half of the period, against the first; not scored.

    EXIT-5: who learns has fewer returns later. Returns are counted as Poisson events over days.
    """
    label = "returns of a known cause in the second half of the period, over the first"
    start, after = period.bounds(client.time_zone)
    middle = start + (after - start) / 2
    later = int((again >= middle).sum())
    days = (after - start).total_seconds() / 172800
    found = rate_ratio(later, days, len(again) - later, days)
    if found.value is None or found.low is None or found.high is None:
        reason = "no cause came back" if not len(again) else "no cause came back in the first half"
        return missing(label, "times", table="issue", reason=reason, weight=0.0)
    return quantity(label, found.value, "times", found.n, table="issue", period=period, weight=0.0,
                    interval=(found.low, found.high), formula=found.method)  # fmt: skip


def _matters(
    issue: Table | None, escalation: Table | None, client: Client, period: Period
) -> pd.DataFrame | None:
    parts = []
    for frame, at in ((issue, "first_raised_ts"), (escalation, "raised_ts")):
        if frame is not None:
            mine = rows_within(frame, at, period, client)
            parts.append(pd.DataFrame({"at": mine[at], "root_cause_id": mine["root_cause_id"]}))
    return pd.concat(parts, ignore_index=True) if parts else None


def _reopened(gov_action: Table | None, client: Client, period: Period) -> Evidence:
    label = "closed actions that stayed closed"
    if gov_action is None:
        return missing(label, "fraction", table="gov_action", lack=Lack(tables=("gov_action",)))
    closed = rows_within(gov_action, "raised", period, client)
    again, known = flags(closed, "reopened")
    return share(
        label,
        int((known & ~again).sum()),
        int(known.sum()),
        of="actions",
        table="gov_action",
        period=period,
        scale=ONCE,
        rows=closed.index[again],
    )
