"""How do tornado and frontier look? Bars to both sides of today; cost against service."""

from __future__ import annotations

from workbench.reports.figures import AMBER, BLUE, GRID, INK, PALE, SOFT, as_svg, drawing, labels_down
from workbench.reports.section import Column, Figure, OnSlide
from workbench.reports.words import shortened
from workbench.studies.frontier import Frontier
from workbench.studies.tornado import Tornado

MOST = 14
"""Levers in one picture; the smallest are in the table only."""


def tornado_figure(name: str, found: Tornado, caption: str = "") -> Figure:
    """Draw each lever's effect at both ends of its swing, with the interval of each.

    The end down is amber and hatched, the end up blue; fractions are in percentage points.
    """
    unit = found.base.figure(found.measure).unit
    percent = 100.0 if unit == "fraction" else 1.0
    bars = found.bars[:MOST]
    with drawing(len(bars) * 0.44 + 0.9) as (figure, axes):
        axes.axvline(0, color=INK, linewidth=1)
        for place, bar in enumerate(bars):
            alone = bar.down is None or bar.up is None
            for swing, colour, hatch, by in (
                (bar.down, AMBER, "////", 0.0 if alone else -0.2),
                (bar.up, BLUE, "", 0.0 if alone else 0.2),
            ):
                if swing is None:
                    continue
                d = swing.differences[found.measure]
                if d.mean is None:
                    continue
                axes.barh(
                    place + by, percent * d.mean, height=0.38, color=colour, linewidth=0, hatch=hatch,
                    edgecolor="white",
                )  # fmt: skip
                if d.low is not None and d.high is not None:
                    axes.plot([percent * d.low, percent * d.high], [place + by] * 2, color=INK, linewidth=1.2)
        labels_down(axes, [shortened(bar.lever.title, 34) for bar in bars])
        axes.grid(axis="y", visible=False)
        axes.set_xlabel(f"change in {found.measure.replace('_', ' ')}, {'points' if percent > 1 else unit}")
        for side, colour, words in (("left", AMBER, "lever down (hatched)"), ("right", BLUE, "lever up")):
            axes.text(
                0.0 if side == "left" else 1.0, 1.0, words, transform=axes.transAxes, ha=side, va="bottom",
                color=SOFT, fontsize=9, bbox={"facecolor": "none", "edgecolor": colour, "linewidth": 1.2, "pad": 2.0},
            )  # fmt: skip
        svg = as_svg(figure, name)
    rows, told = [], []
    for bar in bars:
        ends = [s.differences[found.measure].mean if s is not None else None for s in (bar.down, bar.up)]
        words = " / ".join(s.words for s in (bar.down, bar.up) if s is not None)
        changes = [s.differences[found.measure] if s is not None else None for s in (bar.down, bar.up)]
        doubts = [end for d in changes for end in ((d.low, d.high) if d else (None, None))]
        rows.append((bar.lever.title, words, *ends, *doubts))
        told.append(
            f"{bar.lever.title}: {' and '.join(f'{percent * e:+.1f}' for e in ends if e is not None)}"
        )
    said = "; ".join(told)
    how = f"{found.base.scenario.name}, {found.base.n} pairs, seed {found.base.seed}"
    shown_unit = "fraction" if percent > 1 else ""
    said_below = caption or f"What moves {found.measure.replace('_', ' ')} most. {how}."
    on_slide = f"{said_below} Each lever down and up; the thin line is the interval."
    return Figure(
        name=name, caption=said_below,
        svg=svg, alt=f"Effects on {found.measure.replace('_', ' ')}, the greatest first: {said}.",
        columns=(
            Column(name="lever", label="Lever"), Column(name="moves", label="Down / up"),
            *(Column(name=n, label=n.capitalize(), type="number", unit=shown_unit) for n in ("down", "up")),
            *(Column(name=f"{n}_{end}", label=f"{n.capitalize()}, {end}", type="number", unit=shown_unit)
              for n in ("down", "up") for end in ("low", "high")),
        ),
        rows=tuple(rows), chart="bar", on_slide=OnSlide(caption=on_slide, form="tornado"),
    )  # fmt: skip


def frontier_figure(name: str, found: Frontier, caption: str = "") -> Figure:
    """Draw cost against service: what is not dominated as a line, what is as hollow squares."""
    unit = found.base.figure(found.cost_measure).unit
    known = [p for p in found.points if p.cost.mean is not None and p.service.mean is not None]
    best, others = ([p for p in known if bool(p.dominated_by) == dominated] for dominated in (False, True))
    costs = [p.cost.mean or 0.0 for p in known]
    apart = 0.07 * (max(costs) - min(costs)) if costs else 0.0
    with drawing(4.2) as (figure, axes):
        for p in best:
            half = p.service_change.half_width if p.service_change.low is not None else 0.0
            y = p.service.mean or 0.0
            axes.plot([p.cost.mean] * 2, [100 * (y - half), 100 * (y + half)], color=PALE, linewidth=5)
        axes.plot(
            [p.cost.mean for p in best], [100 * (p.service.mean or 0) for p in best], color=BLUE, linewidth=1.6,
            marker="o", markersize=6, label="not dominated",
        )  # fmt: skip
        axes.plot(
            [p.cost.mean for p in others], [100 * (p.service.mean or 0) for p in others], linestyle="none", marker="s",
            markersize=5, markerfacecolor="none", markeredgecolor=SOFT, label="dominated",
        )  # fmt: skip
        last = -float("inf")
        for p in best:
            if (p.cost.mean or 0.0) - last < apart and p.name != "today":
                continue
            last = p.cost.mean or 0.0
            axes.annotate(
                shortened(p.name, 22), (p.cost.mean, 100 * (p.service.mean or 0)), xytext=(-4, 7), ha="right",
                textcoords="offset points", fontsize=8.5, fontweight="bold" if p.name == "today" else "normal",
            )  # fmt: skip
        axes.set_xlabel(f"{found.cost_measure.replace('_', ' ')}, {unit}")
        axes.set_ylabel("service level, %")
        axes.tick_params(axis="y", labelsize=9, labelcolor=SOFT)
        axes.margins(x=0.2)
        axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
        axes.legend(fontsize=9, frameon=False, loc="lower right")
        axes.spines["bottom"].set_color(GRID)
        svg = as_svg(figure, name)
    rows = tuple((p.name, p.cost.mean, p.service.mean, p.dominated_by or "no") for p in known)
    said = "; ".join(f"{p.name} {p.cost.mean:,.0f} {unit}, {100 * (p.service.mean or 0):.1f} %" for p in best)
    how = f"{found.base.scenario.name}, {found.base.n} pairs, seed {found.base.seed}"
    bars = "bars are the interval of the difference to today"
    return Figure(
        name=name, caption=caption or f"What more service costs; {bars}. {how}.",
        svg=svg, alt=f"Cost against service level; not dominated: {said}.",
        columns=(
            Column(name="staffing", label="Staffing"), Column(name="cost", label=f"Cost, {unit}", type="number"),
            Column(name="service", label="Service level", type="number", unit="fraction"),
            Column(name="dominated", label="Dominated by"),
        ),
        rows=rows,
    )  # fmt: skip
