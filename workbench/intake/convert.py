"""How does a value as a client writes it become seconds, a fraction, a number or a time?

Every function takes text and returns one value a row; NaN or NaT stands for an empty cell and for one
that cannot be read, and `unreadable` tells the two apart, so that nothing unreadable passes for empty.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

DurationUnit = Literal["seconds", "milliseconds", "minutes", "hours", "days", "mm:ss", "hh:mm:ss"]
FractionUnit = Literal["fraction", "percent"]
Unit = Literal[DurationUnit, FractionUnit, "number"]

UNITS: tuple[str, ...] = (*get_args(DurationUnit), *get_args(FractionUnit), "number")
SECONDS_IN = {"seconds": 1.0, "milliseconds": 0.001, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}
EMPTY = ("", "-", "--", "n/a", "na", "null", "none", "nan", "nat", "<na>", "#n/a")
"""What exports write, in any case, where there is nothing."""


def text(cells: pd.Series) -> pd.Series:
    """Return the cells as stripped text; empty cells and the usual words for nothing become ""."""
    words = cells.astype("object").where(cells.notna(), "").astype(str).str.strip()
    return words.where(~words.str.lower().isin(EMPTY), "")


def unreadable(cells: pd.Series, read: pd.Series) -> pd.Series:
    """Return where `cells` says something that did not become a value in `read`."""
    return (text(cells) != "") & read.isna()


def number(cells: pd.Series, decimal: str = ".", thousands: str = "") -> pd.Series:
    """Read numbers written with `decimal` as decimal mark and `thousands` between groups of three."""
    if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
        return cells.astype("float64")
    words = text(cells).str.replace(r"[\s\u00a0\u202f']", "", regex=True)
    if thousands.strip():
        words = words.str.replace(thousands, "", regex=False)
    if decimal != ".":
        words = words.where(~words.str.contains(".", regex=False), "not a number")
        words = words.str.replace(decimal, ".", regex=False)
    plain = words.where(words.str.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"), None)
    return pd.to_numeric(plain, errors="coerce").astype("float64")


def clock(cells: pd.Series, unit: str) -> pd.Series:
    """Read durations with colons: h:mm:ss always; of two parts m:ss or h:mm, as `unit` says. [s]"""
    parts = text(cells).str.extract(r"^(-)?(?:(\d+)[ .])?(\d+):(\d{1,2})(?::(\d{1,2}(?:[.,]\d+)?))?$")
    sign = np.where(parts[0].notna(), -1.0, 1.0)
    days = pd.to_numeric(parts[1], errors="coerce").fillna(0.0)
    first, second = pd.to_numeric(parts[2]), pd.to_numeric(parts[3])
    third = pd.to_numeric(parts[4].str.replace(",", ".", regex=False), errors="coerce")
    three = days * 86400 + first * 3600 + second * 60 + third
    two = first * 60 + second if unit == "mm:ss" else first * 3600 + second * 60
    fits = (second < 60) & ~(third >= 60)
    return (three.where(parts[4].notna(), two) * sign).where(fits).astype("float64")


def seconds(cells: pd.Series, unit: str = "seconds", decimal: str = ".", thousands: str = "") -> pd.Series:
    """Read durations in `unit`. [s]"""
    if pd.api.types.is_timedelta64_dtype(cells):
        return cells.dt.total_seconds()
    if ":" in unit:
        return clock(cells, unit)
    return number(cells, decimal, thousands) * SECONDS_IN[unit]


def fraction(cells: pd.Series, unit: str = "fraction", decimal: str = ".", thousands: str = "") -> pd.Series:
    """Read shares; a percent sign always means percent, whatever `unit` says of the bare numbers."""
    if pd.api.types.is_numeric_dtype(cells):
        return cells.astype("float64") / (100.0 if unit == "percent" else 1.0)
    words = text(cells)
    signed = words.str.endswith("%")
    bare = number(words.str.removesuffix("%"), decimal, thousands)
    return bare / np.where(signed | (unit == "percent"), 100.0, 1.0)


def times(cells: pd.Series, date_format: str = "") -> pd.Series:
    """Read points in time.

    Parameters
    ----------
    cells : text, or times already.
    date_format : as strptime writes it ("%d.%m.%Y %H:%M"), or "epoch_s", "epoch_ms"; empty: ISO 8601.

    Returns
    -------
    naive times where the text names no offset, UTC where every one of them does.
    """
    if pd.api.types.is_datetime64_any_dtype(cells):
        return cells
    words = text(cells)
    if date_format in ("epoch_s", "epoch_ms"):
        unit = "s" if date_format == "epoch_s" else "ms"
        return pd.to_datetime(number(words), unit=unit, errors="coerce", utc=True)
    aware = "%z" in date_format or (
        not date_format and bool(words.str.contains(r"\d:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$", regex=True).any())
    )
    return pd.to_datetime(
        words.where(words != "", None), format=date_format or "ISO8601", errors="coerce", utc=aware
    )


def joined(frame: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Return several columns of a row as one text: a date and a time in two columns are one time."""
    parts = [text(frame[name]) for name in columns]
    whole = parts[0]
    for part in parts[1:]:
        whole = (whole + " " + part).str.strip()
    complete = np.logical_and.reduce([part != "" for part in parts])
    return whole.where(complete, "")
