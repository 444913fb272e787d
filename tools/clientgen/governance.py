"""What do the two companies agree on, report and decide: forums, actions, figures, escalations?"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from tools.clientgen.world import World, pick, times

FORUM_ROLES = {
    "daily": ("BPO service delivery", "internal operations", "WFM", "QA"),
    "weekly": ("vendor manager", "BPO ops lead", "QA", "training", "reporting"),
    "monthly": ("internal ops lead", "BPO account lead", "finance", "technology"),
    "quarterly": (
        "executive sponsor",
        "procurement",
        "compliance",
        "operations",
        "vendor leadership",
        "security",
    ),
    "calibration": ("QA", "BPO QA", "operations"),
}
HEALTHY_HELD = {"daily": 0.97, "weekly": 0.97, "monthly": 1.0, "quarterly": 1.0, "calibration": 1.0}
TOPIC_KINDS = {
    "daily": "operational",
    "weekly": "diagnosis",
    "monthly": "management",
    "quarterly": "direction",
}
MINUTES = {"daily": 15, "weekly": 60, "monthly": 90, "quarterly": 120, "calibration": 60}
TOPICS = {
    "operational": ("staffing against plan", "queue risk today", "system outage"),
    "diagnosis": (
        "schedule adherence against quality",
        "repeat contacts by cause",
        "quality by team",
        "root cause of escalations",
    ),
    "management": ("performance of the month", "cost and change requests", "roadmap"),
    "direction": ("footprint of next year", "structural risk", "alignment of the contract"),
    "compliance": ("access reviews", "recording of payment data"),
}
ACTION_KINDS = ("process", "ownership", "data", "cadence", "staffing", "training", "configuration")


def meetings(world: World) -> None:
    """Fill `gov_meeting` and `meeting_topic`."""
    story, dice = world.story, world.dice("meetings")
    traits = story.governance
    held_share = {**HEALTHY_HELD, **traits.held}
    rows, topics = [], []
    for forum, roles in FORUM_ROLES.items():
        for planned in _planned(world, forum):
            is_held = dice.random() < held_share[forum]
            here = [role for role in roles if dice.random() >= traits.roles_missing]
            decisions = int(dice.poisson(traits.decisions if forum != "calibration" else 1.0))
            hour = 9 if forum == "daily" else 14
            begins = int(world.utc([planned], [hour * 3600])[0])
            source = "platform" if dice.random() < traits.platform_data else "spreadsheet"
            if not is_held:
                rows.append((forum, planned, None, None, np.nan, None, None, np.nan, None))
                continue
            pre_read = np.nan if forum == "daily" else begins - 20 * 3600
            rows.append(
                (forum, planned, planned, ";".join(here or [roles[0]]), pre_read, decisions, source, begins,
                 MINUTES[forum])
            )  # fmt: skip
            if forum in TOPIC_KINDS:
                for number in range(2 if forum == "daily" else 4):
                    kind = TOPIC_KINDS[forum]
                    if dice.random() < traits.misrouted_topics:
                        kind = str(pick(dice, [k for k in TOPICS if k != kind], 1)[0])
                    subject = TOPICS[kind][number % len(TOPICS[kind])]
                    topics.append(
                        (
                            f"{forum} {planned}",
                            forum,
                            f"{subject} ({number + 1})",
                            kind,
                            5 if forum == "daily" else 15,
                        )
                    )
    frame = pd.DataFrame(
        rows,
        columns=["forum", "date_planned", "date_held", "attendees", "pre_read_ts", "decisions_n",
                 "data_source", "start_ts", "minutes"],
    )  # fmt: skip
    frame.insert(0, "vendor", story.vendor)
    for column in ("pre_read_ts", "start_ts"):
        frame[column] = times(frame[column])
    frame[["decisions_n", "minutes"]] = frame[["decisions_n", "minutes"]].astype("Int64")
    world.tables["gov_meeting"] = frame.sort_values(
        ["date_planned", "forum"], kind="stable", ignore_index=True
    )
    world.tables["meeting_topic"] = pd.DataFrame(
        topics, columns=["meeting", "forum", "topic", "kind", "minutes"]
    )
    for forum in FORUM_ROLES:
        mine = frame[frame["forum"] == forum]
        world.counts[f"{forum}_planned"] = len(mine)
        world.counts[f"{forum}_held"] = int(mine["date_held"].notna().sum())
        world.truth[f"{forum}_held"] = held_share[forum]


def _planned(world: World, forum: str) -> list[date]:
    """Return the days on which a forum was planned: a quarter meets in its last month."""
    working = [day for day in world.days if day.weekday() < 5]
    if forum == "daily":
        return working
    if forum == "weekly":
        return [day for day in working if day.weekday() == 1]
    if forum == "quarterly":
        return [
            first + timedelta(days=(14 - first.weekday()) % 7 + 7)
            for first, last in world.months
            if first.month % 3 == 0 and (last - first).days > 20
        ]
    offset = 9 if forum == "monthly" else 13
    return [first + timedelta(days=offset) for first, last in world.months if (last - first).days >= offset]


def actions(world: World) -> None:
    """Fill `gov_action`: what was agreed, by whom, by when, and whether it was closed."""
    story, dice = world.story, world.dice("actions")
    traits = story.governance
    held = world.tables["gov_meeting"]
    held = held[held["date_held"].notna() & held["forum"].isin(("weekly", "monthly", "quarterly"))]
    rows = []
    causes = 12
    for meeting in held.itertuples():
        for _ in range(int(dice.poisson(1.6))):
            raised = meeting.date_held
            due = raised + timedelta(days=int(dice.integers(7, 22)))
            if dice.random() < traits.closed_in_time:
                closed = raised + timedelta(days=int(dice.integers(2, max((due - raised).days, 3))))
            else:
                closed = due + timedelta(days=int(dice.integers(5, 60)))
            again = dice.random() < traits.recurrence
            cause = int(dice.integers(1, 4)) if again else causes
            causes += not again
            side = str(pick(dice, ("vendor", "buyer"), 1, (0.55, 0.45))[0])
            owner = "BPO ops lead" if side == "vendor" else "vendor manager"
            if story.governance.no_relationship_owner and side == "buyer":
                owner = None
            rows.append(
                (meeting.forum, raised, due, closed if closed <= story.end else None, owner, side,
                 str(pick(dice, ACTION_KINDS, 1, traits.action_mix)[0]), dice.random() < traits.reopened,
                 f"RC{cause:03d}", "weekly pack" if dice.random() < 0.85 else None)
            )  # fmt: skip
    frame = pd.DataFrame(
        rows,
        columns=["forum", "raised", "due", "closed", "owner", "owner_side", "kind", "reopened",
                 "root_cause_id", "data_ref"],
    )  # fmt: skip
    frame.insert(0, "id", [f"ACT{i + 1:03d}" for i in range(len(frame))])
    frame.insert(1, "vendor", story.vendor)
    world.tables["gov_action"] = frame
