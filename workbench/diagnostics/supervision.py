"""How much supervision does work need? Measured by its errors, not assumed from its name.

METHOD CX-3: one source holds that back-office work needs less supervision, another shows what its
errors cost. So the share of failed evaluations is shown by channel with its interval, and nothing else
decides.
"""

from __future__ import annotations

import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.periods import each_once
from workbench.metrics.proportion import wilson
from workbench.metrics.qa_score import evaluation_scores

POOR = 0.70
"""An evaluation below it is poor. Ours."""


@serves("CX-3")
def supervision_need(qa_eval: pd.DataFrame, contacts: pd.DataFrame, *, limit: float = POOR) -> pd.DataFrame:
    """Return, by channel, the share of evaluations below `limit` or failed on a critical item.

    Returns
    -------
    DataFrame with channel, evaluations, poor (share), low and high (Wilson, 95 %), the worst first;
    channels whose contacts were not evaluated do not appear, for nothing is known of them.
    """
    scores = evaluation_scores(qa_eval)
    contact = each_once(qa_eval, "eval_id").set_index("eval_id")["contact_id"]
    channel = each_once(contacts, "contact_id").set_index("contact_id")["channel"]
    where = scores["eval_id"].map(contact).map(channel)
    poor = (scores["score"] < limit) | scores["failed"].astype(bool)
    grouped = poor.groupby(where.to_numpy()).agg(["sum", "size"])
    ends = [wilson(k, n) for k, n in zip(grouped["sum"], grouped["size"], strict=True)]
    table = pd.DataFrame(
        {
            "channel": grouped.index,
            "evaluations": grouped["size"].to_numpy(),
            "poor": (grouped["sum"] / grouped["size"]).to_numpy(),
            "low": [low for low, _ in ends],
            "high": [high for _, high in ends],
        }
    )
    return table.sort_values(["poor", "channel"], ascending=[False, True], ignore_index=True)
