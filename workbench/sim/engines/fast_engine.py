"""How does the compiled engine run a workload? It lays tables out, and the kernel does the rest.

The kernel (sim/kernel.py) obeys the definition, simpy_engine.py, event by event, and returns the same
rows. Here a scenario's model becomes flat records, and tables grow when the kernel asks for room.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from workbench.sim import kernel as k
from workbench.sim.model import Model, Names
from workbench.sim.records import (
    CONTACT_TYPES,
    N_BACKLOG,
    AgentRows,
    ContactRows,
    IntervalCounts,
    merged_rows,
)
from workbench.sim.routing import AGENT_POLICIES, QUEUE_POLICIES
from workbench.sim.run import Record, Run
from workbench.sim.workload import Workload

Table: TypeAlias = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Layout:
    """What is the same in every replication: the model as tables of records."""

    tables: dict[str, Table]
    sizes: dict[str, int]


def simulate(workload: Workload, record: Record = "all") -> Run:
    """Simulate a workload."""
    m, names = workload.model, workload.names
    layout = _layout(workload)
    tables = {name: table.copy() for name, table in layout.tables.items() if name in _CHANGED}
    tables = {**layout.tables, **tables, **_of_replication(workload)}
    n_intervals, n_queues, n_groups = m.end_us // m.interval_us, len(names.queues), len(names.groups)
    time_shape = (n_intervals + 1, n_groups, len(names.duties), 2)
    tables["cells"] = np.zeros(n_intervals * n_queues, k.CELL)
    tables["group_us"] = np.zeros(int(np.prod(time_shape)), np.int64)
    tables["group_now"] = np.zeros(int(np.prod(time_shape[1:])), np.int64)
    n_contacts, n_agents = len(workload.arrival_us), len(workload.agents.team)
    most_rules = layout.sizes["most_rules"]
    rooms = {
        "slots": 2 * n_agents + 1024 + 2 * most_rules,
        "heap": 6 * n_agents + 4096 + 2 * most_rules,
        "leaving": n_agents + 1024,
        "rows": (n_contacts * 5 // 4 + most_rules + 2 * k.SPARE) if record != "intervals" else 0,
        "agent_rows": 2 * n_contacts + 4 * n_agents + 2 * k.SPARE if record == "all" else 0,
    }
    world = np.zeros(1, k.WORLD)
    w = world[0]
    for name, value in {
        **layout.sizes,
        "n_agents": n_agents,
        "n_arrivals": n_contacts,
        "n_events": len(workload.agents.at_us),
        "n_intervals": n_intervals,
        "antithetic": workload.antithetic,
        "record_contacts": int(record != "intervals"),
        "record_agents": int(record == "all"),
        "next_number": n_contacts,
        "edge_us": m.interval_us,
        "next_step_us": m.step_us[1] if len(m.step_us) > 1 else k.NEVER,
        "rest_us": m.end_us,
        "free_slot": -1,
    }.items():
        w[name] = value
    for name, room in rooms.items():
        _give_room(w, tables, name, room)
    for name, table in tables.items():
        w[name] = table.ctypes.data
    routing = workload.scenario.routing
    policies = (
        AGENT_POLICIES.get(routing.agent).compiled,
        QUEUE_POLICIES.get(routing.queue).compiled,
    )
    while k.advance(w, *policies) == k.FULL:
        _make_room(w, tables)
    counts = IntervalCounts(
        _counters(tables["cells"], n_intervals, n_queues), tables["group_us"].reshape(time_shape)
    )
    return Run(
        workload,
        "fast",
        _contact_rows(tables["rows"][: int(w["next_number"])]) if record != "intervals" else None,
        _agent_rows(tables["agent_rows"][: int(w["n_agent_rows"])]) if record == "all" else None,
        counts,
        int(w["rest_us"]),
    )


# Tables that grow -----------------------------------------------------------------------------------

_KINDS = {"slots": k.SLOT, "heap": k.EVENT, "leaving": k.NUMBER, "rows": k.ROW, "agent_rows": k.AGENT_ROW}
_ROOM = {"heap": "heap_room", "leaving": "leaving_room", "rows": "rows_room", "agent_rows": "agent_rows_room"}


def _give_room(w: Any, tables: dict[str, Table], name: str, room: int) -> None:
    """Let a table have `room` records; what stood in it stays."""
    old = tables.get(name, np.empty(0, _KINDS[name]))
    new = np.empty(room, _KINDS[name])
    new[: len(old)] = old
    tables[name] = new
    w[name] = new.ctypes.data
    if name != "slots":
        w[_ROOM[name]] = room
        return
    new["number"][len(old) :] = -1
    new["next"][len(old) :] = np.arange(len(old) + 1, room + 1)
    new["next"][-1] = w["free_slot"]
    w["free_slot"] = len(old)
    w["n_free"] += room - len(old)
    w["n_slots"] = room


def _make_room(w: Any, tables: dict[str, Table]) -> None:
    """Give every table that may be short the room that one event can need, and as much again."""
    rules, spare = int(w["most_rules"]), k.SPARE
    in_line, n_agents = int(w["in_line"]), int(w["n_agents"])
    contacts = (in_line + 1) * rules + spare
    wanted = {
        "slots": (int(w["n_slots"]) - int(w["n_free"]), contacts),
        "heap": (int(w["n_heap"]), in_line + contacts + 2 * n_agents + rules),
        "leaving": (0, in_line + n_agents),
        "rows": (int(w["next_number"]) * int(w["record_contacts"]), contacts * int(w["record_contacts"])),
        "agent_rows": (int(w["n_agent_rows"]), (n_agents + spare) * int(w["record_agents"])),
    }
    for name, (used, needed) in wanted.items():
        if len(tables[name]) - used < needed:
            _give_room(w, tables, name, used + needed + max(used, needed) // 2)


# From the model to tables ---------------------------------------------------------------------------

_CHANGED = {"queues", "lines_free"}
"""Tables of the layout that a run writes to."""
_layouts: OrderedDict[int, tuple[Model, Layout]] = OrderedDict()


def _layout(workload: Workload) -> Layout:
    """Return the layout of a workload's model; those of the last few models are kept."""
    model = workload.model
    known = _layouts.get(id(model))
    if known is not None and known[0] is model:
        return known[1]
    layout = _lay_out(model, workload.names)
    _layouts[id(model)] = (model, layout)
    while len(_layouts) > 16:
        _layouts.popitem(last=False)
    return layout


def _filled(kind: np.dtype[Any], shape: tuple[int, ...], /, **columns: Any) -> Table:
    table = np.zeros(shape, kind)
    for name, values in columns.items():
        table[name] = values
    return np.ascontiguousarray(table)


def _lay_out(m: Model, names: Names) -> Layout:
    n_queues, n_steps = m.balk.shape
    n_teams, n_kinds = m.level.shape[1], m.complexity_upto.shape[2]
    serves = m.level > 0
    bucket = 1 + np.concatenate([[0], np.cumsum(m.concurrency - 1)])
    team_start, queue_start = _starts(serves.sum(axis=1)), _starts(serves.sum(axis=0))
    plain = np.where(serves, (m.after_us == 0) & (m.min_waiting <= 1), True).all(axis=1)
    tables = {
        "queues": _filled(
            k.QUEUE, (n_queues,),
            channel=m.queue_channel, room=m.waiting_room, trunks=m.queue_trunks,
            patience_table=m.patience_table, credit_us=m.credit_us, misroute_to=m.misroute_to,
            callback_after_us=m.callback_after_us, callback_attempts=m.callback_attempts,
            callback_dial_us=m.callback_dial_us, callback_retry_us=m.callback_retry_us,
            threshold_us=m.threshold_us, short_abandon_us=m.short_abandon_us,
            response_us=m.response_us, rule_first=m.rule_start[:-1], rule_stop=m.rule_start[1:],
            overflow_first=m.overflow_start[:-1], overflow_stop=m.overflow_start[1:],
            team_first=team_start[:-1], team_stop=team_start[1:], plain=plain, head=-1, tail=-1,
            when_closed=m.when_closed, opening_first=m.opening_start[:-1], opening_stop=m.opening_start[1:],
            talk_table=m.part_table[:, 0], hold_table=m.part_table[:, 1], wrap_table=m.part_table[:, 2],
            talk_us=m.part_us[:, 0], hold_us=m.part_us[:, 1], wrap_us=m.part_us[:, 2],
            priority=m.queue_priority, score=m.queue_score, score_per_s=m.queue_score_per_s,
            credit_share=m.credit_share, resolution=m.resolution, misroute_talk=m.misroute_talk,
            hold_probability=m.hold_probability, callback_accept=m.callback_accept,
            callback_reach=m.callback_reach,
        ),
        "qsteps": _filled(
            k.QSTEP, (n_queues, n_steps), patience_us=m.patience_us, balk=m.balk, misroute=m.misroute,
            handle=m.handle_step, closed=m.closed,
        ),
        "upto": np.ascontiguousarray(m.complexity_upto, np.float64),
        "complexities": _filled(
            k.COMPLEX, (n_queues, n_kinds), handle=m.complexity_handle,
            escalation=m.complexity_escalation, resolution=m.complexity_resolution,
        ),
        "routes": _filled(
            k.ROUTE, (n_queues, n_teams), level=m.level, after_us=m.after_us,
            min_waiting=m.min_waiting, handle=m.route_handle, resolution=m.route_resolution,
            escalation=m.route_escalation,
        ),
        "channels": _filled(
            k.CHANNEL, (len(m.concurrency),), concurrency=m.concurrency, deferrable=m.deferrable,
            interruptible=m.interruptible, cleared=m.cleared, bucket=bucket[:-1],
        ),
        "stretch": np.ascontiguousarray(m.stretch, np.float64),
        "rules": _filled(
            k.RULE, (len(m.rule_after),), after=m.rule_after, kind=m.rule_kind, to=m.rule_to,
            delay_table=m.rule_delay_table, at_most=m.rule_at_most, stay_us=m.rule_stay_us,
            probability=m.rule_probability, delay_us=m.rule_delay_us, key=m.rule_key,
        ),
        "teams": _filled(
            k.TEAM_ROW, (n_teams,), group=m.team_group, breadth=m.breadth,
            queue_first=queue_start[:-1], queue_stop=queue_start[1:],
        ),
        "learning": _filled(
            k.LEARNING, m.learning_handle.shape, handle=m.learning_handle,
            escalation=m.learning_escalation, resolution=m.learning_resolution,
        ),
        "groups": _filled(k.GROUP, (len(m.group_first),), first=m.group_first, size=m.group_size),
        "queue_teams": np.nonzero(serves)[1].astype(np.int64),
        "team_queues": np.nonzero(serves.T)[1].astype(np.int64),
        "overflow": np.ascontiguousarray(m.overflow_us, np.int64),
        "openings": _filled(k.OPENING, (len(m.opens_us),), opens_us=m.opens_us, closes_us=m.closes_us),
        "step_us": np.ascontiguousarray(m.step_us, np.int64),
        "lines_free": np.array(m.trunk_lines, np.int64),
        "tables": np.ascontiguousarray(m.tables, np.float64),
    }  # fmt: skip
    rules_of_queue = np.diff(m.rule_start)
    sizes = {
        "n_queues": n_queues, "n_steps": n_steps, "n_kinds": n_kinds, "n_teams": n_teams,
        "n_buckets": int(bucket[-1]) + 1, "deferring": int(bucket[-1]),
        "n_weeks": m.learning_handle.shape[1], "n_groups": len(m.group_first),
        "n_duties": len(names.duties), "n_tables": len(m.tables),
        "most_rules": int(rules_of_queue.max(initial=0)) + int(np.diff(m.overflow_start).max(initial=0)),
        "end_us": m.end_us, "interval_us": m.interval_us, "drain": m.drain,
    }  # fmt: skip
    return Layout(tables, sizes)


def _starts(lengths: Table) -> Table:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _of_replication(workload: Workload) -> dict[str, Table]:
    """Return the tables that a replication brings along."""
    m, a = workload.model, workload.agents
    n_teams = len(m.team_group)
    n_buckets = int((m.concurrency - 1).sum()) + 2
    return {
        "agents": _filled(
            k.AGENT, (len(a.team),), team=a.team, curve=a.curve, hired_us=a.hired_us,
            group=m.team_group[a.team] if len(a.team) else 0, speed=a.speed, channel=-1, bucket=-1,
            previous=-1, next=-1, first_in_hand=-1,
        ),
        "buckets": _filled(k.BUCKET, (n_teams * n_buckets,), head=-1, tail=-1),
        "calendar": _filled(
            k.CALENDAR_ROW, (len(a.at_us),), at_us=a.at_us, kind=a.kind, who=a.who, value=a.value
        ),
        "arrival_us": np.ascontiguousarray(workload.arrival_us, np.int64),
        "arrival_queue": np.ascontiguousarray(workload.arrival_queue, np.int32),
        "arrival_key": np.ascontiguousarray(workload.arrival_key, np.uint64),
    }  # fmt: skip


# From tables to records -----------------------------------------------------------------------------


def _counters(cells: Table, n_intervals: int, n_queues: int) -> Table:
    """Return the counters; the kernel notes when contacts join and leave the backlog."""
    counters = cells.view(np.int64).reshape(n_intervals, n_queues, -1)
    counters[:, :, N_BACKLOG] = np.cumsum(counters[:, :, N_BACKLOG], axis=0)
    return counters


def _contact_rows(rows: Table) -> ContactRows:
    return ContactRows(*(np.ascontiguousarray(rows[name]) for name in CONTACT_TYPES))


def _agent_rows(rows: Table) -> AgentRows:
    types = (np.int32, np.int16, np.int8, np.int64, np.int64)
    columns = (rows[name].astype(t) for name, t in zip(k.AGENT_ROW.names or (), types, strict=True))
    return merged_rows(AgentRows(*columns))
