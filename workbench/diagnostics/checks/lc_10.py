"""Is coaching frequent, tied to evaluations, and does it change anything?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.coverage import agent_months_covered, covered_by, where_covered
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.headcount import agent_months, counted_in
from workbench.diagnostics.periods import first_by, months_of, rows_within, time_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import among, filled, flags, in_order
from workbench.metrics.qa_score import evaluation_scores

OFTEN = Scale(zero=0.2, hundred=2.0, target=1.5, source="METHOD LC-10, VIS-5; ends are ours")
LINKED = Scale(zero=0.2, hundred=0.9, target=0.8, source="METHOD LC-10; ends are ours")
CHANGE = Scale(
    zero=-0.02, hundred=0.04, target=0.02, source="METHOD LC-10: change after coaching; ends are ours"
)


@diagnostic("LC-10", area="lifecycle", also=("VIS-5", "OR-2"))
def coaching_works(
    coaching: Table, hris: Table | None, qa_eval: Table | None, client: Client, period: Period
) -> Verdict:
    """Agents are coached regularly, on an evaluation, inside the system, and get better.

    Why: an evaluation without coaching is an archive.
    Healthy: 1.8 sessions per agent-month, 85 % tied to an evaluation, scores two points higher after.
    Unhealthy: one session in two months, on no evaluation, without effect.
    Remedy: book coaching when the evaluation is closed, in the system, and look at the next score.
    """
    held = rows_within(coaching, "date", period, client)
    often, *beyond = _often(coaching, held, hris, client, period)
    unlinked = ~filled(held, "linked_eval_id")
    linked = share(
        "coaching sessions tied to an evaluation",
        int((~unlinked).sum()),
        len(held),
        of="sessions",
        table="coaching",
        period=period,
        scale=LINKED,
        rows=held.index[unlinked],
    )
    in_system, known = flags(held, "in_system")
    inside = share(
        "coaching sessions recorded in the system",
        int(in_system.sum()),
        int(known.sum()),
        of="sessions",
        table="coaching",
        period=period,
        scale=LINKED,
        rows=held.index[known & ~in_system],
    )
    change = _change(held, qa_eval, period)
    return Verdict(
        (often, *beyond, linked, inside, change),
        findings(
            "LC-10",
            (
                (often, "agent-month", "Book coaching when the evaluation is closed."),
                (linked, "session", "Start each session from one evaluated contact."),
                (inside, "session", "Record coaching where the evaluation is."),
            ),
            side="vendor",
            step="cadence",
        ),
    )


def _often(
    coaching: Table, held: pd.DataFrame, hris: Table | None, client: Client, period: Period
) -> tuple[Evidence, ...]:
    label = "coaching sessions per agent and month"
    if hris is None:
        return (missing(label, "sessions", table="hris", lack=Lack(tables=("hris",))),)
    log = covered_by(coaching, "coaching", "date", period, client)
    due, known = agent_months_covered(agent_months(hris, period), log)
    done = counted_in(due, held, months_of(held, "date", client))
    mean = float(done.mean()) if len(done) else None
    half = 1.96 * float(done.std(ddof=1)) / len(done) ** 0.5 if len(done) > 1 else 0.0
    part = quantity(
        label,
        mean,
        "sessions",
        len(done),
        table="coaching",
        period=period,
        scale=OFTEN,
        interval=None if mean is None else (max(mean - half, 0.0), mean + half),
        reason="no agent was there for a whole month",
    )
    return where_covered(part, log, known)


def _change(held: pd.DataFrame, qa_eval: Table | None, period: Period) -> Evidence:
    """The mean change from the evaluation coached on to the agent's next one."""
    label = "change of the score after coaching"
    if qa_eval is None:
        return missing(label, "points", table="qa_eval", lack=Lack(tables=("qa_eval",)), weight=0.0)
    scores = evaluation_scores(qa_eval)
    when = time_of(scores["eval_id"], first_by(qa_eval, "eval_id", "eval_ts"))
    (agent,), _ = in_order([scores], ["agent_id"])
    at, score = when.to_numpy("datetime64[us]"), scores["score"].to_numpy()
    linked = among(scores["eval_id"], held["linked_eval_id"])
    order = np.lexsort((at, agent))
    order = order[((agent >= 0) & ~np.isnan(score) & ~np.isnat(at))[order]]
    this, following = order[:-1], order[1:]
    same = agent[this] == agent[following]
    first, then, coached = score[this[same]], score[following[same]], linked[this[same]]
    if coached.sum() < 10 or (~coached).sum() < 10:
        reason = "fewer than ten evaluations coached, or not coached"
        return missing(label, "points", table="coaching", reason=reason, weight=0.0)
    # those chosen for coaching scored low, and low scores rise by chance: compare at the same first score
    change = then - first
    spread = float(first[~coached].var(ddof=1))
    slope = float(np.cov(change[~coached], first[~coached])[0, 1]) / spread if spread > 0 else 0.0
    expected = change[~coached].mean() + slope * (first[coached] - first[~coached].mean())
    gain = change[coached] - expected
    half = 1.96 * float(gain.std(ddof=1)) / len(gain) ** 0.5
    return quantity(
        label,
        float(gain.mean()),
        "points",
        len(gain),
        table="coaching",
        period=period,
        expected=0.02,
        weight=0.0,
        interval=(float(gain.mean()) - half, float(gain.mean()) + half),
        formula="next score − score coached on, less the change of uncoached evaluations with the same first score",
    )
