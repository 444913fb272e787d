"""Do repeated misses lead to a formal plan?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import missing, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.handoff import judge_handoff
from workbench.diagnostics.periods import each_once, local_month, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.qa_score import evaluation_scores

FOLLOWED = Scale(zero=0.1, hundred=0.9, target=0.8, source="METHOD HO-10; ends are ours")


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
    scores = evaluation_scores(rows_within(qa_eval, "eval_ts", period, client))
    when = each_once(qa_eval, "eval_id").set_index("eval_id")["eval_ts"]
    month = local_month(scores["eval_id"].map(when), client)
    means = scores.groupby(["agent_id", month.rename("month")])["score"].mean().unstack()
    low = (means < limit).astype(int)
    repeated = low.T.rolling(months).sum().T.eq(months)
    cases = {
        agent: str(row.index[row.to_numpy().argmax()]) for agent, row in repeated.iterrows() if row.any()
    }
    if performance_plan is None:
        part = missing(label, "fraction", table="performance_plan", reason="needs performance_plan")
    else:
        had = [
            _planned(performance_plan, str(agent), month, months, period) for agent, month in cases.items()
        ]
        ripe = [one for one in had if one is not None]
        part = share(
            label, sum(ripe), len(ripe), of="repeated misses", table="qa_eval", period=period, scale=FOLLOWED
        )
    return judge_handoff(
        "HO-10", ownership, ((part, "repeated miss"),), "Let the second month below open the plan."
    )


def _planned(
    performance_plan: pd.DataFrame, agent: str, month: str, months: int, period: Period
) -> bool | None:
    """Return whether a plan was opened from the first miss to a month after the last; None: not yet due."""
    missed = pd.Period(month, "M")
    first, due = (missed - (months - 1)).start_time, missed.end_time.normalize() + pd.Timedelta(days=31)
    opened = performance_plan.loc[performance_plan["agent_id"] == agent, "opened"]
    if bool(opened.between(first, due).any()):
        return True
    return None if due > pd.Timestamp(period.end) else False
