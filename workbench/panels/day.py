"""How does a simulated day look? Queue length, occupancy and service level over the day, in pictures.

A picture shows itself in a notebook and says in words what it shows.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.dates import DateFormatter
from matplotlib.figure import Figure

from workbench.panels.words import in_words, one_target
from workbench.reports.figures import BLUE, GRID, INK, RED, SOFT
from workbench.studies.compare import Comparison
from workbench.studies.replicate import Results

LINES = ("backlog", "occupancy", "service_level")
TITLES = {
    "backlog": "contacts in line at the end of each interval",
    "occupancy": "occupancy",
    "service_level": "service level",
}
_STYLE: Any = {
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"], "font.size": 10.0,
    "text.color": INK, "axes.edgecolor": GRID, "axes.labelcolor": SOFT, "axes.spines.top": False,
    "axes.spines.right": False, "axes.grid": True, "axes.axisbelow": True, "grid.color": GRID,
    "xtick.color": SOFT, "ytick.color": SOFT, "axes.titlesize": 10.0, "axes.titlelocation": "left",
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A drawn figure and what it shows in words."""

    figure: Figure
    words: str

    def png(self) -> bytes:
        """Return the picture as PNG."""
        out = io.BytesIO()
        self.figure.savefig(out, format="png", dpi=110, bbox_inches="tight", facecolor="white")
        return out.getvalue()

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, object], dict[str, object]]:
        shown: dict[str, object] = {"image/png": self.png(), "text/plain": self.words}
        return shown, {"image/png": {"alt": self.words}}


def over_the_day(results: Results, measures: Sequence[str] = LINES) -> Picture:
    """Draw figures by interval, each with the band of its interval over replications.

    Raises
    ------
    UnknownName
        for a measure that does not exist.
    """
    times = [pd.Timestamp(text).tz_localize(None) for text in results.names("interval")]
    width = pd.Timedelta(seconds=results.scenario.time.interval_s)
    middle = [t + width / 2 for t in times]
    words = []
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(7.2, 1.9 * len(measures)), layout="constrained")
        panels = figure.subplots(len(measures), 1, sharex=True, squeeze=False)[:, 0]
        for axes, measure in zip(panels, measures, strict=True):
            found, unit = results.estimates(measure, "interval"), results.figure(measure).unit
            percent = 100.0 if unit == "fraction" else 1.0
            low, mean, high = (
                percent * np.array([np.nan if v is None else v for v in values], dtype=float)
                for values in zip(*((e.low, e.mean, e.high) for e in found), strict=True)
            )
            axes.fill_between(middle, low, high, color=BLUE, alpha=0.25, linewidth=0)
            axes.plot(middle, mean, color=BLUE, linewidth=1.6)
            name = TITLES.get(measure, measure)
            axes.set_title(f"{name}, %" if percent > 1 else name)
            axes.set_ylim(bottom=0, top=105 if percent > 1 else None)
            if measure == "service_level":
                target = one_target(results)
                if target is not None:
                    axes.axhline(100 * target, color=RED, linewidth=1.2, linestyle="--")
                    axes.annotate(
                        f"target {100 * target:.0f}", (1.0, 100 * target), ha="right", va="bottom",
                        xycoords=("axes fraction", "data"), color=RED, fontsize=9,
                    )  # fmt: skip
            words.append(in_words(name, times, mean, "%" if percent > 1 else ""))
        days = len({t.date() for t in times})
        panels[-1].xaxis.set_major_formatter(DateFormatter("%H:%M" if days == 1 else "%a"))  # type: ignore[no-untyped-call]
    return Picture(
        figure, f"{results.scenario.name}, {results.n} replications, with 95 % bands. {' '.join(words)}"
    )


def differences(
    comparison: Comparison, measures: Sequence[str] = ("service_level", "abandon_rate", "occupancy")
) -> Picture:
    """Draw what a change does to fractions: paired differences with their intervals, in points.

    Raises
    ------
    CallError
        for a measure that is not a fraction: points would mean nothing.
    """
    from workbench.errors import CallError

    rows, words = [], []
    for variant in comparison.variants:
        for measure in measures:
            if comparison.baseline.figure(measure).unit != "fraction":
                raise CallError(f"{measure} is not a fraction. Draw fractions, such as service_level.")
            d = comparison.differences(measure, "overall", variant)[0]
            label = measure if len(comparison.variants) == 1 else f"{variant}: {measure}"
            rows.append((label, d))
            if d.mean is not None and d.low is not None and d.high is not None:
                words.append(
                    f"{label} {100 * d.mean:+.1f} points ({100 * d.low:+.1f} to {100 * d.high:+.1f})"
                )
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(7.2, 0.45 * len(rows) + 0.8), layout="constrained")
        axes = figure.subplots()
        axes.axvline(0, color=INK, linewidth=1)
        for place, (_, d) in enumerate(rows):
            if d.mean is None or d.low is None or d.high is None:
                continue
            axes.plot([100 * d.low, 100 * d.high], [place, place], color=BLUE, linewidth=5, alpha=0.35)
            axes.plot(100 * d.mean, place, "o", color=BLUE)
        axes.set_yticks(range(len(rows)), [label.replace("_", " ") for label, _ in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlabel("difference, percentage points, with 95 % interval")
    return Picture(figure, "With the change: " + "; ".join(words) + ".")
