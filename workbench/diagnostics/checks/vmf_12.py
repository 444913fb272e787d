"""Does one measure gain at another's cost?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.dated_scores import dated_scores
from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.diagnostics.outcomes import satisfied_rows
from workbench.diagnostics.periods import rows_within, weeks_of
from workbench.diagnostics.terms import ASSUMED, service_level_terms, term_for
from workbench.intake.client import Client, SlaTerm
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, Floats, Times, coded, flags
from workbench.metrics.contact_outcome import ANSWERED, codes_and_waits, offered_to_queue
from workbench.metrics.handle_time import handle_time
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
    sla: Table | None,
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
    mine = rows_within(contacts, "offered_ts", period, client)
    terms, source = service_level_terms(client, sla)
    in_time_s = None if source == ASSUMED else _promised_s(mine, terms)
    series = _series(mine, in_time_s, outcome, qa_eval, client, period)
    within = "" if in_time_s is None else listing([f"{one:g} s" for one in np.unique(in_time_s)], 4)
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
            where, reason = "contacts", f"needs ten weeks of {unseen[0]}"
            if source == ASSUMED and "service level" in unseen:
                where, reason = (
                    "sla",
                    "no service level was promised, in table sla or in sla_terms of client.yaml",
                )
            parts.append(missing(label, "measures", table=where, reason=reason))
            continue
        part = quantity(
            label,
            float(len(gained)),
            "measures",
            len(gains),
            table=table,
            period=period,
            scale=NONE,
            formula=f"change points (p < {SURE}) in opposite directions within {NEAR_WEEKS} weeks"
            + (f"; service level: answered within {within} ({source})" if within else ""),
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
            lever="queues.*.handle.factor",
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


def _promised_s(mine: pd.DataFrame, terms: tuple[SlaTerm, ...]) -> Floats:
    """Return within how many seconds each contact was to be answered, by the term of its queue."""
    codes, queues = coded(mine, "queue")
    waits = np.array([term_for(terms, queue).threshold_s for queue in (*queues, None)], float)
    return np.asarray(waits[codes])


def _series(
    mine: pd.DataFrame,
    in_time_s: Floats | None,
    outcome: pd.DataFrame | None,
    qa_eval: pd.DataFrame | None,
    client: Client,
    period: Period,
) -> dict[str, pd.Series]:
    codes, wait = codes_and_waits(mine)
    took = handle_time(mine)
    offered = offered_to_queue(codes) & ~np.isnan(wait)
    resolved, flagged = flags(mine, "resolved_flag")
    week = weeks_of(mine, "offered_ts", client)
    series = {"resolution": _weekly(week[flagged], resolved[flagged])}
    if in_time_s is not None:
        met = (codes == ANSWERED) & (wait <= in_time_s)
        series["service level"] = _weekly(week[offered], met[offered])
    if "talk_s" not in took.not_recorded:
        series["handle time"] = _weekly(week[took.rows], took.handle_s)
    if outcome is not None:
        inside = rows_within(outcome, "ts", period, client)
        at, happy = satisfied_rows(inside)
        series["satisfaction"] = _weekly(weeks_of(inside, "ts", client)[at], happy)
    if qa_eval is not None:
        scores = dated_scores(qa_eval, client, period)
        series["quality score"] = _weekly(
            weeks_of(scores, "eval_ts", client), scores["score"].to_numpy(), least=5
        )
    return series


def _weekly(week: Times, values: Floats | Bools, least: int = 20) -> pd.Series:
    """Return the mean of each week with enough values; weeks whose values are all unknown are unknown."""
    at, weeks = pd.factorize(week, sort=True)
    known = (at >= 0) & ~np.isnan(values.astype(float))
    with np.errstate(invalid="ignore"):
        mean = np.bincount(at[known], values[known], len(weeks)) / np.bincount(
            at[known], minlength=len(weeks)
        )
    enough = np.bincount(at[at >= 0], minlength=len(weeks)) >= least
    return pd.Series(mean[enough], index=pd.DatetimeIndex(weeks[enough]))
