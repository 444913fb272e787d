"""Who is planned to work when, and what of the plan is kept?"""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import numpy as np
import pandas as pd

from tools.clientgen.scenario import NIGHT, PROFILE
from tools.clientgen.story import Queue
from tools.clientgen.world import World, times

REST_H = 9.0
"""Hours of rest between two shifts of one person; who would have less stays at home that day."""


def shifts(world: World) -> None:
    """Say who works when: `schedule`, and what of it is kept on the floor."""
    story, dice = world.story, world.dice("shifts")
    agents, days = world.parts["agents"], world.days
    found: list[tuple[int, int, float]] = []
    rested: dict[int, float] = {}
    starts = pd.to_datetime(agents["start_date"]).dt.date.to_numpy()
    ends = pd.to_datetime(agents["term_date"]).dt.date.to_numpy()
    home = agents["home"].to_numpy(dtype=int)
    for number, day in enumerate(days):
        for q, queue in enumerate(story.queues):
            if day.weekday() not in queue.weekdays:
                continue
            here = [
                a for a in np.flatnonzero(home == q)
                if starts[a] + timedelta(days=4) <= day and (pd.isna(ends[a]) or day <= ends[a])
                and not (len(queue.weekdays) > 5 and (day.toordinal() + 3 * int(a)) % 7 < len(queue.weekdays) - 5)
            ]  # fmt: skip
            plan = _starts(queue, story.agent_hours, len(here))
            for place, a in enumerate(here):
                begins = plan[(place + number // 7) % len(here)]
                if 24 * number + begins >= rested.get(a, 0.0):
                    found.append((a, number, begins))
                    rested[a] = 24 * number + begins + story.agent_hours + REST_H
    agent, day_number, start_h = (np.array(column) for column in zip(*found, strict=True))
    order = np.lexsort((start_h, day_number))
    agent, day_number, start_h = agent[order], day_number[order], start_h[order]
    first_day = np.datetime64(days[0], "D")
    away = dice.random(len(agent)) < story.people.absent
    world.parts["worked"] = pd.DataFrame(
        {"agent": agent, "day": first_day + day_number, "start_h": start_h, "absent": away}
    )
    _segments(world, agent, first_day + day_number, start_h, away)


@cache
def _starts(queue: Queue, hours: float, agents: int) -> tuple[float, ...]:
    """Return a shift start for each agent of a day, one after the other where most is still lacking."""
    always = queue.closes - queue.opens >= 24
    slots = 48 if always else round(2 * (queue.closes - queue.opens))
    hour = np.arange(slots) / 2
    load = (
        np.array(NIGHT)[hour.astype(int)]
        if always
        else np.array(PROFILE)[(hour / hour.size * 20).astype(int)]
    )
    load = 0.6 + load if always else load**0.75
    length = round(2 * hours)
    lacking = load / load.sum() * agents * length
    first = np.arange(slots if always else max(slots - length, 0) + 1)
    covers = (first[:, None] + np.arange(length)[None, :]) % slots
    starts = []
    for _ in range(agents):
        gain = np.sum(np.maximum(lacking[covers], -0.5), axis=1)
        best = int(np.argmax(gain))
        lacking[covers[best]] -= 1.0
        starts.append(queue.opens + best / 2)
    return tuple(starts)


def _segments(
    world: World, agent: np.ndarray, day: np.ndarray, start_h: np.ndarray, away: np.ndarray
) -> None:
    """Cut shifts into stretches on queue and what lies between them."""
    story = world.story
    hours = story.agent_hours
    stagger = ((agent * 37) % 7) * 300
    if hours >= 7:
        pauses = [("break", 2.0, 900), ("meal", hours / 2 - 0.25, 1800), ("break", hours - 2.25, 900)]
    else:
        pauses = [("break", hours / 2 - 0.4, 900)]
    codes, offsets, lengths = [], [], []
    at = np.zeros(len(agent))
    for code, hour, length in pauses:
        begin = hour * 3600 + stagger
        codes += ["on_queue", code]
        offsets += [at, begin]
        lengths += [begin - at, np.full(len(agent), length)]
        at = begin + length
    codes.append("on_queue")
    offsets.append(at)
    lengths.append(hours * 3600 - at)
    base = world.utc(day, start_h * 3600)
    shift = {"agent": agent, "day": day, "absent": away}
    parts = [
        pd.DataFrame({**shift, "code": code, "start_s": base + offset, "end_s": base + offset + length})
        for code, offset, length in zip(codes, offsets, lengths, strict=True)
    ]
    plan = pd.concat(parts, ignore_index=True)
    plan = _meetings(plan)
    plan = plan.sort_values(["start_s", "agent"], kind="stable", ignore_index=True)
    plan[["start_s", "end_s"]] = plan[["start_s", "end_s"]].astype(np.int64)
    world.parts["plan"] = plan
    _kept(world, plan)


def _meetings(plan: pd.DataFrame) -> pd.DataFrame:
    """Turn the first half hour of the last stretch into a team meeting, once a week for each agent."""
    weekday = (plan["day"].to_numpy().astype("datetime64[D]").astype(np.int64) + 3) % 7
    chosen = (
        (plan["code"] == "on_queue")
        & (weekday == plan["agent"] % 5)
        & (plan["end_s"] - plan["start_s"] > 3600)
        & ~plan.duplicated(["agent", "day"], keep="last")
    )
    meeting = plan[chosen].copy()
    meeting["code"] = "meeting"
    meeting["end_s"] = meeting["start_s"] + 1800
    plan.loc[chosen, "start_s"] += 1800
    return pd.concat([plan, meeting], ignore_index=True)


def _kept(world: World, plan: pd.DataFrame) -> None:
    """Draw what agents do of what is planned: lateness, absence, stretches skipped."""
    traits, dice = world.story.people, world.dice("kept")
    late = np.minimum(dice.exponential(traits.lateness_s, len(plan)), 1500).astype(np.int64)
    skipped = dice.random(len(plan)) < traits.adherence_lost
    on_queue = plan["code"] == "on_queue"
    real = plan.assign(
        start_s=np.where(on_queue, np.minimum(plan["start_s"] + late, plan["end_s"] - 60), plan["start_s"]),
        skipped=skipped & on_queue,
    )
    world.parts["floor_plan"] = real[~real["absent"]].reset_index(drop=True)


def schedule(world: World) -> None:
    """Fill `schedule` as it was published."""
    story, dice = world.story, world.dice("schedule")
    plan, agents = world.parts["plan"], world.parts["agents"]
    ids = agents["agent_id"].to_numpy()
    weeks = plan["day"].to_numpy().astype("datetime64[D]")
    monday = weeks - (weeks.astype(np.int64) + 3) % 7
    published = world.utc(monday - story.people.published_days_before, np.full(len(plan), 16 * 3600))
    shift = pd.MultiIndex.from_arrays([plan["agent"], plan["day"]])
    codes, first = pd.factorize(shift)
    revised = dice.random(len(first)) < story.people.schedule_revisions
    in_tool = dice.random(len(first)) < story.people.schedule_in_tool
    home = agents["home"].to_numpy(dtype=int)[plan["agent"]]
    queues = np.array([queue.name for queue in story.queues], dtype=object)
    world.tables["schedule"] = pd.DataFrame(
        {
            "agent_id": ids[plan["agent"]],
            "activity_code": plan["code"],
            "start": times(plan["start_s"]),
            "end": times(plan["end_s"]),
            "published_ts": times(published),
            "source": np.where(in_tool[codes], "tool", "spreadsheet"),
            "revision": revised[codes].astype(int),
            "queue": np.where(plan["code"] == "on_queue", queues[home], None),
        }
    )
