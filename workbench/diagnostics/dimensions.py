"""How good are the data of each table: complete, valid, unique, consistent, in time, accurate?

What is counted follows from the column specs (tables/*.csv): a cell that must be filled, a value that
its column accepts, a key that names one row, times in their order, figures that fit together and names
that another table knows, a record that came in time. Whether a record is true shows only beside its source:
accuracy comes from the table accuracy_sample alone. What nothing can be held against is not measured, which
is not the same as good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.diagnostics.finding import Scale
from workbench.intake import rules
from workbench.intake.contradictions import within
from workbench.intake.dataset import Dataset
from workbench.intake.days import AHEAD
from workbench.intake.delivered import why_not_there
from workbench.intake.spec import ColumnSpec, TableSpec, table_specs
from workbench.metrics.columns import FEW, among, coded, filled, places, seconds_between, times
from workbench.metrics.proportion import wilson
from workbench.once import once_per_table

SOURCE = "METHOD VL-3; the numbers are ours"
DIMENSIONS = {
    "completeness": Scale(zero=0.80, hundred=1.0, target=0.98, source=SOURCE),
    "validity": Scale(zero=0.90, hundred=1.0, target=0.99, source=SOURCE),
    "uniqueness": Scale(zero=0.90, hundred=1.0, target=0.99, source=SOURCE),
    "consistency": Scale(zero=0.70, hundred=1.0, target=0.97, source=SOURCE),
    "timeliness": Scale(zero=0.50, hundred=1.0, target=0.90, source=SOURCE),
    "accuracy": Scale(zero=0.80, hundred=1.0, target=0.97, source=SOURCE),
}
"""The six dimensions, and which share of good cells or rows earns what."""

OF = {
    "completeness": "cell", "validity": "row", "uniqueness": "row", "consistency": "row", "timeliness": "row",
    "accuracy": "sampled record",
}  # fmt: skip
"""What each dimension counts."""

SAMPLE = "accuracy_sample"

Lost: TypeAlias = Mapping[str, Mapping[str, NDArray[np.bool_]]]
"""By table and column, the rows that refer to nobody."""


Row: TypeAlias = dict[Hashable, Any]
"""What is known of one table in one dimension."""


@dataclass(frozen=True)
class Counted:
    """How many cells or rows were looked at in one dimension of a table, and how many are wrong, by column."""

    n: int
    bad: int
    columns: dict[str, tuple[int, int]]
    """Wrong and looked at, of each column in which something is wrong."""
    reason: str = ""
    """Why nothing was measured."""


def quality_by_dimension(dataset: Dataset, lost: Lost | None = None) -> pd.DataFrame:
    """Return the quality of each table that came, by dimension, as `rows_by_dimension`."""
    return as_frame(rows_by_dimension(dataset, lost))


def as_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Return what `rows_by_dimension` found as a table."""
    columns = ["table", "dimension", "n", "bad", "share", "low", "high", "of", "columns", "reason"]
    return pd.DataFrame(rows, columns=columns)


def rows_by_dimension(dataset: Dataset, lost: Lost | None = None) -> list[Row]:
    """Return the quality of each table that came, one row for each dimension.

    Parameters
    ----------
    lost : the rows that refer to nobody, if that is known already.

    Returns
    -------
    Rows with table, dimension, n (cells, rows or records looked at), bad, share (good of n; NaN if not
        measured), low and high (Wilson, of what was sampled; NaN of what was counted whole), of (what n
        counts), columns (a tuple of column, wrong, looked at; the worst first), reason (why it is not measured).
    """
    rows: list[Row] = []
    for name, spec in table_specs().items():
        read = dataset.provenance.rows_read.get(name, 0)
        if not read:
            continue
        nobody = dangling(dataset, name) if lost is None else lost.get(name, {})
        for dimension, counted in _table(dataset, spec, read, nobody).items():
            good = counted.n - counted.bad
            sampled = dimension == "accuracy" and counted.n > 0
            low, high = wilson(good, counted.n) if sampled else (np.nan, np.nan)
            worst = sorted(counted.columns.items(), key=lambda c: (-c[1][0] / max(c[1][1], 1), c[0]))
            rows.append(
                {
                    "table": name,
                    "dimension": dimension,
                    "n": counted.n,
                    "bad": counted.bad,
                    "share": good / counted.n if counted.n else np.nan,
                    "low": low,
                    "high": high,
                    "of": OF[dimension],
                    "columns": tuple((column, bad, n) for column, (bad, n) in worst),
                    "reason": "" if counted.n else counted.reason,
                }
            )
    return rows


NO_TABLE = ""
"""Where `_by_table` keeps what is said of tables without a problem: no rows."""


def _table(
    dataset: Dataset, spec: TableSpec, read: int, nobody: Mapping[str, NDArray[np.bool_]]
) -> dict[str, Counted]:
    frame = dataset.tables.get(spec.name)
    by_table = _by_table(dataset.problems)
    mine = by_table.get(spec.name, by_table[NO_TABLE])
    if frame is None and not len(mine):
        unread = Counted(0, 0, {}, "no row of it could be read")
        if AHEAD in (why := why_not_there(dataset, spec.name)):
            return dict.fromkeys(DIMENSIONS, replace(unread, reason=why))
        return {**dict.fromkeys(DIMENSIONS, unread), "completeness": _complete(frame, spec, mine, read)}
    return {
        "completeness": _complete(frame, spec, mine, read),
        "validity": _valid(mine, read),
        "uniqueness": _unique(spec, mine, read),
        "consistency": _consistent(dataset, spec, mine, read, nobody),
        "timeliness": _in_time(frame, spec),
        "accuracy": _accurate(dataset.tables.get(SAMPLE), spec.name),
    }


@once_per_table
def _by_table(problems: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the problems of single rows, by table."""
    mine = problems[problems["row"].notna()]
    return {NO_TABLE: mine.iloc[:0], **{str(name): rows for name, rows in mine.groupby("table")}}


def _only(problems: pd.DataFrame, dimensions: Collection[str], severity: str = "") -> pd.DataFrame:
    """Return the problems of these dimensions, and of one severity if named."""
    if problems.empty:  # as with most tables
        return problems
    mine = problems["dimension"].isin(list(dimensions))
    return problems[mine & (problems["severity"] == severity) if severity else mine]


def _rows(problems: pd.DataFrame) -> int:
    return len(problems.drop_duplicates(["file", "row"])) if len(problems) else 0


def _by_column(problems: pd.DataFrame, read: int) -> dict[str, tuple[int, int]]:
    """Return the rows that are wrong by column; a rule over several columns counts for each of them."""
    found: dict[str, tuple[int, int]] = {}
    if problems.empty:
        return found
    for columns, rows in problems.groupby("column", sort=True):
        for column in filter(None, str(columns).split(", ")):
            found[column] = (found.get(column, (0, 0))[0] + _rows(rows), read)
    return found


def _complete(frame: pd.DataFrame | None, spec: TableSpec, problems: pd.DataFrame, read: int) -> Counted:
    """Count the cells that must be filled: those without which no row can be used, and those marked `filled`."""
    said = _only(problems, ["completeness"])
    empty = Counter(said["column"] if len(said) else ())
    n, bad, columns = 0, 0, {}
    for column in spec.columns:
        if column.required and not column.default:
            # of a table without a usable row nobody knows which cells are good
            looked, wrong = read, read if frame is None else empty[column.name]
        else:
            looked, wrong = _must_fill(frame, column)
        n, bad = n + looked, bad + wrong
        if wrong:
            columns[column.name] = (wrong, looked)
    return Counted(n, bad, columns)


def _must_fill(frame: pd.DataFrame | None, column: ColumnSpec) -> tuple[int, int]:
    """Return how many cells of an optional column must be filled, and how many of them are not.

    A column without a single value was not handed over: that is unknown, not incomplete.
    """
    if frame is None or not column.filled:
        return 0, 0
    there = filled(frame, column.name)
    if not there.any():
        return 0, 0
    if column.filled == "always":
        return len(frame), int((~there).sum())
    due = filled(frame, column.filled)
    return int(due.sum()), int((due & ~there).sum())


def _valid(problems: pd.DataFrame, read: int) -> Counted:
    wrong = _only(problems, ["validity", ""], "set aside")
    return Counted(read, _rows(wrong), _by_column(wrong, read))


def _unique(spec: TableSpec, problems: pd.DataFrame, read: int) -> Counted:
    if not spec.key:
        return Counted(0, 0, {}, "no column names a row")
    wrong = _only(problems, ["uniqueness"])
    return Counted(read, _rows(wrong), _by_column(wrong, read))


def _consistent(
    dataset: Dataset,
    spec: TableSpec,
    problems: pd.DataFrame,
    read: int,
    nobody: Mapping[str, NDArray[np.bool_]],
) -> Counted:
    """Count the rows that contradict themselves, another row, or a table that they refer to."""
    held = bool(spec.no_overlap_by or within(spec.name)) or any(column.not_before for column in spec.columns)
    held |= spec.name in dataset.tables and any(True for _ in _references(dataset, spec))
    broken = _only(problems, ["consistency"])
    broken = broken[~of_nobody(broken)] if len(broken) else broken
    columns = _by_column(broken, read)
    for column, lost in nobody.items():
        columns[column] = (columns.get(column, (0, 0))[0] + int(lost.sum()), read)
    bad = min(_rows(broken) + in_any(nobody), read)
    return Counted(read if held else 0, bad, columns, "nothing to hold it against")


def of_nobody(problems: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which problems say that a name refers to nobody: one for each name, so that they count no rows."""
    codes, said = coded(problems, "rule")
    fits = np.array([*(rules.NOBODY in str(rule) for rule in said), False], bool)
    return np.asarray(fits[codes])


def _references(dataset: Dataset, spec: TableSpec) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Yield each column that names rows of another table that came, that table, and its column."""
    for column in spec.columns:
        table, _, target = column.references.partition(".")
        others = dataset.tables.get(table)
        if table and others is not None:
            yield column.name, others, target


@once_per_table
def dangling(dataset: Dataset, name: str) -> dict[str, NDArray[np.bool_]]:
    """Return, for each column of a table that refers to another, the rows that refer to nobody, where any does."""
    frame = dataset.tables.get(name)
    if frame is None:
        return {}
    found = {}
    for column, others, target in _references(dataset, table_specs()[name]):
        lost = filled(frame, column)
        if lost.any() and len(others) > FEW:  # so many names are not worth a list of them
            lost = lost & ~among(frame[column], others[target])
        elif lost.any():
            codes, said = coded(frame, column)
            lost = np.append(places(coded(others, target)[1], said) < 0, False)[codes]
        if lost.any():
            found[column] = lost
    return found


def in_any(lost: Mapping[str, NDArray[np.bool_]]) -> int:
    """Return how many rows refer to nobody in at least one column."""
    return int(np.logical_or.reduce(list(lost.values())).sum()) if lost else 0


def _in_time(frame: pd.DataFrame | None, spec: TableSpec) -> Counted:
    n, bad, columns = 0, 0, {}
    for column in spec.columns:
        if not column.in_time or frame is None:
            continue
        late_s = seconds_between(times(frame, column.in_time), times(frame, column.name))
        both = ~np.isnan(late_s)
        wrong = int((late_s[both] > column.in_time_s).sum())
        n, bad = n + int(both.sum()), bad + wrong
        if wrong:
            columns[column.name] = (wrong, int(both.sum()))
    return Counted(n, bad, columns, "nothing says when a record came")


def _accurate(sample: pd.DataFrame | None, name: str) -> Counted:
    reason = "no record was held against its source (accuracy_sample)"
    if sample is None:
        return Counted(0, 0, {}, reason)
    agrees = agreement_with_source(sample)
    mine = agrees.notna() & (sample["table"].astype("str").str.casefold() == name)
    right = agrees[mine].astype(bool)
    columns = {}
    for column, rows in right.groupby(sample.loc[mine, "column"].astype("str")):
        if not rows.all():
            columns[str(column)] = (int((~rows).sum()), len(rows))
    return Counted(int(mine.sum()), int((~right).sum()), columns, reason)


@once_per_table
def agreement_with_source(sample: pd.DataFrame) -> pd.Series:
    """Return whether each sampled record says what its source says; NA where neither flag nor texts say so.

    Where `agrees` is empty both texts are compared, numbers by their value, words without case and spaces.
    """
    plain = [_plain(sample[column]) for column in ("recorded", "in_source")]
    same = pd.Series(plain[0] == plain[1], index=sample.index, dtype="boolean")
    same[sample["recorded"].isna().to_numpy() & sample["in_source"].isna().to_numpy()] = pd.NA
    return sample["agrees"].astype("boolean").fillna(same)


def _plain(texts: pd.Series) -> NDArray[np.object_]:
    words = texts.fillna("").astype("str").str.split().str.join(" ").str.casefold()
    numbers = pd.to_numeric(words, errors="coerce")
    return np.asarray(words.mask(numbers.notna(), numbers.astype("str")), object)
