"""Is each topic dealt with in the forum it belongs to?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, Ints, any_of, coded, equals, filled, flags, listed

BELONGS = {
    "operational": ("daily", "weekly"),
    "diagnosis": ("weekly",),
    "management": ("monthly",),
    "direction": ("quarterly",),
    "compliance": ("weekly", "monthly", "quarterly"),
}
"""In which forum a kind of topic is dealt with (METHOD GOV-1 … GOV-4); compliance must not wait for an audit."""

ROUTED = Scale(zero=0.4, hundred=0.95, target=0.85, source="METHOD GOV-6; ends are ours")
BEFORE_AUDIT = Scale(zero=0.2, hundred=1.0, target=0.9, source="METHOD GOV-6; ends are ours")
NARROW = Scale(
    zero=12.0, hundred=4.0, target=7.0, source="METHOD GOV-7: keep each forum narrow; ends are ours"
)


@diagnostic("GOV-6", area="governance", also=("GOV-7",))
def topics_in_their_forum(
    meeting_topic: Table, issue: Table | None, client: Client, period: Period
) -> Verdict:
    """Daily problems, diagnosis, management and direction each have their forum; compliance waits for no audit.

    Why: a daily problem that waits for the month costs a month, and a strategy in the weekly costs the weekly.
    Healthy: nine of ten topics in their forum, five topics a meeting.
    Unhealthy: every third topic misplaced; compliance comes up when auditors ask.
    Remedy: let the forum's owner send misplaced topics on, and give compliance a standing slot.
    """
    (forum, forums), (kind, kinds) = coded(meeting_topic, "forum"), coded(meeting_topic, "kind")
    known = (kind >= 0) & any_of(meeting_topic, "forum", ("daily", "weekly", "monthly", "quarterly"))
    belongs = np.zeros((len(forums), len(kinds)), np.bool_)
    for place, topic in enumerate(listed(kinds)):
        belongs[:, place] = [one in BELONGS[topic] for one in listed(forums)]
    right: Bools = belongs[forum[known], kind[known]]
    routed = share(
        "topics dealt with in the forum they belong to",
        int(right.sum()),
        len(right),
        of="topics",
        table="meeting_topic",
        scale=ROUTED,
        weight=2.0,
        rows=meeting_topic.index[known][~right],
    )
    meeting, _ = coded(meeting_topic, "meeting")
    per_meeting = np.bincount(meeting[known & (meeting >= 0)])
    per_meeting = per_meeting[per_meeting > 0]
    narrow = quantity(
        "topics per meeting",
        float(per_meeting.mean()) if len(per_meeting) else None,
        "topics",
        len(per_meeting),
        table="meeting_topic",
        scale=NARROW,
        reason="no topic names its meeting",
    )
    early = _compliance(issue, client, period)
    table = _by_forum(listed(forums), listed(kinds), forum[known], kind[known])
    return Verdict(
        (routed, narrow, early),
        findings(
            "GOV-6",
            (
                (routed, "topic", "Let the forum's owner send a misplaced topic on at once."),
                (narrow, "meeting", "Keep each forum to its work; cut what can be read."),
                (early, "compliance issue", "Give compliance a standing slot in the monthly."),
            ),
            step="cadence",
        ),
        {"topics by forum and kind": table},
    )


def _by_forum(forums: list[str | None], kinds: list[str | None], forum: Ints, kind: Ints) -> pd.DataFrame:
    """Return how many topics of each kind (columns) each forum had (rows), those that had any."""
    count = np.zeros((len(forums), len(kinds)), np.int64)
    np.add.at(count, (forum, kind), 1)
    rows, columns = (
        sorted(np.flatnonzero(count.any(axis=axis)), key=lambda i: str(names[i]))
        for axis, names in ((1, forums), (0, kinds))
    )
    return pd.DataFrame({"forum": [forums[i] for i in rows], **{kinds[i]: count[rows, i] for i in columns}})


def _compliance(issue: Table | None, client: Client, period: Period) -> Evidence:
    label = "compliance issues raised before an audit found them"
    if issue is None:
        return missing(label, "fraction", table="issue", lack=Lack(tables=("issue",)))
    mine = within(issue["first_raised_ts"], period, client) & flags(issue, "compliance_flag")[0]
    mine &= filled(issue, "detected_by")
    audit = mine & equals(issue, "detected_by", "audit")
    return share(
        label,
        int((mine & ~audit).sum()),
        int(mine.sum()),
        of="compliance issues",
        table="issue",
        period=period,
        scale=BEFORE_AUDIT,
        rows=issue.index[audit],
    )
