"""How many does Erlang A ask for, queue by queue, and who would then work?

This is the planner's usual answer: each queue by itself, in a steady state, exponential times, rounded
up. It is where the search starts, and it stands beside every plan with its simulated service.
"""

from __future__ import annotations

import math

import numpy as np

from workbench.queueing import agents_required
from workbench.sim.model import Floats, Ints
from workbench.studies.staffing.goals import Goals
from workbench.studies.staffing.pool import Pool
from workbench.studies.staffing.units import mean_handle_s, per_agent

_OVER = {"V1": "answered", "V2": "offered", "V3": "offered without quick abandons"}
"""What Erlang A can count over; the other formulas are nearest to V2 and V3."""


def required(goals: Goals, offered: Floats) -> Floats:
    """Return the agents that each queue needs in each slot by Erlang A, rounded up, shape (T, Q).

    Parameters
    ----------
    offered : contacts by slot and queue, shape (T, Q).

    An agent who takes several contacts at a time counts as so many servers, at the pace of full hands.
    Work that may wait for hours has no use for Erlang A: it needs its load.
    """
    s = goals.scenario
    names = sorted(s.queues)
    hours = np.diff(goals.slot_us) / 3600e6
    handle = np.add.reduceat(mean_handle_s(s), goals.slot_start, axis=0)
    handle /= np.diff(np.append(goals.slot_start, s.horizon.n_intervals))[:, None]
    found = np.zeros_like(offered)
    for q, name in enumerate(names):
        queue, at_once = s.queues[name], per_agent(s, name)
        channel = s.all_channels[queue.channel]
        rate, aht = offered[:, q] / hours, np.maximum(handle[:, q], 1e-3)
        if channel.deferrable or queue.service_level.threshold_s >= 3600:
            found[:, q] = np.ceil(rate * aht / 3600 / at_once - 1e-9)
            continue
        servers = channel.concurrency
        aht = aht * servers / at_once
        patience = math.inf if queue.patience is None or channel.waits_for_ever else queue.patience.mean
        over = _OVER.get(goals.formulas[q], "offered")
        needed = agents_required(
            rate, aht, patience_s=max(patience, 1e-3), threshold_s=queue.service_level.threshold_s,
            service_level=min(max(queue.service_level.target, 1e-6), 1 - 1e-6), over=over,  # type: ignore[arg-type]
        )  # fmt: skip
        found[:, q] = np.ceil(needed / servers - 1e-9)
    return found


def assigned(pool: Pool, needed: Floats) -> Floats:
    """Return how many agents of each unit are wanted in each slot, shape (U, T), so that all are there.

    The cheapest way to give every queue its number, each agent counted for one queue only; among equals
    those whose first skill it is. A linear program by slot (HiGHS); whole numbers come out of it, since
    it is a transport problem.
    """
    from scipy.optimize import linprog

    names = sorted(pool.goals.scenario.queues)
    s = pool.goals.scenario
    pairs = [(u, names.index(q)) for u, unit in enumerate(pool.units) for q in unit.serves]
    skill = [pool.units[u].skills[s.queues[names[q]].skill or names[q]] for u, q in pairs]
    price = np.array(
        [
            max(pool.units[u].per_hour, 1.0) * (1 + 0.02 * (k.level - 1))
            for (u, _), k in zip(pairs, skill, strict=True)
        ]
    )
    found = np.zeros((len(pool.units), pool.goals.n_slots))
    for t in range(pool.goals.n_slots):
        if not needed[t].any():
            continue
        open_here = [i for i, (u, _) in enumerate(pairs) if pool.coverable[u, t]]
        reached = {pairs[i][1] for i in open_here}
        wanted = [q for q in range(len(names)) if needed[t, q] > 0 and q in reached]
        if not wanted:
            continue
        rows = np.array([[-1.0 if pairs[i][1] == q else 0.0 for i in open_here] for q in wanted])
        solved = linprog(price[open_here], A_ub=rows, b_ub=-needed[t, wanted], method="highs")
        for i, value in zip(open_here, solved.x, strict=True):
            found[pairs[i][0], t] += value
    return np.ceil(found - 1e-6)


def rounded(x: Floats) -> Ints:
    """Return whole numbers, up."""
    return np.ceil(x - 1e-6).astype(np.int64)
