"""Which column of an unknown export is which column of a table? Guessed from headers and from values.

A proposal says of each guess how sure it is and why. What is not sure is written ``confirmed: false``: the
person who knows the export decides, once.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from workbench.errors import DataError
from workbench.intake.headers import likeness, plain, synonyms, unit_in
from workbench.intake.looks import Look, look
from workbench.intake.mapping import ColumnMapping, TableMapping
from workbench.intake.recipes import DERIVED, derived_columns
from workbench.intake.spec import ColumnSpec, TableSpec, table_spec, table_specs

LEAST = 0.45
"""Below this a guess is not made."""
SURE = 0.80
"""From here on a guess counts as confirmed, if nothing about it is in doubt."""
DOUBTED = 0.7
"""No guess with a doubt about it is surer than this."""
MINUTES_BELOW = 60.0
"""Numbers that stay below this and have fractions are rather minutes than seconds."""
CLOSE = 0.9
"""A second table that fits this nearly as well is named."""

FITS: dict[str, dict[str, float]] = {
    "timestamp": {"timestamp": 1.0, "date": 0.4},
    "date": {"date": 1.0, "timestamp": 0.8},
    "seconds": {"clock": 1.0, "number": 0.9},
    "number": {"number": 1.0},
    "count": {"number": 1.0},
    "money": {"number": 1.0},
    "fraction": {"percent": 1.0, "number": 0.9},
    "flag": {"flag": 1.0, "number": 1.0, "code": 0.3},
    "id": {"name": 1.0, "number": 1.0, "code": 0.9, "flag": 0.4},
    "text": {"name": 1.0, "code": 1.0, "number": 0.6, "flag": 0.5},
    "category": {"code": 1.0, "name": 0.6, "number": 0.6, "flag": 0.5},
}
"""How well values of a look fit a column of a type; what is not listed contradicts it."""


@dataclass(frozen=True)
class Guess:
    """One column of a table (or "@…", a step towards one) and the columns of the export taken for it."""

    column: str
    source: str | tuple[str, ...]
    confidence: float
    why: str
    unit: str = ""
    date_format: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """The columns of the export behind it."""
        return (self.source,) if isinstance(self.source, str) else self.source


@dataclass(frozen=True)
class Proposal:
    """What an export probably is.

    Attributes
    ----------
    entry : the entry for mapping.yaml.
    not_mapped : columns of the export that are nothing of the table, with their looks.
    missing : required columns of the table for which nothing was found.
    close : tables that fit nearly as well.
    """

    entry: TableMapping
    not_mapped: tuple[tuple[str, Look], ...]
    missing: tuple[str, ...]
    close: tuple[str, ...] = ()


def propose(export: pd.DataFrame, file: str, table: str | None = None, sheet: str | None = None) -> Proposal:
    """Return the likeliest mapping of an export.

    Parameters
    ----------
    export : its cells as they came, one column a header.
    file : its name, for the entry's `files`.
    table : the canonical table it is; None: the one that fits best.

    Raises
    ------
    DataError
        if no column of the export looks like any of the table's; or, where no table is named, if what looks like
        one in the table that fits best is less than what that table cannot do without.
    UnknownName
        if there is no such table.
    """
    looks = {str(header): look(export[header]) for header in export.columns}
    chosen = [table_spec(table)] if table else list(table_specs().values())
    ranked = sorted(
        ((_worth(spec, found), spec.name, found) for spec in chosen for found in [_guesses(spec, looks)]),
        key=lambda one: (-one[0], one[1]),
    )
    worth, name, guesses = ranked[0]
    if not guesses:
        wanted = f"table {table}" if table else "any table"
        raise DataError(
            f"{file}: no column of it looks like one of {wanted}. Columns: {', '.join(looks)}. "
            "Name the table with --table, or write mapping.yaml by hand (docs/reference/tables.md)."
        )
    if table is None and worth <= 0:
        found = ", ".join(f"{' and '.join(guess.headers)} (like {guess.column})" for guess in guesses)
        nearest = ", ".join(other for _, other, some in ranked[:3] if some)
        raise DataError(
            f"{file}: no table fits. Of its {len(looks)} columns {found} may belong to {name}, too little to go by. "
            f"Nearest: {nearest}. Name the table with --table, as --table contacts; or correct the headings."
        )
    close = tuple(other for value, other, found in ranked[1:4] if found and value > CLOSE * worth)
    return _proposal(table_spec(name), guesses, looks, file, sheet, close)


def _proposal(
    spec: TableSpec, guesses: list[Guess], looks: dict[str, Look], file: str, sheet: str | None, close: tuple[str, ...]
) -> Proposal:  # fmt: skip
    columns = {
        guess.column: _column(spec, guess, looks) for guess in guesses if not guess.column.startswith("@")
    }
    steps = {guess.column: guess for guess in guesses if guess.column.startswith("@")}
    columns |= {
        name: mapped for name, mapped in derived_columns(spec.name, columns, steps, looks).items()
        if name not in columns
    }  # fmt: skip
    order = [column.name for column in spec.columns if column.name in columns]
    used = {header for mapped in columns.values() for header in mapped.sources()}
    zone = steps["@zone"].headers[0] if "@zone" in steps else None
    rest = tuple((header, seen) for header, seen in looks.items() if header not in used and header != zone)
    entry = TableMapping(
        table=spec.name,
        files=(file,),
        sheet=sheet,
        time_zone_column=zone,
        columns={name: columns[name] for name in order},
        not_used=tuple(header for header, _ in rest),
    )
    missing = tuple(c.name for c in spec.columns if c.required and not c.default and c.name not in columns)
    return Proposal(entry, rest, missing, close)


def _column(spec: TableSpec, guess: Guess, looks: dict[str, Look]) -> ColumnMapping:
    column = spec.column(guess.column)
    codes = _codes(column, looks[guess.headers[0]]) if column.allowed else {}
    doubts = [*guess.doubts, *(["its codes were guessed"] if codes else [])]
    return ColumnMapping.model_validate(
        {
            "from": guess.source,
            "unit": guess.unit or None,
            "date_format": guess.date_format,
            "codes": codes,
            "next_day_if_before": "start" if column.name == "end" and len(guess.headers) > 1 else None,
            "confirmed": guess.confidence >= SURE and not doubts,
            "confidence": min(guess.confidence, DOUBTED) if doubts else guess.confidence,
            "why": "; ".join([guess.why, *doubts]),
        }
    )


def _codes(column: ColumnSpec, seen: Look) -> dict[str, str]:
    """Return what the words of a column probably mean among the allowed ones."""
    codes = {}
    for word in seen.distinct:
        if word.lower() in column.allowed:
            continue
        low = word.lower()
        near = [a for a in column.allowed if a in low or (len(low) >= 2 and a.startswith(low))]
        near = near or difflib.get_close_matches(low, column.allowed, n=1, cutoff=0.6)
        if near:
            codes[word] = near[0]
    return codes


def _worth(spec: TableSpec, guesses: list[Guess]) -> float:
    found = {guess.column for guess in guesses}
    steps = {derived for step in found for derived in DERIVED.get((spec.name, step), ())}
    lacking = sum(c.required and not c.default and c.name not in found | steps for c in spec.columns)
    return sum(guess.confidence for guess in guesses) - lacking


def _guesses(spec: TableSpec, looks: dict[str, Look]) -> list[Guess]:
    """Return the best guess for each column of the table; a header serves one of them only."""
    candidates = sorted(
        (guess for guess in _candidates(spec, looks) if guess.confidence >= LEAST),
        key=lambda guess: (-guess.confidence, -len(guess.headers), guess.column, guess.headers),
    )
    taken: dict[str, str] = {}
    chosen: dict[str, Guess] = {}
    for guess in candidates:
        joined = len(guess.headers) > 1
        free = [h for h in guess.headers if h not in taken or (joined and taken[h] == "joined")]
        if guess.column in chosen or len(free) < len(guess.headers):
            continue
        chosen[guess.column] = guess
        taken.update(dict.fromkeys(guess.headers, "joined" if joined else "alone"))
    return list(chosen.values())


def _candidates(spec: TableSpec, looks: dict[str, Look]) -> Iterator[Guess]:
    by_words = {plain(header): header for header in looks}
    known = [synonym for synonym in synonyms() if synonym.table == spec.name]
    spoken = Counter(s.system for s in known if all(plain(name) in by_words for name in s.headers))
    known.sort(key=lambda synonym: -spoken[synonym.system])  # the system that the export speaks most
    for synonym in known:
        headers = [by_words.get(plain(name)) for name in synonym.headers]
        if all(headers):
            found = [header for header in headers if header is not None]
            yield from _by_name(
                spec, synonym.column, found, looks, 0.97, _called_so(synonym.system), synonym.unit
            )
    for header, seen in looks.items():
        for column in spec.columns:
            named, why = likeness(column.name, header, [s for s in known if s.column == column.name])
            if named > 0:
                yield _judged(column, header, seen, named, why, "")


def _called_so(system: str) -> str:
    return "a usual name" if system == "common" else f"{system} calls it so"


def _by_name(
    spec: TableSpec, column: str, headers: list[str], looks: dict[str, Look], named: float, why: str, unit: str
) -> Iterator[Guess]:  # fmt: skip
    if column.startswith("@"):
        seen = looks[headers[0]]
        fits = seen.kind in ("clock", "number", "empty") if unit else seen.kind not in ("timestamp", "empty")
        in_unit = seen.unit if seen.kind == "clock" else (unit_in(headers[0]) or unit)
        if fits:
            yield Guess(column, headers[0], named, why, in_unit)
    elif len(headers) == 1:
        yield _judged(spec.column(column), headers[0], looks[headers[0]], named, why, unit)
    else:
        day, clock = looks[headers[0]], looks[headers[1]]
        form = _clock_format(clock)
        if day.kind in ("date", "timestamp") and form:
            doubts = ("day and month may be the other way round",) if day.other_format else ()
            first = day.date_format or "%Y-%m-%d"
            yield Guess(
                column, tuple(headers), named, f"{why}, in two columns", "", f"{first} {form}", doubts
            )


def _like_minutes(seen: Look) -> bool:
    """Seconds are mostly whole and often more than a minute."""
    return seen.kind == "number" and not seen.whole and 0 < seen.high < MINUTES_BELOW


def _clock_format(seen: Look) -> str:
    if seen.kind == "clock" and seen.high < 86_400:
        return "%H:%M:%S" if seen.unit == "hh:mm:ss" else "%H:%M"
    return "%H%M" if seen.kind == "number" and seen.whole and seen.low >= 0 and seen.high <= 2359 else ""


def _judged(column: ColumnSpec, header: str, seen: Look, named: float, why: str, unit: str) -> Guess:
    """Weigh what the header says against what the values look like."""
    fit = 0.5 if seen.kind == "empty" else FITS[column.type].get(seen.kind, 0.0)
    doubts = []
    if seen.kind == "number" and column.type == "count" and not seen.whole:
        fit = 0.3
    if (
        seen.kind == "number"
        and column.type == "flag"
        and not (seen.whole and 0 <= seen.low <= seen.high <= 1)
    ):
        fit = 0.0
    confidence = named * (0.4 + 0.6 * fit) if fit else 0.3 * named
    in_unit = ""
    if column.type == "seconds":
        in_unit = seen.unit if seen.kind == "clock" else (unit_in(header) or unit)
        if seen.kind == "clock" and seen.unit == "mm:ss":
            doubts.append("m:ss, unless it is h:mm")
        if seen.kind == "number" and not in_unit:
            in_unit = "seconds"
            doubts.append("no unit is said, seconds are assumed")
        if in_unit == "seconds" and not unit_in(header) and _like_minutes(seen):
            doubts.append(f"all below {MINUTES_BELOW:g} and with fractions: minutes?")
    if column.type == "fraction":
        in_unit = "percent" if seen.kind == "percent" or seen.high > 1.5 else "fraction"
    if seen.other_format and column.type in ("timestamp", "date"):
        doubts.append(f"{seen.example} can be read with the day or the month first")
    if fit == 0:
        doubts.append(f"its values look like {seen.kind}")
    is_time = column.type in ("timestamp", "date")
    return Guess(
        column.name, header, round(confidence, 2), why, in_unit, seen.date_format if is_time else "", tuple(doubts)
    )  # fmt: skip
