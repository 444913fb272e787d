"""How does a figure become a chart that a slide can edit, with its bounds?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from workbench.reports.section import Cell, Column, Figure
from workbench.reports.slide_text import clean
from workbench.reports.words import shortened


def rgb(colour: str) -> Any:
    """Return a colour such as "#0067a3" as slides take it."""
    return RGBColor.from_string(colour.removeprefix("#").upper())  # type: ignore[no-untyped-call]


INK, SOFT, SHEET, GRID = rgb("#1b2430"), rgb("#56616f"), rgb("#f5f7f9"), rgb("#d5dbe2")
BLUE, WHITE = rgb("#0067a3"), rgb("#ffffff")
PALE, RED, AMBER = rgb("#a9cbe3"), rgb("#d55e00"), rgb("#e69f00")
SERIES = (BLUE, RED, rgb("#009e73"), rgb("#cc79a7"))
DASHES = (None, MSO_LINE_DASH_STYLE.DASH, MSO_LINE_DASH_STYLE.ROUND_DOT, MSO_LINE_DASH_STYLE.LONG_DASH_DOT)

BOUNDS = ("low", "high")
SIGNED = '+0.0;"−"0.0;0.0'
MANY = 60
"""From so many points of a line on, a marker on each is a smear."""


def drawable(figure: Figure) -> bool:
    """Say whether a figure can be a chart: steps that fall below 0 cannot float on an invisible bar."""
    if figure.on_slide.form == "waterfall":
        return min(level for level, _, _ in _steps(figure)) >= 0
    return bool(figure.chart)


def chart_type(figure: Figure) -> Any:
    """Return what python-pptx calls the chart of a figure."""
    if figure.chart == "line":
        return XL_CHART_TYPE.LINE
    return XL_CHART_TYPE.BAR_STACKED if figure.on_slide.form == "waterfall" else XL_CHART_TYPE.BAR_CLUSTERED


def _bounding(name: str) -> bool:
    return name in BOUNDS or name.endswith(("_low", "_high"))


def _series(figure: Figure) -> list[int]:
    """Return the places of the columns that a chart shows as values: numbers, and no bounds."""
    return [
        place
        for place, column in enumerate(figure.columns)
        if place and column.type in ("number", "count") and not _bounding(column.name)
    ]


def bounds(figure: Figure, of: str = "") -> tuple[int, int] | None:
    """Return the places of the columns of lower and upper bounds, if it has both; `of` names a series with its own."""
    places = {column.name: place for place, column in enumerate(figure.columns)}
    low, high = (f"{of}_{end}" if of else end for end in BOUNDS)
    return (places[low], places[high]) if low in places and high in places else None


def caption(figure: Figure) -> str:
    """Return what stands below the chart of a figure."""
    said = figure.on_slide.caption or figure.caption
    if figure.on_slide.caption or not drawable(figure):
        return said
    if figure.chart == "bar" and bounds(figure):
        return f"{said} Here the bar is the value, the thin line its bounds."
    return said


def _steps(figure: Figure) -> list[tuple[float, float, float]]:
    """Return where each step of a waterfall floats, how much of it is saved and how much more it costs."""
    told, level = [], 0.0
    for row in figure.rows:
        change = float(row[1]) if isinstance(row[1], int | float) else 0.0
        told.append((min(level, level + change), max(change, 0.0), max(-change, 0.0)))
        level += change
    return [*told, (0.0, level, 0.0)]


def chart_data(figure: Figure) -> Any:
    """Return the rows of a figure as what a chart is made from; what is not known has no bar and says so."""
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    form = figure.on_slide.form
    labels = [clean(shortened(str(row[0]), 60)) for row in figure.rows]
    if form == "waterfall":
        steps = [f"{label}: {_money(row[1])}" for label, row in zip(labels, figure.rows, strict=True)]
        data.categories = [*steps, f"All together: {_money(_steps(figure)[-1][1])}"]
        names = ("Below", figure.columns[1].label, "Costs more")
        for name, values in zip(names, zip(*_steps(figure), strict=True), strict=True):
            data.add_series(clean(name), [value or None for value in values])
        return data
    first = _series(figure)[0]
    known = [row[first] is not None or figure.chart == "line" or form == "tornado" for row in figure.rows]
    data.categories = [label + ("" if k else " (unknown)") for label, k in zip(labels, known, strict=True)]
    scale = 100.0 if form == "tornado" and _shares(figure.columns) else 1.0
    for place in _series(figure):
        name = figure.on_slide.series or figure.columns[place].label
        data.add_series(clean(name), _numbers(figure, place, scale))
    ends = bounds(figure) if figure.chart == "line" else None
    for place, side in zip(ends or (), ("lower", "upper"), strict=False):
        data.add_series(f"90 % interval, {side} end" if figure.name.startswith("predicted") else f"{side} end",
                        _numbers(figure, place, 1.0))  # fmt: skip
    if figure.chart == "line" and figure.on_slide.target is not None:
        data.add_series("Target", [figure.on_slide.target] * len(figure.rows))
    return data


def _money(value: Cell) -> str:
    return f"{value:,.0f}".replace("-", "−") if isinstance(value, int | float) else "unknown"


def _numbers(figure: Figure, place: int, scale: float) -> list[float | None]:
    return [scale * value if isinstance(value := row[place], int | float) else None for row in figure.rows]


def _shares(columns: Sequence[Column]) -> bool:
    return any(column.unit == "fraction" for column in columns)


def _above(upper: Cell, lower: Cell) -> float:
    known = isinstance(upper, int | float) and isinstance(lower, int | float)
    return max(0.0, float(upper) - float(lower)) if known else 0.0  # type: ignore[arg-type]


def _whiskers(series: Any, figure: Figure, value: int, ends: tuple[int, int], scale: float = 1.0) -> None:
    """Draw the bounds of the series in column `value` as error bars; python-pptx has no words for them."""
    low, high = ends
    sides = {"plus": (high, value), "minus": (value, low)}
    told = "".join(
        f"<c:{side}><c:numLit><c:formatCode>General</c:formatCode><c:ptCount val='{len(figure.rows)}'/>"
        + "".join(
            f"<c:pt idx='{place}'><c:v>{scale * _above(row[upper], row[lower]):.6g}</c:v></c:pt>"
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
    shown = list(chart.plots[0].series)
    chart.font.size = Pt(13 if len(figure.rows) * len(shown) <= 16 else 11)
    chart.has_title = False
    axis = chart.value_axis
    shares = _shares([figure.columns[place] for place in _series(figure)])
    axis.tick_labels.number_format = "0%" if shares else "#,##0"
    axis.tick_labels.number_format_is_linked = False
    axis.major_gridlines.format.line.color.rgb = GRID
    axis.format.line.fill.background()
    chart.has_legend = len(shown) > 1 and figure.on_slide.form != "waterfall"
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    if figure.chart == "line":
        _dress_lines(chart, figure, shown, shares, accent)
    elif figure.on_slide.form == "tornado":
        _dress_tornado(chart, figure, shown, shares)
    elif figure.on_slide.form == "waterfall":
        _dress_waterfall(chart, shown, accent)
    else:
        _dress_bars(chart, figure, shown, shares, accent)


def _dress_lines(chart: Any, figure: Figure, shown: Sequence[Any], shares: bool, accent: Any) -> None:
    """Tell lines apart by colour and dash: values first, bounds pale and thin, the target red."""
    if shares:
        chart.value_axis.maximum_scale = 1
    elif all(v >= 0 for series in shown for v in series.values if v is not None):
        chart.value_axis.minimum_scale = 0
    values = len(_series(figure))
    for place, series in enumerate(shown):
        series.smooth = False
        line = series.format.line
        if place < values:
            line.color.rgb = accent if values == 1 else SERIES[place % len(SERIES)]
            line.width = Pt(2.25 if place == 0 else 1.5)
            if place and bounds(figure):  # what happened, beside a prediction with its interval
                line.fill.background()
                _mark(series, RED, 4)
                continue
            if place:
                line.dash_style = DASHES[place % len(DASHES)]
            if len(figure.rows) < MANY and values == 1:
                _mark(series, accent, 5)
                continue
        elif series.name == "Target":
            line.color.rgb, line.width, line.dash_style = RED, Pt(1.5), MSO_LINE_DASH_STYLE.DASH
        else:
            line.color.rgb, line.width = PALE, Pt(1)
        series.marker.style = XL_MARKER_STYLE.NONE


def _mark(series: Any, colour: Any, size: int) -> None:
    """Mark each point of a line with a dot."""
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, size
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = colour
    series.marker.format.line.color.rgb = colour


def _dress_tornado(chart: Any, figure: Figure, shown: Sequence[Any], shares: bool) -> None:
    """Draw bars to both sides of today: the end down amber, the end up blue, names at the edge, each with its value."""
    axis = chart.value_axis
    axis.tick_labels.number_format = SIGNED
    if shares:
        axis.has_title = True
        axis.axis_title.text_frame.text = "points"
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(11)
        axis.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False
    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.format.line.color.rgb = INK
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 35, 0
    scale = 100.0 if shares else 1.0
    ends = [bounds(figure, figure.columns[place].name) for place in _series(figure)]
    plot.has_data_labels = not any(ends)  # or figures stand on the lines of their bounds
    if plot.has_data_labels:
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = SIGNED, False
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        plot.data_labels.font.size = Pt(8)
    for series, place, own, colour in zip(shown, _series(figure), ends, (AMBER, BLUE), strict=False):
        _fill(series, colour)
        if own:
            _whiskers(series, figure, place, own, scale)


def _dress_waterfall(chart: Any, shown: Sequence[Any], accent: Any) -> None:
    """Float each step on an invisible bar; what costs more is amber. What a step saves stands with its name."""
    chart.value_axis.minimum_scale = 0
    chart.category_axis.reverse_order = True
    chart.plots[0].gap_width, chart.plots[0].overlap = 45, 100
    base, *steps = shown
    base.format.fill.background()
    base.format.line.fill.background()
    for series, colour in zip(steps, (accent, AMBER), strict=True):
        _fill(series, colour)


def _dress_bars(chart: Any, figure: Figure, shown: Sequence[Any], shares: bool, accent: Any) -> None:
    """Draw bars from 0, each with its value and the bounds of the first series."""
    lowest = min((v for series in shown for v in series.values if v is not None), default=0.0)
    if lowest >= 0:
        chart.value_axis.minimum_scale = 0
    else:
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if shares or figure.columns[_series(figure)[0]].name == "score":
        chart.value_axis.maximum_scale = 1 if shares else 100
    chart.category_axis.reverse_order = True
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = ("0.0%" if shares else "#,##0"), False
    ends = bounds(figure)
    if ends:  # at the foot of the bar, where no line crosses the figure
        labels.position = XL_LABEL_POSITION.INSIDE_BASE
        labels.font.color.rgb, labels.font.bold = WHITE, True
        labels.font.size = Pt(12 if len(shown) == 1 else 8)
        _whiskers(shown[0], figure, _series(figure)[0], ends)
    for place, series in enumerate(shown):
        _fill(series, SERIES[place % len(SERIES)] if len(shown) > 1 else accent)


def _fill(series: Any, colour: Any) -> None:
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = colour
    series.invert_if_negative = False
