"""What happens to every contact: who waits, who gives up, who serves, who comes back?

One queue of events over the whole period. Contacts wait in order of arrival, each for as long as its
patience lasts; an agent takes the one that has waited longest among the queues it serves; among idle
agents the one that has been idle longest is taken. Whoever is in a contact finishes it before a
break. A customer whose matter is not resolved may come back within days, one who gave up within
hours, and both find the floor as it then is.
"""

from __future__ import annotations

import heapq
from collections import deque
from math import exp

import numpy as np
import pandas as pd

from tools.clientgen.story import COMPLEXITIES
from tools.clientgen.world import DAY_S, World, times

SLOT_S = 1800
PROFILE = (0.75, 1.10, 1.25, 1.15, 0.95, 1.00, 1.10, 1.05, 0.90, 0.75)
"""How volume runs through the opening hours, in tenths of them."""
NIGHT = (
    0.25,
    0.15,
    0.12,
    0.12,
    0.15,
    0.3,
    0.6,
    1.0,
    1.4,
    1.6,
    1.7,
    1.6,
    1.5,
    1.5,
    1.5,
    1.5,
    1.5,
    1.5,
    1.4,
    1.2,
    1.0,
    0.8,
    0.6,
    0.4,
)
"""How it runs through the day where a queue never closes, by hour."""
WEEKDAY = (1.14, 1.04, 0.99, 0.97, 0.92, 0.75, 0.60)
RETURNING = 0.04
"""Share of arrivals that are customers of earlier contacts with something new."""
SHARES = np.array([0.78, 0.07, 0.15])
"""Talk, hold and wrap-up within the handle time."""
GIVE_UP, FREE, LEAVE, ARRIVE = 0, 1, 2, 3
"""The order of what happens in the same second: customers give up, agents come free, agents leave,
contacts arrive."""


def arrivals(world: World) -> pd.DataFrame:
    """Draw the first contacts of matters: when, on which queue, of which complexity."""
    story, dice = world.story, world.dice("arrivals")
    found = []
    days = np.array(world.days, dtype="datetime64[D]")
    weekday = (days.astype(np.int64) + 3) % 7
    trend = np.linspace(1 - story.work.volume_trend / 2, 1 + story.work.volume_trend / 2, len(days))
    for q, queue in enumerate(story.queues):
        is_open = np.isin(weekday, queue.weekdays)
        around = np.mean([WEEKDAY[d] for d in queue.weekdays])
        level = np.array([WEEKDAY[d] for d in weekday]) / around * trend
        level = level * dice.gamma(400, 1 / 400, len(days))
        first, last = world.utc(days[:1], [0])[0], world.utc(days[-1:], [DAY_S])[0]
        slots = np.arange(first, last, SLOT_S)
        slot_day, wall = world.wall_s(slots)
        number = (slot_day - days[0]).astype(int)
        hour = wall / 3600
        if queue.closes - queue.opens >= 24:
            shape = np.array(NIGHT)[hour.astype(int)] / (2 * np.sum(NIGHT))
            inside = is_open[number]
        else:
            inside = is_open[number] & (hour >= queue.opens) & (hour < queue.closes)
            place = np.clip((hour - queue.opens) / (queue.closes - queue.opens), 0, 0.999)
            shape = np.array(PROFILE)[(place * 10).astype(int)] / (2 * (queue.closes - queue.opens))
        rate = np.where(inside, queue.contacts_per_day * level[number] * shape, 0.0)
        n = dice.poisson(rate)
        at = np.repeat(slots, n) + dice.integers(0, SLOT_S, n.sum())
        found.append(
            pd.DataFrame({"at": at, "queue": q, "complexity": dice.choice(3, len(at), p=np.array(queue.mix))})
        )
    frame = pd.concat(found).sort_values(["at", "queue"], kind="stable", ignore_index=True)
    new = np.arange(len(frame))
    back = dice.random(len(frame)) < RETURNING
    earlier = (dice.random(len(frame)) * np.maximum(new, 1)).astype(np.int64)
    frame["customer"] = np.where(back & (new > 0), earlier, new)
    return frame


def run(world: World) -> None:
    """Let the floor work; leaves `log` (one row a contact) and `busy` (who handled what) behind."""
    story, dice, work = world.story, world.dice("floor"), world.story.work
    base = arrivals(world)
    agents, plan = world.parts["agents"], world.parts["floor_plan"]
    n, room = len(base), 2 * len(base) + 1000
    z, patience_e, luck = dice.standard_normal(room), dice.exponential(1.0, room), dice.random((room, 6))
    start_day = agents["start_date"].to_numpy().astype("datetime64[D]")
    joined = world.utc(start_day, np.zeros(len(agents), dtype=int)).tolist()
    touch = (1 - 0.05 * agents["skill_score"].to_numpy()).clip(0.8, 1.2).tolist()
    wrong = agents["wrong_tag"].to_numpy(dtype=bool).tolist()
    serves = [set(skills) for skills in agents["skills"]]
    onset = np.inf if work.onset is None else float(world.utc([work.onset], [0])[0])
    by_complexity = (0.8, 1.1, 1.6)
    sigma = 0.55
    means = []
    for queue in story.queues:
        level = queue.aht_s / sum(share * f for share, f in zip(queue.mix, by_complexity, strict=True))
        means.append([level * f for f in by_complexity])
    patience = [queue.patience_s for queue in story.queues]

    windows = plan[(plan["code"] == "on_queue") & ~plan["skipped"]]
    events: list[tuple[int, int, int, int]] = []
    for agent, begin, end in zip(
        windows["agent"].tolist(), windows["start_s"].tolist(), windows["end_s"].tolist(), strict=True
    ):
        events.append((begin, FREE, agent, end))
    heapq.heapify(events)
    q_of, c_of, k_of = base["queue"].tolist(), base["complexity"].tolist(), base["customer"].tolist()
    at_of, parent, attempt = base["at"].tolist(), [-1] * n, [0] * n
    answer, end_s, who, gave_up = [-1] * n, [-1] * n, [-1] * n, [-1] * n
    escalated, resolved, moved, chance = [False] * n, [False] * n, [False] * n, [0.0] * n
    chance_resolved = [0.0] * n
    waiting = [deque[int]() for _ in story.queues]
    until = [0] * len(agents)
    idle: dict[int, int] = {}
    horizon = int(world.utc([story.end], [DAY_S])[0])

    def add(at: int, q: int, c: int, customer: int, of: int, tries: int) -> None:
        if at >= horizon or len(q_of) >= room:
            return
        q_of.append(q), c_of.append(c), k_of.append(customer), at_of.append(at)
        parent.append(of), attempt.append(tries)
        answer.append(-1), end_s.append(-1), who.append(-1), gave_up.append(-1)
        escalated.append(False), resolved.append(False), moved.append(False), chance.append(0.0)
        chance_resolved.append(0.0)
        heapq.heappush(events, (at, ARRIVE, len(q_of) - 1, 0))

    def open_again(q: int, at: int, share: float) -> int:
        """Move a return into the opening hours of its queue."""
        queue = story.queues[q]
        if queue.closes - queue.opens >= 24:
            return at
        day = world.local([at])[0].date()
        for _ in range(8):
            if day.weekday() in queue.weekdays:
                spot = queue.opens + (queue.closes - queue.opens - 0.5) * share
                moment = int(world.utc([day], [int(spot * 3600)])[0])
                if moment >= at:
                    return moment
            day = day.fromordinal(day.toordinal() + 1)
        return at

    def lose(contact: int, at: int) -> None:
        """A customer gives up, and may try again."""
        gave_up[contact] = at
        if luck[contact, 5] < work.retries_if_abandoned and attempt[contact] < 2:
            later = open_again(q_of[contact], at + 600 + int(7200 * luck[contact, 4]), luck[contact, 3])
            add(later, q_of[contact], c_of[contact], k_of[contact], -1, attempt[contact] + 1)

    def serve(agent: int, contact: int, at: int) -> None:
        q, c = q_of[contact], c_of[contact]
        weeks = max(at - joined[agent], 0) / (7 * DAY_S)
        new = exp(-weeks / work.tenure_weeks)
        mean = means[q][c] * touch[agent] * (1 + (work.slow_when_new - 1) * new)
        after = at >= onset
        if after:
            mean *= 1 - work.speeds_up
        handle = min(max(int(mean * exp(sigma * z[contact] - sigma * sigma / 2)), 25), 4 * 3600)
        done = at + handle
        answer[contact], end_s[contact], who[contact] = at, done, agent
        p = min(work.escalated[c] * (1 + (work.escalated_when_new - 1) * new), 0.97)
        chance[contact] = p
        escalated[contact] = bool(luck[contact, 0] < p)
        good = work.resolved[c] - (work.resolved_lost if after else 0.0)
        chance_resolved[contact] = good * (1 - p + p * work.resolved_after_escalation)
        if escalated[contact]:
            good *= work.resolved_after_escalation
        resolved[contact] = bool(luck[contact, 1] < good)
        passed_on = work.transferred + (work.misrouted if wrong[agent] else 0.0)
        if luck[contact, 2] < passed_on and attempt[contact] < 2:
            moved[contact] = True
            resolved[contact] = False
            chance_resolved[contact] = 0.0
            add(done, q, c, k_of[contact], contact, attempt[contact] + 1)
        elif not resolved[contact] and luck[contact, 3] < work.repeats_if_unresolved and attempt[contact] < 3:
            gap = int(DAY_S * (0.2 + 5.3 * luck[contact, 4] ** 1.6))
            later = open_again(q, done + gap, luck[contact, 5])
            add(later, q, c, k_of[contact], -1, attempt[contact] + 1)
        heapq.heappush(events, (done, FREE, agent, until[agent]))

    for contact, at in enumerate(at_of):
        events.append((at, ARRIVE, contact, 0))
    heapq.heapify(events)
    busy_until = [0] * len(agents)
    while events:
        at, kind, one, end = heapq.heappop(events)
        if kind == FREE:
            if end > until[one]:
                until[one] = end
                heapq.heappush(events, (end, LEAVE, one, end))
            if at < busy_until[one] or one in idle or at >= until[one]:
                continue
            chosen, since = -1, horizon * 2
            for q in serves[one]:
                line = waiting[q]
                while line and gave_up[line[0]] >= 0:
                    line.popleft()
                if line and at_of[line[0]] < since:
                    chosen, since = q, at_of[line[0]]
            if chosen < 0:
                idle[one] = at
            else:
                contact = waiting[chosen].popleft()
                serve(one, contact, at)
                busy_until[one] = end_s[contact]
        elif kind == LEAVE:
            if until[one] <= at:
                idle.pop(one, None)
        elif kind == GIVE_UP:
            if answer[one] < 0:
                lose(one, at)
        else:
            q = q_of[one]
            best, since = -1, horizon * 2
            for agent, from_s in idle.items():
                if from_s < since and q in serves[agent]:
                    best, since = agent, from_s
            if best >= 0:
                del idle[best]
                serve(best, one, at)
                busy_until[best] = end_s[one]
            else:
                waiting[q].append(one)
                limit = at + 1 + int(patience[q] * patience_e[one])
                heapq.heappush(events, (min(limit, horizon - 1), GIVE_UP, one, 0))
    log = pd.DataFrame(
        {
            "offered": at_of, "queue": q_of, "complexity": c_of, "customer": k_of, "parent": parent,
            "answer": answer, "end": end_s, "agent": who, "gave_up": gave_up, "escalated": escalated,
            "resolved": resolved, "transferred": moved, "p_escalated": chance,
            "p_resolved": chance_resolved,
        }
    )  # fmt: skip
    world.parts["log"] = log


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
    cut = dice.dirichlet(40 * SHARES, len(log))
    no_hold = dice.random(len(log)) < 0.45
    hold = np.where(no_hold, 0, (handle * cut[:, 1] * 1.8).astype(int))
    acw = (handle * cut[:, 2]).astype(int)
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
    log["contact_id"], log["acw"] = names, np.where(served, acw, 0)
    world.parts["log"] = log.reset_index(drop=True)
    answered = log[served]
    world.truth["escalation_rate"] = float(answered["p_escalated"].mean())
    world.counts["contacts"] = len(log)
    world.counts["answered"] = int(served.sum())
