"""How are the wheel, the lifecycle and the forums drawn? In the same language as all other figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

from workbench.reports.figures import (
    AMBER,
    BLUE,
    GREEN,
    GRID,
    INK,
    PALE,
    RED,
    SOFT,
    as_svg,
    drawing,
    labels_down,
)
from workbench.reports.section import Column, Figure, OnSlide
from workbench.reports.words import shortened
from workbench.wording import figure as written

NumberOrNone = float | None

TINT = 0.4
"""Fills carry text in ink, so that they are a tint of their colour."""


def wheel(
    name: str,
    rows: Sequence[tuple[str, NumberOrNone, float, float, NumberOrNone, NumberOrNone]],
    caption: str,
    on_slide: str = "",
) -> Figure:
    """Draw scores of 0 to 100 around a wheel: a wedge to the score, a pale rim to its best bound.

    `rows` holds label, value (None: not assessed), low, high, and what the buyer's and the vendor's
    answers score (triangle and circle; None where nobody answered); `on_slide` is the caption of the
    chart on a slide, of bars.
    """
    with drawing(4.9, projection="polar") as (canvas, axes):
        width = 2 * math.pi / max(len(rows), 1)
        axes.set_theta_zero_location("N")
        axes.set_theta_direction(-1)
        for place, (label, value, low, high, buyer, vendor) in enumerate(rows):
            middle = (place + 0.5) * width
            axes.bar(middle, high - low, bottom=low, width=0.92 * width, color=PALE, linewidth=0)
            if value is not None:
                axes.bar(middle, value, width=0.92 * width, color=BLUE, alpha=0.25, linewidth=0)
                axes.bar(middle, value, width=0.92 * width, color="none", edgecolor=INK, linewidth=1.4)
                at = value - 14 if value >= 40 else value + 11
                axes.text(middle, at, f"{value:.0f}", ha="center", va="center", fontweight="bold")
            else:
                axes.text(middle, 55, "not\nassessed", ha="center", va="center", color=SOFT, fontsize=8)
            if buyer is not None:
                axes.plot(middle - 0.16 * width, buyer, marker="^", color=BLUE, markersize=7)
            if vendor is not None:
                axes.plot(middle + 0.16 * width, vendor, marker="o", color=RED, markersize=6)
            axes.text(middle, 116, _two_lines(label, 14), ha="center", va="center", fontsize=9)
        axes.set_ylim(0, 100)
        axes.set_yticks([20, 40, 60, 80, 100], [""] * 5)
        axes.set_xticks([])
        axes.spines["polar"].set_color(GRID)
        svg = as_svg(canvas, name)
    said = "; ".join(
        f"{label} {'not assessed' if value is None else f'{value:.0f}'} ({low:.0f} to {high:.0f})"
        for label, value, low, high, *_ in rows
    )
    columns = [Column(name="item", label="Item")]
    columns += [
        Column(name=n, label=n.capitalize(), type="number", decimals=0)
        for n in ("score", "low", "high", "buyer", "vendor")
    ]
    return Figure(
        name=name, caption=caption, svg=svg, alt=f"A wheel of scores from 0 to 100 with their bounds: {said}.",
        columns=tuple(columns), rows=tuple(rows), chart="bar", on_slide=OnSlide(caption=on_slide),
    )  # fmt: skip


def lifecycle(
    name: str,
    stages: Sequence[tuple[str, NumberOrNone]],
    arrows: Sequence[tuple[str, str, NumberOrNone]],
    caption: str,
) -> Figure:
    """Draw the stages in their order, coloured by score, with the measured dwell on every arrow.

    `stages` holds title and score (None: not assessed); `arrows`, one fewer, id, title and median days
    (None: not measured).
    """
    columns = 4
    lines = math.ceil(len(stages) / columns)
    places = []
    for index in range(len(stages)):
        line, step = divmod(index, columns)
        places.append((step if line % 2 == 0 else columns - 1 - step, -line * 1.25))
    with drawing(1.35 * lines + 0.2) as (canvas, axes):
        for (x, y), (title, score) in zip(places, stages, strict=True):
            colour = (
                GRID
                if score is None
                else GREEN
                if score >= 80
                else PALE
                if score >= 60
                else AMBER
                if score >= 40
                else RED
            )
            axes.add_patch(_box(x, y, colour))
            axes.text(x, y + 0.1, _two_lines(title, 16), ha="center", va="center", fontsize=8.5)
            axes.text(x, y - 0.25, "not assessed" if score is None else f"{score:.0f}", ha="center", va="center",
                      fontsize=8.5, fontweight="normal" if score is None else "bold",
                      color=SOFT if score is None else INK)  # fmt: skip
        for index, (code, _, days) in enumerate(arrows):
            (x, y), (x2, y2) = places[index], places[index + 1]
            sideways = y == y2
            sign = 1 if x2 > x else -1
            start = (x + 0.37 * sign, y) if sideways else (x, y - 0.4)
            end = (x2 - 0.37 * sign, y2) if sideways else (x2, y2 + 0.4)
            axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": SOFT, "linewidth": 1.3})
            text = f"{code}\n{'?' if days is None else written(days, 'd', 0 if days >= 10 else 1)}"
            at = ((start[0] + end[0]) / 2, y + 0.24) if sideways else (x + 0.06, (start[1] + end[1]) / 2)
            axes.text(*at, text, ha="center" if sideways else "left", va="center", fontsize=7.5, color=SOFT)
        axes.set_xlim(-0.5, columns - 0.5)
        axes.set_ylim(-(lines - 1) * 1.25 - 0.55, 0.55)
        axes.axis("off")
        svg = as_svg(canvas, name)
    said = "; ".join(
        f"{code} {title}: {'not measured' if days is None else written(days, 'days')}"
        for code, title, days in arrows
    )
    return Figure(
        name=name, caption=caption, svg=svg, alt=f"The stages in their order with the dwell on every arrow: {said}.",
        columns=(
            Column(name="handoff", label="Handoff"), Column(name="title", label="From what to what"),
            Column(name="days", label="Median days", type="number", decimals=1),
        ),
        rows=tuple(arrows),
    )  # fmt: skip


def heat(
    name: str,
    rows: Sequence[str],
    columns: Sequence[str],
    shares: Sequence[Sequence[NumberOrNone]],
    caption: str,
) -> Figure:
    """Draw shares (fractions) as a table whose cells are darker the lower the share; None stays blank."""
    with drawing(0.46 * len(rows) + 0.75) as (canvas, axes):
        for line, values in enumerate(shares):
            for step, value in enumerate(values):
                colour = (
                    "none"
                    if value is None
                    else GREEN
                    if value >= 0.9
                    else PALE
                    if value >= 0.7
                    else AMBER
                    if value >= 0.4
                    else RED
                )
                axes.barh(line, 0.96, left=step + 0.02, height=0.86, color=colour, alpha=TINT, linewidth=0)
                text = "unknown" if value is None else written(value, "fraction", 0)
                axes.text(step + 0.5, line, text, ha="center", va="center", fontsize=9,
                          color=SOFT if value is None else INK)  # fmt: skip
        axes.set_yticks(range(len(rows)), [shortened(label, 34) for label in rows])
        axes.set_xticks([step + 0.5 for step in range(len(columns))], [_two_lines(c, 16) for c in columns])
        axes.xaxis.tick_top()
        axes.set_xlim(0, len(columns))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
        svg = as_svg(canvas, name)
    table = [(row, *values) for row, values in zip(rows, shares, strict=True)]
    said = "; ".join(
        f"{row}: "
        + ", ".join(
            f"{c} {'unknown' if v is None else written(v, 'fraction', 0)}"
            for c, v in zip(columns, values, strict=True)
        )
        for row, values in zip(rows, shares, strict=True)
    )
    return Figure(
        name=name, caption=caption, svg=svg, alt=f"Shares by row and column: {said}.",
        columns=(
            Column(name="row", label=""),
            *(Column(name=c, label=c, type="number", unit="fraction", decimals=0) for c in columns),
        ),
        rows=tuple(table),
    )  # fmt: skip


def two_axes(
    name: str,
    across: Sequence[NumberOrNone],
    up: Sequence[NumberOrNone],
    labels: tuple[str, str],
    corners: tuple[tuple[str, float], tuple[str, float]],
    caption: str,
) -> Figure:
    """Draw one point with its two doubts on two axes of 0 to 100.

    across, up : value (None: not assessed), the bounds that missing evidence leaves (a pale area) and those
        of sampling (a line; None: there are none).
    corners : the name of the lower left corner and where it ends, of the upper right and where it begins.
    """
    (lower, ends), (upper, begins) = corners
    with drawing(4.0) as (canvas, axes):
        axes.plot([0, ends, ends], [ends, ends, 0], color=SOFT, linewidth=1.0, linestyle="--")
        axes.plot([begins, begins, 100], [100, begins, begins], color=SOFT, linewidth=1.0, linestyle="--")
        (x, left, right), (y, bottom, top) = (
            (v, low or 0.0, high or 0.0) for v, low, high, *_ in (across, up)
        )
        axes.barh((bottom + top) / 2, max(right - left, 0.6), left=left, height=max(top - bottom, 0.6), color=PALE,
                  linewidth=0)  # fmt: skip
        if x is not None and y is not None:
            for (low, high), turned in ((across[3:5], False), (up[3:5], True)):
                if low is not None and high is not None:
                    ends_of = ([x, x], [low, high]) if turned else ([low, high], [y, y])
                    axes.plot(*ends_of, color=INK, linewidth=1.6, marker="_" if turned else "|", markersize=7)
            axes.plot(x, y, marker="D", color=INK, markersize=8)
        axes.text(3, 3, f"{lower} (below {ends:g})", color=SOFT, fontsize=9, va="bottom")
        axes.text(97, 97, f"{upper} (from {begins:g})", color=SOFT, fontsize=9, ha="right", va="top")
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 100)
        axes.set_xlabel(labels[0])
        axes.set_ylabel(labels[1])
        svg = as_svg(canvas, name)
    rows = tuple((label, *values) for label, values in zip(labels, (across, up), strict=True))
    said = "; ".join(_with_doubts(label, *values) for label, values in zip(labels, (across, up), strict=True))
    return Figure(
        name=name, caption=caption, svg=svg, alt=f"One point with its bounds on two axes: {said}.",
        columns=(
            Column(name="axis", label="Axis"),
            *(Column(name=n.replace(" ", "_"), label=n.capitalize(), type="number", decimals=0)
              for n in ("score", "missing low", "missing high", "sampling low", "sampling high")),
        ),
        rows=rows,
    )  # fmt: skip


def _with_doubts(
    label: str, value: NumberOrNone, low: NumberOrNone, high: NumberOrNone, *sampling: NumberOrNone
) -> str:
    score = "not assessed" if value is None else f"{value:.0f}"
    ends = [f"{end:.0f}" for end in sampling if end is not None]
    by_sample = f"; by sampling from {' to '.join(ends)}" if ends else ""
    return f"{label} {score}, by missing evidence from {low or 0:.0f} to {high or 0:.0f}{by_sample}"


def swings(name: str, rows: Sequence[tuple[str, float, float]], centre: float, caption: str) -> Figure:
    """Draw what moves a score most, the widest first: a bar from one end to the other around the score."""
    with drawing(0.34 * len(rows) + 0.6) as (canvas, axes):
        for place, (_, low, high) in enumerate(rows):
            axes.barh(place, abs(high - low), left=min(low, high), height=0.55, color=PALE, linewidth=0)
            axes.text(max(low, high) + 0.05, place, f" {min(low, high):.1f} to {max(low, high):.1f}", va="center",
                      fontsize=8.5, color=SOFT)  # fmt: skip
        axes.axvline(centre, color=INK, linewidth=1.6)
        labels_down(axes, [shortened(label, 46) for label, *_ in rows])
        ends = [end for _, low, high in rows for end in (low, high)]
        reach = max(max(ends) - min(ends), 1.0)
        axes.set_xlim(min(ends) - 0.05 * reach, max(ends) + 0.3 * reach)
        axes.grid(axis="y", visible=False)
        svg = as_svg(canvas, name)
    said = "; ".join(f"{label} from {low:.1f} to {high:.1f}" for label, low, high in rows)
    return Figure(
        name=name, caption=caption, svg=svg, alt=f"What moves the score of {centre:.1f} most: {said}.",
        columns=(
            Column(name="what", label="What changes"),
            *(Column(name=n, label=n.capitalize(), type="number", decimals=1) for n in ("low", "high")),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def _box(x: float, y: float, colour: str) -> object:
    from matplotlib.patches import FancyBboxPatch

    return FancyBboxPatch((x - 0.35, y - 0.38), 0.7, 0.76, boxstyle="round,pad=0.01,rounding_size=0.06",
                          facecolor=colour, alpha=TINT, edgecolor=INK, linewidth=0.8)  # fmt: skip


def _two_lines(text: str, width: int = 22) -> str:
    words, line, lines = text.split(), "", []
    for word in words:
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line][:3])
