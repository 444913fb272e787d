"""What did the client hand over, what of it is usable, and where does it come from?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

import pandas as pd

from workbench.intake.client import Client
from workbench.intake.period import Period

Table: TypeAlias = pd.DataFrame
"""Rows of one canonical table.

Its index, named "row", is the row of the file as a spreadsheet counts (the header is row 1; a table
from several files counts on). Times are datetime64[us, UTC], days datetime64[us] without a zone, flags
"boolean" (NA: unknown), everything measured float64 (NaN: unknown), everything else "str" (NaN: empty).
"""

Severity = Literal["unusable", "set aside", "flagged", "assumed"]
"""unusable: the whole table or folder; set aside: the row is not used; flagged: used, but look;
assumed: a default stands where nothing came."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with what came, in words that its sender can act on."""

    table: str
    row: int | None
    column: str
    value: str
    message: str
    severity: Severity


PROBLEM_COLUMNS = ("table", "file", "row", "column", "value", "message", "severity", "dimension", "rule")
"""`dimension`: of data quality, where the rule that was broken says which; else empty. `rule`: what is wrong, in
words that are the same for all rows of the kind; empty where no rule was broken."""


@dataclass(frozen=True)
class Part:
    """The rows `first` to `last` of a table are the rows `first - offset` to `last - offset` of `file`."""

    file: str
    first: int
    last: int
    offset: int = 0


@dataclass(frozen=True)
class Provenance:
    """Where the tables come from: enough to make a figure again."""

    source: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of every file that was read, by its name inside the folder."""
    rows_read: Mapping[str, int] = field(default_factory=dict)
    """Rows of each table as they came, those set aside included."""
    files: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    """Which rows of a table came from which file."""

    def located(self, table: str, row: int) -> tuple[str, int]:
        """Return the file and the row in it, as a spreadsheet counts, behind one row of a table."""
        for part in self.files.get(table, ()):
            if part.first <= row <= part.last:
                return part.file, row - part.offset
        return "", row


@dataclass(frozen=True)
class Dataset:
    """A client's tables, validated; times in UTC, durations in seconds."""

    client: Client
    period: Period
    tables: Mapping[str, Table]
    problems: pd.DataFrame
    """One row a problem, with PROBLEM_COLUMNS."""
    provenance: Provenance
    extras: Mapping[str, object] = field(default_factory=dict)
    """What is not a table: judgements, commentary, released reviews."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def usable(self, name: str) -> bool:
        """Whether a table came with a row that can be used."""
        return len(self.tables.get(name, ())) > 0

    def without(self, *names: str) -> Dataset:
        """Return the dataset as if the tables called `names` had not been handed over."""
        return replace(self, tables={n: t for n, t in self.tables.items() if n not in names})

    def with_table(self, name: str, table: Table) -> Dataset:
        """Return the dataset with one table replaced or added."""
        return replace(self, tables={**self.tables, name: table})
