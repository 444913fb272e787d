"""How does a client's own export become a table, given its mapping?

What cannot be read is reported with the file, row and column of the client's own file, because that is
where somebody has to look. Cells that need no conversion pass as they came: validation reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from zoneinfo import available_timezones

import numpy as np
import pandas as pd

from workbench.errors import DataError, suggestion
from workbench.intake import convert
from workbench.intake.dataset import Severity
from workbench.intake.files import read_file
from workbench.intake.mapping import FILE_NAME, ColumnMapping, Mapping, TableMapping
from workbench.intake.source import Conventions, Raw, joined_problems, problem_rows, sha256, stacked
from workbench.intake.spec import ColumnSpec, table_spec
from workbench.intake.text_file import FileTable

NOUNS = {"timestamp": "a time", "date": "a day", "seconds": "a duration", "fraction": "a share"}


def read_mapped(folder: Path, mapping: Mapping) -> Raw:
    """Read every file of `folder` that `mapping` names, several of them into one table where it says so.

    Nothing is raised for what is wrong in the files: it is among the problems.
    """
    problems: list[pd.DataFrame] = []
    exports: dict[str, list[tuple[TableMapping, str, pd.DataFrame]]] = {}
    inputs: dict[str, str] = {}
    rows_read: dict[str, int] = {}
    for entry in mapping.tables:
        problems.append(unconfirmed_problems(entry))
        for path in _files(folder, entry):
            file = path.relative_to(folder).as_posix()
            try:
                read = read_file(
                    path, sheet=entry.sheet, header_row=entry.header_row,
                    encoding=entry.encoding, delimiter=entry.delimiter,
                )  # fmt: skip
            except DataError as error:
                problems.append(_whole(entry.table, file, "", str(error), "unusable"))
                continue
            inputs[file] = sha256(path)
            exports.setdefault(entry.table, []).append((entry, file, read.frame))
            problems += _of_the_file(entry.table, file, read)
            rows_read[entry.table] = rows_read.get(entry.table, 0) + read.rows_read
        if not any(used is entry for used, _, _ in exports.get(entry.table, [])):
            names = ", ".join(entry.files)
            problems.append(
                _whole(entry.table, FILE_NAME, "", f"No readable file is called {names}. Put it beside "
                       f"{FILE_NAME}, or correct the name there.", "flagged")
            )  # fmt: skip
    tables, parts, conventions = {}, {}, {}
    for table, members in exports.items():
        zones = {entry.time_zone for entry, _, _ in members}
        one_zone = len(zones) == 1
        frames = []
        for entry, file, export in members:
            rows, wrong = apply_mapping(entry, export, file, convert_zone=not one_zone)
            problems.append(wrong)
            if not len(rows.columns):
                continue
            frames.append((file if entry.sheet is None else f"{file}[{entry.sheet}]", rows))
        if not frames:
            continue
        tables[table], parts[table] = stacked(frames)
        marks = {entry.decimal for entry, _, _ in members}
        conventions[table] = Conventions(
            time_zone=zones.pop() if one_zone else None, decimal=marks.pop() if len(marks) == 1 else None
        )
    return Raw(
        source="mapping",
        client=None,
        tables=tables,
        problems=joined_problems(problems),
        inputs=inputs,
        rows_read=rows_read,
        files=parts,
        conventions=conventions,
        headers={table: _headers(members) for table, members in exports.items()},
    )


def apply_mapping(
    entry: TableMapping, export: pd.DataFrame, file: str, *, convert_zone: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn one export into rows of ``entry.table``.

    Parameters
    ----------
    entry : what mapping.yaml says of this file.
    export : its cells as they came, text or typed; the index counts rows as a spreadsheet does.
    file : its name, for the problems.
    convert_zone : turn times into UTC here, because other files of the table have another zone.

    Returns
    -------
    the rows with the columns that could be mapped (converted durations in seconds, converted shares as
    fractions, times still without their zone), without those of which a required column cannot be
    read; and the problems. No column at all where a required one is not in the file.
    """
    spec = table_spec(entry.table)
    problems = [_new_columns(entry, export, file)]
    table = pd.DataFrame(index=export.index)
    unusable = pd.Series(False, index=export.index)
    read: dict[tuple[object, str], pd.Series] = {}
    for name, mapped in entry.columns.items():
        column = spec.column(name)
        lacking = [source for source in mapped.sources() if source not in export.columns]
        if lacking:
            problems += [_column_absent(entry, column, source, export, file) for source in lacking]
            if column.required:
                return pd.DataFrame(index=export.index), joined_problems(problems)
            continue
        values, bad = _column(entry, column, mapped, export, read)
        start = table.get(mapped.next_day_if_before) if mapped.next_day_if_before else None
        if start is not None:
            values = values.where(~(values < start), values + pd.Timedelta(days=1))
        table[name] = values
        source = _named(mapped) or name
        severity: Severity = "set aside" if column.required else "flagged"
        lost = _cannot_be_read(entry, column, mapped)
        problems.append(problem_rows(entry.table, file, bad.index, source, bad, lost, severity))
        new = _new_codes(mapped, export)
        problems.append(
            problem_rows(entry.table, file, new.index, source, new,
                         f'"{{value}}" is not among the codes that {FILE_NAME} explains. Add what it means.')
        )  # fmt: skip
        if column.required:
            unusable |= unusable.index.isin(bad.index)
    if entry.time_zone_column is not None or convert_zone:
        for name in table.columns:
            if spec.column(name).type == "timestamp" and pd.api.types.is_datetime64_any_dtype(table[name]):
                table[name] = to_utc(table[name], _zones(entry, export))
    return table[~unusable], joined_problems(problems)


def unconfirmed_problems(entry: TableMapping) -> pd.DataFrame:
    """Return one problem for each column that nobody has confirmed yet."""
    frames = []
    for name, mapped in entry.columns.items():
        if mapped.confirmed:
            continue
        sure = "" if mapped.confidence is None else f" with a confidence of {mapped.confidence:.2f}"
        why = f" ({mapped.why})" if mapped.why else ""
        message = (
            f"{_named(mapped)} is taken for {name}{sure}{why}. Look at it, correct {FILE_NAME} if it is "
            "wrong, and set confirmed: true."
        )
        frames.append(_whole(entry.table, FILE_NAME, _named(mapped), message, "assumed"))
    return joined_problems(frames)


def to_utc(times: pd.Series, zones: pd.Series) -> pd.Series:
    """Return times without an offset, in the zones named beside them, in UTC.

    An hour that the clocks skip is moved on by the length of the gap; of an hour that they repeat the
    first one is taken, because an export without offsets cannot say which one it was.
    """
    if isinstance(times.dtype, pd.DatetimeTZDtype):
        return times.dt.tz_convert("UTC")
    whole = pd.Series(pd.NaT, index=times.index, dtype="datetime64[us, UTC]")
    for zone in zones.unique():
        here = zones == zone
        local = times[here].dt.tz_localize(
            zone, ambiguous=np.ones(int(here.sum()), dtype=bool), nonexistent="shift_forward"
        )
        whole.loc[here] = local.dt.tz_convert("UTC").astype("datetime64[us, UTC]")
    return whole


def _headers(members: Sequence[tuple[TableMapping, str, pd.DataFrame]]) -> dict[str, str]:
    """Return what each column of a table is called in the exports; two names where they differ."""
    own: dict[str, list[str]] = {}
    for entry, _, _ in members:
        for name, mapped in entry.columns.items():
            if said := _named(mapped):
                own.setdefault(name, []).append(said)
    return {name: " or ".join(dict.fromkeys(said)) for name, said in own.items()}


def _of_the_file(table: str, file: str, read: FileTable) -> list[pd.DataFrame]:
    noted = [_whole(table, file, "", f"{note[0].upper()}{note[1:]}.", "flagged") for note in read.notes]
    broken = [
        problem_rows(table, file, [row], "", [said], f"The row {why}. It is not used.", "set aside")
        for row, said, why in read.broken
    ]
    return [*noted, *broken]


def _files(folder: Path, entry: TableMapping) -> list[Path]:
    found: dict[str, Path] = {}
    for pattern in entry.files:
        if PurePosixPath(pattern).is_absolute() or ".." in PurePosixPath(pattern).parts:
            continue  # a mapping reads inside its own folder only
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                found.setdefault(path.as_posix(), path)
    return [found[name] for name in sorted(found)]


def _column(
    entry: TableMapping,
    column: ColumnSpec,
    mapped: ColumnMapping,
    export: pd.DataFrame,
    read: dict[tuple[object, str], pd.Series],
) -> tuple[pd.Series, pd.Series]:
    """Return the values of one column, and the cells that could not be read (own text, own rows).

    `read` keeps the times that were read already: a start serves several columns.
    """
    nothing = pd.Series(dtype=object)
    if mapped.source is None:
        return pd.Series(mapped.value, index=export.index), nothing
    cells = _decoded(_cells(mapped.source, export), mapped.codes)
    date_format = mapped.date_format or entry.date_format
    computed = bool(mapped.plus) or mapped.divided_by is not None
    zoned = entry.time_zone_column is not None or mapped.next_day_if_before is not None
    unit = mapped.unit
    match column.type:
        case "timestamp" | "date" if date_format or computed or zoned:
            values = read.get((mapped.source, date_format))
            if values is None or mapped.codes:
                values = read[mapped.source, date_format] = convert.times(cells, date_format)
        case "seconds" if unit is not None or computed:
            values = convert.seconds(cells, unit or "seconds", entry.decimal)
        case "fraction" if unit is not None or computed:
            values = convert.fraction(cells, unit or "fraction", entry.decimal)
        case "number" | "count" | "money" if computed:
            values = convert.number(cells, entry.decimal)
        case _:
            return cells.where(_condition(mapped, export)), nothing
    bad = cells[convert.unreadable(cells, values)]
    for added in mapped.plus:
        amount = convert.seconds(export[added.source], added.unit, entry.decimal)
        further = export[added.source][convert.unreadable(export[added.source], amount)]
        bad = pd.concat([bad, further[~further.index.isin(bad.index)]])
        values = values + (pd.to_timedelta(amount, unit="s") if column.type == "timestamp" else amount)
    if mapped.divided_by is not None:
        values = values / convert.number(export[mapped.divided_by], entry.decimal).replace(0.0, np.nan)
    keep = _condition(mapped, export)
    return values.where(keep), bad[bad.index.isin(values.index[keep])]


def _cells(source: str | tuple[str, ...], export: pd.DataFrame) -> pd.Series:
    return export[source] if isinstance(source, str) else convert.joined(export, source)


def _decoded(cells: pd.Series, codes: dict[str, str]) -> pd.Series:
    if not codes:
        return cells
    meaning = {code.casefold(): word for code, word in codes.items()}
    written = convert.text(cells)
    known = written.str.casefold().map(meaning)
    return known.where(known.notna(), written)


def _new_codes(mapped: ColumnMapping, export: pd.DataFrame) -> pd.Series:
    if not mapped.codes or mapped.source is None:
        return pd.Series(dtype=object)
    written = convert.text(_cells(mapped.source, export))
    known = {code.casefold() for code in mapped.codes} | {word.casefold() for word in mapped.codes.values()}
    return written[(written != "") & ~written.str.casefold().isin(known)]


def _condition(mapped: ColumnMapping, export: pd.DataFrame) -> pd.Series:
    keep = pd.Series(True, index=export.index)
    for source, wanted in mapped.only_if.items():
        keep &= _as_codes(export[source]).isin([word.casefold() for word in wanted])
    for source, unwanted in mapped.unless.items():
        keep &= ~_as_codes(export[source]).isin([word.casefold() for word in unwanted])
    return keep


def _as_codes(cells: pd.Series) -> pd.Series:
    return convert.text(cells).str.casefold()


def _zones(entry: TableMapping, export: pd.DataFrame) -> pd.Series:
    default = entry.time_zone or "UTC"
    if entry.time_zone_column is None or entry.time_zone_column not in export.columns:
        return pd.Series(default, index=export.index)
    zones = convert.text(export[entry.time_zone_column])
    return zones.where(zones.isin(available_timezones()), default)


def _named(mapped: ColumnMapping) -> str:
    return " + ".join(dict.fromkeys(mapped.sources()))


def _cannot_be_read(entry: TableMapping, column: ColumnSpec, mapped: ColumnMapping) -> str:
    noun = NOUNS.get(column.type, "a number")
    if column.type in ("timestamp", "date"):
        written = mapped.date_format or entry.date_format or "%Y-%m-%d %H:%M:%S"
        advice = f"Expected: {written}; correct the cell, or date_format in {FILE_NAME}."
    else:
        advice = (
            f"Expected: {mapped.unit or column.unit or 'a number'}; correct the cell, or unit in {FILE_NAME}."
        )
    lost = " The row is not used." if column.required else " It is left empty."
    return f'"{{value}}" cannot be read as {noun} for {column.name}. {advice}{lost}'


def _new_columns(entry: TableMapping, export: pd.DataFrame, file: str) -> pd.DataFrame:
    known = entry.sources()
    new = [str(c) for c in export.columns if c not in known and (convert.text(export[c]) != "").any()]
    message = (
        f"is new: {FILE_NAME} does not say what it is, so it is not used. Map it, or list it under not_used."
    )
    return joined_problems([_whole(entry.table, file, name, f"{name} {message}", "flagged") for name in new])


def _column_absent(
    entry: TableMapping, column: ColumnSpec, source: str, export: pd.DataFrame, file: str
) -> pd.DataFrame:
    message = (
        f"{source} is not in this file, and {FILE_NAME} takes {column.name} from it. "
        + suggestion(source, [str(name) for name in export.columns])
        + (" Without it no row can be used." if column.required else "")
    )
    return _whole(entry.table, file, source, message, "unusable" if column.required else "flagged")


def _whole(table: str, file: str, column: str, message: str, severity: Severity) -> pd.DataFrame:
    return problem_rows(table, file, [None], column, message=message, severity=severity)


def files_named(mapping: Mapping, folder: Path) -> Iterable[Path]:
    """Yield the files of `folder` that `mapping` reads, so that nobody reads them a second time."""
    for entry in mapping.tables:
        yield from _files(folder, entry)
