"""What is printed of a table tells its rows apart, and the rest is said once; the workbook keeps all of it."""

from __future__ import annotations

import json
from typing import Any

import typst

from workbench.reports.exporters.pdf import _table
from workbench.reports.html import block_html
from workbench.reports.lines import lines
from workbench.reports.printed import printed
from workbench.reports.section import Column, DataTable, Prose
from workbench.reports.typeset import FONTS, font_folders

COLUMNS = (
    Column(name="code", label="Code"), Column(name="grade", label="Grade"), Column(name="owner", label="Owner"),
    Column(name="n", label="Sample", type="count"),
)  # fmt: skip


def table(*rows: tuple[Any, ...], **told: Any) -> DataTable:
    return DataTable(name="t", caption="Evidence", columns=COLUMNS, rows=rows, **told)


def test_column_that_says_one_thing_in_three_rows_is_said_below() -> None:
    """An empty one goes without a word; the first column always stays."""
    shown = printed(
        table(("A", "measured", "", 3), ("B", "measured", "", 4), ("C", "measured", "", 3), note="So.")
    )

    assert isinstance(shown, DataTable)
    assert ["Code", "Sample"] == [column.label for column in shown.columns]
    assert (("A", 3), ("B", 4), ("C", 3)) == shown.rows
    assert "Grade: measured throughout. So." == shown.note


def test_two_rows_that_agree_by_chance_keep_their_columns() -> None:
    """Only what is empty goes; a table that would have one column left stays whole."""
    two = table(("A", "measured", "", 3), ("B", "measured", "", 3))
    alike = table(*[("A", "x", "y", 1)] * 3)

    assert ["Code", "Grade", "Sample"] == [c.label for c in printed(two).columns]  # type: ignore[union-attr]
    assert alike == printed(alike)


def test_single_row_is_a_sentence_and_a_single_file_stays_a_link() -> None:
    """What is empty is left out; unknown is said; more than three values stand one below the other."""
    said = printed(table(("A", "measured", "", None)))
    linked = DataTable(
        name="t", caption="c", rows=(("A", "a/b.html"),),
        columns=(Column(name="a", label="Client"), Column(name="f", label="Report", type="file")),
    )  # fmt: skip

    full = table(("A", "measured", "B. Lind", 3), note="So.")
    upright = printed(full)
    evidence = printed(full.model_copy(update={"name": "evidence 1"}))

    assert isinstance(upright, DataTable)
    assert ["Code", "A"] == [column.label for column in upright.columns]
    assert (("Grade", "measured"), ("Owner", "B. Lind"), ("Sample", "3")) == upright.rows
    assert ("Evidence", "So.") == (upright.caption, upright.note)
    assert isinstance(evidence, Prose)
    assert "Code: A; Grade: measured; Owner: B. Lind; Sample: 3. So." == "".join(
        run.text for run in evidence.runs
    )
    assert isinstance(said, Prose)
    assert "Evidence. Code: A; Grade: measured; Sample: unknown." == "".join(run.text for run in said.runs)
    assert linked == printed(linked)


def test_numbers_are_aligned_by_their_place_and_beyond_it_by_the_cell() -> None:
    """The style sheet knows sixteen columns; a wider table is aligned too."""
    columns = tuple(Column(name=f"c{i}", label=f"C{i}", type="count") for i in range(18))
    wide = block_html(
        DataTable(name="t", caption="c", columns=columns, rows=(tuple(range(18)), tuple(range(1, 19)))), "s"
    )

    assert 'class="n1 n2 ' in wide
    assert wide.count("<td class=num>") == 4


def test_column_that_says_one_thing_but_for_a_few_rows_names_those() -> None:
    """Six rows or more, at most one in four of them otherwise, each named; a score always has its column."""
    rows = [(f"HO-{i}", "measured", "4" if i < 4 else "", i) for i in range(1, 9)]
    rows[2] = ("HO-3", "documented", "4", 3)
    shown = printed(table(*rows))
    twice = printed(table(*rows[:7], ("HO-1", *rows[7][1:])))

    assert isinstance(shown, DataTable)
    assert isinstance(twice, DataTable)
    assert "Grade: measured but for HO-3 (documented)." == shown.note
    assert ["Code", "Owner", "Sample"] == [column.label for column in shown.columns]
    assert "Grade" in [column.label for column in twice.columns]
    assert "Grade" in [column.label for column in printed(table(*rows[:5])).columns]  # type: ignore[union-attr]


def test_score_and_its_bounds_are_one_column() -> None:
    """As prose writes them; bounds that are the score are not said again, and unknown is said."""
    columns = (
        Column(name="code", label="Code"),
        *(Column(name=n, label=label, type="number", decimals=0)
          for n, label in (("score", "Score"), ("low", "At worst"), ("high", "At best"))),
    )  # fmt: skip
    rows = (("A", 56.2, 53.0, 61.0), ("B", 88.1, 88.1, 88.1), ("C", None, 0.0, 100.0))
    shown = printed(DataTable(name="t", caption="c", columns=columns, rows=rows))

    assert isinstance(shown, DataTable)
    assert ["Code", "Score (at worst to at best)"] == [c.label.replace("\u00a0", " ") for c in shown.columns]
    assert (("A", "56 (53 to 61)"), ("B", "88"), ("C", "unknown (0 to 100)")) == shown.rows


def test_lines_of_a_text_are_those_that_typst_sets() -> None:
    """Every text in forty widths against Typst's own measure: known lines are right, and most are known."""
    texts = [
        "m" * 12, "An approved opening is recruited for within days", "HR (1\u00a0of\u00a03), AVAVA Toy Yo.",
        "requisition has no column that says it was sent back, n = 2: requisitions",
        "employee-\u200bmanagement technology (a consultant)", "answered within T / (offered − short abandons)",
        "100\u202f% (34.2\u202f% to 100\u202f%), n = 2: size – skills",
    ]  # fmt: skip
    cells = [{"text": text, "width": float(width)} for text in texts for width in range(20, 260, 6)]
    known = [(cell, n) for cell in cells if (n := lines(str(cell["text"]), float(cell["width"]), 8.0))]  # type: ignore[arg-type]
    heights = measured([cell for cell, _ in known])

    assert 0.6 < len(known) / len(cells)
    assert 5 < max(n for _, n in known)
    for (cell, n), height in zip(known, heights, strict=True):
        assert n == round((height / 8.0 - 0.714) / 1.214) + 1, cell
    assert lines("", 6.5, 8.0) == 1
    assert lines("a\nb", 100.0, 8.0) is None
    assert lines("i" * 40 + "漢" * 8, 100.0, 8.0) is None


def measured(cells: list[dict[str, Any]]) -> list[float]:
    """Return how high Typst sets each text, in letters of 8 points as in a table of page.typ. [points]"""
    source = """
        #let told = json(bytes(sys.inputs.told))
        #set text(font: told.fonts, size: 8pt)
        #set par(leading: 0.5em)
        #context [#metadata(told.cells.map(c => measure(block(width: c.width * 1pt - 6pt, c.text)).height.pt())) <h>]"""
    compiler = typst.Compiler(
        source.encode(), font_paths=[str(folder) for folder in font_folders()], ignore_system_fonts=True,
        sys_inputs={"told": json.dumps({"fonts": FONTS, "cells": cells})},
    )  # fmt: skip
    return list(json.loads(compiler.query("<h>", field="value", one=True)))


def test_widths_of_a_printed_table_fill_no_more_than_the_page() -> None:
    """In points, of which a callout has fewer."""
    long = table(("A " * 60, "measured", "Operations " * 9, 3), ("B", "documented", "", 4))

    for room in (482.0, 464.0):
        assert sum(_table(long, room)["widths"]) <= room + 0.1
    assert 1 == _table(long, 482.0)["lines"][1]
