"""What do the rows of a run look like as tables, so that every metric works on them as on a client's?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, BLOCKED, OUTCOMES
from workbench.sim.model import KINDS, ON, Ints
from workbench.sim.parts import US
from workbench.sim.records import (
    N_ABANDONED,
    N_ANSWERED,
    N_BACKLOG,
    N_IN_TIME,
    N_OFFERED,
    N_SHORT_ABANDONED,
    REASONS,
    US_HOLD,
    US_TALK,
    US_WAIT_ANSWERED,
    US_WRAP,
    AgentRows,
    ContactRows,
    IntervalCounts,
    roots,
)

if TYPE_CHECKING:
    from workbench.sim.workload import Workload


def _when(workload: Workload, us: Ints) -> pd.Series:
    start = np.datetime64(workload.scenario.horizon.start_utc.replace(tzinfo=None), "us")
    stamps = start + np.maximum(us, 0).astype("timedelta64[us]")
    stamps[us < 0] = np.datetime64("NaT")
    return pd.Series(stamps).dt.tz_localize("UTC")


def _named(numbers: np.ndarray, names: tuple[str, ...]) -> pd.Categorical:
    return pd.Categorical.from_codes(numbers, categories=list(dict.fromkeys(names)))


def contacts_table(workload: Workload, c: ContactRows) -> pd.DataFrame:
    """Return contacts with the columns of the canonical table, so that every metric works on it.

    Beside them: kind, attempt, outcome, wait_s, end_ts, callback, put_down, in_hand.
    """
    s, names, m = workload.scenario, workload.names, workload.model
    n = len(c.key)
    served = c.agent >= 0
    answered, abandoned = c.outcome == ANSWERED, c.outcome == ABANDONED
    group = m.team_group[workload.agents.team[c.agent]] if len(workload.agents.team) else c.agent * 0
    sites = tuple(sorted({g.site for g in s.groups.values()})) or ("",)
    site_of = np.array([sites.index(s.groups[g].site) for g in names.groups] or [0])
    channels = np.array([names.channels.index(s.queues[q].channel) for q in names.queues])
    ids = pd.Series([f"C{i:09d}" for i in range(n)], dtype="str")
    blank = np.array([""], dtype=object)
    agent = np.append(np.array(workload.agents.names, dtype=object), blank)[c.agent]
    root = roots(c.parent)
    decided = c.resolved >= 0
    disposition = np.where(c.outcome == BLOCKED, len(REASONS), c.reason)
    wait_us = np.where(answered, c.answer_us, c.abandon_us) - c.offered_us
    seconds = {
        name: pd.Series(np.where(answered, us / US, np.nan))
        for name, us in (("talk_s", c.talk_us + c.stay_us), ("hold_s", c.hold_us), ("acw_s", c.wrap_us))
    }
    complexity = [
        names.complexity[q][k] for q, k in zip(c.queue.tolist(), c.complexity.tolist(), strict=True)
    ]
    return pd.DataFrame(
        {
            "contact_id": ids,
            "parent_contact_id": ids.reindex(c.parent).set_axis(range(n)),
            "agent_id": pd.Series(np.where(served, agent, None), dtype="str"),
            "customer_key": ids.iloc[root].set_axis(range(n)),
            "channel": _named(channels[c.queue], names.channels),
            "queue": _named(c.queue, names.queues),
            "site": _named(np.where(served, site_of[group], -1), sites),
            "offered_ts": _when(workload, c.offered_us),
            "queue_ts": _when(workload, np.where(c.outcome == BLOCKED, -1, c.offered_us)),
            "answer_ts": _when(workload, c.answer_us),
            "abandon_ts": _when(workload, c.abandon_us),
            **seconds,
            "transfer_flag": pd.Series((c.transferred == 1) | (c.escalated == 1)),
            "escalated_flag": pd.Series(c.escalated == 1),
            "disposition": pd.Series(
                np.array([*(r or None for r in REASONS), "blocked"], dtype=object)[disposition], dtype="str"
            ),
            "resolved_flag": pd.Series(np.where(decided, c.resolved == 1, False), dtype="boolean").mask(
                pd.Series(~decided)
            ),
            "complexity_tag": pd.Series([k or None for k in complexity], dtype="str"),
            "kind": _named(c.kind, KINDS),
            "attempt": c.attempt,
            "outcome": pd.Categorical.from_codes(c.outcome, categories=list(OUTCOMES)),
            "wait_s": pd.Series(np.where(answered | abandoned, wait_us / US, np.nan)),
            "end_ts": _when(workload, c.end_us),
            "reason": _named(c.reason, REASONS),
            "callback": c.callback == 1,
            "put_down": c.put_down,
            "in_hand": c.in_hand,
        }
    )


def agents_table(workload: Workload, a: AgentRows) -> pd.DataFrame:
    """Return agents' states with the columns of the canonical table `agent_state`.

    state : available, handling, or the activity. Beside it: group, team, duty (what the calendar
    says), overrun (handling when the calendar says something else), start_s and end_s.
    """
    names, m = workload.names, workload.model
    team = workload.agents.team[a.agent]
    duty = np.array(["off", "available", *names.duties[2:]], dtype=object)[a.duty]
    return pd.DataFrame(
        {
            "agent_id": pd.Series(np.array(workload.agents.names, dtype=object)[a.agent], dtype="str"),
            "state": pd.Categorical(np.where(a.handling == 1, "handling", duty)),
            "start": _when(workload, a.start_us),
            "end": _when(workload, a.end_us),
            "group": _named(m.team_group[team], names.groups),
            "team": team,
            "duty": _named(a.duty, names.duties) if _unique(names.duties) else pd.Categorical(duty),
            "overrun": (a.handling == 1) & (a.duty != ON),
            "start_s": a.start_us / US,
            "end_s": a.end_us / US,
        }
    )


def _unique(names: tuple[str, ...]) -> bool:
    return len(set(names)) == len(names)


def intervals_table(workload: Workload, counts: IntervalCounts) -> pd.DataFrame:
    """Return counters with the columns of the canonical table `intervals`, a row per interval and queue.

    A contact counts in the interval in which it was offered. Staffed and available time belong to
    groups, not to queues, and are not here.
    """
    names, m = workload.names, workload.model
    n_intervals, n_queues, _ = counts.queue.shape
    flat = counts.queue.reshape(n_intervals * n_queues, -1)
    queue = np.tile(np.arange(n_queues), n_intervals)
    start_us = np.repeat(np.arange(n_intervals, dtype=np.int64) * m.interval_us, n_queues)
    answered = np.where(flat[:, N_ANSWERED] > 0, flat[:, N_ANSWERED], np.nan)
    handle_us = flat[:, US_TALK] + flat[:, US_HOLD] + flat[:, US_WRAP]
    return pd.DataFrame(
        {
            "interval_start": _when(workload, start_us),
            "interval_s": m.interval_us / US,
            "queue": _named(queue, names.queues),
            "channel": _named(m.queue_channel[queue], names.channels),
            "offered": flat[:, N_OFFERED],
            "answered": flat[:, N_ANSWERED],
            "answered_in_T": flat[:, N_IN_TIME],
            "threshold_s": m.threshold_us[queue] / US,
            "abandoned": flat[:, N_ABANDONED],
            "short_abandoned": flat[:, N_SHORT_ABANDONED],
            "asa_s": flat[:, US_WAIT_ANSWERED] / US / answered,
            "aht_s": handle_us / US / answered,
            "backlog": flat[:, N_BACKLOG],
        }
    )
