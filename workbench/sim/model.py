"""What do the engines read? A scenario as flat arrays: numbers only, all names gone.

Queues, groups and everything else stand in the order of their names, so the order of a file changes
nothing. Times are whole microseconds. -1 stands for "none" in every column of numbers of things.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Keys: TypeAlias = NDArray[np.uint64]

# Duties of an agent. Further codes are the activities of the scenario (Names.duties).
OFF, ON = 0, 1

# Kinds of a contact: what brought it about.
FRESH, RETRIAL, REPEAT, ESCALATION, MISROUTE, CLIENT_ESCALATION = range(6)
KINDS = ("fresh", "retrial", "repeat", "escalation", "misroute", "client escalation")

# Ends after which a follow-up may come, in the order in which an engine looks at them.
AFTER_ABANDONED, AFTER_BLOCKED, AFTER_UNRESOLVED, AFTER_SERVED = range(4)
ENDINGS = ("abandoned", "blocked", "unresolved", "served")


class Model(NamedTuple):
    """A scenario as arrays.

    Q queues, S steps of time, T teams, G groups, K channels, R follow-ups, C kinds of complexity (at
    least 1), L learning curves (curve 0: none), W weeks of tenure.
    """

    end_us: int
    """The horizon: contacts are offered before it. [µs]"""
    interval_us: int
    drain: int
    """1: after the horizon the lines are worked off; 0: everything stops there."""
    step_us: Ints
    """(S,) when the values of a step begin to hold; the first is 0. [µs]"""
    tables: Floats
    """(n, 2, OCTAVES, CELLS + 1) quantiles of families with mean one. [1]"""

    queue_channel: Ints
    """(Q,)"""
    queue_priority: Floats
    queue_score: Floats
    queue_score_per_s: Floats
    credit_share: Floats
    credit_us: Ints
    """(Q,) wait with which a share of the contacts enters the line. [µs]"""
    waiting_room: Ints
    """(Q,) places in line, -1 without bound."""
    queue_trunks: Ints
    """(Q,) whose lines are used, -1 none."""
    trunk_lines: Ints
    patience_table: Ints
    """(Q,) -1: waits for ever."""
    patience_us: Floats
    """(Q, S) mean. [µs]"""
    balk: Floats
    """(Q, S)"""
    closed: Ints
    """(Q, S) 1: an outage, 2: outside opening hours; contacts are blocked."""
    when_closed: Ints
    """(Q,) of follow-ups: 0 the queue never closes; 1 they come later; 2 they are lost."""
    opening_start: Ints
    """(Q + 1,) openings opening_start[q]:opening_start[q + 1] belong to queue q; rising, apart."""
    opens_us: Ints
    closes_us: Ints
    """When each opening begins and ends; the first ones lie before the horizon. [µs]"""
    part_table: Ints
    """(Q, 3) of talk, hold, wrap-up; -1: the part does not occur."""
    part_us: Floats
    """(Q, 3) mean. [µs]"""
    hold_probability: Floats
    handle_step: Floats
    """(Q, S) factor on handle times."""
    complexity_upto: Floats
    """(Q, S, C) cumulated shares, the last one 1."""
    complexity_handle: Floats
    """(Q, C)"""
    complexity_escalation: Floats
    complexity_resolution: Floats
    resolution: Floats
    """(Q,) probability that a served contact is resolved."""
    misroute: Floats
    """(Q, S)"""
    misroute_to: Ints
    misroute_talk: Floats
    """(Q,) share of the talk after which a misrouted contact is transferred."""
    callback_after_us: Ints
    """(Q,) -1: no callbacks. [µs]"""
    callback_accept: Floats
    callback_reach: Floats
    callback_attempts: Ints
    callback_dial_us: Ints
    callback_retry_us: Ints
    overflow_start: Ints
    """(Q + 1,) overflow_us[overflow_start[q]:overflow_start[q + 1]] belongs to queue q."""
    overflow_us: Ints
    """Waits at which further teams may take a contact, rising within a queue, none 0. [µs]"""
    threshold_us: Ints
    """(Q,) answered within so long is in time. [µs]"""
    short_abandon_us: Ints
    response_us: Ints
    """(Q,) completed within so long after arrival is in time; -1: no target. [µs]"""

    concurrency: Ints
    """(K,)"""
    stretch: Floats
    """(K, 21) handle-time factor by number in hand, the contact included; entry 0 unused."""
    deferrable: Ints
    """(K,) 1: lines that are not deferrable come first."""
    interruptible: Ints
    """(K,) 1: put down for what is not deferrable, for a break, for the end of the shift."""
    cleared: Ints
    """(K,) 1: leaves the line when lines close."""

    rule_start: Ints
    """(Q + 1,) follow-ups rule_start[q]:rule_start[q + 1] belong to queue q, in the order of names."""
    rule_after: Ints
    rule_kind: Ints
    rule_key: Keys
    """(R,) word from which the follow-up's numbers come."""
    rule_probability: Floats
    rule_to: Ints
    rule_delay_table: Ints
    rule_delay_us: Floats
    rule_at_most: Ints
    rule_stay_us: Ints

    level: Ints
    """(Q, T) of the team's skill; 0: the team does not serve the queue."""
    after_us: Ints
    """(Q, T) only contacts that have waited so long, credit included. [µs]"""
    min_waiting: Ints
    """(Q, T) only while so many wait."""
    route_handle: Floats
    """(Q, T) handle-time factor of the group and its skill."""
    route_resolution: Floats
    route_escalation: Floats
    breadth: Ints
    """(T,) how many queues the team serves."""
    team_group: Ints
    learning_handle: Floats
    """(L, W) by curve and week of tenure; the last week is 1 and goes on."""
    learning_escalation: Floats
    learning_resolution: Floats
    group_first: Ints
    """(G,) number of the first agent of a counted group; -1: the group is people."""
    group_size: Ints
    """(G,) its most agents."""


@dataclass(frozen=True)
class Names:
    """The names that the numbers of a Model stand for, each in its order."""

    queues: tuple[str, ...]
    groups: tuple[str, ...]
    channels: tuple[str, ...]
    duties: tuple[str, ...]
    """off, on, then the activities of shifts, kinds of shrinkage and "outage"."""
    duty_paid: tuple[bool, ...]
    teams: tuple[tuple[str, tuple[str, ...]], ...]
    """Group, and the blocks of people in the team (none for a counted group)."""
    complexity: tuple[tuple[str, ...], ...]
    """By queue; ("",) where a queue has no kinds."""
    rules: tuple[tuple[str, str], ...]
    """Queue and name of each follow-up."""
