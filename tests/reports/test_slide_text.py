"""Text is put onto slides as python-pptx would put it there, only faster."""

from __future__ import annotations

import io
from typing import Any

import pytest
from nbformat.v4 import new_notebook
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.oxml.xmlchemy import serialize_for_reading
from pptx.util import Cm, Pt

from tests.reports.made import finished
from workbench.reports.declare import Finished
from workbench.reports.exporters.pptx import pptx
from workbench.reports.section import Card, Cards, Column, DataTable, Heading, Section
from workbench.reports.slide_text import add_paragraph, add_run, only_paragraph, set_cell

INK, GROUND = RGBColor(0x1B, 0x24, 0x30), RGBColor(0xF5, 0xF7, 0xF9)
TEXT = "a <b> & c\n\td  é"


def blank() -> Any:
    deck = Presentation()
    return deck.slides.add_slide(deck.slide_layouts[5])


def xml(element: Any) -> str:
    return str(serialize_for_reading(element))


def styled(run: Any, bold: bool = False) -> None:
    run.text = TEXT
    run.font.size, run.font.bold = Pt(11), bold
    run.font.color.rgb = INK


@pytest.mark.parametrize("align", ["l", "r"])
def test_cell_is_what_python_pptx_writes(align: str) -> None:
    """Margins, ground, alignment and words: element by element, attribute by attribute."""
    theirs, ours = (blank().shapes.add_table(1, 1, 0, 0, Cm(5), Cm(1)).table.cell(0, 0) for _ in range(2))
    theirs.margin_top = theirs.margin_bottom = Pt(2)
    theirs.fill.solid()
    theirs.fill.fore_color.rgb = GROUND
    theirs.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT if align == "l" else PP_ALIGN.RIGHT
    styled(theirs.text_frame.paragraphs[0].add_run(), bold=True)
    set_cell(ours._tc, TEXT, size=Pt(11), colour=INK, ground=GROUND, margin=Pt(2), bold=True, align=align)

    assert xml(theirs._tc) == xml(ours._tc)


def test_paragraphs_are_what_python_pptx_writes() -> None:
    """The first, with what stood there taken away; one with room above, one with room below."""
    theirs, ours = (blank().shapes.add_textbox(0, 0, Cm(5), Cm(1)).text_frame for _ in range(2))
    for frame in (theirs, ours):
        frame.text = "before\nand after"
    theirs.clear()
    theirs.paragraphs[0].alignment = PP_ALIGN.LEFT
    styled(theirs.paragraphs[0].add_run())
    above, below = theirs.add_paragraph(), theirs.add_paragraph()
    above.space_before, below.space_after = Pt(10), Pt(7)
    styled(above.add_run())
    styled(below.add_run())
    body = ours._txBody
    for paragraph in (
        only_paragraph(body, align="l"), add_paragraph(body, before=Pt(10)), add_paragraph(body, after=Pt(7)),
    ):  # fmt: skip
        add_run(paragraph, TEXT, Pt(11), INK)

    assert xml(theirs._txBody) == xml(body)


def test_what_xml_cannot_hold_is_shown_as_such() -> None:
    """A control character becomes the sign for an unknown one, and the slide still opens."""
    frame = blank().shapes.add_textbox(0, 0, Cm(5), Cm(1)).text_frame
    add_run(only_paragraph(frame._txBody), "a\0b", Pt(11), INK)

    assert "a\ufffdb" == frame.text


def test_heading_of_headline_numbers_is_in_their_title_and_a_tall_table_ends_on_its_slide() -> None:
    """No slide holds a heading alone; rows that have no room are counted, and at least one is shown."""
    long = "what was found, in words that take three lines of their column at the size of a table's text " * 2
    columns = tuple(Column(name=n, label=n) for n in ("a", "b", "c"))
    section = Section(
        id="s", title="Service level",
        blocks=(
            Heading(text="Queue one"), Cards(cards=(Card(label="Level", text="80 %"),)),
            DataTable(name="t", caption="Tall", columns=columns, rows=tuple((str(i), long, long) for i in range(12))),
        ),
    )  # fmt: skip
    report = finished().report.model_copy(update={"sections": (section,)})
    deck = Presentation(io.BytesIO(pptx(Finished(report, new_notebook()))))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    (table,) = (shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table)
    said = " ".join(s.text_frame.text for slide in deck.slides for s in slide.shapes if s.has_text_frame)

    assert {"Queue one"} == set(titles[1:])
    assert "Service level" in said
    assert 1 < len(table.rows) < 13
    assert f"{12 - len(table.rows) + 1} more rows in the workbook" in said
