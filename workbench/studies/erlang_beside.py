"""What would Erlang C and A, which people use today, have said to the same question?

They get what a planner would give them, and of the best: for each interval the contacts offered, the
agents' time per contact and the people at work, each as simulated on average, and one patience (total
wait over abandonments). All lines are one queue to them, every agent takes every contact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from workbench.queueing import erlang_a
from workbench.sim.measures import HOUR_US
from workbench.sim.model import Floats
from workbench.sim.parts import US
from workbench.studies.heads import fewest, with_heads
from workbench.studies.lever import LEVERS
from workbench.studies.replicate import Results, replicate

Model = Literal["C", "A"]


@dataclass(frozen=True)
class Inputs:
    """What the formulas are given: arrays of shape (n_intervals,).

    Attributes
    ----------
    per_hour : contacts offered. [1/h]
    aht_s : agents' time per contact answered. [s]
    agents : people at work.
    patience_s : one for all; inf where nobody abandoned. [s]
    threshold_s : one for all: the mean of the queues', weighted by contacts. [s]
    """

    per_hour: Floats
    aht_s: Floats
    agents: Floats
    patience_s: float
    threshold_s: float


@dataclass(frozen=True)
class Beside:
    """The answer of one formula.

    Attributes
    ----------
    base, changed : service level, answered in time over offered; None where it has no answer.
    heads : people more that hold the base's level; None where no number within reach does.
    """

    model: Model
    base: float | None
    changed: float | None
    heads: int | None
    reason: str = ""

    @property
    def difference(self) -> float | None:
        """Changed minus base."""
        return None if self.base is None or self.changed is None else self.changed - self.base

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "base": self.base, "changed": self.changed, "difference": self.difference, "heads": self.heads,
            "reason": self.reason,
        }  # fmt: skip


def inputs(results: Results) -> Inputs:
    """Return what the formulas are given of simulated results."""
    sums = {
        name: np.mean([t["interval"][name] for t in results.tallies], axis=0)
        for name in ("answered", "abandoned", "handling_us", "available_us", "wait_answered_us", "wait_abandoned_us")
    }  # fmt: skip
    offered, hours = sums["answered"] + sums["abandoned"], results.scenario.time.interval_s / 3600
    answered, abandoned = sums["answered"], float(sums["abandoned"].sum())
    mean_aht = sums["handling_us"].sum() / US / max(answered.sum(), 1e-9)
    aht = np.where(answered > 0, sums["handling_us"] / US / np.maximum(answered, 1e-9), mean_aht)
    waits = float((sums["wait_answered_us"] + sums["wait_abandoned_us"]).sum()) / US
    return Inputs(
        per_hour=offered / hours,
        aht_s=np.maximum(aht, 1e-3),
        agents=(sums["handling_us"] + sums["available_us"]) / HOUR_US / hours,
        patience_s=waits / abandoned if abandoned > 0 and waits > 0 else np.inf,
        threshold_s=_threshold(results),
    )


def _threshold(results: Results) -> float:
    above, _ = results.counted("offered", "queue")
    weight = above.mean(axis=0)
    own = [results.scenario.queues[q].service_level.threshold_s for q in results.names("queue")]
    return float(np.average(own, weights=weight)) if weight.sum() > 0 else float(np.mean(own))


def service_level(given: Inputs, agents: Floats, model: Model) -> Floats:
    """Return the level over all intervals; `agents` has shape (..., n_intervals)."""
    busy = given.per_hour > 0
    if not busy.any():
        return np.full(agents.shape[:-1], np.nan)
    people = agents[..., busy]
    # the formulas know no part of one agent
    people = np.where(people >= 1.0, people, np.where(people < 0.05, 0.0, 1.0))
    patience = given.patience_s if model == "A" else np.inf
    told = erlang_a(given.per_hour[busy], given.aht_s[busy], people, patience, given.threshold_s)
    level = np.nan_to_num(told.service_level_all_offered)
    return np.asarray(level @ given.per_hour[busy] / given.per_hour[busy].sum())


def at_work_per_head(changed: Results, workers: int | None = None) -> Floats:
    """Return how much of one person more is at work in each interval, by simulation: (n_intervals,)."""
    scenario = changed.scenario
    staffing = LEVERS.get("staffing")
    heads = max(1, round(0.1 * staffing.today(scenario)))
    few = replace(changed, tallies=changed.tallies[:5])
    more = replicate(with_heads(scenario, heads), few.n, few.seed, engine=few.engine, workers=workers)
    return np.maximum(inputs(more).agents - inputs(few).agents, 0.0) / heads


def erlang_beside(base: Results, changed: Results, each: Floats | None) -> tuple[Beside, Beside]:
    """Return the answers of Erlang C and A to what a change does, and how many people hold the level.

    Parameters
    ----------
    each : how much of one person more is at work in each interval (`at_work_per_head`); None: how many
        people hold the level is not asked.
    """
    scenario = base.scenario
    deferred = [n for n, q in scenario.queues.items() if scenario.all_channels[q.channel].deferrable]
    if deferred:
        reason = f"{deferred[0]} is deferred work, on which Erlang has nothing to say"
        return Beside("C", None, None, None, reason), Beside("A", None, None, None, reason)
    before, after = inputs(base), inputs(changed)
    return _beside("C", before, after, each), _beside("A", before, after, each)


def _beside(model: Model, before: Inputs, after: Inputs, each: Floats | None) -> Beside:
    if model == "A" and not (np.isfinite(before.patience_s) and np.isfinite(after.patience_s)):
        return Beside(model, None, None, None, "nobody abandoned, so that no patience is known")
    was = float(service_level(before, before.agents, model))
    now = float(service_level(after, after.agents, model))
    if each is None:
        return Beside(model, was, now, None, "how many people hold it was not asked")
    per_head = float(each.max())
    if per_head <= 0:
        return Beside(model, was, now, None, "one person more is nowhere at work")
    whole = float(after.agents.max()) / per_head
    most = int(np.ceil(max(5.0, 2.0 * whole)))

    def good(heads: int) -> bool:
        return float(service_level(after, np.maximum(after.agents + heads * each, 0.0), model)) >= was - 1e-9

    found = fewest(good, -int(whole), most, step=max(1, int(whole) // 50))
    return Beside(
        model, was, now, found, "" if found is not None else f"even {most} people more do not hold it"
    )
