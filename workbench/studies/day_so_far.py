"""What does the day so far say? What was counted beside what was expected, imposed on a scenario."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from workbench.sim.change import Change
from workbench.sim.distributions import Distribution
from workbench.sim.model import ON, Floats
from workbench.sim.records import (
    COUNTERS,
    N_ABANDONED,
    N_ANSWERED,
    N_FRESH,
    N_IN_TIME,
    N_OFFERED,
    IntervalCounts,
)
from workbench.sim.run import run
from workbench.sim.scenario import Scenario
from workbench.studies.actuals import Actuals
from workbench.studies.busyness import Busyness, busyness_after
from workbench.studies.lever import whole


@dataclass(frozen=True)
class Check:
    """A figure of the day so far: counted, and as the simulation has it.

    Attributes
    ----------
    given : the simulation was told it, so that it agrees by construction and speaks neither for nor against the model.
    """

    name: str
    counted: float
    simulated: float
    low: float
    high: float
    given: bool = False

    @property
    def held(self) -> bool:
        """Whether what was counted lies within the simulation's 95 % prediction interval."""
        return self.low <= self.counted <= self.high


@dataclass(frozen=True)
class Expected:
    """What a day of the scenario is expected to bring, by interval."""

    rate: Floats
    """(n_intervals, Q) contacts of themselves, by the rates."""
    fresh: Floats
    """(n_intervals, Q) share of what comes that comes of itself."""
    handle_s: Floats
    """(n_intervals, Q) time for which contacts are handled. [s]"""
    answered: Floats
    """(n_intervals, Q)"""
    at_work: Floats
    """(n_intervals,) people."""

    @staticmethod
    def of(scenario: Scenario, seed: int, n: int, workers: int | None) -> Expected:
        """Simulate a few days as they are expected."""
        with ThreadPoolExecutor(min(workers or os.cpu_count() or 1, n)) as pool:
            scenario.prepared  # noqa: B018  (made once, before threads would make it each)
            runs = list(pool.map(lambda r: run(scenario, seed, 10_000 + r, record="intervals"), range(n)))
        queue = np.mean([r.counts.queue for r in runs], axis=0)
        group_us = np.mean([r.counts.group_us for r in runs], axis=0)
        p, h = scenario.prepared, scenario.horizon
        rate = np.zeros((h.n_intervals, len(p.names.queues)))
        np.add.at(rate, p.interval, (p.rate * np.diff(p.edge_us)).T)
        offered = queue[..., N_OFFERED]
        with_came = np.maximum(offered, 1e-9)
        handle_us = sum(queue[..., COUNTERS.index(c)] for c in ("talk_us", "hold_us", "wrap_us"))
        return Expected(
            rate,
            np.where(offered > 0, queue[..., N_FRESH] / with_came, 1.0),
            np.asarray(handle_us) / 1e6,
            queue[..., N_ANSWERED],
            group_us[:-1, :, ON, :].sum(axis=(1, 2)) / h.interval_us,
        )

    def settled(self, actuals: Actuals, pilot: Sequence[IntervalCounts]) -> Expected:
        """Return the same with a share of fresh contacts under which as many come so far as were counted.

        A busier day brings more retrials and repeats than the scenario's usual one; `pilot` are runs of
        the day so far under the present share.
        """
        past = actuals.n_past
        came = np.mean([c.queue[:past, :, N_OFFERED] for c in pilot], axis=0).sum(axis=0)
        back = came - np.mean([c.queue[:past, :, N_FRESH] for c in pilot], axis=0).sum(axis=0)
        counted = actuals.offered.sum(axis=0)
        now = (actuals.offered * self.fresh[:past]).sum(axis=0)
        share = np.where(now > 0, np.clip(counted - back, 0, None) / np.maximum(now, 1e-9), 1.0)
        fresh = self.fresh.copy()
        fresh[:past] = np.clip(fresh[:past] * share, 0.0, 1.0)
        return replace(self, fresh=fresh)


@dataclass(frozen=True)
class SoFar:
    """The day so far, imposed on the scenario, and what it says of the rest.

    Attributes
    ----------
    scenario : with the handle times and people that were counted.
    ratio : by queue, counted over expected handle time; absent where it was not counted.
    doubt : its relative standard error.
    people : counted over expected people; None where they were not counted.
    """

    scenario: Scenario
    plan: Expected
    actuals: Actuals
    busyness: tuple[Busyness, ...]
    ratio: Mapping[str, float]
    doubt: Mapping[str, float]
    people: float | None

    @staticmethod
    def of(scenario: Scenario, actuals: Actuals, plan: Expected) -> SoFar:
        """Impose what was counted on a scenario."""
        past = actuals.n_past
        busyness = busyness_after(scenario, plan.rate[:past], actuals.offered * plan.fresh[:past])
        ratio, doubt, changes = _handle(scenario, actuals, plan)
        people, more = _people(scenario, actuals, plan)
        changes += more
        conditioned = scenario.with_(changes) if changes else scenario
        return SoFar(conditioned, plan, actuals, busyness, ratio, doubt, people)


def _handle(
    scenario: Scenario, actuals: Actuals, plan: Expected
) -> tuple[dict[str, float], dict[str, float], list[Change]]:
    """Return by queue counted over expected handle time, its relative standard error, and the changes."""
    past, h = actuals.n_past, scenario.horizon
    ratio, doubt, changes = {}, {}, list[Change]()
    for q, name in enumerate(scenario.prepared.names.queues):
        less = actuals.offered[:, q] - np.nan_to_num(actuals.abandoned[:, q])
        answered = np.where(np.isnan(actuals.answered[:, q]), less, actuals.answered[:, q])
        known = ~np.isnan(actuals.aht_s[:, q]) & (answered > 0)
        expected = plan.handle_s[:past, q].sum() / max(plan.answered[:past, q].sum(), 1e-9)
        if not known.any() or expected <= 0:
            continue
        of_interval = np.where(known, actuals.aht_s[:, q] / expected, 1.0)
        n = float(answered[known].sum())
        ratio[name] = float((of_interval[known] * answered[known]).sum() / n)
        doubt[name] = _spread(scenario, name) / math.sqrt(n)
        # the pattern within the day so far is in the counts already; what lies ahead keeps its own
        factor = h.spread(scenario.queues[name].handle.factor).astype(float)
        mean = float(factor[:past].mean()) or 1.0
        factor[:past] = np.where(known, mean * of_interval, factor[:past] * ratio[name])
        factor[past:] *= ratio[name]
        changes.append(Change(f"queues.{name}.handle.factor", factor.tolist()))
    return ratio, doubt, changes


def _spread(scenario: Scenario, queue: str) -> float:
    """Return the standard deviation of a queue's handle time over its mean."""
    handle = scenario.queues[queue].handle
    parts = [(handle.talk, 1.0), (handle.hold, handle.hold_probability), (handle.wrap_up, 1.0)]
    mean = sum(p * d.mean for d, p in parts if d is not None)
    square = sum(
        p * d.mean**2 * (1 + _cv2(d)) - (p * d.mean) ** 2 for d, p in parts if d is not None and d.mean > 0
    )
    return math.sqrt(max(square, 0.0)) / mean if mean > 0 else 0.0


def _cv2(d: Distribution) -> float:
    """Return the squared coefficient of variation of a duration."""
    if d.family == "constant":
        return 0.0
    if d.family == "lognormal":
        return (d.cv or 0.0) ** 2
    if d.family in ("gamma", "erlang"):
        return 1.0 / (d.shape or 1.0)
    if d.family == "weibull":
        k = d.shape or 1.0
        return math.gamma(1 + 2 / k) / math.gamma(1 + 1 / k) ** 2 - 1
    if d.family == "empirical":
        return float(np.var(d.values) / np.mean(d.values) ** 2)
    return 1.0


def _people(scenario: Scenario, actuals: Actuals, plan: Expected) -> tuple[float | None, list[Change]]:
    """Return counted over expected people so far, and the changes that make them so many."""
    past, h = actuals.n_past, scenario.horizon
    known = ~np.isnan(actuals.people) & (plan.at_work[:past] > 0)
    if not known.any():
        return None, []
    ratio = np.where(known, np.nan_to_num(actuals.people) / np.maximum(plan.at_work[:past], 1e-9), 1.0)
    overall = float(actuals.people[known].sum() / plan.at_work[:past][known].sum())
    changes = []
    for name, group in scenario.groups.items():
        if group.agents is not None:
            counts = h.spread(group.agents, int)
            there = whole((counts[:past] * ratio).tolist())
            changes.append(Change(f"groups.{name}.agents", [*there, *(int(c) for c in counts[past:])]))
            continue
        begun = {
            label: people.count
            for label, people in group.people.items()
            if h.at_us(0, scenario.shifts[people.shift].start) < past * h.interval_us
        }
        counts_ = whole([c * overall for c in begun.values()])
        changes += [
            Change(f"groups.{name}.people.{label}.count", c) for label, c in zip(begun, counts_, strict=True)
        ]
    return overall, changes


def checked(scenario: Scenario, actuals: Actuals, runs: Sequence[IntervalCounts]) -> tuple[Check, ...]:
    """Return what the simulation makes of the day so far, beside what was counted."""
    past = np.array([c.queue[: actuals.n_past] for c in runs], dtype=float)
    found = []
    for name, counter, counted in (
        ("offered", N_OFFERED, actuals.offered),
        ("abandoned", N_ABANDONED, actuals.abandoned),
        ("answered in time", N_IN_TIME, actuals.in_time),
    ):
        known = ~np.isnan(counted)
        if not known.any():
            continue
        simulated = (past[..., counter] * known).sum(axis=(1, 2))
        low, high = np.quantile(simulated, [0.025, 0.975]).tolist()
        given = name == "offered"
        found.append(Check(name, float(counted[known].sum()), float(simulated.mean()), low, high, given))
    if not np.isnan(actuals.people).all():
        on_us = np.array([c.group_us[: actuals.n_past, :, ON, :].sum(axis=(1, 2)) for c in runs])
        at_work = on_us / scenario.horizon.interval_us
        known = ~np.isnan(actuals.people)
        mean = at_work[:, known].mean(axis=1)
        low, high = np.quantile(mean, [0.025, 0.975]).tolist()
        counted_people = float(actuals.people[known].mean())
        found.append(Check("people at work, mean", counted_people, float(mean.mean()), low, high, given=True))
    return tuple(found)
