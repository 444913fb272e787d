"""When was each evaluation made, and what was its score?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.periods import first_by, rows_within, time_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.qa_score import evaluation_scores
from workbench.once import once_per_table


@once_per_table
def dated_scores(qa_eval: Table, client: Client, period: Period) -> pd.DataFrame:
    """Return the evaluations of the period as `evaluation_scores` does, with the time `eval_ts` of each (UTC)."""
    scores = evaluation_scores(rows_within(qa_eval, "eval_ts", period, client))
    return scores.assign(eval_ts=time_of(scores["eval_id"], first_by(qa_eval, "eval_id", "eval_ts")))
