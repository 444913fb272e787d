"""Do both sides see the same partnership, and trust each other?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.questions import SIDES
from workbench.metrics.columns import Floats, Ints, any_of, equals, in_order, numbers
from workbench.statistics.bootstrap import mean_interval
from workbench.statistics.paired import paired_gap
from workbench.statistics.reliability import cronbach_alpha
from workbench.wording import counted, listing, number, p_words, span

GAP = Scale(
    zero=2.0, hundred=0.0, target=0.5, source="METHOD RES-6: the gap between the sides; ends are ours"
)
HEALTH = tuple(f"HC-{number}" for number in range(1, 9))
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
    answer = numbers(answers, "answer")
    (item,), items = in_order([answers], ["item_id"])
    means = {
        side: _means(item[said], answer[said], len(items))
        for side in SIDES
        for said in [equals(answers, "side", side)]
    }
    both = ~np.isnan(means["buyer"]) & ~np.isnan(means["vendor"])
    pairs = pd.DataFrame(means, index=pd.Index(items["item_id"].array))[both]
    if len(pairs) < 5:
        reason = f"{counted(len(pairs), 'question')} answered by both sides; needs 5"
        return Verdict((missing(label, "points of five", table="survey", reason=reason),))
    difference = pairs["vendor"] - pairs["buyer"]
    gap = mean_interval(difference.abs().to_numpy(), seed=seed)
    apart = paired_gap(pairs["vendor"], pairs["buyer"], seed=seed)
    p_value = 1.0 if apart.wilcoxon_p is None else apart.wilcoxon_p
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
    signed = quantity(
        "how much higher the vendor answers",
        apart.mean.value,
        "points of five",
        len(pairs),
        table="survey",
        grade="S",
        weight=0.0,
        interval=None
        if apart.mean.low is None or apart.mean.high is None
        else (apart.mean.low, apart.mean.high),
        formula=f"mean of vendor − buyer over questions; {p_words(p_value)} of no difference (Wilcoxon, Pratt)",
    )
    widest = difference.abs().sort_values(ascending=False).head(5)
    higher = "the vendor" if difference.mean() > 0 else "the buyer"
    by = _span_of(signed)
    said = found(
        "RES-6",
        part,
        f"Buyer and vendor differ by {number(part.value or 0, 1)} of five points over {len(pairs)} questions "
        f"(expected at most {number(GAP.target, 1)}); {higher} answers higher{by}. "
        f"Widest: {listing(list(widest.index))}.",
        "Go through the questions with the widest gap together, with the evidence on the table.",
        step="cadence",
    )
    reliable = _reliability(answers)
    table = pd.DataFrame(
        {"item": pairs.index, **{side: pairs[side].array for side in SIDES}, "gap": difference.array}
    )
    return Verdict((part, signed, reliable), said, {"answers of both sides": table})


def _means(of: Ints, values: Floats, size: int) -> Floats:
    """Return the mean of the known values in each of `size` groups; NaN where there is none."""
    known = (of >= 0) & ~np.isnan(values)
    n = np.bincount(of[known], minlength=size)
    total = np.bincount(of[known], values[known], size)
    return np.asarray(np.divide(total, n, out=np.full(size, np.nan), where=n > 0))


def _span_of(signed: Evidence) -> str:
    """Say by how much one side answers higher, where the interval leaves out 0."""
    if signed.low is None or signed.high is None or signed.low * signed.high <= 0:
        return ""
    least, most = sorted((abs(signed.low), abs(signed.high)))
    return f" by {span(least, most, '')}"


def _reliability(answers: pd.DataFrame) -> Evidence:
    """Return whether the eight items of the health check measure one thing; not scored."""
    label = "reliability of the answers to the health check (Cronbach's alpha)"
    mine = answers[any_of(answers, "item_id", HEALTH)]
    (who,), people = in_order([mine], ["respondent"])
    (what,), items = in_order([mine], ["item_id"])
    shape = (len(people), len(items))
    cell = np.where((who >= 0) & (what >= 0), who * len(items) + what, -1)
    each = _means(cell, numbers(mine, "answer"), len(people) * len(items)).reshape(shape)
    each = each[:, ~np.isnan(each).all(axis=0)]
    alpha = cronbach_alpha(each) if each.shape[1] > 1 else None
    if alpha is None or alpha.value is None:
        reason = "nobody answered two of its items" if alpha is None else alpha.note
        return missing(label, "alpha", table="survey", reason=reason, weight=0.0)
    ends = (alpha.low, alpha.high) if alpha.low is not None and alpha.high is not None else None
    return quantity(label, alpha.value, "alpha", alpha.n, table="survey", grade="S", weight=0.0, interval=ends,
                    formula=f"{alpha.method}, {counted(each.shape[1], 'item')}" + (f"; {alpha.note}" if alpha.note
                    else ""))  # fmt: skip
