"""How does a scenario do, and how sure is that? Replications, and the intervals they give.

Replication r of a seed is the same whoever computes it: threads of one process, or a Dask cluster. A
figure that is a ratio is estimated as the ratio of its totals (`statistics.replications`).
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import CallError, UnknownName
from workbench.sim.measures import SCOPES, Figure, Tally, figures, first_interval, tally, tally_of
from workbench.sim.model import Floats
from workbench.sim.run import run
from workbench.sim.scenario import Scenario
from workbench.statistics.replications import Estimate, estimate, ratios, replications_needed
from workbench.studies.asked import workers_mistakes

MOST = 1_000_000
"""Replications; more are a slip of the finger."""
TASKS = 4
"""For each thread of a cluster: replications travel together, so that few messages are sent."""
NEVER_BELOW_ZERO = ("fraction", "count", "s", "h")
"""Units of figures that cannot be negative."""


@dataclass(frozen=True)
class Precision:
    """Go on until the interval of a figure is at most so wide to each side.

    Attributes
    ----------
    measure, half_width : of the whole: ("service_level", 0.005).
    relative : the half-width is a fraction of the mean.
    at_most : stop there at the latest.
    """

    measure: str
    half_width: float
    relative: bool = False
    at_most: int = 10_000

    def __post_init__(self) -> None:
        if not self.half_width > 0:
            raise CallError(f"half_width: {self.half_width} is not a width. Use 0.005 for half a point.")


@dataclass(frozen=True)
class Results:
    """What replications of a scenario gave.

    Attributes
    ----------
    tallies : one per replication, or per batch of one long run, in order.
    """

    scenario: Scenario
    seed: int
    engine: str
    formulas: tuple[str, ...]
    tallies: tuple[Tally, ...]
    confidence: float = 0.95

    @property
    def n(self) -> int:
        """The number of replications."""
        return len(self.tallies)

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The figures by name."""
        return figures(self.scenario, self.formulas)

    def names(self, scope: str) -> list[str]:
        """Return the things of a scope: queues, groups, starts of intervals, or "overall".

        Raises
        ------
        UnknownName
            for a scope that does not exist.
        """
        names = self.scenario.prepared.names
        if scope == "interval":
            return self._starts
        known = {"overall": ["overall"], "queue": list(names.queues), "group": list(names.groups)}
        if scope not in known:
            raise UnknownName("scope", scope, SCOPES)
        return known[scope]

    @cached_property
    def _starts(self) -> list[str]:
        """The local times at which the counted intervals start."""
        width = pd.Timedelta(seconds=self.scenario.time.interval_s)
        first = pd.Timestamp(self.scenario.horizon.start_utc) + first_interval(self.scenario) * width
        n = len(self.tallies[0]["interval"]["offered"])
        local = pd.date_range(first, periods=n, freq=width).tz_convert(self.scenario.time.zone)
        return [start.isoformat() for start in local]

    def figure(self, name: str) -> Figure:
        """Return the figure called `name`, or raise UnknownName with the nearest."""
        if name not in self.figures:
            raise UnknownName("measure", name, self.figures)
        return self.figures[name]

    def counted(self, measure: str, scope: str = "overall") -> tuple[Floats, Floats]:
        """Return numerators and denominators: arrays of shape (n, things of the scope)."""
        figure = self.figure(measure)
        above = np.array([figure.above(t[scope]) for t in self.tallies])
        if figure.below is None:
            return above, np.ones_like(above)
        return above, np.array([figure.below(t[scope]) for t in self.tallies])

    def estimates(self, measure: str, scope: str = "overall") -> list[Estimate]:
        """Return a figure for each thing of a scope, in the order of `names`."""
        figure, names = self.figure(measure), self.names(scope)
        if scope not in figure.scopes:
            return [Estimate(None, None, None, self.n, self.confidence, figure.why_not)] * len(names)
        value, half, n = ratios(*self.counted(measure, scope), self.confidence)
        found = [
            estimate(v, h, n, self.confidence, figure.nothing)
            for v, h in zip(value.tolist(), half.tolist(), strict=True)
        ]
        if figure.unit in NEVER_BELOW_ZERO:
            return [_inside(e, 1.0 if figure.unit == "fraction" else math.inf) for e in found]
        return found

    def __getitem__(self, measure: str) -> Estimate:
        """Return a figure of the whole."""
        return self.estimates(measure)[0]

    def table(self, scope: str = "overall") -> pd.DataFrame:
        """Return all figures of a scope: one row per thing and measure, with mean, low, high and n."""
        names = self.names(scope)
        rows = [
            (thing, name, figure.unit, e.mean, e.low, e.high, e.n, e.reason)
            for name, figure in self.figures.items()
            for thing, e in zip(names, self.estimates(name, scope), strict=True)
        ]
        columns = [scope, "measure", "unit", "mean", "low", "high", "n", "reason"]
        return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("mean", "low", "high"), float))

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON: measures overall, by queue, group and interval."""
        return {
            "scenario": self.scenario.name,
            "seed": self.seed,
            "engine": self.engine,
            "replications": self.n,
            "confidence": self.confidence,
            "currency": self.scenario.money.currency,
            "formulas": {name: f"{f.formula} [{f.unit}]" for name, f in self.figures.items()},
            "measures": {
                "overall": self._measures("overall")["overall"],
                "by_queue": self._measures("queue"),
                "by_group": self._measures("group"),
                "by_interval": self._measures("interval"),
            },
        }

    def _measures(self, scope: str) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {thing: {} for thing in self.names(scope)}
        for name in self.figures:
            for thing, e in zip(found, self.estimates(name, scope), strict=True):
                found[thing][name] = {"mean": e.mean, "low": e.low, "high": e.high, "n": e.n}
                if e.reason:
                    found[thing][name]["reason"] = e.reason
        return found


def _inside(e: Estimate, most: float) -> Estimate:
    """Return an estimate with its interval cut to what is possible: from 0 on."""
    if e.low is None or e.high is None:
        return e
    return replace(e, low=max(e.low, 0.0), high=min(e.high, most))


def replicate(
    scenario: Scenario,
    n: int = 20,
    seed: int = 1,
    *,
    engine: str = "fast",
    formulas: Sequence[str] = ("V2",),
    precision: Precision | None = None,
    antithetic: bool = False,
    workers: int | None = None,
    cluster: str | None = None,
    confidence: float = 0.95,
    progress: Callable[[int], None] | None = None,
    until: Callable[[], bool] | None = None,
) -> Results:
    """Simulate a scenario `n` times, or until a figure is precise enough.

    Parameters
    ----------
    n : replications; with `precision` the first ones, after which it is judged how many more.
    formulas : service levels asked for; see `sim.measures.figures`.
    antithetic : replications 2k and 2k + 1 mirror each other and count as one, so that n is halved.
    workers : threads; None: one per core. Changes no figure.
    cluster : address of a Dask scheduler; None: threads of this process.
    progress : told how many replications are done.
    until : asked after each replication; true: those made so far are enough.

    Raises
    ------
    CallError
        for fewer than one replication, or an odd number of mirrored ones.
    """
    _check(n, antithetic, workers)
    known = figures(scenario, formulas)
    if precision is not None and precision.measure not in known:
        raise UnknownName("measure", precision.measure, known)
    tallies: list[Tally] = []
    numbers = range(n)
    while True:
        enough = False
        made = _replications(scenario, numbers, seed, engine, antithetic, workers, cluster)
        for one in made:
            tallies.append(one)
            if progress is not None:
                progress(len(tallies))
            whole = len(tallies) % 2 == 0 if antithetic else True
            if until is not None and until() and whole:
                enough = True
                break
        made.close()
        results = Results(scenario, seed, engine, tuple(formulas), _paired(tallies, antithetic), confidence)
        more = 0 if enough else _more(results, precision, len(tallies), antithetic)
        if more == 0:
            return results
        numbers = range(len(tallies), len(tallies) + more)


def extended(results: Results, n: int, *, workers: int | None = None, cluster: str | None = None) -> Results:
    """Return results with further replications, `n` in all; the same as if `n` had been asked for."""
    numbers = range(results.n, max(n, results.n))
    further = _replications(
        results.scenario, numbers, results.seed, results.engine, False, workers, cluster
    ) if numbers else ()  # fmt: skip
    return replace(results, tallies=(*results.tallies, *further))


def long_run(
    scenario: Scenario,
    seed: int = 1,
    *,
    batches: int = 20,
    engine: str = "fast",
    formulas: Sequence[str] = ("V2",),
    confidence: float = 0.95,
) -> Results:
    """Simulate a scenario once and take batches of intervals, after the warm-up, as replications.

    Batches are of equal length; what is left over is taken off the start. They must be long against
    the time in which the floor forgets, or the intervals come out too narrow.

    Raises
    ------
    CallError
        for fewer than two batches, or fewer intervals than batches.
    """
    n_intervals, first = scenario.horizon.n_intervals, first_interval(scenario)
    if batches < 2 or n_intervals - first < batches:
        raise CallError(
            f"batches: {batches} cannot be cut from {n_intervals - first} intervals. "
            "Use at least 2, and at most one per interval after the warm-up."
        )
    figures(scenario, formulas)
    one = run(scenario, seed, engine=engine, record="intervals")
    length = (n_intervals - first) // batches
    starts = range(n_intervals - batches * length, n_intervals, length)
    names = scenario.prepared.names
    tallies = tuple(tally_of(scenario, names, one.counts, s, s + length) for s in starts)
    return Results(scenario, seed, engine, tuple(formulas), tallies, confidence)


def _check(n: int, antithetic: bool, workers: int | None) -> None:
    if n < 1:
        raise CallError(f"replications: {n} is too few. Use 1 or more; 20 give a usable interval.")
    if n > MOST:
        raise CallError(
            f"replications: {n:,} are too many. Use at most {MOST:,}; a hundred times as many make an interval "
            "ten times as narrow."
        )
    if antithetic and n % 2:
        raise CallError(f"replications: {n} cannot be paired with mirrors. Use an even number.")
    if problems := workers_mistakes(workers):
        raise CallError("\n".join(problems))


def _more(results: Results, precision: Precision | None, done: int, antithetic: bool) -> int:
    """Return how many further replications to make; depends on nothing but what is known so far."""
    if precision is None or done >= precision.at_most:
        return 0
    so_far = results[precision.measure]
    width = precision.half_width * (abs(so_far.mean or 0.0) if precision.relative else 1.0)
    each = 2 if antithetic else 1
    needed = replications_needed(so_far, width) * each
    # at most as many again as there are: an early guess at the spread is a poor one
    more = min(needed, 2 * done, precision.at_most) - done
    return max(0, more - more % each) if needed > done else 0


def _paired(tallies: Sequence[Tally], antithetic: bool) -> tuple[Tally, ...]:
    if not antithetic:
        return tuple(tallies)
    pairs = zip(tallies[::2], tallies[1::2], strict=True)
    return tuple(
        Tally(
            {
                scope: {name: (values + b[scope][name]) / 2 for name, values in a[scope].items()}
                for scope in SCOPES
            }
        )
        for a, b in pairs
    )


def _one(scenario: Scenario, number: int, seed: int, engine: str, antithetic: bool) -> Tally:
    mirror = antithetic and number % 2 == 1
    replication = number // 2 if antithetic else number
    return tally(run(scenario, seed, replication, engine=engine, record="intervals", antithetic=mirror))


def _replications(
    scenario: Scenario,
    numbers: range,
    seed: int,
    engine: str,
    antithetic: bool,
    workers: int | None,
    cluster: str | None,
) -> Generator[Tally]:
    """Yield the tallies of replications in the order of their numbers; closed, no further one begins."""
    if cluster is not None:
        yield from _on_cluster(scenario, numbers, seed, engine, antithetic, cluster)
        return
    scenario.prepared  # noqa: B018  (made once, before threads would make it each)
    threads = min(workers or os.cpu_count() or 1, len(numbers))
    if threads <= 1:
        yield from (_one(scenario, number, seed, engine, antithetic) for number in numbers)
        return
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(_one, scenario, number, seed, engine, antithetic) for number in numbers]
        try:
            for future in futures:
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _on_cluster(
    scenario: Scenario, numbers: range, seed: int, engine: str, antithetic: bool, address: str
) -> Iterator[Tally]:
    try:
        from distributed import Client
    except ImportError:
        raise CallError(
            "cluster: Dask is not installed here. Install contact-centre-workbench[cluster], "
            "or leave the address out to use threads."
        ) from None
    with Client(address) as client:  # type: ignore[no-untyped-call]
        text = json.dumps(scenario.to_data())
        threads = max(1, sum(client.nthreads().values()))
        each = max(1, math.ceil(len(numbers) / (threads * TASKS)))
        futures = [
            client.submit(_on_worker, text, numbers[i : i + each], seed, engine, antithetic, pure=True)
            for i in range(0, len(numbers), each)
        ]
        for future in futures:
            yield from future.result()


@lru_cache(maxsize=8)
def _parsed(text: str) -> Scenario:
    return Scenario.parse(json.loads(text))


def _on_worker(text: str, numbers: range, seed: int, engine: str, antithetic: bool) -> list[Tally]:
    scenario = _parsed(text)
    return [_one(scenario, number, seed, engine, antithetic) for number in numbers]
