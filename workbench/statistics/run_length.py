"""After how many weeks does a chart find a shift, and how often does it cry wolf?

Average run lengths for independent normal points: Shewhart charts in closed form, CUSUM and EWMA by
their integral equations (Page 1954; Crowder 1987) with Gauss–Legendre quadrature, which is the limit
of the Markov chain of Brook and Evans (1972) for many states, and far quicker. Charts may only be
compared at an equal false-alarm rate, so the limits that give a stated in-control run length are solved
for. Own code: nothing well kept in Python has it; R's spc is the reference.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from workbench.catalogue import serves
from workbench.errors import CallError, UnknownName

Floats = NDArray[np.float64]
Kind = Literal["Shewhart", "CUSUM", "EWMA"]

WEEKS_PER_MONTH = 52 / 12
WEEKS_PER_QUARTER = 13.0
FALSE_ALARM_WEEKS = 52.0
"""Weeks between false alarms at which charts and forums are compared: one a year, the most that a quarterly look
can keep to. Ours."""

_LEGENDRE = np.polynomial.legendre.leggauss(48)


def shewhart_arl(shift: float, width: float = 3.0) -> float:
    """Return the mean number of points until one lies beyond ± width sigma, the mean shifted by
    `shift` sigma."""
    return float(1.0 / (ndtr(-width - shift) + ndtr(-width + shift)))


@lru_cache(maxsize=4096)
def cusum_arl(shift: float, k: float = 0.5, h: float = 5.0) -> float:
    """Return the average run length of the two-sided CUSUM from its start.

    1 / two-sided = 1 / upwards + 1 / downwards (exact for k of this kind, Lucas and Crosier 1982).
    """
    up, down = _cusum_one_sided(shift, k, h), _cusum_one_sided(-shift, k, h)
    return 1.0 / (1.0 / up + 1.0 / down)


@lru_cache(maxsize=4096)
def ewma_arl(shift: float, weight: float = 0.2, width: float = 2.962) -> float:
    """Return the average run length of the EWMA with its steady limits, from the centre."""
    limit = width * math.sqrt(weight / (2 - weight))
    at, size = _nodes(-limit, limit)
    start = np.concatenate([[0.0], at])
    moves = _density((at[None, :] - (1 - weight) * start[:, None]) / weight - shift) / weight * size
    return _from_first(np.concatenate([np.zeros((len(start), 1)), moves], axis=1))


def shewhart_width(in_control: float) -> float:
    """Return the limit at which a Shewhart chart signals falsely every `in_control` points."""
    _at_least(in_control, 2.0)
    return float(-ndtri(0.5 / in_control))


@lru_cache(maxsize=256)
def cusum_h(in_control: float, k: float = 0.5) -> float:
    """Return the h at which a CUSUM signals falsely every `in_control` points."""
    _at_least(in_control, 4.0)
    return float(brentq(lambda h: math.log(cusum_arl(0.0, k, h) / in_control), 0.05, 15.0, xtol=1e-8))


@lru_cache(maxsize=256)
def ewma_width(in_control: float, weight: float = 0.2) -> float:
    """Return the limit at which an EWMA signals falsely every `in_control` points."""
    _at_least(in_control, 4.0)
    return float(brentq(lambda w: math.log(ewma_arl(0.0, weight, w) / in_control), 0.3, 6.0, xtol=1e-8))


@serves("VMF-4")
def weeks_to_signal(
    shift: float,
    *,
    chart: Kind = "Shewhart",
    weeks_per_point: float = 1.0,
    in_control_weeks: float | None = None,
) -> float:
    """Return the mean weeks until a sustained shift is signalled.

    Parameters
    ----------
    shift : of the weekly mean, in standard deviations of a weekly value.
    chart : looked at once a point; a point is the mean of `weeks_per_point` weeks (13: quarterly).
    in_control_weeks : mean weeks between false alarms, held equal to compare forums; None: the usual
        limits (3 sigma; k 0.5 and h 5; 0.2 and 2.962), whose false-alarm rates differ.
    """
    if chart not in get_args(Kind):
        raise UnknownName("chart", chart, get_args(Kind))
    if not weeks_per_point > 0:
        raise CallError(f"weeks_per_point: {weeks_per_point:g} came. Accepted: a number above 0.")
    seen = round(shift * math.sqrt(weeks_per_point), 12)
    points = None if in_control_weeks is None else in_control_weeks / weeks_per_point
    if chart == "Shewhart":
        arl = shewhart_arl(seen, 3.0 if points is None else shewhart_width(points))
    elif chart == "CUSUM":
        arl = cusum_arl(seen) if points is None else cusum_arl(seen, 0.5, cusum_h(points))
    else:
        arl = ewma_arl(seen) if points is None else ewma_arl(seen, 0.2, ewma_width(points))
    return arl * weeks_per_point


@serves("VMF-4")
def detection_lags(
    shifts: tuple[float, ...] = (0.5, 1.0, 1.5, 2.0, 3.0),
    *,
    in_control_weeks: float | None = None,
    action_weeks: float = 0.0,
    with_meeting: bool = False,
) -> pd.DataFrame:
    """Return weeks from a shift to its signal, or to the action on it, for five ways of looking.

    Parameters
    ----------
    in_control_weeks : see `weeks_to_signal`; None reproduces the usual charts.
    with_meeting : add the wait for the meeting that reads the chart, on average half its interval: a
        week for the weekly charts, a month, a quarter.
    action_weeks : from decision to effect. [weeks]

    Returns
    -------
    DataFrame with shift (row) and the ways of looking (columns).
    """
    ways: dict[str, tuple[Kind, float]] = {
        "3σ weekly": ("Shewhart", 1.0),
        "CUSUM weekly": ("CUSUM", 1.0),
        "EWMA weekly": ("EWMA", 1.0),
        "3σ on monthly means": ("Shewhart", WEEKS_PER_MONTH),
        "3σ on quarterly means": ("Shewhart", WEEKS_PER_QUARTER),
    }
    table = {}
    for name, (chart, weeks) in ways.items():
        wait = action_weeks + (weeks / 2 if with_meeting else 0.0)
        table[name] = [
            wait + weeks_to_signal(s, chart=chart, weeks_per_point=weeks, in_control_weeks=in_control_weeks)
            for s in shifts
        ]
    return pd.DataFrame(table, index=pd.Index(shifts, name="shift"))


def _cusum_one_sided(shift: float, k: float, h: float) -> float:
    at, size = _nodes(0.0, h)
    start = np.concatenate([[0.0], at])
    back_to_zero = ndtr(k - shift - start)
    moves = _density(at[None, :] - start[:, None] + k - shift) * size
    return _from_first(np.concatenate([back_to_zero[:, None], moves], axis=1))


def _from_first(moves: Floats) -> float:
    """Return the mean number of steps before leaving, from the first state."""
    return float(np.linalg.solve(np.eye(len(moves)) - moves, np.ones(len(moves)))[0])


def _nodes(low: float, high: float) -> tuple[Floats, Floats]:
    node, size = _LEGENDRE
    return low + (high - low) * (node + 1) / 2, (high - low) * size / 2


def _density(z: Floats) -> Floats:
    return np.asarray(np.exp(-z * z / 2) / math.sqrt(2 * math.pi))


def _at_least(in_control: float, least: float) -> None:
    if not in_control >= least:
        raise CallError(
            f"in_control: {in_control:g} points came. Accepted: {least:g} or more; below it a chart would "
            "cry wolf at nearly every look."
        )
