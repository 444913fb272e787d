"""How many hours were people at work in a week, and how many are they in a fitted one?

At work is in a state that takes contacts or has one in hand, also beyond the end of a shift. States may
cover a part of the days only: what they hold of those days' shifts is then taken for the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench.intake.dataset import Dataset
from workbench.metrics.columns import SECOND_US
from workbench.metrics.timeline import spans
from workbench.sim.scenario import Scenario
from workbench.statistics.replications import Estimate, estimate, ratios
from workbench.studies.fits.arrivals import open_days, weekday_of
from workbench.studies.fits.log import Floats, Log, local_cells
from workbench.studies.fits.presence import AT_WORK
from workbench.studies.fits.rosters import Planned
from workbench.studies.replicate import Results, replicate

FEWEST_DAYS = 10
"""Days with states below which nothing is said of the hours at work."""
CLOSE, TURNS = 0.003, 4
"""So near are the hours of the fitted week to the recorded ones, if as many tries get there: people are whole."""
WEEKS = 60
"""Weeks simulated to see their hours: absence alone scatters those of twenty by a half of a percent."""
HOUR_US = 3600 * SECOND_US


@dataclass(frozen=True)
class AtWork:
    """Hours at work of a mean week, from agents' states.

    Attributes
    ----------
    hours : arrays of shape (teams,). [h]
    low, high : the 95 % interval of all teams' hours: how states of a day scatter about its shifts. [h]
    days : with states.
    """

    hours: Floats
    low: float
    high: float
    days: int

    @property
    def total(self) -> float:
        """Hours of all teams. [h]"""
        return float(self.hours.sum())


def recorded_hours(
    dataset: Dataset, log: Log, plan: Planned, team: np.ndarray, n_teams: int
) -> AtWork | None:
    """Return the hours at work of a mean week; None where states cover too few days.

    Parameters
    ----------
    log : the days that `plan` covers.
    team : of each agent of the log.

    The ratio of hours at work to hours of shifts on the days with states, by team, times the hours of shifts of the
    mean week; its error is that of a ratio over days.
    """
    states = dataset.tables.get("agent_state")
    if states is None or states.empty:
        return None
    held = spans(states, "state")
    agent = pd.Index(log.agents).get_indexer(held["agent_id"].astype("str"))
    first, after = log.bounds_us
    start, end = held["start_us"].to_numpy().clip(first), held["end_us"].to_numpy().clip(max=after)
    use = (agent >= 0) & held["label"].isin(AT_WORK).to_numpy() & (end > start)
    days, _ = open_days(log)
    day = local_cells(start[use], log.time_zone, log.interval_s)[0]
    there = np.zeros((len(days), n_teams))
    on = np.isin(day, days)
    at = (np.searchsorted(days, day[on]), team[agent[use]][on])
    np.add.at(there, at, ((end - start)[use] / HOUR_US)[on])
    shifts, worked = np.zeros_like(there), plan.worked
    on = worked["day"].isin(days).to_numpy()
    at = (np.searchsorted(days, worked["day"].to_numpy()[on]), team[worked["agent"].to_numpy()[on]])
    np.add.at(shifts, at, (worked["end_s"] - worked["start_s"]).to_numpy(float)[on] / 3600.0)
    seen = there.sum(axis=1) > 0
    if seen.sum() < FEWEST_DAYS or not shifts[seen].sum():
        return None
    weekday = weekday_of(days)
    per = np.maximum(np.bincount(weekday, minlength=7), 1)
    week = np.stack([np.bincount(weekday, column, 7) / per for column in shifts.T]).sum(axis=1)
    x, y = shifts[seen].sum(axis=1), there[seen].sum(axis=1)
    ratio, n = y.sum() / x.sum(), int(seen.sum())
    own = shifts[seen].sum(axis=0)
    hours = week * np.divide(there[seen].sum(axis=0), own, out=np.full(n_teams, ratio), where=own > 0)
    half = 1.96 * float(np.std(y - ratio * x, ddof=1)) / np.sqrt(n) / x.mean() * float(week.sum())
    return AtWork(hours, float(hours.sum()) - half, float(hours.sum()) + half, n)


def simulated_hours(week: Results) -> dict[str, Estimate]:
    """Return the hours at work of a simulated week by group, and of all: "". [h]"""
    names = week.names("group")
    hours = np.array([t["group"]["handling_us"] + t["group"]["available_us"] for t in week.tallies]) / HOUR_US
    every = np.column_stack([hours, hours.sum(axis=1)])
    value, half, n = ratios(every, np.ones_like(every), 0.95)
    return {
        name: estimate(float(v), float(h), n, 0.95)
        for name, v, h in zip([*names, ""], value, half, strict=True)
    }


def settled(
    make: Callable[[float], Scenario], recorded: AtWork | None, n: int, seed: int
) -> tuple[Results, float]:
    """Return the fitted week, simulated, with as many people as make its hours at work the recorded ones.

    Shifts, absence and lateness are each as recorded, and yet their hours are not: a simulated agent who is to go
    finishes the contact in hand, whose length nobody planned, and begins a break that much later. What that makes
    is small, and is met by the number of people.

    Parameters
    ----------
    make : returns the scenario with so many times the people. The factor that was used is returned, too.
    """
    if recorded is None:
        return replicate(make(1.0), n, seed), 1.0
    best, factor, off = None, 1.0, float("inf")
    tried = 1.0
    for _ in range(TURNS):
        week = replicate(make(tried), max(n, WEEKS), seed)
        found = simulated_hours(week)[""].mean or 0.0
        if best is None or abs(found - recorded.total) < off:
            best, factor, off = week, tried, abs(found - recorded.total)
        if off <= CLOSE * recorded.total or not found:
            break
        tried *= recorded.total / found
    assert best is not None
    return best, factor


def hours_table(recorded: AtWork | None, week: Results) -> pd.DataFrame:
    """Return hours at work of the fitted week beside the recorded ones, by group and of all."""
    columns = [
        "group",
        "recorded",
        "from",
        "to",
        "days",
        "simulated",
        "of weeks from",
        "of weeks to",
        "weeks",
    ]
    if recorded is None:
        return pd.DataFrame(columns=columns)
    found, nan = simulated_hours(week), float("nan")
    rows: list[tuple[object, ...]] = []
    for i, hours in enumerate(recorded.hours):
        if (own := found.get(f"group {i + 1}")) is not None:
            rows.append(
                (f"group {i + 1}", hours, nan, nan, recorded.days, own.mean, own.low, own.high, own.n)
            )
    own = found[""]
    rows.append(
        (
            "all",
            recorded.total,
            recorded.low,
            recorded.high,
            recorded.days,
            own.mean,
            own.low,
            own.high,
            own.n,
        )
    )
    return pd.DataFrame(rows, columns=columns)


def kept_as_said(recorded: AtWork | None, times: float) -> str:
    """Return what agents' states say of who kept the schedule; "" without them."""
    if recorded is None:
        return ""
    return (
        f"agents' states of {recorded.days} days say {recorded.total:,.0f} hours at work in a mean week "
        f"({recorded.low:,.0f} to {recorded.high:,.0f}), which the fitted week is given with {times:.1%} of the "
        "planned people"
    )
