"""How does a table become a workbook that people fill in, and in which no text is a formula?

Whatever a client wrote is written as text, whatever it begins with. The same content gives the same bytes.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

LONGEST = 32_000
"""Excel takes 32,767 characters in a cell."""

MARKED, TO_FILL = "#FFE3DC", "#FFF8DC"
"""Behind a cell that lacks something, and behind one to write in."""

Look = Literal["", "marked", "to fill"]


@dataclass(frozen=True)
class Sheet:
    """One sheet: title and notes, then a table.

    Attributes
    ----------
    name : of the tab.
    columns : heading and width of each column. [characters]
    rows : text, number, day or None in each cell.
    looks : by row and column, counted from 0: "marked" for what is missing, "to fill" for a blank to write in.
    choices : by row and column: what may be entered there.
    suggested : the choices are only offered; other words may be entered.
    hidden : the sheet is not shown.
    """

    name: str
    title: str
    columns: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()
    looks: Mapping[tuple[int, int], Look] = field(default_factory=dict)
    choices: Mapping[tuple[int, int], Sequence[str]] = field(default_factory=dict)
    suggested: bool = False
    hidden: bool = False

    @property
    def first_row(self) -> int:
        """Return the row of the sheet, from 0, in which the first row of the table stands."""
        return 3 + len(self.notes)


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return the bytes of an Excel workbook with `sheets`."""
    out = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        lists = _Lists(book, any(sheet.choices for sheet in sheets))
        for sheet in sheets:
            _write(book, sheet, lists)
        lists.write()
    return out.getvalue()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".partial", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as partial:
            partial.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class _Lists:
    """What may be entered, on a hidden sheet: a list inside a rule may have 255 characters at most."""

    def __init__(self, book: xlsxwriter.Workbook, wanted: bool) -> None:
        self._book, self._rows, self._wanted = book, {}, wanted  # type: ignore[var-annotated]

    def place(self, choices: Sequence[str]) -> str:
        row = self._rows.setdefault(tuple(choices), len(self._rows))
        return f"=lists!$A${row + 1}:${xl_col_to_name(len(choices) - 1)}${row + 1}"

    def write(self) -> None:
        if not self._wanted:
            return
        page = self._book.add_worksheet("lists")
        page.hide()
        for choices, row in self._rows.items():
            for column, choice in enumerate(choices):
                page.write_string(row, column, choice)


def _write(book: xlsxwriter.Workbook, sheet: Sheet, lists: _Lists) -> None:
    page = book.add_worksheet(_tab(sheet.name))
    if sheet.hidden:
        page.hide()
    wrap = {"text_wrap": True, "valign": "top"}
    styles = {
        "": book.add_format(wrap),
        "marked": book.add_format({**wrap, "bg_color": MARKED, "border": 1, "border_color": "#C0A8A0"}),
        "to fill": book.add_format({**wrap, "bg_color": TO_FILL, "border": 1, "border_color": "#B8B090"}),
    }
    dates = {look: book.add_format({**_as_dict(look), "num_format": "yyyy-mm-dd"}) for look in styles}
    head = book.add_format({**wrap, "bold": True, "bottom": 1})
    page.write_string(0, 0, sheet.title[:LONGEST], book.add_format({"bold": True, "font_size": 14}))
    for place, note in enumerate(sheet.notes, start=1):
        page.write_string(place, 0, note[:LONGEST])
    top = sheet.first_row - 1
    for column, (heading, width) in enumerate(sheet.columns):
        page.set_column(column, column, width)
        page.write_string(top, column, heading, head)
    page.freeze_panes(top + 1, 0)
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            look = sheet.looks.get((row, column), "")
            _cell(page, sheet.first_row + row, column, cell, styles[look], dates[look])
    for (row, column), choices in sheet.choices.items():
        page.data_validation(
            sheet.first_row + row, column, sheet.first_row + row, column,
            {"validate": "list", "source": lists.place(choices), "show_error": not sheet.suggested,
             "error_title": "Please choose from the list",
             "error_message": "Choose one of the answers in the list, or leave the cell empty."},
        )  # fmt: skip
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _as_dict(look: str) -> dict[str, object]:
    colour = {"marked": MARKED, "to fill": TO_FILL}.get(look)
    return {"valign": "top", "align": "left", **({"bg_color": colour, "border": 1} if colour else {})}


def _cell(page: object, row: int, column: int, cell: object, style: object, day: object) -> None:
    write = page
    if isinstance(cell, bool):
        cell = "yes" if cell else "no"
    if cell is None or cell != cell:
        write.write_blank(row, column, None, style)  # type: ignore[attr-defined]
    elif isinstance(cell, date):
        write.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)  # type: ignore[attr-defined]
    elif isinstance(cell, int | float):
        write.write_number(row, column, cell, style)  # type: ignore[attr-defined]
    else:
        write.write_string(row, column, _printable(str(cell))[:LONGEST], style)  # type: ignore[attr-defined]


def _printable(text: str) -> str:
    """Return text without the control characters that no workbook may hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", text)


def _tab(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31] or "sheet"
