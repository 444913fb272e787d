"""Which rows fall into the period, in the client's time zone?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.intake.client import Client
from workbench.intake.dataset import Dataset, Table
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, Times, coded, in_order, places, times
from workbench.once import once_per_table


def within(times: pd.Series, period: Period, client: Client) -> Bools:
    """Return, for each UTC time or plain date, whether it falls into the period; missing times do not."""
    at = times.to_numpy("datetime64[us]")
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        return np.asarray((at >= np.datetime64(period.start, "us")) & (at <= np.datetime64(period.end, "us")))
    start, after = (moment.to_datetime64() for moment in period.bounds(client.time_zone))
    return np.asarray((at >= start) & (at < after))


def kept(table: Table, keep: pd.Series | Bools) -> Table:
    """Return the rows to keep; the table itself where that is all of them, so that nothing is copied."""
    return table if keep.all() else table[keep]


@once_per_table
def rows_within(table: Table, column: str, period: Period, client: Client) -> Table:
    """Return the rows of a table whose time (or day) in `column` falls into the period."""
    return kept(table, within(table[column], period, client))


@once_per_table
def each_once(table: Table, key: str) -> Table:
    """Return the first row for each value of `key`."""
    return kept(table, ~table[key].duplicated())


@once_per_table
def earliest_by(table: Table, key: str, column: str) -> pd.Series:
    """Return the earliest time (or day) in `column` for each value of `key`; NaT where none is known."""
    return _by_key(table, key, column, latest=False)


@once_per_table
def latest_by(table: Table, key: str, column: str) -> pd.Series:
    """Return the latest time (or day) in `column` for each value of `key`; NaT where none is known."""
    return _by_key(table, key, column, latest=True)


def _by_key(table: Table, key: str, column: str, *, latest: bool) -> pd.Series:
    codes, labels = coded(table, key)
    at = times(table, column)
    rows = np.flatnonzero((codes >= 0) & ~np.isnat(at))
    order = np.argsort(at[rows], kind="stable")
    rows = rows[order if latest else order[::-1]]
    place = np.full(len(labels), -1)
    place[codes[rows]] = rows  # of several the last one stays
    return pd.Series(table[column].array.take(place, allow_fill=True), index=labels, name=column)


BEGINS = {"contacts": "offered_ts", "intervals": "interval_start", "agent_state": "start"}
"""By which time the rows of a log fall into a period."""


def in_period(dataset: Dataset, name: str, period: Period | None = None) -> Table | None:
    """Return the rows of a log that begin in `period` (None: that of the dataset); None without the table.

    Tables keep the rows of other days, since trends need them; a figure that names its period counts these alone.
    """
    table = dataset.tables.get(name)
    if table is None:
        return None
    return rows_within(table, BEGINS[name], period or dataset.period, dataset.client)


def local_month(times: pd.Series, client: Client) -> pd.Series:
    """Return the month of each time in the client's zone, as "2024-06"."""
    month = _on_the_wall(times, client).to_numpy("datetime64[M]")
    months, place = np.unique(month, return_inverse=True)
    names = pd.Series(np.datetime_as_string(months), dtype="str").where(~np.isnat(months))
    return names.take(place).set_axis(times.index).rename(times.name)


def local_week(times: pd.Series, client: Client) -> pd.Series:
    """Return the Monday of each time's week in the client's zone, at 0:00 and without a zone."""
    monday = _mondays(_on_the_wall(times, client).to_numpy("datetime64[us]"))
    return pd.Series(monday, index=times.index, name=times.name)


def local_day(times: pd.Series, client: Client) -> pd.Series:
    """Return the day of each time in the client's zone, as its 0:00 without a zone."""
    return _on_the_wall(times, client).dt.normalize()


@once_per_table
def weeks_of(table: Table, column: str, client: Client) -> Times:
    """Return, for each row, the Monday of its week in the client's zone; NaT where the time is unknown."""
    return _mondays(wall(table, column, client))


@once_per_table
def months_of(table: Table, column: str, client: Client) -> Times:
    """Return, for each row, the first of its month in the client's zone; NaT where the time is unknown."""
    return wall(table, column, client).astype("datetime64[M]").astype("datetime64[us]")


@once_per_table
def days_of(table: Table, column: str, client: Client) -> Times:
    """Return, for each row, its day in the client's zone; NaT where the time is unknown."""
    return wall(table, column, client).astype("datetime64[D]").astype("datetime64[us]")


@once_per_table
def agent_days(table: Table, column: str, client: Client) -> NDArray[np.int64]:
    """Return, for each row, the number of its agent and local day (in this order), -1 where one is unknown."""
    days = pd.DataFrame({"agent_id": table["agent_id"].array, "day": days_of(table, column, client)})
    return in_order([days], ["agent_id", "day"])[0][0]


def counted_by(when: Times, good: Bools) -> pd.DataFrame:
    """Return `good` ones and all `n` of each week (or month) that occurs in `when`, in the order of time."""
    at, starts = pd.factorize(when, sort=True)
    at, good = at[at >= 0], good[at >= 0]
    counts = {
        "good": np.bincount(at[good], minlength=len(starts)),
        "n": np.bincount(at, minlength=len(starts)),
    }
    return pd.DataFrame(counts, index=pd.DatetimeIndex(starts))


@once_per_table
def wall(table: Table, column: str, client: Client) -> Times:
    """Return the times of a column as clocks in the client's zone show them; NaT where unknown."""
    return np.asarray(_on_the_wall(table[column], client).to_numpy("datetime64[us]"))


def _mondays(wall: Times) -> Times:
    day = wall.astype("datetime64[D]")
    return (day - (day.astype(np.int64) + 3) % 7).astype("datetime64[us]")  # 1970 began on a Thursday


def _on_the_wall(times: pd.Series, client: Client) -> pd.Series:
    """Return times as clocks in the client's zone show them, without a zone."""
    return times if times.dt.tz is None else times.dt.tz_convert(client.time_zone).dt.tz_localize(None)


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
    codes, labels = pd.factorize(keys)  # few people, many rows: look each up once
    place = np.append(places(times.index, labels), -1)[codes]
    return pd.Series(times.array.take(place, allow_fill=True), index=keys.index, name=times.name)
