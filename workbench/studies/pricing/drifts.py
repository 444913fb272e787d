"""By how much did this client's own measures once drift, and what does a week of it cost?

Resolution, handle time and contacts passed on, week by week. A change point that is beyond chance, for the worse, and
that stays says how large a drift is here; where none is on record, five points of resolution are set (METHOD VMF-4
names five points of the service level).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.periods import in_period
from workbench.metrics.handle_time import handle_time
from workbench.metrics.resolution import judged_by_repeat
from workbench.statistics.change_point import mean_shift
from workbench.statistics.control_charts import moving_range_sigma
from workbench.studies.pricing.basis import WEEKS_PER_MONTH, Basis
from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.rule import Line
from workbench.wording import figure

FEWEST_WEEKS, FEWEST_CONTACTS = 8, 30
ALPHA = 0.05
"""For all measures together (Bonferroni)."""
SET_DRIFT = 0.05
"""Of resolution, where no own drift is on record. Assumed (grade A)."""


@dataclass(frozen=True)
class Drifting:
    """A measure that can drift.

    Attributes
    ----------
    name : of the measure; unit : of a size: points of a share, or a fraction of the value itself.
    worse : +1: a rise is worse, −1: a fall.
    weekly : contacts of the period, client's zone → one value for each week with enough contacts.
    """

    name: str
    unit: str
    worse: int
    line: Line
    weekly: Callable[[pd.DataFrame, str], Floats]


@dataclass(frozen=True)
class Drift:
    """One drift of a measure.

    Attributes
    ----------
    size, error : of it and its standard error, in the unit of the measure; error None: set, not measured.
    sigma : standard deviation of a weekly value, in that unit; None: fewer than six weeks.
    weeks : on which both rest.
    rate : what a week of it costs, in the account's currency.
    """

    measure: Drifting
    size: float
    error: float | None
    sigma: float | None
    weeks: int
    rate: float

    @property
    def words(self) -> str:
        """The size in words: "3.2 points of resolution"."""
        return said(self.measure.name, self.measure.unit, self.size)


def said(name: str, unit: str, size: float) -> str:
    """Say a size: "3.2 points of resolution", "8 % of handle time"."""
    return f"{figure(size, unit, 1)} of {name}"


def weekly_resolution(contacts: pd.DataFrame, zone: str) -> Floats:
    """Return the share of contacts not followed by another within 7 days, week by week."""
    if contacts["customer_key"].isna().all():
        return np.zeros(0)
    judged = judged_by_repeat(contacts)
    judged = judged[judged["observed"]]
    return _by_week(contacts.loc[judged.index, "offered_ts"], ~judged["repeated"].to_numpy(bool), zone)


def weekly_handle_time(contacts: pd.DataFrame, zone: str) -> Floats:
    """Return mean handle time week by week, over its mean of all weeks: 1 on average."""
    took = handle_time(contacts)
    weeks = _by_week(contacts["offered_ts"].iloc[took.rows], took.handle_s, zone)
    return weeks / weeks.mean() if len(weeks) else weeks


def weekly_passed_on(contacts: pd.DataFrame, zone: str) -> Floats:
    """Return the share of contacts passed on, week by week."""
    if "escalated_flag" not in contacts:
        return np.zeros(0)
    known = contacts["escalated_flag"].notna()
    flags = contacts.loc[known, "escalated_flag"].astype(bool).to_numpy()
    return _by_week(contacts.loc[known, "offered_ts"], flags, zone)


MEASURES = (
    Drifting("resolution", "points", -1, "repeat handling", weekly_resolution),
    Drifting("handle time", "fraction", 1, "labour", weekly_handle_time),
    Drifting("contacts passed on", "points", 1, "repeat handling", weekly_passed_on),
)


def _by_week(offered: pd.Series, values: np.ndarray, zone: str) -> Floats:
    week = offered.dt.tz_convert(zone).dt.tz_localize(None).dt.to_period("W")
    weeks = pd.Series(values, index=offered.index).astype(float).groupby(week).agg(["mean", "size"])
    return np.asarray(weeks.loc[weeks["size"] >= FEWEST_CONTACTS, "mean"], np.float64)


@serves("SIM-4", kind="calculator")
def own_shift(weeks: Floats, worse: int, alpha: float = ALPHA) -> tuple[float, float] | None:
    """Return by how much weekly values once got worse and stayed so, and the standard error of that.

    None: no change for the worse is beyond chance.
    """
    if len(weeks) < FEWEST_WEEKS:
        return None
    change = mean_shift(weeks, seed=1)
    if change.before is None or change.after is None or change.at is None:
        return None
    size = worse * (change.after - change.before)
    if (change.p_value or 0.0) >= alpha or size <= 0:
        return None
    error = moving_range_sigma(weeks) * math.sqrt(1 / change.at + 1 / (len(weeks) - change.at))
    return size, error


@serves("SIM-4", kind="calculator")
def known_drifts(basis: Basis) -> tuple[Drift, ...]:
    """Return the client's own drifts, measure by measure; none where no change is beyond chance."""
    contacts = in_period(basis.dataset, "contacts")
    if contacts is None or basis.labour is None:
        return ()
    found = []
    for one in MEASURES:
        weeks = one.weekly(contacts, basis.dataset.client.time_zone)
        own = own_shift(weeks, one.worse, ALPHA / len(MEASURES))
        if own is not None:
            size, error = own
            found.append(Drift(one, size, error, sigma_of(weeks), len(weeks), _a_week(basis) * size))
    return tuple(found)


def set_drift(basis: Basis) -> Drift | None:
    """Return the drift that is set where no own one is known; None where nobody says what paid hours cost."""
    if basis.labour is None:
        return None
    contacts = in_period(basis.dataset, "contacts")
    weeks = np.zeros(0) if contacts is None else weekly_resolution(contacts, basis.dataset.client.time_zone)
    return Drift(MEASURES[0], SET_DRIFT, None, sigma_of(weeks), len(weeks), _a_week(basis) * SET_DRIFT)


def _a_week(basis: Basis) -> float:
    """Return what all paid hours of a week cost: a share more of the contacts, or of their time, costs that share."""
    return (basis.labour or 0.0) / WEEKS_PER_MONTH


def sigma_of(weeks: Floats) -> float | None:
    """Return the spread of a weekly value from moving ranges; None below six weeks, or where nothing varies."""
    sigma = moving_range_sigma(weeks) if len(weeks) >= 6 else 0.0
    return sigma if sigma > 1e-9 else None
