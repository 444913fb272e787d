"""What happened in each interval of some days, recorded or simulated, in the same columns?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from workbench.metrics.columns import SECOND_US
from workbench.sim.model import OFF
from workbench.sim.parts import US
from workbench.sim.records import COUNTERS
from workbench.studies.fits.floor import Days, simulate_days
from workbench.studies.fits.log import Floats, Log
from workbench.studies.fits.presence import on_duty_s

COLUMNS = (
    "offered", "answered", "abandoned", "answered within T", "abandoned within T", "short abandons",
    "wait_answered_s", "wait_abandoned_s", "handling_s", "on_duty_s",
)  # fmt: skip
_OF_COUNTERS = {
    "answered": ("answered", 1.0),
    "abandoned": ("abandoned", 1.0),
    "answered within T": ("in_time", 1.0),
    "abandoned within T": ("abandoned_in_time", 1.0),
    "short abandons": ("short_abandoned", 1.0),
    "wait_answered_s": ("wait_answered_us", 1.0 / US),
    "wait_abandoned_s": ("wait_abandoned_us", 1.0 / US),
}


@dataclass(frozen=True)
class Counts:
    """Sums by interval: (..., n_intervals, len(COLUMNS))."""

    values: Floats

    def __getitem__(self, name: str) -> Floats:
        return np.asarray(self.values[..., COLUMNS.index(name)])


def recorded_counts(log: Log, n_intervals: int, threshold_s: float, short_s: float) -> Counts:
    """Return what a log counts; handling_s is talk, hold and wrap-up as recorded, on_duty_s unknown."""
    rows = log.rows
    first, _ = log.bounds_us
    cell = (rows["arrival_us"].to_numpy() - first) // (log.interval_s * SECOND_US)
    answered, wait = rows["answered"].to_numpy(bool), rows["wait_s"].to_numpy(float)
    left = ~answered
    work = rows[["talk_s", "hold_s", "acw_s"]].fillna(0.0).sum(axis=1).to_numpy()
    columns = (
        np.ones(len(rows)), answered, left, answered & (wait <= threshold_s), left & (wait <= threshold_s),
        left & (wait <= short_s), wait * answered, wait * left, work,
    )  # fmt: skip
    values = np.zeros((n_intervals, len(COLUMNS)))
    for i, column in enumerate(columns):
        values[:, i] = np.bincount(cell, np.asarray(column, float), n_intervals)[:n_intervals]
    values[:, COLUMNS.index("on_duty_s")] = np.nan
    return Counts(values)


def simulated_counts(days: Days, seed: int, replication: int) -> tuple[Floats, float, int]:
    """Return what one replication counts, time worked past the end of spells [s], and spells."""
    run, nobody, spells = simulate_days(days, seed, replication)
    queue = run.counts.queue.sum(axis=1).astype(float)
    values = np.zeros((len(queue), len(COLUMNS)))
    for name, (counter, factor) in _OF_COUNTERS.items():
        values[:, COLUMNS.index(name)] = factor * queue[:, COUNTERS.index(counter)]
    # who is still in line when the days end has no outcome, as in a log
    values[:, 0] = values[:, 1] + values[:, 2]
    interval_us = days.scenario.time.interval_s * US
    cell = np.bincount(nobody[0] // interval_us, minlength=len(queue)).astype(float)
    for name in ("offered", "answered", "answered within T"):
        values[:, COLUMNS.index(name)] += cell
    time = run.counts.group_us[: len(queue)].sum(axis=1) / US
    values[:, COLUMNS.index("handling_s")] = time[:, :, 1].sum(axis=1)
    edges = days.start_us + np.arange(len(queue) + 1) * interval_us
    values[:, COLUMNS.index("on_duty_s")] = on_duty_s(spells, edges)
    return values, float(time[:, OFF, 1].sum()), len(spells[0])


def replications(
    days: Days, n: int, seed: int, workers: int | None = None
) -> Iterator[tuple[Floats, float, int]]:
    """Yield what each replication counts, in the order of replications."""
    days.scenario.prepared  # noqa: B018  (made once, before threads would make it each)
    threads = min(workers or os.cpu_count() or 1, n)
    if threads <= 1:
        yield from (simulated_counts(days, seed, r) for r in range(n))
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(lambda r: simulated_counts(days, seed, r), range(n))


def in_line(counts: Floats, interval_s: int) -> Floats:
    """Return how many wait on average in each interval: time waited over time (Little)."""
    waited = Counts(counts)["wait_answered_s"] + Counts(counts)["wait_abandoned_s"]
    return np.asarray(waited / interval_s)


def settled(make: Callable[[Floats | None], Days], n: int, seed: int, turns: int = 3) -> Days:
    """Return days in which patience fits the lines that the simulation itself foresees.

    Patience shortens with the number in line, which nobody knows beforehand: so the days are simulated
    with usual patience, then with the patience that belongs to the lines found, until these agree.
    """
    days = make(None)
    length = None
    for _ in range(turns):
        found = np.mean([values for values, _, _ in replications(days, n, seed)], axis=0)
        fresh = in_line(found, days.scenario.time.interval_s)
        length = fresh if length is None else (length + fresh) / 2
        days = make(length)
    return days
