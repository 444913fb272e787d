"""Which figures are promised and reported, and what follows when one is missed?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from tools.clientgen.quality import true_figures
from tools.clientgen.world import DAY_S, World, times

SERVICE = ("service_level", "abandon_rate", "asa_s")
"""Figures that fall short when there are too few people."""

KPIS = (
    ("service_level", "weekly", "at least", False),
    ("abandon_rate", "weekly", "at most", False),
    ("aht_s", "weekly", "at most", False),
    ("escalation_rate", "weekly", "at most", True),
    ("repeat_rate", "monthly", "at most", True),
    ("fcr", "monthly", "at least", True),
    ("csat", "monthly", "at least", True),
)
"""Figure, the forum that looks at it, which side of the threshold is good, whether it is an outcome."""
TOOL_KPIS = (
    ("acd_availability", "monthly", 0.995), ("schedule_changes_in_wfm", "weekly", 0.98),
    ("quality_form_sync", "monthly", 0.99), ("reporting_timeliness", "weekly", 0.95),
)  # fmt: skip
"""What a scorecard says of the tools, where it says anything."""
OUTCOME_TARGETS = {"fcr": 0.80, "csat": 3.9}


def figures(world: World) -> None:
    """Fill `kpi`, `kpi_value`, `breach`, `sla`, `sla_result`: targets, reported figures, what followed."""
    story, dice = world.story, world.dice("figures")
    traits = story.governance
    truth = true_figures(world)
    world.parts["monthly"] = truth
    weekly = true_figures(world, weekly=True).iloc[1:-1]
    usual = weekly.median()
    level = {
        "service_level": max(story.target, round(story.target + 0.85 * (usual["service_level"] - story.target), 2)),
        "abandon_rate": round(usual["abandon_rate"] * 1.15, 3), "aht_s": round(usual["aht_s"] * 1.04, -1),
        "escalation_rate": 0.15, "repeat_rate": 0.18, "fcr": 0.80, "csat": 3.9,
    }  # fmt: skip
    tools = TOOL_KPIS if traits.kpis_cover_tools else ()
    names = [kpi for kpi, *_ in KPIS] + [kpi for kpi, *_ in tools]
    ruled = set(np.array(names)[dice.permutation(len(names))[: round(traits.kpis_ruled * len(names))]])
    world.counts["kpis_ruled"], world.counts["kpis"] = len(ruled), len(names)
    weight = traits.outcome_weight
    outcomes = sum(is_outcome for *_, is_outcome in KPIS)
    rows = []
    for kpi, forum, direction, is_outcome in KPIS:
        share = weight / outcomes if is_outcome else (1 - weight) / (len(KPIS) - outcomes)
        full = kpi in ruled
        rows.append(
            (kpi, "vendor manager" if full else None, forum if full else None, level[kpi], direction,
             "root cause in the next forum; action with owner and date" if full else None,
             round(share, 3), is_outcome)
        )  # fmt: skip
    rows += [
        (kpi, "IT", forum, threshold, "at least", "fault opened with the owner of the tool", 0.0, False)
        for kpi, forum, threshold in tools
    ]
    world.tables["kpi"] = pd.DataFrame(
        rows,
        columns=["kpi", "owner", "forum", "threshold", "direction", "action_rule", "weight", "outcome_flag"],
    )
    reported: list[tuple[Any, ...]] = [
        (kpi, month, round(float(min(threshold + dice.uniform(0.0005, 0.005), 1)), 4), "monthly pack")
        for month in truth.index
        for kpi, _, threshold in tools
    ]
    breaches = []
    actions_by_day = world.tables["gov_action"]
    horizon = int(world.utc([story.end], [DAY_S - 1])[0])
    for month, row in truth.iterrows():
        for kpi, *_ in KPIS:
            shown = _as_reported(world, kpi, row)
            if shown is not None:
                reported.append((kpi, month, shown, "monthly pack"))
    for kpi, forum, direction, _ in KPIS:
        by_time = weekly[kpi] if forum == "weekly" else truth[kpi]
        worse = by_time < level[kpi] if direction == "at least" else by_time > level[kpi]
        breaches += [(kpi, _seen(str(name))) for name in by_time.index[worse]]
    world.tables["kpi_value"] = pd.DataFrame(reported, columns=["kpi", "period", "reported", "source"])
    _promised(world)
    found = []
    for kpi, after in breaches:
        at = int(world.utc([after], [9 * 3600])[0])
        if at > horizon:
            continue
        decided = at + max(dice.gamma(3, traits.breach_decided_days / 3), 0.2) * DAY_S
        follows = actions_by_day[actions_by_day["raised"] >= after]
        undecided = dice.random() < traits.breach_undecided or decided > horizon
        action = follows["id"].iloc[0] if len(follows) and not undecided else None
        found.append((kpi, at, np.nan if undecided else decided, action))
        if story.is_healthy and kpi in SERVICE:  # a healthy client mends a missed level by staff
            actions_by_day.loc[actions_by_day["id"] == action, "kind"] = "staffing"
    frame = pd.DataFrame(found, columns=["kpi", "ts", "decided_ts", "action_id"])
    frame["ts"], frame["decided_ts"] = times(frame["ts"]), times(frame["decided_ts"])
    world.tables["breach"] = frame


def _as_reported(world: World, kpi: str, true: pd.Series) -> float | None:
    """Return a figure as the pack shows it: by the formula used there, with what was put on top."""
    traits = world.story.governance
    formula = (
        "" if traits.reported_formula == "V2" or kpi != "service_level" else f"_{traits.reported_formula}"
    )
    value = true[kpi + formula]
    if pd.isna(value):
        return None
    shown = float(value) + traits.reported_shift.get(kpi, 0.0)
    if kpi == "aht_s":
        return round(shown, 1)
    return round(shown if kpi == "csat" else min(max(shown, 0.0), 1.0), 4)


def _promised(world: World) -> None:
    """Fill `sla` and `sla_result`: what the contract promises, and what was reported against it."""
    story = world.story
    rule = "1 % of the fee for each point missed, at most 10 %"
    back = "returned if the two following months are above target"
    outcomes = OUTCOME_TARGETS if story.governance.outcome_sla else {}
    promised = {"service_level": story.target, **outcomes}
    share = {"service_level": 1 - 0.25 * len(outcomes), **dict.fromkeys(outcomes, 0.25)}
    many = len(story.clients) > 1
    terms, rows = [], []
    for client in story.clients:
        queue = next(q.name for q in story.queues if q.client == client) if many else None
        fee = story.monthly_fee / len(story.clients)
        truth = true_figures(world, client=client) if many else world.parts["monthly"]
        for metric, target in promised.items():
            is_level = metric == "service_level"
            at_risk = round(fee * 0.1 * share[metric], 2)
            terms.append(
                (client, metric, queue, "V2" if is_level else None, story.threshold_s if is_level else None,
                 5 if is_level else None, target, "at least", "month", share[metric], is_level, at_risk,
                 story.currency, rule, back, not is_level)
            )  # fmt: skip
            for month, row in truth.iterrows():
                shown = _as_reported(world, metric, row)
                if shown is None:
                    continue
                missed = max(target - shown, 0.0) * 100
                credit = min(missed * story.money.credit_per_point, 0.1) * fee * share[metric]
                rows.append((client, metric, queue, month, shown, round(credit, 2), story.currency, False))
    world.tables["sla"] = pd.DataFrame(
        terms,
        columns=["client", "metric", "queue", "formula_variant", "threshold", "short_abandon_s", "target",
                 "direction", "window", "weight", "critical_flag", "at_risk", "currency", "penalty_rule",
                 "earnback_rule", "outcome_flag"],
    )  # fmt: skip
    world.tables["sla_result"] = pd.DataFrame(
        rows, columns=["client", "metric", "queue", "period", "value", "credit", "currency", "disputed"]
    )


def _seen(name: str) -> date:
    """Return the day on which the figure of a month or week lies on the table."""
    if len(name) == 7:
        return (pd.Timestamp(f"{name}-01") + pd.offsets.MonthEnd(0) + pd.Timedelta(days=2)).date()
    return date.fromisoformat(name) + timedelta(days=7)


def reports(world: World) -> None:
    """Fill `report_log`: packs for the weekly and monthly forums."""
    story, dice = world.story, world.dice("reports")
    traits = story.governance
    planned = world.tables["gov_meeting"]
    planned = planned[planned["forum"].isin(("weekly", "monthly"))]
    clients = story.clients
    span = max(story.days, 1)
    rows = []
    for client in clients:
        for meeting in planned.itertuples():
            begins = int(world.utc([meeting.date_planned], [14 * 3600])[0])
            due = begins - 24 * 3600
            edited = dice.random() < traits.edited_last_day
            late = dice.random() < traits.reports_late
            issued = due + (6 * 3600 if late else -int(dice.integers(1, 8)) * 3600)
            touched = (
                begins - int(dice.integers(1, 15)) * 3600
                if edited
                else issued - 3 * 3600 - int(dice.integers(0, 30)) * 3600
            )
            if edited:
                issued = max(issued, touched + 600)
            age = (meeting.date_planned - story.start).days / span
            hours = story.money.prep_hours * (1 - story.money.automation * age) * dice.gamma(30, 1 / 30)
            if meeting.forum == "monthly":
                hours *= 2
                period = f"{meeting.date_planned - timedelta(days=28):%Y-%m}"
            else:
                monday = meeting.date_planned - timedelta(days=meeting.date_planned.weekday() + 7)
                period = f"{monday}:{monday + timedelta(days=6)}"
            rows.append(
                (f"R{len(rows) + 1:04d}", client, f"{meeting.forum} pack", period, due, issued, begins,
                 round(hours, 2), int(dice.integers(4, 25)) if edited else int(dice.random() < 0.1), touched,
                 bool(dice.random() < traits.opened), "ACD;WFM;QA", bool(dice.random() < traits.restated))
            )  # fmt: skip
    frame = pd.DataFrame(
        rows,
        columns=["report_id", "client", "report", "period", "due_ts", "issued_ts", "meeting_ts", "prep_hours",
                 "manual_edits", "last_edit_ts", "opened", "source_systems", "restated_flag"],
    )  # fmt: skip
    world.counts["packs"] = len(frame)
    world.counts["packs_edited"] = int((frame["manual_edits"] > 3).sum())
    world.counts["packs_restated"] = int(frame["restated_flag"].sum())
    for column in ("due_ts", "issued_ts", "meeting_ts", "last_edit_ts"):
        frame[column] = times(frame[column])
    world.tables["report_log"] = frame
