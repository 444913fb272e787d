"""Do repeated misses lead to a formal plan?"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace

import numpy as np
import pandas as pd

from workbench.diagnostics.dated_scores import dated_scores
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.handoff import carried_whole, dwell, judge_handoff, unreturned
from workbench.diagnostics.lifecycle import HANDOFFS
from workbench.diagnostics.periods import months_of, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, Times, equals, in_order, times

FOLLOWED = Scale(zero=0.1, hundred=0.9, target=0.8, source="METHOD HO-10; ends are ours")


DUE_DAYS = np.timedelta64(31, "D")


@diagnostic("HO-10", area="handoffs")
def repeated_miss_to_plan(
    qa_eval: Table,
    performance_plan: Table | None,
    ownership: Table | None,
    client: Client,
    period: Period,
    *,
    limit: float = 0.70,
    months: int = 2,
) -> Verdict:
    """An agent below the limit in two months running gets a formal plan within a month.

    Why: a miss that repeats without consequence becomes the standard.
    Healthy: 7 of 8 repeated misses followed by a plan.
    Unhealthy: 1 of 8.
    Remedy: let the second month below the limit open the plan, with measure and end.
    """
    label = "repeated misses followed by a plan"
    scores = dated_scores(qa_eval, client, period)
    cases = _repeated(scores.assign(month=months_of(scores, "eval_ts", client)), limit, months)
    if performance_plan is None:
        part = missing(label, "fraction", table="performance_plan", lack=Lack(tables=("performance_plan",)))
    else:
        had = [
            _planned(performance_plan, str(agent), month, months, period) for agent, month in cases.items()
        ]
        ripe = [one for one in had if one is not None]
        part = share(
            label, sum(ripe), len(ripe), of="repeated misses", table="qa_eval", period=period, scale=FOLLOWED
        )
    waits, once, whole = _plans(performance_plan, cases, months, client, period)
    beside = ((waits, "plan"), (once, "plan"), (whole, "plan"))
    return judge_handoff(
        "HO-10", ownership, ((part, "repeated miss"),), "Let the second month below open the plan.",
        beside=beside, waits=waits, rework=once, carried=whole,
    )  # fmt: skip


def _repeated(scores: pd.DataFrame, limit: float, months: int) -> dict[object, str]:
    """Return, for each agent whose mean lay below the limit in so many months running, the last of the first such."""
    ((agent,), agents), ((month,), named) = in_order([scores], ["agent_id"]), in_order([scores], ["month"])
    score, shape = scores["score"].to_numpy(), (len(agents), len(named))
    use = (agent >= 0) & (month >= 0) & ~np.isnan(score)
    cell = agent[use] * shape[1] + month[use]
    n = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    mean = np.bincount(cell, score[use], n.size).reshape(shape) / np.maximum(n, 1)
    low = np.cumsum(np.pad((n > 0) & (mean < limit), ((0, 0), (1, 0))), axis=1)
    running: Bools = low[:, months:] - low[:, :-months] == months
    names = named["month"].dt.strftime("%Y-%m").tolist()
    return {
        agents["agent_id"].iloc[i]: names[int(running[i].argmax()) + months - 1]
        for i in np.flatnonzero(running.any(axis=1))
    }


def _plans(
    plans: Table | None, cases: dict[object, str], months: int, client: Client, period: Period
) -> tuple[Evidence, Evidence, Evidence]:
    """Return how long repeated misses waited for their plan, and whether plans hold and say why."""
    labels = "plans that are the agent's first", "plans that say for what reason"
    if plans is None:
        waits, once, whole = (
            missing(
                label, unit, table="performance_plan", lack=Lack(tables=("performance_plan",)), weight=0.0
            )
            for label, unit in zip(
                (f"median days: {HANDOFFS['HO-10'].title}", *labels),
                ("days", "fraction", "fraction"),
                strict=True,
            )
        )
        return waits, once, whole
    opened = [_opened(plans, str(agent), month, months) for agent, month in cases.items()]
    first = np.array([days.min() if len(days) else np.datetime64("NaT") for days in opened], "datetime64[us]")
    start = np.array([_last_day(month) for month in cases.values()], "datetime64[us]")
    waits, _ = dwell("HO-10", pd.Series(start), pd.Series(first), table="performance_plan", period=period,
                     by_row=False)  # fmt: skip
    again = plans.sort_values("opened")["agent_id"].duplicated().reindex(plans.index)
    mine = within(plans["opened"], period, client)
    once = unreturned("HO-10", labels[0], ~again[mine], of="plans", table="performance_plan", period=period)
    whole = carried_whole("HO-10", labels[1], plans.loc[mine, ["reason"]], of="plans", table="performance_plan",
                          period=period)  # fmt: skip
    return replace(waits, weight=0.0), once, whole


def _opened(plans: pd.DataFrame, agent: str, month: str, months: int) -> Times:
    """Return when plans were opened for the agent, from the first missed month to a month after the last."""
    first = np.datetime64(month, "M") - (months - 1)
    opened = times(plans, "opened")[equals(plans, "agent_id", agent)]
    return np.asarray(opened[(opened >= first) & (opened <= _last_day(month) + DUE_DAYS)])


def _last_day(month: str) -> np.datetime64:
    year, number = (int(part) for part in month.split("-"))
    return np.datetime64(f"{month}-{monthrange(year, number)[1]}", "D")


def _planned(plans: pd.DataFrame, agent: str, month: str, months: int, period: Period) -> bool | None:
    """Return whether a plan followed in time; None: not yet due."""
    if len(_opened(plans, agent, month, months)):
        return True
    return None if _last_day(month) + DUE_DAYS > np.datetime64(period.end) else False
