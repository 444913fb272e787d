"""Is quality steady while the staffing plan is not?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.dated_scores import dated_scores
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import weeks_of
from workbench.diagnostics.revisions import revised_days
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.statistics.control_charts import xmr
from workbench.wording import counted, figure

STABLE = Scale(
    zero=0.5,
    hundred=1.0,
    target=0.9,
    source="METHOD DR-5, SLA-5: an unstable plan is an issue; ends are ours",
)


@diagnostic("DR-5", area="operating rhythm", also=("SLA-5",))
def plan_as_steady_as_quality(
    schedule: Table, qa_eval: Table | None, client: Client, period: Period, problems: pd.DataFrame
) -> Verdict:
    """The staffing plan is stable; steady quality does not excuse an unstable one.

    Why: quality that holds while shifts are changed daily is held by people who will not do it for long.
    Healthy: quality steady, one shift in fifteen changed after publishing.
    Unhealthy: quality steady, every third shift changed.
    Remedy: treat plan stability as a figure of its own, with an owner and a threshold.
    """
    label = "shifts that stayed as published"
    revised = revised_days(schedule, problems, client, period)
    if revised.reason:
        return Verdict((missing(label, "fraction", table="schedule", reason=revised.reason),))
    part = share(label, revised.days - revised.changed, revised.days, of="agent-days", table="schedule",
                 period=period, scale=STABLE, rows=revised.rows,
                 formula="agent-days not revised / agent-days")  # fmt: skip
    quality = _steady(qa_eval, client, period)
    said = found(
        "DR-5",
        part,
        f"{figure(part.value, 'fraction')} of {counted(part.n, 'agent-day')} stayed as published (expected "
        f"{figure(part.expected, 'fraction')}) while quality was {quality}, {period}.",
        "Treat plan stability as a figure of its own, with an owner and a threshold.",
        side="vendor",
        step="cadence",
        lever="groups.*.shrinkage",
    )
    return Verdict((part,), said, {"quality": quality})


def _steady(qa_eval: Table | None, client: Client, period: Period) -> str:
    if qa_eval is None:
        return "not known"
    scores = dated_scores(qa_eval, client, period)
    weekly = scores["score"].groupby(weeks_of(scores, "eval_ts", client)).mean().dropna()
    if len(weekly) < 8:
        return "not known (under 8 weeks)"
    signals = len(xmr(weekly.to_numpy(float)).signals)
    return "steady" if signals == 0 else f"not steady ({counted(signals, 'week')} beyond the limits)"
