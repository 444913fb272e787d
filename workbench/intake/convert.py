"""How does an amount in the client's unit become seconds, a fraction or a point in time?

What cells.py reads by itself (decimal marks, h:mm:ss, percent signs, ISO dates) it reads here too; this
file adds what only mapping.yaml can say: the unit, the date format, columns that belong together. NaN
stands for an empty cell and for one that cannot be read; `unreadable` tells the two apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import numpy as np
import pandas as pd

from workbench.intake import cell_numbers
from workbench.intake.cells import NO_MEASURE, words
from workbench.intake.source import Conventions

Decimal = Literal[".", ","] | None
DurationUnit = Literal["seconds", "milliseconds", "minutes", "hours", "days", "mm:ss", "hh:mm:ss"]
FractionUnit = Literal["fraction", "percent"]
Unit = Literal[DurationUnit, FractionUnit, "number"]

UNITS: tuple[str, ...] = (*get_args(DurationUnit), *get_args(FractionUnit), "number")
SECONDS_IN = {"seconds": 1.0, "milliseconds": 0.001, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}
EPOCHS = {"epoch_s": "s", "epoch_ms": "ms"}
"""Formats of times that count from 1970-01-01 UTC."""


def text(cells: pd.Series) -> pd.Series:
    """Return cells as stripped text; what says nothing becomes ""."""
    return words(cells, NO_MEASURE).fillna("")


def unreadable(cells: pd.Series, read: pd.Series) -> pd.Series:
    """Return where `cells` says something that did not become a value in `read`."""
    return (text(cells) != "") & read.isna()


def number(cells: pd.Series, decimal: Decimal = None) -> pd.Series:
    """Read numbers; `decimal` None: look at the values for the decimal mark."""
    return cell_numbers.number(cells, Conventions(decimal=decimal)).values


def clock(cells: pd.Series, unit: str) -> pd.Series:
    """Read durations with colons: h:mm:ss always; of two parts m:ss or h:mm, as `unit` says. [s]"""
    places, distinct = pd.factorize(text(cells))  # durations repeat; each is read once
    parts = pd.Series(distinct, dtype="str").str.extract(
        r"^(-)?(?:(\d+)(?: days?,?)?[ .])?(\d+):(\d{1,2})(?::(\d{1,2}(?:[.,]\d+)?))?$"
    )
    days = pd.to_numeric(parts[1], errors="coerce").fillna(0.0)
    first, second = pd.to_numeric(parts[2]), pd.to_numeric(parts[3])
    third = pd.to_numeric(parts[4].str.replace(",", ".", regex=False))
    three = days * 86400 + first * 3600 + second * 60 + third
    two = first * 60 + second if unit == "mm:ss" else first * 3600 + second * 60
    fits = (second < 60) & ~(third >= 60)
    whole = three.where(parts[4].notna(), two).where(fits).astype("float64")
    signed = whole * np.where(parts[0].notna(), -1.0, 1.0)
    return pd.Series(signed.to_numpy()[places], index=cells.index, dtype="float64")


def seconds(cells: pd.Series, unit: str = "seconds", decimal: Decimal = None) -> pd.Series:
    """Read durations in `unit`; typed durations and h:mm:ss are what they are. [s]"""
    if pd.api.types.is_timedelta64_dtype(cells):
        return cells.dt.total_seconds()
    colons = clock(cells, unit)
    if ":" in unit:
        return colons
    return colons.fillna(number(cells, decimal) * SECONDS_IN[unit])


def fraction(cells: pd.Series, unit: str = "fraction", decimal: Decimal = None) -> pd.Series:
    """Read shares; a percent sign always means percent, whatever `unit` says of the bare numbers."""
    if pd.api.types.is_numeric_dtype(cells):
        return cells.astype("float64") / (100.0 if unit == "percent" else 1.0)
    shares = text(cells)
    signed = shares.str.endswith("%")
    bare = number(shares.str.removesuffix("%"), decimal)
    return bare / np.where(signed | (unit == "percent"), 100.0, 1.0)


def times(cells: pd.Series, date_format: str = "") -> pd.Series:
    """Read points in time, written as `date_format` says.

    Parameters
    ----------
    cells : text, or times already.
    date_format : as strptime writes it ("%d.%m.%Y %H:%M"), or one of EPOCHS; empty: ISO 8601.

    Returns
    -------
    times without a zone, or in UTC where the text names an offset.
    """
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells
    if date_format in EPOCHS:
        return pd.to_datetime(number(cells), unit=EPOCHS[date_format], errors="coerce", utc=True)
    written = text(cells)
    offsets = written.str.contains(r"\d:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$", regex=True)
    aware = "%z" in date_format or (not date_format and bool(offsets.any()))
    return pd.to_datetime(
        written.where(written != ""), format=date_format or "ISO8601", errors="coerce", utc=aware
    )


def joined(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Return several columns of a row as one text: a date and a time in two columns are one time."""
    parts = [_without_midnight(text(frame[name])) for name in columns]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + " " + part
    complete = np.logical_and.reduce([(part != "").to_numpy(bool) for part in parts])
    return whole.where(complete, "")


def _without_midnight(written: pd.Series) -> pd.Series:
    """Take the 00:00:00 off that a spreadsheet puts behind a day."""
    return written.str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", r"\1", regex=True)
