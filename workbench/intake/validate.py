"""Which rows can be used, and what is wrong with the others?

Everything that is judged here stands in tables/*.csv. A row that cannot be used leaves its table and
enters `problems` with its reason; a row that only looks odd stays and is flagged; a default that stands
where nothing came is listed as assumed. A cell that contradicts its column sets the whole row aside:
half a row would enter some figures and not others. A reference to nobody is flagged, never set aside,
for the row itself still says something (access of a person who is in no roster is a finding).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from workbench.errors import suggestion
from workbench.intake import cell_numbers, cell_times, rules
from workbench.intake.cells import ACCEPTED, DTYPES, Cells, Mask, none, plain, words
from workbench.intake.client import Client
from workbench.intake.contradictions import in_one_row
from workbench.intake.dataset import Dataset, Provenance, Severity
from workbench.intake.days import AHEAD, ANSWERED, ahead, covered_days, future, no_period
from workbench.intake.period import NO_DATE, Period
from workbench.intake.source import Conventions, Raw, joined_problems, located, problem_rows
from workbench.intake.spec import ColumnSpec, ColumnType, TableSpec, table_specs

FROM_CLIENT = {"client.id": "id", "client.vendor": "vendor", "client.currency": "currency"}
"""Defaults that client.yaml says rather than the table spec."""


def _name(cells: pd.Series, _how: Conventions) -> Cells:
    return Cells(words(cells), none(cells))


READERS: dict[ColumnType, Callable[[pd.Series, Conventions], Cells]] = {
    "id": _name, "text": _name, "category": _name,
    "timestamp": cell_times.timestamp, "date": cell_times.day,
    "seconds": cell_numbers.seconds, "number": cell_numbers.number, "count": cell_numbers.count,
    "fraction": cell_numbers.fraction, "money": cell_numbers.number, "flag": cell_numbers.flag,
}  # fmt: skip


def validate(raw: Raw, period: Period | None = None, today: date | None = None) -> Dataset:
    """Return what of `raw` can be used, with everything that is wrong.

    Parameters
    ----------
    raw : what a source handed over.
    period : the days that figures are to speak of; None: those that the data covers. Rows outside of it
        stay in the tables.
    today : rows with a later day are flagged, and a table of what has happened of which all rows lie later is
        left out; None: nothing is judged as future.

    Returns
    -------
    Dataset whose tables have every column of their spec, in its order, with the dtypes of `DTYPES`. A
    table without a single usable row is not among them.
    """
    client = raw.client or Client(id=raw.source, name=raw.source)
    named = _named(raw)
    checks = [
        _Check(raw, client, spec, named.get(spec.name, set()))
        for spec in table_specs().values()
        if spec.name in raw.tables
    ]
    for check in checks:
        check.references({other.spec.name: other.names for other in checks})
    tables = {check.spec.name: check.frame for check in checks if len(check.frame)}
    problems = [raw.problems, *(found for check in checks for found in check.problems)]
    if unknown := sorted(set(raw.tables) - set(table_specs())):
        problems += [_no_such_table(raw, name) for name in unknown]
    late = ahead(tables, today, client.time_zone)
    for name, days in late.items():
        problems.append(_all_ahead(raw, name, days))
    dated = {name: table for name, table in tables.items() if name not in late}
    tables = {name: table for name, table in tables.items() if name in dated or name in ANSWERED}
    covered, stray = covered_days(dated, client.time_zone, raw.files)
    problems += [
        stray,
        future(dated, today, client.time_zone, raw.files),
        *no_period(tables, period or covered),
    ]
    return Dataset(
        client=client,
        period=period or covered or Period(NO_DATE, NO_DATE),
        tables=tables,
        problems=joined_problems(problems),
        provenance=Provenance(
            source=raw.source,
            inputs=dict(raw.inputs),
            rows_read={**{check.spec.name: check.came for check in checks}, **raw.rows_read},
            files=dict(raw.files),
        ),
        extras=dict(raw.extras),
    )


def _named(raw: Raw) -> dict[str, set[str]]:
    """Return the columns of each table to which something that came refers."""
    targets: dict[str, set[str]] = {}
    for name, spec in table_specs().items():
        own = (
            set(rules.renamed(list(raw.tables[name].columns), spec).values()) if name in raw.tables else set()
        )
        for column in spec.columns:
            if column.references and column.name in own:
                table, _, target = column.references.partition(".")
                targets.setdefault(table, set()).add(target)
    return targets


class _Check:
    """One table on its way from what came to what can be used."""

    def __init__(self, raw: Raw, client: Client, spec: TableSpec, named: set[str]) -> None:
        self.spec, self.client, self.named = spec, client, named
        self.parts = tuple(raw.files.get(spec.name, ()))
        self.how = raw.conventions.get(spec.name, Conventions())
        self.problems: list[pd.DataFrame] = []
        self.names: dict[str, pd.Index] = {}
        """Every name in the columns `named`, those of rows included that were set aside."""
        came = raw.tables[spec.name]
        self.came = len(came)
        came = self._own_columns(came)
        self.frame = came.iloc[:0]
        if self._has_what_it_needs(came):
            self._read(came)

    # What came

    def _own_columns(self, came: pd.DataFrame) -> pd.DataFrame:
        own = rules.renamed(list(came.columns), self.spec)
        for name in came.columns:
            if name not in own:
                nearest = suggestion(rules.header(name), [column.name for column in self.spec.columns])
                self._whole(
                    f'"{name}" is not a column of {self.spec.name} and is not used. {nearest}',
                    "flagged", str(name),
                )  # fmt: skip
        kept = came[[name for name in came.columns if name in own]].rename(columns=dict(own))
        twice = kept.columns[kept.columns.duplicated()].unique()
        for name in twice:
            self._whole(
                f"{name} comes in several columns; the first one is used. Take the others away",
                "flagged", name,
            )  # fmt: skip
        return kept.loc[:, ~kept.columns.duplicated()] if len(twice) else kept

    def _has_what_it_needs(self, came: pd.DataFrame) -> bool:
        lacking = [
            column.name
            for column in self.spec.columns
            if column.required and not column.default and column.name not in came.columns
        ]
        if lacking:
            others = [str(name) for name in came.columns]
            self._whole(
                f"has no column {', '.join(lacking)}, without which no row can be used. "
                f"Came: {', '.join(others) or 'no column of this table'}. "
                f"Name the column so, or say in mapping.yaml which one it is",
                "unusable", lacking[0],
            )  # fmt: skip
        elif not len(came):
            self._whole("has a header and no rows. Export it again, or take the file away", "unusable")
        return not lacking and bool(len(came))

    # Reading and judging

    def _read(self, came: pd.DataFrame) -> None:
        bad = np.zeros(len(came), dtype=bool)
        read: dict[str, Cells] = {}
        for column in self.spec.columns:
            if column.name in came.columns:
                read[column.name], unusable = self._column(came[column.name], column)
                bad |= unusable
        values = {name: cells.values for name, cells in read.items()}
        self.names = {name: pd.Index(values[name].dropna().unique()) for name in self.named & set(values)}
        for column in self.spec.columns:
            if column.name in read and column.not_before in read:
                values[column.name] = self._second_passing(read[column.name], values[column.not_before])
                late, early = values[column.name], values[column.not_before]
                bad |= self._report(rules.out_of_order(late, early, column, came), came[column.name])
        del read
        self.frame = self._kept(values, came.index, bad)
        for rule in (rules.duplicates, rules.overlaps):
            found = rule(self.frame, self.spec)
            if found is not None:
                self._report(found, self._key_text(found, came))
                self.frame = self.frame[~found.rows]
        for breach in in_one_row(self.frame, self.spec.name):
            self._report(breach, self._key_text(breach, came), "flagged")
        if not len(self.frame):
            self._whole(
                f"has no row that can be used; all {self.came:,} were set aside. Look at the reasons",
                "unusable",
            )

    def _column(self, cells: pd.Series, column: ColumnSpec) -> tuple[Cells, Mask]:
        """Return one column, read and with its defaults, and the rows that it makes unusable."""
        result = self._cells(cells, column)
        values, breaches = rules.codes(result.values, column)
        breaches += [self._unreadable(result, column), *rules.beyond(values, column)]
        broken = np.logical_or.reduce([breach.rows for breach in breaches])
        values = self._filled(values, column, broken)
        if column.required:
            lacking = rules.empty(values, column)
            breaches.append(replace(lacking, rows=lacking.rows & ~broken))
        for breach in breaches:
            broken = broken | self._report(breach, cells)
        for note in result.notes:
            if note.rows is None:
                self._whole(note.message, "flagged", column.name)
            else:
                self._report(rules.Breach(column.name, note.rows, note.message), cells, "flagged")
        return replace(result, values=values), broken

    def _second_passing(self, late: Cells, early: pd.Series) -> pd.Series:
        """Take times of a repeated hour as its second passing where they would precede what they follow."""
        if late.repeated_hour is None or late.after_repeat is None:
            return late.values
        second = late.after_repeat.reindex(late.values.index)
        later = late.repeated_hour & ((late.values < early) & (second >= early)).to_numpy(bool)
        return late.values.mask(later, second)

    def _kept(self, values: dict[str, pd.Series], rows: pd.Index, bad: Mask) -> pd.DataFrame:
        """Return the usable rows with every column of the spec; `values` is used up, to hold less at once."""
        kept, at = rows, None
        if bad.any():
            at = np.flatnonzero(~bad)
            kept = rows.take(at)
        table = {}
        nothing = {  # one for each dtype, shared by all columns that did not come
            dtype: pd.Series(pd.array([None], dtype=dtype))
            .take(np.zeros(len(kept), dtype="int64"))
            .set_axis(kept)
            for dtype in {DTYPES[column.type] for column in self.spec.columns if column.name not in values}
        }
        for column in self.spec.columns:
            if column.name not in values:
                table[column.name] = self._absent(column, nothing[DTYPES[column.type]])
            else:
                whole = values.pop(column.name)
                table[column.name] = whole if at is None else whole.take(at)
        return pd.DataFrame(table, index=kept, copy=False)

    def _cells(self, cells: pd.Series, column: ColumnSpec) -> Cells:
        if cells.dtype == object and column.type not in ("timestamp", "date"):
            cells = plain(cells)
        elif isinstance(cells.dtype, pd.CategoricalDtype):
            cells = cells.astype(cells.cat.categories.dtype)
        how = replace(self.how, time_zone=self.how.time_zone or self.client.time_zone)
        return READERS[column.type](cells, how)

    def _unreadable(self, result: Cells, column: ColumnSpec) -> rules.Breach:
        message = f'"{{value}}" {ACCEPTED[column.type]}'
        undecided, cannot = result.undecided, f"{column.name} cannot be read"
        if undecided is None or not undecided.any():
            return rules.Breach(column.name, result.unreadable, message, rule=cannot)
        open_ = '"{value}" can be read with the day or the month first. Write it as 2024-06-01'
        return rules.Breach(
            column.name, result.unreadable,
            [open_ if either else message for either in undecided[result.unreadable]], rule=cannot,
        )  # fmt: skip

    def _default(self, column: ColumnSpec) -> str:
        if column.default in FROM_CLIENT:
            return str(getattr(self.client, FROM_CLIENT[column.default]))
        return column.default

    def _absent(self, column: ColumnSpec, nothing: pd.Series) -> pd.Series:
        """Return a column that did not come: its default, or unknown in every row."""
        return self._filled(nothing, column, np.zeros(len(nothing), dtype=bool))

    def _filled(self, values: pd.Series, column: ColumnSpec, broken: Mask) -> pd.Series:
        default = self._default(column)
        if not default:
            return values
        lacking = values.isna().to_numpy(bool) & ~broken
        number = int(lacking.sum())
        if not number:
            return values
        filler = self._cells(pd.Series([default], dtype="str"), column).values.iloc[0]
        of = "every row" if number == len(values) else f"{number:,} of {self.came:,} rows"
        said = " (said in client.yaml)" if column.default in FROM_CLIENT else ""
        self._whole(f'is empty in {of}; "{default}"{said} stands there', "assumed", column.name)
        if number == len(values):
            return (
                pd.Series(pd.array([filler], dtype=DTYPES[column.type]))
                .take([0] * number)
                .set_axis(values.index)
            )
        return values.mask(lacking, filler)

    def _key_text(self, breach: rules.Breach, came: pd.DataFrame) -> pd.Series:
        names = [name for name in breach.column.split(", ") if name in came.columns]
        text = pd.Series([""] * len(self.frame), index=self.frame.index, dtype="str")
        for name in names:
            cells = _texts(came[name].reindex(self.frame.index[breach.rows]))
            text = text + cells.reindex(text.index).fillna("") + (", " if name != names[-1] else "")
        return text

    # References between tables

    def references(self, known: Mapping[str, Mapping[str, pd.Index]]) -> None:
        """Flag what refers to nobody: one problem for each name, with the number of its rows."""
        for column in self.spec.columns:
            table, _, target = column.references.partition(".")
            if not table or column.name not in self.frame.columns:
                continue
            names = known.get(table, {}).get(target)
            if names is None or not len(names):
                continue
            values = self.frame[column.name]
            nobody = rules.dangling(values, names)
            if not nobody:
                continue
            lost = values[values.isin(nobody)]
            first = lost.drop_duplicates()
            counts = lost.value_counts()
            messages = [
                f'"{name}" is in no row of {table}; {_rows(int(counts[name]))} here say it. '
                f"Add it to {table}, or correct it"
                for name in first
            ]
            self.problems.append(
                problem_rows(
                    self.spec.name,
                    *located(first.index, self.parts),
                    column.name,
                    first,
                    messages,
                    "flagged",
                    "consistency",
                    f"{column.name} {rules.NOBODY} {table}",
                )
            )

    # Saying it

    def _report(self, breach: rules.Breach, shown: pd.Series, severity: Severity = "set aside") -> Mask:
        if breach.rows.any():
            values = _texts(shown[breach.rows])
            self.problems.append(
                problem_rows(
                    self.spec.name, *located(values.index, self.parts), breach.column, values,
                    breach.messages, severity, breach.dimension, breach.rule,
                )
            )  # fmt: skip
        return breach.rows

    def _whole(self, message: str, severity: Severity, column: str = "") -> None:
        files = " and ".join(dict.fromkeys(part.file for part in self.parts))
        self.problems.append(
            problem_rows(self.spec.name, files, [None], column, message=message, severity=severity)
        )


def _texts(cells: pd.Series) -> pd.Series:
    if isinstance(cells.dtype, pd.StringDtype):
        return cells.fillna("")
    return cells.astype("object").where(cells.notna(), "").map(str).astype("str")


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def _all_ahead(raw: Raw, name: str, days: Period) -> pd.DataFrame:
    """Return the problem that a table tells of days to come alone; answers are used all the same."""
    files = " and ".join(part.file for part in raw.files.get(name, ()))
    message = f"{AHEAD} ({days}). Is the year right?"
    severity: Severity = "flagged" if name in ANSWERED else "unusable"
    return problem_rows(name, files, [None], message=message, severity=severity)


def _no_such_table(raw: Raw, name: str) -> pd.DataFrame:
    files = " and ".join(part.file for part in raw.files.get(name, ()))
    message = f'"{name}" is not a table and is not used. {suggestion(name, table_specs())}'
    return problem_rows(name, files, [None], message=message, severity="flagged")
