"""How does a prediction look beside what happened? Day by day, with the band that was promised."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from workbench.errors import UnknownName
from workbench.panels.day import Picture
from workbench.reports.figures import BLUE, RED
from workbench.studies.backtest import Backtest

COLUMNS = 2


def predicted_beside_actual(found: Backtest, measure: str = "service_level") -> Picture:
    """Draw a measure by interval for each test day: prediction, its 90 % interval, and what happened.

    Raises
    ------
    UnknownName
        for a measure that the backtest does not compare.
    """
    table = found.scores.by_interval
    table = table[table["measure"] == measure]
    if table.empty:
        raise UnknownName("measure", measure, found.scores.total)
    local = pd.DatetimeIndex(table["start"])
    days = sorted(set(local.date))
    rows = -(-len(days) // COLUMNS)
    figure = Figure(figsize=(9.0, 1.7 * rows + 0.8), layout="constrained")
    panels = figure.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False).ravel()
    half = pd.Timedelta(seconds=found.fit.log.interval_s / 2)
    for day, axes in zip(days, panels, strict=False):
        own = _with_breaks(table[local.date == day], 2 * half)
        middle = pd.DatetimeIndex(own["start"]) + half
        hour = (middle.hour + middle.minute / 60.0).to_numpy()
        low, high, mean, actual = (
            own[name].to_numpy(float) for name in ("low", "high", "predicted", "actual")
        )
        axes.fill_between(hour, low, high, color=BLUE, alpha=0.25, linewidth=0, label="90 % interval")
        axes.plot(hour, mean, color=BLUE, linewidth=1.6, label="predicted")
        axes.plot(hour, actual, "o", color=RED, markersize=3.5, label="actual")
        axes.set_title(f"{day:%A} {day.day} {day:%B %Y}", fontsize=9, loc="left")
        axes.set_xlim(0, 24)
        axes.set_xticks(range(0, 25, 6))
    for axes in panels[len(days) :]:
        axes.set_visible(False)
    panels[0].legend(fontsize=8, frameon=False)
    figure.supxlabel("hour of the day", fontsize=9)
    figure.supylabel(measure.replace("_", " "), fontsize=9)
    return Picture(figure, _in_words(found, measure, table))


def _with_breaks(table: pd.DataFrame, interval: pd.Timedelta) -> pd.DataFrame:
    """Return the rows of a day with an empty one wherever intervals without contacts lie between."""
    starts = pd.DatetimeIndex(table["start"])
    every = pd.date_range(starts[0], starts[-1], freq=interval)
    numbers = table.set_index("start")[["actual", "predicted", "low", "high"]]
    return numbers.reindex(every).rename_axis("start").reset_index()


def _in_words(found: Backtest, measure: str, table: pd.DataFrame) -> str:
    total = found.scores.total[measure]
    off = (table["actual"] - table["predicted"]).abs().to_numpy(float)
    words = (
        f"{measure.replace('_', ' ')}, {found.test_period}: {total['actual']:.3f} happened, "
        f"{total['predicted']:.3f} was predicted ({total['low']:.3f} to {total['high']:.3f}). "
        f"90 % intervals hold {found.scores.coverage_by_measure[measure]:.1%} of the intervals."
    )
    if np.isnan(off).all():
        return words
    worst = table.iloc[int(np.nanargmax(off))]
    return (
        f"{words} Furthest off: {worst['start']:%d %B %H:%M}, {worst['actual']:.2f} happened, "
        f"{worst['predicted']:.2f} predicted."
    )
