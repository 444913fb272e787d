"""How many hours does a time sheet pay? From clock-in to clock-out, less the breaks, which are unpaid."""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.metrics.columns import Floats, numbers, seconds_between, times

DAY_H = 24.0


def worked_seconds(timesheet: pd.DataFrame) -> Floats:
    """Return clock-in to clock-out less unpaid breaks (minutes) by row: shape (n,), NaN without a clock-out. [s]

    Empty breaks are none taken.
    """
    worked = seconds_between(times(timesheet, "clock_in"), times(timesheet, "clock_out"))
    return np.asarray(worked - 60.0 * np.nan_to_num(numbers(timesheet, "breaks")))


def paid_hours(timesheet: pd.DataFrame) -> Floats:
    """Return the hours that each row pays: shape (n,), NaN where they are not known. [h]

    Not known: without a clock-out, with nothing left after breaks, or of a day and more (nobody clocked out).
    """
    hours = worked_seconds(timesheet) / 3600.0
    return np.asarray(np.where((hours > 0) & (hours < DAY_H), hours, np.nan))
