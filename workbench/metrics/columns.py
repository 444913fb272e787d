"""How does a metric read a column, so that what is missing stays unknown?

Times become datetime64[us] in UTC (NaT: unknown), durations floats (NaN: unknown), flags pairs of
arrays (value, known). A column that is not there is a column of unknowns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbench.once import once_per_table

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Times: TypeAlias = NDArray[np.datetime64]

SECOND_US = 1_000_000


@once_per_table
def times(table: pd.DataFrame, name: str) -> Times:
    """Return a column of times as datetime64[us]; NaT where unknown."""
    if name not in table.columns:
        return np.full(len(table), np.datetime64("NaT"), "datetime64[us]")
    column = table[name]
    if not isinstance(column.dtype, pd.DatetimeTZDtype):
        column = pd.to_datetime(column, utc=True)
    return np.array(column.to_numpy("datetime64[us]"))


@once_per_table
def numbers(table: pd.DataFrame, name: str) -> Floats:
    """Return a column of numbers as floats; NaN where unknown."""
    if name not in table.columns:
        return np.full(len(table), np.nan)
    return np.array(table[name].to_numpy(dtype=float, na_value=np.nan))


@once_per_table
def flags(table: pd.DataFrame, name: str) -> tuple[Bools, Bools]:
    """Return a column of flags as (is true, is known); unknown flags are not true."""
    if name not in table.columns:
        nothing = np.zeros(len(table), bool)
        return nothing, nothing
    known = table[name].notna().to_numpy(bool)
    return np.array(table[name].fillna(value=False).astype(bool)), known


@once_per_table
def equals(table: pd.DataFrame, name: str, value: str) -> Bools:
    """Return where a column of words says `value`; unknown words do not."""
    if name not in table.columns:
        return np.zeros(len(table), bool)
    return np.asarray(table[name].isin([value]).to_numpy(bool))


def among(values: pd.Series, others: pd.Series) -> Bools:
    """Return which of `values` are also in `others`; unknown values are not.

    As Series.isin, but text is compared without making a Python object of every value.
    """
    if isinstance(values.dtype, pd.StringDtype) and values.dtype == others.dtype:
        mine, theirs = pa.array(values.array), pa.array(others.array)
        return np.asarray(pc.is_in(mine, value_set=theirs, skip_nulls=True).to_numpy(zero_copy_only=False))
    return np.asarray(values.isin(others.dropna()).to_numpy(bool))


def numbered(table: pd.DataFrame, columns: Sequence[str]) -> NDArray[np.int64]:
    """Return a number from 0 for each row, the same where all `columns` agree; unknown agrees with unknown."""
    number = np.zeros(len(table), np.int64)
    for column in columns:
        codes, levels = pd.factorize(table[column], use_na_sentinel=False)
        number = number * len(levels) + codes
    return pd.factorize(number)[0]


def in_one_list(left: pd.Series, right: pd.Series) -> tuple[NDArray[np.int64], NDArray[np.int64], pd.Index]:
    """Return the place of each value of two columns in one list of all their values, and that list; unknown: -1."""
    (first, some), (second, others) = pd.factorize(left), pd.factorize(right)
    both = some.append(others[some.get_indexer(others) < 0])
    return first, np.append(both.get_indexer(others), -1)[second], both


def seconds_between(start: Times, end: Times) -> Floats:
    """Return end minus start in seconds; NaN where either is unknown."""
    span = (end - start).astype("timedelta64[us]")
    out = span.astype(np.int64) / SECOND_US
    out[np.isnat(span)] = np.nan
    return np.asarray(out)
