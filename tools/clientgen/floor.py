"""What happens to every contact: who waits, who gives up, who serves, who comes back?

The simulator of the workbench decides it. A story becomes a scenario: rates by half-hour, kinds of
complexity, patience, learning, repeats of what was not resolved, retrials of who gave up or found the
line closed. Escalated contacts go to a desk of the client's own, which stands in no log of the
vendor's: what becomes of them there decides whether the contact was resolved. Who works when is not
drawn by the simulator but taken from the story's roster.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from tools.clientgen.story import COMPLEXITIES, Queue
from tools.clientgen.world import DAY_S, World, times
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, BLOCKED
from workbench.sim.calendar import DUTY, Agents
from workbench.sim.model import ESCALATION, FRESH, OFF, ON
from workbench.sim.parts import US
from workbench.sim.records import ContactRows, roots
from workbench.sim.run import engine_named
from workbench.sim.scenario import Scenario
from workbench.sim.workload import Workload, draw

SLOT_S = 1800
PROFILE = (0.75, 1.10, 1.25, 1.15, 0.95, 1.00, 1.10, 1.05, 0.90, 0.75)
"""How volume runs through the opening hours, in tenths of them."""
NIGHT = (
    0.25, 0.15, 0.12, 0.12, 0.15, 0.3, 0.6, 1.0, 1.4, 1.6, 1.7, 1.6,
    1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.4, 1.2, 1.0, 0.8, 0.6, 0.4,
)  # fmt: skip
"""How it runs through the day where a queue never closes, by hour."""
WEEKDAY = (1.14, 1.04, 0.99, 0.97, 0.92, 0.75, 0.60)
RETURNING = 0.04
"""Share of first contacts that come from a customer of an earlier one, with something new."""
HANDLE_BY_COMPLEXITY = (0.8, 1.1, 1.6)
HOLDS = 0.55
WEEKS_OF_LEARNING = 52
LATER = " from the onset"
"""Ends the name of a kind of contact that comes after the onset of a decline."""
PAUSES = ("break", "meal", "meeting", "away")
CLIENT_DESK = "client desk"


def rates(world: World, q: int) -> np.ndarray:
    """Return how many contacts of a queue come per hour, for each half-hour of the period."""
    story, queue = world.story, world.story.queues[q]
    days = np.array(world.days, dtype="datetime64[D]")
    weekday = (days.astype(np.int64) + 3) % 7
    trend = np.linspace(1 - story.work.volume_trend / 2, 1 + story.work.volume_trend / 2, len(days))
    is_open = np.isin(weekday, queue.weekdays)
    around = np.mean([WEEKDAY[d] for d in queue.weekdays])
    level = np.array([WEEKDAY[d] for d in weekday]) / around * trend
    first, last = world.utc(days[:1], [0])[0], world.utc(days[-1:], [DAY_S])[0]
    slot_day, wall = world.wall_s(np.arange(first, last, SLOT_S))
    number = (slot_day - days[0]).astype(int)
    hour = wall / 3600
    if queue.closes - queue.opens >= 24:
        shape = np.array(NIGHT)[hour.astype(int)] / np.sum(NIGHT)
        inside = is_open[number]
    else:
        inside = is_open[number] & (hour >= queue.opens) & (hour < queue.closes)
        place = np.clip((hour - queue.opens) / (queue.closes - queue.opens), 0, 0.999)
        shape = np.array(PROFILE)[(place * 10).astype(int)] / (queue.closes - queue.opens)
    return np.where(inside, queue.contacts_per_day * level[number] * shape, 0.0)


def scenario_of(world: World) -> Scenario:
    """Return the story's floor as a scenario of the simulator."""
    story, work = world.story, world.story.work
    weeks = np.exp(-np.arange(WEEKS_OF_LEARNING) / work.tenure_weeks)
    groups: dict[str, Any] = {
        CLIENT_DESK: {"agents": 40, "skills": [_desk(queue) for queue in story.queues]},
    }
    for (home, skills), _ in _teams(world):
        block = {"count": 1, "shift": "roster", "skills": {story.queues[s].name: 1 for s in skills}}
        groups.setdefault(_group(home), {"people": {}, "learning": "learning"})["people"][_block(skills)] = (
            block
        )
    queues = {}
    for q, queue in enumerate(story.queues):
        queues[queue.name] = _queue(world, q)
        queues[_desk(queue)] = _desk_queue(world, queue)
    return Scenario.parse(
        {
            "name": story.id,
            "time": {
                "start": f"{story.start}T00:00:00", "zone": story.time_zone, "days": story.days,
                "interval_s": SLOT_S,
            },
            "queues": queues,
            "groups": groups,
            "shifts": {
                "roster": {
                    "start": "08:00", "end": "20:00", "days": [0],
                    "activities": {
                        name: {"start": f"{9 + 2 * place:02d}:00", "minutes": 15}
                        for place, name in enumerate(PAUSES)
                    },
                }
            },
            "curves": {
                "learning": {
                    "handle": (1 + (work.slow_when_new - 1) * weeks).tolist(),
                    "escalation": (1 + (work.escalated_when_new - 1) * weeks).tolist(),
                }
            },
            "routing": {"agent": "longest_idle", "queue": "longest_wait"},
            "outages": _closed(world),
            "mix_shifts": _onset(world),
        },
        where=story.id,
    )  # fmt: skip


def _desk(queue: Queue) -> str:
    return f"{queue.name} {CLIENT_DESK}"


def _group(home: int) -> str:
    return f"home {home:02d}"


def _block(skills: tuple[int, ...]) -> str:
    return "skills " + " ".join(f"{skill:02d}" for skill in skills)


def _teams(world: World) -> list[tuple[tuple[int, tuple[int, ...]], list[int]]]:
    """Return who has which home queue and skills: ((home, skills), agents), in order."""
    agents = world.parts["agents"]
    teams: dict[tuple[int, tuple[int, ...]], list[int]] = {}
    for number, (home, skills) in enumerate(zip(agents["home"], agents["skills"], strict=True)):
        teams.setdefault((int(home), tuple(skills)), []).append(number)
    return sorted(teams.items())


def _queue(world: World, q: int) -> dict[str, Any]:
    story, queue, work = world.story, world.story.queues[q], world.story.work
    level = queue.aht_s / sum(s * f for s, f in zip(queue.mix, HANDLE_BY_COMPLEXITY, strict=True))
    hardest = max(work.escalated)
    kinds = {}
    for c, name in enumerate(COMPLEXITIES):
        kind = {
            "share": queue.mix[c], "handle_factor": HANDLE_BY_COMPLEXITY[c],
            "escalation_factor": work.escalated[c] / hardest, "resolution_factor": work.resolved[c],
        }  # fmt: skip
        kinds[name] = kind
        if work.onset is not None:
            kinds[name + LATER] = {
                **kind, "handle_factor": kind["handle_factor"] * (1 - work.speeds_up),
                "resolution_factor": work.resolved[c] - work.resolved_lost,
            }  # fmt: skip
    made: dict[str, Any] = {
        "arrivals": {"per_hour": rates(world, q).tolist(), "day_factor": {"shape": 400}},
        "handle": {
            "talk": {"family": "lognormal", "mean_s": 0.78 * level, "cv": 0.62},
            "hold": {"family": "lognormal", "mean_s": 0.07 * level / HOLDS, "cv": 0.8},
            "hold_probability": HOLDS,
            "wrap_up": {"family": "lognormal", "mean_s": 0.15 * level, "cv": 0.5},
        },
        "patience": {"mean_s": queue.patience_s},
        "complexity": kinds,
        "service_level": {"threshold_s": story.threshold_s, "target": story.target},
        "follow_ups": {
            "tries again": {
                "after": "abandoned", "kind": "retrial", "probability": work.retries_if_abandoned,
                "delay": _between(600, 7800), "at_most": 6,
            },
            "calls when it is open": {
                "after": "blocked", "kind": "retrial", "probability": 0.9,
                "delay": _between(9 * 3600, 20 * 3600), "at_most": 9,
            },
            "comes back": _comes_back(world, None),
            "passed to the client": {
                "after": "served", "kind": "escalation", "probability": hardest, "to": _desk(queue),
                "at_most": 100,
            },
        },
    }  # fmt: skip
    target = _passed_on(story.queues, q)
    if target is not None:
        wrong = float((world.parts["agents"]["wrong_tag"] == True).mean())  # noqa: E712
        made |= {"misroute": work.transferred + work.misrouted * wrong, "misroute_to": target}
    return made


def _comes_back(world: World, to: str | None) -> dict[str, Any]:
    """A customer who was not helped comes back after hours or days, soon more often than late."""
    places = (np.arange(60) + 0.5) / 60
    days = 0.2 + 5.3 * places**1.6
    return {
        "after": "unresolved", "kind": "repeat", "probability": world.story.work.repeats_if_unresolved,
        "to": to, "delay": {"family": "empirical", "values": (days * DAY_S).tolist()}, "at_most": 5,
    }  # fmt: skip


def _desk_queue(world: World, queue: Queue) -> dict[str, Any]:
    work = world.story.work
    helped = sum(s * r for s, r in zip(queue.mix, work.resolved, strict=True))
    return {
        "handle": {"talk": {"mean_s": 600}},
        "resolution": helped * work.resolved_after_escalation,
        "follow_ups": {"comes back": _comes_back(world, queue.name)},
    }


def _between(low_s: float, high_s: float) -> dict[str, Any]:
    return {"family": "empirical", "values": np.linspace(low_s, high_s, 9).tolist()}


def _passed_on(queues: tuple[Queue, ...], q: int) -> str | None:
    """Return the queue that contacts belong to which came to the wrong one; the first passes none on."""
    first = queues[0]
    mine = queues[q]
    fits = mine.client == first.client and first.opens <= mine.opens and first.closes >= mine.closes
    return first.name if q > 0 and fits and set(mine.weekdays) <= set(first.weekdays) else None


def _closed(world: World) -> dict[str, Any]:
    """A queue takes nothing outside of its hours."""
    found = {}
    for queue in world.story.queues:
        if queue.closes - queue.opens >= 24:
            continue
        for number, day in enumerate(world.days):
            spans = [("00:00", _clock(queue.opens)), (_clock(queue.closes), "24:00")]
            if day.weekday() not in queue.weekdays:
                spans = [("00:00", "24:00")]
            for place, (start, end) in enumerate(spans):
                found[f"{queue.name} {number} {place}"] = {
                    "queue": queue.name, "day": number, "start": start, "end": end,
                }  # fmt: skip
    return found


def _clock(hours: float) -> str:
    return f"{int(hours):02d}:{round(hours % 1 * 60):02d}"


def _onset(world: World) -> dict[str, Any]:
    """Before the onset of a decline all contacts are of the earlier kinds, then of the later ones."""
    onset = world.story.work.onset
    if onset is None:
        return {}
    return {
        f"{queue.name} {number}": {
            "queue": queue.name, "day": number, "start": "00:00", "end": "24:00",
            "complexity": {name + (LATER if day < onset else ""): 0.0 for name in COMPLEXITIES},
        }
        for queue in world.story.queues
        for number, day in enumerate(world.days)
    }  # fmt: skip


def with_roster(world: World, workload: Workload) -> Workload:
    """Return the workload with the story's people and their shifts instead of drawn ones."""
    drawn, names = workload.agents, workload.names
    n_counted = int(np.sum(workload.model.group_size))
    agents, plan = world.parts["agents"], world.parts["floor_plan"]
    team_of = {(group, block): t for t, (group, blocks) in enumerate(names.teams) for block in blocks}
    team = [
        team_of[_group(int(home)), _block(tuple(skills))]
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
    earlier = (dice.random(len(fresh)) * np.maximum(np.arange(len(fresh)), 1)).astype(np.int64)
    whose[fresh[back]] = fresh[earlier[back]]
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
