"""How will the rest of the day go, and what would still help? The day so far as it was, the rest simulated.

Every replication is one whole day. Until now it has the contacts, handle times and people that were
counted; from now on what comes is drawn from what the day so far says of its busyness (`busyness.py`). So
the floor is found now as that morning leaves it: who waits, who is at work on what. Options act after a
notice only, under the same random numbers, and are compared pair by pair. APPROXIMATE says what is not
exact.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np

from workbench.errors import CallError
from workbench.sim import variates as v
from workbench.sim.change import Change
from workbench.sim.measures import HOUR_US, Tally, tally_of
from workbench.sim.model import ON, Floats
from workbench.sim.records import N_ABANDONED, N_ANSWERED, N_IN_TIME, N_OFFERED, IntervalCounts
from workbench.sim.run import engine_named
from workbench.sim.scenario import Scenario
from workbench.sim.workload import Workload, draw
from workbench.statistics.replications import Estimate
from workbench.studies import intraday_options as can
from workbench.studies.actuals import Actuals
from workbench.studies.busyness import Busyness
from workbench.studies.day_so_far import Check, Expected, SoFar, checked
from workbench.studies.heads import difference
from workbench.studies.intraday_options import Option, Wishes
from workbench.studies.replicate import Results
from workbench.studies.targets import ALL, Met, formulas_of, probability_met, targets_of
from workbench.studies.versions import versions_of

NOTHING = "as planned"
STRATA = 5
"""Settings of how the rest of the day's handle time may differ from what was counted so far."""
APPROXIMATE = (
    "Within an interval contacts come at random times; the counts say no more.",
    "Of the contacts counted so far, retrials and repeats are taken out in the share that the simulation gives, which "
    "brings them about itself; the totals by queue are those counted, on average.",
    "Where people have shifts, those whose shift has begun are as many as were counted, on average over the day so "
    "far, until their shift ends; counted groups are as counted, and as planned from now on.",
    "Who waits and who is busy now is as the simulation finds it after that morning, not as counted.",
    "Handle times of the rest are those of the day so far against the scenario, with their sampling error.",
    "Abandonments and answers in time so far are not imposed on the simulation; they count in the day's figures.",
)


@dataclass(frozen=True)
class Intraday:
    """The rest of a day, as planned and with each option.

    Attributes
    ----------
    rest, day : by option, figures of the rest and of the whole day (counts so far as they were).
    options : those that can be done, NOTHING first, and those that cannot, with the reason.
    handle : by queue, counted over expected handle time so far; absent where it was not counted.
    checks : what the simulation makes of the day so far.
    """

    scenario: Scenario
    actuals: Actuals
    from_: str
    busyness: tuple[Busyness, ...]
    handle: Mapping[str, float]
    people: float | None
    options: tuple[Option, ...]
    rest: Mapping[str, Results]
    day: Mapping[str, Results]
    checks: tuple[Check, ...]

    def difference(self, measure: str, option: str, whole_day: bool = False) -> Estimate:
        """Return option minus NOTHING of a figure, paired."""
        results = self.day if whole_day else self.rest
        return difference(results[NOTHING], results[option], measure)

    def met(self, option: str) -> Met:
        """Return how probable it is that every target of the day is met."""
        found = probability_met(self.day[option], targets_of(self.scenario))
        return found.get(ALL) or next(iter(found.values()))

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        first = self.rest[NOTHING]
        measures = ("service_level", "abandon_rate", "mean_wait_s", "occupancy", "paid_hours", "cost")

        def plain(e: Estimate) -> dict[str, Any]:
            return {"mean": e.mean, "low": e.low, "high": e.high}

        return {
            "scenario": self.scenario.name, "until": self.actuals.until, "options_act_from": self.from_,
            "seed": first.seed, "replications": first.n, "confidence": first.confidence, "formula": first.formulas[0],
            "currency": self.scenario.money.currency, "versions": versions_of(), "rows_later": self.actuals.later,
            "busyness": [b.to_data() for b in self.busyness],
            "handle_time": dict(self.handle), "people": self.people,
            "so_far": [
                asdict(c) | {"held": c.held}
                for c in self.checks
            ],
            "options": {
                o.name: {"words": o.words, "why_not": o.why_not}
                if o.why_not
                else {
                    "words": o.words,
                    "rest": {m: plain(self.rest[o.name][m]) for m in measures},
                    "day": {m: plain(self.day[o.name][m]) for m in measures},
                    "differences": {m: plain(self.difference(m, o.name)) for m in measures},
                    "day_targets_met": self.met(o.name).to_data(),
                }
                for o in self.options
            },
            "approximate": list(APPROXIMATE),
        }  # fmt: skip


def one_day(scenario: Scenario, day: int = 0) -> Scenario:
    """Return the scenario cut to one local day; itself if it is no longer than that.

    Raises
    ------
    ScenarioError
        if a pattern has a value for every interval of the longer horizon.
    CallError
        for a day that is not there.
    """
    h = scenario.horizon
    if not 0 <= day < h.n_days:
        raise CallError(f"--day {day}: {scenario.name} has days 0 to {h.n_days - 1}.")
    if h.n_days == 1:
        return scenario
    time = scenario.time.model_dump(mode="json") | {
        "start": f"{h.day(day)}T00:00:00",
        "days": 1,
        "hours": None,
    }
    return scenario.with_(Change("time", time))


def intraday(
    scenario: Scenario,
    actuals: Actuals,
    n: int = 100,
    seed: int = 1,
    *,
    wishes: Wishes | None = None,
    workers: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Intraday:
    """Simulate the rest of a day, as planned and with each option.

    Parameters
    ----------
    scenario : of one day, with a forecast (rates).

    Raises
    ------
    CallError
        if arrivals are recorded times, or for fewer than two replications.
    """
    recorded = [name for name, q in scenario.queues.items() if q.arrivals.times_s is not None]
    if recorded:
        raise CallError(
            f"{scenario.name}: arrivals of {recorded[0]} are recorded; the rest of a day needs rates."
        )
    if n < 2:
        raise CallError(f"replications: {n} is too few for an interval. Use 2 or more; 100 are usual.")
    wishes, tell = wishes or Wishes(), progress or (lambda _: None)
    tell("the day as it was expected")
    plan = Expected.of(scenario, seed, min(max(n, 2), 10), workers)
    day = SoFar.of(scenario, actuals, plan)
    if (plan.fresh[: actuals.n_past] < 1).any():
        tell("how many of those who came came back")
        pilot = _Floor(day, min(n, 10), seed, workers, 0).simulate(Option(NOTHING, NOTHING))
        day = SoFar.of(scenario, actuals, plan.settled(actuals, pilot.counts))
    start = can.first_moved(scenario, actuals.n_past, wishes.notice_s)
    floor = _Floor(day, n, seed, workers, start)
    tell(NOTHING)
    first = floor.simulate(Option(NOTHING, NOTHING))
    options = _options(day.scenario, start, wishes, first, plan)
    runs = {NOTHING: first}
    for option in options:
        if not option.why_not:
            tell(option.name)
            runs[option.name] = floor.simulate(option)
    rest = {name: floor.results(run_, first, of_day=False) for name, run_ in runs.items()}
    whole_day = {name: floor.results(run_, first, of_day=True) for name, run_ in runs.items()}
    return Intraday(
        scenario, actuals, can.clock_at(scenario, start), day.busyness, day.ratio, day.people,
        (Option(NOTHING, NOTHING), *options), rest, whole_day, checked(scenario, actuals, first.counts),
    )  # fmt: skip


def _options(
    scenario: Scenario, start: int, wishes: Wishes, first: _Runs, plan: Expected
) -> tuple[Option, ...]:
    people = wishes.people or max(1, round(0.05 * float(plan.at_work[start:].max())))
    results = first.results_of(start)
    waiting_us = np.mean([c.group_us[:-1, :, ON, 0].sum(axis=1) for c in first.counts], axis=0)
    spare = waiting_us / scenario.horizon.interval_us
    level = {
        name: (e.mean if e.mean is not None else 1.0) - scenario.queues[name].service_level.target
        for name, e in zip(results.names("queue"), results.estimates("service_level", "queue"), strict=True)
    }
    return (
        can.overtime(scenario, start, people, wishes.minutes),
        can.moved_breaks(scenario, start, spare, wishes.moved_s),
        can.overflow(scenario, start, wishes.share, level),
        can.time_off(scenario, start, people),
    )


@dataclass(frozen=True)
class _Runs:
    """Counts of every replication of one option."""

    scenario: Scenario
    option: Option
    seed: int
    counts: tuple[IntervalCounts, ...]

    def results_of(self, first: int) -> Results:
        """Return figures from an interval on."""
        names = self.scenario.prepared.names
        tallies = tuple(tally_of(self.scenario, names, c, first) for c in self.counts)
        return Results(self.scenario, self.seed, "fast", formulas_of(self.scenario), tallies)


class _Floor:
    """Simulates days that are alike until now, with what may still come."""

    def __init__(self, day: SoFar, n: int, seed: int, workers: int | None, start: int) -> None:
        self.day, self.n, self.seed, self.workers, self.start = day, n, seed, workers, start
        self._arrivals = [self._drawn(r) for r in range(n)]

    def simulate(self, option: Option) -> _Runs:
        """Simulate every replication with an option."""
        scenario = self.day.scenario.with_(option.changes) if option.changes else self.day.scenario
        strata = [
            self._stratum(scenario, k)
            for k in range(min(self.n, STRATA) if any(self.day.doubt.values()) else 1)
        ]
        for s in strata:
            s.prepared  # noqa: B018  (made once, before threads would make it each)
        simulate = engine_named("fast")

        def one(r: int) -> IntervalCounts:
            return simulate(self._workload(strata[r % len(strata)], r, option), "intervals").counts

        with ThreadPoolExecutor(min(self.workers or os.cpu_count() or 1, self.n)) as pool:
            return _Runs(scenario, option, self.seed, tuple(pool.map(one, range(self.n))))

    def _stratum(self, scenario: Scenario, k: int) -> Scenario:
        """Return the scenario with the rest's handle times at one of STRATA levels of their doubt."""
        z = NormalDist().inv_cdf((k + 0.5) / STRATA)
        changes = []
        for name, doubt in self.day.doubt.items():
            factor = list(scenario.queues[name].handle.factor)
            past = self.day.actuals.n_past
            later = [f * max(0.05, 1.0 + z * doubt) for f in factor[past:]]
            changes.append(Change(f"queues.{name}.handle.factor", [*factor[:past], *later]))
        return scenario.with_(changes) if changes else scenario

    def _drawn(self, r: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, Floats]:
        """Return times, queues, keys of what comes of itself, and a number in (0, 1) for each."""
        s, plan, actuals = self.day.scenario, self.day.plan, self.day.actuals
        h, names = s.horizon, s.prepared.names.queues
        factor = {
            name: b.draw(self._rng(r, f"busyness {'/'.join(b.queues)}"))
            for b in self.day.busyness
            for name in b.queues
        }
        at, queue, key, lot = [], [], [], []
        for q, name in enumerate(names):
            rng = self._rng(r, f"arrivals {name}")
            past = actuals.n_past
            counts = np.zeros(h.n_intervals, dtype=np.int64)
            counts[:past] = rng.binomial(
                actuals.offered[:, q].astype(np.int64), np.clip(plan.fresh[:past, q], 0, 1)
            )
            scatter = s.queues[name].arrivals.interval_shape
            own = (
                rng.gamma(scatter, 1.0 / scatter, h.n_intervals)
                if scatter is not None
                else np.ones(h.n_intervals)
            )
            counts[past:] = rng.poisson(plan.rate[past:, q] * factor[name] * own[past:])
            waiting = s.queues[name].arrivals.backlog
            times = np.repeat(h.edges_us[:-1], counts) + rng.integers(0, h.interval_us, int(counts.sum()))
            times = np.concatenate([np.zeros(waiting, dtype=np.int64), np.sort(times)])
            at.append(times)
            queue.append(np.full(len(times), q, dtype=np.int32))
            key.append(v.keys_of(v.stream(self.seed, r, f"intraday {name}"), len(times)))
            lot.append(rng.random(len(times)))
        times, queues, keys, lots = (np.concatenate(x) for x in (at, queue, key, lot))
        order = np.argsort(times, kind="stable")
        return times[order], queues[order], keys[order], lots[order]

    def _rng(self, r: int, what: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, r, zlib.crc32(what.encode())])

    def _workload(self, scenario: Scenario, r: int, option: Option) -> Workload:
        times, queues, keys, lots = self._arrivals[r]
        if option.moves is not None:
            giver, taker, share = option.moves
            names = scenario.prepared.names.queues
            later = times >= self.start * scenario.horizon.interval_us
            moved = later & (queues == names.index(giver)) & (lots < share)
            queues = np.where(moved, names.index(taker), queues).astype(np.int32)
        drawn = draw(scenario, self.seed, r)
        return replace(drawn, arrival_us=times, arrival_queue=queues, arrival_key=keys)

    def results(self, runs: _Runs, first: _Runs, *, of_day: bool) -> Results:
        """Return the figures of the rest, or of the day with the counts so far as they were."""
        names = runs.scenario.prepared.names
        past, tallies = self.day.actuals.n_past, []
        for own, base in zip(runs.counts, first.counts, strict=True):
            counts = self._as_counted(own) if of_day else own
            tally = tally_of(runs.scenario, names, counts, 0 if of_day else past)
            tallies.append(self._less_time_off(runs, tally, own, base) if runs.option.unpaid else tally)
        return Results(runs.scenario, self.seed, "fast", formulas_of(self.day.scenario), tuple(tallies))

    def _as_counted(self, counts: IntervalCounts) -> IntervalCounts:
        """Return counters with those of the day so far replaced by what was counted."""
        a, queue = self.day.actuals, counts.queue.copy()
        past = queue[: a.n_past]
        abandoned = np.where(np.isnan(a.abandoned), past[..., N_ABANDONED], a.abandoned)
        abandoned = np.minimum(abandoned, a.offered)
        past[..., N_OFFERED] = a.offered
        past[..., N_ABANDONED] = abandoned
        past[..., N_ANSWERED] = a.offered - abandoned
        in_time = np.where(np.isnan(a.in_time), past[..., N_IN_TIME], a.in_time)
        past[..., N_IN_TIME] = np.minimum(in_time, past[..., N_ANSWERED])
        return counts._replace(queue=queue)

    def _less_time_off(self, runs: _Runs, tally: Tally, own: IntervalCounts, base: IntervalCounts) -> Tally:
        """Return a tally without the pay of people on voluntary time off, whom an outage pays."""
        scenario = runs.scenario
        outage = len(scenario.prepared.names.duties) - 1
        off_us = (
            own.group_us[:, :, outage, 0].sum(axis=0) - base.group_us[:, :, outage, 0].sum(axis=0)
        ).astype(float)
        off_us = np.maximum(off_us, 0.0)
        pay = np.array(
            [
                scenario.money.pay_per_hour if (p := scenario.groups[g].pay_per_hour) is None else p
                for g in scenario.prepared.names.groups
            ]
        )
        overall = dict(tally["overall"])
        overall["paid_us"] = overall["paid_us"] - off_us.sum()
        overall["pay"] = overall["pay"] - (off_us / HOUR_US * pay).sum()
        return Tally({**tally.sums, "overall": overall})
