"""What is a source, and what does it hand over?

A source turns one path (a client folder, or a single log file) into tables with canonical names whose
values are still as they came. Judging the values is the work of validate.py; a source only says what
nobody but it can see: a file that cannot be opened, a row that repeats an older delivery.

To add one, put a file into workbench/intake/sources/ that declares an instance::

    class NightlyLog:
        name = "nightly_log"
        title = "The nightly log of our own ACD"

        def accepts(self, path: Path) -> bool:
            return path.is_file() and first_line(path).startswith("night;queue;")

        def read(self, path: Path) -> Raw: ...

    SOURCE = NightlyLog()
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from workbench.catalogue import Catalogue
from workbench.errors import CallError, DataError, SourceConflict
from workbench.intake.client import Client
from workbench.intake.dataset import PROBLEM_COLUMNS, Part, Severity


@dataclass(frozen=True)
class Conventions:
    """How one table writes what can be written in several ways; None: look at the values."""

    time_zone: str | None = None
    """The zone of times without an offset; None: the client's."""
    decimal: Literal[".", ","] | None = None
    day_first: bool | None = None
    """Whether 03/04/2024 is 3 April. None: look; where values cannot tell, the row is set aside."""


@dataclass(frozen=True)
class Raw:
    """What a source hands over: tables named canonically, values as they came.

    Attributes
    ----------
    source : name of the source.
    client : None when client.yaml cannot be used (a problem then says why) or there is none.
    tables : by canonical name. A column that the table does not have is reported and left out by
        `validate`. Values are text, or typed where the file was typed: numbers, booleans, times with a
        zone, times without (in the zone of `conventions`). Index: unique whole numbers named "row", the
        row of the file as a spreadsheet counts (the header is row 1); a table from several files counts
        on, and `files` says which rows are whose (see `stacked`).
    problems : one row a problem, with PROBLEM_COLUMNS; make it with `problem_rows`.
    inputs : SHA-256 of every file that was read, by its name inside the folder.
    rows_read : rows of each table as they came, those included which the source itself set aside.
    files : for each table, which rows came from which file.
    conventions : for a table whose naive times, decimal mark or order of dates are not the default.
    headers : for a table made of a client's own export, what its columns are called there.
    extras : what is not a table: "answers_yaml", "judgements", "commentary", "reviews" ...
    """

    source: str
    client: Client | None
    tables: Mapping[str, pd.DataFrame]
    problems: pd.DataFrame = field(default_factory=lambda: problem_rows())
    inputs: Mapping[str, str] = field(default_factory=dict)
    rows_read: Mapping[str, int] = field(default_factory=dict)
    files: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    conventions: Mapping[str, Conventions] = field(default_factory=dict)
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    extras: Mapping[str, object] = field(default_factory=dict)

    def joined(self, other: Raw) -> Raw:
        """Return this and what another reading of the same client adds; the same table may not be in both."""
        twice = sorted(set(self.tables) & set(other.tables))
        if twice:
            raise DataError(
                f"Table {twice[0]} comes twice: from {files_of(self, twice[0])} and from "
                f"{files_of(other, twice[0])}. Take one away, or name both under one table in mapping.yaml."
            )
        return replace(
            self,
            tables={**self.tables, **other.tables},
            problems=joined_problems([self.problems, other.problems]),
            inputs={**self.inputs, **other.inputs},
            rows_read={**self.rows_read, **other.rows_read},
            files={**self.files, **other.files},
            conventions={**self.conventions, **other.conventions},
            headers={**self.headers, **other.headers},
            extras={**self.extras, **other.extras},
        )


def files_of(raw: Raw, table: str) -> str:
    """Name the files that a table came from."""
    return " and ".join(sorted({part.file for part in raw.files.get(table, ())})) or raw.source


@runtime_checkable
class Source(Protocol):
    """Something that can turn a path into a client's raw tables."""

    name: str
    """By which it is looked up and cited: "folder"."""
    title: str
    """What it reads, in words: "A client folder"."""

    def accepts(self, path: Path) -> bool:
        """Say whether this source can read `path`; looks at names and first lines only, never raises."""

    def read(self, path: Path) -> Raw:
        """Read `path`; raises DataError only when there is nothing at all to hand over."""


@runtime_checkable
class LogSource(Source, Protocol):
    """A source of log files: several of one delivery, which may repeat one another, make one client."""

    def read_all(self, paths: Sequence[Path]) -> Raw:
        """Read the files as one; raises DataError only when there is nothing at all to hand over."""


def _declared(thing: object) -> Source | None:
    return thing if isinstance(thing, Source) and not isinstance(thing, type) else None


SOURCES: Catalogue[Source] = Catalogue(
    kind="source",
    package="workbench.intake.sources",
    pick=_declared,
    name=lambda source: source.name,
    entry_point="workbench.sources",
)


def source_for(path: Path) -> Source:
    """Return the one source that reads `path`.

    Raises
    ------
    CallError
        if there is nothing at `path`.
    DataError
        if no source accepts it.
    SourceConflict
        if several do; the message names them.
    """
    if not path.exists():
        raise CallError(f"There is no file or folder {path}. Look at the spelling and where you are.")
    accepting = [source for source in SOURCES if source.accepts(path)]
    if len(accepting) > 1:
        names = " and ".join(source.name for source in accepting)
        raise SourceConflict(
            f"{path}: the sources {names} all accept it, so nobody can say which is right. "
            "Narrow what one of them accepts."
        )
    if not accepting:
        known = "; ".join(source.title for source in SOURCES)
        raise DataError(
            f"{path}: nothing here knows how to read it. Accepted: {known}. "
            f"Put it into a folder of its own and map its columns with: workbench map {path.name}"
        )
    return accepting[0]


def stacked(frames: Sequence[tuple[str, pd.DataFrame]]) -> tuple[pd.DataFrame, tuple[Part, ...]]:
    """Stack frames of several files into one table and say which rows are whose.

    Each frame comes with the name of its file and the spreadsheet's row numbers as its index; later
    files count on from where the one before them ended, so that a row number names one row.
    """
    parts: list[Part] = []
    moved: list[pd.DataFrame] = []
    offset = 0
    for name, frame in frames:
        rows = frame.index.to_numpy()
        first, last = (int(rows.min()), int(rows.max())) if len(rows) else (2, 1)
        parts.append(Part(file=name, first=first + offset, last=last + offset, offset=offset))
        moved.append(frame.set_axis(pd.Index(rows + offset, name="row"), axis=0))
        offset += max(last, 1)
    whole = moved[0] if len(moved) == 1 else pd.concat(moved)
    return whole.rename_axis(index="row"), tuple(parts)


def located(rows: pd.Index, parts: Sequence[Part]) -> tuple[str | list[str], pd.Index]:
    """Return for rows of a stacked table the file that each came from, and its row there."""
    if not parts:
        return "", rows
    if len(parts) == 1:
        return parts[0].file, rows - parts[0].offset
    at = np.searchsorted([part.first for part in parts], rows.to_numpy(), side="right") - 1
    offsets = np.array([part.offset for part in parts])[at]
    return [parts[i].file for i in at], rows - offsets


def merged(raws: Sequence[Raw]) -> Raw:
    """Return several readings of one source as one, the same tables under one another."""
    tables, files = {}, {}
    for name in dict.fromkeys(name for raw in raws for name in raw.tables):
        tables[name], files[name] = stacked(
            [(files_of(raw, name), raw.tables[name]) for raw in raws if name in raw.tables]
        )
    rows_read = {name: sum(raw.rows_read.get(name, 0) for raw in raws) for name in tables}
    return replace(
        raws[0],
        tables=tables,
        problems=joined_problems([raw.problems for raw in raws]).drop_duplicates(ignore_index=True),
        inputs={name: digest for raw in raws for name, digest in raw.inputs.items()},
        rows_read=rows_read,
        files=files,
    )


def problem_rows(
    table: str = "",
    file: str | Sequence[str] = "",
    rows: Sequence[int | None] | pd.Index = (),
    column: str = "",
    values: Sequence[object] | pd.Series = (),
    message: str | Sequence[str] = "",
    severity: Severity = "flagged",
    dimension: str = "",
    rule: str = "",
) -> pd.DataFrame:
    """Return one problem for each of `rows`, fast enough for hundreds of thousands.

    In `message` (one for all rows, or one for each), ``{value}`` stands for the row's value. Without rows:
    no problem at all; for a problem of a whole table pass ``rows=[None]``.
    """
    number = len(rows)
    if not number:
        return _no_problem().copy()
    if isinstance(values, pd.Series):
        shown = pd.Series(values.to_numpy("object"), dtype="object")
    else:
        shown = pd.Series(list(values) if len(values) else [""] * number, dtype="object")
    texts = shown.where(shown.notna(), "").astype("str").str.slice(0, 80)
    if isinstance(message, str):
        before, value, after = message.partition("{value}")
        messages = before + texts + after if value else pd.Series([message] * number, dtype="str")
    else:
        pairs = zip(message, texts.to_numpy("object"), strict=True)
        messages = pd.Series([one.replace("{value}", text) for one, text in pairs], dtype="str")
    frame = pd.DataFrame(
        {
            "table": pd.Series([table] * number, dtype="str"),
            "file": pd.Series([file] * number if isinstance(file, str) else list(file), dtype="str"),
            "row": pd.array(rows if isinstance(rows, pd.Index) else list(rows), dtype="Int64"),
            "column": pd.Series([column] * number, dtype="str"),
            "value": texts,
            "message": messages.astype("str"),
            "severity": pd.Series([severity] * number, dtype="str"),
            "dimension": pd.Series([dimension] * number, dtype="str"),
            "rule": pd.Series([rule] * number, dtype="str"),
        }
    )
    return frame[list(PROBLEM_COLUMNS)]


@cache
def _no_problem() -> pd.DataFrame:
    """Return the columns of a problem and their types."""
    return problem_rows(rows=[None]).iloc[:0].reset_index(drop=True)


def in_own_words(problems: pd.DataFrame, headers: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Add to what validation says of a mapped column what the client's own file calls it."""
    said = problems["message"].copy()
    for table, names in headers.items():
        for column, own in names.items():
            here = (problems["table"] == table) & (problems["column"] == column) & (own != column)
            said = said.mask(here, said.str.rstrip(". ") + f'. In the file the column is called "{own}".')
    return problems.assign(message=said)


def assumptions(table: str, sentences: Sequence[str]) -> pd.DataFrame:
    """Return what a source takes for granted about its data, as problems that everybody sees."""
    return joined_problems(
        [problem_rows(table, "", [None], message=said, severity="assumed") for said in sentences]
    )


def joined_problems(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return all problems as one frame, numbered anew."""
    some = [frame for frame in frames if len(frame)]
    return pd.concat(some, ignore_index=True) if some else problem_rows()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
