"""What may stand in a client's tables? One row of tables/*.csv says it for one column."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from workbench.errors import UnknownName, WorkbenchError

ColumnType = Literal[
    "id", "text", "category", "timestamp", "date", "seconds", "number", "count", "fraction", "flag", "money"
]
"""id: a name that other tables refer to; seconds: a duration; flag: yes, no or unknown."""


@dataclass(frozen=True)
class ColumnSpec:
    """One column: its type, unit, default, bounds and documentation at once."""

    name: str
    type: ColumnType
    unit: str
    required: bool
    default: str
    low: float | None
    high: float | None
    allowed: tuple[str, ...]
    key: bool
    references: str
    """"hris.agent_id", or empty."""
    not_before: str
    """The column of the same row that this time must not precede, or empty."""
    description: str
    filled: str = ""
    """Where a cell may not stay empty: always, or wherever the column named here has a value; or empty."""
    in_time: str = ""
    """The column of the same row by whose time this one must have come, or empty."""
    in_time_s: float = 0.0
    """How much later it may be. [s]"""


@dataclass(frozen=True)
class TableSpec:
    """One canonical table of METHOD section 0."""

    name: str
    description: str
    pack: Literal["A", "B", "C"]
    """The first data pack that asks for it."""
    columns: tuple[ColumnSpec, ...]
    no_overlap_by: tuple[str, ...]
    """Rows with the same values here must not overlap from `start` to `end`; empty if they may."""
    only_running: bool = False
    """A partnership has it only once it runs, not before the contract."""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that together name one row."""
        return tuple(c.name for c in self.columns if c.key)

    def column(self, name: str) -> ColumnSpec:
        """Return the column called `name`, or raise UnknownName."""
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownName(f"column of {self.name}", name, [c.name for c in self.columns])


def _number(text: str) -> float | None:
    return float(text) if text else None


def _later(text: str) -> float:
    """Return the seconds in "eval_ts + 2 d"."""
    _, plus, days = text.partition(" + ")
    return 86400.0 * float(days.removesuffix(" d")) if plus else 0.0


def _column(row: dict[str, str]) -> ColumnSpec:
    if row["type"] not in get_args(ColumnType):
        raise WorkbenchError(f"column {row['name']}: {row['type']} is not a column type")
    return ColumnSpec(
        name=row["name"],
        type=cast(ColumnType, row["type"]),
        unit=row["unit"],
        required=row["required"] == "yes",
        default=row["default"],
        low=_number(row["low"]),
        high=_number(row["high"]),
        allowed=tuple(filter(None, row["allowed"].split("|"))),
        key=row["key"] == "yes",
        references=row["references"],
        not_before=row["not_before"],
        description=row["description"],
        filled=row.get("filled") or "",
        in_time=(row.get("in_time") or "").partition(" + ")[0],
        in_time_s=_later(row.get("in_time") or ""),
    )


@cache
def table_specs() -> dict[str, TableSpec]:
    """Return every canonical table by name, in the order of METHOD section 0 (tables/_tables.csv)."""
    folder = files("workbench.intake") / "tables"
    with (folder / "_tables.csv").open(encoding="utf-8") as handle:
        tables = list(csv.DictReader(handle))
    specs = {}
    for table in tables:
        with (folder / f"{table['name']}.csv").open(encoding="utf-8") as handle:
            columns = tuple(_column(row) for row in csv.DictReader(handle))
        specs[table["name"]] = TableSpec(
            name=table["name"],
            description=table["description"],
            pack=cast(Literal["A", "B", "C"], table["pack"]),
            columns=columns,
            no_overlap_by=tuple(filter(None, table["no_overlap_by"].split("|"))),
            only_running=table["only_running"] == "yes",
        )
    return specs


def table_spec(name: str) -> TableSpec:
    """Return one canonical table, or raise UnknownName with the nearest."""
    try:
        return table_specs()[name]
    except KeyError:
        raise UnknownName("table", name, table_specs()) from None
