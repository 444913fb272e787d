"""How good are the data of each table: complete, valid, unique, consistent, in time, accurate?

What is counted follows from the column specs (tables/*.csv): a cell that must be filled, a value that
its column accepts, a key that names one row, times in their order and names that another table knows, a
record that came in time. Whether a record is true shows only beside its source: accuracy comes from the
table accuracy_sample alone. What nothing can be held against is not measured, which is not the same as good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.diagnostics.finding import Scale
from workbench.intake.dataset import Dataset
from workbench.intake.spec import ColumnSpec, TableSpec, table_specs
from workbench.metrics.columns import among
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


@dataclass(frozen=True)
class Counted:
    """How many cells or rows were looked at in one dimension of a table, and how many are wrong, by column."""

    n: int
    bad: int
    columns: dict[str, tuple[int, int]]
    """Wrong and looked at, of each column in which something is wrong."""
    reason: str = ""
    """Why nothing was measured."""


def quality_by_dimension(dataset: Dataset) -> pd.DataFrame:
    """Return the quality of each table that came, by dimension.

    Returns
    -------
    DataFrame with table, dimension, n (cells, rows or records looked at), bad, share (good of n; NaN if not
        measured), low and high (Wilson, of what was sampled; NaN of what was counted whole), of (what n
        counts), columns (a tuple of column, wrong, looked at; the worst first), reason (why it is not measured).
    """
    rows = []
    for name, spec in table_specs().items():
        read = dataset.provenance.rows_read.get(name, 0)
        if not read:
            continue
        for dimension, counted in _table(dataset, spec, read).items():
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
    columns = ["table", "dimension", "n", "bad", "share", "low", "high", "of", "columns", "reason"]
    return pd.DataFrame(rows, columns=columns)


def _table(dataset: Dataset, spec: TableSpec, read: int) -> dict[str, Counted]:
    frame = dataset.tables.get(spec.name)
    mine = _by_table(dataset.problems).get(spec.name, dataset.problems.iloc[:0])
    return {
        "completeness": _complete(frame, spec, mine, read),
        "validity": _valid(mine, read),
        "uniqueness": _unique(spec, mine, read),
        "consistency": _consistent(dataset, frame, spec, mine, read),
        "timeliness": _in_time(frame, spec),
        "accuracy": _accurate(dataset.tables.get(SAMPLE), spec.name),
    }


@once_per_table
def _by_table(problems: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the problems of single rows, by table."""
    return {str(name): mine for name, mine in problems[problems["row"].notna()].groupby("table")}


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
    empty = Counter(_only(problems, ["completeness"])["column"])
    n, bad, columns = 0, 0, {}
    for column in spec.columns:
        if column.required and not column.default:
            looked, wrong = read, empty[column.name]
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
    empty = frame[column.name].isna().to_numpy()
    if empty.all():
        return 0, 0
    if column.filled == "always":
        return len(frame), int(empty.sum())
    due = frame[column.filled].notna().to_numpy()
    return int(due.sum()), int((due & empty).sum())


def _valid(problems: pd.DataFrame, read: int) -> Counted:
    wrong = _only(problems, ["validity", ""], "set aside")
    return Counted(read, _rows(wrong), _by_column(wrong, read))


def _unique(spec: TableSpec, problems: pd.DataFrame, read: int) -> Counted:
    if not spec.key:
        return Counted(0, 0, {}, "no column names a row")
    wrong = _only(problems, ["uniqueness"])
    return Counted(read, _rows(wrong), _by_column(wrong, read))


def _consistent(
    dataset: Dataset, frame: pd.DataFrame | None, spec: TableSpec, problems: pd.DataFrame, read: int
) -> Counted:
    """Count the rows that contradict themselves, another row, or a table that they refer to."""
    held = bool(spec.no_overlap_by) or any(column.not_before for column in spec.columns)
    aside = _only(problems, ["consistency"], "set aside")
    columns = _by_column(aside, read)
    bad = _rows(aside)
    if frame is not None:
        held |= bool(list(_references(dataset, spec)))
        for column, lost in dangling(dataset, spec.name).items():
            columns[column] = (columns.get(column, (0, 0))[0] + int(lost.sum()), read)
        bad += int(dangling_rows(dataset, spec.name).sum())
    return Counted(read if held else 0, min(bad, read), columns, "nothing to hold it against")


def _references(dataset: Dataset, spec: TableSpec) -> Iterator[tuple[ColumnSpec, pd.Series]]:
    for column in spec.columns:
        table, _, target = column.references.partition(".")
        others = dataset.tables.get(table)
        if table and others is not None:
            yield column, others[target]


@once_per_table
def dangling(dataset: Dataset, name: str) -> dict[str, np.ndarray]:
    """Return, for each column of a table that refers to another, the rows that refer to nobody, where any does."""
    frame = dataset.tables.get(name)
    if frame is None:
        return {}
    found = {}
    for column, known in _references(dataset, table_specs()[name]):
        lost = frame[column.name].notna().to_numpy() & ~among(frame[column.name], known)
        if lost.any():
            found[column.name] = lost
    return found


def dangling_rows(dataset: Dataset, name: str) -> np.ndarray:
    """Return the rows of a table that refer to nobody in any column."""
    frame = dataset.tables.get(name)
    lost = np.zeros(0 if frame is None else len(frame), bool)
    for rows in dangling(dataset, name).values():
        lost |= rows
    return lost


def _in_time(frame: pd.DataFrame | None, spec: TableSpec) -> Counted:
    n, bad, columns = 0, 0, {}
    for column in spec.columns:
        if not column.in_time or frame is None:
            continue
        late, due = frame[column.name], frame[column.in_time]
        both = (late.notna() & due.notna()).to_numpy()
        wrong = int(((late - due).dt.total_seconds() > column.in_time_s).to_numpy()[both].sum())
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


def _plain(texts: pd.Series) -> np.ndarray:
    words = texts.fillna("").astype("str").str.split().str.join(" ").str.casefold()
    numbers = pd.to_numeric(words, errors="coerce")
    return np.where(numbers.notna(), numbers.astype("str"), words.to_numpy("object"))
