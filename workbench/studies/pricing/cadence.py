"""What does it cost to notice a drift late? Rate × (detect + wait for the forum + act), by chart and forum.

How long the client itself takes from an alert to a decision and from there to a closed action is read from its
breaches and actions, as VL-4 reads them; what is still open counts until the end of the period.

Charts and forums are only compared at an equal rate of false alarms (METHOD VMF-4, GOV-14). A forum further
apart than a quarter of the time between false alarms has fewer of them, whatever its chart: there is no other
way to look so seldom.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from workbench.catalogue import serves
from workbench.diagnostics.periods import within
from workbench.errors import CallError
from workbench.statistics.run_length import (
    FALSE_ALARM_WEEKS,
    WEEKS_PER_MONTH,
    WEEKS_PER_QUARTER,
    Kind,
    weeks_to_signal,
)
from workbench.student import student
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import NORMAL_90, Floats
from workbench.studies.pricing.drifts import Drift, known_drifts, said, set_drift
from workbench.wording import counted, figure, listing

FORUMS: dict[str, float] = {"weekly": 1.0, "monthly": WEEKS_PER_MONTH, "quarterly": WEEKS_PER_QUARTER}
OWN = "as it is"
"""The forum of whoever decides as the client does today."""
CHARTS: tuple[Kind, ...] = ("Shewhart", "CUSUM", "EWMA")
DRIFTS = (0.02, 0.05, 0.10)
"""Sizes of resolution that are looked at where no measure of the client's own ever drifted beyond chance."""
DRAWS, GRID = 1000, 9
MOST_SIGMA = 8.0
"""A point so far out is signalled at once under every chart; the equations for larger ones are singular."""


@dataclass(frozen=True)
class Time:
    """How long a step takes on average, in weeks, with its 90 % interval.

    Attributes
    ----------
    n : measured, of which `open_` are not over; n = 0: assumed.
    """

    mean: float
    low: float
    high: float
    n: int = 0
    open_: int = 0

    def at(self, u: Floats) -> Floats:
        """Return the quantiles of the mean at `u`, an array of shape (n,): normal to each side, never below 0."""
        z = ndtri(u)
        side = np.where(z < 0, self.mean - self.low, self.high - self.mean)
        return np.asarray(np.maximum(self.mean + z / NORMAL_90 * side, 0.0))


ASSUMED = Time(2.0, 1.0, 4.0)
"""From a decision to a closed action, where nobody's own is on record (grade A)."""


@dataclass(frozen=True)
class Doubt:
    """What a loss is uncertain by, as draws: arrays of shape (n,).

    Attributes
    ----------
    spread : of a weekly value, over its estimate.
    size : of the drift, over its estimate; 1 where the size is set.
    rate : of what a point costs, over its estimate.
    act, decide : weeks.
    """

    spread: Floats
    size: Floats
    rate: Floats
    act: Floats
    decide: Floats


@dataclass(frozen=True)
class Late:
    """The loss of one drift until it is corrected, under one way of looking.

    Attributes
    ----------
    forum : OWN: as the client decides today, whatever its forums are.
    detect_weeks, wait_weeks, act_weeks : until the chart signals, until it is decided on, until it is mended.
    loss : in the account's currency, of one drift, with its 90 % interval; None: no doubt about it is quantified.
    measure, unit : what drifts, and in what its size is told.
    """

    drift: float
    chart: str
    forum: str
    detect_weeks: float
    wait_weeks: float
    act_weeks: float
    loss: float
    low: float | None = None
    high: float | None = None
    measure: str = "resolution"
    unit: str = "points"

    @property
    def size(self) -> str:
        """The drift in words: "5 points of resolution"."""
        return said(self.measure, self.unit, self.drift)

    @property
    def weeks(self) -> float:
        """From the drift to its correction."""
        return self.detect_weeks + self.wait_weeks + self.act_weeks

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "measure": self.measure, "unit": self.unit,
            "drift": self.drift, "chart": self.chart, "forum": self.forum, "detect_weeks": self.detect_weeks,
            "wait_weeks": self.wait_weeks, "act_weeks": self.act_weeks, "weeks": self.weeks, "loss": self.loss,
            "low": self.low, "high": self.high,
        }  # fmt: skip


@serves("SIM-4", "VMF-4", "GOV-14", kind="calculator")
def loss_until_corrected(
    loss_per_week: float,
    shift: float,
    *,
    chart: Kind,
    weeks_between: float,
    act_weeks: float,
    in_control_weeks: float = FALSE_ALARM_WEEKS,
) -> tuple[float, float, float]:
    """Return detection and wait in weeks, and what one drift costs until it is corrected.

    Parameters
    ----------
    loss_per_week : while the drift lasts, in the account's currency.
    shift : of the weekly mean, in standard deviations of a weekly value.
    weeks_between : the forum looks at means of so many weeks; on average half of it is waited for.
    in_control_weeks : between false alarms; held equal to compare.
    """
    if not loss_per_week >= 0 or not act_weeks >= 0:
        raise CallError(
            f"loss_per_week {loss_per_week:g} and act_weeks {act_weeks:g} came. Accepted: 0 or more."
        )
    seen = min(shift, MOST_SIGMA / math.sqrt(weeks_between))
    detect = weeks_to_signal(
        seen,
        chart=chart,
        weeks_per_point=weeks_between,
        in_control_weeks=max(in_control_weeks, 4 * weeks_between),
    )
    wait = weeks_between / 2
    return detect, wait, loss_per_week * (detect + wait + act_weeks)


@serves("SIM-4", "GOV-14", kind="calculator")
def losses_by_cadence(
    drifts: Sequence[float], sigma: float, loss_per_week_and_point: float, act_weeks: float,
    in_control_weeks: float = FALSE_ALARM_WEEKS, *, decide_weeks: float | None = None, doubt: Doubt | None = None,
) -> tuple[Late, ...]:  # fmt: skip
    """Return the loss of each drift under every chart and forum, at an equal rate of false alarms.

    Parameters
    ----------
    drifts : sizes, in the unit of the measure (0.05: five points).
    sigma : standard deviation of a weekly value, in the same unit.
    loss_per_week_and_point : what one hundredth of it costs in a week.
    decide_weeks : from an alert to a decision as the client takes it today, under a weekly look; None: not known.
    doubt : None: losses have no interval.
    """
    found = []
    ways = dict(FORUMS) if decide_weeks is None else {OWN: 1.0, **FORUMS}
    for drift in drifts:
        rate = 100 * drift * loss_per_week_and_point
        for chart in CHARTS:
            for forum, weeks in ways.items():
                detect, wait, loss = loss_until_corrected(
                    rate, drift / sigma, chart=chart, weeks_between=weeks, act_weeks=act_weeks,
                    in_control_weeks=in_control_weeks,
                )  # fmt: skip
                if forum == OWN:
                    loss += rate * ((decide_weeks or 0.0) - wait)
                    wait = decide_weeks or 0.0
                low = high = None
                if doubt is not None:
                    low, high = _interval(
                        rate, drift / sigma, chart, weeks, in_control_weeks, doubt, forum == OWN
                    )
                found.append(Late(drift, chart, forum, detect, wait, act_weeks, loss, low, high))
    return tuple(found)


def _interval(
    rate: float, shift: float, chart: Kind, weeks: float, in_control_weeks: float, doubt: Doubt, own: bool
) -> tuple[float, float]:
    """Return where a loss lies nine times of ten; between some shifts detection follows a straight line of logs."""
    seen = shift * doubt.size / doubt.spread
    grid = np.geomspace(max(seen.min(), 1e-3), max(seen.max(), 1.001e-3), GRID)
    detect = [
        loss_until_corrected(
            0.0, float(x), chart=chart, weeks_between=weeks, act_weeks=0.0, in_control_weeks=in_control_weeks
        )[0]
        for x in grid
    ]
    until = np.exp(np.interp(np.log(np.maximum(seen, 1e-3)), np.log(grid), np.log(detect)))
    wait = doubt.decide if own else weeks / 2
    loss = rate * doubt.size * doubt.rate * (until + wait + doubt.act)
    low, high = np.quantile(loss, (0.05, 0.95))
    return float(low), float(high)


def by_cadence(basis: Basis, seed: int = 1) -> tuple[tuple[Late, ...], str]:
    """Return what a drift costs this client by measure, chart and forum, and on what that rests."""
    one = set_drift(basis)
    if one is None or (one.sigma is None and not known_drifts(basis)):
        lacking = "what an hour costs" if one is None else "six weeks of contacts with a customer"
        return (), f"What a drift costs until it is corrected is not known: needs {lacking}."
    own = known_drifts(basis)
    drifts = own or tuple(replace(one, size=size, rate=one.rate * size / one.size) for size in DRIFTS)
    decide, act = own_times(basis)
    rng = np.random.default_rng([seed, 4])
    late: list[Late] = []
    for drift in drifts:
        # the mean moving range is 0.605 as efficient as the standard deviation (Cryer and Ryan 1990)
        error = math.sqrt(1.0 / (2 * 0.605 * max(drift.weeks - 1, 1)))
        z = rng.standard_normal((2, DRAWS))
        size = (
            np.ones(DRAWS) if drift.error is None else np.maximum(1 + drift.error / drift.size * z[1], 0.05)
        )
        doubt = Doubt(
            np.exp(error * z[0]), size,
            basis.pay.factor.at(rng.random(DRAWS)) if basis.pay else np.ones(DRAWS),
            (act or ASSUMED).at(rng.random(DRAWS)),
            decide.at(rng.random(DRAWS)) if decide is not None else np.zeros(DRAWS),
        )  # fmt: skip
        found = losses_by_cadence(
            (round(drift.size, 3),), drift.sigma or drift.size / MOST_SIGMA, 0.01 * drift.rate / drift.size,
            (act or ASSUMED).mean, decide_weeks=None if decide is None else decide.mean, doubt=doubt,
        )  # fmt: skip
        late += [replace(x, measure=drift.measure.name, unit=drift.measure.unit) for x in found]
    return tuple(late), _note(basis, drifts, own, decide, act)


def _note(
    basis: Basis, drifts: Sequence[Drift], own: Sequence[Drift], decide: Time | None, act: Time | None
) -> str:
    def told(time: Time, what: str) -> str:
        left = f", {time.open_} of them still open" if time.open_ else ""
        return f"{what} {time.mean:.1f} weeks ({time.low:.1f} to {time.high:.1f}; {counted(time.n, 'breach')}{left})"

    spread = "; ".join(
        f"{d.measure.name}: weekly spread {figure(d.sigma, d.measure.unit, 1)} ({counted(d.weeks, 'week')}), "
        f"{figure(0.01, d.measure.unit, 0)} {'cost' if d.measure.unit == 'points' else 'costs'} "
        f"{0.01 * d.rate / d.size:,.0f} {basis.currency} a week"
        for d in {d.measure.name: d for d in drifts}.values()
    )
    parts = [
        f"{spread[:1].upper()}{spread[1:]} (resolution: contacts not followed by another within 7 days); charts at one "
        "false alarm a year.",
        "How long a decision takes here is not known (tables breach and gov_action)."
        if decide is None
        else f"As it is: {told(decide, 'from an alert to a decision')}, looked at weekly.",
        f"From a decision to a closed action {ASSUMED.mean:g} weeks (assumed between {ASSUMED.low:g} and "
        f"{ASSUMED.high:g}, A)."
        if act is None
        else f"Under every forum {told(act, 'from the decision to the closed action')}.",
        f"What the client's own measures once got worse by, beyond chance: {listing([d.words for d in own])}."
        if own
        else "No change for the worse of the client's own is beyond chance, so sizes are set.",
    ]
    return " ".join(parts)


def middle_sizes(cadence: Sequence[Late]) -> tuple[str, ...]:
    """Return one size of drift of each measure, in words: the client's own, or the middle of those that are set."""
    found = []
    for measure in dict.fromkeys(late.measure for late in cadence):
        sizes = sorted({(late.drift, late.size) for late in cadence if late.measure == measure})
        found.append(sizes[len(sizes) // 2][1])
    return tuple(found)


@serves("SIM-4", kind="calculator")
def own_times(basis: Basis) -> tuple[Time | None, Time | None]:
    """Return how long the client takes from an alert to a decision, and from there to a closed action.

    As VL-4 reads them. What is open counts until the end of the period, so that both are rather too short. None
    with fewer than two, of which no interval can be told.
    """
    breach = basis.table("breach")
    if breach is None:
        return None, None
    _, after = basis.dataset.period.bounds(basis.dataset.client.time_zone)
    mine = breach[within(breach["ts"], basis.dataset.period, basis.dataset.client)]
    week = pd.Timedelta(weeks=1)
    decide = _time((mine["decided_ts"].fillna(after) - mine["ts"]) / week, mine["decided_ts"].isna())
    actions = basis.table("gov_action")
    if actions is None or mine.empty:
        return decide, None
    both = mine.dropna(subset=["decided_ts", "action_id"]).merge(
        actions[["id", "closed"]], left_on="action_id", right_on="id"
    )
    decided = both["decided_ts"].dt.tz_convert(basis.dataset.client.time_zone).dt.tz_localize(None)
    end = pd.Timestamp(after).tz_convert(basis.dataset.client.time_zone).tz_localize(None)
    took = ((both["closed"].fillna(end) - decided.dt.normalize()) / week).clip(lower=0.0)
    return decide, _time(took, both["closed"].isna())


def _time(weeks: pd.Series, open_: pd.Series) -> Time | None:
    n = len(weeks)
    if n < 2:
        return None
    half = student(n - 1, 0.9) * float(weeks.std(ddof=1)) / math.sqrt(n)
    mean = float(weeks.mean())
    return Time(mean, max(mean - half, 0.0), mean + half, n, int(open_.sum()))
