"""Which scenario do interval counts describe, and what do they not tell?

From offered, handle time, abandoned, speed of answer and people per interval, as planners have them in a
spreadsheet: rates and how they scatter, the mean of handle time, staffing, and one mean of patience. The fitted week
is then simulated and held against what was recorded, as that of a log is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import CallError, DataError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.metrics.columns import numbers, times
from workbench.sim.scenario import Scenario
from workbench.studies.fits.arrivals import profile_of
from workbench.studies.fits.interval_cells import cells_of
from workbench.studies.fits.interval_patience import Counted, Patience, patience_of
from workbench.studies.fits.log import Floats

ASSUMED_OCCUPANCY = 0.8
NOT_IDENTIFIABLE = (
    "the shape of handle times: exponential is assumed; only their mean is known",
    "the shape of patience, balking and retrials: exponential patience is assumed",
    "handle time by agent, and who serves which queue: every queue has a group of its own",
    "priorities, and contacts that wait from one interval into the next",
)


@dataclass(frozen=True)
class FromIntervals:
    """A scenario from interval counts and what it rests on.

    Attributes
    ----------
    recorded : contacts offered, share abandoned and mean wait of the answered [s], all queues together; NaN where
        nobody recorded it.
    contradictions : what is recorded and cannot be true together.
    """

    scenario: Scenario
    period: Period
    tables: Mapping[str, pd.DataFrame]
    assumed: tuple[tuple[str, str], ...]
    not_identifiable: tuple[str, ...]
    recorded: tuple[float, float, float]
    contradictions: tuple[str, ...] = ()


def scenario_of_intervals(
    dataset: Dataset, period: Period | None = None, interval_s: int | None = None
) -> FromIntervals:
    """Return the scenario that a table of intervals describes.

    Parameters
    ----------
    interval_s : of the scenario, a multiple of that of the table; None: that of the table. [s]

    Raises
    ------
    CallError
        if finer intervals are asked for than were counted.
    DataError
        if no interval of the period has contacts, or no handle time is recorded.
    """
    table, zone = dataset.tables["intervals"], dataset.client.time_zone
    period = period or dataset.period
    first, after = period.bounds(zone)
    start = times(table, "interval_start")
    low, high = (np.datetime64(t.tz_localize(None)) for t in (first, after))
    table = table[(start >= low) & (start < high)]
    length_s = _length(dataset.tables["intervals"])
    interval_s = interval_s or length_s
    if interval_s % length_s:
        multiples = [str(m) for m in (15, 30, 60) if not 60 * m % length_s]
        raise CallError(
            f"interval: {interval_s / 60:g} minutes came, and contacts are counted by {length_s / 60:g} minutes. "
            f"Accepted: {' or '.join(multiples) or 'no other length'}; or leave it out."
        )
    queues: dict[str, Any] = {}
    groups: dict[str, Any] = {}
    assumed: list[tuple[str, str]] = [(text, "A") for text in dataset.client.assumed]
    fitted: list[_Queue] = []
    names = table["queue"].astype("str").where(table["queue"].notna(), "all") if "queue" in table else None
    parts = {"all": table} if names is None else dict(iter(table.groupby(names)))
    for raw, part in sorted((str(n), p) for n, p in parts.items()):
        name = raw.replace(".", " ")
        if not np.nansum(numbers(part, "offered")) > 0:
            assumed.append((f"{name}: no contact was offered; the queue is left out.", "M"))
            continue
        one = _queue(part, period, zone, length_s, interval_s, name)
        queues[name], groups[name] = one.queue, one.group
        assumed += [(f"{name}: {text}", grade) for text, grade in one.notes]
        fitted.append(one)
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
                "staffing": "M" if all(one.staffed for one in fitted) else "A",
            },
            "time": {"start": f"{monday}T00:00:00", "zone": zone, "days": 7, "interval_s": interval_s},
            "queues": queues, "groups": groups, "money": {"currency": dataset.client.currency},
        },
        "the fitted scenario",
    )  # fmt: skip
    columns = [
        "queue", "offered", "aht_s", "abandon_rate", "asa_s", "patience_s", "people_mean", "day_shape"
    ]  # fmt: skip
    tables = {"queues": pd.DataFrame([one.row for one in fitted], columns=columns)}
    whole = Counted.of(table, length_s)
    offered = float(sum(one.row[1] for one in fitted))
    found = tuple(
        f"{name}: {one.patience.contradiction}" for name, one in zip(queues, fitted, strict=True)
        if one.patience.contradiction
    )  # fmt: skip
    return FromIntervals(
        scenario, period, tables, tuple(assumed), NOT_IDENTIFIABLE,
        (offered, whole.abandon_rate, whole.mean_wait_answered_s), found,
    )  # fmt: skip


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
    patience: Patience
    staffed: bool
    """People are recorded for every interval of the week that has contacts."""
    notes: tuple[tuple[str, str], ...]


def _queue(
    part: pd.DataFrame, period: Period, zone: str, length_s: int, interval_s: int, name: str
) -> _Queue:
    cells, notes = cells_of(part, period, zone, length_s)
    rows = Counted.of(part, length_s)
    aht = numbers(part, "aht_s")
    weight = np.nan_to_num(np.where(np.isnan(numbers(part, "answered")), rows.offered, rows.answered))
    timed = ~np.isnan(aht) & (weight > 0) & (aht > 0)
    if not timed.any():
        raise DataError(f"intervals, queue {name}: no aht_s is recorded. Fill in the handle time.")
    aht_s = float(np.average(aht[timed], weights=weight[timed]))
    asked = cells.by(interval_s // length_s)
    profile = profile_of(
        asked.offered, asked.exposure, asked.days, asked.whole, np.ones(len(asked.days)), interval_s
    )
    people, staffed, said = _people(asked.people_by_week(), profile.per_hour * aht_s / 3600.0)
    known = ~np.isnan(rows.people)
    if not known.any():
        rows = Counted(
            rows.offered, rows.answered, rows.abandoned, rows.asa_s,
            np.nan_to_num(rows.offered) * aht_s / length_s / ASSUMED_OCCUPANCY,
        )  # fmt: skip
    patience = patience_of(rows, aht_s, length_s, bool(known.any()))
    notes += [*said, (patience.how, patience.grade)]
    arrivals: dict[str, Any] = {"per_hour": [round(float(r), 4) for r in profile.per_hour.ravel()]}
    if profile.day_shape is not None:
        arrivals["day_factor"] = {"shape": round(profile.day_shape, 3)}
    if profile.interval_shape is not None:
        arrivals["interval_shape"] = round(profile.interval_shape, 3)
    channel = "voice"
    if "channel" in part and part["channel"].notna().any():
        channel = str(part["channel"].dropna().iloc[0])
    queue: dict[str, Any] = {
        "channel": channel, "arrivals": arrivals, "handle": {"talk": {"mean_s": round(aht_s, 2)}},
    }  # fmt: skip
    if patience.mean_s is not None:
        queue["patience"] = {"mean_s": round(patience.mean_s, 1)}
    busy = (rows.offered > 0) & ~np.isnan(rows.people)
    row = (
        name, float(np.nansum(rows.offered)), aht_s, rows.abandon_rate, rows.mean_wait_answered_s,
        patience.mean_s or np.nan, float(rows.people[busy].mean()) if busy.any() else np.nan,
        profile.day_shape or np.nan,
    )  # fmt: skip
    group = {"agents": [int(n) for n in np.rint(people)], "skills": {name: 1}}
    return _Queue(queue, group, row, patience, staffed, tuple(notes))


def _people(known: Floats, load: Floats) -> tuple[Floats, bool, list[tuple[str, str]]]:
    """Return people by interval of the week, whether all of them are recorded, and what is said of the others.

    Parameters
    ----------
    known : the mean recorded by weekday and interval, NaN where nothing is; load : contacts' work. [Erlang]
    """
    missing = np.isnan(known) & (load > 0)
    notes: list[tuple[str, str]] = []
    occupancy = ASSUMED_OCCUPANCY
    if np.isnan(known).all():
        notes.append((f"no staffed time is recorded; people for {occupancy:.0%} occupancy.", "A"))
    elif missing.any():
        there = ~np.isnan(known) & (load > 0)
        if known[there].sum() > 0:
            occupancy = float(load[there].sum() / known[there].sum())
        notes.append(
            (f"staffed is known on no day for {int(missing.sum())} of {int((load > 0).sum())} intervals of the week "
             f"with contacts; people there for the {occupancy:.0%} of load to people of the others.", "A")
        )  # fmt: skip
    people = np.where(missing, load / occupancy, np.nan_to_num(known))
    return people.ravel(), not missing.any(), notes
