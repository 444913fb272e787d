"""How is a story's floor told to the simulator?

Rates by half-hour, kinds of complexity, patience, learning, repeats of what was not resolved, retrials
of who gave up or found the line closed. Escalated contacts go to a desk of the client's own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tools.clientgen.story import COMPLEXITIES, Queue
from tools.clientgen.world import DAY_S, World
from workbench.sim.scenario import Scenario

SLOT_S = 1800
PROFILE = (0.75, 1.10, 1.25, 1.15, 0.95, 1.00, 1.10, 1.05, 0.90, 0.75)
"""How volume runs through the opening hours, in tenths of them."""
NIGHT = (
    0.25, 0.15, 0.12, 0.12, 0.15, 0.3, 0.6, 1.0, 1.4, 1.6, 1.7, 1.6,
    1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.4, 1.2, 1.0, 0.8, 0.6, 0.4,
)  # fmt: skip
"""How it runs through the day where a queue never closes, by hour."""
WEEKDAY = (1.14, 1.04, 0.99, 0.97, 0.92, 0.75, 0.60)
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
        groups.setdefault(group_name(home), {"people": {}, "learning": "learning"})["people"][
            block_name(skills)
        ] = block
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


def group_name(home: int) -> str:
    """Return the name of the group whose home is a queue."""
    return f"home {home:02d}"


def block_name(skills: tuple[int, ...]) -> str:
    """Return the name of the people of a group who serve these queues."""
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
