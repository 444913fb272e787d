"""How does a report become a workbook: every table and the rows behind every figure, harmless?

A cell that a client wrote is text, whatever it begins with: nothing here is ever a formula. Numbers
are numbers in the unit they are computed in, with a format that shows them as the report does.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlsxwriter

from workbench.reports.declare import Finished, exporter
from workbench.reports.report import Report
from workbench.reports.section import Cards, Cell, Column, DataTable, Figure, beside, refuse_leak
from workbench.reports.words import audience_words, shortened

LONGEST = 32_000
"""Excel takes 32,767 characters in a cell."""

FORMATS = {"fraction": "0.0%", "count": "#,##0", "s": '0.0" s"', "h": '0.0" h"', "points": "0.0%"}


@exporter("xlsx", suffix=".xlsx")
def xlsx(finished: Finished) -> bytes:
    """Check it: each table and each figure's rows on a sheet of its own, all rows, no formulas."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        _properties(book, finished)
        brand = finished.report.origin.brand
        styles = Styles(book, brand.on_paper)
        front = book.add_worksheet("Contents")
        sheets = [
            (block, _name(block.name, place)) for place, block in enumerate(_sheets(finished.report), start=1)
        ]
        _front(front, finished.report, sheets, styles)
        _logo(front, finished.report)
        for block, name in sheets:
            _fill(book.add_worksheet(name), block, styles)
        if brand.footer:
            for sheet in book.worksheets():
                sheet.set_footer("&C" + brand.footer.replace("&", "&&"))
    return out.getvalue()


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: Any, accent: str) -> None:
        self._book = book
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": accent})
        self.head = book.add_format(
            {
                "bold": True,
                "bottom": 2,
                "bottom_color": accent,
                "text_wrap": True,
                "valign": "top",
            }
        )
        self.quiet = book.add_format({"font_color": "#56616f", "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self.plain = book.add_format({"valign": "top"})
        self._numbers: dict[str, Any] = {}

    def of(self, column: Column) -> Any:
        """Return the format of a column of numbers."""
        code = "#,##0" if column.type == "count" else FORMATS.get(column.unit, "#,##0.0##")
        if column.decimals == 0 and column.unit in ("", "fraction"):
            code = "0%" if column.unit == "fraction" else "#,##0"
        if code not in self._numbers:
            self._numbers[code] = self._book.add_format({"num_format": code, "valign": "top"})
        return self._numbers[code]


def _sheets(report: Report) -> Iterator[DataTable | Figure]:
    """Every table and figure; tables of the same columns that follow one another share a sheet."""
    blocks = []
    for section in report.sections:
        refuse_leak(section, report.origin.audience)
        blocks += [block for block in section.walk() if isinstance(block, DataTable | Figure)]
    alike: dict[tuple[Column, ...], list[DataTable | Figure]] = {}
    for block in blocks:
        alike.setdefault(block.columns, []).append(block)
    for columns, group in alike.items():
        if len(group) == 1 or isinstance(group[0], Figure):
            yield from group
            continue
        yield DataTable(
            name=re.sub(r" .*", "", group[0].name),
            caption="; ".join(dict.fromkeys(_stem(block.caption) for block in group)),
            columns=(Column(name="of", label="Of"), *columns),
            rows=tuple((block.caption, *row) for block in group for row in block.rows),
        )


def _stem(caption: str) -> str:
    return re.sub(r" (for|of) .*", "", caption)


def _front(sheet: Any, report: Report, sheets: list[tuple[DataTable | Figure, str]], styles: Styles) -> None:
    origin = report.origin
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    lines: list[tuple[str, str]] = [
        ("Report", origin.heading), ("Client", origin.client.name), ("Period", origin.period.text),
        ("Written for", audience_words(origin.audience)), ("Status", origin.status_words),
        ("Times and money", f"{origin.client.time_zone}, {origin.client.currency}"), ("Seed", str(origin.seed)),
        ("Template", origin.template_hash),
    ]  # fmt: skip
    _write(sheet, 0, 0, shortened(origin.client.name, 90), styles.title)
    row = 2
    for label, value in lines:
        _write(sheet, row, 0, label, styles.quiet)
        _write(sheet, row, 1, value, styles.text)
        row += 1
    for section in report.sections:
        for block in section.walk():
            if isinstance(block, Cards):
                for card in block.cards:
                    _write(sheet, row, 0, card.label, styles.quiet)
                    _write(
                        sheet, row, 1, f"{card.text} ({card.note})" if card.note else card.text, styles.text
                    )
                    row += 1
    row += 1
    _write(sheet, row, 0, "Sheet", styles.head)
    _write(sheet, row, 1, "What it holds", styles.head)
    for block, name in sheets:
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        _write(sheet, row, 1, block.caption, styles.text)


def _logo(sheet: Any, report: Report) -> None:
    origin = report.origin
    if origin.brand.logo:
        from workbench.reports.typeset import drawn

        picture = drawn(origin.brand.logo)
        height = int.from_bytes(picture[20:24], "big")  # of a PNG
        scale = 60 / height
        alt = f"Logo of {shortened(origin.client.name, 60)}"
        options = {"image_data": io.BytesIO(picture), "x_scale": scale, "y_scale": scale, "description": alt}
        sheet.insert_image(0, 2, "logo.png", options)


def _fill(sheet: Any, block: DataTable | Figure, styles: Styles) -> None:
    _write(sheet, 0, 0, block.caption, styles.title)
    for place, column in enumerate(block.columns):
        _write(
            sheet, 2, place, f"{column.label} [{column.unit}]" if column.unit else column.label, styles.head
        )
        widest = max((len(str(row[place])) for row in block.rows[:200]), default=8)
        numeric = column.type in ("number", "count")
        sheet.set_column(place, place, 14 if numeric else min(max(widest, len(column.label), 8) + 2, 70))
    for down, row in enumerate(block.rows, start=3):
        for across, (value, column) in enumerate(zip(row, block.columns, strict=True)):
            _cell(sheet, down, across, value, column, styles)
    if block.rows:
        sheet.autofilter(2, 0, 2 + len(block.rows), len(block.columns) - 1)
    sheet.freeze_panes(3, 0)
    note = block.note if isinstance(block, DataTable) else block.alt
    _write(sheet, 4 + len(block.rows), 0, note, styles.plain)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)


def _cell(sheet: Any, row: int, column: int, value: Cell, spec: Column, styles: Styles) -> None:
    if isinstance(value, bool):
        _write(sheet, row, column, "yes" if value else "no", styles.plain)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, styles.of(spec))
    elif value is None and spec.type in ("number", "count"):
        _write(sheet, row, column, "unknown", styles.quiet)
    elif value is not None and spec.type == "file" and beside(value):
        sheet.write_url(row, column, f"external:{value}", string=value)
    elif value is not None:
        _write(sheet, row, column, value, styles.text)


def _write(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    """Write text as text: never a formula, a link or a number, and nothing that XML cannot hold."""
    clean = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
    sheet.write_string(row, column, clean[:LONGEST], style)


def _name(name: str, place: int) -> str:
    """Return a name that Excel takes for a sheet, and that no other has."""
    plain = re.sub(r"[^\w ()&-]", " ", name)[:26].strip(" '")
    return f"{place} {plain}".strip()


def _properties(book: Any, finished: Finished) -> None:
    origin = finished.report.origin
    book.set_properties(
        {
            "title": shortened(f"{origin.client.name}: {origin.heading}", 120),
            "subject": origin.period.text,
            "author": "contact-centre-workbench",
            "created": finished.made or datetime(2000, 1, 1),
        }
    )
