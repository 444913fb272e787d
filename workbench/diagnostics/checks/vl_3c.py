"""Are quality scores entered when the work was fresh, and honestly?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import each_once, kept, wall, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import numbers, places, seconds_between, spelled, times
from workbench.metrics.proportion import wilson
from workbench.metrics.qa_score import evaluation_scores
from workbench.statistics.digits import digit_preference, heaping
from workbench.wording import figure, p_words

FRESH = Scale(zero=0.5, hundred=1.0, target=0.9, source="METHOD VL-3c; ends are ours")
MONTH_END = Scale(
    zero=0.60, hundred=0.12, target=0.2, source="METHOD VL-3c: three of about thirty days; ends are ours"
)
WINDOW = 0.05
JUMP = Scale(zero=6.0, hundred=1.0, target=1.0,
             source="METHOD VL-3c: ceiling and threshold tests; 1 is no jump, the worse end is ours")  # fmt: skip
ROUND = Scale(zero=0.9, hundred=0.45, target=0.55, source="METHOD VL-3c: digit preference; ends are ours")


@diagnostic("VL-3c", area="value leaks")
def scores_entered_in_time(
    qa_eval: Table,
    client: Client,
    period: Period,
    *,
    hours: float = 48.0,
    last_days: int = 3,
    limit: float = 0.70,
) -> Verdict:
    """Evaluations are entered soon, spread over the month, and not rounded to please.

    Why: a score typed in under time pressure misleads the coaching that rests on it months later.
    Healthy: 95 % entered within two days, 12 % in the last three days of a month.
    Unhealthy: half entered at the month's end, nine of ten scores ending in 0 or 5.
    Remedy: enter while listening, close the month for late entries, and give evaluators a weekly quota.
    """
    entered = kept(qa_eval, within(qa_eval["entry_ts"].fillna(qa_eval["eval_ts"]), period, client))
    each = each_once(entered, "eval_id")
    took_s = seconds_between(times(each, "eval_ts"), times(each, "entry_ts"))
    both, late = ~np.isnan(took_s), took_s > hours * 3600
    fresh = share(
        f"evaluations entered within {hours:g} hours",
        int((both & ~late).sum()),
        int(both.sum()),
        of="evaluations",
        table="qa_eval",
        period=period,
        scale=FRESH,
        rows=each.index[late],
    )
    day = wall(each, "entry_ts", client).astype("datetime64[D]")
    after = (day.astype("datetime64[M]") + 1).astype("datetime64[D]")
    at_end = after - day <= np.timedelta64(last_days, "D")
    crowded = share(
        f"evaluations entered in the last {last_days} days of a month",
        int(at_end.sum()),
        int((~np.isnat(day)).sum()),
        of="evaluations",
        table="qa_eval",
        period=period,
        scale=MONTH_END,
        rows=each.index[at_end],
    )
    rounded = _rounded(entered, period)
    heaped, ceiling = _heaped(entered, limit, period)
    late_or_rounded = (
        (fresh, "evaluation", "Enter the score while listening; close the form after two days."),
        (crowded, "evaluation", "Give each evaluator a weekly quota instead of a monthly one."),
        (rounded, "score", "Score item by item and let the form compute the total."),
    )
    wished = (
        (heaped, "total score", "Hide the limit from the form; look at evaluations just above it twice."),
    )
    margin = "coaching hours spent on scores that mean little"
    said = findings("VL-3c", late_or_rounded, side="vendor", step="data", margin=margin)
    said += findings("VL-3c", wished, side="vendor", step="data", margin=margin, at_most="moderate")
    return Verdict((fresh, crowded, rounded, heaped, ceiling), said)


def _rounded(entered: pd.DataFrame, period: Period) -> Evidence:
    """Whether scores end in 0 or 5 percent more often than one in five would: totals, or items where none came."""
    label = "scores that end in 0 or 5 percent"
    total, score = spelled(entered, "item", ("total",)), numbers(entered, "score")
    kind = "totals" if total.any() else "scores of items"
    given = np.flatnonzero((total if total.any() else ~total) & (score > 0) & (score < 1))
    percent = np.round(100 * score[given], 6)
    is_whole = percent == np.round(percent)
    whole = percent[is_whole]
    if len(whole) < 20 or len(whole) < len(percent) / 2:
        return quantity(label, None, "fraction", 0, table="qa_eval", weight=0.0,
                        reason=f"fewer than 20 {kind} in whole percent")  # fmt: skip
    digits = digit_preference(whole)
    ends = whole.astype(np.int64) % 5 == 0
    chance = (
        ""
        if digits.p_value is None
        else f", {p_words(digits.p_value)} of last digits all alike (chi-squared)"
    )
    return quantity(
        label,
        digits.round_share,
        "fraction",
        digits.n,
        table="qa_eval",
        period=period,
        scale=ROUND,
        interval=wilson(int(ends.sum()), digits.n),
        rows=entered.index[given[is_whole][ends]],
        formula=f"{kind} in whole percent ending in 0 or 5 / {kind} in whole percent, 0 and 100 % left out; "
        f"{figure(digits.excess, 'fraction')} must have been rounded to explain it{chance}",
    )


def _heaped(entered: pd.DataFrame, limit: float, period: Period) -> tuple[Evidence, Evidence]:
    """Whether totals crowd just above the limit, and how many are at the end of the scale; not scored."""
    scores, each = evaluation_scores(entered), each_once(entered, "eval_id")
    place = places(pd.Index(scores["eval_id"].array), pd.Index(each["eval_id"].array))
    totals = np.append(scores["score"].to_numpy(float), np.nan)[place]
    near = heaping(totals, limit, WINDOW, 1.0)
    label = f"jump of total scores at the limit of {figure(limit, 'fraction')}"
    if near.jump is None or near.low is None or near.high is None:
        reason = (
            f"fewer than 5 total scores in one of four steps of {100 * WINDOW:.0f} points around the limit"
        )
        heaped = missing(label, "times", table="qa_eval", reason=reason, weight=0.0)
    else:
        apart = np.round(totals - limit, 9)
        heaped = quantity(label, near.jump, "times", sum(near.counts), table="qa_eval", period=period, scale=JUMP,
                          interval=(near.low, near.high), rows=each.index[(apart >= 0) & (apart < WINDOW)],
                          weight=0.0, formula=f"{near.counts[1]} scores in the {100 * WINDOW:.0f} points below it, "
                          f"{near.counts[2]} in those above, beyond what the next ones lead to expect")  # fmt: skip
    full = each.index[totals >= 1 - 1e-9]
    n = int((~np.isnan(totals)).sum())
    ceiling = share("total scores of 100 %", len(full), n, of="total scores", table="qa_eval", period=period,
                    rows=full, weight=0.0)  # fmt: skip
    return heaped, ceiling
