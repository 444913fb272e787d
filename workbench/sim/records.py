"""What is known after a run? One row per contact, one per state of an agent, counters per interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, BLOCKED, WAITING
from workbench.sim.compile import most_agents
from workbench.sim.model import FRESH, KINDS, OFF, Ints, Keys

if TYPE_CHECKING:
    from workbench.sim.scenario import Scenario
    from workbench.sim.workload import Workload

# Why a contact ended as it did.
(
    NO_REASON,
    LOST_PATIENCE,
    BALKED,
    LINES_CLOSED,
    NOT_REACHED,
    LINES_BUSY,
    ROOM_FULL,
    QUEUE_DOWN,
) = range(8)
REASONS = (
    "", "patience", "balked", "closed", "not reached", "lines busy", "room full", "queue down",
)  # fmt: skip


class ContactRows(NamedTuple):
    """One entry per contact, by contact number. -1: none, not known, or it did not happen."""

    key: Keys
    parent: Ints
    """The contact that brought it about."""
    kind: np.ndarray
    """int8: FRESH, RETRIAL, REPEAT, ESCALATION, MISROUTE, CLIENT_ESCALATION."""
    attempt: np.ndarray
    """int16: contacts before it in its chain."""
    queue: np.ndarray
    """int32"""
    complexity: np.ndarray
    """int16: the kind of complexity."""
    offered_us: Ints
    answer_us: Ints
    """First taken by an agent (and, called back, reached)."""
    abandon_us: Ints
    end_us: Ints
    """Talk over; work completed."""
    agent: np.ndarray
    """int32: the last one who took it."""
    outcome: np.ndarray
    """int8: ANSWERED, ABANDONED, BLOCKED, WAITING (at the end of the run)."""
    reason: np.ndarray
    """int8: NO_REASON ... QUEUE_DOWN."""
    talk_us: Ints
    """0 if never answered; in full even if the run ended before."""
    hold_us: Ints
    wrap_us: Ints
    stay_us: Ints
    """For so long the agent stayed on in a warm escalation."""
    resolved: np.ndarray
    """int8: 1, 0; -1 if not decided: not served, escalated, misrouted, or not over."""
    escalated: np.ndarray
    """int8: 1 if passed on to another tier."""
    transferred: np.ndarray
    """int8: 1 if misrouted and passed on."""
    callback: np.ndarray
    """int8: 1 if the offer to be called back was taken."""
    put_down: np.ndarray
    """int16: how often it was put down."""
    in_hand: np.ndarray
    """int8: contacts that the agent had in hand when first taking it, this one included; else 0."""


CONTACT_TYPES = {
    "key": np.uint64, "parent": np.int64, "kind": np.int8, "attempt": np.int16, "queue": np.int32,
    "complexity": np.int16, "offered_us": np.int64, "answer_us": np.int64, "abandon_us": np.int64,
    "end_us": np.int64, "agent": np.int32, "outcome": np.int8, "reason": np.int8,
    "talk_us": np.int64, "hold_us": np.int64, "wrap_us": np.int64, "stay_us": np.int64,
    "resolved": np.int8, "escalated": np.int8, "transferred": np.int8, "callback": np.int8,
    "put_down": np.int16, "in_hand": np.int8,
}  # fmt: skip


class AgentRows(NamedTuple):
    """Stretches of time in which an agent's duty and whether contacts are in hand are the same.

    In the order of agent and time; adjacent rows differ; time off without a contact has no row.
    """

    agent: np.ndarray
    """int32"""
    duty: np.ndarray
    """int16: code of the model's duties."""
    handling: np.ndarray
    """int8: 1 while a contact is in hand; with a duty other than ON that is overrun."""
    start_us: Ints
    end_us: Ints


# Counters of a queue in an interval. A contact counts in the interval in which it was offered.
(
    N_OFFERED,
    N_FRESH,
    N_ANSWERED,
    N_ABANDONED,
    N_BLOCKED,
    N_IN_TIME,
    N_ABANDONED_IN_TIME,
    N_SHORT_ABANDONED,
    US_WAIT_ANSWERED,
    US_WAIT_ABANDONED,
    US_TALK,
    US_HOLD,
    US_WRAP,
    N_ESCALATED,
    N_TRANSFERRED,
    N_RESOLVED,
    N_RETRIALS,
    N_REPEATS,
    N_CALLBACKS,
    N_COMPLETED_IN_TIME,
    N_BACKLOG,
    N_WAITED,
) = range(22)
COUNTERS = (
    "offered", "fresh", "answered", "abandoned", "blocked", "in_time", "abandoned_in_time",
    "short_abandoned", "wait_answered_us", "wait_abandoned_us", "talk_us", "hold_us", "wrap_us",
    "escalated", "transferred", "resolved", "retrials", "repeats", "callbacks", "completed_in_time",
    "backlog", "waited",
)  # fmt: skip
"""backlog: in line for a first answer when the interval ends, whenever offered. waited: answered
or abandoned, and not at the instant of arrival. stay is part of talk_us."""


class IntervalCounts(NamedTuple):
    """Counters; the last row of `group_us` is the time after the horizon."""

    queue: np.ndarray
    """int64 of shape (n_intervals, Q, len(COUNTERS))."""
    group_us: np.ndarray
    """int64 of shape (n_intervals + 1, G, D, 2): agents' time by duty, without and with a contact
    in hand. [µs]"""


def count_intervals(workload: Workload, contacts: ContactRows, agents: AgentRows) -> IntervalCounts:
    """Return the counters of an interval from the rows: their definition."""
    return IntervalCounts(_count_contacts(workload, contacts), _count_time(workload, agents))


def _count_contacts(workload: Workload, c: ContactRows) -> np.ndarray:
    m = workload.model
    n_intervals, n_queues = m.end_us // m.interval_us, len(m.queue_channel)
    interval = c.offered_us // m.interval_us
    cell = interval * n_queues + c.queue
    answered, abandoned = c.outcome == ANSWERED, c.outcome == ABANDONED
    wait = np.where(answered, c.answer_us, c.abandon_us) - c.offered_us
    in_time = wait <= m.threshold_us[c.queue]
    response = m.response_us[c.queue]
    completed = (c.end_us >= 0) & (response >= 0) & (c.end_us - c.offered_us <= response)
    values = {
        N_OFFERED: np.ones(len(cell), dtype=np.int64),
        N_FRESH: c.kind == FRESH,
        N_ANSWERED: answered,
        N_ABANDONED: abandoned,
        N_BLOCKED: c.outcome == BLOCKED,
        N_IN_TIME: answered & in_time,
        N_ABANDONED_IN_TIME: abandoned & in_time,
        N_SHORT_ABANDONED: abandoned & (wait <= m.short_abandon_us[c.queue]),
        US_WAIT_ANSWERED: np.where(answered, wait, 0),
        US_WAIT_ABANDONED: np.where(abandoned, wait, 0),
        US_TALK: c.talk_us + c.stay_us,
        US_HOLD: c.hold_us,
        US_WRAP: c.wrap_us,
        N_ESCALATED: c.escalated,
        N_TRANSFERRED: c.transferred,
        N_RESOLVED: c.resolved == 1,
        N_RETRIALS: c.kind == KINDS.index("retrial"),
        N_REPEATS: c.kind == KINDS.index("repeat"),
        N_CALLBACKS: c.callback,
        N_COMPLETED_IN_TIME: completed,
        N_WAITED: (answered | abandoned) & (wait > 0),
    }
    out: np.ndarray = np.zeros((n_intervals * n_queues, len(COUNTERS)), dtype=np.int64)
    for counter, value in values.items():
        np.add.at(out[:, counter], cell, value.astype(np.int64))
    out = out.reshape(n_intervals, n_queues, len(COUNTERS))
    out[:, :, N_BACKLOG] = _backlog(m.interval_us, n_intervals, n_queues, c)
    return out


def _backlog(interval_us: int, n_intervals: int, n_queues: int, c: ContactRows) -> np.ndarray:
    """Return who waits for a first answer when each interval ends: shape (n_intervals, Q)."""
    entered = c.outcome != BLOCKED
    left_us = np.where(c.outcome == ANSWERED, c.answer_us, c.abandon_us)
    gone = entered & (c.outcome != WAITING)
    change = np.zeros((n_intervals + 1, n_queues), dtype=np.int64)
    first = np.minimum(c.offered_us // interval_us, n_intervals)
    last = np.minimum(left_us // interval_us, n_intervals)
    np.add.at(change, (first[entered], c.queue[entered]), 1)
    np.add.at(change, (last[gone], c.queue[gone]), -1)
    return np.cumsum(change, axis=0)[:n_intervals]


def _count_time(workload: Workload, a: AgentRows) -> np.ndarray:
    m = workload.model
    n_intervals, n_duties = m.end_us // m.interval_us, len(workload.names.duties)
    out = np.zeros((n_intervals + 1, len(m.group_first), n_duties, 2), dtype=np.int64)
    group = m.team_group[workload.agents.team[a.agent]]
    start, end = a.start_us.copy(), a.end_us
    while len(start):
        interval = np.minimum(start // m.interval_us, n_intervals)
        until = np.where(interval == n_intervals, end, np.minimum(end, (interval + 1) * m.interval_us))
        np.add.at(out, (interval, group, a.duty, a.handling), until - start)
        more = until < end
        a = AgentRows(*(column[more] for column in a))
        start, end, group = until[more], end[more], group[more]
    return out


def merged_rows(rows: AgentRows) -> AgentRows:
    """Return agents' rows in order, adjacent equal ones as one, without time off and empty rows."""
    keep = (rows.end_us > rows.start_us) & ((rows.duty != OFF) | (rows.handling == 1))
    rows = AgentRows(*(column[keep] for column in rows))
    order = np.lexsort((rows.start_us, rows.agent))
    rows = AgentRows(*(column[order] for column in rows))
    same = (
        (rows.agent[1:] == rows.agent[:-1])
        & (rows.duty[1:] == rows.duty[:-1])
        & (rows.handling[1:] == rows.handling[:-1])
        & (rows.start_us[1:] == rows.end_us[:-1])
    )
    first = np.concatenate([[True], ~same])[: len(rows.agent)]
    last = np.concatenate([~same, [True]])[: len(rows.agent)]
    return AgentRows(
        rows.agent[first], rows.duty[first], rows.handling[first], rows.start_us[first], rows.end_us[last]
    )


def roots(parent: Ints) -> Ints:
    """Return the first contact of each contact's chain."""
    root = np.where(parent >= 0, parent, np.arange(len(parent)))
    while True:
        further = root[root]
        if np.array_equal(further, root):
            return root
        root = further


def expected_contacts(scenario: Scenario) -> float:
    """Return how many contacts a replication has on average, follow-ups not counted."""
    p = scenario.prepared
    total = float((p.rate * (p.edge_us[1:] - p.edge_us[:-1])).sum())
    for queue in scenario.queues.values():
        error = queue.arrivals.forecast_error
        total += queue.arrivals.backlog + len(queue.arrivals.times_s or ())
        total *= 1.0 + (error.bias if error is not None and error.bias > 0 else 0.0)
    return total


def expected_bytes(scenario: Scenario, record: str) -> float:
    """Return about how much memory a replication needs with a record mode. [bytes]"""
    n, p = expected_contacts(scenario), scenario.prepared
    agents = sum(most_agents(g) + sum(b.count for b in g.people.values()) for g in scenario.groups.values())
    n_intervals = p.model.end_us // p.model.interval_us
    cells = n_intervals * (
        len(p.names.queues) * len(COUNTERS) + 2 * len(p.names.groups) * len(p.names.duties)
    )
    arrivals = 40.0  # time, queue, key, and the order in which they are sorted
    row = float(sum(np.dtype(t).itemsize for t in CONTACT_TYPES.values()))
    per_contact = {"intervals": arrivals, "contacts": arrivals + 2.5 * row, "all": arrivals + 4.5 * row}
    return n * per_contact[record] + 8.0 * cells + 200.0 * agents
