"""Which rows fall into the period, in the client's time zone?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.intake.client import Client
from workbench.intake.dataset import Dataset, Table
from workbench.intake.period import Period
from workbench.metrics.columns import (
    Bools,
    Ints,
    Times,
    array_of,
    coded,
    coded_values,
    in_order,
    places,
    times,
)
from workbench.once import once_per_table


def within(times: pd.Series, period: Period, client: Client) -> Bools:
    """Return, for each UTC time or plain date, whether it falls into the period; missing times do not."""
    return _inside(times.to_numpy("datetime64[us]"), times.dtype, period, client)


def _inside(at: Times, kind: object, period: Period, client: Client) -> Bools:
    if not isinstance(kind, pd.DatetimeTZDtype):  # days
        return np.asarray((at >= np.datetime64(period.start, "us")) & (at <= np.datetime64(period.end, "us")))
    start, after = (moment.to_datetime64() for moment in period.bounds(client.time_zone))
    return np.asarray((at >= start) & (at < after))


def kept(table: Table, keep: pd.Series | Bools) -> Table:
    """Return the rows to keep; the table itself where that is all of them, so that nothing is copied."""
    if keep.all():
        return table
    rows = np.flatnonzero(keep.to_numpy(bool, na_value=False) if isinstance(keep, pd.Series) else keep)
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows):  # as in a log in order of time: a view, not a copy
        return table.iloc[rows[0] : rows[-1] + 1]
    return table.take(rows)


@once_per_table
def rows_within(table: Table, column: str, period: Period, client: Client) -> Table:
    """Return the rows of a table whose time (or day) in `column` falls into the period."""
    inside = _inside(times(table, column), array_of(table, column).dtype, period, client)
    return kept(table, inside)


@once_per_table
def each_once(table: Table, key: str) -> Table:
    """Return the first row for each value of `key`."""
    codes, labels = coded(table, key)
    first = np.full(len(labels) + 1, -1)
    first[codes[::-1]] = np.arange(len(table))[::-1]  # of several the first one stays
    keep = np.zeros(len(table), bool)
    keep[first[first >= 0]] = True
    return kept(table, keep)


@once_per_table
def earliest_by(table: Table, key: str, column: str) -> pd.Series:
    """Return the earliest time (or day) in `column` for each value of `key`; NaT where none is known."""
    return _by_key(table, key, column, latest=False)


@once_per_table
def latest_by(table: Table, key: str, column: str) -> pd.Series:
    """Return the latest time (or day) in `column` for each value of `key`; NaT where none is known."""
    return _by_key(table, key, column, latest=True)


@once_per_table
def first_by(table: Table, key: str, column: str) -> pd.Series:
    """Return what the first row with each value of `key` says in `column`."""
    first = each_once(table, key)
    return pd.Series(first[column].array, index=pd.Index(first[key].array), name=column)


def each_day(day: Times, at: Times, *, latest: bool = False) -> pd.Series:
    """Return the earliest (or latest) known of the times `at` on each day that occurs; NaT where none is known."""
    dated = ~np.isnat(day)
    days, of = np.unique(day[dated], return_inverse=True)
    place = extreme_rows(of, len(days), at[dated], latest=latest)
    return pd.Series(np.append(at[dated], np.datetime64("NaT"))[place], index=pd.DatetimeIndex(days))


def extreme_rows(of: Ints, size: int, at: Times, *, latest: bool = False) -> Ints:
    """Return which row has the earliest (or latest) known time in each of `size` groups; -1 where none is known.

    of : the group of each row, -1 where it is in none.
    """
    rows = np.flatnonzero((of >= 0) & ~np.isnat(at))
    order = np.argsort(at[rows], kind="stable")
    rows = rows[order if latest else order[::-1]]
    place = np.full(size, -1)
    place[of[rows]] = rows  # of several the last one stays
    return place


def _by_key(table: Table, key: str, column: str, *, latest: bool) -> pd.Series:
    codes, labels = coded(table, key)
    place = extreme_rows(codes, len(labels), times(table, column), latest=latest)
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
    month = _on_the_wall(times.array, client).astype("datetime64[M]")
    months, place = np.unique(month, return_inverse=True)
    names = pd.Series(np.datetime_as_string(months), dtype="str").where(~np.isnat(months))
    return names.take(place).set_axis(times.index).rename(times.name)


def local_week(times: pd.Series, client: Client) -> pd.Series:
    """Return the Monday of each time's week in the client's zone, at 0:00 and without a zone."""
    monday = _mondays(_on_the_wall(times.array, client))
    return pd.Series(monday, index=times.index, name=times.name)


def local_day(times: pd.Series, client: Client) -> pd.Series:
    """Return the day of each time in the client's zone, as its 0:00 without a zone."""
    day = _on_the_wall(times.array, client).astype("datetime64[D]").astype("datetime64[us]")
    return pd.Series(day, index=times.index, name=times.name)


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
    """Return `good` ones and all `n` of each week (or month), told by its first day, that occurs in `when`."""
    known = ~np.isnat(when)
    day, good = when[known].astype("datetime64[D]").astype(np.int64), good[known]
    first = day.min() if len(day) else 0
    n = np.bincount(day - first)
    well = np.bincount(day[good] - first, minlength=len(n))
    some = np.flatnonzero(n)
    starts = (some + first).astype("datetime64[D]").astype("datetime64[us]")
    both = np.array([well[some], n[some]]).T
    return pd.DataFrame(both, index=pd.DatetimeIndex(starts), columns=["good", "n"])


@once_per_table
def wall(table: Table, column: str, client: Client) -> Times:
    """Return the times of a column as clocks in the client's zone show them; NaT where unknown."""
    return _on_the_wall(array_of(table, column), client)


def _mondays(wall: Times) -> Times:
    day = wall.astype("datetime64[D]")
    return (day - (day.astype(np.int64) + 3) % 7).astype("datetime64[us]")  # 1970 began on a Thursday


def _on_the_wall(at: Any, client: Client) -> Times:
    """Return an array of times as clocks in the client's zone show them, without a zone; NaT where unknown."""
    if isinstance(at.dtype, pd.DatetimeTZDtype):
        at = at.tz_convert(client.time_zone).tz_localize(None)
    return np.array(at, "datetime64[us]")


def whole_months(period: Period) -> list[str]:
    """Return the months that lie whole within the period, as "2024-06"."""
    start, after = np.datetime64(period.start), np.datetime64(period.end) + 1
    first = start.astype("datetime64[M]")
    return [str(month) for month in np.arange(first + int(first < start), after.astype("datetime64[M]"))]


def time_of(keys: pd.Series, times: pd.Series) -> pd.Series:
    """Return the time (or day) that `times`, by key, gives for each of `keys`; NaT where it gives none.

    Unlike Series.map it stays a series of times when nothing matches or nothing is there.
    """
    codes, labels = coded_values(keys.array)  # few people, many rows: look each up once
    place = np.append(places(times.index, labels), -1)[codes]
    return pd.Series(times.array.take(place, allow_fill=True), index=keys.index, name=times.name)
