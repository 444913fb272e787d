"""What would one more agent do, of each unit and in each slot?

Differences under common random numbers. An agent who is there for half an hour changes the service of
this slot and hardly that of one that is hours away, so many agents are added at once, far enough apart
that what each does can be told from the others (as the columns of a sparse Jacobian are grouped; Curtis,
Powell and Reid 1974). Units with the same skills, as an early and a late team, are of one kind, and one
agent of a kind says what all of them would do. With four kinds or fewer each is looked at by itself; with
more, kinds that share no queue are looked at together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.sim.model import Floats, Ints
from workbench.studies.staffing.floor import Cell, Floor
from workbench.studies.staffing.goals import Counted, Goals
from workbench.studies.staffing.pool import APART, Pool

AFTER_S = 1800
"""So long after the end of a slot an agent there is still felt. [s]"""


def reach(goals: Goals) -> int:
    """Return over how many further slots an agent is felt."""
    width = float(np.diff(goals.slot_us)[0]) / 1e6
    return max(1, math.ceil(AFTER_S / width))


def colours(pool: Pool) -> list[list[list[int]]]:
    """Return kinds in groups within which no two share a queue."""
    every = pool.kinds
    if len(every) <= APART:
        return [[kind] for kind in every]
    found: list[list[list[int]]] = []
    for kind in sorted(every, key=lambda kind: (-len(pool.units[kind[0]].serves), kind)):
        own = set(pool.units[kind[0]].serves)
        for group in found:
            if not any(own & set(pool.units[other[0]].serves) for other in group):
                group.append(kind)
                break
        else:
            found.append([kind])
    return [sorted(group) for group in found]


def waits_long(pool: Pool) -> np.ndarray:
    """Return which queues' work may be done hours later, shape (Q,)."""
    s = pool.goals.scenario
    return np.array([s.queues[q].service_level.threshold_s >= 3600 for q in sorted(s.queues)])


@dataclass(frozen=True)
class Batch:
    """Agents added at once, who can be told apart."""

    cells: tuple[Cell, ...]


def batches(pool: Pool, wanted: np.ndarray, step: Ints) -> Iterator[Batch]:
    """Yield the groups of cells, of those `wanted`, shape (U, T); `step` agents of each, same shape.

    Of a kind one unit is there at a time: the first of those wanted.
    """
    wide = reach(pool.goals) + 1
    for group in colours(pool):
        for turn in range(wide):
            cells = tuple(
                (u, t, int(step[u, t]))
                for kind in group
                for t in range(turn, pool.goals.n_slots, wide)
                for u in [u for u in kind if wanted[u, t]][:1]
            )
            if cells:
                yield Batch(cells)


def slopes(floor: Floor, x: Ints, base: Counted, wanted: np.ndarray) -> Floats:
    """Return by how much one more agent raises the service of each goal, shape (C, U, T).

    What is within the noise is taken as nothing where it would be a loss, or far from the slot.
    """
    pool, goals = floor.pool, floor.goals
    n = base.n
    duty = pool.on_duty(x)
    step = np.maximum(1, np.rint(duty / 60)).astype(np.int64)
    of, value = goals.summed(base.of).mean(axis=0), base.service(goals)[0]
    owns, long = pool.touched, waits_long(pool)
    found = np.zeros((len(goals.goals), len(pool.units), goals.n_slots))
    level = np.where(goals.of_slot >= 0, value[goals.of_slot], 0.0)
    wide = reach(goals)
    for batch in batches(pool, wanted, step):
        more = floor.serve(x, n, batch.cells)
        gain = (more.met - base.met) - level * (more.of - base.of)
        mean, rows = gain.mean(axis=0), base.independent(gain)
        noise = rows.std(axis=0, ddof=1) * math.sqrt(len(rows)) / n if len(rows) > 1 else np.zeros_like(mean)
        for q in range(mean.shape[1]):
            if long[q]:
                _spread(found, goals, batch, mean[:, q], q, of, owns)
                continue
            for u, t, d in batch.cells:
                if not owns[u, q]:
                    continue
                for slot in range(t, min(t + wide + 1, goals.n_slots)):
                    c = goals.of_slot[slot, q]
                    sure = 0.0 if slot == t else 2.0
                    if c < 0 or of[c] <= 0 or abs(mean[slot, q]) < sure * noise[slot, q]:
                        continue
                    if mean[slot, q] < 0 and mean[slot, q] > -2.0 * noise[slot, q]:
                        continue
                    found[c, u, t] += mean[slot, q] / of[c] / d
    for kind in pool.kinds:
        own = found[:, kind]
        found[:, kind] = np.where(own == 0.0, own.sum(axis=1, keepdims=True), own)
    return found


def _spread(
    found: Floats, goals: Goals, batch: Batch, gain: Floats, q: int, of: Floats, owns: np.ndarray
) -> None:
    """Share a gain that may come hours later among the agents who were there before its goal ended."""
    for c in np.flatnonzero(goals.queue == q):
        goal = goals.goals[c]
        own = [(u, t, d) for u, t, d in batch.cells if owns[u, q] and t < goal.stop]
        total = float(gain[goal.first : goal.stop].sum())
        agents = sum(d for _, _, d in own)
        if not agents or of[c] <= 0 or total <= 0:
            continue
        for u, t, _ in own:
            found[c, u, t] += total / of[c] / agents
