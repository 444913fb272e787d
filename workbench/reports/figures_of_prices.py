"""How is the way from today to target drawn? Step by step, in the order of repair, each step a floating bar."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from workbench.reports.figures import AMBER, BLUE, INK, SOFT, as_svg, drawing, labels_down
from workbench.reports.section import Column, Figure, OnSlide
from workbench.reports.words import shortened
from workbench.wording import money


def waterfall(
    name: str,
    steps: Sequence[tuple[str, float]],
    currency: str,
    caption: str,
    today: float | None = None,
    on_slide: str = "",
) -> Figure:
    """Draw what each step of repair takes off what a month costs.

    Parameters
    ----------
    steps : label and what it saves a month, in order; what costs more instead is amber and hatched.
    today : what a month costs now; None: only what is saved is told, added up.
    on_slide : the caption of the chart on a slide, which adds up what is saved.
    """
    start, sign = (0.0, 1.0) if today is None else (today, -1.0)
    levels = [start]
    for _, saved in steps:
        levels.append(levels[-1] + sign * saved)
    ends = ("nothing repaired", "all repaired") if today is None else ("today", "target")
    labels = [ends[0], *(label for label, _ in steps), ends[1]]
    low, high = min(levels), max(levels)
    room = (high - low) or 1.0
    with drawing(len(labels) * 0.36 + 0.75) as (figure, axes):
        for place, level in ((0, levels[0]), (len(labels) - 1, levels[-1])):
            axes.plot([level, level], [place - 0.34, place + 0.34], color=INK, linewidth=3)
            _write(axes, level, place, money(level), bold=True, left=level > low + 0.75 * room)
        for place, (before, after) in enumerate(itertools.pairwise(levels), start=1):
            less = sign * (after - before) >= 0
            axes.barh(
                place, abs(after - before), left=min(before, after), height=0.55, color=BLUE if less else AMBER,
                linewidth=0, hatch="" if less else "////", edgecolor="white",
            )  # fmt: skip
            axes.plot([after, after], [place + 0.28, place + 0.72], color=SOFT, linewidth=0.8)
            axes.plot([before, before], [place - 0.66, place - 0.28], color=SOFT, linewidth=0.8)
            change = sign * (after - before) if today is None else after - before
            text = ("+" if change > 0 else "") + money(change)
            edge, end = min(before, after), max(before, after)
            beside = edge > low + 0.2 * room  # further left, the name of the step stands there
            _write(axes, end, place, text, left=beside and end > low + 0.75 * room, edge=edge)
        labels_down(axes, [shortened(label, 44) for label in labels])
        axes.set_xlim(low - 0.06 * room, high + 0.06 * room)
        axes.xaxis.set_major_locator(_ticks())
        axes.xaxis.set_major_formatter(lambda x, _: money(x))
        axes.set_xlabel(
            f"{currency} a month{', saved so far' if today is None else '; the axis does not begin at 0'}"
        )
        axes.grid(axis="y", visible=False)
        svg = as_svg(figure, name)
    told = "; ".join(f"{label} {money(saved)}" for label, saved in steps)
    words = "saved a month" if today is None else f"saved of {money(start)} a month"
    total = abs(levels[-1] - levels[0])
    return Figure(
        name=name, caption=caption, svg=svg,
        alt=f"Step by step in the order of repair, {currency} {words}: {told}; together {money(total)}.",
        columns=(Column(name="step", label="Step"),
                 Column(name="saved", label=f"Saved, {currency} a month", type="number", decimals=0)),
        rows=tuple((label, saved) for label, saved in steps), chart="bar",
        on_slide=OnSlide(caption=on_slide, form="waterfall"),
    )  # fmt: skip


def _ticks() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(5)


def _write(
    axes: Any, x: float, place: int, text: str, *, bold: bool = False, left: bool = False, edge: float | None = None
) -> None:  # fmt: skip
    """Write beside a mark: to its right, or to its left where the right end of the picture is near."""
    at = (x if edge is None else edge) if left else x
    axes.annotate(
        text, (at, place), xytext=(-7 if left else 7, 0), textcoords="offset points", va="center",
        ha="right" if left else "left", fontsize=9, fontweight="bold" if bold else "normal", color=INK,
    )  # fmt: skip
