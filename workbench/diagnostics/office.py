"""What does looking after the vendor take, task by task?

METHOD VMO-4 and CX-5: the office is sized from its tasks, and the ratio of agents to its people is what comes out.
How often a task comes is counted in the tables; how long it takes is what was recorded, and else a range of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.diagnostics.governance import FORUMS, meetings_of
from workbench.diagnostics.log_ends import ENTRIES, log_of
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.vendor_office import Task

DAYS_OF_MONTH = 30.4375

FORUM_MINUTES = {
    "daily": (15.0, 30.0),
    "weekly": (45.0, 90.0),
    "monthly": (90.0, 180.0),
    "quarterly": (180.0, 360.0),
}
"""Of one person in one meeting, its preparation apart. Ours, where gov_meeting.minutes is empty. [min]"""

LEAST_RECORDED = 4
"""So many recorded times give quartiles."""


@dataclass(frozen=True)
class Counted:
    """A task that rows of a table stand for.

    Attributes
    ----------
    name : what is done.
    table, time : the table, and the column by which its rows fall into the period.
    once : the column that tells one from another; empty: each row is one.
    least, most : minutes each time, where nobody recorded them. Ours. [min]
    """

    name: str
    table: str
    time: str
    once: str
    least: float
    most: float


TASKS = (
    Counted("reconcile a report or pack", "report_log", "due_ts", "", 60, 240),
    Counted("follow an escalation", "escalation", "raised_ts", "id", 30, 90),
    Counted("follow up an action", "gov_action", "raised", "id", 15, 45),
    Counted("decide on a breached threshold", "breach", "ts", "", 15, 60),
    Counted("check an invoice", "invoice", "issued_ts", "invoice_id", 30, 90),
    Counted("judge a change request", "change_request", "raised", "id", 120, 480),
    Counted("review access to a system", "access_review", "reviewed_ts", "", 15, 45),
)


@dataclass(frozen=True)
class OfficeTask:
    """A task with how often it came on which days, and whence its minutes are ("recorded, 12 times", "assumed")."""

    task: Task
    times: int
    minutes_from: str
    period: Period


def office_tasks(tables: Mapping[str, Table], client: Client, period: Period) -> tuple[OfficeTask, ...]:
    """Return the recurring tasks that the tables show for the period; those of which none came are left out.

    How often a month is over the days that the task's own table covers: see `log_ends`.
    """
    found = []
    meetings = tables.get("gov_meeting")
    for forum in FORUMS if meetings is not None else ():
        assert meetings is not None
        days = log_of(meetings, "gov_meeting", period, client).days or period
        held = meetings_of(meetings, forum, period)
        held = held[held["date_held"].notna()]
        least, most, source = _minutes(held.get("minutes"), 1.0, *FORUM_MINUTES[forum.name])
        found.append(
            OfficeTask(
                Task(f"take part in the {forum.name} forum", len(held) / _months(days), least, most),
                len(held),
                source,
                days,
            )
        )
    for one in TASKS:
        rows = tables.get(one.table)
        if rows is None:
            continue
        days = (log_of(rows, one.table, period, client).days or period) if one.table in ENTRIES else period
        mine = rows_within(rows, one.time, period, client)
        times = mine[one.once].nunique() if one.once else len(mine)
        took = mine.get("prep_hours") if one.table == "report_log" else None
        least, most, source = _minutes(took, 60.0, one.least, one.most)
        found.append(OfficeTask(Task(one.name, times / _months(days), least, most), times, source, days))
    return tuple(one for one in found if one.times)


def _months(days: Period) -> float:
    return days.days / DAYS_OF_MONTH


def agents_there(hris: Table, period: Period) -> int:
    """Return how many agents were employed on the last day of the period."""
    agents = hris[(hris["role"].fillna("agent") == "agent").to_numpy(bool)].drop_duplicates("agent_id")
    last = pd.Timestamp(period.end)
    here = ~(agents["start_date"] > last) & ~(agents["term_date"] < last)
    return int(here.sum())


def _minutes(
    recorded: pd.Series | None, minutes: float, least: float, most: float
) -> tuple[float, float, str]:
    """Return the middle half of the recorded times in minutes, or the range assumed, and which of them it is."""
    known: Sequence[float] = (
        [] if recorded is None else (recorded.dropna().to_numpy(float) * minutes).tolist()
    )
    if len(known) < LEAST_RECORDED:
        return least, most, "assumed"
    low, high = np.quantile(known, [0.25, 0.75])
    return float(low), float(high), f"recorded, {len(known)} times"
