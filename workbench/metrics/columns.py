"""How does a metric read a column, so that what is missing stays unknown?

Times become datetime64[us] in UTC (NaT: unknown), durations floats (NaN: unknown), flags pairs of
arrays (value, known). A column that is not there is a column of unknowns.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbench.once import once_per_table

Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]
Times: TypeAlias = NDArray[np.datetime64]

SECOND_US = 1_000_000
FEW = 1000
"""Up to so many words are coded and looked up one by one, which then takes less time than to prepare for many."""


def array_of(table: pd.DataFrame, name: str) -> Any:
    """Return what a column holds, an array of NumPy's or an extension's, not to be changed.

    As `table[name].array`, but the Series around it, which takes thirty times as long, is never made.
    """
    return table._get_column_array(table.columns.get_loc(name))


@once_per_table
def times(table: pd.DataFrame, name: str) -> Times:
    """Return a column of times as datetime64[us]; NaT where unknown."""
    if name not in table.columns:
        return np.full(len(table), np.datetime64("NaT"), "datetime64[us]")
    column = array_of(table, name)
    if column.dtype.kind != "M":  # neither times nor days
        column = pd.to_datetime(table[name], utc=True).array
    return np.array(column, "datetime64[us]")


@once_per_table
def numbers(table: pd.DataFrame, name: str) -> Floats:
    """Return a column of numbers as floats; NaN where unknown."""
    if name not in table.columns:
        return np.full(len(table), np.nan)
    column = array_of(table, name)
    if isinstance(column, np.ndarray) and column.dtype.kind == "f":
        return np.array(column, float)
    return np.array(table[name].to_numpy(dtype=float, na_value=np.nan))


@once_per_table
def flags(table: pd.DataFrame, name: str) -> tuple[Bools, Bools]:
    """Return a column of flags as (is true, is known); unknown flags are not true."""
    if name not in table.columns:
        nothing = np.zeros(len(table), bool)
        return nothing, nothing
    column = array_of(table, name)
    if not isinstance(column, pd.arrays.BooleanArray):
        column = table[name]
    return np.array(column.to_numpy(bool, na_value=False)), filled(table, name)


@once_per_table
def equals(table: pd.DataFrame, name: str, value: str) -> Bools:
    """Return where a column of words says `value`; unknown words do not."""
    if name not in table.columns:
        return np.zeros(len(table), bool)
    codes, words = coded(table, name)
    place = int(places(words, [value])[0])
    return codes == place if place >= 0 else np.zeros(len(table), bool)


def any_of(table: pd.DataFrame, name: str, words: Collection[str]) -> Bools:
    """Return where a column of words says one of `words`; unknown words do not."""
    codes, said = coded(table, name)
    fits = np.zeros(len(said) + 1, bool)
    fits[places(said, list(words))] = True
    fits[-1] = False  # where nothing is said, or what no row says
    return np.asarray(fits[codes])


@once_per_table
def filled(table: pd.DataFrame, name: str) -> Bools:
    """Return where a column says anything."""
    return ~np.asarray(pd.isna(array_of(table, name)))


@once_per_table
def coded(table: pd.DataFrame, name: str) -> tuple[Ints, pd.Index]:
    """Return a column of words as (place in the list of its words, -1 where unknown; that list)."""
    return coded_values(array_of(table, name))


def coded_values(column: Any) -> tuple[Ints, pd.Index]:
    """Return an array of words as `coded` does a column."""
    if isinstance(column, pd.arrays.ArrowStringArray) and len(column) <= FEW:
        values = pa.array(column).to_pylist()
        words = dict.fromkeys(values)
        words.pop(None, None)
        place = dict(zip(words, range(len(words)), strict=True)) | {None: -1}
        said = type(column)(pa.array(list(words), pa.large_string()), dtype=column.dtype)
        return np.array([place[value] for value in values], np.int64), pd.Index(said)
    codes, said = pd.factorize(column)
    return np.asarray(codes), pd.Index(said)


def places(words: pd.Index, wanted: pd.Index | Sequence[str]) -> Ints:
    """Return the place of each of `wanted` in a list of different words, -1 where it is not there.

    As Index.get_indexer, but few words are looked up without building an index over them first.
    """
    if not _texts(words) or (isinstance(wanted, pd.Index) and not _texts(wanted)):
        return np.asarray(words.get_indexer(wanted))
    if isinstance(wanted, pd.Index) and len(words) + len(wanted) > FEW:
        found = pc.index_in(pa.array(wanted.array), value_set=pa.array(words.array), skip_nulls=True)
        return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False), np.int64)
    place = {word: i for i, word in enumerate(listed(words))}
    return np.array(
        [place.get(one, -1) for one in (listed(wanted) if isinstance(wanted, pd.Index) else wanted)], np.int64
    )


def listed(values: pd.Index | pd.Series) -> list[Any]:
    """Return texts as a list; None where unknown."""
    return list(pa.array(values.array).to_pylist())


def _texts(values: pd.Index) -> bool:
    return isinstance(values.dtype, pd.StringDtype)


def spelled(table: pd.DataFrame, name: str, words: Collection[str]) -> Bools:
    """Return where a column of words says one of `words` (in lower case), in any spelling of capitals."""
    codes, said = coded(table, name)
    fits = np.array([*(str(one).casefold() in words for one in listed(said)), False], bool)
    return np.asarray(fits[codes])


def speaking(table: pd.DataFrame, name: str, words: Collection[str]) -> Bools:
    """Return where a column of texts holds one of `words` (in lower case), in any spelling of capitals."""
    codes, said = coded(table, name)
    texts = [str(one).casefold() for one in listed(said)]
    fits = np.array([*(any(word in text for word in words) for text in texts), False], bool)
    return np.asarray(fits[codes])


def among(values: pd.Series | pd.Index, others: pd.Series) -> Bools:
    """Return which of `values` are also in `others`; unknown values are not.

    As Series.isin, but text is compared without making a Python object of every value.
    """
    if isinstance(values.dtype, pd.StringDtype) and values.dtype == others.dtype:
        mine, theirs = pa.array(values.array), pa.array(others.array)
        return np.asarray(pc.is_in(mine, value_set=theirs, skip_nulls=True).to_numpy(zero_copy_only=False))
    return np.asarray(values.isin(others.dropna()), bool)


def numbered(table: pd.DataFrame, columns: Sequence[str]) -> Ints:
    """Return a number from 0 for each row, the same where all `columns` agree; unknown agrees with unknown."""
    number = np.zeros(len(table), np.int64)
    for column in columns:
        codes, levels = coded(table, column)
        number = number * (len(levels) + 1) + codes + 1
    return np.asarray(pd.factorize(number)[0])


def in_order(tables: Sequence[pd.DataFrame], keys: Sequence[str]) -> tuple[list[Ints], pd.DataFrame]:
    """Return the cell of each row of each table (-1 where a key is unknown), and the cells' keys, sorted.

    A cell is a combination of `keys` that occurs in any of the tables.
    """
    number, levels, most = [np.zeros(len(table), np.int64) for table in tables], [], 1
    for key in keys:
        each = [coded(table, key) for table in tables]
        level, places_of = _sorted([labels for _, labels in each])
        levels.append(level)
        most *= len(level)
        for i, ((codes, _), of_labels) in enumerate(zip(each, places_of, strict=True)):
            place = np.append(of_labels, -1)[codes]
            number[i] = np.where((number[i] < 0) | (place < 0), -1, number[i] * len(level) + place)
    cells, of = _cells(number, most)
    columns = {}
    for key, level in zip(reversed(keys), reversed(levels), strict=True):
        columns[key] = level.take(cells % len(level))
        cells = cells // len(level)
    return of, pd.DataFrame({key: columns[key].array for key in keys})


def _cells(number: Sequence[Ints], most: int) -> tuple[Ints, list[Ints]]:
    """Return the different numbers from 0 to below `most`, sorted, and their places there; -1 stays what it is."""
    if most > 4 * sum(map(len, number)) + FEW:  # few of them occur
        cells = np.unique(np.concatenate(number))
        cells = cells[cells >= 0]
        return cells, [np.where(one < 0, -1, np.searchsorted(cells, one)) for one in number]
    occurs = np.zeros(most, bool)
    for one in number:
        occurs[one[one >= 0]] = True
    place = np.append(np.cumsum(occurs) - 1, -1)
    return np.flatnonzero(occurs), [place[one] for one in number]


def _sorted(lists: Sequence[pd.Index]) -> tuple[pd.Index, list[Ints]]:
    """Return all that stands in any of several lists, sorted, and the places there of what each list holds."""
    level = lists[0].append(list(lists[1:]))
    if _texts(level):
        words = listed(level)
        place = {word: i for i, word in enumerate(sorted(set(words)))}
        at = np.array([place[word] for word in words], np.int64)
        level = pd.Index(list(place), dtype=level.dtype)
    else:
        dated = isinstance(level, pd.DatetimeIndex)
        values = level.to_numpy("datetime64[us]") if dated else level.to_numpy()
        _, first, at = np.unique(values, return_index=True, return_inverse=True)
        level = level.take(first)
    return level, np.split(at, np.cumsum([len(one) for one in lists])[:-1])


def in_one_list(left: pd.DataFrame, right: pd.DataFrame, name: str) -> tuple[Ints, Ints, int]:
    """Return a column of two tables as places in one list of all its values (-1 where unknown), and its length."""
    (first, some), (second, others) = coded(left, name), coded(right, name)
    place = places(some, others)
    new = place < 0
    more = int(new.sum())
    place[new] = len(some) + np.arange(more)
    return first, np.append(place, -1)[second], len(some) + more


def seconds_between(start: Times, end: Times) -> Floats:
    """Return end minus start in seconds; NaN where either is unknown."""
    span = (end - start).astype("timedelta64[us]")
    out = span.astype(np.int64) / SECOND_US
    out[np.isnat(span)] = np.nan
    return np.asarray(out)
