"""What is printed of a table tells its rows apart, and the rest is said once; the workbook keeps all of it."""

from __future__ import annotations

from typing import Any

from workbench.reports.exporters.pdf import _table
from workbench.reports.html import block_html
from workbench.reports.lines import INSET_PT, in_one_line
from workbench.reports.printed import printed
from workbench.reports.section import Column, DataTable, Prose

COLUMNS = (
    Column(name="code", label="Code"), Column(name="grade", label="Grade"), Column(name="owner", label="Owner"),
    Column(name="n", label="Sample", type="count"),
)  # fmt: skip


def table(*rows: tuple[Any, ...], **told: Any) -> DataTable:
    return DataTable(name="t", caption="Evidence", columns=COLUMNS, rows=rows, **told)


def test_column_that_says_one_thing_in_three_rows_is_said_below() -> None:
    """An empty one too, in words; the first column always stays."""
    shown = printed(
        table(("A", "measured", "", 3), ("B", "measured", "", 4), ("C", "measured", "", 3), note="So.")
    )

    assert isinstance(shown, DataTable)
    assert ["Code", "Sample"] == [column.label for column in shown.columns]
    assert (("A", 3), ("B", 4), ("C", 3)) == shown.rows
    assert "Grade: measured throughout. No entry under Owner. So." == shown.note


def test_two_rows_that_agree_by_chance_keep_their_columns() -> None:
    """Only what is empty goes; a table that would have one column left stays whole."""
    two = table(("A", "measured", "", 3), ("B", "measured", "", 3))
    alike = table(*[("A", "x", "y", 1)] * 3)

    assert ["Code", "Grade", "Sample"] == [c.label for c in printed(two).columns]  # type: ignore[union-attr]
    assert alike == printed(alike)


def test_single_row_is_a_sentence_and_a_single_file_stays_a_link() -> None:
    """What is empty is left out; unknown is said."""
    said = printed(table(("A", "measured", "", None)))
    linked = DataTable(
        name="t", caption="c", rows=(("A", "a/b.html"),),
        columns=(Column(name="a", label="Client"), Column(name="f", label="Report", type="file")),
    )  # fmt: skip

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


def test_row_of_known_height_holds_every_cell_on_one_line() -> None:
    """Against Typst's own breaking in a column of 100 points: what is called one line is one, up to the last word."""
    widths = [in_one_line("m" * n, 100.0, 8.0) for n in range(1, 30)]

    assert widths == sorted(widths, reverse=True)
    assert in_one_line("", 6.5, 8.0)
    assert not in_one_line("a\nb", 100.0, 8.0)
    assert not in_one_line("i" * 40 + "漢" * 8, 100.0, 8.0)
    fits = max(n for n in range(1, 30) if in_one_line("m" * n, 100.0, 8.0))
    assert 8.0 * 0.93 * fits + INSET_PT < 100.0 <= 8.0 * 0.94 * (fits + 1) * 1.02 + INSET_PT


def test_widths_of_a_printed_table_fill_no_more_than_the_page() -> None:
    """In points, of which a callout has fewer."""
    long = table(("A " * 60, "measured", "Operations " * 9, 3), ("B", "documented", "", 4))

    for room in (482.0, 464.0):
        assert sum(_table(long, room)["widths"]) <= room + 0.1
    assert [False, True] == _table(long, 482.0)["low"]
