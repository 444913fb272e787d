"""Are scheduling and quality spoken of in one meeting?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.evidence import missing, share
from workbench.diagnostics.finding import Evidence, Scale
from workbench.intake.dataset import Table
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
        return missing(label, "fraction", table="meeting_topic", reason="needs meeting_topic")
    weekly = meeting_topic[meeting_topic["forum"] == "weekly"]
    topic = weekly["topic"].fillna("").astype("str").str.casefold()
    said = pd.DataFrame(
        {
            "meeting": weekly["meeting"],
            "staff": [_speaks(text, STAFF_WORDS) for text in topic],
            "quality": [_speaks(text, QUALITY_WORDS) for text in topic],
        }
    )
    by_meeting = said.groupby("meeting")[["staff", "quality"]].any().all(axis=1)
    alone = ~weekly["meeting"].isin(by_meeting.index[by_meeting])
    return share(
        label,
        int(by_meeting.sum()),
        len(by_meeting),
        of="weekly meetings",
        table="meeting_topic",
        scale=BOTH,
        rows=weekly.index[alone],
    )


def _speaks(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)
