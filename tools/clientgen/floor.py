"""What happens to every contact: who waits, who gives up, who serves, who comes back?

The simulator of the workbench decides it, on the scenario that scenario.py makes of the story. Who
works when is not drawn but taken from the story's roster. The desk to which the client's own people
take escalated contacts stands in no log of the vendor's: what becomes of a contact there decides
whether it was resolved.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tools.clientgen.scenario import LATER, PAUSES, WEEKS_OF_LEARNING, block_name, group_name, scenario_of
from tools.clientgen.story import COMPLEXITIES
from tools.clientgen.world import DAY_S, World, times
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, BLOCKED
from workbench.sim.calendar import DUTY, Agents
from workbench.sim.model import ESCALATION, FRESH, OFF, ON
from workbench.sim.parts import US
from workbench.sim.records import ContactRows, roots
from workbench.sim.run import engine_named
from workbench.sim.workload import Workload, draw

RETURNING = 0.04
"""Share of first contacts that come from a customer of an earlier one, with something new."""


def with_roster(world: World, workload: Workload) -> Workload:
    """Return the workload with the story's people and their shifts instead of drawn ones."""
    drawn, names = workload.agents, workload.names
    n_counted = int(np.sum(workload.model.group_size))
    agents, plan = world.parts["agents"], world.parts["floor_plan"]
    team_of = {(group, block): t for t, (group, blocks) in enumerate(names.teams) for block in blocks}
    team = [
        team_of[group_name(int(home)), block_name(tuple(skills))]
        for home, skills in zip(agents["home"], agents["skills"], strict=True)
    ]
    zero = int(workload.scenario.horizon.start_utc.timestamp())
    joined = world.utc(agents["start_date"].to_numpy().astype("datetime64[D]"), np.zeros(len(agents)))
    code = {"on_queue": ON, **{name: names.duties.index(name) for name in PAUSES}}
    duty = np.where(plan["skipped"], code["away"], plan["code"].map(code)).astype(np.int64)
    begins = np.column_stack([plan["start_s"], plan["agent"], duty])
    ends = np.column_stack([plan["end_s"], plan["agent"], np.full(len(plan), OFF)])
    held = pd.MultiIndex.from_arrays([plan["start_s"], plan["agent"]])
    free = ~pd.MultiIndex.from_arrays([plan["end_s"], plan["agent"]]).isin(held)
    rows = np.concatenate([begins, ends[free]]).astype(np.int64)
    rows = rows[rows[:, 0] < zero + workload.model.end_us // US]
    own = np.column_stack(
        [(rows[:, 0] - zero) * US, np.full(len(rows), DUTY), rows[:, 1] + n_counted, rows[:, 2]]
    )
    others = drawn.kind != DUTY
    kept = np.column_stack([drawn.at_us, drawn.kind, drawn.who, drawn.value])[others]
    events = np.concatenate([kept, own])
    events = events[np.lexsort((events[:, 2], events[:, 1], events[:, 0]))]
    speed = (1 - 0.05 * agents["skill_score"].to_numpy()).clip(0.8, 1.2)
    at_us, kind, who, value = (np.ascontiguousarray(column) for column in events.T)
    return replace(
        workload,
        agents=Agents(
            team=np.append(drawn.team[:n_counted], team).astype(np.int64),
            speed=np.append(drawn.speed[:n_counted], speed),
            curve=np.append(drawn.curve[:n_counted], np.ones(len(team))).astype(np.int64),
            hired_us=np.append(drawn.hired_us[:n_counted], (joined - zero) * US).astype(np.int64),
            names=(*drawn.names[:n_counted], *agents["agent_id"]),
            at_us=at_us, kind=kind, who=who, value=value,
        ),
    )  # fmt: skip


def run(world: World) -> None:
    """Let the floor work; leaves `log` (one row a contact of the vendor's) behind."""
    scenario = scenario_of(world)
    seed = int(world.dice("floor").integers(0, 2**31))
    workload = with_roster(world, draw(scenario, seed))
    done = engine_named("fast")(workload, "contacts")
    assert done.contact_rows is not None
    world.parts["log"] = _log(world, workload, done.contact_rows)


def _log(world: World, workload: Workload, c: ContactRows) -> pd.DataFrame:
    """Return the vendor's contacts in whole seconds; what the client's desk did enters its parent."""
    story, names, work = world.story, workload.names, world.story.work
    zero = int(workload.scenario.horizon.start_utc.timestamp())
    number = {queue.name: q for q, queue in enumerate(story.queues)}
    own = np.array([number.get(name, -1) for name in names.queues])[c.queue]
    resolved = c.resolved == 1
    desk = (c.kind == ESCALATION) & (c.parent >= 0)
    resolved[c.parent[desk]] = resolved[np.flatnonzero(desk)]
    kind = np.array([
        [COMPLEXITIES.index(name.removesuffix(LATER)) if name else 0 for name in kinds]
        + [0] * (2 * len(COMPLEXITIES) - len(kinds))
        for kinds in names.complexity
    ])  # fmt: skip
    n_counted = int(np.sum(workload.model.group_size))
    answered, abandoned = c.outcome == ANSWERED, c.outcome == ABANDONED
    complexity = kind[c.queue, c.complexity]
    joined = workload.agents.hired_us[c.agent]
    week = np.clip((c.answer_us - joined) // (7 * DAY_S * US), 0, WEEKS_OF_LEARNING)
    new = np.where(week < WEEKS_OF_LEARNING, np.exp(-week / work.tenure_weeks), 0.0)
    chance = np.array(work.escalated)[complexity] * (1 + (work.escalated_when_new - 1) * new)
    frame = pd.DataFrame(
        {
            "offered": zero + c.offered_us // US,
            "queue": own,
            "complexity": complexity,
            "customer": _customers(world, c),
            "parent": np.where(c.transferred[np.maximum(c.parent, 0)] == 1, c.parent, -1),
            "answer": np.where(answered, zero + c.answer_us // US, -1),
            "end": np.where(answered, zero + (c.end_us + c.wrap_us) // US, -1),
            "hold": c.hold_us // US,
            "acw": c.wrap_us // US,
            "agent": np.where(answered, c.agent - n_counted, -1),
            "gave_up": np.where(abandoned, zero + c.abandon_us // US, -1),
            "escalated": c.escalated == 1,
            "resolved": resolved & (c.transferred == 0),
            "transferred": c.transferred == 1,
            "p_escalated": np.minimum(np.where(c.transferred == 1, 0.0, chance), 1.0),
        }
    )
    over = (answered & (c.end_us >= 0)) | abandoned
    frame = frame[(own >= 0) & (c.outcome != BLOCKED) & over]
    place = pd.Series(np.arange(len(frame)), index=frame.index)
    frame["parent"] = frame["parent"].map(place).fillna(-1).astype(np.int64)
    return frame.reset_index(drop=True)


def _customers(world: World, c: ContactRows) -> np.ndarray:
    """Return whose contact each is: the chain's, or an earlier customer's who has something new."""
    dice = world.dice("customers")
    root = roots(c.parent)
    fresh = np.flatnonzero(c.kind == FRESH)
    whose = np.arange(len(c.key))
    back = (dice.random(len(fresh)) < RETURNING) & (np.arange(len(fresh)) > 0)
    place, among = np.arange(len(fresh)), world.story.work.returns_among
    where = dice.random(len(fresh))
    by = (where * (among or np.maximum(place, 1))).astype(np.int64)
    earlier = place - 1 - by if among else by
    # who was there before the log began is nobody else in it
    theirs = np.where(earlier >= 0, fresh[np.maximum(earlier, 0)], len(whose) - 1 - earlier)
    whose[fresh[back]] = theirs[back]
    return whose[root]


def contacts(world: World) -> None:
    """Fill `contacts` from what happened, and note what the planted probabilities come to."""
    story, dice = world.story, world.dice("contacts")
    log = world.parts["log"].copy()
    order = np.lexsort((log.index, log["offered"]))
    rank = np.empty(len(log), dtype=np.int64)
    rank[order] = np.arange(len(log))
    log["number"] = rank
    log = log.iloc[order]
    served = log["agent"].to_numpy() >= 0
    names = np.array([f"K{100001 + i}" for i in range(len(log))], dtype=object)
    handle = (log["end"] - log["answer"]).to_numpy()
    hold, acw = log["hold"].to_numpy(), log["acw"].to_numpy()
    ids = world.parts["agents"]["agent_id"].to_numpy(dtype=object)
    queues = story.queues
    queue = log["queue"].to_numpy()
    agent = np.where(served, log["agent"], 0)
    site = world.parts["agents"]["site"].to_numpy(dtype=object)
    offered = log["offered"].to_numpy()
    complexity = np.array(COMPLEXITIES, dtype=object)[log["complexity"]]
    parent = log["parent"].to_numpy()
    seen = np.where(served, log["resolved"], False)
    noise = dice.random(len(log))
    flagged = np.where(served, seen & (noise < 0.985), False)
    empty = dice.random(len(log)) < story.defects.disposition_missing
    codes = np.array(["solved", "advice given", "follow-up needed", "passed on"], dtype=object)
    code = np.where(log["transferred"], 3, np.where(flagged, (noise < 0.4).astype(int), 2))
    keep = lambda values: np.where(served, values, np.nan)  # noqa: E731
    frame = pd.DataFrame(
        {
            "contact_id": names,
            "parent_contact_id": np.where(parent >= 0, names[rank[np.maximum(parent, 0)]], None),
            "agent_id": np.where(served, ids[agent], None),
            "customer_key": np.array([f"C{k:06d}" for k in log["customer"]], dtype=object),
            "direction": "inbound",
            "channel": np.array([q.channel for q in queues], dtype=object)[queue],
            "queue": np.array([q.name for q in queues], dtype=object)[queue],
            "vendor": story.vendor,
            "site": np.where(served, site[agent], None),
            "language": np.array([q.language for q in queues], dtype=object)[queue],
            "offered_ts": times(offered),
            "queue_ts": times(offered),
            "answer_ts": times(keep(log["answer"])),
            "abandon_ts": times(np.where(log["gave_up"] >= 0, log["gave_up"], np.nan)),
            "talk_s": keep(handle - hold - acw),
            "hold_s": keep(hold),
            "acw_s": keep(acw),
            "transfer_flag": np.where(served, log["transferred"], False),
            "escalated_flag": np.where(served, log["escalated"], False),
            "disposition": np.where(served & ~empty, codes[code], None),
            "resolved_flag": pd.array(np.where(served, flagged, None), dtype="boolean"),
            "complexity_tag": np.where(
                dice.random(len(log)) < story.defects.complexity_missing, None, complexity
            ),
            "systems_touched": keep(1 + log["complexity"] + dice.integers(0, 2, len(log))),
        }
    )
    world.tables["contacts"] = frame
    log["contact_id"] = names
    world.parts["log"] = log.reset_index(drop=True)
    answered = log[served]
    world.truth["escalation_rate"] = float(answered["p_escalated"].mean())
    world.counts["contacts"] = len(log)
    world.counts["answered"] = int(served.sum())
