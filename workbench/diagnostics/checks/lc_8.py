"""Is quality measured often enough and alike for all?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.coverage import agent_months_covered, covered_by, where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.headcount import agent_months, counted_in
from workbench.diagnostics.periods import each_once, months_of, rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import equals, flags

ENOUGH = Scale(
    zero=0.4, hundred=1.0, target=0.95, source="METHOD BOM-4: 95 % at their target; the zero is ours"
)
UNDISPUTED = Scale(zero=0.7, hundred=1.0, target=0.95, source="METHOD LC-8: dispute rate; ends are ours")
UPHELD = Scale(zero=0.2, hundred=1.0, target=0.7, source="METHOD LC-8; ends are ours")


@diagnostic("LC-8", area="lifecycle", also=("BOM-4", "CAD-5"))
def quality_measured_enough(
    qa_eval: Table, hris: Table, client: Client, period: Period, *, per_month: int = 4
) -> Verdict:
    """Every agent has enough evaluations each month, and few of them are disputed.

    Why: with one evaluation a month the score says more about the call than about the agent.
    Healthy: 96 % of agent-months with four evaluations; 2 % disputed.
    Unhealthy: some agents have six, others one; each fourth score disputed and half of those changed.
    Remedy: a quota per agent and month, spread over evaluators, and calibration before more evaluations.
    """
    each = each_once(rows_within(qa_eval, "eval_ts", period, client), "eval_id")
    log = covered_by(qa_eval, "qa_eval", "eval_ts", period, client)
    due, known = agent_months_covered(agent_months(hris, period), log)
    done = counted_in(due, each, months_of(each, "eval_ts", client))
    enough = share(
        f"agent-months with at least {per_month} evaluations",
        int((done >= per_month).sum()),
        len(done),
        of="agent-months",
        table="qa_eval",
        period=period,
        scale=ENOUGH,
    )
    enough, *beyond = where_covered(enough, log, known)
    disputed, told = flags(each, "disputed")
    quiet = share(
        "evaluations not disputed",
        int((told & ~disputed).sum()),
        int(told.sum()),
        of="evaluations",
        table="qa_eval",
        period=period,
        scale=UNDISPUTED,
        rows=each.index[disputed],
    )
    stood, changed = (disputed & equals(each, "dispute_result", result) for result in ("upheld", "changed"))
    upheld = share(
        "disputed evaluations that were upheld",
        int(stood.sum()),
        int((stood | changed).sum()),
        of="decided disputes",
        table="qa_eval",
        period=period,
        scale=UPHELD,
        weight=0.5,
        rows=each.index[changed],
    )
    counts, months = np.unique(done, return_counts=True)
    spread = pd.DataFrame({"evaluations": counts, "agent-months": months})
    return Verdict(
        (enough, *beyond, quiet, upheld),
        findings(
            "LC-8",
            (
                (enough, "agent-month", "Give each agent a monthly quota, spread over evaluators."),
                (quiet, "evaluation", "Calibrate first: disputes follow disagreement."),
                (upheld, "dispute", "Look at the items that are changed most; reword them."),
            ),
            side="vendor",
        ),
        {"evaluations per agent-month": spread},
    )
