"""Does an evaluation reach the scorecard?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.handoff import carried_whole, dwell, judge_handoff, unreturned
from workbench.diagnostics.periods import each_once, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import equals, filled, flags, times


@diagnostic("HO-8", area="handoffs")
def evaluation_to_scorecard(
    qa_eval: Table,
    ownership: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """An evaluation shows in the agent's scorecard within two days.

    Why: feedback that comes after weeks is news about somebody else.
    Healthy: 1 day, every evaluation shown.
    Unhealthy: two weeks, every tenth never shown.
    Remedy: publish on closing the form, not with the monthly report.
    """
    _, after = period.bounds(client.time_zone)
    each = each_once(qa_eval, "eval_id")
    ripe = times(each, "eval_ts") <= (after - pd.Timedelta(days=10)).to_datetime64()
    mine = each[within(each["eval_ts"], period, client) & ripe]
    measured = dwell("HO-8", mine["eval_ts"], mine["shown_ts"], table="qa_eval", period=period,
                     recorded=bool(filled(qa_eval, "shown_ts").any()))  # fmt: skip
    disputed, known = flags(mine, "disputed")
    changed = disputed & equals(mine, "dispute_result", "changed")
    stood = pd.Series(~changed[known], index=mine.index[known])
    kept = unreturned("HO-8", "evaluations whose score was not changed in a dispute", stood,
                      of="evaluations", table="qa_eval", period=period)  # fmt: skip
    fields = mine[["contact_id", "agent_id", "evaluator_id", "form_version"]]
    whole = carried_whole("HO-8", "evaluations that name contact, agent, evaluator and form",
                          fields, of="evaluations", table="qa_eval", period=period)  # fmt: skip
    return judge_handoff(
        "HO-8",
        ownership,
        [(part, "evaluation") for part in measured],
        "Publish a score when its form is closed.",
        beside=((kept, "evaluation"), (whole, "evaluation")),
        waits=measured[0],
        rework=kept,
        carried=whole,
    )
