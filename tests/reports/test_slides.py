"""A deck is a presentation: each slide has a message, and nothing on it runs over or lies on something else."""

from __future__ import annotations

import gzip
import io
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from nbformat.v4 import new_notebook
from PIL import ImageFont
from pptx import Presentation
from pptx.util import Cm, Pt

from tests.reports.made import finished
from workbench.reports import figures
from workbench.reports.declare import Finished
from workbench.reports.exporters.pptx import pptx
from workbench.reports.figures_of_health import wheel
from workbench.reports.figures_of_prices import waterfall
from workbench.reports.report import Report
from workbench.reports.section import (
    Bullets,
    Callout,
    Card,
    Cards,
    Column,
    DataTable,
    Figure,
    Heading,
    OnSlide,
    Prose,
    Section,
    link,
)
from workbench.reports.slide_messages import message
from workbench.reports.slide_plan import slides_of
from workbench.resources import folder

BLANK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 40" width="90pt" height="40pt"></svg>'
DEJAVU_LINE = 1.164
"""Ascent and descent of DejaVu Sans, to its size."""


@cache
def letters(bold: bool) -> Any:
    """The widest font that decks are shown in, as Pillow measures it: at 100 points."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name), 100)


@cache
def wide(word: str, bold: bool) -> float:
    """Return how wide a word is. [em]"""
    return float(letters(bold).getlength(word)) / 100


def lines(words: list[tuple[str, float, bool]], width: float) -> int:
    """Count the lines of a paragraph of words, each with its size [points] and whether it is bold."""
    count, used = 1, 0.0
    for word, size, bold in words:
        long = size * wide(word, bold)
        blank = size * wide(" ", bold)
        if used and used + blank + long > width:
            count, used = count + 1, 0.0
        used += long + (blank if used else 0.0)
    return count


def needed(frame: Any, width: int, beside: int) -> float:
    """Measure how high the text of a frame is that is so wide, without its insets. [EMU]"""
    high = 0.0
    for paragraph in frame.paragraphs:
        runs = paragraph.runs
        size = max((run.font.size.pt for run in runs if run.font.size), default=0.0)
        words = [(w, run.font.size.pt, bool(run.font.bold)) for run in runs for w in run.text.split()]
        after = paragraph.space_after or 0
        high += lines(words, (width - beside) / Pt(1)) * size * DEJAVU_LINE * Pt(1) + after
    return high


def boxes(slide: Any) -> Iterator[tuple[str, int, int, int, float]]:
    """Yield what stands on a slide: a word on it, left, top, right, and where it really ends."""
    for shape in slide.shapes:
        if shape.has_text_frame and shape.text_frame.text:
            high = needed(shape.text_frame, shape.width, Cm(0.508))
            yield (
                shape.text_frame.text[:60],
                shape.left,
                shape.top,
                shape.left + shape.width,
                shape.top + high,
            )
        elif shape.has_table:
            high = 0.0
            for row in shape.table.rows:
                cells = zip(row.cells, shape.table.columns, strict=True)
                text = max(needed(c.text_frame, column.width, Cm(0.508)) for c, column in cells)
                high += max(row.height, text + 2 * Pt(2))
            yield "table", shape.left, shape.top, shape.left + shape.width, shape.top + high
        elif shape.shape_type is not None and not shape.is_placeholder and shape.height:
            yield "picture", shape.left, shape.top, shape.left + shape.width, shape.top + shape.height


def released() -> Report:
    """What the example shop released for April: every section, thirty findings and more; pictures are blank."""
    path = folder("example") / "pebblecart_shop" / "reviews" / "2024-04-01_2024-04-30.json.gz"
    told = json.loads(gzip.decompress(path.read_bytes()))
    told.pop("kind")
    told["origin"]["brand"]["logo"] = ""
    for section in told["sections"]:
        for block in section["blocks"]:
            if block["block"] == "figure":
                block["svg"] = BLANK
    return Report.model_validate(told)


@cache
def small() -> Report:
    """The report of the hand-made client."""
    return finished().report


def of(*sections: Section) -> Report:
    return small().model_copy(update={"sections": sections})


def deck(report: Report) -> Any:
    return Presentation(io.BytesIO(pptx(Finished(report, new_notebook()))))


def wordy() -> Report:
    """A report whose every text is longer than any slide."""
    long = "what was found and how it was counted in each week of the period, " * 30
    tall = tuple((f"{n} {long}", long, long, 1.0) for n in range(30))
    columns = (
        *(Column(name=n, label=long[:80]) for n in "abc"),
        Column(name="d", label="Days", type="number"),
    )
    said = (Prose.of(long), Bullets.of([long, long]))
    blocks = (
        Cards(cards=tuple(Card(label=long, text=f"{n} of 1,000,000", note=long) for n in range(8))),
        *said, DataTable(name="t", caption=long, columns=columns, rows=tall),
        Heading(text=long), *said, figures.score_ranges("s", [(long, 50.0, 10.0, 90.0)] * 3, long),
        DataTable(name="u", caption="One row", columns=columns, rows=tall[:1]),
    )  # fmt: skip
    found = Callout(tone="severe", title=long, label="HC-1 · severe", anchor="finding-1", blocks=said)
    return of(
        Section(id="a", title=long, blocks=blocks),
        Section(id="findings", title="Findings", blocks=(found,) * 5),
    )


@pytest.mark.parametrize("report", [released, wordy, small], ids=["rich", "wordy", "poor"])
def test_nothing_on_a_slide_lies_on_something_else_or_leaves_it(report: Any) -> None:
    """Measured with another font file and another hand than those that placed it."""
    shown = deck(report())

    wrong = []
    for number, slide in enumerate(shown.slides, start=1):
        placed = list(boxes(slide))
        for word, left, top, right, bottom in placed:
            if left < 0 or top < 0 or right > shown.slide_width or bottom > shown.slide_height:
                wrong.append(f"slide {number}: {word} leaves it")
        for one, other in itertools.combinations(placed, 2):
            across = min(one[3], other[3]) - max(one[1], other[1])
            down = min(one[4], other[4]) - max(one[2], other[2])
            if across > 0 and down > Pt(1):
                wrong.append(f"slide {number}: {one[0]} and {other[0]} by {down / Cm(1):.2f} cm")
    assert [] == wrong


def test_deck_of_a_full_review_has_titles_that_differ_and_no_words_that_lead_nowhere() -> None:
    """A title is a message or names what is shown; what bears it out stands behind a divider."""
    shown = deck(released())
    titles = [slide.shapes.title.text_frame.text for slide in shown.slides]
    said = "\n".join(s.text_frame.text for slide in shown.slides for s in slide.shapes if s.has_text_frame)

    assert [] == [title for title, times in Counter(titles).items() if times > 1]
    assert "Headline" not in titles
    assert titles.index("Appendix") <= 20
    assert len(titles) <= 42
    assert ": evidence" not in said


def series_of(figure: Figure) -> Any:
    """Return the chart of a figure on a slide of its own."""
    shown = deck(of(Section(id="x", title="X", blocks=(figure,))))
    (chart,) = (shape.chart for slide in shown.slides for shape in slide.shapes if shape.has_chart)
    return chart


def numbers(*names: str, unit: str = "") -> tuple[Column, ...]:
    return tuple(Column(name=n, label=n.capitalize(), type="number", unit=unit) for n in names)


def test_lines_differ_in_colour_and_dash_and_shares_end_at_one() -> None:
    """Two lines are told apart in print too; the bounds are lines of their own, thin; the target is one more."""
    plain = Figure(
        name="need", caption="c", alt="a", svg=BLANK, chart="line", rows=(("8:00", 3.0, 4.0), ("9:00", 5.0, 6.0)),
        columns=(Column(name="from", label="From"), *numbers("needed", "erlang_a")),
    )  # fmt: skip
    banded = plain.model_copy(
        update={
            "rows": (("8:00", 0.8, 0.7, 1.0, 0.9), ("9:00", 0.9, 0.8, 1.0, 0.7)),
            "columns": (plain.columns[0], *numbers("predicted", "low", "high", "actual", unit="fraction")),
        }
    )  # fmt: skip
    needed, textbook = series_of(plain).plots[0].series
    chart = series_of(banded)
    over_time = series_of(
        figures.share_over_time("s", ["3 Jun", "4 Jun"], [0.7, 0.9], "c", label="Service level", target=0.8)
    )

    assert needed.format.line.color.rgb != textbook.format.line.color.rgb
    assert needed.format.line.dash_style != textbook.format.line.dash_style
    assert ["Predicted", "Actual", "lower end", "upper end"] == [s.name for s in chart.plots[0].series]
    assert [(0.7, 0.8), (1.0, 1.0)] == [tuple(s.values) for s in list(chart.plots[0].series)[2:]]
    assert chart.value_axis.maximum_scale == 1
    assert ["Service level", "Target"] == [s.name for s in over_time.plots[0].series]
    assert (0.8, 0.8) == tuple(list(over_time.plots[0].series)[1].values)


def test_caption_of_a_chart_speaks_of_what_the_slide_shows() -> None:
    """The wheel's picture has triangles; the bars on the slide have none."""
    figure = wheel("w", [("HC-1", 50.0, 40.0, 60.0, 20.0, 80.0)], "Triangles.", on_slide="Score and answers.")
    shown = deck(of(Section(id="x", title="X", blocks=(figure,))))
    said = [s.text_frame.text for slide in shown.slides for s in slide.shapes if s.has_text_frame]

    assert "Score and answers." in said
    assert "Triangles." not in said


def test_bars_of_a_tornado_go_both_ways_in_points() -> None:
    """The axis has no least value, a lever with one direction is not unknown, and each bar has its bounds."""
    columns = numbers("down", "up", "down_low", "down_high", "up_low", "up_high", unit="fraction")
    figure = Figure(
        name="t", caption="What moves it.", alt="a", svg=BLANK, chart="bar", on_slide=OnSlide(form="tornado"),
        columns=(Column(name="lever", label="Lever"), Column(name="moves", label="Moves"), *columns),
        rows=(("volume", "", 0.02, -0.03, 0.01, 0.03, -0.04, -0.02),
              ("outage", "", None, -0.01, None, None, -0.02, 0.0)),
    )  # fmt: skip
    chart = series_of(figure)
    down, up = chart.plots[0].series
    whiskers = up._element.xpath(".//c:errBars//c:minus//c:v")

    assert ["volume", "outage"] == list(chart.plots[0].categories)
    assert [(2.0, None), (-3.0, -1.0)] == [tuple(down.values), tuple(up.values)]
    assert chart.value_axis.minimum_scale is None
    assert chart.value_axis.maximum_scale is None
    assert ["1", "1"] == [v.text for v in whiskers]


def test_steps_of_a_waterfall_float_and_one_below_zero_is_a_picture() -> None:
    """248 saved, then 14 lost, then 100 saved: the second bar hangs from 248 to 234, the third stands on 234."""
    steps = [("first", 248.0), ("second", -14.0), ("third", 100.0)]
    chart = series_of(waterfall("w", steps, "EUR", "c"))
    below, saved, lost = (tuple(s.values) for s in chart.plots[0].series)
    sunk = deck(of(Section(id="x", title="X", blocks=(waterfall("w", [("a", -5.0)], "EUR", "c"),))))

    assert (None, 234.0, 234.0, None) == below
    assert (248.0, None, 100.0, 334.0) == saved
    assert (None, 14.0, None, None) == lost
    assert not [shape for slide in sunk.slides for shape in slide.shapes if shape.has_chart]


def test_headline_numbers_of_many_queues_are_one_table_and_a_single_row_is_names_with_values() -> None:
    """Three queues are three rows of one slide; a table of one row needs no head."""
    groups = [
        block
        for queue in ("east", "west", "north")
        for block in (
            Heading(text=queue),
            Cards(cards=(Card(label="Level", text="80 %", value=0.8, note="target met; in June"),)),
            Prose.of(f"More of {queue}, and how it came about."),
        )
    ]  # fmt: skip
    row = DataTable(name="r", caption="Roots", rows=(("scope", 1.0, None),),
                    columns=(Column(name="root", label="Root"), *numbers("findings", "share")))  # fmt: skip
    service = Section(id="service level", title="Service level", blocks=tuple(groups))
    shown = deck(
        of(service, Section(id="roots", title="Roots of all", blocks=(Prose.of("All from one."), row)))
    )
    queues, facts = (shape.table for slide in shown.slides for shape in slide.shapes if shape.has_table)

    assert "The target is met in 3 of 3 queues" == message(service)
    assert ["", "east", "west", "north"] == [r.cells[0].text for r in queues.rows]
    assert [("Root", "scope"), ("Findings", "1"), ("Share", "unknown")] == [
        tuple(cell.text for cell in r.cells) for r in facts.rows
    ]


def test_links_go_and_what_has_no_room_is_in_the_notes() -> None:
    """A sentence that only leads elsewhere is dropped; a code that it names stays; a remark goes to the speaker."""
    picture = figures.score_ranges("s", [(f"area {n}", 50.0, 10.0, 90.0) for n in range(12)], "Scores. June.")
    remark = "Read it with care, for it rests on what people said of themselves. " * 4
    blocks = (
        Prose.of("It costs 3 EUR. ", link("All prices", "s-prices"), "."),
        Bullets.of([["It fell.", " ", link("VMF-8, severe: evidence", "finding-1")]] * 8), picture, Prose.of(remark),
        Prose.of(remark), Prose.of(remark),
    )  # fmt: skip
    front, _ = slides_of([Section(id="x", title="X", blocks=blocks)])
    said = [
        run.text
        for slide in front
        for part in slide.parts
        for p in getattr(part, "paragraphs", ())
        for run in p
    ]

    assert "It costs 3 EUR" == front[0].title
    assert "VMF-8, severe" in said
    assert not [text for text in said if "All prices" in text or "evidence" in text]
    assert front[-1].notes

    cards = Cards(cards=(Card(label="L", text="1"),))
    numbers_first = Section(id="y", title="Y", blocks=(cards, Bullets.of([remark] * 9)))
    (one,), _ = slides_of([numbers_first])

    assert 2 == len(one.parts)
    assert 9 == len(one.parts[1].paragraphs) + len(one.notes)
    assert len(one.notes) < 6
