"""Which rows of a table break a rule that its column specs say?

Every rule here is a mask, or a list of problems, computed for the whole column at once; schema.py builds
the same rules for pandera, and the tests hold one against the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.intake.cells import Mask
from workbench.intake.spec import ColumnSpec, TableSpec


@dataclass(frozen=True)
class Breach:
    """Rows that break one rule; `messages` is one text for all of them, or one for each."""

    column: str
    rows: Mask
    messages: str | Sequence[str]
    dimension: str = "validity"
    """Of data quality: completeness, validity, uniqueness or consistency."""
    rule: str = ""
    """What is wrong with all of these rows: "talk_s is negative"."""


def empty(values: pd.Series, column: ColumnSpec) -> Breach:
    """Return the rows without a value where a row is of no use without one."""
    return Breach(
        column.name,
        values.isna().to_numpy(bool),
        "is empty, and a row is of no use without it. Fill it in",
        "completeness",
        f"{column.name} is empty",
    )


NOBODY = "is in no row of"
"""How the rule is called that a name refers to somebody."""


def beyond(values: pd.Series, column: ColumnSpec) -> list[Breach]:
    """Return the rows with a number outside of the column's bounds."""
    if values.dtype != "float64":
        return []
    found = []
    numbers = values.to_numpy()
    if column.low is not None and (rows := numbers < column.low).any():
        what = "is negative" if column.low == 0 else f"is below {column.low:g}"
        found.append(
            Breach(column.name, rows, f'"{{value}}" {what}. {_bounds(column)}', rule=f"{column.name} {what}")
        )
    if column.high is not None and (rows := numbers > column.high).any():
        what = f"is above {column.high:g}"
        found.append(
            Breach(column.name, rows, f'"{{value}}" {what}. {_bounds(column)}', rule=f"{column.name} {what}")
        )
    return found


def _bounds(column: ColumnSpec) -> str:
    if column.type == "fraction":
        return "Accepted: a share from 0 to 1, or with a percent sign. Correct it, or leave it empty"
    low = "" if column.low is None else f"{column.low:g} or more"
    high = "" if column.high is None else f"at most {column.high:g}"
    unit = f" {column.unit}" if column.unit.isalpha() and column.unit != column.type else ""
    return f"Accepted: {' and '.join(filter(None, (low, high)))}{unit}. Correct it, or leave it empty"


def squeezed(code: str) -> str:
    """Return a code without what people write differently: case, spaces, dashes, underscores."""
    return re.sub(r"[\s_\-]+", "", code).casefold()


def codes(values: pd.Series, column: ColumnSpec) -> tuple[pd.Series, list[Breach]]:
    """Return the codes as the spec spells them, and the rows with a code that it does not allow."""
    if not column.allowed:
        return values, []
    spelled = {squeezed(code): code for code in column.allowed}
    seen = {code: spelled.get(squeezed(code)) for code in values.dropna().unique()}
    unknown = [code for code, known in seen.items() if known is None]
    renamed = {code: known for code, known in seen.items() if known is not None and known != code}
    rows = values.isin(unknown).to_numpy(bool) if unknown else np.zeros(len(values), dtype=bool)
    if renamed:
        values = values.replace(renamed)
    if not unknown:
        return values, []
    accepted = ", ".join(column.allowed)
    message = f'"{{value}}" is not one of {accepted}. Write one of these, or say in mapping.yaml which it is'
    return values.mask(rows), [Breach(column.name, rows, message, rule=f"{column.name} is no accepted code")]


def out_of_order(late: pd.Series, early: pd.Series, column: ColumnSpec, came: pd.DataFrame) -> Breach:
    """Return the rows in which a time precedes the one it must follow.

    Parameters
    ----------
    late, early : both times, read.
    column : that of the later one; its `not_before` names the earlier.
    came : the table as it came, for the message.
    """
    rows = (late < early).to_numpy(bool)
    both = (came.loc[rows, name].to_numpy("object") for name in (column.name, column.not_before))
    pairs = zip(*both, strict=True)
    return Breach(
        column.name,
        rows,
        [f'"{one}" is before {column.not_before} "{other}". Correct one of them' for one, other in pairs],
        "consistency",
        f"{column.name} is before {column.not_before}",
    )


def duplicates(frame: pd.DataFrame, spec: TableSpec) -> Breach | None:
    """Return the rows that name the same thing as another row.

    Of rows that are the same in every column one stays. Of rows with the same key and different values
    the earliest stays (by the table's first time, then by the fullest, then by its values), so that the
    order of rows in the file does not matter.
    """
    key = list(spec.key)
    if not key:
        return None
    shared = frame.duplicated(key, keep=False).to_numpy(bool)
    if not shared.any():
        return None
    rows = frame[shared].reset_index(names="row")
    first_time = [c.name for c in spec.columns if c.type in ("timestamp", "date")][:1]
    rows["_empty"] = rows[list(frame.columns)].isna().sum(axis=1)
    rows["_hash"] = pd.util.hash_pandas_object(rows[list(frame.columns)], index=False)
    rows = rows.sort_values([*first_time, "_empty", "_hash", "row"], kind="stable", ignore_index=True)
    groups = rows.groupby(key, dropna=False, sort=False)
    kept = groups["row"].transform("first")
    same = rows["_hash"] == groups["_hash"].transform("first")
    lost = rows["row"] != kept
    messages = np.where(
        same,
        "repeats row " + kept.astype(str) + " in every column. Nothing is lost; export it once",
        "stands in row " + kept.astype(str) + " with other values; that row is used. Say which is right",
    )
    lost_rows = rows.loc[lost, "row"].to_numpy()
    mask = frame.index.isin(lost_rows)
    by_row = dict(zip(lost_rows, messages[lost.to_numpy()], strict=True))
    return Breach(
        ", ".join(key),
        np.asarray(mask),
        [f'"{{value}}" {by_row[row]}' for row in frame.index[mask]],
        "uniqueness",
        f"the same {' and '.join(key)} {'stands' if len(key) == 1 else 'stand'} in an earlier row",
    )


def overlaps(frame: pd.DataFrame, spec: TableSpec) -> Breach | None:
    """Return the rows that begin before an earlier one of the same owner has ended."""
    if not spec.no_overlap_by:
        return None
    owner = list(spec.no_overlap_by)
    order = [*owner, "start", "end", *(name for name in spec.key if name not in (*owner, "start"))]
    rows = frame[["start", "end", *dict.fromkeys([*owner, *spec.key])]]
    rows = rows.loc[:, ~rows.columns.duplicated()].dropna(subset=["start", "end"])
    rows = rows.sort_values(order, kind="stable")
    owners = rows.groupby(owner, dropna=False, sort=False).ngroup().to_numpy()
    start, end = (rows[name].to_numpy("datetime64[us]").astype("int64") for name in ("start", "end"))
    same = owners[1:] == owners[:-1]
    touched = np.unique(owners[1:][same & (start[1:] < end[:-1])])
    if not len(touched):
        return None
    names = rows.index.to_numpy()
    behind: dict[int, int] = {}
    holder, until, last = -1, 0, 0
    for at in np.flatnonzero(np.isin(owners, touched)):
        if owners[at] == holder and start[at] < until:
            behind[int(names[at])] = last
            continue
        holder, until, last = int(owners[at]), int(end[at]), int(names[at])
    mask = np.asarray(frame.index.isin(list(behind)))
    return Breach(
        "start",
        mask,
        [
            f'"{{value}}" is before row {behind[row]} of the same {" and ".join(owner)} has ended; that row '
            "is used. Correct one of them"
            for row in frame.index[mask]
        ],
        "consistency",
        f"begins before an earlier row of the same {' and '.join(owner)} has ended",
    )


def dangling(values: pd.Series, known: pd.Index) -> list[str]:
    """Return the names that are in no row of the other table, in the order of their first row."""
    names = pd.Index(values.dropna().unique(), dtype="object")
    return [] if names.empty else [str(name) for name in names[~names.isin(known.astype("object"))]]


def strays(days: pd.Series, longest_gap: int) -> Mask:
    """Return the rows whose day is more than `longest_gap` days from the bulk of all rows.

    The bulk is the run of days without such a gap that holds most rows.
    """
    counts = days.value_counts().sort_index()
    if len(counts) < 2:
        return np.zeros(len(days), dtype=bool)
    run = (counts.index.to_series().diff() > pd.Timedelta(days=longest_gap)).cumsum().to_numpy()
    bulk = counts.groupby(run).sum().idxmax()
    inside = counts.index[run == bulk]
    return np.asarray(days.notna() & ((days < inside[0]) | (days > inside[-1])), dtype=bool)


def header(name: object) -> str:
    """Return the header as a table would spell it: "Contact ID " is contact_id."""
    return re.sub(r"[\s\-]+", "_", str(name).strip()).casefold()


def renamed(columns: Sequence[object], spec: TableSpec) -> Mapping[object, str]:
    """Return the table's own name for every header that means one of its columns."""
    own = {column.name.casefold(): column.name for column in spec.columns}
    return {name: own[header(name)] for name in columns if header(name) in own}
