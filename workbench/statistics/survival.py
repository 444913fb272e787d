"""How long until something happens, when it has not happened yet to some?

SciPy's Kaplan–Meier and log-rank, and the restricted mean: the time without the event within a
horizon, which needs no model and exists although the mean does not.
"""

from __future__ import annotations

import warnings
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from workbench.errors import CallError
from workbench.statistics.estimate import Estimate


def survival_curve(time: ArrayLike, event: ArrayLike) -> pd.DataFrame:
    """Return time, surviving, at_risk, events at each time with an event or a censoring."""
    from scipy.stats import ecdf

    when, happened = _arrays(time, event)
    if not len(when):
        return pd.DataFrame({name: np.zeros(0) for name in ("time", "surviving", "at_risk", "events")})
    curve = ecdf(_censored(when, happened)).sf
    times = np.asarray(curve.quantiles, float)
    return pd.DataFrame(
        {
            "time": times,
            "surviving": np.asarray(curve.probabilities, float),
            "at_risk": [(when >= t).sum() for t in times],
            "events": [(happened & (when == t)).sum() for t in times],
        }
    )


def restricted_mean(time: ArrayLike, event: ArrayLike, horizon: float, confidence: float = 0.95) -> Estimate:
    """Return the mean time without the event up to `horizon`, with its Greenwood interval.

    The area under the curve (Royston and Parmar 2013). Unknown where nobody was watched as long as
    the horizon and somebody was still without the event.
    """
    when, happened = _arrays(time, event)
    curve = survival_curve(when, happened)
    name = f"restricted mean survival time, {horizon:g}"
    if not len(when) or (when.max() < horizon and not happened[when == when.max()].all()):
        return Estimate(None, None, None, len(when), name, confidence, "nobody was watched that long")
    at = curve[curve["time"] < horizon]
    edges = np.concatenate([[0.0], at["time"], [horizon]])
    level = np.concatenate([[1.0], at["surviving"]])
    areas = level * np.diff(edges)
    value = float(areas.sum())
    later = np.cumsum(areas[::-1])[::-1][1:]  # the area after each event
    risk, events = at["at_risk"].to_numpy(float), at["events"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(risk > events, later**2 * events / (risk * (risk - events)), 0.0)
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * float(np.sqrt(terms.sum()))
    return Estimate(value, max(value - half, 0.0), min(value + half, horizon), len(when), name, confidence)


def median_time(time: ArrayLike, event: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Return the time by which half have had the event, with the interval of Brookmeyer and Crowley (1982).

    The interval holds the times at which the curve's own interval (log–log Greenwood, as SciPy has it) holds
    one half. Without a value where fewer than half had the event; without an upper end where that may stay so.
    """
    from scipy.stats import ecdf

    when, happened = _arrays(time, event)
    name, n = "median time, Kaplan–Meier", len(when)
    if not happened.any():
        return Estimate(None, None, None, n, name, confidence, "it has not happened to anybody yet")
    curve = ecdf(_censored(when, happened)).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the curve at 0 and at 1 has no log–log interval
        ends = curve.confidence_interval(confidence, method="log-log")
    times, surviving = np.asarray(curve.quantiles, float), np.asarray(curve.probabilities, float)
    below = np.asarray(ends.low.probabilities, float)
    above = np.asarray(ends.high.probabilities, float)
    below = np.where(np.isnan(below), surviving, below)
    above = np.where(np.isnan(above), surviving, above)

    def first(level: NDArray[np.float64]) -> float | None:
        at = np.flatnonzero(level <= 0.5)
        return float(times[at[0]]) if len(at) else None

    value = first(surviving)
    note = "" if value is not None else "it has happened to fewer than half so far"
    return Estimate(value, first(below), first(above), n, name, confidence, note)


def curves_differ(
    time_a: ArrayLike, event_a: ArrayLike, time_b: ArrayLike, event_b: ArrayLike
) -> float | None:
    """Return the p-value of the log-rank test; None where nothing happened in either group."""
    from scipy.stats import logrank

    a, b = _arrays(time_a, event_a), _arrays(time_b, event_b)
    if not len(a[0]) or not len(b[0]) or not (a[1].any() or b[1].any()):
        return None
    return float(logrank(_censored(*a), _censored(*b)).pvalue)


def _censored(when: NDArray[np.float64], happened: NDArray[np.bool_]) -> object:
    from scipy.stats import CensoredData

    return CensoredData(uncensored=when[happened], right=when[~happened])


def _arrays(time: ArrayLike, event: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    when, happened = np.asarray(time, float), np.asarray(event, bool)
    if len(when) != len(happened):
        raise CallError(f"{len(when)} times came with {len(happened)} events. Give one each.")
    known = ~np.isnan(when)
    return when[known], happened[known]
