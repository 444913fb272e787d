"""Is the latest point a signal, or the usual noise? XmR, Shewhart on means, CUSUM and EWMA.

Each chart returns its points with limits and signals. How long a chart takes to find a shift, and how
often it cries wolf, is in `run_length`. Montgomery, Introduction to Statistical Quality Control.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from workbench.errors import CallError

Floats = NDArray[np.float64]

D2 = 1.128379167095513  # mean range of two normal values, 2 / sqrt(pi)


@dataclass(frozen=True)
class Chart:
    """A control chart.

    Attributes
    ----------
    kind : "XmR", "means", "CUSUM" or "EWMA".
    centre, sigma : of single points, estimated or given.
    points : position, value, statistic, low, high, signal; for a CUSUM also `lower`, the sum downwards.
    """

    kind: str
    centre: float
    sigma: float
    points: pd.DataFrame

    @property
    def signals(self) -> list[int]:
        """Positions of the points that signal."""
        return [int(i) for i in self.points.loc[self.points["signal"], "position"]]


def moving_range_sigma(values: ArrayLike) -> float:
    """Return sigma from the mean moving range, which a slow drift does not inflate."""
    x = np.asarray(values, float)
    ranges = np.abs(np.diff(x))
    ranges = ranges[~np.isnan(ranges)]
    if not len(ranges):
        raise CallError(f"{len(x)} points came. A chart needs two in a row; give more periods.")
    return float(ranges.mean() / D2)


def xmr(values: ArrayLike, *, baseline: int | None = None, width: float = 3.0) -> Chart:
    """Return the chart of individual values with limits at centre ± `width` sigma (2.66 mean ranges).

    baseline : limits come from the first so many points; None: from all.
    """
    x = np.asarray(values, float)
    centre, sigma = _reference(x, baseline)
    return Chart("XmR", centre, sigma, _table(x, x, centre - width * sigma, centre + width * sigma))


def means_chart(
    means: ArrayLike, sizes: ArrayLike, *, centre: float, sigma: float, width: float = 3.0
) -> Chart:
    """Return the Shewhart chart of means of `sizes` points each; limits narrow with the size."""
    x, n = np.asarray(means, float), np.asarray(sizes, float)
    half = width * sigma / np.sqrt(n)
    return Chart("means", centre, sigma, _table(x, x, centre - half, centre + half))


def cusum(
    values: ArrayLike,
    *,
    k: float = 0.5,
    h: float = 5.0,
    centre: float | None = None,
    sigma: float | None = None,
    baseline: int | None = None,
) -> Chart:
    """Return the two-sided CUSUM in units of sigma (Page 1954); it signals above `h`.

    k : half the shift that matters. Without `centre` and `sigma`, the baseline gives them. After a
    signal the sums go on, so that the onset can be read off as the last return to 0.
    """
    x = np.asarray(values, float)
    centre, sigma = _given(x, centre, sigma, baseline)
    z = (x - centre) / sigma
    up, down = np.zeros(len(z)), np.zeros(len(z))
    above = below = 0.0
    for i, value in enumerate(z):
        if not np.isnan(value):  # an unknown point neither adds nor resets
            above, below = max(above + value - k, 0.0), max(below - value - k, 0.0)
        up[i], down[i] = above, below
    points = _table(x, up, np.zeros(len(x)), np.full(len(x), h))
    points["lower"] = down
    points["signal"] = (up > h) | (down > h)
    return Chart("CUSUM", centre, sigma, points)


def cusum_onset(chart: Chart) -> int | None:
    """Return the position after which the first signal of a CUSUM chart built up; None without one."""
    if not chart.signals:
        return None
    first = chart.signals[0]
    up, down = chart.points["statistic"].to_numpy(), chart.points["lower"].to_numpy()
    side = up if up[first] >= down[first] else down
    zeros = np.flatnonzero(side[: first + 1] <= 0)
    return int(zeros[-1]) + 1 if len(zeros) else 0


def ewma(
    values: ArrayLike,
    *,
    weight: float = 0.2,
    width: float = 2.962,
    centre: float | None = None,
    sigma: float | None = None,
    baseline: int | None = None,
) -> Chart:
    """Return the exponentially weighted mean (Roberts 1959) with limits that open towards steady state."""
    if not 0 < weight <= 1:
        raise CallError(f"weight: {weight:g} came. Accepted: above 0, at most 1, such as 0.2.")
    x = np.asarray(values, float)
    centre, sigma = _given(x, centre, sigma, baseline)
    smooth, level = np.zeros(len(x)), centre
    for i, value in enumerate(x):
        if not np.isnan(value):
            level += weight * (value - level)
        smooth[i] = level
    grown = 1 - (1 - weight) ** (2 * np.arange(1, len(x) + 1))
    half = width * sigma * np.sqrt(weight / (2 - weight) * grown)
    return Chart("EWMA", centre, sigma, _table(x, smooth, centre - half, centre + half))


def _reference(x: Floats, baseline: int | None) -> tuple[float, float]:
    base = x[:baseline]
    sigma = moving_range_sigma(base)
    return float(np.nanmean(base)), sigma


def _given(x: Floats, centre: float | None, sigma: float | None, baseline: int | None) -> tuple[float, float]:
    if centre is None or sigma is None:
        own_centre, own_sigma = _reference(x, baseline)
        centre = own_centre if centre is None else centre
        sigma = own_sigma if sigma is None else sigma
    if sigma <= 0:
        raise CallError("All points are equal: sigma is 0 and no chart can be drawn. Give sigma.")
    return centre, sigma


def _table(x: Floats, statistic: Floats, low: ArrayLike, high: ArrayLike) -> pd.DataFrame:
    low, high = np.broadcast_to(low, x.shape), np.broadcast_to(high, x.shape)
    rounding = 1e-9 * np.maximum(np.abs(low), np.abs(high))  # equal points have limits at themselves
    with np.errstate(invalid="ignore"):
        signal = (statistic < low - rounding) | (statistic > high + rounding)
    return pd.DataFrame(
        {
            "position": np.arange(len(x)), "value": x, "statistic": statistic,
            "low": low, "high": high, "signal": signal & ~np.isnan(x),
        }
    )  # fmt: skip
