"""How do a client's own exports become tables? mapping.yaml says it once, for every later delivery.

One entry says which files (and which sheet) become which table, and where each of its columns comes
from. What is doubtful stands there with ``confirmed: false`` and is reported at every reading until
somebody who knows the export has looked and set it to true.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workbench.errors import DataError, suggestion
from workbench.intake.convert import UNITS, Unit
from workbench.intake.spec import table_specs
from workbench.intake.yaml_file import Migration, load_yaml, plain

FILE_NAME = "mapping.yaml"
MIGRATIONS: dict[int, Migration] = {}


class Added(BaseModel):
    """A further column whose amount is added: the wait to a start, the hold to the talk."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: str = Field(alias="from")
    unit: Unit = "seconds"


class ColumnMapping(BaseModel):
    """Where one column of a table comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: str | tuple[str, ...] | None = Field(None, alias="from")
    """A column of the export; several are joined with a space (a date and a time)."""
    value: str | int | float | bool | None = None
    """The same value in every row, where the export does not say it."""
    unit: Unit | None = None
    codes: dict[str, str] = Field(default_factory=dict)
    """What the export's codes mean: {"AB": "abandoned"}."""
    date_format: str = ""
    plus: tuple[Added, ...] = ()
    divided_by: str | None = None
    only_if: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Filled only where the named column has one of these values."""
    unless: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    next_day_if_before: str | None = None
    """A column of the table: a time earlier than it belongs to the next day (a shift over midnight)."""
    confirmed: bool = True
    confidence: float | None = Field(None, ge=0, le=1)
    why: str = ""

    def sources(self) -> Iterator[str]:
        """Yield every column of the export that this one reads."""
        if self.source is not None:
            yield from (self.source,) if isinstance(self.source, str) else self.source
        yield from (added.source for added in self.plus)
        if self.divided_by is not None:
            yield self.divided_by
        yield from self.only_if
        yield from self.unless


class TableMapping(BaseModel):
    """Which files become which table, and how they are written."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    table: str
    files: tuple[str, ...] = Field(min_length=1)
    """Names or patterns inside the client folder; every file that fits is read, in order of names."""
    sheet: str | None = None
    header_row: int = Field(1, ge=1)
    """The row of the headers, as a spreadsheet counts; the rows above are a title."""
    encoding: str | None = None
    delimiter: str | None = None
    time_zone: str | None = None
    """Of times without an offset; None: the client's."""
    time_zone_column: str | None = None
    """The column that names the zone of each row, where the export has one."""
    decimal: Literal[".", ","] | None = None
    """The decimal mark; None: look at the values."""
    date_format: str = ""
    columns: dict[str, ColumnMapping]
    not_used: tuple[str, ...] = ()
    """Columns of the export that are known and of no use here; a column named nowhere is reported."""

    def sources(self) -> set[str]:
        """Return every column of the export that is read or known to be of no use."""
        read = {name for column in self.columns.values() for name in column.sources()}
        zone = {self.time_zone_column} if self.time_zone_column else set()
        return read | zone | set(self.not_used)


class Mapping(BaseModel):
    """What stands in mapping.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    tables: tuple[TableMapping, ...] = Field(min_length=1)

    def unconfirmed(self) -> list[tuple[TableMapping, str, ColumnMapping]]:
        """Return what nobody has confirmed yet: entry, column of the table, and its mapping."""
        return [
            (entry, name, column)
            for entry in self.tables
            for name, column in entry.columns.items()
            if not column.confirmed
        ]


def load_mapping(path: Path) -> Mapping:
    """Read mapping.yaml.

    Raises
    ------
    DataError
        with every mistake in it at once, each with where it stands and the nearest name that is known.
    """
    content = plain(load_yaml(path, "how exports become tables", MIGRATIONS))
    return parse_mapping(content, path.name)


def parse_mapping(content: dict[str, Any], where: str = FILE_NAME) -> Mapping:
    """Return the mapping that `content` says, or raise DataError with every mistake in it."""
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        problems = [_pydantic_sentence(dict(problem)) for problem in error.errors()]
        raise DataError(_all_of(where, problems)) from None
    problems = [problem for n, entry in enumerate(mapping.tables) for problem in _mistakes(n, entry)]
    if problems:
        raise DataError(_all_of(where, problems))
    return mapping


def dump_mapping(mapping: Mapping) -> dict[str, Any]:
    """Return the plain values of `mapping` without its defaults, as mapping.yaml says them."""
    return {"format": 1, **mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True)}


def _mistakes(n: int, entry: TableMapping) -> Iterator[str]:
    here = f"tables[{n}]"
    if entry.time_zone is not None and entry.time_zone not in available_timezones():
        yield f'{here}.time_zone: "{entry.time_zone}" is not a time zone. Write it as Europe/Berlin.'
    specs = table_specs()
    if entry.table not in specs:
        yield f'{here}.table: there is no table "{entry.table}". {suggestion(entry.table, specs)}'
        return
    known = {column.name: column for column in specs[entry.table].columns}
    for name, column in entry.columns.items():
        at = f"{here}.columns.{name}"
        if name not in known:
            yield f'{at}: {entry.table} has no column "{name}". {suggestion(name, known)}'
            continue
        if (column.source is None) == (column.value is None):
            yield f"{at}: says both or neither of `from` and `value`. Give one of them."
        after = column.next_day_if_before
        if after is not None and (after not in known or after not in entry.columns):
            yield f"{at}.next_day_if_before: {after!r} is not a column mapped here. " + suggestion(
                after, entry.columns
            )
        if column.unit is not None and known[name].type not in _types_of(column.unit):
            yield (
                f"{at}.unit: {column.unit} does not fit {name}, which holds {known[name].type}. "
                "Leave it out, or map another column."
            )


def _types_of(unit: str) -> tuple[str, ...]:
    if unit in ("fraction", "percent"):
        return ("fraction",)
    if unit == "number":
        return ("number", "count", "money")
    return ("seconds", "timestamp", "number", "count")


def _pydantic_sentence(problem: dict[str, Any]) -> str:
    where = ".".join(f"[{p}]" if isinstance(p, int) else str(p) for p in problem["loc"])
    where = where.replace(".[", "[")
    last = str(problem["loc"][-1]) if problem["loc"] else ""
    match problem["type"]:
        case "extra_forbidden":
            return f"{where}: nobody knows {last!r} here. {suggestion(last, _known_keys(problem['loc']))}"
        case "missing":
            return f"{where}: is missing."
        case "literal_error" if last in ("unit",):
            return f"{where}: {problem['input']!r} is not a unit. {suggestion(str(problem['input']), UNITS)}"
        case _:
            return f"{where}: {problem['input']!r}: {problem['msg']}."


def _known_keys(where: tuple[str | int, ...]) -> list[str]:
    if len(where) == 1:
        model: type[BaseModel] = Mapping
    elif "plus" in where:
        model = Added
    elif "columns" in where:
        model = ColumnMapping
    else:
        model = TableMapping
    return [field.alias or name for name, field in model.model_fields.items()]


def _all_of(where: str, problems: list[str]) -> str:
    count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
    return "\n".join([f"{where}: {count}", *(f"  {problem}" for problem in problems)])
