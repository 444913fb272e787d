"""What do the values of a column look like: times, durations, shares, codes, names?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import pandas as pd

from workbench.intake import cell_numbers, convert
from workbench.intake.cell_numbers import NO, YES
from workbench.intake.source import Conventions

Kind = Literal["empty", "timestamp", "date", "clock", "percent", "number", "flag", "code", "name"]
"""clock: colons, a duration or a time of day; code: few different words; name: nearly all different."""

SAMPLE = 2_000
"""How many filled cells are looked at."""
MOST = 0.98
"""The share of cells that must fit: a total line or a remark below an export does not decide."""
DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d",
        "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y")  # fmt: skip
CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f")
FEW = 30


@dataclass(frozen=True)
class Look:
    """What a column of an export looks like.

    Attributes
    ----------
    kind : what its filled cells are.
    filled : share of cells that say something.
    date_format : of times and days; "" where they are ISO 8601.
    other_format : a second format that fits every cell as well: day and month cannot be told apart.
    unit : of clocks: "hh:mm:ss" or "mm:ss".
    low, high : of numbers and clocks. [as written; s for clocks]
    whole : numbers without a fraction.
    distinct : the different words, if there are at most FEW.
    example : the first filled cell.
    """

    kind: Kind
    filled: float
    date_format: str = ""
    other_format: str = ""
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    distinct: tuple[str, ...] = ()
    example: str = ""


def look(cells: pd.Series) -> Look:
    """Return what `cells` look like, judged by the first SAMPLE that say something."""
    written = convert.text(cells)
    some = written[written != ""].head(SAMPLE)
    filled = float((written != "").mean()) if len(cells) else 0.0
    if some.empty:
        return Look("empty", filled)
    words = tuple(sorted(some.unique())) if some.nunique() <= FEW else ()
    seen = Look("name", filled, distinct=words, example=str(some.iloc[0]))
    if pd.api.types.is_datetime64_any_dtype(cells):
        return replace(seen, kind="timestamp")
    is_number = bool(some.str.fullmatch(r"\d+(\.\d+)?").all())
    if words and set(some.str.lower()) <= {*YES, *NO} and len(words) <= 4 and not is_number:
        return replace(seen, kind="flag")
    return _time(some, seen) or _clock(some, seen) or _number(some, seen) or _words(some, seen)


def _fits(values: pd.Series) -> bool:
    return float(values.notna().mean()) >= MOST


def _time(some: pd.Series, seen: Look) -> Look | None:
    if _fits(convert.times(some, "epoch_s")) and some.str.fullmatch(r"1[0-9]{9}(\.\d+)?").all():
        return replace(seen, kind="timestamp", date_format="epoch_s")
    if some.str.fullmatch(r"1[0-9]{12}").all():
        return replace(seen, kind="timestamp", date_format="epoch_ms")
    if some.str.match(r"\d{4}-\d{2}-\d{2}[ T]\d").mean() >= MOST and _fits(convert.times(some)):
        return replace(seen, kind="timestamp")
    if not some.str.contains(r"\d").mean() >= MOST:
        return None
    kinds: list[tuple[Kind, str]] = [("date", day) for day in DAYS]
    if some.str.contains(":", regex=False).mean() >= MOST:
        kinds = [
            ("timestamp", f"{day}{gap}{clock}") for day in DAYS for gap in (" ", "T") for clock in CLOCKS
        ]
    first = [str(cell) for cell in some.head(3)]
    likely = [(kind, form) for kind, form in kinds if any(_reads(cell, form) for cell in first)]
    fitting = [(kind, form) for kind, form in likely if _fits(convert.times(some, form))]
    if not fitting:
        return None
    read = {form: convert.times(some, form) for _, form in fitting}
    kind, form = min(fitting, key=lambda one: _span(read[one[1]]))  # of two readings the one with fewer gaps
    other = next((f for _, f in fitting if not read[f].equals(read[form])), "")
    form = "" if form == "%Y-%m-%d" else form
    return replace(seen, kind=kind, date_format=form, other_format=other)


def _reads(written: str, form: str) -> bool:
    try:
        datetime.strptime(written, form)
    except ValueError:
        return False
    return True


def _span(times: pd.Series) -> pd.Timedelta:
    return times.max() - times.min()


def _clock(some: pd.Series, seen: Look) -> Look | None:
    if some.str.contains(":", regex=False).mean() < MOST:
        return None
    three = some.str.count(":").ge(2).mean() >= MOST
    unit = "hh:mm:ss" if three else "mm:ss"
    values = convert.clock(some, unit)
    if not _fits(values):
        return None
    return replace(seen, kind="clock", unit=unit, low=float(values.min()), high=float(values.max()))


def _number(some: pd.Series, seen: Look) -> Look | None:
    signed = some.str.endswith("%").mean() >= MOST
    values = cell_numbers.number(some.str.removesuffix("%").str.strip(), Conventions()).values
    if not _fits(values):
        return None
    whole = bool((values.dropna() % 1 == 0).all())
    kind: Kind = "percent" if signed else "number"
    return replace(seen, kind=kind, low=float(values.min()), high=float(values.max()), whole=whole)


def _words(some: pd.Series, seen: Look) -> Look:
    kind: Kind = "name" if some.nunique() > max(FEW, 0.5 * len(some)) else "code"
    return replace(seen, kind=kind)
