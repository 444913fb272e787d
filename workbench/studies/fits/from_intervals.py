"""Which scenario do interval counts describe, and what do they not tell?

From offered, handle time, abandoned, speed of answer and people per interval, as planners have them in a
spreadsheet: rates and how they scatter, the mean of handle time, staffing, and one mean of patience, which is
the one with which Erlang A gives back the abandonments that happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from workbench.errors import DataError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.metrics.columns import numbers, times
from workbench.queueing import erlang_a
from workbench.sim.scenario import Scenario
from workbench.studies.fits.arrivals import FEWEST_DAYS, negative_binomial_shape, weekday_of
from workbench.studies.fits.log import Floats, local_cells

PATIENCE_RANGE_S = (5.0, 36_000.0)
ASSUMED_OCCUPANCY = 0.8
NOT_IDENTIFIABLE = (
    "the shape of handle times: exponential is assumed; only their mean is known",
    "the shape of patience, balking and retrials: exponential patience is assumed",
    "handle time by agent, and who serves which queue: every queue has a group of its own",
    "priorities, and contacts that wait from one interval into the next",
)


@dataclass(frozen=True)
class FromIntervals:
    """A scenario from interval counts and what it rests on."""

    scenario: Scenario
    period: Period
    tables: Mapping[str, pd.DataFrame]
    assumed: tuple[tuple[str, str], ...]
    not_identifiable: tuple[str, ...]


def scenario_of_intervals(dataset: Dataset, period: Period | None = None) -> FromIntervals:
    """Return the scenario that a table of intervals describes.

    Raises
    ------
    DataError
        if no interval of the period has contacts, or no handle time is recorded.
    """
    table, zone = dataset.tables["intervals"], dataset.client.time_zone
    period = period or dataset.period
    first, after = period.bounds(zone)
    start = times(table, "interval_start")
    low, high = (np.datetime64(t.tz_localize(None)) for t in (first, after))
    table = table[(start >= low) & (start < high)]
    interval_s = _length(table)
    queues: dict[str, Any] = {}
    groups: dict[str, Any] = {}
    assumed: list[tuple[str, str]] = [(text, "A") for text in dataset.client.assumed]
    rows = []
    names = table["queue"].astype("str").where(table["queue"].notna(), "all") if "queue" in table else None
    parts = {"all": table} if names is None else dict(iter(table.groupby(names)))
    for raw, part in sorted((str(n), p) for n, p in parts.items()):
        name = raw.replace(".", " ")
        if not numbers(part, "offered").sum() > 0:
            assumed.append((f"{name}: no contact was offered; the queue is left out.", "M"))
            continue
        one = _queue(part, zone, interval_s, name, assumed)
        queues[name], groups[name] = one.queue, one.group
        rows.append(one.row)
    if not queues:
        raise DataError(
            f"{dataset.client.name}, {period}: no interval has offered contacts. Hand over intervals with "
            "offered and aht_s, or a period that they cover."
        )
    monday = period.end + timedelta(days=1)
    monday += timedelta(days=(-monday.weekday()) % 7)
    scenario = Scenario.parse(
        {
            "name": dataset.client.id,
            "note": f"Fitted on interval counts of {period}; handle time and patience are exponential.",
            "grade": "M",
            "premises": {
                "arrivals": "M", "handle_time": "M", "patience": "A",
                "staffing": "A" if any("no staffed time" in text for text, _ in assumed) else "M",
            },
            "time": {"start": f"{monday}T00:00:00", "zone": zone, "days": 7, "interval_s": interval_s},
            "queues": queues, "groups": groups, "money": {"currency": dataset.client.currency},
        },
        "the fitted scenario",
    )  # fmt: skip
    columns = ["queue", "offered", "aht_s", "abandon_rate", "patience_s", "people_mean", "day_shape"]
    tables = {"queues": pd.DataFrame(rows, columns=columns)}
    return FromIntervals(scenario, period, tables, tuple(assumed), NOT_IDENTIFIABLE)


def _length(table: pd.DataFrame) -> int:
    lengths = numbers(table, "interval_s")
    lengths = np.unique(lengths[~np.isnan(lengths)])
    if len(lengths) > 1:
        shown = ", ".join(f"{s:g}" for s in lengths)
        raise DataError(f"intervals: lengths of {shown} s are mixed. Hand over one length per table.")
    return int(lengths[0]) if len(lengths) else 1800


@dataclass(frozen=True)
class _Queue:
    queue: dict[str, Any]
    group: dict[str, Any]
    row: tuple[Any, ...]


def _queue(
    part: pd.DataFrame, zone: str, interval_s: int, name: str, assumed: list[tuple[str, str]]
) -> _Queue:
    offered = np.nan_to_num(numbers(part, "offered"))
    answered, aht = numbers(part, "answered"), numbers(part, "aht_s")
    weight = np.where(np.isnan(answered), offered, answered)
    timed = ~np.isnan(aht) & (weight > 0) & (aht > 0)
    if not timed.any():
        raise DataError(f"intervals, queue {name}: no aht_s is recorded. Fill in the handle time.")
    aht_s = float(np.average(aht[timed], weights=weight[timed]))
    at_us = times(part, "interval_start").astype(np.int64)
    day, slot = local_cells(at_us, zone, interval_s)
    n_slots = 86_400 // interval_s
    cell = weekday_of(day) * n_slots + slot
    days = np.unique(day)
    per_week = np.bincount(weekday_of(days), minlength=7)
    exposure = np.repeat(np.maximum(per_week, 1), n_slots)
    rate = np.bincount(cell, offered, 7 * n_slots) / exposure * 3600.0 / interval_s
    totals = np.bincount(np.searchsorted(days, day), offered).astype(float)
    means = (rate.reshape(7, -1).sum(axis=1) * interval_s / 3600.0)[weekday_of(days)]
    repeated = per_week[weekday_of(days)] > 1
    shape = (
        negative_binomial_shape(totals[repeated], means[repeated]) if repeated.sum() >= FEWEST_DAYS else None
    )
    place = np.searchsorted(days, day)
    busy = np.divide(totals, means, out=np.ones(len(totals)), where=means > 0)[place]
    expected, several = (rate * interval_s / 3600.0)[cell] * busy, repeated[place]
    interval_shape = negative_binomial_shape(offered[several], expected[several]) if several.any() else None
    staffed = numbers(part, "staffed_s")
    if np.isnan(staffed).all():
        people_now = offered * aht_s / interval_s / ASSUMED_OCCUPANCY
        assumed.append(
            (f"{name}: no staffed time is recorded; people for {ASSUMED_OCCUPANCY:.0%} occupancy.", "A")
        )
    else:
        people_now = np.nan_to_num(staffed) / interval_s
    people = np.bincount(cell, people_now, 7 * n_slots) / exposure
    patience, rate_left = _patience(part, offered, aht_s, people_now, interval_s)
    arrivals: dict[str, Any] = {"per_hour": [round(float(r), 4) for r in rate]}
    if shape is not None:
        arrivals["day_factor"] = {"shape": round(shape, 3)}
    if interval_shape is not None:
        arrivals["interval_shape"] = round(interval_shape, 3)
    channel = (
        str(part["channel"].dropna().iloc[0])
        if "channel" in part and part["channel"].notna().any()
        else "voice"
    )
    queue: dict[str, Any] = {
        "channel": channel, "arrivals": arrivals, "handle": {"talk": {"mean_s": round(aht_s, 2)}},
    }  # fmt: skip
    if patience is None:
        assumed.append((f"{name}: abandonments do not say how long customers wait; they wait for ever.", "A"))
    else:
        queue["patience"] = {"mean_s": round(patience, 1)}
        assumed.append((f"{name}: patience of {patience:.0f} s on average is that of Erlang A.", "A"))
    group = {"agents": [int(n) for n in np.rint(people)], "skills": {name: 1}}
    mean_people = float(people_now[offered > 0].mean())
    row = (name, float(offered.sum()), aht_s, rate_left, patience or np.nan, mean_people, shape or np.nan)
    return _Queue(queue, group, row)


def _patience(
    part: pd.DataFrame, offered: Floats, aht_s: float, people: Floats, interval_s: int
) -> tuple[float | None, float]:
    """Return the mean patience with which Erlang A gives the abandonments, and their rate."""
    left = numbers(part, "abandoned")
    known = ~np.isnan(left)
    if not known.any():
        return None, float("nan")
    rate_left = float(left[known].sum() / max(offered[known].sum(), 1.0))
    use = known & (offered > 0) & (people >= 1.0)
    target = float(left[use].sum())
    if not target:
        return None, rate_left
    per_hour = offered[use] * 3600.0 / interval_s

    def excess(log_patience: float) -> float:
        told = erlang_a(per_hour, aht_s, people[use], float(np.exp(log_patience)), 20.0)
        return float((told.p_abandon * offered[use]).sum()) - target

    low, high = (float(np.log(s)) for s in PATIENCE_RANGE_S)
    if excess(low) < 0 or excess(high) > 0:
        return None, rate_left
    return float(np.exp(brentq(excess, low, high, xtol=1e-3))), rate_left
