"""Which number, duration, share, or yes or no does a cell say?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api import types as pandas_types

from workbench.intake.cells import NO_MEASURE, Cells, Note, none, words
from workbench.intake.source import Conventions

YES = ("yes", "y", "true", "t", "1", "1.0", "ja", "j", "oui", "si", "sí", "sim", "tak", "wahr", "x")
NO = ("no", "n", "false", "f", "0", "0.0", "nein", "non", "não", "nao", "nie", "falsch", "faux")


def _is_number(cells: pd.Series) -> bool:
    return pandas_types.is_numeric_dtype(cells.dtype) and not pandas_types.is_bool_dtype(cells.dtype)


def number(cells: pd.Series, how: Conventions) -> Cells:
    """Read numbers: 1234.5, 1,234.5, 1.234,5 or 1 234,5."""
    if _is_number(cells):
        values = pd.Series(cells.to_numpy("float64", na_value=np.nan), index=cells.index)
        infinite = np.isinf(values.to_numpy())
        return Cells(values.mask(infinite) if infinite.any() else values, infinite)
    if not isinstance(cells.dtype, pd.StringDtype):
        cells = cells.astype("str")
    text = words(cells, NO_MEASURE)
    values, notes = _numbers_in(text, how.decimal)
    return Cells(values, (text.notna() & values.isna()).to_numpy(bool), notes)


_SPACES = r"[\s\u00a0\u202f'’]"
_BY_COMMA = r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d*)?"
_BY_POINT = r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?"


def _numbers_in(text: pd.Series, decimal: str | None) -> tuple[pd.Series, tuple[Note, ...]]:
    """Read numbers; without a stated decimal mark each column says by its sure cells how it is written."""
    values = pd.to_numeric(text, errors="coerce").astype("float64").replace([np.inf, -np.inf], np.nan)
    odd = text.notna() & (values.isna() | (decimal == ","))
    if not odd.any():
        return values, ()
    rest = text[odd].str.replace(_SPACES, "", regex=True)
    by_comma, by_point = rest.str.fullmatch(_BY_COMMA), rest.str.fullmatch(_BY_POINT)
    if decimal == ",":
        values = values.mask(odd)
        values.loc[rest.index[by_comma]] = _plain_number(rest[by_comma], ",")
        return values, ()
    unsure = by_comma & by_point & rest.str.contains(",", regex=False)
    if decimal is None and (by_comma & ~by_point).any():
        plain = text[~odd]
        points = plain.str.contains(".", regex=False) & ~plain.str.fullmatch(_BY_COMMA)
        if not (points.any() or (by_point & ~by_comma).any()):
            return _numbers_in(text, ",")
        by_comma, by_point = by_comma & ~by_point, by_point & ~by_comma
    else:
        by_comma &= ~by_point & (decimal is None)
    values.loc[rest.index[by_comma]] = _plain_number(rest[by_comma], ",")
    values.loc[rest.index[by_point]] = _plain_number(rest[by_point], ".")
    thousands = (unsure & by_point).reindex(text.index, fill_value=False).to_numpy(bool)
    if decimal is None and thousands.any():
        return values, (Note('"{value}" was read with the comma between thousands', thousands),)
    return values, ()


def _plain_number(text: pd.Series, decimal: str) -> pd.Series:
    other = "." if decimal == "," else ","
    plain = text.str.replace(other, "", regex=False).str.replace(",", ".", regex=False)
    return pd.to_numeric(plain, errors="coerce").astype("float64")


def count(cells: pd.Series, how: Conventions) -> Cells:
    """Read whole numbers."""
    read = number(cells, how)
    broken = (read.values % 1 != 0).to_numpy() & read.values.notna().to_numpy()
    if broken.any():
        return Cells(read.values.mask(broken), read.unreadable | broken, read.notes)
    return read


def fraction(cells: pd.Series, how: Conventions) -> Cells:
    """Read shares: 0.85, or 85 %."""
    if not _is_number(cells) and isinstance(cells.dtype, pd.StringDtype):
        text = words(cells, NO_MEASURE)
        signed = text.str.endswith("%").fillna(False).to_numpy(bool)
        if signed.any():
            read = number(text.str.removesuffix("%"), how)
            values = read.values.where(~signed, read.values / 100)
            return Cells(values, read.unreadable | (values.isna() & text.notna()).to_numpy(bool), read.notes)
    return number(cells, how)


def seconds(cells: pd.Series, how: Conventions) -> Cells:
    """Read durations: seconds, or h:mm:ss. [s]"""
    if pandas_types.is_timedelta64_dtype(cells.dtype):
        return Cells(cells.dt.total_seconds().astype("float64"), none(cells))
    read = number(cells, how)
    if not read.unreadable.any() or _is_number(cells):
        return read
    text = words(cells.astype("str"), NO_MEASURE)
    text = text[text.str.contains(":", regex=False).fillna(False) & read.unreadable]
    text = text.str.replace(r"^(-?)(\d+) days?,? ", r"\1\2d", regex=True)
    parts = text.str.extract(r"^(-)?(?:(\d+)d)?\+?(\d+):([0-5]\d):([0-5]\d(?:[.,]\d+)?)$")
    numbers = (
        parts[[1, 2, 3, 4]].astype("object").apply(lambda part: pd.to_numeric(part.str.replace(",", ".")))
    )
    clock = numbers[1].fillna(0) * 86400 + numbers[2] * 3600 + numbers[3] * 60 + numbers[4]
    values = read.values.copy()
    values.loc[clock.index] = clock.astype("float64") * np.where(parts[0].isna(), 1.0, -1.0)
    return Cells(values, read.unreadable & values.isna().to_numpy(), read.notes)


def flag(cells: pd.Series, _how: Conventions) -> Cells:
    """Read yes and no, in the languages that exports come in; empty is unknown."""
    if pandas_types.is_bool_dtype(cells.dtype):
        return Cells(cells.astype("boolean"), none(cells))
    if _is_number(cells):
        numbers = cells.to_numpy("float64", na_value=np.nan)
        known = np.isin(numbers, (0.0, 1.0))
        return Cells(
            pd.Series(pd.arrays.BooleanArray(numbers == 1.0, ~known), index=cells.index),
            ~known & ~np.isnan(numbers),
        )
    text = words(cells.astype("str"), NO_MEASURE)
    low = text.str.lower()
    yes, no = low.isin(YES).to_numpy(bool), low.isin(NO).to_numpy(bool)
    known = yes | no
    return Cells(
        pd.Series(pd.arrays.BooleanArray(yes, ~known), index=cells.index),
        text.notna().to_numpy(bool) & ~known,
    )
