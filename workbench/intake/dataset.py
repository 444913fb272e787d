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
"""Rows of one canonical table; its index, named "row", is the row of the file as a spreadsheet counts."""

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


PROBLEM_COLUMNS = ("table", "file", "row", "column", "value", "message", "severity")


@dataclass(frozen=True)
class Provenance:
    """Where the tables come from: enough to make a figure again."""

    source: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of every file that was read, by its name inside the folder."""
    rows_read: Mapping[str, int] = field(default_factory=dict)
    """Rows of each table as they came, those set aside included."""


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

    def without(self, *names: str) -> Dataset:
        """Return the dataset as if the tables called `names` had not been handed over."""
        return replace(self, tables={n: t for n, t in self.tables.items() if n not in names})

    def with_table(self, name: str, table: Table) -> Dataset:
        """Return the dataset with one table replaced or added."""
        return replace(self, tables={**self.tables, name: table})
