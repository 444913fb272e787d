"""How does a report become slides: one message each, tables and charts that can be edited?

A slide holds what can be presented: the headline numbers, each figure as a native chart where it is
one of bars or lines, short tables, the findings that matter. What is folded away in the report (the
evidence, the scales) stays in the report.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Cm, Pt

from workbench.reports.declare import Finished, exporter
from workbench.reports.html import cell_text
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
from workbench.reports.words import audience_words, heading, shortened


def _rgb(red: int, green: int, blue: int) -> Any:
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]


WIDTH, HEIGHT, EDGE, TOP = Cm(33.867), Cm(19.05), Cm(1.6), Cm(3.1)
INK, SOFT, SHEET, GRID = (
    _rgb(27, 36, 48),
    _rgb(86, 97, 111),
    _rgb(245, 247, 249),
    _rgb(213, 219, 226),
)
BLUE = _rgb(0, 103, 163)
SERIES = (BLUE, _rgb(213, 94, 0), _rgb(0, 158, 115), _rgb(204, 121, 167))
TONES = {
    "severe": _rgb(184, 67, 26), "moderate": _rgb(143, 100, 0), "minor": BLUE, "note": SOFT,
    "good": _rgb(0, 112, 79),
}  # fmt: skip

LARGE = Pt(26)

FINDINGS, LINES, LEAD, ROWS, COLUMNS = 6, 17, 3, 12, 7
BESIDE_CARDS = 11
"""How many findings get a slide; what one slide holds, and how many lines may stand above a figure."""

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
        """A slide of headline numbers with room for words, and where the room begins."""
        self.file.slide_width, self.file.slide_height = WIDTH, HEIGHT
        properties = self.file.core_properties
        properties.title = clean(f"{shortened(self.origin.client.name, 80)}: {heading(self.origin.template)}")
        properties.author = "contact-centre-workbench"
        when = finished.made or datetime(2000, 1, 1)
        properties.created = properties.modified = when.replace(tzinfo=None)

    def cover(self) -> None:
        """Name client, report, period and reader."""
        origin, slide = self.origin, self._blank()
        said = " · ".join((origin.period.text, origin.status, audience_words(origin.audience)))
        self._write(slide, heading(origin.template), EDGE, Cm(6.2), WIDTH - 2 * EDGE, Pt(18), SOFT)
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
        for block in section.blocks:
            match block:
                case Heading():
                    words.append((Run(text=block.text, style="strong"),))
                case Cards():
                    self._words(section.title, words)
                    words = []
                    self._cards(section.title, block)
                case Figure():
                    self._figure(section.title, block, self._lead(section.title, words))
                    words = []
                case DataTable():
                    self._table(section.title, block, self._lead(section.title, words))
                    words = []
                case Callout() if block.anchor:
                    findings += 1
                    if findings <= FINDINGS:
                        self._finding(block)
                case _:
                    words += _sentences(block)
        if not findings:  # what follows the findings counts those that are in the report
            self._words(section.title, words)

    def _lead(self, title: str, words: list[tuple[Run, ...]]) -> list[tuple[Run, ...]]:
        """Return the words if they fit above a figure; else give them a slide of their own."""
        if sum(_lines(runs) for runs in words) <= LEAD:
            return words
        self._words(title, words)
        return []

    def _words(self, title: str, words: Sequence[tuple[Run, ...]]) -> None:
        rest = list(words)
        if rest and self.open is not None and sum(_lines(runs) for runs in rest) <= BESIDE_CARDS:
            slide, top = self.open
            self._paragraphs(slide, rest, top)
            self.open, rest = None, []
        while rest:
            page: list[tuple[Run, ...]] = []
            used = 0
            while rest and (not page or used + _lines(rest[0]) <= LINES):
                used += _lines(rest[0])
                page.append(rest.pop(0))
            self._paragraphs(self._titled(title), page, TOP)

    def _paragraphs(self, slide: Any, words: Sequence[tuple[Run, ...]], top: Any) -> None:
        box = slide.shapes.add_textbox(EDGE, top, WIDTH - 2 * EDGE, Cm(1))
        frame = box.text_frame
        frame.word_wrap = True
        for place, runs in enumerate(words):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(7)
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

    def _figure(self, title: str, figure: Figure, lead: Sequence[tuple[Run, ...]]) -> None:
        slide = self._titled(title)
        top = self._under(slide, lead)
        room = HEIGHT - top - Cm(2.6)
        if figure.chart:
            frame = slide.shapes.add_chart(
                XL_CHART_TYPE.LINE if figure.chart == "line" else XL_CHART_TYPE.BAR_CLUSTERED,
                EDGE, top, WIDTH - 2 * EDGE, room, _chart_data(figure),
            )  # fmt: skip
            _dress(frame.chart, figure)
            frame._element._nvXxPr.cNvPr.set("descr", clean(figure.alt))
        else:
            picture = slide.shapes.add_picture(io.BytesIO(_png(figure.svg)), EDGE, top, height=room)
            if picture.width > WIDTH - 2 * EDGE:
                picture.height = int(picture.height * (WIDTH - 2 * EDGE) / picture.width)
                picture.width = WIDTH - 2 * EDGE
            picture.left = (WIDTH - picture.width) // 2
            picture._element._nvXxPr.cNvPr.set("descr", clean(figure.alt))
        self._write(slide, figure.caption, EDGE, HEIGHT - Cm(2.3), WIDTH - 2 * EDGE, Pt(11), SOFT)

    def _table(self, title: str, table: DataTable, lead: Sequence[tuple[Run, ...]]) -> None:
        slide = self._titled(title)
        top = self._under(slide, lead)
        columns = list(enumerate(table.columns))[:COLUMNS]
        rows = table.rows[:ROWS]
        shape = slide.shapes.add_table(len(rows) + 1, len(columns), EDGE, top, WIDTH - 2 * EDGE, Cm(0.9))
        grid = shape.table
        texts = [[c.label for _, c in columns], *([cell_text(row[p], c) for p, c in columns] for row in rows)]
        lengths = [max(8, *(min(len(line[p]), 48) for line in texts)) for p in range(len(columns))]
        for place, length in enumerate(lengths):
            grid.columns[place].width = int((WIDTH - 2 * EDGE) * length / sum(lengths))
        for down, line in enumerate(texts):
            for across, (_, column) in enumerate(columns):
                cell = grid.cell(down, across)
                cell.margin_top = cell.margin_bottom = Pt(2)
                cell.fill.solid()
                cell.fill.fore_color.rgb = GRID if down == 0 else SHEET
                self._set(cell.text_frame, shortened(line[across], 110), Pt(11), INK, bold=down == 0)
                if column.type in ("number", "count"):
                    cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
        shape._element._nvXxPr.cNvPr.set("descr", clean(table.caption))
        left = len(table.rows) - len(rows)
        more = f" {left:,} more rows are in the workbook." if left else ""
        self._write(slide, f"{table.caption}.{more}", EDGE, HEIGHT - Cm(2.0), WIDTH - 2 * EDGE, Pt(11), SOFT)

    def _under(self, slide: Any, lead: Sequence[tuple[Run, ...]]) -> Any:
        """Write the words that lead to a figure or table, and return where it begins."""
        if lead:
            self._paragraphs(slide, lead, TOP)
        return TOP + Cm(0.85) * sum(_lines(runs) for runs in lead)

    def _finding(self, finding: Callout) -> None:
        slide = self._titled(shortened(finding.title, 150), size=Pt(22))
        box = slide.shapes.add_textbox(EDGE, TOP + Cm(1.4), WIDTH - 2 * EDGE, Cm(9))
        frame = box.text_frame
        frame.word_wrap = True
        self._set(frame, finding.label, Pt(14), TONES[finding.tone], bold=True)
        for block in finding.blocks:
            for runs in _sentences(block):
                paragraph = frame.add_paragraph()
                paragraph.space_before = Pt(10)
                for run in runs:
                    self._run(paragraph, run, Pt(16))

    def _blank(self) -> Any:
        return self.file.slides.add_slide(self.file.slide_layouts[5])

    def _titled(self, title: str, size: Any = LARGE) -> Any:
        self.open = None
        slide = self._blank()
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = EDGE, Cm(0.9), WIDTH - 2 * EDGE, Cm(1.7)
        self._set(shape.text_frame, shortened(title, 150), size, INK, bold=True)
        shape.text_frame.word_wrap = True
        shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM if size > Pt(24) else MSO_ANCHOR.TOP
        self._rule(slide, Cm(2.75) if size > Pt(24) else Cm(3.9))
        number = len(self.file.slides)
        foot = f"{shortened(self.origin.client.name, 50)} · {heading(self.origin.template)} · {number}"
        self._write(slide, foot, EDGE, HEIGHT - Cm(1.05), WIDTH - 2 * EDGE, Pt(10), SOFT)
        return slide

    def _rule(self, slide: Any, top: Any) -> None:
        line = slide.shapes.add_connector(1, EDGE, top, WIDTH - EDGE, top)
        line.line.color.rgb, line.line.width = BLUE, Pt(1.5)

    def _write(self, slide: Any, text: str, left: Any, top: Any, width: Any, size: Any, colour: Any) -> None:
        box = slide.shapes.add_textbox(left, top, width, Cm(1))
        box.text_frame.word_wrap = True
        self._set(box.text_frame, text, size, colour)

    def _set(self, frame: Any, text: str, size: Any, colour: Any, bold: bool = False) -> None:
        frame.clear()
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        self._styled(frame.paragraphs[0].add_run(), text, size, colour, bold)

    def _add(self, frame: Any, text: str, size: Any, colour: Any, bold: bool = False) -> None:
        self._styled(frame.add_paragraph().add_run(), text, size, colour, bold)

    def _run(self, paragraph: Any, run: Run, size: Any) -> None:
        colour = SOFT if run.style == "quiet" else INK
        self._styled(paragraph.add_run(), run.text, size, colour, run.style == "strong")

    def _styled(self, run: Any, text: str, size: Any, colour: Any, bold: bool) -> None:
        run.text = clean(text)
        run.font.size, run.font.bold = size, bold
        run.font.color.rgb = colour


def _lines(runs: Sequence[Run]) -> int:
    """Return about how many lines a paragraph takes at 16 points."""
    return 1 + sum(len(run.text) for run in runs) // 112


def clean(text: str) -> str:
    """Return `text` without what XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


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


def _series(figure: Figure) -> list[int]:
    """Return the places of the columns that a chart can show: numbers, and no bounds."""
    return [
        place
        for place, column in enumerate(figure.columns)
        if place and column.type in ("number", "count") and column.name not in ("low", "high")
    ]


def _chart_data(figure: Figure) -> Any:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = [clean(shortened(str(row[0]), 60)) for row in figure.rows]
    for place in _series(figure):
        values = [row[place] if isinstance(row[place], int | float) else None for row in figure.rows]
        data.add_series(clean(figure.columns[place].label), values)
    return data


def _dress(chart: Any, figure: Figure) -> None:
    chart.font.size = Pt(13)
    chart.has_legend = len(_series(figure)) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.has_title = False
    shares = any(figure.columns[place].unit == "fraction" for place in _series(figure))
    form = "0.0%" if shares else "0"
    chart.value_axis.tick_labels.number_format = "0%" if shares else "0"
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.value_axis.major_gridlines.format.line.color.rgb = GRID
    chart.value_axis.format.line.fill.background()
    if figure.chart == "bar":
        chart.value_axis.minimum_scale = 0
        if shares or figure.columns[_series(figure)[0]].name == "score":
            chart.value_axis.maximum_scale = 1 if shares else 100
        chart.category_axis.reverse_order = True
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels = 60, True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = form, False
    for place, series in enumerate(chart.series):
        if figure.chart == "line":
            series.smooth = False
            series.format.line.color.rgb, series.format.line.width = BLUE, Pt(2.25)
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = SERIES[place % len(SERIES)]


def _png(svg: str) -> bytes:
    """Return a picture for programs that know no SVG, drawn by Typst with the report's fonts."""
    from workbench.reports.typeset import drawn

    return drawn(svg)
