"""Does one measure gain at another's cost?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.diagnostics.outcomes import satisfied
from workbench.diagnostics.periods import each_once, local_week, rows_within, time_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.contact_outcome import contact_outcome
from workbench.metrics.handle_time import handle_time
from workbench.metrics.qa_score import evaluation_scores
from workbench.statistics.change_point import mean_shift
from workbench.wording import counted, figure, listing

NONE = Scale(
    zero=1.0,
    hundred=0.0,
    target=0.0,
    source="METHOD VMF-12, SLA-1, DR-4; that one gain at its cost is the worst is ours",
)
GAINS = {"handle time": -1, "service level": 1}
"""What a vendor may push, and which way is its gain."""
COSTS = {"resolution": "contacts", "satisfaction": "outcome", "quality score": "qa_eval"}
"""What may pay for it, more being good, and the table that tells."""
SURE, NEAR_WEEKS, LEAST_WEEKS = 0.01, 3, 10


@diagnostic("VMF-12", area="vendor management", also=("DR-4", "SLA-1", "DASH-5"))
def no_gain_at_anothers_cost(
    contacts: Table,
    outcome: Table | None,
    qa_eval: Table | None,
    client: Client,
    period: Period,
    *,
    seed: int = 0,
) -> Verdict:
    """No measure improved in the same weeks in which another one got worse.

    Why: a vendor optimises what is looked at; unconnected measures let it take from the others.
    Healthy: handle time down in March, resolution and quality level.
    Unhealthy: handle time down by 40 seconds in the week in which resolution fell by 9 points.
    Remedy: a root-cause review whenever one measure gains and another loses, and the right to intervene.
    """
    series = _series(rows_within(contacts, "offered_ts", period, client), outcome, qa_eval, client, period)
    shifts = {
        name: mean_shift(values.to_numpy(float), seed=seed)
        for name, values in series.items()
        if len(values) >= LEAST_WEEKS
    }
    moved = {name: _move(shift) for name, shift in shifts.items()}
    gains = [name for name in GAINS if name in shifts]
    parts: list[Evidence] = []
    said: list[Finding] = []
    for cost, table in COSTS.items():
        label = f"measures that gained while {cost} fell"
        lacking = "handle time or service level" if not gains else cost if cost not in shifts else ""
        if lacking:
            reason = f"needs ten weeks of {lacking}"
            parts.append(missing(label, "measures", table=table, reason=reason))
            continue
        gained = [
            gain
            for gain in gains
            if moved[cost][0] < 0
            and moved[gain][0] * GAINS[gain] > 0
            and abs(moved[gain][1] - moved[cost][1]) <= NEAR_WEEKS
        ]
        unseen = [name for name in GAINS if name not in shifts]
        if unseen and not gained:
            reason = f"needs ten weeks of {unseen[0]}"
            parts.append(missing(label, "measures", table="contacts", reason=reason))
            continue
        part = quantity(
            label,
            float(len(gained)),
            "measures",
            len(gains),
            table=table,
            period=period,
            scale=NONE,
            formula=f"change points (p < {SURE}) in opposite directions within {NEAR_WEEKS} weeks",
        )
        parts.append(part)
        if not gained:
            continue
        told = listing([f"{gain} {_told(gain, shifts[gain])}" for gain in gained], 3)
        week = series[cost].index[moved[cost][1]]
        said += found(
            "VMF-12",
            part,
            f"{cost.capitalize()} {_told(cost, shifts[cost])} in the week of {week.day} {week:%B %Y} while {told}; "
            f"{len(gained)} of {counted(part.n, 'measure')} gained at its cost (expected none), {period}.",
            "Hold a root-cause review of the pair, and agree on the right to intervene when it happens.",
            lever="queues.*.handle.talk.mean_s",
            commitments="the visible measure is bought with the invisible one",
            margin="repeats and complaints pay for shorter contacts",
        )
    rows = []
    for name, shift in shifts.items():
        changed = series[name].index[shift.at] if shift.at is not None and moved[name][0] else None
        rows.append({"measure": name, "changed in the week of": changed, "before": shift.before, "after": shift.after,
                     "p": shift.p_value})  # fmt: skip
    return Verdict(tuple(parts), tuple(said), {"changes of level": pd.DataFrame(rows)})


def _told(name: str, shift: object) -> str:
    unit = "s" if name == "handle time" else "fraction"
    before, after = getattr(shift, "before", None), getattr(shift, "after", None)
    return f"went from {figure(before, unit)} to {figure(after, unit)}"


def _move(shift: object) -> tuple[int, int]:
    """Return the direction of a sure change, 0 for none, and its position."""
    p_value, at = getattr(shift, "p_value", None), getattr(shift, "at", None)
    if p_value is None or p_value >= SURE or at is None:
        return 0, -99
    return int(np.sign(getattr(shift, "after", 0.0) - getattr(shift, "before", 0.0))), int(at)


def _series(
    mine: pd.DataFrame,
    outcome: pd.DataFrame | None,
    qa_eval: pd.DataFrame | None,
    client: Client,
    period: Period,
) -> dict[str, pd.Series]:
    ends = contact_outcome(mine)
    took = handle_time(mine)
    handled = pd.Series(took.handle_s, index=mine.index[took.rows])
    offered = ends[ends["outcome"].isin(["answered", "abandoned"]) & ends["wait_s"].notna()]
    met = ((offered["outcome"] == "answered") & (offered["wait_s"] <= 20.0)).astype(float)
    flag = mine["resolved_flag"].dropna().astype(float)
    at = mine["offered_ts"]
    series = {
        "service level": _weekly(at.loc[met.index], met, client),
        "resolution": _weekly(at.loc[flag.index], flag, client),
    }
    if "talk_s" not in took.not_recorded:
        series["handle time"] = _weekly(at.loc[handled.index], handled, client)
    if outcome is not None:
        inside = rows_within(outcome, "ts", period, client)
        happy = satisfied(inside).astype(float)
        series["satisfaction"] = _weekly(inside.loc[happy.index, "ts"], happy, client)
    if qa_eval is not None:
        scores = evaluation_scores(rows_within(qa_eval, "eval_ts", period, client))
        when = each_once(qa_eval, "eval_id").set_index("eval_id")["eval_ts"]
        series["quality score"] = _weekly(time_of(scores["eval_id"], when), scores["score"], client, least=5)
    return series


def _weekly(times: pd.Series, values: pd.Series, client: Client, least: int = 20) -> pd.Series:
    grouped = values.groupby(local_week(times, client).to_numpy())
    return grouped.mean()[grouped.size() >= least]
