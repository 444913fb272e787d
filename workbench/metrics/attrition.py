"""How many people leave in a year, and how long do they stay?

Two annual figures go by one name: the rate over the mean headcount (4 % a month are 48 %), and the
share of a team that is gone after a year (38.7 %). The curve of staying by tenure says when they go.
"""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtri

from workbench.metrics import estimate
from workbench.metrics.columns import times
from workbench.metrics.kaplan_meier import kaplan_meier
from workbench.metrics.measure import Measure

DAYS_IN_YEAR = 365.0


def compounded(monthly: float, months: int = 12) -> float:
    """Return the share gone after `months` if `monthly` of those left go each month."""
    return 1.0 - (1.0 - monthly) ** months


def attrition_rate(
    hris: pd.DataFrame, start: date, end: date, *, scope: str = "", confidence: float = 0.95
) -> Measure:
    """Return leavers over mean headcount, per year.

    `hris` should hold those who left and those who stay. The period is whole days, both included; a
    person counts on each day from `start_date` to `term_date`, both included. n counts leavers; the
    interval is the exact Poisson one (Garwood 1936).
    """
    days = (end - start).days + 1
    left, person_days = _exposure(hris, start, end)
    blank = Measure(
        "attrition", None, "per year", 0, "leavers / mean headcount × 365 / days", "rate",
        {"days": days}, scope, confidence=confidence,
    )  # fmt: skip
    if person_days == 0:
        return estimate.unknown(blank, "nobody was employed in the period")
    per_leaver = DAYS_IN_YEAR / person_days
    low, high = _poisson_bounds(left, confidence)
    return estimate.known(blank, left * per_leaver, left, low * per_leaver, high * per_leaver)


def attrition_compounded(
    hris: pd.DataFrame, start: date, end: date, *, scope: str = "", confidence: float = 0.95
) -> Measure:
    """Return the share of a team gone after a year at the monthly rate of the period, 1 − (1 − m)^12."""
    rate = attrition_rate(hris, start, end, scope=scope, confidence=confidence)
    blank = Measure(
        "attrition", None, "fraction", rate.n, "1 − (1 − monthly leavers / headcount)^12", "compounded",
        rate.parameters, scope, confidence=confidence,
    )  # fmt: skip
    if rate.value is None or rate.low is None or rate.high is None:
        return estimate.unknown(blank, rate.reason)
    value, low, high = (compounded(min(r / 12, 1.0)) for r in (rate.value, rate.low, rate.high))
    return estimate.known(blank, value, rate.n, low, high)


def survival_by_tenure(hris: pd.DataFrame, start: date, end: date, confidence: float = 0.95) -> pd.DataFrame:
    """Return the Kaplan–Meier curve of staying, by days of tenure.

    People who were there before `start` enter the risk set at the tenure they had then (left
    truncation), and those still there after `end` are censored; without either the curve is wrong.

    Returns
    -------
    DataFrame with tenure_days, at_risk, left, staying, low, high; one row per tenure at which
    somebody left. Empty where nobody did.
    """
    entry, tenure, gone = _tenures(hris, start, end)
    columns = ["tenure_days", "at_risk", "left", "staying", "low", "high"]
    if not gone.any():
        return pd.DataFrame(columns=columns, dtype=float)
    curve = kaplan_meier(tenure, gone, entry, confidence)
    return curve.rename(columns={"time": "tenure_days", "events": "left", "surviving": "staying"})


def _exposure(hris: pd.DataFrame, start: date, end: date) -> tuple[int, int]:
    """Return leavers in the period and the days that people were there."""
    began, gone = _days(hris, "start_date"), _days(hris, "term_date")
    first, last = np.datetime64(start, "D"), np.datetime64(end, "D")
    known = ~np.isnat(began)
    until = np.where(np.isnat(gone), last, np.minimum(gone, last))
    there = (until - np.maximum(began, first)).astype(np.int64) + 1
    there = np.where(known, np.maximum(there, 0), 0)
    left = known & ~np.isnat(gone) & (gone >= first) & (gone <= last)
    return int(left.sum()), int(there.sum())


def _tenures(
    hris: pd.DataFrame, start: date, end: date
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    began, gone = _days(hris, "start_date"), _days(hris, "term_date")
    first, last = np.datetime64(start, "D"), np.datetime64(end, "D")
    left = ~np.isnat(gone) & (gone <= last)
    until = np.where(left, gone, last)
    use = ~np.isnat(began) & (until >= first) & (until >= began)
    entry = np.maximum((first - began).astype(np.int64), 0).astype(float)
    tenure = ((until - began).astype(np.int64) + 1).astype(float)
    return entry[use], tenure[use], left[use]


def _days(table: pd.DataFrame, name: str) -> NDArray[np.datetime64]:
    return times(table, name).astype("datetime64[D]")


def _poisson_bounds(count: int, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(chdtri(2 * count, 1 - tail)) / 2
    return low, float(chdtri(2 * (count + 1), tail)) / 2


def half_life_months(monthly: float) -> float:
    """Return after how many months half of a team has gone at a constant monthly share."""
    return math.inf if monthly <= 0 else math.log(0.5) / math.log1p(-monthly)
