"""Which instant or day does a cell say, in a zone whose days may have 23 or 25 hours?"""

from __future__ import annotations

from datetime import date, datetime
from datetime import time as time_of_day

import numpy as np
import pandas as pd
from pandas.api import types as pandas_types

from workbench.intake.cells import DTYPES, NO_MEASURE, Cells, Mask, Note, as_text, none, words
from workbench.intake.source import Conventions

FIRST_YEAR, LAST_YEAR = 1970, 2199
FOR_EVER = 9999
"""Systems write 9999-12-31 for "no end": an empty cell."""

_OFFSET = r":\d{2}(?:[.,]\d+)?\s?(?:[zZ]|UTC|[+-]\d{2}(?::?\d{2})?)$"
_WRITTEN = (
    r"^(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})[./-](?P<year>\d{4})"
    r"(?:[ T,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<second>:\d{2}(?:\.\d+)?)?"
    r"\s*(?P<half>[aApP]\.?[mM]\.?)?)?$"
)


def timestamp(cells: pd.Series, how: Conventions) -> Cells:
    """Read instants; those without an offset are in the zone of `how`."""
    zone = how.time_zone or "UTC"
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        return _within_years(cells.dt.tz_convert("UTC").astype(DTYPES["timestamp"]), none(cells))
    if pandas_types.is_datetime64_dtype(cells.dtype):
        return _localised(cells, none(cells), zone)
    text = _time_words(cells)
    aware = _says_offset(text)
    if aware.all():
        values = pd.to_datetime(_iso(text), format="ISO8601", errors="coerce", utc=True)
        return _within_years(
            values.astype(DTYPES["timestamp"]), (text.notna() & values.isna()).to_numpy(bool)
        )
    naive, unreadable, undecided = _naive_times(text.mask(aware) if aware.any() else text, how.day_first)
    read = _localised(naive, unreadable, zone, undecided)
    if not aware.any():
        return read
    instants = pd.to_datetime(_iso(text.where(aware)), format="ISO8601", errors="coerce", utc=True)
    values = read.values.mask(aware, instants.astype(DTYPES["timestamp"]))
    mixed = _within_years(values, read.unreadable | (aware & values.isna().to_numpy()))
    without = int(naive.notna().sum())
    note = Note(
        f"{without} of {int(text.notna().sum())} times say no offset from UTC, the others do; "
        f"those without were read as {zone}. Export all of them in one way"
    )
    return Cells(
        mixed.values, mixed.unreadable, (*read.notes, *((note,) if without else ())), undecided,
        read.repeated_hour, read.after_repeat,
    )  # fmt: skip


def day(cells: pd.Series, how: Conventions) -> Cells:
    """Read calendar days; an instant is the day it falls on in the zone of `how`."""
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        cells = cells.dt.tz_convert(how.time_zone or "UTC").dt.tz_localize(None)
    if pandas_types.is_datetime64_dtype(cells.dtype):
        return _within_years(cells.astype(DTYPES["date"]).dt.normalize(), none(cells))
    text = _time_words(cells)
    text = text.str.replace(_OFFSET, ":00", regex=True)
    months = text.str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])").fillna(False)
    naive, unreadable, undecided = _naive_times(text.where(~months, text + "-01"), how.day_first)
    read = _within_years(naive.dt.normalize(), unreadable)
    return Cells(read.values, read.unreadable, undecided=undecided)


def _time_words(cells: pd.Series) -> pd.Series:
    if isinstance(cells.dtype, pd.StringDtype):
        return words(cells, NO_MEASURE)
    if cells.dtype == object:
        cells = cells.map(_time_as_text, na_action="ignore")
    return words(cells.astype("str"), NO_MEASURE)


def _time_as_text(value: object) -> str:
    if isinstance(value, (datetime, date, time_of_day)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return as_text(value)


def _says_offset(text: pd.Series) -> Mask:
    """Return which texts end in Z, UTC or an offset; plain looks, ten times faster than a pattern."""
    clock = text.str.slice(10)
    signed = clock.str.contains("+", regex=False) | clock.str.contains("-", regex=False)
    said = signed | clock.str.endswith(("Z", "z", "UTC"))
    return np.asarray(said.fillna(False), dtype=bool)


def _iso(text: pd.Series) -> pd.Series:
    """Return what is written as ISO 8601 with day and separators; the rest as NaN."""
    fits = ((text.str.slice(4, 5) == "-") & (text.str.len() >= 10)) | text.isna()
    kept = text if fits.all() else text.where(fits)
    if kept.str.endswith("UTC").any():
        kept = kept.str.replace(r" ?UTC$", "Z", regex=True)
    return kept


def _naive_times(text: pd.Series, day_first: bool | None) -> tuple[pd.Series, Mask, Mask | None]:
    values = pd.to_datetime(_iso(text), format="ISO8601", errors="coerce").astype("datetime64[us]")
    rest = text[text.notna() & values.isna()]
    undecided = None
    if len(rest):
        rest = rest.str.replace(r"^(\d{4})/(\d{2})/(\d{2})", r"\1-\2-\3", regex=True)
        turned, open_ = _turned(rest, day_first)
        undecided = open_.reindex(text.index, fill_value=False).to_numpy(bool)
        again = pd.to_datetime(_iso(turned), format="ISO8601", errors="coerce").astype("datetime64[us]")
        values.loc[again.index] = again
    return values, (text.notna() & values.isna()).to_numpy(bool), undecided


def _turned(text: pd.Series, day_first: bool | None) -> tuple[pd.Series, pd.Series]:
    """Rewrite 3.4.2024 and 4/3/2024 1:05 PM as ISO 8601; also say where it is open which is the day."""
    part = text.str.extract(_WRITTEN)
    a, b = pd.to_numeric(part["a"]), pd.to_numeric(part["b"])
    by_day, by_month = (part["mark"] == ".") | (a > 12), (part["mark"] != ".") & (b > 12)
    open_ = part["a"].notna() & ~by_day & ~by_month & (a != b)
    if open_.any():
        seen_day, seen_month = bool((by_day & (part["mark"] != ".")).any()), bool(by_month.any())
        order = day_first if day_first is not None else (seen_day if seen_day != seen_month else None)
        if order is None:
            part = part.mask(open_)
        else:
            by_day |= open_ & order
            open_ &= False
    day, month = a.where(by_day, b), b.where(by_day, a)
    hour = pd.to_numeric(part["hour"])
    half = part["half"].str.lower().str[0]
    hour = hour.where(half.isna(), hour % 12 + np.where(half == "p", 12, 0))
    found = part["a"].notna()
    iso = text.copy()
    whole = [f"{value:02.0f}" for value in month[found]], [f"{value:02.0f}" for value in day[found]]
    clock = [
        "" if np.isnan(h) else f" {h:02.0f}:{minute}{second if isinstance(second, str) else ''}"
        for h, minute, second in zip(hour[found], part["minute"][found], part["second"][found], strict=True)
    ]
    years = part["year"][found]
    iso.loc[found] = [f"{y}-{m}-{d}{c}" for y, m, d, c in zip(years, *whole, clock, strict=True)]
    return iso, open_


def _within_years(values: pd.Series, unreadable: Mask) -> Cells:
    if not len(values):
        return Cells(values, unreadable)
    years = values.dt.year
    low, high = years.min(), years.max()
    if not (low < FIRST_YEAR or high > LAST_YEAR):
        return Cells(values, unreadable)
    beyond = ((years < FIRST_YEAR) | (years > LAST_YEAR)).to_numpy(bool)
    return Cells(values.mask(beyond), unreadable | (beyond & (years != FOR_EVER).to_numpy(bool)))


def _localised(naive: pd.Series, unreadable: Mask, zone: str, undecided: Mask | None = None) -> Cells:
    read = _within_years(naive.astype("datetime64[us]"), unreadable)
    values = read.values.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT").dt.tz_convert("UTC")
    lost = (values.isna() & read.values.notna()).to_numpy(bool)
    if not lost.any():
        return Cells(values, read.unreadable, undecided=undecided)
    clock = read.values[lost]
    first, second = (
        clock.dt.tz_localize(zone, ambiguous=np.full(len(clock), is_first), nonexistent=pd.Timedelta("1h"))
        .dt.tz_convert("UTC")
        .astype(DTYPES["timestamp"])
        for is_first in (True, False)
    )
    values = values.astype(DTYPES["timestamp"])
    values.loc[lost] = first
    repeated, skipped = lost.copy(), lost.copy()
    repeated[lost], skipped[lost] = (first != second).to_numpy(), (first == second).to_numpy()
    notes = []
    if repeated.any():
        notes.append(
            Note(
                f'"{{value}}" comes twice in {zone} that day; read as the first unless the row says otherwise',
                repeated,
            )
        )
    if skipped.any():
        notes.append(Note(f'"{{value}}" does not exist in {zone} that day; read as one hour later', skipped))
    return Cells(values, read.unreadable, tuple(notes), undecided, repeated, second)
