"""Does a missed score lead to coaching?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.handoff import carried_whole, dwell, judge_handoff
from workbench.diagnostics.periods import each_once, earliest_by, local_day, rows_within, time_of, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import among, filled, times
from workbench.metrics.qa_score import evaluation_scores


@diagnostic("HO-9", area="handoffs")
def miss_to_coaching(
    qa_eval: Table,
    coaching: Table,
    ownership: Table | None,
    client: Client,
    period: Period,
    *,
    limit: float = 0.70,
) -> Verdict:
    """A score below the limit is coached within a week.

    Why: a miss that nobody speaks of becomes a habit.
    Healthy: 5 days, nine of ten misses coached.
    Unhealthy: three weeks, every second miss never spoken of.
    Remedy: book the session when the form is closed below the limit.
    """
    _, after = period.bounds(client.time_zone)
    each = each_once(qa_eval, "eval_id")
    scores = evaluation_scores(qa_eval)
    below = scores.loc[scores["score"] < limit, "eval_id"]
    ripe = times(each, "eval_ts") <= (after - pd.Timedelta(days=21)).to_datetime64()
    low = each[among(each["eval_id"], below) & within(each["eval_ts"], period, client) & ripe]
    sessions, day = earliest_by(coaching, "linked_eval_id", "date"), local_day(low["eval_ts"], client)
    measured = dwell("HO-9", day, time_of(low["eval_id"], sessions), table="qa_eval", period=period,
                     recorded=bool(filled(coaching, "linked_eval_id").any()))  # fmt: skip
    held = rows_within(coaching, "date", period, client)
    linked = carried_whole("HO-9", "coaching sessions that name the evaluation they are about",
                           held[["linked_eval_id"]], of="sessions", table="coaching", period=period)  # fmt: skip
    return judge_handoff(
        "HO-9",
        ownership,
        [(part, "evaluation with a miss") for part in measured],
        "Book the session when a form is closed below the limit.",
        beside=((linked, "session"),),
        waits=measured[0],
        carried=linked,
    )
