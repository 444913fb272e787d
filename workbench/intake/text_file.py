"""How does a text file become rows, whatever its encoding, separator and line ends?

Clean UTF-8 goes straight through pyarrow. Anything else (other encodings, blank lines, rows of another
length) is first written anew in memory, with the row numbers of the file kept, and then goes the same way.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.errors import DataError
from workbench.intake.cells import NOTHING, in_any_case
from workbench.intake.lines import is_gzipped

DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class FileTable:
    """The rows of one file.

    Attributes
    ----------
    frame : its cells as they came; its index, named "row", is the row as a spreadsheet counts.
    notes : what was done to read it and should be known.
    broken : rows of the wrong length: row, its text, and what is wrong; they are not in `frame`.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    broken: tuple[tuple[int, str, str], ...] = ()

    @property
    def rows_read(self) -> int:
        """Rows that came, the broken ones included."""
        return len(self.frame) + len(self.broken)


def arrow_frame(table: Any, rows: pd.Index | None = None) -> pd.DataFrame:
    """Return an arrow table as a frame, indexed by the row of the file; `table` is used up."""
    import pyarrow as pa

    for at, field in enumerate(table.schema):
        if pa.types.is_time(field.type):
            table = table.set_column(at, field.name, table.column(at).cast(pa.string()))
    frame = table.to_pandas(ignore_metadata=True, date_as_object=False, split_blocks=True, self_destruct=True)
    frame.index = pd.RangeIndex(2, 2 + len(frame), name="row") if rows is None else rows
    pa.default_memory_pool().release_unused()
    return frame


def read_text_file(
    path: Path,
    header_row: int,
    encoding: str | None,
    delimiter: str | None,
    inferred: Callable[[str], bool] | None,
) -> FileTable:
    """Read a text file; the parameters are those of files.read_file."""
    gzipped = is_gzipped(path)
    with gzip.open(path) if gzipped else path.open("rb") as handle:
        start = handle.read(65_536)
    if not start.strip(b"\xef\xbb\xbf \r\n\t"):
        raise DataError(f"{path.name}: holds nothing but blanks. Export it again, or take it away.")
    clean = encoding is None and header_row == 1 and not start.startswith((b"\xff\xfe", b"\xfe\xff", b"sep="))
    if clean:
        source: object = io.BytesIO(gzip.decompress(path.read_bytes())) if gzipped else path
        table = _straight(source, path.name, start, delimiter, inferred)
        if table is not None:
            return table
    with gzip.open(path) if gzipped else path.open("rb") as handle:
        text, notes = _decoded(handle.read(), encoding, path.name)
    return _mended(text, path.name, header_row, delimiter, inferred, notes)


def _straight(
    source: object, name: str, start: bytes, delimiter: str | None, inferred: Callable[[str], bool] | None
) -> FileTable | None:
    """Read clean UTF-8; None where something in it needs mending."""
    try:
        if (
            b"\n" in start
        ):  # the header must be clean as well; behind the last line end a sign may be cut in two
            start = start[: start.rindex(b"\n")]
        lines = start.decode("utf-8-sig").splitlines()
        if not lines or not lines[0].strip() or '"' in lines[0]:
            return None
        delimiter = delimiter or _delimiter(lines[0])
        names, notes = headers(lines[0].split(delimiter), name)
        table = _arrow(source, len(lines[0].split(delimiter)), names, delimiter, inferred)
    except (_NeedsMending, UnicodeDecodeError):
        return None
    return FileTable(_named(arrow_frame(table), names), notes)


class _NeedsMending(Exception):
    """The text is not clean enough to go straight through."""


def _arrow(
    source: object, width: int, names: dict[int, str], delimiter: str, inferred: Callable[[str], bool] | None
) -> Any:
    """Parse all rows below the header row; columns are called by their place."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    places = [str(at) for at in range(width)]
    kept = [str(at) for at in names]
    typed = {str(at): pa.string() for at, header in names.items() if inferred is None or not inferred(header)}
    try:
        table = arrow_csv.read_csv(
            source,
            read_options=arrow_csv.ReadOptions(column_names=places, skip_rows=1, block_size=1 << 23),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=typed,
                include_columns=kept,
                null_values=in_any_case(NOTHING),
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV file" in str(error):
            return pa.table({place: pa.array([], pa.string()) for place in kept})
        raise _NeedsMending from None
    if any(pa.types.is_binary(field.type) for field in table.schema):
        raise _NeedsMending
    return table


def _named(frame: pd.DataFrame, names: dict[int, str]) -> pd.DataFrame:
    frame.columns = pd.Index(list(names.values()))
    return frame


def _delimiter(line: str) -> str:
    return max(DELIMITERS, key=lambda mark: (line.count(mark), -DELIMITERS.index(mark)))


def headers(cells: list[str], file: str) -> tuple[dict[int, str], tuple[str, ...]]:
    """Return the named columns by place, and a note on each one that is named twice."""
    names: dict[int, str] = {}
    notes = []
    for at, cell in enumerate(cells):
        name = cell.strip().strip('"').strip()
        if not name:
            continue
        if name.casefold() in {known.casefold() for known in names.values()}:
            notes.append(
                f'two columns are called "{name}"; the first is used. Rename or remove column {at + 1}'
            )
            continue
        names[at] = name
    if not names:
        raise DataError(f"{file}: its first row names no column. Put the headers there.")
    return names, tuple(notes)


def _decoded(content: bytes, encoding: str | None, file: str) -> tuple[str, tuple[str, ...]]:
    if encoding is not None:
        try:
            return content.decode(encoding), ()
        except LookupError:
            raise DataError(f'{file}: mapping.yaml says encoding "{encoding}", which nobody knows.') from None
        except UnicodeDecodeError:
            raise DataError(f"{file}: is not {encoding}, as mapping.yaml says. Correct it there.") from None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
        return text, ("is written in UTF-16 and was read so. Nothing needs to be done",)
    if b"\0" in content[:65_536]:
        raise DataError(f"{file}: is not text, whatever its name says. Export it as CSV.")
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = content.decode("cp1252", errors="replace")
        return text, (
            f"is not UTF-8 (line {line}) and was read as Windows-1252. Look at names with accents in it; "
            "if they are wrong, save it as UTF-8",
        )


def _mended(
    text: str,
    file: str,
    header_row: int,
    delimiter: str | None,
    inferred: Callable[[str], bool] | None,
    notes: tuple[str, ...],
) -> FileTable:
    """Read text record by record, set rows of the wrong length apart, and parse the rest."""
    if text[:4].lower() == "sep=" and "\n" in text:
        delimiter, header_row = delimiter or text[4:5], header_row + 1
    records = _records(text, delimiter or _delimiter(_line(text, header_row)), file)
    header = next((cells for number, cells in records if number == header_row), [])
    names, doubled = headers(header, file)
    rows: list[int] = []
    broken: list[tuple[int, str, str]] = []
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([f"c{at}" for at in range(len(header))])
    for number, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        extra = cells[len(header) :]
        if len(cells) < len(header) or any(cell.strip() for cell in extra):
            said = f"has {len(cells)} cells where the header has {len(header)}"
            broken.append((number, ", ".join(cells)[:80], f"{said}. Look for a stray or missing separator"))
            continue
        rows.append(number)
        writer.writerow(cells[: len(header)])
    index = pd.Index(rows, name="row", dtype="int64")
    content = buffer.getvalue().encode("utf-8", errors="replace")
    try:
        frame = arrow_frame(_arrow(io.BytesIO(content), len(header), names, ",", inferred), index)
    except (_NeedsMending, ValueError):
        raise DataError(f"{file}: its rows cannot be told apart. Export it again as CSV in UTF-8.") from None
    return FileTable(_named(frame, names), (*notes, *doubled), tuple(broken))


def _line(text: str, number: int) -> str:
    return next((line for n, line in enumerate(io.StringIO(text), start=1) if n == number), "")


def _records(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(1 << 24)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DataError(
                f"{file} row {number}: cannot be read ({error}). Look for a stray quote."
            ) from None
        yield number, cells
