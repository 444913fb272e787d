"""How does a client folder become tables?

A folder holds client.yaml, one file for each table (any may be missing), or exports of the client's own
with mapping.yaml; answers.yaml; and what is not a table: judgements.yaml, commentary.md, actions.csv,
efforts.yaml, switch.yaml, reviews/. A single file with the columns of a table is a client of its own.
"""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from workbench.errors import DataError, suggestion
from workbench.intake import answers, client_file, rules
from workbench.intake.client import Client
from workbench.intake.dataset import Part, Severity
from workbench.intake.files import KINDS, kind_of, read_file, sheet_names, stem_of
from workbench.intake.lines import first_line
from workbench.intake.mapped import files_named, read_mapped
from workbench.intake.mapping import load_mapping
from workbench.intake.source import (
    SOURCES,
    LogSource,
    Raw,
    files_of,
    joined_problems,
    problem_rows,
    sha256,
    stacked,
)
from workbench.intake.spec import TableSpec, table_specs
from workbench.intake.text_file import FileTable
from workbench.intake.yaml_file import load_yaml, plain

MAPPING, JUDGEMENTS, COMMENTARY, ACTIONS, REVIEWS, REPORT, EFFORTS, SWITCH = (
    "mapping.yaml", "judgements.yaml", "commentary.md", "actions.csv", "reviews", "report", "efforts.yaml",
    "switch.yaml",
)  # fmt: skip
OWN = (
    client_file.FILE_NAME, MAPPING, answers.FILE_NAME, JUDGEMENTS, COMMENTARY, ACTIONS, REVIEWS, REPORT, EFFORTS,
    SWITCH,
)  # fmt: skip
NOT_DATA = ("readme", "blank", "license", "expected.yaml", "request", "thumbs.db", "desktop.ini", "~$")
"""How the names of files begin that lie in a folder and are nobody's data."""

ANSWERED = tuple(entry[1] for entry in answers.LISTS.values())
"""Tables that answers.yaml fills, and that may come as a file of their own beside it."""

TYPED_AT_ONCE = ("timestamp", "date", "seconds", "number", "count", "fraction", "money", "flag")


class Folder:
    """A client folder, or one table of it."""

    name = "folder"
    title = "a client folder, or a file with the columns of one table"

    def accepts(self, path: Path) -> bool:
        """Say whether `path` is a folder, or a file named and headed like a table."""
        if path.is_dir():
            return True
        spec = table_specs().get(stem_of(path).casefold()) if kind_of(path) else None
        if spec is None or kind_of(path) == ".parquet":
            return spec is not None
        if kind_of(path) in (".xlsx", ".xlsm"):
            heads = {rules.header(cell) for cell in _first_row(path)}
        else:
            heads = {rules.header(cell.strip('"')) for cell in _cells(first_line(path))}
        needed = {column.name.casefold() for column in spec.columns if column.required and not column.default}
        return not heads or needed <= heads

    def read(self, path: Path) -> Raw:
        """Read everything in the folder; what is wrong with one file leaves the others."""
        if not path.is_dir():
            reading = _Reading(path.parent, client_file.client_of(stem_of(path)))
            reading.tables([path])
            return reading.raw()
        reading = _Reading(path, None)
        entries = sorted(entry for entry in path.iterdir() if not entry.name.startswith("."))
        reading.about_the_client()
        reading.mapped()
        reading.logs([entry for entry in entries if entry.name not in reading.used])
        reading.tables([entry for entry in entries if entry.name not in reading.used])
        reading.answers()
        reading.whatever_else()
        return reading.raw()


SOURCE = Folder()


def _first_row(path: Path) -> list[str]:
    """Return the heads of the first sheet of a workbook; none where it cannot be opened."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception:  # whatever is wrong with it, reading it says so
        return []
    try:
        row = next(book.worksheets[0].iter_rows(max_row=1, values_only=True), ())
        return [str(cell) for cell in row if cell is not None]
    finally:
        book.close()


def _cells(line: str) -> list[str]:
    return line.replace(";", ",").replace("\t", ",").replace("|", ",").split(",")


@dataclass
class _Reading:
    """One folder while it is read."""

    folder: Path
    client: Client | None
    problems: list[pd.DataFrame] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    found: dict[str, list[tuple[str, FileTable]]] = field(default_factory=dict)
    extras: dict[str, object] = field(default_factory=dict)
    used: set[str] = field(default_factory=lambda: set(OWN))
    others: list[Raw] = field(default_factory=list)
    """What mapping.yaml and the logs of known systems gave."""

    def problem(
        self, table: str, file: str, message: str, severity: Severity = "unusable", row: int | None = None
    ) -> None:
        self.problems.append(problem_rows(table, file, [row], message=message, severity=severity))

    def about_the_client(self) -> None:
        path = self.folder / client_file.FILE_NAME
        if not path.exists():
            self.client = client_file.client_of(self.folder.resolve().name)
            return
        try:
            self.client = client_file.read_client_file(path)
        except DataError as error:
            for line in str(error).splitlines():
                self.problem("client", path.name, _without(line, path.name))
        if path.is_file():
            self.inputs[path.name] = sha256(path)

    def mapped(self) -> None:
        """Read the client's own exports, as mapping.yaml says."""
        path = self.folder / MAPPING
        if not path.exists():
            return
        try:
            mapping = load_mapping(path)
        except (DataError, OSError) as error:
            for line in str(error).splitlines():
                self.problem("mapping", path.name, _without(line, path.name))
            return
        self.inputs[path.name] = sha256(path)
        self.others.append(read_mapped(self.folder, mapping))
        self.used |= {found.name for found in files_named(mapping, self.folder)}

    def logs(self, paths: list[Path]) -> None:
        """Read the files that are logs of a known system; several of one system are one delivery."""
        of_source: dict[str, list[Path]] = {}
        for path in paths:
            accepting = [source.name for source in SOURCES if source is not SOURCE and source.accepts(path)]
            if len(accepting) > 1:
                names = " and ".join(accepting)
                self.problem("", path.name, f"the sources {names} all accept it. Narrow one of them.")
            elif accepting:
                of_source.setdefault(accepting[0], []).append(path)
            if accepting:
                self.used.add(path.name)
        for name, files in of_source.items():
            source = SOURCES.get(name)
            try:
                raw = source.read_all(files) if isinstance(source, LogSource) else source.read(files[0])
            except DataError as error:
                self.problem("", files[0].name, _without(str(error), files[0].name))
                continue
            self._log(raw)

    def _log(self, raw: Raw) -> None:
        """Take in a log; who the client is, client.yaml says better than the log, if it is there."""
        if raw.client is not None and not (self.folder / client_file.FILE_NAME).exists():
            assert self.client is not None
            self.client = raw.client.model_copy(update={"id": self.client.id, "name": self.client.name})
        elif self.client is not None:
            of_the_data = raw.problems.loc[raw.problems["severity"] == "assumed", "message"]
            assumed = dict.fromkeys([*self.client.assumed, *map(str, of_the_data)])
            self.client = self.client.model_copy(update={"assumed": tuple(assumed)})
        self.others.append(raw)

    def tables(self, paths: list[Path]) -> None:
        """Read every file that is called like a table, and every sheet of a workbook that is."""
        for path in paths:
            stem = stem_of(path).casefold()
            if not kind_of(path):
                if path.name.casefold() in table_specs():
                    self.problem(path.name.casefold(), path.name, _is_no_file(path))
                elif not path.name.casefold().startswith(NOT_DATA):
                    self._unknown(path)
                continue
            try:
                sheets = self._sheets(path, stem)
                if not sheets:
                    self._unknown(path)
                    continue
                for name, sheet in sheets.items():
                    self._table(name, path, sheet)
            except DataError as error:
                self.problem(
                    stem if stem in table_specs() else "", path.name, _without(str(error), path.name)
                )
            if path.is_file():
                self.inputs[path.name] = sha256(path)

    def _sheets(self, path: Path, stem: str) -> dict[str, str | None]:
        """Return the tables in a file, and for each its sheet."""
        if not kind_of(path).startswith(".xls"):
            return {stem: None} if stem in table_specs() else {}
        names = sheet_names(path)
        sheets: dict[str, str | None] = {
            name.strip().casefold(): name for name in names if name.strip().casefold() in table_specs()
        }
        return sheets or ({stem: names[0]} if stem in table_specs() else {})

    def _table(self, name: str, path: Path, sheet: str | None) -> None:
        spec = table_specs()[name]
        table = read_file(path, sheet=sheet, inferred=lambda header: _typed(spec, header))
        file = path.name if sheet is None else f"{path.name}[{sheet}]"
        self._note(name, file, table)
        self.found.setdefault(name, []).append((file, table))

    def _note(self, table: str, file: str, read: FileTable) -> None:
        for note in read.notes:
            self.problem(table, file, note, "flagged")
        if read.broken:
            rows, texts, messages = zip(*read.broken, strict=True)
            self.problems.append(problem_rows(table, file, rows, "", texts, messages, "set aside"))

    def _unknown(self, path: Path) -> None:
        near = suggestion(stem_of(path), table_specs()) if kind_of(path) else suggestion(path.name, OWN)
        help_ = near if near.startswith("Did") else "No table is called so."
        self.problem(
            "",
            path.name,
            f"is not used. {help_} A file of your own goes in through: workbench map",
            "flagged",
        )

    def answers(self) -> None:
        path = self.folder / answers.FILE_NAME
        if not path.exists():
            return
        try:
            tables, wrong = answers.read_answers(path)
        except DataError as error:
            self.problem("survey", path.name, _without(str(error), path.name))
            return
        self.inputs[path.name] = sha256(path)
        for line, message in wrong:
            self.problem("survey", path.name, message, "flagged", line)
        for table, rows in tables.items():
            self.found.setdefault(table, []).append((path.name, FileTable(rows)))

    def whatever_else(self) -> None:
        """Take in what is not a table: judgements, commentary, actions, released reviews."""
        for name, read in (
            (JUDGEMENTS, lambda path: plain(load_yaml(path, "judgements"))),
            (COMMENTARY, lambda path: path.read_text(encoding="utf-8-sig")),
            (ACTIONS, lambda path: read_file(path).frame),
            (EFFORTS, lambda path: plain(load_yaml(path, "what repairs take"))),
            (SWITCH, lambda path: plain(load_yaml(path, "what is known of a switch"))),
        ):
            path = self.folder / name
            if path.exists():
                self._extra(path, name.partition(".")[0], read)
        reviews = self.folder / REVIEWS
        if reviews.is_dir():
            self.extras["reviews"] = {}
            for path in sorted([*reviews.glob("*.json"), *reviews.glob("*.json.gz")]):
                self._review(path)

    def _extra(self, path: Path, key: str, read: object) -> None:
        assert callable(read)
        try:
            self.extras[key] = read(path)
            self.inputs[path.name] = sha256(path)
        except (DataError, OSError, UnicodeDecodeError) as error:
            said = _without(str(error), path.name) if isinstance(error, DataError) else "is not UTF-8 text."
            self.problem("", path.name, said, "flagged")

    def _review(self, path: Path) -> None:
        file = f"{REVIEWS}/{path.name}"
        released = self.extras["reviews"]
        assert isinstance(released, dict)
        try:
            content = path.read_bytes()
            text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
            released[path.name.removesuffix(".gz").removesuffix(".json")] = json.loads(text)
            self.inputs[file] = sha256(path)
        except (ValueError, OSError, EOFError, zlib.error):
            self.problem("", file, "is not a released review. Take it away, or release it again.", "flagged")

    def raw(self) -> Raw:
        """Return all that was read."""
        tables: dict[str, pd.DataFrame] = {}
        files: dict[str, tuple[Part, ...]] = {}
        rows_read: dict[str, int] = {}
        elsewhere = {name: files_of(raw, name) for raw in self.others for name in raw.tables}
        for name, found in self.found.items():
            names = " and ".join([*(file for file, _ in found), *filter(None, [elsewhere.get(name)])])
            if name not in ANSWERED and (len(found) > 1 or name in elsewhere):
                self.problem(name, names, _twice(name, names))
                continue
            tables[name], files[name] = stacked([(file, table.frame) for file, table in found])
            rows_read[name] = sum(table.rows_read for _, table in found)
        given = [name for raw in self.others for name in raw.tables]
        for name in sorted({name for name in given if given.count(name) > 1} - set(self.found)):
            names = " and ".join(files_of(raw, name) for raw in self.others if name in raw.tables)
            self.problem(name, names, _twice(name, names))
        twice = {name for name in given if name in self.found or given.count(name) > 1}
        own = Raw(
            source="folder", client=self.client, tables=tables, problems=joined_problems(self.problems),
            inputs=dict(sorted(self.inputs.items())), rows_read=rows_read, files=files, extras=self.extras,
        )  # fmt: skip
        for raw in self.others:
            kept = {name: table for name, table in raw.tables.items() if name not in twice}
            own = own.joined(replace(raw, tables=kept))
        return own


def _typed(spec: TableSpec, header: str) -> bool:
    own = rules.renamed([header], spec).get(header)
    return own is not None and spec.column(own).type in TYPED_AT_ONCE


def _twice(table: str, names: str) -> str:
    return (
        f"the table {table} comes twice, from {names}, and none of them is used. Take one away, or name both "
        f"under one table in {MAPPING}."
    )


def _is_no_file(path: Path) -> str:
    ending = "is a folder where a file should be" if path.is_dir() else "has no ending that says what it is"
    return f"{ending}. Accepted: {path.name.casefold()} with {', '.join(KINDS)}."


def _without(message: str, file: str) -> str:
    """Return a message without the file's name in front, which the problem carries already."""
    return message.strip().removeprefix(file).lstrip(":, ")
