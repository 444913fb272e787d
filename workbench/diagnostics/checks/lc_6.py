"""Are schedules published early, left alone, and where the need is?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, median_interval, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import agent_days, rows_within
from workbench.diagnostics.revisions import Revised, revised_days
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import SECOND_US, Ints, times

NOTICE = Scale(zero=2.0, hundred=21.0, target=14.0, source="METHOD LC-6: days of notice; ends are ours")
UNCHANGED = Scale(
    zero=0.5, hundred=1.0, target=0.9, source="METHOD LC-6: revisions after publishing; ends are ours"
)
TOOL = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD LC-6, BO-1: no spreadsheet; ends are ours")


NEVER = np.iinfo(np.int64).max


@diagnostic("LC-6", area="lifecycle")
def schedules_published_and_kept(
    schedule: Table, client: Client, period: Period, problems: pd.DataFrame
) -> Verdict:
    """Schedules are published two weeks ahead, seldom changed, and kept in a tool.

    Why: late and moving schedules cost coverage first and people next.
    Healthy: 16 days of notice; one shift in fifteen changed after publishing.
    Unhealthy: 4 days of notice; every third shift changed by message.
    Remedy: publish on a fixed day two weeks ahead, and count each change with its reason.
    """
    mine = rows_within(schedule, "start", period, client)
    published = times(mine, "published_ts")
    day = agent_days(mine, "start", client)
    use = ~np.isnat(published) & (day >= 0)
    start, sent = (np.full(int(day.max(initial=-1)) + 1, NEVER) for _ in range(2))
    np.minimum.at(start, day[use], times(mine, "start")[use].astype(np.int64))
    np.minimum.at(sent, day[use], published[use].astype(np.int64))
    days = pd.Series((start - sent)[sent < NEVER] / (86_400 * SECOND_US))
    notice = quantity(
        "median days of notice of a shift",
        float(days.median()) if len(days) else None,
        "days",
        len(days),
        table="schedule",
        period=period,
        scale=NOTICE,
        interval=median_interval(days.sample(2000, random_state=0) if len(days) > 2000 else days),
        lack=Lack(columns=("schedule.published_ts",)),
    )
    kept = _kept(revised_days(schedule, problems, client, period), period)
    tool = _tool(mine, day, period)
    return Verdict(
        (notice, kept, tool),
        findings(
            "LC-6",
            (
                (notice, "shift", "Publish on a fixed day, two weeks ahead."),
                (kept, "shift", "Count each change with its reason; mend the commonest one."),
                (tool, "shift", "Keep one master schedule, in a tool that shows coverage."),
            ),
            lever="groups.*.shrinkage",
            commitments="gaps appear after the plan was good",
            margin="overtime and swaps",
        ),
    )


def _kept(revised: Revised, period: Period) -> Evidence:
    label = "shifts not changed after they were published"
    if revised.reason:
        return missing(label, "fraction", table="schedule", reason=revised.reason)
    return share(
        label,
        revised.days - revised.changed,
        revised.days,
        of="shifts",
        table="schedule",
        period=period,
        scale=UNCHANGED,
        rows=revised.rows,
    )


def _tool(mine: pd.DataFrame, day: Ints, period: Period) -> Evidence:
    """Return the share of shifts that stand in a tool with all of their rows: a shift is kept in one place."""
    label = "shifts kept in a tool"
    known = mine["source"].notna().to_numpy(bool) & (day >= 0)
    if not known.any():
        return missing(label, "fraction", table="schedule", lack=Lack(columns=("schedule.source",)))
    beside = known & (mine["source"] != "tool").to_numpy(bool)
    shifts = len(np.unique(day[known]))
    return share(
        label,
        shifts - len(np.unique(day[beside])),
        shifts,
        of="shifts",
        table="schedule",
        period=period,
        scale=TOOL,
        rows=mine.index[beside],
    )
