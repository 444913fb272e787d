"""What do the cells of a column say, once they are read, and which of them say nothing?

A column comes as text or typed; it leaves with one dtype for its type (`DTYPES`). What cannot be read
is told apart from what is empty, and what could be read in two ways is said, never guessed in silence.
cell_numbers.py and cell_times.py read; here is what they have in common.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api import types as pandas_types

from workbench.intake.spec import ColumnType

Mask = npt.NDArray[np.bool_]

DTYPES: dict[ColumnType, str] = {
    "id": "str", "text": "str", "category": "str",
    "timestamp": "datetime64[us, UTC]", "date": "datetime64[us]",
    "seconds": "float64", "number": "float64", "count": "float64", "fraction": "float64", "money": "float64",
    "flag": "boolean",
}  # fmt: skip

ACCEPTED: dict[ColumnType, str] = {
    "id": "", "text": "", "category": "",
    "timestamp": "is not a time. Write it as 2024-06-01 09:30, or leave it empty",
    "date": "is not a day. Write it as 2024-06-01, or leave it empty",
    "seconds": "is not a duration. Write seconds (95) or h:mm:ss (0:01:35), or leave it empty",
    "number": "is not a number. Write digits, or leave it empty",
    "count": "is not a whole number. Write digits, or leave it empty",
    "fraction": "is not a share. Write it as 0.85 or 85 %, or leave it empty",
    "money": "is not an amount. Write digits and put the currency into its own column, or leave it empty",
    "flag": "is neither yes nor no. Write yes or no, or leave it empty if it is not known",
}  # fmt: skip

NOTHING = ("", "null", "nan", "nat", "<na>", "#n/a", "#n/v")
"""What exports write, in any case, where there is nothing."""
NO_MEASURE = (*NOTHING, "-", "--", "–", "n/a", "na", "n.a.", "none", "unknown")  # fmt: skip
"""Further words for nothing where a number, a time or yes and no is expected; as a name NA may be meant."""


@dataclass(frozen=True)
class Note:
    """Something about a column that is used all the same; `rows` None: about the column as a whole."""

    message: str
    rows: Mask | None = None


@dataclass(frozen=True)
class Cells:
    """One column, read. `unreadable` marks cells that say something nobody can read as this type."""

    values: pd.Series
    unreadable: Mask
    notes: tuple[Note, ...] = ()
    undecided: Mask | None = None
    """Unreadable days that make sense with the day or the month first."""
    repeated_hour: Mask | None = None
    """Naive times in the hour that the clocks go through twice; read as its first passing."""
    after_repeat: pd.Series | None = field(default=None, repr=False)
    """The same times as the second passing."""


def in_any_case(forms: tuple[str, ...]) -> list[str]:
    """Return words as exports write them: small, capital, with a capital first, NaN."""
    cases = (case for form in forms for case in (form, form.upper(), form.title()))
    return list(dict.fromkeys((*cases, "NaN", "NaT")))


def words(cells: pd.Series, nothing: tuple[str, ...] = NOTHING) -> pd.Series:
    """Return cells as stripped text of dtype "str", NaN where they say nothing."""
    if pandas_types.is_float_dtype(cells.dtype):
        numbers = cells.to_numpy("float64", na_value=np.nan)
        whole = numbers[~np.isnan(numbers)]
        if (
            len(whole)
            and np.isfinite(whole).all()
            and (np.abs(whole) < 2**53).all()
            and (whole % 1 == 0).all()
        ):
            cells = cells.astype("Int64")  # an id that a spreadsheet turned into 118.0
    text = cells if cells.dtype == "str" else cells.astype("str")
    if _has_margins(text):  # else the text is shared with what came, not copied
        text = text.str.strip()
    says_nothing = text.isin(in_any_case(nothing)).to_numpy(bool)
    return text.mask(says_nothing) if says_nothing.any() else text


def _has_margins(text: pd.Series) -> bool:
    """Say whether any text begins or ends with a blank."""
    import pyarrow as pa
    from pyarrow import compute

    whole = pa.array(text, from_pandas=True)
    trimmed = compute.utf8_trim_whitespace(whole)
    before, after = (compute.sum(compute.binary_length(side)).as_py() for side in (whole, trimmed))
    return bool(before != after)


def plain(cells: pd.Series) -> pd.Series:
    """Turn mixed objects (a spreadsheet's) into numbers, booleans or text."""
    inferred = cells.infer_objects()
    if inferred.dtype != object:
        return inferred
    return cells.map(as_text, na_action="ignore").astype("str")


def as_text(value: object) -> str:
    """Return a single cell as somebody would type it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def none(cells: pd.Series) -> Mask:
    """Return a mask that marks none of the cells."""
    return np.zeros(len(cells), dtype=bool)
