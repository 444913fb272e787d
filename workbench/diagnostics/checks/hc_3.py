"""Is quality a measurement: do evaluators agree, and does an evaluation lead to coaching?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.coverage import covered_by, where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, found, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import (
    days_of,
    each_once,
    earliest_by,
    kept,
    rows_within,
    time_of,
    within,
)
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Floats, filled, in_order, seconds_between, times
from workbench.statistics.agreement import fleiss_kappa, gwet, prevalence_note, raw_agreement
from workbench.statistics.icc import icc
from workbench.statistics.krippendorff import krippendorff_alpha
from workbench.wording import figure

AGREE = Scale(
    zero=0.40,
    hundred=0.85,
    target=0.667,
    source="Krippendorff 2004: 0.667 tentative, 0.80 firm; ends are ours",
)
SESSIONS = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD CAD-5, BOF-3: monthly calibration")
COACHED = Scale(
    zero=0.05, hundred=0.5, target=0.33, source="METHOD HC-3; one session for three evaluations is ours"
)


@diagnostic("HC-3", area="partnership health", also=("GOV-11",))
def quality_is_measured(
    calibration: Table | None,
    qa_eval: Table | None,
    coaching: Table | None,
    client: Client,
    period: Period,
    *,
    coached_within_days: int = 14,
    seed: int = 0,
) -> Verdict:
    """Evaluators agree on the same contact, calibrate monthly, and their evaluations lead to coaching.

    Why: an evaluation that another evaluator would not give is an opinion.
    Healthy: alpha 0.82 (0.78 to 0.86), a session each month, two thirds of evaluations coached.
    Unhealthy: alpha 0.45, one session in four months, a fifth coached.
    Remedy: calibrate monthly on the items with the lowest agreement, before anything is retrained.
    """
    agree, table = _agreement(calibration, client, period, seed)
    held = _sessions(calibration, client, period)
    coached, *beyond = _coached(qa_eval, coaching, client, period, coached_within_days)
    said = found(
        "HC-3",
        agree,
        f"Evaluators agreed with alpha {figure(agree.value, '', 2)} ({figure(agree.low, '', 2)} to "
        f"{figure(agree.high, '', 2)}) on {agree.n:,} scored items "
        f"(expected {figure(agree.expected, '', 2)}), {period}.",
        "Calibrate on the items with the lowest agreement until the interval lies above 0.667.",
        side="vendor",
        margin="coaching and pay rest on scores that differ by evaluator",
    ) + findings(
        "HC-3",
        (
            (held, "month", "Hold a calibration session each month with all evaluators, both sides."),
            (coached, "evaluation", "Book coaching when an evaluation is closed."),
        ),
        step="cadence",
    )
    return Verdict((agree, held, coached, *beyond), said, {"agreement": table})


def _agreement(
    calibration: Table | None, client: Client, period: Period, seed: int
) -> tuple[Evidence, pd.DataFrame]:
    label = "agreement of evaluators (Krippendorff's alpha, interval scale)"
    if calibration is None:
        return missing(
            label, "", table="calibration", lack=Lack(tables=("calibration",)), weight=2.0
        ), pd.DataFrame()
    mine = rows_within(calibration, "date", period, client)
    mine = kept(mine, filled(mine, "score"))
    ratings = _ratings(mine)
    if len(ratings) < 10 or ratings.shape[1] < 2:
        reason = f"{len(ratings)} items scored by two evaluators; needs 10"
        return missing(label, "", table="calibration", reason=reason, weight=2.0), pd.DataFrame()
    alpha = krippendorff_alpha(ratings, scale="interval", seed=seed)
    others = {
        "Krippendorff's alpha": alpha,
        "ICC(2,1)": icc(ratings, "ICC(2,1)"),
        "Gwet's AC2": gwet(ratings, weights="quadratic"),
        "Fleiss' kappa": fleiss_kappa(ratings, seed=seed),
    }
    rows = [{"statistic": name, "value": e.value, "low": e.low, "high": e.high, "n": e.n, "note": e.note}
            for name, e in others.items()]  # fmt: skip
    note = prevalence_note(ratings)
    rows.append({"statistic": "raw agreement", "value": raw_agreement(ratings), "low": None, "high": None,
                 "n": len(ratings), "note": note})  # fmt: skip
    part = quantity(
        label,
        alpha.value,
        "",
        len(ratings),
        table="calibration",
        period=period,
        scale=AGREE,
        interval=(alpha.low, alpha.high) if alpha.low is not None and alpha.high is not None else None,
        weight=2.0,
        formula="1 − observed / expected disagreement; bootstrap over items" + (f"; {note}" if note else ""),
        reason=alpha.note,
    )
    return part, pd.DataFrame(rows)


def _ratings(mine: pd.DataFrame) -> Floats:
    """Return the mean score of each item (row) by each evaluator (column), of items that two scored."""
    (item,), items = in_order([mine], ["session_id", "contact_id", "item"])
    (who,), evaluators = in_order([mine], ["evaluator_id"])
    shape = (len(items), len(evaluators))
    use = (item >= 0) & (who >= 0)
    cell = item[use] * len(evaluators) + who[use]
    n = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    total = np.bincount(cell, mine["score"].to_numpy()[use], n.size).reshape(shape)
    ratings = np.divide(total, n, out=np.full(shape, np.nan), where=n > 0)
    return np.asarray(ratings[(n > 0).sum(axis=1) >= 2])


def _sessions(calibration: Table | None, client: Client, period: Period) -> Evidence:
    label = "months with a calibration session"
    if calibration is None:
        return missing(label, "fraction", table="calibration", lack=Lack(tables=("calibration",)))
    mine = rows_within(calibration, "date", period, client)
    months = round(period.days / 30.4375)  # none is due in a period shorter than one
    dates = times(mine, "date")
    some = len(np.unique(dates[~np.isnat(dates)].astype("datetime64[M]")))
    months = max(months, min(some, 1))
    held = min(some, months)
    return share(label, held, months, of="months", table="calibration", period=period, scale=SESSIONS)


def _coached(
    qa_eval: Table | None, coaching: Table | None, client: Client, period: Period, days: int
) -> tuple[Evidence, ...]:
    label = f"evaluations coached within {days} days"
    if qa_eval is None or coaching is None:
        lacking = "qa_eval" if qa_eval is None else "coaching"
        return (missing(label, "fraction", table=lacking, lack=Lack(tables=(lacking,))),)
    if not filled(coaching, "linked_eval_id").any():
        return (
            missing(label, "fraction", table="coaching", lack=Lack(columns=("coaching.linked_eval_id",))),
        )
    log = covered_by(coaching, "coaching", "date", period, client)
    if log.days is None:
        return (missing(label, "fraction", table="coaching", reason=log.reason),)
    _, after = log.days.bounds(client.time_zone)
    each = each_once(qa_eval, "eval_id")
    ripe = within(each["eval_ts"], log.days, client)
    ripe &= times(each, "eval_ts") <= (after - pd.Timedelta(days=days)).to_datetime64()
    first = time_of(each["eval_id"], earliest_by(coaching, "linked_eval_id", "date")).to_numpy(
        "datetime64[us]"
    )
    waited_s = seconds_between(days_of(each, "eval_ts", client), first)
    soon = ripe & (waited_s >= 0) & (waited_s <= days * 86400)
    part = share(label, int(soon.sum()), int(ripe.sum()), of="evaluations", table="qa_eval", period=period,
                 scale=COACHED, rows=each.index[ripe & ~soon])  # fmt: skip
    return where_covered(part, log)
