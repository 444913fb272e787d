"""Which shifts were changed after they were published?"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.diagnostics.periods import local_day, rows_within
from workbench.intake.client import Client
from workbench.intake.period import Period
from workbench.once import once_per_table


@dataclass(frozen=True)
class Revised:
    """Agent-days of the published plan, and those that were changed.

    Attributes
    ----------
    days : number of agent-days.
    changed : number of those with a later revision.
    rows : the rows of `schedule` that are a later revision.
    reason : why nothing is known; empty where it is.
    """

    days: int
    changed: int
    rows: tuple[int, ...] = ()
    reason: str = ""


@once_per_table
def revised_days(schedule: pd.DataFrame, problems: pd.DataFrame, client: Client, period: Period) -> Revised:
    """Return how many agent-days of the period were revised.

    An export without the column `revision` tells nothing: its default stands in every row, and a
    default is not a plan that was kept.
    """
    default = problems[
        (problems["table"] == "schedule")
        & (problems["column"] == "revision")
        & (problems["severity"] == "assumed")
    ]
    if default["message"].astype("str").str.contains("in every row").any():
        return Revised(0, 0, reason="schedule.revision did not come")
    mine = rows_within(schedule, "start", period, client)
    mine = mine.loc[mine["revision"].notna(), ["agent_id", "start", "revision"]]
    if mine.empty:
        return Revised(0, 0, reason="schedule has no shift in the period")
    changed = mine.groupby(["agent_id", local_day(mine["start"], client)])["revision"].max() > 0
    return Revised(len(changed), int(changed.sum()), tuple(mine.index[mine["revision"] > 0]))
