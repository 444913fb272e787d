"""Which shifts were changed after they were published?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.diagnostics.periods import agent_days, rows_within
from workbench.intake.client import Client
from workbench.intake.period import Period
from workbench.metrics.columns import equals, numbers
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
    default = (
        equals(problems, "table", "schedule")
        & equals(problems, "column", "revision")
        & equals(problems, "severity", "assumed")
    )
    if any("in every row" in str(message) for message in problems["message"].array[default]):
        return Revised(0, 0, reason="schedule.revision did not come")
    mine = rows_within(schedule, "start", period, client)
    revision, day = numbers(mine, "revision"), agent_days(mine, "start", client)
    known = ~np.isnan(revision)
    if not known.any():
        return Revised(0, 0, reason="schedule has no shift in the period")
    later = known & (revision > 0)
    days, changed = (len(np.unique(day[rows & (day >= 0)])) for rows in (known, later))
    return Revised(days, changed, tuple(mine.index[later]))
