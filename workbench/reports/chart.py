"""How does a figure become a chart that a slide can edit, with its bounds?"""

from __future__ import annotations

from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from workbench.reports.section import Cell, Figure
from workbench.reports.slide_text import clean
from workbench.reports.words import shortened


def rgb(colour: str) -> Any:
    """Return a colour such as "#0067a3" as slides take it."""
    return RGBColor.from_string(colour.removeprefix("#").upper())  # type: ignore[no-untyped-call]


INK, SOFT, SHEET, GRID = rgb("#1b2430"), rgb("#56616f"), rgb("#f5f7f9"), rgb("#d5dbe2")
BLUE, WHITE = rgb("#0067a3"), rgb("#ffffff")
SERIES = (BLUE, rgb("#d55e00"), rgb("#009e73"), rgb("#cc79a7"))


def _series(figure: Figure) -> list[int]:
    """Return the places of the columns that a chart can show: numbers, and no bounds."""
    return [
        place
        for place, column in enumerate(figure.columns)
        if place and column.type in ("number", "count") and column.name not in ("low", "high")
    ]


def bounds(figure: Figure) -> tuple[int, int] | None:
    """Return the places of the columns of lower and upper bounds, if it has both."""
    places = {column.name: place for place, column in enumerate(figure.columns)}
    return (places["low"], places["high"]) if {"low", "high"} <= places.keys() else None


def chart_data(figure: Figure) -> Any:
    """Return the rows of a figure as what a chart is made from; what is not known has no bar and says so."""
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    first = _series(figure)[0]
    data.categories = [
        clean(shortened(str(row[0]), 60))
        + ("" if row[first] is not None or figure.chart == "line" else " (unknown)")
        for row in figure.rows
    ]
    for place in _series(figure):
        values = [row[place] if isinstance(row[place], int | float) else None for row in figure.rows]
        data.add_series(clean(figure.columns[place].label), values)
    return data


def _above(upper: Cell, lower: Cell) -> float:
    known = isinstance(upper, int | float) and isinstance(lower, int | float)
    return max(0.0, float(upper) - float(lower)) if known else 0.0  # type: ignore[arg-type]


def _whiskers(series: Any, figure: Figure, low: int, high: int) -> None:
    """Draw the bounds of the first series as error bars; python-pptx has no words for them."""
    value = _series(figure)[0]
    sides = {"plus": (high, value), "minus": (value, low)}
    told = "".join(
        f"<c:{side}><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val='{len(figure.rows)}'/>"
        + "".join(
            f"<c:pt idx='{place}'><c:v>{_above(row[upper], row[lower]):.6g}</c:v></c:pt>"
            for place, row in enumerate(figure.rows)
            if row[upper] is not None and row[lower] is not None
        )
        + f"</c:numLit></c:{side}>"
        for side, (upper, lower) in sides.items()
    )
    bars = parse_xml(
        "<c:errBars xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart' "
        "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'>"
        f"<c:errBarType val='both'/><c:errValType val='cust'/><c:noEndCap val='0'/>{told}"
        f"<c:spPr><a:ln w='19050'><a:solidFill><a:srgbClr val='{INK}'/></a:solidFill></a:ln></c:spPr></c:errBars>"
    )
    series._element.find(qn("c:cat")).addprevious(bars)


def dress(chart: Any, figure: Figure, accent: Any) -> None:
    """Give a chart the house's look; `accent` colours a series that stands alone."""
    chart.font.size = Pt(13 if len(figure.rows) * len(_series(figure)) <= 16 else 11)
    ends = bounds(figure)
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
        if ends:  # at the foot of the bar, where no line crosses the figure
            plot.data_labels.position = XL_LABEL_POSITION.INSIDE_BASE
            plot.data_labels.font.color.rgb, plot.data_labels.font.bold = WHITE, True
            plot.data_labels.font.size = Pt(12 if len(chart.series) == 1 else 8)
    for place, series in enumerate(chart.series):
        if figure.chart == "line":
            series.smooth = False
            series.format.line.color.rgb, series.format.line.width = accent, Pt(2.25)
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = (
                SERIES[place % len(SERIES)] if len(chart.series) > 1 else accent
            )
            if place == 0 and ends:
                _whiskers(series, figure, *ends)
