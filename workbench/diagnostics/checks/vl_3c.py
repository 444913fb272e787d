"""Are quality scores entered when the work was fresh, and honestly?"""

from __future__ import annotations

import pandas as pd
from scipy.stats import binomtest

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, quantity, share
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

FRESH = Scale(zero=0.5, hundred=1.0, target=0.9, source="METHOD VL-3c; ends are ours")
MONTH_END = Scale(
    zero=0.60, hundred=0.12, target=0.2, source="METHOD VL-3c: three of about thirty days; ends are ours"
)
ROUND = Scale(zero=0.9, hundred=0.45, target=0.55, source="METHOD VL-3c: digit preference; ends are ours")


@diagnostic("VL-3c", area="value leaks")
def scores_entered_in_time(
    qa_eval: Table, client: Client, period: Period, *, hours: float = 48.0, last_days: int = 3
) -> Verdict:
    """Evaluations are entered soon, spread over the month, and not rounded to please.

    Why: a score typed in under time pressure misleads the coaching that rests on it months later.
    Healthy: 95 % entered within two days, 12 % in the last three days of a month.
    Unhealthy: half entered at the month's end, nine of ten scores ending in 0 or 5.
    Remedy: enter while listening, close the month for late entries, and give evaluators a weekly quota.
    """
    entered = qa_eval[within(qa_eval["entry_ts"].fillna(qa_eval["eval_ts"]), period, client)]
    each = entered.drop_duplicates("eval_id")
    both = each[each["eval_ts"].notna() & each["entry_ts"].notna()]
    late = (both["entry_ts"] - both["eval_ts"]) > pd.Timedelta(hours=hours)
    fresh = share(
        f"evaluations entered within {hours:g} hours",
        int((~late).sum()),
        len(both),
        of="evaluations",
        table="qa_eval",
        period=period,
        scale=FRESH,
        rows=both.index[late],
    )
    when = each[each["entry_ts"].notna()]
    local = when["entry_ts"].dt.tz_convert(client.time_zone)
    at_end = local.dt.day > local.dt.days_in_month - last_days
    crowded = share(
        f"evaluations entered in the last {last_days} days of a month",
        int(at_end.sum()),
        len(when),
        of="evaluations",
        table="qa_eval",
        period=period,
        scale=MONTH_END,
        rows=when.index[at_end],
    )
    rounded = _rounded(entered, period)
    return Verdict(
        (fresh, crowded, rounded),
        findings(
            "VL-3c",
            (
                (fresh, "evaluation", "Enter the score while listening; close the form after two days."),
                (crowded, "evaluation", "Give each evaluator a weekly quota instead of a monthly one."),
                (rounded, "total score", "Score item by item and let the form compute the total."),
            ),
            side="vendor",
            step="data",
            margin="coaching hours spent on scores that mean little",
        ),
    )


def _rounded(entered: pd.DataFrame, period: Period) -> Evidence:
    """Whether total scores end in 0 or 5 percent more often than one in five would."""
    label = "total scores that end in 0 or 5 percent"
    totals = entered[(entered["item"].astype("str").str.casefold() == "total") & entered["score"].notna()]
    inner = totals[(totals["score"] > 0) & (totals["score"] < 1)]
    percent = (100 * inner["score"].astype(float)).round(6)
    whole = percent[percent == percent.round()]
    if len(whole) < 20 or len(whole) < len(percent) / 2:
        return quantity(label, None, "fraction", 0, table="qa_eval", weight=0.0,
                        reason="fewer than 20 totals in whole percent")  # fmt: skip
    ends = whole.astype(int) % 5 == 0
    interval = binomtest(int(ends.sum()), len(ends), 0.2).proportion_ci(method="wilson")
    return quantity(
        label,
        float(ends.mean()),
        "fraction",
        len(ends),
        table="qa_eval",
        period=period,
        scale=ROUND,
        interval=(float(interval.low), float(interval.high)),
        rows=ends.index[ends],
        formula="totals in whole percent ending in 0 or 5 / totals in whole percent, 0 and 100 % left out",
    )
