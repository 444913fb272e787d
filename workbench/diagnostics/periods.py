"""Which rows fall into the period, in the client's time zone?"""

from __future__ import annotations

import pandas as pd

from workbench.intake.client import Client
from workbench.intake.period import Period


def within(times: pd.Series, period: Period, client: Client) -> pd.Series:
    """Return, for each UTC time or plain date, whether it falls into the period; missing times do not."""
    if times.dt.tz is None:
        return times.between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    start, after = period.bounds(client.time_zone)
    return times.between(start, after, inclusive="left")


def local_month(times: pd.Series, client: Client) -> pd.Series:
    """Return the month of each time in the client's zone, as "2024-06"."""
    local = times if times.dt.tz is None else times.dt.tz_convert(client.time_zone)
    return local.dt.strftime("%Y-%m")


def whole_months(period: Period) -> list[str]:
    """Return the months that lie whole within the period, as "2024-06"."""
    first = pd.Period(period.start, "M")
    last = pd.Period(period.end, "M")
    months = pd.period_range(first, last, freq="M")
    return [str(m) for m in months if m.start_time.date() >= period.start and m.end_time.date() <= period.end]


def time_of(keys: pd.Series, times: pd.Series) -> pd.Series:
    """Return the time (or day) that `times`, by key, gives for each of `keys`; NaT where it gives none.

    Unlike Series.map it stays a series of times when nothing matches or nothing is there.
    """
    known = keys.isin(times.index) & keys.notna()
    found = times.reindex(keys.where(known)).set_axis(keys.index)
    return found.where(known)
