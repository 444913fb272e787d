"""Does coaching depend on which team leader one has?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, quantity
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.periods import days_of, each_once, rows_within
from workbench.diagnostics.ways import COACHING, Log, Ways, documented_steps, spoken, ways_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Times, coded, times
from workbench.statistics.between import spread_between
from workbench.wording import counted

EVEN = Scale(zero=1.0, hundred=0.1, target=0.3, source="METHOD VL-1c; ends are ours")
STEPS = {
    "evaluation": ("evaluat", "monitor", "assess"),
    "session": ("session", "coach", "talk", "conversation", "feedback"),
    "follow-up": ("follow", "check", "again", "repeat"),
}
"""What the tables show of a session, and words by which documents name it."""

MANY = 1_000_000
"""More days than any calendar here: agent and day in one number."""

NOTHING = (np.zeros(0, int), np.zeros(0, object), np.zeros(0, "datetime64[us]"), np.zeros(0, bool))


@diagnostic("VL-1c", area="value leaks")
def coaching_alike(
    coaching: Table,
    hris: Table,
    qa_eval: Table | None,
    process_document: Table | None,
    client: Client,
    period: Period,
    *,
    follow_up_days: int = 30,
) -> Verdict:
    """Agents are coached about as often, and in the same way, whoever leads their team.

    Why: a cadence that hangs on a person is not a process.
    Healthy: between 1.8 and 2.2 sessions per agent and month in every team, nine of ten after an evaluation.
    Unhealthy: 3 sessions in one team, none in another; some leaders coach without looking at an evaluation.
    Remedy: set one cadence for all teams and show each leader's count beside the others'.
    """
    held = rows_within(coaching, "date", period, client)
    rate, even = _how_often(held, hris, period)
    ways = _ways(held, qa_eval, process_document, client, period, follow_up_days)
    table = {} if rate is None else {"coaching by team leader": rate.rename_axis("team leader").reset_index()}
    return Verdict(
        (even, *ways.evidence),
        findings(
            "VL-1c",
            (
                (
                    even,
                    "team leader",
                    "Set one cadence for all teams, and show each leader's count beside the others'.",
                ),
                (
                    ways.top,
                    "session",
                    "Agree on one way of coaching: an evaluation, the session, another look.",
                ),
                (
                    ways.spread,
                    "team leader",
                    "Let team leaders sit in on one another's sessions and settle on one way.",
                ),
                (
                    ways.fit,
                    "session",
                    "Book the next evaluation when a session is held, as the process says.",
                ),
            ),
            side="vendor",
            about=("coaching",),
        ),
        {**table, **ways.facts},
    )


def _how_often(held: pd.DataFrame, hris: Table, period: Period) -> tuple[pd.Series | None, Evidence]:
    """Return sessions per agent-month by team leader, and how far they differ."""
    label = "spread of coaching between team leaders"
    agents = each_once(hris, "agent_id")
    leader, leaders = coded(agents, "supervisor_id")
    mine = (agents["role"] == "agent").to_numpy(bool) & (leader >= 0)
    first, last = np.datetime64(period.start, "us"), np.datetime64(period.end, "us")
    left, began = times(agents, "term_date"), times(agents, "start_date")
    until = np.minimum(np.where(np.isnat(left), last, left), last)
    days = (until - np.maximum(np.where(np.isnat(began), first, began), first)) / np.timedelta64(1, "D") + 1
    months = np.bincount(leader[mine], days[mine].clip(min=0), len(leaders)) / 30.4375
    whose = np.append(np.where(mine, leader, -1), -1)[
        pd.Index(agents["agent_id"]).get_indexer(held["agent_id"])
    ]
    sessions = np.bincount(whose[whose >= 0], minlength=len(leaders))
    enough = months >= 1.0
    months, sessions = months[enough], sessions[enough]
    rate = pd.Series(sessions / months, index=leaders[enough], name="sessions per agent-month").sort_index()
    if len(rate) < 2 or rate.sum() == 0:
        has = f"{counted(len(rate), 'team')} and {counted(len(held), 'session')}"
        reason = f"needs two teams and one session; has {has}"
        return None, missing(label, "times the mean", table="coaching", reason=reason, weight=3.0)
    mean = float(sessions.sum() / months.sum())
    # what is left after the spread that chance alone brings to counts of this size
    found = spread_between(sessions / months, mean / months)
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    return rate, quantity(
        label,
        found.value / mean,
        "times the mean",
        len(rate),
        table="coaching",
        period=period,
        scale=EVEN,
        weight=3.0,
        interval=(found.low / mean, found.high / mean),
        formula="standard deviation between leaders of sessions per agent-month, chance removed / mean",
    )


def _ways(
    held: pd.DataFrame,
    qa_eval: Table | None,
    process_document: Table | None,
    client: Client,
    period: Period,
    days: int,
) -> Ways:
    """Return the ways in which sessions ran: on an evaluation or not, looked at again within `days` or not."""
    steps = spoken(documented_steps(process_document, "coaching"), STEPS)
    if qa_eval is None:
        return ways_of(COACHING, Log(*NOTHING), documented=steps, needs="qa_eval")
    evals = each_once(qa_eval, "eval_id")
    judged = days_of(evals, "eval_ts", client)
    day = times(held, "date")
    horizon = np.nanmax(np.append(judged, np.datetime64(period.end, "us")))
    seen = day <= horizon - np.timedelta64(days, "D")
    of = np.append(pd.Index(evals["eval_id"]).get_indexer(held["linked_eval_id"]), -1)[:-1]
    named = held["linked_eval_id"].notna().to_numpy(bool)
    linked = np.where(of >= 0, judged[of] if len(judged) else day, day)
    first = np.where(named, np.where(np.isnat(linked), day, linked), np.datetime64("NaT"))
    after = _next(held, day, evals, judged, days)
    case = np.tile(np.arange(len(held)), 3)
    time = np.concatenate([first, day, after]).astype("datetime64[us]")
    rows = np.tile(seen, 3) & ~np.isnat(time)
    names = np.repeat(np.array(["evaluation", "session", "follow-up"], object), len(held))
    coach, coaches = coded(held, "coach_id")
    every = np.ones(int(rows.sum()), bool)
    log = Log(case[rows], names[rows], time[rows], every, coach, list(coaches))
    return ways_of(COACHING, log, documented=steps)


def _next(held: pd.DataFrame, day: Times, evals: pd.DataFrame, judged: Times, days: int) -> Times:
    """Return the day of each session's next evaluation of the same agent; NaT where none came within `days`."""
    agent, agents = coded(evals, "agent_id")
    mine, everybody = coded(held, "agent_id")
    who = np.append(agents.get_indexer(everybody), -1)[mine]
    usable = (agent >= 0) & ~np.isnat(judged)
    ordered = np.sort(agent[usable] * MANY + judged[usable].astype("datetime64[D]").astype(np.int64))
    at = np.where(who >= 0, who * MANY + day.astype("datetime64[D]").astype(np.int64), np.iinfo(np.int64).max)
    place = np.append(ordered, np.iinfo(np.int64).max)[np.searchsorted(ordered, at, side="right")]
    ahead = place - at
    came = (who >= 0) & (ahead <= days)
    return np.where(came, day + np.where(came, ahead, 0).astype("timedelta64[D]"), np.datetime64("NaT"))
