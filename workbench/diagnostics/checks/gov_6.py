"""Is each topic dealt with in the forum it belongs to?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

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
    known = meeting_topic[
        meeting_topic["kind"].notna()
        & meeting_topic["forum"].isin(["daily", "weekly", "monthly", "quarterly"])
    ]
    right = [forum in BELONGS[kind] for forum, kind in zip(known["forum"], known["kind"], strict=True)]
    misplaced = known.index[[not one for one in right]]
    routed = share(
        "topics dealt with in the forum they belong to",
        sum(right),
        len(known),
        of="topics",
        table="meeting_topic",
        scale=ROUTED,
        weight=2.0,
        rows=misplaced,
    )
    per_meeting = known.groupby("meeting").size()
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
    table = known.groupby(["forum", "kind"]).size().unstack(fill_value=0).reset_index()
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


def _compliance(issue: Table | None, client: Client, period: Period) -> Evidence:
    label = "compliance issues raised before an audit found them"
    if issue is None:
        return missing(label, "fraction", table="issue", reason="needs issue")
    mine = issue[
        within(issue["first_raised_ts"], period, client)
        & issue["compliance_flag"].fillna(False).astype(bool)
        & issue["detected_by"].notna()
    ]
    audit = mine["detected_by"] == "audit"
    return share(
        label,
        int((~audit).sum()),
        len(mine),
        of="compliance issues",
        table="issue",
        period=period,
        scale=BEFORE_AUDIT,
        rows=mine.index[audit],
    )
