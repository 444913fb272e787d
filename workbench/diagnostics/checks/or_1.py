"""Are the routines held that turn what is seen into what is done?"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

BOTH = Scale(zero=0.1, hundred=0.9, target=0.75, source="METHOD OR-1, HO-16; ends are ours")
TIED = Scale(zero=0.0, hundred=0.9, target=0.7, source="METHOD OR-4; ends are ours")
STAFF_WORDS = ("staff", "schedul", "overtime", "shift", "adherence", "forecast", "wfm", "coverage")
QUALITY_WORDS = ("quality", "qa", "calibrat", "coaching", "error", "csat", "fcr", "resolution")


@diagnostic("OR-1", area="operating rhythm", also=("OR-4",))
def routines_held(
    meeting_topic: Table | None,
    gov_action: Table | None,
    breach: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """Each week scheduling is looked at together with quality, and service misses lead to staffing decisions.

    Why: a late schedule shows in quality first; a missed level is mended by staff, not by a report.
    Healthy: three of four weeklies on both; nine of ten misses followed by an action on staffing.
    Unhealthy: two meetings that never meet; misses reported and filed.
    Remedy: one page with adherence, occupancy and quality side by side, and a decision for each miss.
    """
    joined, tied = _both(meeting_topic), _tied(breach, gov_action, client, period)
    return Verdict(
        (joined, tied),
        findings(
            "OR-1",
            (
                (joined, "weekly meeting", "Put adherence, occupancy and quality on one page of the weekly."),
                (tied, "missed service level", "Record a staffing decision for each missed level."),
            ),
            step="cadence",
            lever="staffing",
        ),
    )


def _both(meeting_topic: Table | None) -> Evidence:
    label = "weekly meetings that spoke of scheduling and quality"
    if meeting_topic is None:
        return missing(label, "fraction", table="meeting_topic", reason="needs meeting_topic")
    weekly = meeting_topic[meeting_topic["forum"] == "weekly"]
    topic = weekly["topic"].fillna("").astype("str").str.casefold()
    said = pd.DataFrame({"meeting": weekly["meeting"], "staff": topic.map(_speaks(STAFF_WORDS)),
                         "quality": topic.map(_speaks(QUALITY_WORDS))})  # fmt: skip
    by_meeting = said.groupby("meeting")[["staff", "quality"]].any().all(axis=1)
    return share(
        label, int(by_meeting.sum()), len(by_meeting), of="weekly meetings", table="meeting_topic", scale=BOTH
    )


def _speaks(words: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda text: any(word in text for word in words)


def _tied(breach: Table | None, gov_action: Table | None, client: Client, period: Period) -> Evidence:
    label = "missed service levels followed by a staffing action"
    if breach is None or gov_action is None:
        lacking = "breach" if breach is None else "gov_action"
        return missing(label, "fraction", table=lacking, reason=f"needs {lacking}")
    missed = breach[
        within(breach["ts"], period, client) & breach["kpi"].isin(["service_level", "abandon_rate", "asa_s"])
    ]
    kind = missed["action_id"].map(gov_action.drop_duplicates("id").set_index("id")["kind"])
    staffing = kind == "staffing"
    return share(label, int(staffing.sum()), len(missed), of="missed levels", table="breach", period=period, scale=TIED,
                 rows=missed.index[~staffing])  # fmt: skip
