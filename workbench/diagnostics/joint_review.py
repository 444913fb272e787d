"""Are scheduling and quality spoken of in one meeting?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.evidence import missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale
from workbench.diagnostics.periods import kept
from workbench.intake.dataset import Table
from workbench.metrics.columns import coded, equals, speaking
from workbench.once import once_per_table

BOTH = Scale(zero=0.1, hundred=0.9, target=0.75, source="METHOD OR-1, HO-16; ends are ours")
STAFF_WORDS = (
    "staff",
    "schedul",
    "overtime",
    "shift",
    "adherence",
    "forecast",
    "wfm",
    "coverage",
    "occupancy",
)
QUALITY_WORDS = ("quality", "qa", "calibrat", "coaching", "error", "csat", "fcr", "resolution")


@once_per_table
def reviewed_together(meeting_topic: Table | None) -> Evidence:
    """Return the share of weekly meetings whose topics name scheduling as well as quality."""
    label = "weekly meetings that spoke of scheduling and quality"
    if meeting_topic is None:
        return missing(label, "fraction", table="meeting_topic", lack=Lack(tables=("meeting_topic",)))
    weekly = kept(meeting_topic, equals(meeting_topic, "forum", "weekly"))
    meeting, meetings = coded(weekly, "meeting")
    both = np.ones(len(meetings), bool)
    for words in (STAFF_WORDS, QUALITY_WORDS):
        spoken = meeting[speaking(weekly, "topic", words) & (meeting >= 0)]
        both &= np.bincount(spoken, minlength=len(meetings)) > 0
    alone = ~np.append(both, False)[meeting]
    return share(
        label,
        int(both.sum()),
        len(meetings),
        of="weekly meetings",
        table="meeting_topic",
        scale=BOTH,
        rows=weekly.index[alone],
    )
