"""What happens to a contact centre by chance? All of it is drawn here, before an engine starts.

A contact carries a key; its talk time, its patience and whatever else may be asked of it are numbers
that the key has for a purpose (`variates.unit`). So a workload holds arrivals, agents and their
calendar, and no engine draws anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from workbench.errors import CallError
from workbench.sim import variates as v
from workbench.sim.calendar import Agents, Plan, draw_agents, plan_agents
from workbench.sim.distributions import Distribution
from workbench.sim.model import Floats, Ints, Keys, Model, Names
from workbench.sim.parts import US
from workbench.sim.people import Group
from workbench.sim.scenario import Scenario


@dataclass(frozen=True)
class Workload:
    """One replication of a scenario: N contacts that come of themselves, in the order of arrival.

    Contacts of one instant stand in the order of their queues' names, then of their serial number.
    """

    scenario: Scenario
    seed: int
    replication: int
    antithetic: int
    """1: every number in (0, 1) is the complement of the one in the replication's twin."""
    arrival_us: Ints
    """(N,) [µs]"""
    arrival_queue: np.ndarray
    """(N,) of int32."""
    arrival_key: Keys
    """(N,)"""
    agents: Agents

    @property
    def model(self) -> Model:
        """The scenario as arrays."""
        return self.scenario.prepared.model

    @property
    def names(self) -> Names:
        """The names behind the numbers of the model."""
        return self.scenario.prepared.names


@dataclass(frozen=True)
class Prepared:
    """What is the same in every replication of a scenario; made once."""

    model: Model
    names: Names
    edge_us: Ints
    """(n + 1,) edges of the segments with constant rates. [µs]"""
    rate: Floats
    """(Q, n) rates. [1/µs]"""
    interval: Ints
    """(n,) the interval of each segment."""
    day: Ints
    """(n_intervals,)"""
    tables: Floats
    """Gamma factors: the rows of `day_row`, `interval_row` and `error_row`."""
    day_row: Ints
    interval_row: Ints
    error_row: Ints
    plan: Plan
    """Who works when, as far as chance does not decide it."""


def prepare(scenario: Scenario) -> Prepared:
    """Return what all replications of a scenario share."""
    from workbench.sim.compile import compile_scenario, names_of

    names = names_of(scenario)
    edge_us, interval, rate = _rates(scenario, names)
    families: list[Distribution] = []

    def row(shape: float | None) -> int:
        if shape is None:
            return -1
        families.append(Distribution(family="gamma", mean_s=1, shape=shape))
        return len(families) - 1

    arrivals = [scenario.queues[name].arrivals for name in names.queues]
    errors = [a.forecast_error for a in arrivals]
    day_row = [row(a.day_factor.shape if a.day_factor else None) for a in arrivals]
    interval_row = [row(a.interval_shape) for a in arrivals]
    error_row = [row(e.spread**-2 if e is not None and e.spread > 0 else None) for e in errors]
    return Prepared(
        model=compile_scenario(scenario),
        names=names,
        edge_us=edge_us,
        rate=rate,
        interval=interval,
        day=scenario.horizon.day_of_interval,
        tables=v.quantile_tables(families or [Distribution(mean_s=1)]),
        day_row=np.array(day_row),
        interval_row=np.array(interval_row),
        error_row=np.array(error_row),
        plan=plan_agents(scenario, names),
    )


def _rates(s: Scenario, names: Names) -> tuple[Ints, Ints, Floats]:
    h = s.horizon
    moments = set(h.edges_us.tolist())
    windows = [w for name in names.queues for w in s.queues[name].arrivals.spikes.values()]
    for window in (*windows, *s.mix_shifts.values()):
        moments |= {h.at_us(window.day, window.start), h.at_us(window.day, window.end)}
    edges = np.array(sorted(m for m in moments if 0 <= m <= h.length_us), dtype=np.int64)
    interval = np.searchsorted(h.edges_us, edges[:-1], side="right") - 1
    rate = np.array([h.spread(s.queues[name].arrivals.per_hour)[interval] for name in names.queues])
    for i, name in enumerate(names.queues):
        for _, spike in sorted(s.queues[name].arrivals.spikes.items()):
            start, end = h.at_us(spike.day, spike.start), h.at_us(spike.day, spike.end)
            inside = (edges[:-1] >= start) & (edges[:-1] < end)
            rate[i, inside] = rate[i, inside] * spike.factor + spike.extra_per_hour
    for _, shift in sorted(s.mix_shifts.items()):
        if not shift.share or shift.to is None:
            continue
        start, end = h.at_us(shift.day, shift.start), h.at_us(shift.day, shift.end)
        inside = (edges[:-1] >= start) & (edges[:-1] < end)
        giver, taker = names.queues.index(shift.queue), names.queues.index(shift.to)
        moved = rate[giver, inside] * shift.share
        rate[giver, inside] -= moved
        rate[taker, inside] += moved
    return edges, interval.astype(np.int64), np.ascontiguousarray(rate / (3600.0 * US))


def draw(scenario: Scenario, seed: int, replication: int = 0, antithetic: bool = False) -> Workload:
    """Return one replication of a scenario: everything that happens by chance.

    Parameters
    ----------
    seed, replication : the same pair gives the same workload on every machine.
    antithetic : mirror every number; the mean of a replication and its mirror varies less.
    """
    if replication < 0:
        raise CallError(f"replication is {replication}; count from 0")
    mirror = int(antithetic)
    names = scenario.prepared.names
    parts = [_arrivals(scenario, q, seed, replication, mirror) for q in range(len(names.queues))]
    at_us = np.concatenate([at for at, _ in parts])
    keys = np.concatenate([key for _, key in parts])
    queue = np.repeat(np.arange(len(parts), dtype=np.int32), [len(at) for at, _ in parts])
    if len(parts) > 1:
        order = np.argsort(at_us, kind="stable")
        at_us, keys, queue = at_us[order], keys[order], queue[order]
    agents = draw_agents(scenario, names, scenario.prepared.plan, seed, replication, mirror)
    return Workload(scenario, seed, replication, mirror, at_us, queue, keys, agents)


def restaffed(scenario: Scenario, groups: Mapping[str, Group]) -> Scenario:
    """Return the scenario with other numbers of people; the rest of what is prepared is shared.

    Groups must keep their blocks, skills and shifts, of which nothing is checked again: so a search
    may look at thousands of floors. A block may have nobody.
    """
    from workbench.sim.compile import counted_groups

    other = scenario.model_copy(update={"groups": {**scenario.groups, **groups}})
    shared = scenario.prepared
    model = shared.model
    if any(group.agents is not None for group in other.groups.values()):
        counts = counted_groups(other, shared.names)
        model = model._replace(group_first=counts["group_first"], group_size=counts["group_size"])
    plan = plan_agents(other, shared.names)
    other.__dict__["prepared"] = replace(shared, model=model, plan=plan)
    return other


def with_staff_of(workload: Workload, scenario: Scenario) -> Workload:
    """Return the workload with the agents of a restaffed scenario: what `draw` would give for it."""
    shared = scenario.prepared
    agents = draw_agents(
        scenario, shared.names, shared.plan, workload.seed, workload.replication, workload.antithetic
    )
    return replace(workload, scenario=scenario, agents=agents)


def _arrivals(s: Scenario, q: int, seed: int, replication: int, mirror: int) -> tuple[Ints, Keys]:
    """Return when the contacts of a queue come and their keys: backlog first."""
    p = s.prepared
    name = p.names.queues[q]
    arrivals = s.queues[name].arrivals
    key = v.stream(seed, replication, f"arrivals {name}")
    if arrivals.times_s is not None:
        at_us = np.sort(np.rint(np.array(arrivals.times_s) * US).astype(np.int64))
        keys = v.keys_of(v.mix(key, np.uint64(v.RECORDED)), len(at_us))
    else:
        factor = _factors(s, q, seed, replication, mirror)
        at_us, keys = v.poisson_us(key, mirror, p.edge_us, p.rate[q], p.interval, factor)
    if arrivals.backlog:
        waiting = v.keys_of(v.mix(key, np.uint64(v.BACKLOG)), arrivals.backlog)
        at_us = np.concatenate([np.zeros(arrivals.backlog, dtype=np.int64), at_us])
        keys = np.concatenate([waiting, keys])
    return at_us, keys


def _factors(s: Scenario, q: int, seed: int, replication: int, mirror: int) -> Floats:
    """Return the random factor on a queue's rate in each interval."""
    p = s.prepared
    name = p.names.queues[q]
    arrivals = s.queues[name].arrivals
    factor = np.ones(len(p.day))
    if arrivals.day_factor is not None:
        shared = arrivals.day_factor.name or f"queue {name}"
        keys = v.keys_of(v.stream(seed, replication, f"day factor {shared}"), int(p.day[-1]) + 1)
        days = v.variates(p.tables, p.day_row[q], v.units(keys, v.DAY_FACTOR, mirror))
        factor *= days[p.day]
    if arrivals.interval_shape is not None:
        keys = v.keys_of(v.stream(seed, replication, f"interval factor {name}"), len(p.day))
        factor *= v.variates(p.tables, p.interval_row[q], v.units(keys, v.INTERVAL_FACTOR, mirror))
    error = arrivals.forecast_error
    if error is not None:
        shared = error.name or f"queue {name}"
        keys = v.keys_of(v.stream(seed, replication, f"forecast {shared}"), 1)
        spread = v.variates(p.tables, p.error_row[q], v.units(keys, v.FORECAST, mirror))
        factor *= (1.0 + error.bias) * spread[0]
    return factor
