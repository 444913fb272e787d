"""What does the fast engine do with an event? The definition of simpy_engine.py, compiled.

Read ARCHITECTURE.md, "Simulator", and engines/simpy_engine.py first: every function here does what a
method of the same meaning does there, in the same order. All state lies in flat records; `World`
holds where each of them is, so that a function takes one pointer instead of forty arrays (a call
with forty arrays copies more than it computes). `at(w.slots, i, SLOT)` is record i of a table.

Numba compiles each function once and keeps it on disk (compiled.py). A function that numba does not
know yet must stand above those that call it.
"""

# mypy: ignore-errors
# ruff: noqa: ARG001  (numba gives intrinsics more arguments than they need)
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numba import carray, njit, types
from numba.extending import intrinsic
from numba.np.numpy_support import from_dtype

from workbench.metrics import contact_outcome
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, BLOCKED, WAITING
from workbench.sim import calendar, model, parts, records, variates
from workbench.sim import run as order
from workbench.sim.calendar import CLOSE_LINES, DUTY
from workbench.sim.compiled import compiling, to_the_terminal
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
from workbench.sim.parts import US
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
    CELLS,
    COMPLEXITY,
    CREDIT,
    DELAY,
    HAPPENS,
    HOLD,
    HOLD_HAPPENS,
    MISROUTED,
    OCTAVES,
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
    whole_us,
)

SOURCES = tuple(
    Path(module)
    for module in (
        __file__,
        variates.__file__,
        contact_outcome.__file__,
        *(m.__file__ for m in (calendar, model, order, parts, records)),
    )
)
"""The files whose text decides what is compiled here: helpers, and constants that are compiled in."""

I8, F8, U8, I4, I2, I1 = np.int64, np.float64, np.uint64, np.int32, np.int16, np.int8

# Where a contact is.
ELSEWHERE, IN_LINE, TALKING = range(3)

DONE, FULL = 0, 1
"""What `advance` returns: all is over; or tables need room before it can go on."""
SPARE = 64
"""Free records of each table that one event may use up, beside those that it can count beforehand."""

_NONE = np.int64(-1)
NEVER = np.int64(1) << np.int64(62)
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
    *_of(I8, "number", "line_us", "over_us", "left_us"),
    *_of(I4, "previous", "next", "next_in_hand", "interval"),
    *_of(I2, "dialled", "phase"),
    *_of(I1, "holds_line", "misrouted"),
)
"""A contact that is not over yet. Slots are used again; `number` tells whose it is now."""

QUEUE = _record(
    *_of(
        I8, "channel", "room", "trunks", "patience_table", "credit_us", "misroute_to",
        "callback_after_us", "callback_attempts", "callback_dial_us", "callback_retry_us",
        "threshold_us", "short_abandon_us", "response_us", "rule_first", "rule_stop",
        "overflow_first", "overflow_stop", "team_first", "team_stop", "plain",
        "when_closed", "opening_first", "opening_stop",
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
CHANNEL = _record(*_of(I8, "concurrency", "deferrable", "interruptible", "cleared", "bucket"))
RULE = _record(
    *_of(I8, "after", "kind", "to", "delay_table", "at_most", "stay_us"),
    *_of(F8, "probability", "delay_us"),
    ("key", U8),
)
TEAM_ROW = _record(*_of(I8, "group", "breadth", "queue_first", "queue_stop"))
LEARNING = _record(("handle", F8), ("escalation", F8), ("resolution", F8))
AGENT = _record(
    *_of(
        I8, "team", "curve", "hired_us", "group", "duty", "in_hand", "channel", "since_us", "until_us",
        "bucket", "previous", "next", "first_in_hand", "state_since_us",
    ),
    ("speed", F8),
)  # fmt: skip
BUCKET = _record(*_of(I8, "head", "tail", "count"))
"""Agents of a team who can take something: those with nothing in hand, those with n of a channel,
those who work on something deferrable. The longest unchanged stands first."""
GROUP = _record(*_of(I8, "first", "size"))
OPENING = _record(*_of(I8, "opens_us", "closes_us"))
EVENT = _record(*_of(I8, "at_us", "order", "slot"))
CALENDAR_ROW = _record(*_of(I8, "at_us", "kind", "who", "value"))
AGENT_ROW = _record(*_of(I8, "agent", "duty", "handling", "start_us", "end_us"))
CELL = _record(*_of(I8, *COUNTERS))
NUMBER = _record(("value", I8))
SHARE = _record(("value", F8))
SMALL = _record(("value", I4))
WORD = _record(("value", U8))

TABLES = (
    "slots", "heap", "queues", "qsteps", "upto", "complexities", "routes", "channels", "stretch", "rules",
    "teams", "learning", "agents", "buckets", "groups", "calendar", "arrival_us", "arrival_queue",
    "arrival_key", "rows", "agent_rows", "cells", "group_us", "group_now", "team_queues",
    "queue_teams", "overflow", "openings", "step_us", "lines_free", "leaving", "tables",
)  # fmt: skip
WORLD = _record(
    *_of(I8, *TABLES),
    *_of(
        I8, "n_slots", "n_heap", "heap_room", "n_queues", "n_steps", "n_kinds", "n_teams", "n_buckets",
        "n_weeks", "n_agents", "n_groups", "n_duties", "n_events", "n_arrivals", "rows_room",
        "n_agent_rows", "agent_rows_room", "leaving_room", "n_intervals", "n_tables", "most_rules", "rest_us",
        "end_us", "interval_us", "drain", "antithetic", "record_contacts", "record_agents",
        "now", "next_arrival", "next_event", "next_number", "interval", "edge_us", "step",
        "next_step_us", "free_slot", "n_free", "in_line", "deferring", "n_deferring",
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


with compiling(*SOURCES, announce=to_the_terminal):

    def _compiled(*signature):
        return njit(signature[0](*signature[1:]), cache=True, nogil=True, error_model="numpy")

    # -- what is due --------------------------------------------------------------------------------

    @_compiled(_none, W, _int, _int, _int, _int)
    def rise(w, i, at_us, order, slot):
        """Put an event into hole `i` of the heap, or further up. Each event has up to four below it."""
        while i > 0:
            up = (i - 1) >> 2
            above = at(w.heap, up, EVENT)
            if above.at_us < at_us or (above.at_us == at_us and above.order <= order):
                break
            here = at(w.heap, i, EVENT)
            here.at_us, here.order, here.slot = above.at_us, above.order, above.slot
            i = up
        here = at(w.heap, i, EVENT)
        here.at_us, here.order, here.slot = at_us, order, slot

    @_compiled(_none, W, _int, _int, _int, _int)
    def push(w, at_us, kind, number, slot):
        """Make an event due."""
        w.n_heap += 1
        rise(w, w.n_heap - 1, at_us, kind * _OF_KIND + number, slot)

    @_compiled(_none, W)
    def pop(w):
        """Take the first event away: let the hole sink to the bottom, then the last event rise."""
        n = w.n_heap - 1
        w.n_heap = n
        i, down = np.int64(0), np.int64(1)
        while down < n:
            least = at(w.heap, down, EVENT)
            best = down
            for other in range(down + 1, min(down + 4, n)):
                event = at(w.heap, other, EVENT)
                if event.at_us < least.at_us or (event.at_us == least.at_us and event.order < least.order):
                    best, least = other, event
            here = at(w.heap, i, EVENT)
            here.at_us, here.order, here.slot = least.at_us, least.order, least.slot
            i = best
            down = 4 * i + 1
        last = at(w.heap, n, EVENT)
        rise(w, i, last.at_us, last.order, last.slot)

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
    def change_handling(w, agent, handling):
        """Count an agent's time from now on as handling (1) or not (0), and no longer the other way."""
        a = at(w.agents, agent, AGENT)
        state = (a.group * w.n_duties + a.duty) * 2
        cell = w.interval * w.n_groups * w.n_duties * 2 + state
        left_us = w.edge_us - w.now
        sign = 2 * handling - 1
        at(w.group_now, state + 1, NUMBER).value += sign
        at(w.group_us, cell + 1, NUMBER).value += sign * left_us
        if a.duty != OFF:
            at(w.group_now, state, NUMBER).value -= sign
            at(w.group_us, cell, NUMBER).value -= sign * left_us

    @_compiled(_none, W, _int, _int)
    def record_state(w, agent, handling):
        """Record the state that an agent is about to leave."""
        if w.record_agents == 0:
            return
        a = at(w.agents, agent, AGENT)
        if a.state_since_us < w.now and (a.duty != OFF or handling == 1):
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
        if a.bucket == w.deferring:
            w.n_deferring -= 1
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
            if channel.interruptible == 1:
                if at(w.slots, a.first_in_hand, SLOT).phase != TALKING:
                    return
                bucket, backwards = w.deferring, True
                w.n_deferring += 1
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
            change_handling(w, agent, 1)
            record_state(w, agent, 0)
        a.in_hand += 1
        a.channel = at(w.queues, s.queue, QUEUE).channel
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
            change_handling(w, agent, 0)
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
        count_time(w, agent, handling, 1)
        if duty == ON:
            a.since_us = w.now
        step_in(w, agent)

    # -- lines --------------------------------------------------------------------------------------

    @_compiled(_none, W, _int)
    def join(w, slot):
        """Put a contact into its line, by line time, then number."""
        s = at(w.slots, slot, SLOT)
        q = at(w.queues, s.queue, QUEUE)
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
        q = at(w.queues, s.queue, QUEUE)
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
        s.phase = ELSEWHERE

    @_compiled(_none, W, _int)
    def free_the_line(w, slot):
        """Give back the telephone line that a contact holds."""
        s = at(w.slots, slot, SLOT)
        if s.holds_line == 1:
            s.holds_line = 0
            pool = at(w.queues, s.queue, QUEUE).trunks
            at(w.lines_free, pool, NUMBER).value += 1

    # -- contacts -----------------------------------------------------------------------------------

    @_compiled(_float, W, _int, _int)
    def number_for(w, slot, purpose):
        """Return the contact's number in (0, 1) for a purpose."""
        return unit(at(w.slots, slot, SLOT).key, purpose, w.antithetic)

    @_compiled(_int, W, _int, _float, _float)
    def time_from(w, table, mean_us, u):
        """Return quantile `u` of a duration; 0 if there is no table."""
        shape = (w.n_tables, np.int64(2), np.int64(OCTAVES), np.int64(CELLS + 1))
        return duration_us(carray(_pointer(w.tables), shape, np.float64), table, mean_us, u)

    @_compiled(_int, W, _int, types.uint64, _int, _int)
    def new_slot(w, number, key, queue, offered_us):
        """Return a slot for a contact of which nothing has happened yet."""
        slot = w.free_slot
        s = at(w.slots, slot, SLOT)
        w.free_slot = s.next
        w.n_free -= 1
        s.number, s.key, s.queue, s.offered_us = number, key, queue, offered_us
        s.parent = s.agent = s.answer_us = s.abandon_us = s.end_us = s.resolved = -1
        s.kind, s.attempt, s.complexity = FRESH, 0, 0
        s.outcome, s.reason = WAITING, NO_REASON
        s.talk_us = s.hold_us = s.wrap_us = s.stay_us = 0
        s.escalated = s.transferred = s.callback = s.put_down = s.in_hand = 0
        s.phase, s.dialled, s.holds_line, s.misrouted = ELSEWHERE, 0, 0, 0
        s.interval = _NONE
        return slot

    @_compiled(_none, W, _int)
    def count_contact(w, slot):
        """Add a contact to the counters of the interval in which it was offered, and to the record."""
        s = at(w.slots, slot, SLOT)
        q = at(w.queues, s.queue, QUEUE)
        c = at(w.cells, s.interval * w.n_queues + s.queue, CELL)
        c.offered += 1
        if s.outcome == ANSWERED or s.outcome == ABANDONED:
            answered = np.int64(s.outcome == ANSWERED)
            left_us = s.answer_us if answered == 1 else s.abandon_us
            wait_us = left_us - s.offered_us
            in_time = np.int64(wait_us <= q.threshold_us)
            if answered == 1:
                c.answered += 1
                c.in_time += in_time
                c.wait_answered_us += wait_us
            else:
                c.abandoned += 1
                c.abandoned_in_time += in_time
                c.wait_abandoned_us += wait_us
                c.short_abandoned += np.int64(wait_us <= q.short_abandon_us)
            if wait_us > 0:
                c.waited += 1
                left = left_us // w.interval_us
                if left != s.interval:
                    c.backlog += 1
                    if left < w.n_intervals:
                        at(w.cells, left * w.n_queues + s.queue, CELL).backlog -= 1
        elif s.outcome == BLOCKED:
            c.blocked += 1
        else:
            c.backlog += 1
        if s.kind == FRESH:
            c.fresh += 1
        elif s.kind == RETRIAL:
            c.retrials += 1
        elif s.kind == REPEAT:
            c.repeats += 1
        if s.agent >= 0:
            c.talk_us += s.talk_us + s.stay_us
            c.hold_us += s.hold_us
            c.wrap_us += s.wrap_us
            c.escalated += s.escalated
            c.transferred += s.transferred
            c.resolved += np.int64(s.resolved == 1)
            if s.end_us >= 0 and q.response_us >= 0:
                c.completed_in_time += np.int64(s.end_us - s.offered_us <= q.response_us)
        c.callbacks += s.callback
        if w.record_contacts == 1:
            r = at(w.rows, s.number, ROW)
            r.key, r.parent, r.kind, r.attempt, r.queue = s.key, s.parent, s.kind, s.attempt, s.queue
            r.complexity, r.offered_us, r.answer_us = s.complexity, s.offered_us, s.answer_us
            r.abandon_us, r.end_us, r.agent = s.abandon_us, s.end_us, s.agent
            r.outcome, r.reason, r.talk_us, r.hold_us = s.outcome, s.reason, s.talk_us, s.hold_us
            r.wrap_us, r.stay_us, r.resolved = s.wrap_us, s.stay_us, s.resolved
            r.escalated, r.transferred, r.callback = s.escalated, s.transferred, s.callback
            r.put_down, r.in_hand = s.put_down, s.in_hand

    @_compiled(_none, W, _int)
    def close(w, slot):
        """Count a contact that is over and give its slot back."""
        count_contact(w, slot)
        s = at(w.slots, slot, SLOT)
        s.number = _NONE
        s.next = w.free_slot
        w.free_slot = slot
        w.n_free += 1

    @_compiled(_int, W, _int, _int)
    def open_at(w, queue, at_us):
        """Return when a follow-up comes that would come at a time: then, or once its queue is open."""
        q = at(w.queues, queue, QUEUE)
        if q.when_closed == 0:
            return at_us
        low, high = q.opening_first, q.opening_stop
        while low < high:
            middle = (low + high) >> 1
            if at(w.openings, middle, OPENING).opens_us <= at_us:
                low = middle + 1
            else:
                high = middle
        closed_us = at(w.openings, low - 1, OPENING).closes_us
        if at_us < closed_us:
            return at_us
        if q.when_closed == 2 or low == q.opening_stop:
            return w.end_us
        next_one = at(w.openings, low, OPENING)
        return next_one.opens_us + (at_us - closed_us) % (next_one.closes_us - next_one.opens_us)

    @_compiled(_none, W, _int, _int, _int, types.uint64, _int)
    def send(w, parent, kind, queue, key, would_us):
        """Let a further contact come, if it comes before the horizon."""
        at_us = open_at(w, queue, would_us)
        if at_us >= w.end_us:
            return
        number = w.next_number
        w.next_number += 1
        slot = new_slot(w, number, key, queue, at_us)
        p, s = at(w.slots, parent, SLOT), at(w.slots, slot, SLOT)
        s.parent, s.kind, s.attempt = p.number, kind, p.attempt + 1
        push(w, at_us, np.int64(CONTACT_COMES), number, slot)

    @_compiled(_int, W, _int, _int, _float)
    def comes_about(w, slot, rule, probability):
        """Let a follow-up come about with a probability; return 1 if it did."""
        s = at(w.slots, slot, SLOT)
        r = at(w.rules, rule, RULE)
        key = mix(s.key, r.key)
        if s.attempt >= r.at_most or unit(key, HAPPENS, w.antithetic) >= probability:
            return np.int64(0)
        delay_us = np.int64(0)
        if r.delay_table >= 0:
            u = unit(key, DELAY, w.antithetic)
            delay_us = time_from(w, r.delay_table, r.delay_us, u)
        send(w, slot, r.kind, r.to, key, w.now + delay_us)
        return np.int64(1)

    @_compiled(_none, W, _int, _int)
    def bring_about(w, slot, ending):
        """Let each follow-up of an ending come about or not."""
        q = at(w.queues, at(w.slots, slot, SLOT).queue, QUEUE)
        for rule in range(q.rule_first, q.rule_stop):
            r = at(w.rules, rule, RULE)
            if r.after == ending:
                comes_about(w, slot, rule, r.probability)

    @_compiled(_none, W, _int, _int)
    def block(w, slot, reason):
        """Turn a contact away; it is over."""
        free_the_line(w, slot)
        s = at(w.slots, slot, SLOT)
        s.outcome, s.reason = BLOCKED, reason
        bring_about(w, slot, np.int64(AFTER_BLOCKED))
        close(w, slot)

    @_compiled(_none, W, _int, _int)
    def abandon(w, slot, reason):
        """Let a contact leave without having been served; whoever calls this closes it."""
        s = at(w.slots, slot, SLOT)
        if s.phase == IN_LINE:
            leave(w, slot)
        free_the_line(w, slot)
        s.outcome, s.reason, s.abandon_us = ABANDONED, reason, w.now
        w.rest_us = max(w.rest_us, w.now)
        bring_about(w, slot, np.int64(AFTER_ABANDONED))

    # -- what an agent does -------------------------------------------------------------------------

    @_compiled(_int, W, _int)
    def learning_of(w, agent):
        """Return where the agent's learning factors stand."""
        a = at(w.agents, agent, AGENT)
        if a.curve == 0:
            return w.n_weeks - 1
        return a.curve * w.n_weeks + tenure_week(w.now, a.hired_us, w.n_weeks - 1)

    @_compiled(_none, W, _int, _int)
    def answer(w, agent, slot):
        """Fix how long talk, hold and wrap-up of a contact take."""
        s, a = at(w.slots, slot, SLOT), at(w.agents, agent, AGENT)
        q = at(w.queues, s.queue, QUEUE)
        z = at(w.qsteps, s.queue * w.n_steps + w.step, QSTEP)
        s.outcome, s.answer_us, s.in_hand = ANSWERED, w.now, a.in_hand
        factor = handle_factor(
            z.handle,
            at(w.routes, s.queue * w.n_teams + a.team, ROUTE).handle,
            a.speed,
            at(w.learning, learning_of(w, agent), LEARNING).handle,
            at(w.complexities, s.queue * w.n_kinds + s.complexity, COMPLEX).handle,
            at(w.stretch, q.channel * 21 + a.in_hand, SHARE).value,
        )
        s.talk_us = time_from(w, q.talk_table, q.talk_us * factor, number_for(w, slot, TALK))
        if z.misroute > 0.0 and number_for(w, slot, MISROUTED) < z.misroute:
            s.misrouted = 1
            s.talk_us = whole_us(s.talk_us * q.misroute_talk)
            return
        if q.hold_table >= 0 and number_for(w, slot, HOLD_HAPPENS) < q.hold_probability:
            s.hold_us = time_from(w, q.hold_table, q.hold_us * factor, number_for(w, slot, HOLD))
        if q.wrap_table >= 0:
            s.wrap_us = time_from(w, q.wrap_table, q.wrap_us * factor, number_for(w, slot, WRAP_UP))

    @_compiled(_none, W, _int, _int)
    def take(w, agent, slot):
        """Let an agent take a contact: answer it, go on with it, or dial in vain."""
        s, a = at(w.slots, slot, SLOT), at(w.agents, agent, AGENT)
        if s.phase == IN_LINE:
            leave(w, slot)
        s.agent = agent
        if s.callback == 1 and s.outcome != ANSWERED:
            q = at(w.queues, s.queue, QUEUE)
            reached = number_for(w, slot, REACHED + s.dialled) < q.callback_reach
            s.dialled += 1
            if not reached:
                into_hand(w, agent, slot)
                a.until_us = max(a.until_us, w.now + q.callback_dial_us)
                push(w, w.now + q.callback_dial_us, np.int64(AGENT_DONE), s.number, slot)
                return
        s.phase = TALKING
        into_hand(w, agent, slot)
        work_us = s.left_us
        if s.outcome != ANSWERED:
            answer(w, agent, slot)
            work_us = s.talk_us + s.hold_us
        s.over_us = w.now + work_us
        a.until_us = max(a.until_us, s.over_us + s.wrap_us)
        push(w, s.over_us, np.int64(TALK_ENDS), s.number, slot)

    @_compiled(_int, W, _int)
    def put_down(w, agent):
        """Let an agent put deferrable work down; return what it was."""
        a = at(w.agents, agent, AGENT)
        slot = a.first_in_hand
        s = at(w.slots, slot, SLOT)
        out_of_hand(w, agent, slot)
        s.phase = ELSEWHERE
        s.left_us = s.over_us - w.now
        s.put_down += 1
        a.until_us = w.now
        return slot

    @_compiled(_int, W, _int)
    def can_be_called_away(w, agent):
        """Return 1 if an agent works on something that can be put down."""
        a = at(w.agents, agent, AGENT)
        if a.in_hand == 0 or at(w.slots, a.first_in_hand, SLOT).phase != TALKING:
            return np.int64(0)
        return at(w.channels, a.channel, CHANNEL).interruptible

    # -- who takes what -----------------------------------------------------------------------------

    @_compiled(_int, W, _int, _int, _int)
    def open_to(w, team, slot, waiting):
        """Return 1 if a team takes this contact while so many wait."""
        s = at(w.slots, slot, SLOT)
        r = at(w.routes, s.queue * w.n_teams + team, ROUTE)
        return np.int64(r.level > 0 and w.now - s.line_us >= r.after_us and waiting >= r.min_waiting)

    @_compiled(_float, W, AGENT_POLICY, _int, _int, _float, _int, _int)
    def agent_score(w, policy, slot, team, idle_s, in_hand, free):
        """Return the policy's score of a team's next agent for a contact."""
        s = at(w.slots, slot, SLOT)
        level = at(w.routes, s.queue * w.n_teams + team, ROUTE).level
        breadth = at(w.teams, team, TEAM_ROW).breadth
        return policy(level, breadth, idle_s, in_hand, free, number_for(w, slot, TEAM + team))

    @_compiled(_int, W, AGENT_POLICY, _int, _int)
    def find_agent(w, policy, slot, waiting):
        """Return the agent with room whom the policy prefers for a contact, or -1."""
        s = at(w.slots, slot, SLOT)
        q = at(w.queues, s.queue, QUEUE)
        channel = at(w.channels, q.channel, CHANNEL)
        best, best_team, best_free, best_score, scored = _NONE, _NONE, _NONE, 0.0, False
        for i in range(q.team_first, q.team_stop):
            team = at(w.queue_teams, i, NUMBER).value
            b = at(w.buckets, team * w.n_buckets, BUCKET)
            if b.head < 0:
                for n in range(channel.concurrency - 1):
                    b = at(w.buckets, team * w.n_buckets + channel.bucket + n, BUCKET)
                    if b.head >= 0:
                        break
            if b.head < 0 or open_to(w, team, slot, waiting) == 0:
                continue
            if best < 0:
                best, best_team, best_free = b.head, team, b.count
                continue
            old, new = at(w.agents, best, AGENT), at(w.agents, b.head, AGENT)
            if not scored:
                idle_s = (w.now - old.since_us) / US
                best_score = agent_score(w, policy, slot, best_team, idle_s, old.in_hand, best_free)
                scored = True
            idle_s = (w.now - new.since_us) / US
            score = agent_score(w, policy, slot, team, idle_s, new.in_hand, b.count)
            if score != best_score:
                better = score < best_score
            elif new.in_hand != old.in_hand:
                better = new.in_hand < old.in_hand
            elif new.since_us != old.since_us:
                better = new.since_us < old.since_us
            else:
                better = b.head < best
            if better:
                best, best_team, best_score = b.head, team, score
        return best

    @_compiled(_int, W, AGENT_POLICY, _int, _int)
    def find_deferring(w, policy, slot, waiting):
        """Return the agent whom the policy calls away from deferrable work for a contact, or -1."""
        s = at(w.slots, slot, SLOT)
        q = at(w.queues, s.queue, QUEUE)
        if w.n_deferring == 0 or at(w.channels, q.channel, CHANNEL).deferrable == 1:
            return _NONE
        best, best_score = _NONE, 0.0
        for i in range(q.team_first, q.team_stop):
            team = at(w.queue_teams, i, NUMBER).value
            b = at(w.buckets, team * w.n_buckets + w.deferring, BUCKET)
            if b.tail < 0 or open_to(w, team, slot, waiting) == 0:
                continue
            score = agent_score(w, policy, slot, team, 0.0, np.int64(1), b.count)
            better = best < 0 or score < best_score
            if best >= 0 and score == best_score:
                old, new = at(w.agents, best, AGENT).since_us, at(w.agents, b.tail, AGENT).since_us
                better = new > old or (new == old and b.tail < best)
            if better:
                best, best_score = b.tail, score
        return best

    @_compiled(_none, W, AGENT_POLICY, _int)
    def return_deferred(w, policy, slot):
        """Let work that was put down be taken up again or wait; it calls nobody away."""
        agent = find_agent(w, policy, slot, np.int64(1))
        if agent >= 0:
            take(w, agent, slot)
            return
        join(w, slot)
        q = at(w.queues, at(w.slots, slot, SLOT).queue, QUEUE)
        while q.plain == 0 and q.head >= 0:
            agent = find_agent(w, policy, q.head, q.waiting)
            if agent < 0:
                return
            take(w, agent, q.head)

    @_compiled(_int, W, AGENT_POLICY, _int, _int)
    def look_for_agent(w, policy, slot, waiting):
        """Give a contact to the agent whom the policy prefers; return 1 if there was one."""
        agent = find_agent(w, policy, slot, waiting)
        if agent >= 0:
            take(w, agent, slot)
            return np.int64(1)
        agent = find_deferring(w, policy, slot, waiting)
        if agent < 0:
            return np.int64(0)
        down = put_down(w, agent)
        take(w, agent, slot)
        return_deferred(w, policy, down)
        return np.int64(1)

    @_compiled(_none, W, AGENT_POLICY, _int)
    def stand_in_line(w, policy, slot):
        """Put a contact into its place; as the line is longer now, it looks again."""
        join(w, slot)
        q = at(w.queues, at(w.slots, slot, SLOT).queue, QUEUE)
        if q.plain == 1:
            return  # it has just looked, and neither its wait nor a longer line opens another team
        while q.head >= 0:
            if look_for_agent(w, policy, q.head, q.waiting) == 0:
                return

    @_compiled(_none, W, AGENT_POLICY, _int)
    def return_to_line(w, policy, slot):
        """Let a contact that is due to be called be taken or wait."""
        if look_for_agent(w, policy, slot, np.int64(1)) == 0:
            stand_in_line(w, policy, slot)

    @_compiled(_float, W, QUEUE_POLICY, _int, _int)
    def queue_score(w, policy, team, queue):
        """Return the policy's score of a line for an agent of a team."""
        q = at(w.queues, queue, QUEUE)
        first = at(w.slots, q.head, SLOT)
        return policy(
            at(w.routes, queue * w.n_teams + team, ROUTE).level,
            q.priority,
            (w.now - first.line_us) / US,
            q.score,
            q.score_per_s,
            q.waiting,
            number_for(w, q.head, PICK),
        )

    @_compiled(_int, W, QUEUE_POLICY, _int)
    def choose(w, policy, agent):
        """Return the queue from which an agent takes a contact next, or -1."""
        a = at(w.agents, agent, AGENT)
        team = at(w.teams, a.team, TEAM_ROW)
        best, best_score, best_defers, scored = _NONE, 0.0, np.int64(0), False
        for i in range(team.queue_first, team.queue_stop):
            queue = at(w.team_queues, i, NUMBER).value
            q = at(w.queues, queue, QUEUE)
            if q.head < 0:
                continue
            channel = at(w.channels, q.channel, CHANNEL)
            if a.in_hand > 0 and (a.channel != q.channel or a.in_hand >= channel.concurrency):
                continue
            if open_to(w, a.team, q.head, q.waiting) == 0:
                continue
            if best < 0:
                best, best_defers = queue, channel.deferrable
                continue
            if channel.deferrable != best_defers:
                better, score, scored_next = channel.deferrable < best_defers, 0.0, False
            else:
                if not scored:
                    best_score = queue_score(w, policy, a.team, best)
                    scored = True
                score, scored_next = queue_score(w, policy, a.team, queue), True
                if score != best_score:
                    better = score < best_score
                else:
                    new, old = at(w.slots, q.head, SLOT), at(w.slots, at(w.queues, best, QUEUE).head, SLOT)
                    better = new.line_us < old.line_us or (
                        new.line_us == old.line_us and new.number < old.number
                    )
            if better:
                best, best_defers, best_score, scored = queue, channel.deferrable, score, scored_next
        return best

    @_compiled(_none, W, QUEUE_POLICY, _int)
    def take_up_work(w, policy, agent):
        """Let an agent who has room take what waits, as the policy prefers."""
        a = at(w.agents, agent, AGENT)
        while w.in_line > 0 and a.duty == ON:
            queue = choose(w, policy, agent)
            if queue < 0:
                return
            take(w, agent, at(w.queues, queue, QUEUE).head)

    @_compiled(_none, W, QUEUE_POLICY, _int, _int)
    def done(w, policy, agent, slot):
        """Take a contact out of the agent's hand; who is on duty takes up work."""
        a = at(w.agents, agent, AGENT)
        out_of_hand(w, agent, slot)
        if a.in_hand == 0:
            a.until_us = w.now
        w.rest_us = max(w.rest_us, w.now)
        take_up_work(w, policy, agent)

    # -- the events ---------------------------------------------------------------------------------

    @_compiled(_none, W, AGENT_POLICY, _int)
    def contact_comes(w, policy, slot):
        """Let a contact enter: it is blocked, taken, balks or joins the line."""
        s = at(w.slots, slot, SLOT)
        q = at(w.queues, s.queue, QUEUE)
        cell = s.queue * w.n_steps + w.step
        z = at(w.qsteps, cell, QSTEP)
        s.interval = w.interval
        if w.n_kinds > 1:
            u = number_for(w, slot, COMPLEXITY)
            for i in range(w.n_kinds - 1):
                if u >= at(w.upto, cell * w.n_kinds + i, SHARE).value:
                    s.complexity += 1
        s.line_us = w.now
        if q.credit_share > 0.0 and number_for(w, slot, CREDIT) < q.credit_share:
            s.line_us -= q.credit_us
        if z.closed > 0:
            block(w, slot, np.int64(QUEUE_DOWN if z.closed == 1 else LINES_CLOSED))
            return
        if q.trunks >= 0:
            free = at(w.lines_free, q.trunks, NUMBER)
            if free.value <= 0:
                block(w, slot, np.int64(LINES_BUSY))
                return
            free.value -= 1
            s.holds_line = 1
        if look_for_agent(w, policy, slot, np.int64(1)) == 1:
            return
        if q.room >= 0 and q.waiting >= q.room:
            block(w, slot, np.int64(ROOM_FULL))
            return
        if z.balk > 0.0 and number_for(w, slot, BALK) < z.balk:
            abandon(w, slot, np.int64(BALKED))
            close(w, slot)
            return
        if q.patience_table >= 0:
            u = number_for(w, slot, PATIENCE)
            ends_us = w.now + time_from(w, q.patience_table, z.patience_us, u)
            if ends_us < w.end_us or w.drain == 1:
                push(w, ends_us, np.int64(PATIENCE_ENDS), s.number, slot)
        if q.callback_after_us >= 0:
            push(w, w.now + q.callback_after_us, np.int64(CALLBACK_OFFER), s.number, slot)
        for i in range(q.overflow_first, q.overflow_stop):
            opens_us = s.line_us + at(w.overflow, i, NUMBER).value
            if opens_us > w.now:
                push(w, opens_us, np.int64(OVERFLOW), s.number, slot)
        stand_in_line(w, policy, slot)

    @_compiled(_none, W, _int, _int)
    def serve(w, agent, slot):
        """Escalate a contact, or resolve it, or not."""
        s, a = at(w.slots, slot, SLOT), at(w.agents, agent, AGENT)
        q = at(w.queues, s.queue, QUEUE)
        route = at(w.routes, s.queue * w.n_teams + a.team, ROUTE)
        learning = at(w.learning, learning_of(w, agent), LEARNING)
        kind = at(w.complexities, s.queue * w.n_kinds + s.complexity, COMPLEX)
        for rule in range(q.rule_first, q.rule_stop):
            r = at(w.rules, rule, RULE)
            if r.after != AFTER_SERVED:
                continue
            p = chance(r.probability, route.escalation, learning.escalation, kind.escalation)
            if comes_about(w, slot, rule, p) == 1:
                if r.kind == ESCALATION:
                    s.escalated, s.stay_us = 1, r.stay_us
                return
        p = chance(q.resolution, route.resolution, learning.resolution, kind.resolution)
        s.resolved = np.int64(p >= 1.0 or number_for(w, slot, RESOLVED) < p)
        if s.resolved == 0:
            bring_about(w, slot, np.int64(AFTER_UNRESOLVED))

    @_compiled(_none, W, QUEUE_POLICY, _int)
    def talk_ends(w, policy, slot):
        """Let the customer go; the agent wraps up, stays on, or is done."""
        s = at(w.slots, slot, SLOT)
        agent = s.agent
        a = at(w.agents, agent, AGENT)
        s.phase = ELSEWHERE
        s.end_us = w.now
        w.rest_us = max(w.rest_us, w.now)
        free_the_line(w, slot)
        after_us = np.int64(0)
        if s.misrouted == 1:
            s.transferred = 1
            key = mix(s.key, np.uint64(MISROUTED))
            to = at(w.queues, s.queue, QUEUE).misroute_to
            send(w, slot, np.int64(MISROUTE), to, key, w.now)
        else:
            serve(w, agent, slot)
            after_us = s.wrap_us + s.stay_us
            a.until_us = max(a.until_us, w.now + after_us)
        if after_us > 0:
            if a.bucket == w.deferring:
                step_out(w, agent)
            push(w, w.now + after_us, np.int64(AGENT_DONE), s.number, slot)
            return
        done(w, policy, agent, slot)
        close(w, slot)

    @_compiled(_none, W, QUEUE_POLICY, _int)
    def agent_done(w, policy, slot):
        """Let an agent be done with a contact: wrapped up, or dialled in vain."""
        s = at(w.slots, slot, SLOT)
        agent = s.agent
        if s.outcome == ANSWERED:
            done(w, policy, agent, slot)
            close(w, slot)
            return
        q = at(w.queues, s.queue, QUEUE)
        if s.dialled < q.callback_attempts:
            push(w, w.now + q.callback_retry_us, np.int64(CALLBACK_DUE), s.number, slot)
            done(w, policy, agent, slot)
            return
        abandon(w, slot, np.int64(NOT_REACHED))
        done(w, policy, agent, slot)
        close(w, slot)

    @_compiled(_none, W)
    def close_lines(w):
        """Send away who waits in a channel that does not survive the night, in order of numbers."""
        for queue in range(w.n_queues):
            q = at(w.queues, queue, QUEUE)
            if at(w.channels, q.channel, CHANNEL).cleared == 0:
                continue
            n, slot = np.int64(0), q.head
            while slot >= 0:
                s = at(w.slots, slot, SLOT)
                if s.callback == 0 and s.outcome != ANSWERED:
                    i = n
                    while i > 0:
                        before = at(w.leaving, i - 1, NUMBER).value
                        if at(w.slots, before, SLOT).number < s.number:
                            break
                        at(w.leaving, i, NUMBER).value = before
                        i -= 1
                    at(w.leaving, i, NUMBER).value = slot
                    n += 1
                slot = s.next
            for i in range(n):
                slot = at(w.leaving, i, NUMBER).value
                abandon(w, slot, np.int64(LINES_CLOSED))
                close(w, slot)

    @_compiled(_none, W, AGENT_POLICY, QUEUE_POLICY, _int, _int)
    def change_duty(w, agent_policy, queue_policy, agent, duty):
        """Let a duty begin: take up work, or put down what can be."""
        set_duty(w, agent, duty)
        if duty == ON:
            take_up_work(w, queue_policy, agent)
        elif can_be_called_away(w, agent) == 1:
            return_deferred(w, agent_policy, put_down(w, agent))

    @_compiled(_int, W, _int)
    def can_go_us(w, agent):
        """Return when an agent could leave, as known now."""
        a = at(w.agents, agent, AGENT)
        if a.in_hand > 0 and can_be_called_away(w, agent) == 0:
            return a.until_us
        return w.now

    @_compiled(_none, W, AGENT_POLICY, QUEUE_POLICY, _int, _int)
    def change_number(w, agent_policy, queue_policy, group, target):
        """Let a counted group have so many agents at work."""
        g = at(w.groups, group, GROUP)
        n = np.int64(0)
        for agent in range(g.first, g.first + g.size):
            if at(w.agents, agent, AGENT).duty == ON:
                at(w.leaving, n, NUMBER).value = agent
                n += 1
        if n > target:
            # Shell's sort, by (can go, highest number)
            gap = n // 2
            while gap > 0:
                for i in range(gap, n):
                    agent = at(w.leaving, i, NUMBER).value
                    go_us, j = can_go_us(w, agent), i
                    while j >= gap:
                        other = at(w.leaving, j - gap, NUMBER).value
                        other_us = can_go_us(w, other)
                        if other_us < go_us or (other_us == go_us and other > agent):
                            break
                        at(w.leaving, j, NUMBER).value = other
                        j -= gap
                    at(w.leaving, j, NUMBER).value = agent
                gap //= 2
            for i in range(n - target):
                set_duty(w, at(w.leaving, i, NUMBER).value, np.int64(OFF))
            for i in range(n - target):
                agent = at(w.leaving, i, NUMBER).value
                if can_be_called_away(w, agent) == 1:
                    return_deferred(w, agent_policy, put_down(w, agent))
            return
        for still_busy in range(1, -1, -1):
            for agent in range(g.first, g.first + g.size):
                a = at(w.agents, agent, AGENT)
                if n < target and a.duty != ON and (a.in_hand > 0) == (still_busy == 1):
                    change_duty(w, agent_policy, queue_policy, agent, np.int64(ON))
                    n += 1

    # -- time ---------------------------------------------------------------------------------------

    @_compiled(_none, W, _int)
    def move_clock(w, now):
        """Let time pass: intervals end, steps begin."""
        while now >= w.edge_us and w.interval < w.n_intervals:
            w.interval += 1
            states = w.n_groups * w.n_duties * 2
            width_us = w.interval_us
            w.edge_us += w.interval_us
            if w.interval == w.n_intervals:
                # the last row is the time after the horizon, whose end is not known yet
                width_us, w.edge_us = -w.end_us, np.int64(0)
            for state in range(states):
                n = at(w.group_now, state, NUMBER).value
                at(w.group_us, w.interval * states + state, NUMBER).value += n * width_us
        while now >= w.next_step_us:
            w.step += 1
            w.next_step_us = NEVER
            if w.step + 1 < w.n_steps:
                w.next_step_us = at(w.step_us, w.step + 1, NUMBER).value
        w.now = now

    @_compiled(_none, W)
    def finish(w):
        """Count what is not over when the run ends."""
        move_clock(w, max(w.rest_us, w.now))
        w.now = w.rest_us
        states = w.n_groups * w.n_duties * 2
        for state in range(states):
            n = at(w.group_now, state, NUMBER).value
            at(w.group_us, w.n_intervals * states + state, NUMBER).value += n * w.rest_us
        for agent in range(w.n_agents):
            record_state(w, agent, np.int64(at(w.agents, agent, AGENT).in_hand > 0))
        for slot in range(w.n_slots):
            if at(w.slots, slot, SLOT).number >= 0:
                count_contact(w, slot)

    @_compiled(_int, W, AGENT_POLICY, QUEUE_POLICY)
    def advance(w, agent_policy, queue_policy):
        """Let everything happen that is due; return DONE, or FULL if a table needs room first."""
        while True:
            come_us = calendar_us = due_us = NEVER
            if w.next_arrival < w.n_arrivals:
                come_us = at(w.arrival_us, w.next_arrival, NUMBER).value
            if w.next_event < w.n_events:
                calendar_us = at(w.calendar, w.next_event, CALENDAR_ROW).at_us
            if w.n_heap > 0:
                due_us = at(w.heap, 0, EVENT).at_us
            now = min(come_us, calendar_us, due_us)
            if now == NEVER or (now >= w.end_us and w.drain == 0):
                finish(w)
                return np.int64(DONE)
            needed = w.most_rules + SPARE
            happening = w.in_line + SPARE + w.most_rules
            if calendar_us == now:
                needed += w.in_line * w.most_rules
                happening += w.in_line * w.most_rules + 2 * w.n_agents
            if (
                w.n_free < needed
                or w.heap_room - w.n_heap < happening
                or (w.record_contacts == 1 and w.rows_room - w.next_number < needed)
                or (w.record_agents == 1 and w.agent_rows_room - w.n_agent_rows < w.n_agents + SPARE)
                or w.leaving_room < w.in_line + w.n_agents
            ):
                return np.int64(FULL)
            if now >= w.edge_us or now >= w.next_step_us:
                move_clock(w, now)
            w.now = now

            if calendar_us == now:
                event = at(w.calendar, w.next_event, CALENDAR_ROW)
                w.next_event += 1
                if event.kind == CLOSE_LINES:
                    close_lines(w)
                elif event.kind == DUTY:
                    change_duty(w, agent_policy, queue_policy, event.who, event.value)
                else:
                    change_number(w, agent_policy, queue_policy, event.who, event.value)
                continue
            if come_us == now and (due_us > now or at(w.heap, 0, EVENT).order >= CONTACT_COMES * _OF_KIND):
                number = w.next_arrival
                w.next_arrival += 1
                key = at(w.arrival_key, number, WORD).value
                queue = np.int64(at(w.arrival_queue, number, SMALL).value)
                contact_comes(w, agent_policy, new_slot(w, number, key, queue, now))
                continue

            first = at(w.heap, 0, EVENT)
            kind, number, slot = first.order // _OF_KIND, first.order % _OF_KIND, first.slot
            pop(w)
            s = at(w.slots, slot, SLOT)
            if s.number != number:
                continue
            if kind == TALK_ENDS:
                if s.phase == TALKING and s.over_us == now:
                    talk_ends(w, queue_policy, slot)
            elif kind == AGENT_DONE:
                agent_done(w, queue_policy, slot)
            elif kind == CONTACT_COMES:
                contact_comes(w, agent_policy, slot)
            elif kind == CALLBACK_DUE:
                return_to_line(w, agent_policy, slot)
            elif s.phase != IN_LINE:
                continue
            elif kind == OVERFLOW:
                look_for_agent(w, agent_policy, slot, at(w.queues, s.queue, QUEUE).waiting)
            elif kind == CALLBACK_OFFER:
                q = at(w.queues, s.queue, QUEUE)
                if number_for(w, slot, CALLBACK_TAKEN) < q.callback_accept:
                    s.callback = 1
                    free_the_line(w, slot)
            elif s.callback == 0 and s.outcome != ANSWERED:
                abandon(w, slot, np.int64(LOST_PATIENCE))
                close(w, slot)
