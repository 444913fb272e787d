"""How far was the forecast off, which way, and how much of that could no forecast have avoided?

State the level (interval, day, week), the horizon and the version with every figure: the same
forecast is off by 30 % on half-hours and by 3 % on weeks.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import gammaln

from workbench.metrics import estimate
from workbench.metrics.columns import Floats, array_of, equals, filled, in_order, numbered, numbers, times
from workbench.metrics.measure import Measure
from workbench.once import once_per_table

Level = Literal["interval", "day", "week"]


def forecast_errors(
    actual: ArrayLike, forecast: ArrayLike, *, season: int = 1, scope: str = ""
) -> tuple[Measure, ...]:
    """Return wape, mape, bias, mase, tracking_signal and the noise floor, in this order.

    Parameters
    ----------
    actual, forecast : volumes in the order of time, of equal length; pairs with an unknown side are
        left out.
    season : periods after which the pattern repeats, for MASE (48 half-hours, 7 days).
    """
    a, f = np.asarray(actual, float), np.asarray(forecast, float)
    return (
        wape(a, f, scope=scope), mape(a, f, scope=scope), bias(a, f, scope=scope),
        mase(a, f, season=season, scope=scope), tracking_signal(a, f, scope=scope),
        noise_floor(a, scope=scope),
    )  # fmt: skip


def wape(actual: ArrayLike, forecast: ArrayLike, *, scope: str = "") -> Measure:
    """Return Σ|A − F| / ΣA."""
    a, f = _pairs(actual, forecast)
    blank = Measure("wape", None, "fraction", 0, "Σ|A − F| / ΣA", scope=scope)
    return estimate.ratio(blank, np.abs(a - f), a, nothing="nothing arrived")


def mape(actual: ArrayLike, forecast: ArrayLike, *, scope: str = "") -> Measure:
    """Return the mean of |A − F| / A over periods in which anything arrived.

    It explodes where A is small and rewards a forecast that is too low.
    """
    a, f = _pairs(actual, forecast)
    blank = Measure("mape", None, "fraction", 0, "mean of |A − F| / A where A > 0", scope=scope)
    some = a > 0
    return estimate.mean(blank, np.abs(a - f)[some] / a[some], "nothing arrived", (0.0, math.inf))


def bias(actual: ArrayLike, forecast: ArrayLike, *, scope: str = "") -> Measure:
    """Return Σ(F − A) / ΣA: above 0 the forecast was too high."""
    a, f = _pairs(actual, forecast)
    blank = Measure("forecast_bias", None, "fraction", 0, "Σ(F − A) / ΣA, above 0: too high", scope=scope)
    return estimate.ratio(blank, f - a, a, nothing="nothing arrived")


def mase(actual: ArrayLike, forecast: ArrayLike, *, season: int = 1, scope: str = "") -> Measure:
    """Return the mean error over that of repeating the last season (Hyndman and Koehler 2006).

    Below 1 the forecast beats "the same as last time"; comparable across queues.
    """
    a, f = np.asarray(actual, float), np.asarray(forecast, float)
    blank = Measure(
        "mase", None, "1", 0, "mean |A − F| / mean |A − A one season before|", "",
        {"season": season}, scope,
    )  # fmt: skip
    error, naive = np.abs(a - f), np.abs(a[season:] - a[:-season])
    error, naive = error[~np.isnan(error)], naive[~np.isnan(naive)]
    if not len(error) or not len(naive) or naive.mean() == 0:
        return estimate.unknown(blank, "no season to compare with, or one that repeats exactly")
    return estimate.known(blank, error.mean() / naive.mean(), len(error))


def tracking_signal(actual: ArrayLike, forecast: ArrayLike, *, scope: str = "") -> Measure:
    """Return Σ(A − F) / mean|A − F|: beyond ±4 the errors lean to one side (Trigg 1964)."""
    a, f = _pairs(actual, forecast)
    blank = Measure("tracking_signal", None, "1", 0, "Σ(A − F) / mean|A − F|", scope=scope)
    size = np.abs(a - f).mean() if len(a) else 0.0
    if size == 0:
        return estimate.unknown(blank, "no errors to track")
    return estimate.known(blank, (a - f).sum() / size, len(a))


def poisson_mae(rate: ArrayLike) -> Floats:
    """Return E|A − λ| of a Poisson count, exact: 2 λ^(⌊λ⌋+1) e^(−λ) / ⌊λ⌋! (Crow 1958)."""
    lam = np.asarray(rate, float)
    whole = np.floor(lam)
    with np.errstate(divide="ignore"):
        log = np.log(2.0) + (whole + 1) * np.log(lam) - lam - gammaln(whole + 1)
    return np.where(lam > 0, np.exp(log), 0.0)


def noise_floor(rate: ArrayLike, *, scope: str = "") -> Measure:
    """Return the WAPE that a forecaster who knows the true rate would still have, arrivals Poisson.

    Real arrivals vary more than Poisson, so that the true floor lies above it. The rate may be
    replaced by the actual counts where it is not known.
    """
    lam = np.asarray(rate, float)
    lam = lam[~np.isnan(lam)]
    blank = Measure("wape_noise_floor", None, "fraction", 0, "Σ E|A − λ| / Σλ, A Poisson", scope=scope)
    if not len(lam) or lam.sum() <= 0:
        return estimate.unknown(blank, "nothing arrived")
    return estimate.known(blank, poisson_mae(lam).sum() / lam.sum(), len(lam))


@once_per_table
def locked(forecast: pd.DataFrame) -> pd.DataFrame:
    """Return one row per interval, queue and channel: the version that scheduling used.

    It is the last one made until `lock_ts`; where no lock is recorded, the last one made before the
    interval began. Versions without a time count as the earliest.
    """
    version, lock = times(forecast, "version_ts"), times(forecast, "lock_ts")
    limit = np.where(np.isnat(lock), times(forecast, "interval_start"), lock)
    use = np.isnat(version) | (version <= limit)
    rank = np.where(np.isnat(version), np.iinfo(np.int64).min, version.astype(np.int64))
    rows = np.flatnonzero(use)
    rows = rows[np.argsort(rank[rows], kind="stable")]
    cell = numbered(forecast, _keys(forecast))[rows]
    last = np.full(int(cell.max(initial=-1)) + 1, -1)
    last[cell] = rows  # of several the last one stays
    kept = np.sort(last[last >= 0])
    return forecast if len(kept) == len(forecast) else forecast.iloc[kept]


@once_per_table
def first_and_locked(forecast: pd.DataFrame) -> pd.DataFrame:
    """Return the volumes `first` and `held` of what was forecast in several dated versions, the locked one held."""
    known = filled(forecast, "version_ts")
    dated = forecast if known.all() else forecast[known]
    cell = numbered(dated, _keys(dated))
    version, volume = times(dated, "version_ts").astype(np.int64), numbers(dated, "volume")
    order = np.argsort(version, kind="stable")
    first, last = np.zeros((2, int(cell.max(initial=-1)) + 1), np.int64)
    first[cell[order[::-1]]], last[cell[order]] = order[::-1], order
    held = np.full(len(first), np.nan)
    kept = dated.index.get_indexer(locked(dated).index)
    held[cell[kept]] = volume[kept]
    table = pd.DataFrame({"first": volume[first], "held": held})
    return table[version[first] < version[last]].dropna()


@once_per_table
def matched(
    forecast: pd.DataFrame, intervals: pd.DataFrame, *, level: Level = "interval", time_zone: str = "UTC"
) -> pd.DataFrame:
    """Return start, queue, forecast and actual volumes at a level, for what both sides cover.

    `intervals` counts actual arrivals in `offered`. Queues that only one side splits are summed.
    """
    if level != "interval":
        both = matched(forecast, intervals).copy(deep=False)
        local = pd.DatetimeIndex(both["start"]).tz_convert(time_zone).tz_localize(None).normalize()
        if level == "week":
            local = local - pd.to_timedelta(local.day_of_week, unit="D")
        both["start"] = local
        (cell,), cells = in_order([both], [k for k in both if k in ("start", "queue", "channel")])
        sums = {side: np.bincount(cell, both[side], len(cells)) for side in ("forecast", "actual")}
        return cells.assign(**sums)
    plan = locked(forecast)
    keys = ["interval_start"]
    keys += [k for k in ("queue", "channel") if _split(plan, k) and _split(intervals, k)]
    of, cells = in_order([plan, intervals], keys)
    volumes = {"forecast": numbers(plan, "volume"), "actual": numbers(intervals, "offered")}
    there, sums = np.ones(len(cells), bool), {}
    for (side, volume), at in zip(volumes.items(), of, strict=True):
        known = ~np.isnan(volume) & (at >= 0)
        total = np.bincount(at[known], volume[known], len(cells))
        there &= np.bincount(at[known], minlength=len(cells)) > 0
        sums[side] = total
    names = {"interval_start": "start"}
    both = {names.get(key, key): array_of(cells, key)[there] for key in keys}
    return pd.DataFrame({**both, **{side: total[there] for side, total in sums.items()}})


def _keys(forecast: pd.DataFrame) -> list[str]:
    return [k for k in ("interval_start", "queue", "channel") if k in forecast.columns]


def _split(table: pd.DataFrame, key: str) -> bool:
    return key in table.columns and bool(filled(table, key).all()) and not equals(table, key, "all").any()


def _pairs(actual: ArrayLike, forecast: ArrayLike) -> tuple[Floats, Floats]:
    a, f = np.asarray(actual, float), np.asarray(forecast, float)
    use = ~(np.isnan(a) | np.isnan(f))
    return a[use], f[use]
