"""How near is a prediction? Predicted beside actual by interval, day and total, and the errors' summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.metrics.service_level import FORMULAS
from workbench.studies.fits.counts import Counts
from workbench.studies.fits.log import Floats

COVERED = 0.90
_EDGE = 1e-9

Pair = tuple[Floats, Floats]


def _level(variant: str) -> Callable[[Counts], Pair]:
    formula = FORMULAS[variant]

    def pair(counts: Counts) -> Pair:
        named = {name: counts[name] for name in ("offered", *formula.needs)}
        return formula.met_in(named), formula.counted_in(named)

    return pair


MEASURES: Mapping[str, Callable[[Counts], Pair]] = {
    "service_level": _level("V2"),
    **{f"service_level_{v}": _level(v) for v in FORMULAS},
    "abandon_rate": lambda c: (c["abandoned"], c["offered"]),
    "mean_wait_answered_s": lambda c: (c["wait_answered_s"], c["answered"]),
    "mean_wait_s": lambda c: (c["wait_answered_s"] + c["wait_abandoned_s"], c["offered"]),
    "occupancy": lambda c: (c["handling_s"], c["on_duty_s"]),
}
"""Each measure is a ratio of two sums."""


@dataclass(frozen=True)
class Scores:
    """Predicted beside actual.

    Attributes
    ----------
    total : by measure: actual, predicted, low, high (90 % of replications), sd.
    by_interval, by_day : one row per cell and measure: start, measure, actual, predicted, low, high,
        weight (the denominator that happened).
    interval_error : mean absolute error of the service level (V2) of intervals, by volume.
    noise_floor : the same of single replications against their mean: nothing can be better.
    coverage_90 : share of intervals whose service level lies within their 90 % interval.
    """

    total: Mapping[str, Mapping[str, float]]
    by_interval: pd.DataFrame
    by_day: pd.DataFrame
    interval_error: float
    noise_floor: float
    coverage_90: float
    coverage_by_measure: Mapping[str, float]
    n_intervals: int

    @property
    def totals(self) -> pd.DataFrame:
        """The totals as a frame: measure, actual, predicted, low, high."""
        rows = [
            (name, *(row[k] for k in ("actual", "predicted", "low", "high")))
            for name, row in self.total.items()
        ]
        return pd.DataFrame(rows, columns=["measure", "actual", "predicted", "low", "high"])

    def to_data(self, short: bool = False) -> dict[str, Any]:
        """Return plain data; `short` leaves days and intervals out."""
        data: dict[str, Any] = {
            "total": {name: {k: _plain(v) for k, v in row.items()} for name, row in self.total.items()},
            "interval_error": _plain(self.interval_error),
            "noise_floor": _plain(self.noise_floor),
            "error_to_noise": _plain(self.interval_error / self.noise_floor if self.noise_floor else np.nan),
            "coverage_90": _plain(self.coverage_90),
            "intervals": self.n_intervals,
        }
        if not short:
            data["coverage_90_by_measure"] = {k: _plain(v) for k, v in self.coverage_by_measure.items()}
            data["by_day"] = _records(self.by_day)
            data["by_interval"] = _records(self.by_interval)
        return data


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    cells = frame.assign(start=[t.isoformat() for t in frame["start"]]).to_dict("records")
    return [{str(k): _plain(v) if isinstance(v, float) else v for k, v in row.items()} for row in cells]


def _over(pair: Pair) -> Floats:
    above, below = pair
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def score(actual: Counts, simulated: Counts, starts: pd.DatetimeIndex, time_zone: str) -> Scores:
    """Hold the counts of replications (n, intervals, columns) against what happened (intervals, columns)."""
    local = pd.DatetimeIndex(starts.tz_convert(time_zone))
    day_number, days = pd.factorize(local.date)
    to_days = np.zeros((len(days), len(local)))
    to_days[day_number, np.arange(len(local))] = 1.0
    first_of = [local[int(np.flatnonzero(day_number == d)[0])] for d in range(len(days))]
    happened, known = actual["offered"], simulated
    intervals = np.flatnonzero(happened > 0)
    total: dict[str, dict[str, float]] = {}
    cells, by_day, coverage = [], [], {}
    error = floor = covered = float("nan")
    for name, measure in MEASURES.items():
        above, below = measure(actual)
        sim_above, sim_below = measure(known)
        whole = _over((sim_above.sum(axis=-1), sim_below.sum(axis=-1)))
        total[name] = {"actual": float(_over((above.sum(), below.sum()))), **_summary(whole)}
        ratio, sim_ratio = _over((above, below))[intervals], _over((sim_above, sim_below))[:, intervals]
        frame = _frame(local[intervals], name, ratio, sim_ratio, below[intervals])
        cells.append(frame)
        inside = (ratio >= frame["low"] - _EDGE) & (ratio <= frame["high"] + _EDGE)
        there = ~np.isnan(ratio) & frame["low"].notna().to_numpy()
        coverage[name] = float(inside[there].mean()) if there.any() else float("nan")
        by_day.append(
            _frame(
                pd.DatetimeIndex(first_of), name, _over((to_days @ above, to_days @ below)),
                _over((sim_above @ to_days.T, sim_below @ to_days.T)), to_days @ below,
            )
        )  # fmt: skip
        if name == "service_level":
            mean = frame["predicted"].to_numpy()
            use = ~np.isnan(mean)
            weight = below[intervals][use] / below[intervals][use].sum()
            error = float((np.abs(ratio - mean)[use] * weight).sum())
            away = np.abs(sim_ratio - mean)[:, use]
            weights = np.where(np.isnan(away), 0.0, weight)
            floor = float(((np.nan_to_num(away) * weights).sum(axis=1) / weights.sum(axis=1)).mean())
            covered = coverage[name]
    whole_days = pd.concat(by_day, ignore_index=True)
    return Scores(
        total, pd.concat(cells, ignore_index=True), whole_days[whole_days["weight"] > 0].reset_index(drop=True),
        error, floor, covered, coverage, len(intervals),
    )  # fmt: skip


def _summary(values: Floats) -> dict[str, float]:
    """Return mean, interval and standard deviation over replications; NaN where nothing is known."""
    known = values[~np.isnan(values)]
    if not len(known):
        return dict.fromkeys(("predicted", "low", "high", "sd"), float("nan"))
    low, high = np.quantile(known, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return {
        "predicted": float(known.mean()),
        "low": float(low),
        "high": float(high),
        "sd": float(known.std()),
    }


def _frame(
    starts: pd.DatetimeIndex, name: str, actual: Floats, simulated: Floats, weight: Floats
) -> pd.DataFrame:
    known = ~np.isnan(simulated).all(axis=0)
    columns = np.full((3, simulated.shape[1]), np.nan)
    some = simulated[:, known]
    columns[0, known] = np.nanmean(some, axis=0)
    columns[1:, known] = quantiles_of_known(some, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return pd.DataFrame(
        {
            "start": starts, "measure": name, "actual": actual, "predicted": columns[0],
            "low": columns[1], "high": columns[2], "weight": weight,
        }
    )  # fmt: skip


def quantiles_of_known(values: Floats, at: Sequence[float]) -> Floats:
    """Return quantiles of each column over its rows that are known: numpy's nanquantile, all columns at once.

    Parameters
    ----------
    values : array of shape (rows, columns); NaN where not known, at least one of each column is known.

    Returns
    -------
    array of shape (len(at), columns).
    """
    ordered = np.sort(values, axis=0)  # what is not known comes last
    last = (~np.isnan(ordered)).sum(axis=0) - 1
    column = np.arange(values.shape[1])
    found = np.empty((len(at), values.shape[1]))
    for i, q in enumerate(at):
        place = q * last
        below = np.floor(place).astype(np.int64)
        a, b = ordered[below, column], ordered[np.minimum(below + 1, last), column]
        part = place - below
        # in the form in which numpy interpolates, so that no last digit differs
        found[i] = np.where(part >= 0.5, b - (b - a) * (1 - part), a + (b - a) * part)
    return found
