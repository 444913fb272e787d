"""Do both sides see the same partnership, and trust each other?"""

from __future__ import annotations

import pandas as pd
from scipy.stats import wilcoxon

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Scale, Verdict
from workbench.statistics.bootstrap import mean_interval
from workbench.wording import counted, listing, number, p_words

GAP = Scale(
    zero=2.0, hundred=0.0, target=0.5, source="METHOD RES-6: the gap between the sides; ends are ours"
)
TRUST = Scale(zero=1.0, hundred=5.0, target=4.0, source="answer anchors 1 to 5")


@diagnostic("RES-6", area="rescue or switch")
def sides_see_alike(answers: pd.DataFrame | None, *, seed: int = 0) -> Verdict:
    """Buyer and vendor answer the same questions alike.

    Why: where one side sees order and the other sees none, trust has gone already.
    Healthy: the sides differ by 0.3 points of five on 30 questions.
    Unhealthy: the vendor answers 1.6 points higher throughout.
    Remedy: go through the questions with the widest gap together, with the evidence on the table.
    """
    label = "gap between the answers of buyer and vendor"
    if answers is None or answers.empty:
        return Verdict((missing(label, "points of five", table="survey", reason="nobody answered"),))
    means = answers.dropna(subset=["answer"]).groupby(["item_id", "side"])["answer"].mean().unstack()
    pairs = means.dropna() if {"buyer", "vendor"} <= set(means.columns) else pd.DataFrame()
    if len(pairs) < 5:
        reason = f"{counted(len(pairs), 'question')} answered by both sides; needs 5"
        return Verdict((missing(label, "points of five", table="survey", reason=reason),))
    difference = (pairs["vendor"] - pairs["buyer"]).astype(float)
    gap = mean_interval(difference.abs().to_numpy(), seed=seed)
    p_value = float(wilcoxon(difference).pvalue) if (difference != 0).any() else 1.0
    part = quantity(
        label,
        float(difference.abs().mean()),
        "points of five",
        len(pairs),
        table="survey",
        scale=GAP,
        grade="S",
        interval=(gap.low, gap.high) if gap.low is not None and gap.high is not None else None,
        formula=f"mean |vendor − buyer| over questions; the sides differ with {p_words(p_value)} (Wilcoxon)",
    )
    widest = difference.abs().sort_values(ascending=False).head(5)
    higher = "the vendor" if difference.mean() > 0 else "the buyer"
    said = found(
        "RES-6",
        part,
        f"Buyer and vendor differ by {number(part.value or 0, 1)} of five points over {len(pairs)} questions "
        f"(expected at most {number(GAP.target, 1)}); {higher} answers higher. Widest: {listing(list(widest.index))}.",
        "Go through the questions with the widest gap together, with the evidence on the table.",
        step="cadence",
    )
    table = pairs.assign(gap=difference).reset_index().rename(columns={"item_id": "item"})
    return Verdict((part,), said, {"answers of both sides": table})
