"""How does a fit look beside what it was fitted to? Handle times with their families, by hour and by tenure."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy import stats

from workbench.errors import CallError
from workbench.panels.day import Picture
from workbench.reports.figures import BLUE, RED
from workbench.studies.calibrate import Calibration

SHOWN = 4
"""Lines with the most contacts that are drawn."""
DASHES = {"exponential": ":", "gamma": "--", "lognormal": "-", "weibull": "-."}


def families_beside_recorded(made: Calibration) -> Picture:
    """Draw which share of talk times lasts longer, as recorded and by each family, for the largest lines.

    Raises
    ------
    CallError
        where the scenario was not fitted on contacts.
    """
    if made.fit is None:
        raise CallError("There are no contacts behind this scenario: handle times have a mean and no shape.")
    log, table = made.fit.log, made.tables["families"]
    rows = log.rows[log.rows["answered"] & (log.rows["talk_s"] > 0)]
    largest = [
        i for i in rows["line"].value_counts().index[:SHOWN] if log.lines[i].name in set(table["line"])
    ]
    columns = min(2, max(len(largest), 1))
    figure = Figure(figsize=(9.0, 2.6 * max(-(-len(largest) // columns), 1)), layout="constrained")
    panels = figure.subplots(max(-(-len(largest) // columns), 1), columns, squeeze=False).ravel()
    words = []
    for i, axes in zip(largest, panels, strict=False):
        name, times = log.lines[i].name, np.sort(rows.loc[rows["line"] == i, "talk_s"].to_numpy(float))
        axes.step(
            times, 1.0 - np.arange(1, len(times) + 1) / len(times), color=RED, linewidth=1.8, label="recorded"
        )
        own = table[(table["line"] == name) & (table["part"] == "talk")]
        x = np.linspace(0.0, float(np.quantile(times, 0.99)), 300)
        for row in own.itertuples():
            law = _law(str(row.family), float(row.mean_s), float(row.shape))
            label = f"{row.family}, AIC {row.aic - own['aic'].min():+,.0f}"
            axes.plot(x, law.sf(x), color=BLUE, linewidth=1.2, linestyle=DASHES[str(row.family)], label=label)
        axes.set_xlim(0, x[-1])
        axes.set_title(f"{name}: {len(times):,} talk times", fontsize=9, loc="left")
        axes.legend(fontsize=7, frameon=False)
        best = own.iloc[0]
        words.append(
            f"{name}: {best['family']} is best of {len(own)}, farthest {best['distance']:.3f} from the record."
        )
    for axes in panels[len(largest) :]:
        axes.set_visible(False)
    figure.supxlabel("seconds", fontsize=9)
    figure.supylabel("share that lasts longer", fontsize=9)
    return Picture(figure, f"Talk times, {made.period}. {' '.join(words)}")


def _law(family: str, mean_s: float, shape: float) -> stats.rv_frozen:
    if family == "exponential":
        return stats.expon(scale=mean_s)
    if family == "gamma":
        return stats.gamma(shape, scale=mean_s / shape)
    if family == "lognormal":
        return stats.lognorm(shape, scale=mean_s / math.exp(shape**2 / 2))
    return stats.weibull_min(shape, scale=mean_s / math.gamma(1 + 1 / shape))


def handle_time_varies(made: Calibration) -> Picture:
    """Draw the factor on handle time by hour of the day and by tenure, each with its 95 % interval."""
    hour, tenure = made.tables.get("handle time by hour"), made.tables.get("handle time by tenure")
    if hour is None or hour.empty:
        raise CallError("Handle time by hour is not known: too few contacts with a handle time.")
    parts = [(hour, "hour", "hour of the day")]
    if tenure is not None and not tenure.empty:
        parts.append((tenure, "weeks", "weeks of tenure"))
    figure = Figure(figsize=(9.0, 2.8), layout="constrained")
    for axes, (table, column, title) in zip(
        figure.subplots(1, len(parts), squeeze=False)[0], parts, strict=True
    ):
        place = np.arange(len(table))
        middle = table["factor"].to_numpy(float)
        reach = np.abs(np.stack([middle - table["low"], table["high"] - middle]).astype(float))
        axes.errorbar(place, middle, yerr=np.nan_to_num(reach), fmt="o", color=BLUE, markersize=4, capsize=2)
        axes.axhline(1.0, color=RED, linewidth=1.0)
        axes.set_xticks(
            place[:: max(1, len(place) // 9)], [str(v) for v in table[column]][:: max(1, len(place) // 9)]
        )
        axes.set_xlabel(title, fontsize=9)
    figure.supylabel("times the mean of the queue", fontsize=9)
    return Picture(figure, _in_words(made, parts))


def _in_words(made: Calibration, parts: list[tuple[pd.DataFrame, str, str]]) -> str:
    words = [f"Handle time over the mean of its queue, {made.period}, with 95 % intervals."]
    for table, column, title in parts:
        ends = [table.loc[table["factor"].idxmin()], table.loc[table["factor"].idxmax()]]
        words.append(f"By {title}: from {' to '.join(_said(row, column) for row in ends)}.")
    return " ".join(words)


def _said(row: pd.Series, column: str) -> str:
    value = row[column] if isinstance(row[column], str) else int(row[column])
    return f"{row['factor']:.2f} ({column} {value}, {int(row['n']):,} contacts)"
