"""How does a figure go over the day, drawn in a few milliseconds? A small picture with its band, as SVG.

For pictures that follow a slider: matplotlib takes some twenty-five times as long.
Pictures that stand still are drawn by `day.py`. Colours are those of the reports, which colour-blind
people can tell apart; what they tell is also told by dashes, and in words for those who do not see.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.reports.figures import BLUE, RED

Floats = NDArray[np.float64]

WIDTH, HEIGHT = 360.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 42.0, 352.0, 26.0, 126.0
"""The box of the curves within the picture, in its own units."""

INK = "var(--jp-ui-font-color1, #1b2430)"
SOFT = "var(--jp-ui-font-color2, #56616f)"
GRID = "var(--jp-border-color2, #d5dbe2)"


@dataclass(frozen=True)
class Curve:
    """One figure by interval; values of shape (n_intervals,), nan where there is none.

    Attributes
    ----------
    title : what it is, with its unit: "service level, %".
    mean, low, high : the figure and the ends of its interval.
    before : the same figure without the change.
    top : end of the axis; None: as the values need it.
    target : a line to compare with.
    """

    title: str
    mean: Floats
    low: Floats
    high: Floats
    before: Floats
    top: float | None = None
    target: float | None = None


def picture(curve: Curve, times: Sequence[pd.Timestamp], words: str) -> str:
    """Return a curve as SVG with `words` for a screen reader; `times` are the starts of intervals."""
    top = curve.top or nice(_largest(curve))
    x = LEFT + (np.arange(len(times)) + 0.5) / len(times) * (RIGHT - LEFT)
    parts = [
        f"<svg class='what-if-picture' viewBox='0 0 {WIDTH:g} {HEIGHT:g}' role='img' data-top='{top:g}' "
        f"aria-label='{html.escape(words, quote=True)}' font-size='11' font-family='sans-serif'>",
        f"<text x='2' y='13' fill='{INK}' font-weight='600'>{html.escape(curve.title)}</text>",
        *(_level(value, top) for value in (0.0, top / 2, top)),
        *_hours(times),
        f"<path class='band' d='{_band(x, curve.low, curve.high, top)}' fill='{BLUE}' fill-opacity='.28'/>",
        _target(curve.target, top),
        f"<path class='before' d='{_line(x, curve.before, top)}' fill='none' stroke='{SOFT}' stroke-width='1.4' "
        "stroke-dasharray='2 3'/>",
        f"<path class='mean' d='{_line(x, curve.mean, top)}' fill='none' stroke='{BLUE}' stroke-width='2'/>",
        "</svg>",
    ]
    return "".join(parts)


def nice(largest: float) -> float:
    """Return the end of an axis: 1, 2, 4 or 6 times a power of ten, at least `largest`."""
    if not largest > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next(power * n for n in (1, 2, 4, 6, 10) if power * n >= largest * (1 - 1e-9))


def _largest(curve: Curve) -> float:
    known = [
        np.nanmax(values) for values in (curve.mean, curve.high, curve.before) if np.isfinite(values).any()
    ]
    return float(max(known, default=0.0))


def _height(values: Floats | float, top: float) -> Floats:
    return BOTTOM - np.clip(np.asarray(values, np.float64) / top, 0.0, 1.0) * (BOTTOM - TOP)


def _stretches(known: NDArray[np.bool_]) -> list[slice]:
    """Return the stretches in which values are known."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], known.astype(np.int8), [0]))))
    return [slice(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _line(x: Floats, values: Floats, top: float) -> str:
    y = _height(values, top)
    return "".join(_through(x[s], y[s]) for s in _stretches(np.isfinite(values)))


def _band(x: Floats, low: Floats, high: Floats, top: float) -> str:
    below, above = _height(low, top), _height(high, top)
    return "".join(
        _through(np.concatenate((x[s], x[s][::-1])), np.concatenate((above[s], below[s][::-1]))) + "Z"
        for s in _stretches(np.isfinite(low) & np.isfinite(high))
    )


def _through(x: Floats, y: Floats) -> str:
    return "M" + "L".join(f"{a:.1f} {b:.2f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))


def _level(value: float, top: float) -> str:
    y = float(_height(value, top))
    return (
        f"<path d='M{LEFT:g} {y:.1f}H{RIGHT:g}' stroke='{GRID}'/>"
        f"<text x='{LEFT - 5:g}' y='{y + 4:.1f}' text-anchor='end' fill='{SOFT}'>{value:,.6g}</text>"
    )


def _hours(times: Sequence[pd.Timestamp]) -> list[str]:
    """Return the marks below: hours of a day, or days of a longer stretch."""
    n, days = len(times), len({t.date() for t in times})
    starts = [
        i for i, t in enumerate(times) if (t.minute == 0 if days <= 2 else t.hour == 0 and t.minute == 0)
    ]
    if days > 2:
        starts = [0, *(i for i in starts if i)]
    wanted = starts[:: max(1, math.ceil(len(starts) / 7))]
    return [
        f"<text x='{LEFT + i / n * (RIGHT - LEFT):.1f}' y='{BOTTOM + 16:g}' text-anchor='middle' fill='{SOFT}'>"
        f"{times[i].strftime('%H:%M' if days <= 2 else '%a %d')}</text>"
        for i in wanted
    ]


def _target(target: float | None, top: float) -> str:
    if target is None:
        return ""
    y = float(_height(target, top))
    line = f"M{LEFT:g} {y:.1f}H{RIGHT:g}"
    return f"<path class='target' d='{line}' stroke='{RED}' stroke-width='1.4' stroke-dasharray='7 3'/>"
