"""What does the fast engine do with an event? The definition of simpy_engine.py, compiled.

Read ARCHITECTURE.md, "Simulator", and engines/simpy_engine.py first: every function here does what a
method of the same meaning does there, in the same order. All state lies in flat records; `World`
holds where each of them is, so that a function takes one pointer instead of forty arrays (a call
with forty arrays copies more than it computes). `at(w.slots, i, SLOT)` is record i of a table.

Numba compiles each function once and keeps it on disk (compiled.py). A function that numba does not
know yet must stand above those that call it.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,untyped-decorator"
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic
from numba.np.numpy_support import from_dtype

from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, BLOCKED, WAITING
from workbench.sim import variates
from workbench.sim.calendar import CLOSE_LINES, DUTY
from workbench.sim.compiled import compiling
from workbench.sim.model import (
    AFTER_ABANDONED,
    AFTER_BLOCKED,
    AFTER_SERVED,
    AFTER_UNRESOLVED,
    ESCALATION,
    FRESH,
    MISROUTE,
    OFF,
    ON,
    REPEAT,
    RETRIAL,
)
from workbench.sim.records import (
    BALKED,
    CONTACT_TYPES,
    COUNTERS,
    LINES_BUSY,
    LINES_CLOSED,
    LOST_PATIENCE,
    NO_REASON,
    NOT_REACHED,
    QUEUE_DOWN,
    ROOM_FULL,
)
from workbench.sim.run import (
    AGENT_DONE,
    CALLBACK_DUE,
    CALLBACK_OFFER,
    CONTACT_COMES,
    OVERFLOW,
    PATIENCE_ENDS,
    TALK_ENDS,
)
from workbench.sim.variates import (
    BALK,
    CALLBACK_TAKEN,
    COMPLEXITY,
    CREDIT,
    HOLD,
    HOLD_HAPPENS,
    MISROUTED,
    PATIENCE,
    PICK,
    REACHED,
    RESOLVED,
    TALK,
    TEAM,
    WRAP_UP,
    chance,
    duration_us,
    handle_factor,
    mix,
    tenure_week,
    unit,
)

SOURCES = (Path(__file__), Path(variates.__file__))
"""The files whose text decides what is compiled here."""

I8, F8, U8, I4, I2, I1 = np.int64, np.float64, np.uint64, np.int32, np.int16, np.int8

# Where a contact is.
COMING, IN_LINE, TALKING, WRAPPING, DIALLING, BETWEEN_CALLS, GONE = range(7)

DONE, FULL = 0, 1
"""What `advance` returns: all is over; or tables need room before it can go on."""
SPARE = 64
"""Free records of each table that one event may use up, beside those that it can count beforehand."""

_NONE = np.int64(-1)
_LONG = np.int64(1) << np.int64(62)
_OF_KIND = np.int64(1) << np.int64(56)
"""An event is ordered by its kind times this, plus its number."""


def _record(*fields: tuple[str, Any]) -> np.dtype[Any]:
    return np.dtype(list(fields), align=True)


def _of(kind: Any, *names: str) -> list[tuple[str, Any]]:
    return [(name, kind) for name in names]


ROW = _record(*CONTACT_TYPES.items())
"""One contact as it is recorded: the columns of ContactRows."""

SLOT = _record(
    *CONTACT_TYPES.items(),
    *_of(
        I8, "number", "line_us", "due_us", "done_us", "left_us",
        "previous", "next", "interval", "left_interval", "phase", "place", "attempts", "holds_line",
        "waits", "wrong_queue", "dialling", "next_in_hand",
    ),
)  # fmt: skip
"""A contact that is not over yet. Slots are used again; `number` tells whose it is."""

QUEUE = _record(
    *_of(
        I8, "channel", "room", "trunks", "patience_table", "credit_us", "misroute_to",
        "callback_after_us", "callback_attempts", "callback_dial_us", "callback_retry_us",
        "threshold_us", "short_abandon_us", "response_us", "rule_first", "rule_after_last",
        "overflow_first", "overflow_after_last", "team_first", "team_after_last", "plain",
        "head", "tail", "waiting",
        "talk_table", "hold_table", "wrap_table",
    ),
    *_of(
        F8, "priority", "score", "score_per_s", "credit_share", "resolution", "misroute_talk",
        "hold_probability", "callback_accept", "callback_reach", "talk_us", "hold_us", "wrap_us",
    ),
)  # fmt: skip
QSTEP = _record(("patience_us", F8), ("balk", F8), ("misroute", F8), ("handle", F8), ("closed", I8))
COMPLEX = _record(("handle", F8), ("escalation", F8), ("resolution", F8))
ROUTE = _record(*_of(I8, "level", "after_us", "min_waiting"), *_of(F8, "handle", "resolution", "escalation"))
CHANNEL = _record(*_of(I8, "concurrency", "deferrable", "cleared", "bucket"))
RULE = _record(
    *_of(I8, "after", "kind", "to", "delay_table", "at_most", "stay_us"),
    *_of(F8, "probability", "delay_us"),
    ("key", U8),
)
TEAM_ROW = _record(*_of(I8, "group", "breadth", "queue_first", "queue_after_last"))
LEARNING = _record(("handle", F8), ("escalation", F8), ("resolution", F8))
AGENT = _record(
    *_of(
        I8, "team", "curve", "hired_us", "group", "duty", "in_hand", "channel", "since_us", "bucket",
        "previous", "next", "first_in_hand", "state_since_us",
    ),
    ("speed", F8),
)  # fmt: skip
BUCKET = _record(*_of(I8, "head", "tail", "count"))
"""Agents of a team who can take something: those with nothing in hand, those with n of a channel,
those who work on something deferrable. The longest unchanged stands first."""
GROUP = _record(*_of(I8, "first", "size"))
EVENT = _record(*_of(I8, "at_us", "order", "slot"))
CALENDAR_ROW = _record(*_of(I8, "at_us", "kind", "who", "value"))
AGENT_ROW = _record(*_of(I8, "agent", "duty", "handling", "start_us", "end_us"))
CELL = _record(*_of(I8, *COUNTERS))
NUMBER = _record(("value", I8))
SHARE = _record(("value", F8))
SMALL = _record(("value", I4))
WORD = _record(("value", U8))

TABLES = (
    "slots", "heap", "queues", "qsteps", "upto", "kinds", "routes", "channels", "stretch", "rules",
    "teams", "learning", "agents", "buckets", "groups", "calendar", "arrival_us", "arrival_queue",
    "arrival_key", "rows", "agent_rows", "cells", "group_us", "group_now", "team_queues",
    "queue_teams", "overflow", "step_us", "lines_free", "leaving", "tables",
)  # fmt: skip
WORLD = _record(
    *_of(I8, *TABLES),
    *_of(
        I8, "n_slots", "n_heap", "heap_room", "n_queues", "n_steps", "n_kinds", "n_teams", "n_buckets",
        "n_weeks", "n_agents", "n_groups", "n_duties", "n_events", "n_arrivals", "rows_room",
        "n_agent_rows", "agent_rows_room", "n_intervals", "n_tables", "most_rules",
        "end_us", "interval_us", "drain", "antithetic", "record_contacts", "record_agents",
        "now", "next_arrival", "next_event", "next_number", "interval", "edge_us", "step",
        "next_step_us", "free_slot", "n_free", "in_line", "deferring_bucket", "agents_deferring",
    ),
)  # fmt: skip
"""Where every table is (addresses), how long it is, and where the run has got to."""

W = from_dtype(WORLD)
AGENT_POLICY = types.FunctionType(
    types.float64(types.int64, types.int64, types.float64, types.int64, types.int64, types.float64)
)
QUEUE_POLICY = types.FunctionType(
    types.float64(
        types.int64, types.float64, types.float64, types.float64, types.float64, types.int64,
        types.float64,
    )
)  # fmt: skip
_int, _float, _none = types.int64, types.float64, types.void
_SLOT = from_dtype(SLOT)


@intrinsic
def at(typingctx, base, index, dtype):
    """Return record `index` of the table at address `base`; nothing checks that it is there."""
    record = dtype.dtype

    def codegen(context, builder, signature, arguments):
        size = context.get_constant(types.int64, record.size)
        address = builder.add(arguments[0], builder.mul(arguments[1], size))
        return builder.inttoptr(address, context.get_value_type(record))

    return record(types.int64, types.int64, dtype), codegen


@intrinsic
def _pointer(typingctx, address):
    """Return an address as a pointer."""

    def codegen(context, builder, signature, arguments):
        return builder.inttoptr(arguments[0], context.get_value_type(types.voidptr))

    return types.voidptr(types.int64), codegen


with compiling(*SOURCES):

    def _compiled(*signature):
        return njit(signature[0](*signature[1:]), cache=True, nogil=True, error_model="numpy")

    # -- what is due --------------------------------------------------------------------------------

    @_compiled(_none, W, _int, _int, _int, _int)
    def push(w, at_us, kind, number, slot):
        """Make an event due."""
        order = kind * _OF_KIND + number
        i = w.n_heap
        w.n_heap = i + 1
        while i > 0:
            up = (i - 1) >> 1
            above = at(w.heap, up, EVENT)
            if above.at_us < at_us or (above.at_us == at_us and above.order <= order):
                break
            here = at(w.heap, i, EVENT)
            here.at_us, here.order, here.slot = above.at_us, above.order, above.slot
            i = up
        here = at(w.heap, i, EVENT)
        here.at_us, here.order, here.slot = at_us, order, slot

    @_compiled(_none, W)
    def pop(w):
        """Take the first event away: let the hole sink to a leaf, then the last event rise into it."""
        n = w.n_heap - 1
        w.n_heap = n
        last = at(w.heap, n, EVENT)
        at_us, order, slot = last.at_us, last.order, last.slot
        i, down = np.int64(0), np.int64(1)
        while down < n:
            first = at(w.heap, down, EVENT)
            if down + 1 < n:
                second = at(w.heap, down + 1, EVENT)
                if second.at_us < first.at_us or (second.at_us == first.at_us and second.order < first.order):
                    down += 1
                    first = second
            here = at(w.heap, i, EVENT)
            here.at_us, here.order, here.slot = first.at_us, first.order, first.slot
            i = down
            down = 2 * i + 1
        while i > 0:
            up = (i - 1) >> 1
            above = at(w.heap, up, EVENT)
            if above.at_us < at_us or (above.at_us == at_us and above.order <= order):
                break
            here = at(w.heap, i, EVENT)
            here.at_us, here.order, here.slot = above.at_us, above.order, above.slot
            i = up
        here = at(w.heap, i, EVENT)
        here.at_us, here.order, here.slot = at_us, order, slot

    # -- agents: their time, and where they stand ---------------------------------------------------

    @_compiled(_none, W, _int, _int, _int)
    def count_time(w, agent, handling, sign):
        """Begin (sign 1) or stop (sign -1) to count an agent's time in its present state."""
        a = at(w.agents, agent, AGENT)
        if a.duty == OFF and handling == 0:
            return
        state = (a.group * w.n_duties + a.duty) * 2 + handling
        at(w.group_now, state, NUMBER).value += sign
        cell = w.interval * w.n_groups * w.n_duties * 2 + state
        at(w.group_us, cell, NUMBER).value += sign * (w.edge_us - w.now)

    @_compiled(_none, W, _int, _int)
    def record_state(w, agent, handling):
        """Record the state that an agent is about to leave."""
        if w.record_agents == 0:
            return
        a = at(w.agents, agent, AGENT)
        if a.state_since_us < w.now:
            r = at(w.agent_rows, w.n_agent_rows, AGENT_ROW)
            r.agent, r.duty, r.handling = agent, a.duty, handling
            r.start_us, r.end_us = a.state_since_us, w.now
            w.n_agent_rows += 1
            a.state_since_us = w.now

    @_compiled(_none, W, _int)
    def step_out(w, agent):
        """Take an agent out of the list of those who can take something."""
        a = at(w.agents, agent, AGENT)
        if a.bucket < 0:
            return
        b = at(w.buckets, a.team * w.n_buckets + a.bucket, BUCKET)
        if a.previous >= 0:
            at(w.agents, a.previous, AGENT).next = a.next
        else:
            b.head = a.next
        if a.next >= 0:
            at(w.agents, a.next, AGENT).previous = a.previous
        else:
            b.tail = a.previous
        b.count -= 1
        if a.bucket == w.deferring_bucket:
            w.agents_deferring -= 1
        a.bucket = -1

    @_compiled(_none, W, _int)
    def step_in(w, agent):
        """Put an agent into the list of its team where its duty and what is in hand place it.

        Lists are in the order of time unchanged, then of numbers; who works on something deferrable
        is taken from the other end of its list, where among equals the lowest number stands.
        """
        a = at(w.agents, agent, AGENT)
        if a.duty != ON:
            return
        bucket, backwards = np.int64(0), False
        if a.in_hand > 0:
            channel = at(w.channels, a.channel, CHANNEL)
            if channel.deferrable == 1:
                bucket, backwards = w.deferring_bucket, True
                w.agents_deferring += 1
            elif a.in_hand < channel.concurrency:
                bucket = channel.bucket + a.in_hand - 1
            else:
                return
        b = at(w.buckets, a.team * w.n_buckets + bucket, BUCKET)
        a.bucket = bucket
        before = b.tail
        while before >= 0:
            other = at(w.agents, before, AGENT)
            if other.since_us < a.since_us:
                break
            if other.since_us == a.since_us and (before < agent) != backwards:
                break
            before = other.previous
        a.previous = before
        if before >= 0:
            other = at(w.agents, before, AGENT)
            a.next = other.next
            other.next = agent
        else:
            a.next = b.head
            b.head = agent
        if a.next >= 0:
            at(w.agents, a.next, AGENT).previous = agent
        else:
            b.tail = agent
        b.count += 1

    @_compiled(_none, W, _int, _int)
    def into_hand(w, agent, slot):
        """Add a contact to what an agent has in hand."""
        a = at(w.agents, agent, AGENT)
        s = at(w.slots, slot, SLOT)
        step_out(w, agent)
        if a.in_hand == 0:
            count_time(w, agent, 0, -1)
            count_time(w, agent, 1, 1)
            record_state(w, agent, 0)
        a.in_hand += 1
        a.channel = at(w.queues, np.int64(s.queue), QUEUE).channel
        a.since_us = w.now
        s.next_in_hand = a.first_in_hand
        a.first_in_hand = slot
        step_in(w, agent)

    @_compiled(_none, W, _int, _int)
    def out_of_hand(w, agent, slot):
        """Take a contact from what an agent has in hand."""
        a = at(w.agents, agent, AGENT)
        step_out(w, agent)
        if a.first_in_hand == slot:
            a.first_in_hand = at(w.slots, slot, SLOT).next_in_hand
        else:
            i = a.first_in_hand
            while at(w.slots, i, SLOT).next_in_hand != slot:
                i = at(w.slots, i, SLOT).next_in_hand
            at(w.slots, i, SLOT).next_in_hand = at(w.slots, slot, SLOT).next_in_hand
        a.in_hand -= 1
        a.since_us = w.now
        if a.in_hand == 0:
            count_time(w, agent, 1, -1)
            count_time(w, agent, 0, 1)
            record_state(w, agent, 1)
        step_in(w, agent)

    @_compiled(_none, W, _int, _int)
    def set_duty(w, agent, duty):
        """Change what an agent's duty is."""
        a = at(w.agents, agent, AGENT)
        handling = np.int64(a.in_hand > 0)
        step_out(w, agent)
        count_time(w, agent, handling, -1)
        record_state(w, agent, handling)
        a.duty = duty
        a.state_since_us = w.now
        count_time(w, agent, handling, 1)
        if duty == ON:
            a.since_us = w.now
        step_in(w, agent)

    # -- lines --------------------------------------------------------------------------------------

    @_compiled(_none, W, _int)
    def join(w, slot):
        """Put a contact into its line, by line time, then number."""
        s = at(w.slots, slot, SLOT)
        q = at(w.queues, np.int64(s.queue), QUEUE)
        # the usual place is at the end; what was put down belongs near the front
        after = q.tail
        if q.head >= 0:
            first = at(w.slots, q.head, SLOT)
            if s.line_us < first.line_us or (s.line_us == first.line_us and s.number < first.number):
                after = _NONE
        while after >= 0:
            other = at(w.slots, after, SLOT)
            if other.line_us < s.line_us or (other.line_us == s.line_us and other.number < s.number):
                break
            after = other.previous
        s.previous = after
        if after >= 0:
            other = at(w.slots, after, SLOT)
            s.next = other.next
            other.next = slot
        else:
            s.next = q.head
            q.head = slot
        if s.next >= 0:
            at(w.slots, s.next, SLOT).previous = slot
        else:
            q.tail = slot
        q.waiting += 1
        w.in_line += 1
        s.phase = IN_LINE

    @_compiled(_none, W, _int)
    def leave(w, slot):
        """Take a contact out of its line."""
        s = at(w.slots, slot, SLOT)
        q = at(w.queues, np.int64(s.queue), QUEUE)
        if s.previous >= 0:
            at(w.slots, s.previous, SLOT).next = s.next
        else:
            q.head = s.next
        if s.next >= 0:
            at(w.slots, s.next, SLOT).previous = s.previous
        else:
            q.tail = s.previous
        q.waiting -= 1
        w.in_line -= 1
        s.phase = GONE

    @_compiled(_none, W, _int)
    def free_the_line(w, slot):
        """Give back the telephone line that a contact holds."""
        s = at(w.slots, slot, SLOT)
        if s.holds_line == 1:
            s.holds_line = 0
            pool = at(w.queues, np.int64(s.queue), QUEUE).trunks
            at(w.lines_free, pool, NUMBER).value += 1
