"""How does a report become slides: one message each, tables and charts that can be edited?

What each slide says is decided in `slide_plan`; here it is put where it has room: each part below the one before
it, by the measures of `slide_room`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Cm, Emu, Pt

from workbench.reports.chart import (
    BLUE,
    GRID,
    INK,
    SHEET,
    SOFT,
    caption,
    chart_data,
    chart_type,
    drawable,
    dress,
    rgb,
)
from workbench.reports.declare import Finished, exporter
from workbench.reports.section import Cards, Figure, Run, refuse_leak
from workbench.reports.slide_plan import GAP, JOINED, Paragraph, Slide, Table, Words, slides_of
from workbench.reports.slide_room import (
    ABOVE,
    ACROSS,
    AFTER,
    BODY,
    BOTTOM,
    EDGE,
    HEIGHT,
    LABEL,
    NOTE,
    WIDTH,
    card_grid,
    number_size,
    text_height,
    title_place,
    words_height,
)
from workbench.reports.slide_table import CAPTION, MARGIN, grid_of
from workbench.reports.slide_text import add_paragraph, add_run, clean, only_paragraph, set_cell
from workbench.reports.words import audience_words, shortened
from workbench.wording import listing

TONES = {
    "severe": rgb("#b8431a"), "moderate": rgb("#8f6400"), "minor": BLUE, "note": SOFT, "good": rgb("#00704f"),
}  # fmt: skip

SMALL, FOOT = Pt(11), Pt(10)
"""The caption of a figure; the foot of a slide."""


@exporter("pptx", suffix=".pptx")
def pptx(finished: Finished) -> bytes:
    """Present it: a slide for each message, with charts and tables that can be edited."""
    for section in finished.report.sections:
        refuse_leak(section, finished.report.origin.audience)
    deck = Deck(finished)
    deck.cover()
    front, back = slides_of(finished.report.sections)
    for slide in front:
        deck.add(slide)
    if back:
        names = (name for slide in back for name in (slide.over or slide.title).split(JOINED))
        deck.divider(list(dict.fromkeys(names)))
        for slide in back:
            deck.add(slide)
    out = io.BytesIO()
    deck.file.save(out)
    return out.getvalue()


class Deck:
    """The slides of one report."""

    def __init__(self, finished: Finished) -> None:
        self.origin = finished.report.origin
        self.file = Presentation()
        self.accent = rgb(self.origin.brand.on_paper)
        self.file.slide_width, self.file.slide_height = WIDTH, HEIGHT
        properties = self.file.core_properties
        properties.title = clean(f"{shortened(self.origin.client.name, 80)}: {self.origin.heading}")
        properties.author = "contact-centre-workbench"
        when = finished.made or datetime(2000, 1, 1)
        properties.created = properties.modified = when.replace(tzinfo=None)

    def cover(self) -> None:
        """Name client, report, period and reader."""
        origin, slide = self.origin, self._blank()
        said = " · ".join((origin.period.text, origin.status_words, audience_words(origin.audience)))
        if origin.brand.logo:
            logo = slide.shapes.add_picture(io.BytesIO(_png(origin.brand.logo)), EDGE, Cm(2), height=Cm(2.2))
            if logo.width > Cm(10):
                logo.width, logo.height = Cm(10), int(logo.height * Cm(10) / logo.width)
            logo._element._nvXxPr.cNvPr.set("descr", clean(f"Logo of {shortened(origin.client.name, 60)}"))
        self._title(slide, shortened(origin.client.name, 60), Pt(40), Cm(7), origin.heading, Pt(18), said)

    def divider(self, sections: Sequence[str]) -> None:
        """Begin the appendix, and say what is in it."""
        said = f"{listing(sections, 20)}. The report and the workbook hold all rows."
        self._title(self._blank(), "Appendix", Pt(40), Cm(5), self.origin.heading, Pt(18), said)

    def add(self, planned: Slide) -> None:
        """Put a planned slide behind the others, its parts from top to bottom."""
        slide = self._blank()
        place = title_place(planned.title)
        if planned.over:
            self._write(slide, shortened(planned.over, 100), Cm(0.55), CAPTION, SOFT)
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = EDGE, Emu(place.top), ACROSS, Emu(place.height)
        shape.text_frame.word_wrap, shape.text_frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        self._set(shape.text_frame, planned.title, place.size, INK, bold=True)
        self._rule(slide, place.rule)
        top = place.below
        if planned.label:
            top += self._write(slide, planned.label, top, Pt(14), TONES[planned.tone], bold=True)
        for part in planned.parts:
            match part:
                case Words():
                    used = self._paragraphs(slide, top, part.paragraphs)
                case Cards():
                    used = self._cards(slide, top, part)
                case Table():
                    used = self._table(slide, top, part)
                case Figure():
                    used = self._figure(slide, top, part)
            top += used + GAP
        if planned.notes:
            notes = ("".join(run.text for run in runs) for runs in planned.notes)
            slide.notes_slide.notes_text_frame.text = clean("\n".join(notes))
        number = str(len(self.file.slides))
        words = [
            shortened(self.origin.client.name, 50),
            self.origin.heading,
            self.origin.brand.footer,
            number,
        ]
        self._write(slide, shortened(" · ".join(filter(None, words)), 150), HEIGHT - Cm(1.05), FOOT, SOFT)

    def _paragraphs(self, slide: Any, top: int, words: Sequence[Paragraph]) -> int:
        height = words_height(words)
        body = self._box(slide, EDGE, top, ACROSS, height).text_frame._txBody
        for place, runs in enumerate(words):
            paragraph = add_paragraph(body, after=AFTER) if place else only_paragraph(body, after=AFTER)
            for run in runs:
                self._run(paragraph, run, BODY)
        return height

    def _cards(self, slide: Any, top: int, cards: Cards) -> int:
        grid = card_grid(cards.cards)
        for place, card in enumerate(cards.cards):
            left = EDGE + (place % grid.across) * (grid.width + grid.gap)
            down = top + (place // grid.across) * (grid.height + grid.gap)
            shape = self._box(slide, left, down, grid.width, grid.height)
            shape.fill.solid()
            shape.fill.fore_color.rgb = SHEET
            frame = shape.text_frame
            frame.vertical_anchor = MSO_ANCHOR.TOP
            colour = TONES[card.tone] if card.tone != "note" else INK
            self._set(frame, card.label, LABEL, SOFT)
            for text, size, inked, bold in (
                (card.text, number_size(card, grid.width, place == 0), colour, True),
                (card.note, NOTE, SOFT, False),
            ):
                add_run(add_paragraph(frame._txBody), text, size, inked, bold)
        return grid.total

    def _figure(self, slide: Any, top: int, figure: Figure) -> int:
        said = shortened(caption(figure), 420)
        below = text_height(said, ACROSS, SMALL)
        room = BOTTOM - top - below
        if drawable(figure):
            shape = slide.shapes.add_chart(
                chart_type(figure), EDGE, Emu(top), ACROSS, Emu(room), chart_data(figure)
            )
            dress(shape.chart, figure, self.accent)
        else:
            shape = slide.shapes.add_picture(io.BytesIO(_png(figure.svg)), EDGE, Emu(top), height=Emu(room))
            if shape.width > ACROSS:
                shape.height = int(shape.height * ACROSS / shape.width)
                shape.width = ACROSS
            shape.left = (WIDTH - shape.width) // 2
        shape._element._nvXxPr.cNvPr.set("descr", clean(figure.alt))
        self._write(slide, said, BOTTOM - below, SMALL, SOFT)
        return int(BOTTOM - top)

    def _table(self, slide: Any, top: int, part: Table) -> int:
        grid = grid_of(part.table, BOTTOM - top, part.captioned)
        if grid.caption:
            self._write(slide, grid.caption, top, CAPTION, SOFT)
        rows, across = len(grid.texts), len(grid.widths)
        shape = slide.shapes.add_table(
            rows, across, EDGE, Emu(top + grid.caption_height), Emu(sum(grid.widths)), Emu(sum(grid.heights))
        )
        table = shape.table._tbl
        for column, width in zip(table.tblGrid.gridCol_lst, grid.widths, strict=True):
            column.w = width
        for down, (row, line) in enumerate(zip(table.tr_lst, grid.texts, strict=True)):
            row.h = Emu(grid.heights[down])
            for place, text in enumerate(line):
                head = grid.headed and down == 0
                set_cell(
                    row[place], text, size=grid.size, colour=INK, bold=head, ground=GRID if head else SHEET,
                    margin=MARGIN, align="r" if grid.right[place] else "l",
                )  # fmt: skip
        shape._element._nvXxPr.cNvPr.set("descr", clean(part.table.caption))
        return grid.height

    def _title(
        self, slide: Any, title: str, size: Any, top: int, over: str, over_size: Any, below: str
    ) -> None:
        """Set a slide that has a title alone: a line over it, the title, a rule, and what is said below."""
        height = text_height(title, ACROSS, size, bold=True)
        self._write(slide, over, top - Cm(1), over_size, SOFT)
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = EDGE, Emu(top), ACROSS, Emu(height)
        shape.text_frame.word_wrap, shape.text_frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        self._set(shape.text_frame, title, size, INK, bold=True)
        self._rule(slide, top + height + Cm(0.2))
        self._write(slide, below, top + height + Cm(0.6), BODY, INK)

    def _blank(self) -> Any:
        slide = self.file.slides.add_slide(self.file.slide_layouts[5])
        slide.shapes.turbo_add_enabled = True  # ids are counted on, not looked for in all that is there
        return slide

    def _rule(self, slide: Any, top: int) -> None:
        line = slide.shapes.add_connector(1, EDGE, Emu(top), WIDTH - EDGE, Emu(top))
        line.line.color.rgb, line.line.width = self.accent, Pt(1.5)

    def _box(self, slide: Any, left: int, top: int, width: int, height: int) -> Any:
        box = slide.shapes.add_textbox(Emu(left), Emu(top), Emu(width), Emu(height))
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_top = frame.margin_bottom = ABOVE
        return box

    def _write(self, slide: Any, text: str, top: int, size: Any, colour: Any, bold: bool = False) -> int:
        """Write one paragraph across the slide, and return how high it is."""
        height = text_height(text, ACROSS, size, bold)
        self._set(self._box(slide, EDGE, top, ACROSS, height).text_frame, text, size, colour, bold)
        return height

    def _set(self, frame: Any, text: str, size: Any, colour: Any, bold: bool = False) -> None:
        add_run(only_paragraph(frame._txBody, align="l"), text, size, colour, bold)

    def _run(self, paragraph: Any, run: Run, size: Any) -> None:
        colour = SOFT if run.style == "quiet" else INK
        add_run(paragraph, run.text, size, colour, run.style == "strong")


def _png(svg: str) -> bytes:
    """Return a picture for programs that know no SVG, drawn by Typst with the report's fonts."""
    from workbench.reports.typeset import drawn

    return drawn(svg)
