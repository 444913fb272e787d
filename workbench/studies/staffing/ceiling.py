"""Which targets can no number of people meet, because nobody may be on shift before contacts are due?

A contact is in time if somebody who takes it is there between its arrival and its threshold. Where shifts leave
hours bare for longer than that, as nights do to e-mail that is due in eight hours, the contacts of those hours are late
whoever is hired. What is counted is who comes then; everybody else is taken to be in time, so that a target above the
rest is out of reach for certain, and one below it may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.sim.model import Floats
from workbench.sim.parts import US
from workbench.studies.staffing.goals import Goal
from workbench.studies.staffing.pool import Pool
from workbench.wording import counted, figure


@dataclass(frozen=True)
class OutOfReach:
    """A goal that no plan of these shifts meets.

    Attributes
    ----------
    at_most : share of its contacts that somebody on shift could take in time.
    """

    goal: Goal
    at_most: float

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        g = self.goal
        return {"queue": g.queue, "start": g.start.isoformat(), "end": g.end.isoformat(), "target": g.target,
                "at_most": self.at_most}  # fmt: skip


def out_of_reach(pool: Pool, offered: Floats) -> tuple[OutOfReach, ...]:
    """Return the goals whose targets lie above what any number of people on the pool's shifts can reach.

    Parameters
    ----------
    offered : contacts by slot and queue, shape (T, Q), follow-ups included; within a slot they come evenly, but
        those that wait at the start are all there when it begins.
    """
    goals = pool.goals
    share = np.stack([_in_time(pool, q, offered[:, q]) for q in range(len(goals.formulas))], axis=1)
    came = goals.summed(offered[None])[0]
    reached = goals.summed((share * offered)[None])[0]
    at_most = reached / np.maximum(came, 1e-12)
    return tuple(
        OutOfReach(goal, float(at_most[c]))
        for c, goal in enumerate(goals.goals)
        if came[c] > 0 and at_most[c] < goal.target - 1e-9
    )


def _in_time(pool: Pool, q: int, offered: Floats) -> Floats:
    """Return the share of each slot's contacts of a queue before whose threshold somebody may be on shift, (T,)."""
    goals, s = pool.goals, pool.goals.scenario
    name = sorted(s.queues)[q]
    queue = s.queues[name]
    serves = [u for u, unit in enumerate(pool.units) if name in unit.serves]
    there: np.ndarray = np.asarray((pool.cover[np.isin(pool.unit, serves)] > 1e-9).any(axis=0))
    edges, threshold = goals.slot_us.astype(np.float64), queue.service_level.threshold_s * US
    able = np.zeros(goals.n_slots)
    upto = -np.inf
    stretches = [
        *zip(edges[:-1][there] - threshold, edges[1:][there], strict=True),
        (edges[-1] - threshold, edges[-1]),
    ]
    for (
        low,
        high,
    ) in stretches:  # the last: who is not due before the end counts only if answered, and so in time
        begin = max(low, upto)  # arrivals from `low` to `high` find somebody of this slot in time
        able += np.maximum(np.minimum(edges[1:], high) - np.maximum(edges[:-1], begin), 0.0)
        upto = max(upto, high)
    share: Floats = able / np.diff(edges)
    waiting = min(float(queue.arrivals.backlog), float(offered[0]))
    if waiting:
        at_once = float(there.any() and edges[:-1][there].min() <= threshold)
        share[0] = (share[0] * (offered[0] - waiting) + at_once * waiting) / offered[0]
    return share


def _when(goal: Goal) -> str:
    whole = goal.end - goal.start >= pd.Timedelta(hours=23)
    return f"{goal.start:%a}" if whole else f"{goal.start:%a %H:%M}–{goal.end:%H:%M}"


def in_words(found: tuple[OutOfReach, ...]) -> list[str]:
    """Say by queue how many targets are out of reach, and how far."""
    said = []
    for queue in dict.fromkeys(o.goal.queue for o in found):
        own = [o for o in found if o.goal.queue == queue]
        worst = min(own, key=lambda o: o.at_most - o.goal.target)
        late, most, target = (
            figure(v, "fraction") for v in (1 - worst.at_most, worst.at_most, worst.goal.target)
        )
        said.append(
            f"{queue}: {counted(len(own), 'target')} out of reach of any number of people on these shifts, because "
            f"contacts are due before anybody who takes them is there: most on {_when(worst.goal)}, {late} of them, "
            f"so that at most {most} can be in time, of {target} asked for."
        )
    return said
