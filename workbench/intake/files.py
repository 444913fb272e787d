"""How does one file become rows, whatever it is: CSV, gzipped CSV, Parquet or an Excel sheet?

What cannot be opened at all raises DataError with what to do; what can is read, and what had to be done to
read it is noted.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.errors import DataError
from workbench.intake.text_file import FileTable, arrow_frame, headers, read_text_file

TEXT_KINDS = (".csv", ".tsv", ".txt")
EXCEL_KINDS = (".xlsx", ".xlsm")
KINDS = (*TEXT_KINDS, *(f"{kind}.gz" for kind in TEXT_KINDS), ".parquet", *EXCEL_KINDS)
"""Endings of the files that can hold a table."""

MAGIC = {
    b"PK\x03\x04": "an Excel workbook",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an old Excel file",
}


def kind_of(path: Path) -> str:
    """Return the ending of a file that can hold a table (".csv.gz"), or ""."""
    name = path.name.lower()
    return next((kind for kind in sorted(KINDS, key=len, reverse=True) if name.endswith(kind)), "")


def stem_of(path: Path) -> str:
    """Return the name of a file without its ending: "contacts" for contacts.csv.gz."""
    return path.name[: len(path.name) - len(kind_of(path))]


def read_file(
    path: Path,
    *,
    sheet: str | None = None,
    header_row: int = 1,
    encoding: str | None = None,
    delimiter: str | None = None,
    inferred: Callable[[str], bool] | None = None,
) -> FileTable:
    """Read one file.

    Parameters
    ----------
    path : the file.
    sheet : of a workbook; None: the first.
    header_row : the row with the names of the columns, as a spreadsheet counts; rows above are skipped.
    encoding, delimiter : of text; None: look.
    inferred : says of a header whether the column's numbers and times may be typed at once; all other
        columns of a text file stay text, so that "00123" stays "00123".

    Raises
    ------
    DataError
        if it cannot be opened, holds nothing, or is not what its name says.
    """
    _look(path)
    kind = kind_of(path)
    if kind == ".parquet":
        return _parquet(path)
    if kind in EXCEL_KINDS:
        return _excel(path, sheet, header_row)
    try:
        return read_text_file(path, header_row, encoding, delimiter, inferred)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError(
            f"{path.name}: the gzip file is cut off or damaged. Copy it again from where it was made."
        ) from None


def sheet_names(path: Path) -> list[str]:
    """Return the sheets of a workbook, in their order; raises DataError if it cannot be opened."""
    _look(path)
    book = _workbook(path)
    try:
        return [str(name) for name in book.sheetnames]
    finally:
        book.close()


def _look(path: Path) -> None:
    if path.is_dir():
        raise DataError(f"{path.name}: is a folder where a file should be. Take it away or rename it.")
    try:
        with path.open("rb") as handle:
            start = handle.read(8)
    except OSError as error:
        raise DataError(f"{path.name}: cannot be opened ({error.strerror}). Close it elsewhere.") from None
    if not start:
        raise DataError(f"{path.name}: has 0 bytes. Export it again, or take it away.")
    for magic, what in MAGIC.items():
        if start.startswith(magic) and not (
            (kind_of(path) in EXCEL_KINDS and magic != b"PAR1")
            or (kind_of(path) == ".parquet" and magic == b"PAR1")
        ):
            raise DataError(f"{path.name}: is {what} under another name. Give it the ending that it is.")


# Parquet


def _parquet(path: Path) -> FileTable:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, partitioning=None)
    except (pa.ArrowException, OSError, ValueError):
        raise DataError(
            f"{path.name}: is not a whole Parquet file. Copy it again from where it was made."
        ) from None
    table = table.select([name for name in table.column_names if not name.startswith("__index_level_")])
    return FileTable(arrow_frame(table))


# Excel


def _workbook(path: Path) -> Any:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    with path.open("rb") as handle:
        if handle.read(4) == b"\xd0\xcf\x11\xe0":
            raise DataError(
                f"{path.name}: is protected by a password, or an old .xls. Save it as .xlsx without password."
            )
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, zlib.error):
        raise DataError(
            f"{path.name}: is not a whole Excel workbook. Open it in Excel, save it again as .xlsx, or export CSV."
        ) from None


def _excel(path: Path, sheet: str | None, header_row: int) -> FileTable:
    book = _workbook(path)
    try:
        name = sheet if sheet is not None else book.sheetnames[0]
        if name not in book.sheetnames:
            known = ", ".join(book.sheetnames)
            raise DataError(f'{path.name}: has no sheet "{name}". Its sheets: {known}.')
        rows = [list(row) for row in book[name].iter_rows(values_only=True)]
    except (zipfile.BadZipFile, zlib.error, KeyError, SyntaxError):
        raise DataError(f"{path.name}: is damaged. Open it in Excel and save it again.") from None
    finally:
        book.close()
    if len(rows) < header_row or all(cell is None for cell in rows[header_row - 1]):
        raise DataError(f"{path.name}: row {header_row} of its sheet has no headers. Put them there.")
    names, notes = headers(["" if cell is None else str(cell) for cell in rows[header_row - 1]], path.name)
    kept = {
        number: row
        for number, row in enumerate(rows[header_row:], start=header_row + 1)
        if any(cell is not None and cell != "" for cell in row)
    }
    columns = {
        at: pd.Series([row[at] if at < len(row) else None for row in kept.values()], dtype="object")
        for at in names
    }
    frame = pd.DataFrame(columns)
    frame.columns = pd.Index(list(names.values()))
    frame.index = pd.Index(list(kept), name="row", dtype="int64")
    return FileTable(frame, notes)
