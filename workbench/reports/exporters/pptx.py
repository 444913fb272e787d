"""How does a report become slides: one message each, tables and charts that can be edited?

A slide holds what can be presented: the headline numbers, each figure as a native chart where it is
one of bars or lines, short tables, the findings that matter. What is folded away in the report (the
evidence, the scales) stays in the report.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Cm, Pt

from workbench.reports.chart import BLUE, GRID, INK, SHEET, SOFT, bounds, chart_data, dress, rgb
from workbench.reports.declare import Finished, exporter
from workbench.reports.printed import cell_text, printed
from workbench.reports.section import (
    AnyBlock,
    Bullets,
    Callout,
    Cards,
    DataTable,
    Facts,
    Figure,
    Heading,
    Prose,
    Run,
    Section,
    refuse_leak,
)
from workbench.reports.slide_table import that_fit, widths_of
from workbench.reports.slide_text import add_paragraph, add_run, clean, only_paragraph, set_cell
from workbench.reports.words import audience_words, shortened
from workbench.wording import counted

WIDTH, HEIGHT, EDGE, TOP = Cm(33.867), Cm(19.05), Cm(1.6), Cm(3.1)
TONES = {
    "severe": rgb("#b8431a"), "moderate": rgb("#8f6400"), "minor": BLUE, "note": SOFT, "good": rgb("#00704f"),
}  # fmt: skip

LARGE, ONE_LINE = Pt(26), 48
"""The size of a title, and how many letters of that size have room on one line."""

FINDINGS, LINES, LEAD, ROWS, COLUMNS = 6, 17, 3, 12, 7
"""How many findings get a slide; what one slide holds, and how many lines may stand above a figure."""
BELOW_CARDS, ROWS_BELOW = 10, 8
"""So many lines, bars or rows of a table have room below headline numbers."""

IN_THE_REPORT_ALONE = frozenset({"title", "scores", "provenance", "data problems"})
"""Sections that are read and checked, not presented."""


@exporter("pptx", suffix=".pptx")
def pptx(finished: Finished) -> bytes:
    """Present it: a slide for each message, with charts and tables that can be edited."""
    deck = Deck(finished)
    deck.cover()
    for section in finished.report.sections:
        refuse_leak(section, finished.report.origin.audience)
        deck.section(section)
    out = io.BytesIO()
    deck.file.save(out)
    return out.getvalue()


class Deck:
    """The slides of one report."""

    def __init__(self, finished: Finished) -> None:
        self.origin = finished.report.origin
        self.file = Presentation()
        self.open: tuple[Any, Any] | None = None
        """A slide of headline numbers with room below, and where the room begins."""
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
        self._write(slide, origin.heading, EDGE, Cm(6.2), WIDTH - 2 * EDGE, Pt(18), SOFT)
        title = slide.shapes.title
        title.left, title.top, title.width, title.height = EDGE, Cm(7.2), WIDTH - 2 * EDGE, Cm(2.6)
        self._set(title.text_frame, shortened(origin.client.name, 60), Pt(40), INK, bold=True)
        self._write(slide, said, EDGE, Cm(10.2), WIDTH - 2 * EDGE, Pt(16), INK)
        self._rule(slide, Cm(11.8))

    def section(self, section: Section) -> None:
        """Give each message of a section a slide; words go with the figure or table that follows them."""
        if section.id in IN_THE_REPORT_ALONE:
            return
        words: list[tuple[Run, ...]] = []
        findings = 0
        self.open = None
        title = section.title
        for block in (printed(b, alike=False) for b in _led(section.blocks)):
            match block:
                case Heading():
                    words.append((Run(text=block.text, style="strong"),))
                case Cards():
                    if (
                        words and words[-1][0].style == "strong" and len(words[-1]) == 1
                    ):  # they are about this
                        title = f"{section.title}: {words.pop()[0].text}"
                    self._words(section.title, words)
                    words = []
                    self._cards(title, block)
                case Figure() | DataTable():
                    place = self._place(title, block, words)
                    words = []
                    if isinstance(block, Figure):
                        self._figure(*place, block)
                    else:
                        self._table(*place, block)
                case Callout() if block.anchor:
                    findings += 1
                    if findings <= FINDINGS:
                        self._finding(block)
                case _:
                    words += _sentences(block)
        if not findings:  # what follows the findings counts those that are in the report
            self._words(title, words)

    def _place(
        self, title: str, block: Figure | DataTable, words: Sequence[tuple[Run, ...]]
    ) -> tuple[Any, Any]:
        """Return the slide for a figure or table, and where on it: below headline numbers if there is room."""
        used = sum(_lines(runs) for runs in words)
        fits = isinstance(block, DataTable) or 1.4 * len(block.rows) + used < BELOW_CARDS
        if self.open is not None and fits and used <= LEAD:
            slide, top = self.open
            self.open = None
        else:
            if used > LEAD:
                self._words(title, words)
                words, used = [], 0
            kept, slide, top = self.open, self._titled(title), TOP
            self.open = kept  # what comes later may still stand below the numbers
        if words:
            self._paragraphs(slide, top, words)
        return slide, top + Cm(0.95) * used

    def _words(self, title: str, words: Sequence[tuple[Run, ...]]) -> None:
        rest = list(words)
        if rest and self.open is not None:
            page = _page_of(rest, BELOW_CARDS)
            if page:
                self._paragraphs(*self.open, page)
                rest = rest[len(page) :]
            self.open = None
        while rest:
            page = _page_of(rest, LINES) or rest[:1]
            rest = rest[len(page) :]
            self._paragraphs(self._titled(title), TOP, page)

    def _paragraphs(self, slide: Any, top: Any, words: Sequence[tuple[Run, ...]]) -> None:
        box = slide.shapes.add_textbox(EDGE, top, WIDTH - 2 * EDGE, Cm(1))
        frame = box.text_frame
        frame.word_wrap = True
        body = frame._txBody
        for place, runs in enumerate(words):
            paragraph = add_paragraph(body, after=Pt(7)) if place else only_paragraph(body, after=Pt(7))
            for run in runs:
                self._run(paragraph, run, Pt(16))

    def _cards(self, title: str, cards: Cards) -> None:
        slide = self._titled(title)
        across = min(len(cards.cards), 4)
        gap = Cm(0.5)
        width = (WIDTH - 2 * EDGE - (across - 1) * gap) // across
        height = Cm(4.6)
        for place, card in enumerate(cards.cards[:8]):
            left = EDGE + (place % across) * (width + gap)
            top = TOP + (place // across) * (height + gap)
            shape = slide.shapes.add_textbox(left, top, width, height)
            shape.fill.solid()
            shape.fill.fore_color.rgb = SHEET
            frame = shape.text_frame
            frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
            self._set(frame, card.label, Pt(13), SOFT)
            self._add(
                frame,
                card.text,
                Pt(36 if place == 0 else 28),
                TONES[card.tone] if card.tone != "note" else INK,
                True,
            )
            self._add(frame, card.note, Pt(12), SOFT)

        rows = -(-min(len(cards.cards), 8) // across)
        self.open = (slide, TOP + rows * (height + gap)) if rows == 1 else None

    def _figure(self, slide: Any, top: Any, figure: Figure) -> None:
        room = HEIGHT - top - Cm(2.6)
        caption = figure.caption
        if figure.chart:
            frame = slide.shapes.add_chart(
                XL_CHART_TYPE.LINE if figure.chart == "line" else XL_CHART_TYPE.BAR_CLUSTERED,
                EDGE, top, WIDTH - 2 * EDGE, room, chart_data(figure),
            )  # fmt: skip
            dress(frame.chart, figure, self.accent)
            frame._element._nvXxPr.cNvPr.set("descr", clean(figure.alt))
            if figure.chart == "bar" and bounds(figure):
                caption += " Here the bar is the value, the thin line its bounds."
        else:
            picture = slide.shapes.add_picture(io.BytesIO(_png(figure.svg)), EDGE, top, height=room)
            if picture.width > WIDTH - 2 * EDGE:
                picture.height = int(picture.height * (WIDTH - 2 * EDGE) / picture.width)
                picture.width = WIDTH - 2 * EDGE
            picture.left = (WIDTH - picture.width) // 2
            picture._element._nvXxPr.cNvPr.set("descr", clean(figure.alt))
        self._write(slide, caption, EDGE, HEIGHT - Cm(2.4), WIDTH - 2 * EDGE, Pt(11), SOFT)

    def _table(self, slide: Any, top: Any, table: DataTable) -> None:
        columns = list(enumerate(table.columns))[:COLUMNS]
        rows = table.rows[: ROWS if top < HEIGHT // 3 else ROWS_BELOW]
        texts: list[Sequence[str]] = [[c.label for _, c in columns]]
        texts += [[shortened(cell_text(row[p], c), 110) for p, c in columns] for row in rows]
        size, widths = widths_of(texts, WIDTH - 2 * EDGE)
        texts = that_fit(texts, size, widths, HEIGHT - top - Cm(2.2))
        rows = rows[: len(texts) - 1]
        left = len(table.rows) - len(rows)
        more = f" {counted(left, 'more row')} in the workbook." if left else ""
        self._write(slide, f"{table.caption}.{more}", EDGE, top, WIDTH - 2 * EDGE, Pt(12), SOFT)
        shape = slide.shapes.add_table(
            len(rows) + 1, len(columns), EDGE, top + Cm(0.9), WIDTH - 2 * EDGE, Cm(0.9)
        )
        grid = shape.table
        for column, width in zip(grid._tbl.tblGrid.gridCol_lst, widths, strict=True):
            column.w = width
        shape.width = sum(widths)
        for down, (row, line) in enumerate(zip(grid._tbl.tr_lst, texts, strict=True)):
            for across, (_, column) in enumerate(columns):
                set_cell(
                    row[across], line[across], size=size, colour=INK, bold=down == 0,
                    ground=GRID if down == 0 else SHEET, margin=Pt(2),
                    align="r" if column.type in ("number", "count") else "l",
                )  # fmt: skip
        shape._element._nvXxPr.cNvPr.set("descr", clean(table.caption))

    def _finding(self, finding: Callout) -> None:
        title = shortened(finding.title, 260)
        slide = self._titled(title, size=Pt(22 if len(title) <= 140 else 18))
        box = slide.shapes.add_textbox(EDGE, TOP + Cm(1.4), WIDTH - 2 * EDGE, Cm(9))
        frame = box.text_frame
        frame.word_wrap = True
        self._set(frame, finding.label, Pt(14), TONES[finding.tone], bold=True)
        for block in finding.blocks:
            for runs in _sentences(block):
                paragraph = add_paragraph(frame._txBody, before=Pt(10))
                for run in runs:
                    self._run(paragraph, run, Pt(16))

    def _blank(self) -> Any:
        slide = self.file.slides.add_slide(self.file.slide_layouts[5])
        slide.shapes.turbo_add_enabled = True  # ids are counted on, not looked for in all that is there
        return slide

    def _titled(self, title: str, size: Any = LARGE) -> Any:
        self.open = None
        slide = self._blank()
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = EDGE, Cm(0.9), WIDTH - 2 * EDGE, Cm(1.7)
        fits = size if size != LARGE or len(title) <= ONE_LINE else Pt(20)
        self._set(shape.text_frame, shortened(title, 260), fits, INK, bold=True)
        shape.text_frame.word_wrap = True
        shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM if size > Pt(24) else MSO_ANCHOR.TOP
        self._rule(slide, Cm(2.75) if size > Pt(24) else Cm(3.9))
        number = len(self.file.slides)
        words = [
            shortened(self.origin.client.name, 50),
            self.origin.heading,
            self.origin.brand.footer,
            str(number),
        ]
        foot = " · ".join(filter(None, words))
        self._write(slide, foot, EDGE, HEIGHT - Cm(1.05), WIDTH - 2 * EDGE, Pt(10), SOFT)
        return slide

    def _rule(self, slide: Any, top: Any) -> None:
        line = slide.shapes.add_connector(1, EDGE, top, WIDTH - EDGE, top)
        line.line.color.rgb, line.line.width = self.accent, Pt(1.5)

    def _write(self, slide: Any, text: str, left: Any, top: Any, width: Any, size: Any, colour: Any) -> None:
        box = slide.shapes.add_textbox(left, top, width, Cm(1))
        box.text_frame.word_wrap = True
        self._set(box.text_frame, text, size, colour)

    def _set(self, frame: Any, text: str, size: Any, colour: Any, bold: bool = False) -> None:
        add_run(only_paragraph(frame._txBody, align="l"), text, size, colour, bold)

    def _add(self, frame: Any, text: str, size: Any, colour: Any, bold: bool = False) -> None:
        add_run(add_paragraph(frame._txBody), text, size, colour, bold)

    def _run(self, paragraph: Any, run: Run, size: Any) -> None:
        colour = SOFT if run.style == "quiet" else INK
        add_run(paragraph, run.text, size, colour, run.style == "strong")


def _led(blocks: Sequence[AnyBlock]) -> list[AnyBlock]:
    """Return the blocks, a short paragraph that comments on the figure before it in front of that figure."""
    ordered = list(blocks)
    for place in range(1, len(ordered)):
        before, block = ordered[place - 1], ordered[place]
        follows = ordered[place + 1] if place + 1 < len(ordered) else None
        leads = isinstance(follows, DataTable | Figure | Bullets)
        if (
            isinstance(before, Figure)
            and isinstance(block, Prose)
            and not leads
            and _lines(block.runs) <= LEAD
        ):
            ordered[place - 1], ordered[place] = block, before
    return ordered


def _page_of(words: Sequence[tuple[Run, ...]], room: int) -> list[tuple[Run, ...]]:
    """Return as many paragraphs as have room; a heading stays with what follows it."""
    page: list[tuple[Run, ...]] = []
    used = 0
    for runs in words:
        used += _lines(runs)
        if used > room:
            break
        page.append(runs)
    if len(page) < len(words) and page and all(run.style == "strong" for run in page[-1]):
        page.pop()
    return page


def _lines(runs: Sequence[Run]) -> int:
    """Return about how many lines a paragraph takes at 16 points."""
    return 1 + sum(len(run.text) for run in runs) // 112


def _sentences(block: AnyBlock) -> Iterator[tuple[Run, ...]]:
    if isinstance(block, Prose):
        yield block.runs
    elif isinstance(block, Bullets):
        for place, item in enumerate(block.items, start=1):
            yield (Run(text=f"{place}. " if block.numbered else "• "), *item)
    elif isinstance(block, Facts):
        for fact in block.facts:
            yield (Run(text=f"{fact.label}: ", style="quiet"), *fact.runs)
    elif isinstance(block, Callout):
        yield (Run(text=block.title, style="strong"),)
        for inner in block.blocks:
            yield from _sentences(inner)


def _png(svg: str) -> bytes:
    """Return a picture for programs that know no SVG, drawn by Typst with the report's fonts."""
    from workbench.reports.typeset import drawn

    return drawn(svg)
