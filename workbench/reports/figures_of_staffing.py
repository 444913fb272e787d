"""How are prediction beside actual, and need beside Erlang A, drawn? In the same language as all other figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workbench.reports.figures import AMBER, BLUE, PALE, RED, SOFT, as_svg, drawing
from workbench.reports.section import Column, Figure
from workbench.studies.fits.scores import Scores

MOST_POINTS = 400
"""In one picture; with more intervals, days are drawn."""


def predicted_beside_actual(name: str, scores: Scores, zone: str, caption: str) -> Figure:
    """Draw the service level of each interval or day: predicted with its 90 % interval, and what happened."""
    table, by_day = scores.by_interval, False
    table = table[table["measure"] == "service_level"]
    if len(table) > MOST_POINTS:
        table, by_day = scores.by_day[scores.by_day["measure"] == "service_level"], True
    local = pd.DatetimeIndex(table["start"]).tz_convert(zone)
    labels = [f"{t.day} {t:%b}" if by_day else f"{t.day} {t:%b %H:%M}" for t in local]
    places = np.arange(len(table))
    low, high, mean, actual = (100 * table[c].to_numpy(float) for c in ("low", "high", "predicted", "actual"))
    with drawing(3.0) as (figure, axes):
        axes.fill_between(
            places, low, high, color=PALE, alpha=0.6, linewidth=0, step="mid", label="90 % interval"
        )
        axes.plot(places, mean, color=BLUE, linewidth=1.8, label="predicted", drawstyle="steps-mid")
        size = 3.6 if len(table) < 60 else 2.2
        axes.plot(places, actual, color=RED, marker="o", markersize=size, linewidth=0, label="actual")
        firsts = [i for i, t in enumerate(local) if i == 0 or t.date() != local[i - 1].date()]
        ticks = firsts[:: max(1, -(-len(firsts) // 9))]
        axes.set_xticks(ticks, [f"{local[i].day} {local[i]:%b}" for i in ticks])
        axes.set_ylim(0, 103)
        axes.yaxis.set_major_formatter(lambda y, _: f"{y:.0f} %")
        axes.tick_params(axis="y", labelsize=9, labelcolor=SOFT)
        axes.grid(axis="x", visible=False)
        axes.legend(loc="lower left", fontsize=8.5, frameon=False, ncols=3)
        svg = as_svg(figure, name)
    what = "day" if by_day else "interval"
    inside = float(np.mean((actual >= low - 1e-9) & (actual <= high + 1e-9))) if len(actual) else 0.0
    return Figure(
        name=name, caption=caption, svg=svg,
        alt=f"Service level of {len(table)} {what}s: what happened lies within the 90 % interval of the prediction in "
        f"{100 * inside:.0f} % of them.",
        columns=(Column(name=what, label=what.capitalize()),
                 *(Column(name=c, label=c.capitalize(), type="number", unit="fraction", decimals=1)
                   for c in ("predicted", "low", "high", "actual"))),
        rows=tuple(zip(labels, *(table[c] for c in ("predicted", "low", "high", "actual")), strict=True)), chart="line",
    )  # fmt: skip


def need_over_a_day(
    name: str, starts: Sequence[str], needed: Sequence[float], textbook: Sequence[float],
    there: Sequence[float] | None, caption: str,
) -> Figure:  # fmt: skip
    """Draw people over a day: needed by simulation as a step, Erlang A's number beside it, and who is there now."""
    places = np.arange(len(starts))
    with drawing(2.9) as (figure, axes):
        if there is not None:
            axes.fill_between(
                places,
                there,
                color=PALE,
                alpha=0.6,
                linewidth=0,
                step="mid",
                label="there, simulated as staffed",
            )
        axes.plot(
            places, needed, color=BLUE, linewidth=2, drawstyle="steps-mid", label="needed, by simulation"
        )
        axes.plot(
            places, textbook, color=AMBER, linewidth=1.6, linestyle=(0, (3, 2)), drawstyle="steps-mid",
            label="Erlang A, rounded up",
        )  # fmt: skip
        step = max(1, -(-len(starts) // 9))
        axes.set_xticks(places[::step], list(starts)[::step])
        axes.tick_params(axis="y", labelsize=9, labelcolor=SOFT)
        most = max([*needed, *textbook, *(there or ())], default=1.0)
        axes.set_ylim(0, 1.22 * max(most, 1.0))  # room for the legend above all lines
        axes.grid(axis="x", visible=False)
        axes.legend(loc="upper left", fontsize=8.5, frameon=False, ncols=3)
        svg = as_svg(figure, name)
    peak = int(np.argmax(needed)) if len(needed) else 0
    columns = [Column(name="from", label="From")]
    series = [("needed", "Needed", needed), ("erlang_a", "Erlang A", textbook)]
    if there is not None:
        series.append(("there", "There", there))
    columns += [Column(name=n, label=label, type="number", decimals=1) for n, label, _ in series]
    return Figure(
        name=name, caption=caption, svg=svg,
        alt=f"People needed from {starts[0]} on: at most {needed[peak]:g}, at {starts[peak]}; Erlang A says "
        f"{textbook[peak]:g} then"
        + (f", {there[peak]:.1f} are there." if there is not None else "."),
        columns=tuple(columns), rows=tuple(zip(starts, *(values for *_, values in series), strict=True)), chart="line",
    )  # fmt: skip
