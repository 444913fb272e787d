"""Who works for the client, who came, and who left?"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from tools.clientgen.story import Queue
from tools.clientgen.world import World, pick

TERM_REASONS = ("pay", "career", "schedule", "commute", "performance", "workload")
HISTORY_DAYS = 365


def people(world: World) -> None:
    """Make everybody, agents and those around them, and who answers to whom."""
    story, dice = world.story, world.dice("people")
    traits = story.people
    start, end = story.start, story.end
    first = max(start - timedelta(days=HISTORY_DAYS), story.contract_start)
    hazard = traits.attrition_per_year / 365.0
    rows: list[tuple[int, date, date | None]] = []
    homes = [q for q, queue in enumerate(story.queues) for _ in range(queue.agents)]
    for home in homes:
        is_new = dice.random() < traits.new_at_start
        tenure = (
            int(dice.integers(7, 42)) if is_new else int(60 + dice.exponential(1.1 / max(hazard, 1 / 1500)))
        )
        hired = start - timedelta(days=min(tenure, 2400))
        while hired <= end:
            stays = dice.exponential(1 / hazard)
            left = max(start, hired) + timedelta(days=int(stays) + 1)
            rows.append((home, hired, left if left <= end else None))
            hired = left + timedelta(days=int(dice.integers(8, 20)))
    for home in homes:
        before = dice.poisson(hazard * (start - first).days)
        for _ in range(before):
            left = first + timedelta(days=int(dice.integers(0, max((start - first).days, 1))))
            rows.append((home, left - timedelta(days=int(20 + dice.exponential(200))), left))
    frame = pd.DataFrame(rows, columns=["home", "start_date", "term_date"]).sort_values(
        ["start_date", "home"], kind="stable", ignore_index=True
    )
    frame["agent_id"] = [f"A{1001 + i}" for i in range(len(frame))]
    frame["role"] = "agent"
    supervisors = [f"T{101 + i}" for i in range(traits.supervisors)]
    frame["supervisor_id"] = [supervisors[i % len(supervisors)] for i in range(len(frame))]
    queues = [queue.name for queue in story.queues]
    second = dice.random(len(frame)) < 0.3
    frame["skills"] = [
        tuple(dict.fromkeys([home, _neighbour(story.queues, home)] if also else [home]))
        for home, also in zip(frame["home"], second, strict=True)
    ]
    wrong = (dice.random(len(frame)) < traits.wrong_tags) & (len(queues) > 1)
    frame["wrong_tag"] = wrong
    frame["skill_tags"] = [
        queues[(home + 1) % len(queues)] if off else ";".join(queues[s] for s in skills)
        for home, skills, off in zip(frame["home"], frame["skills"], wrong, strict=True)
    ]
    frame["site"] = [story.sites[home % len(story.sites)][0] for home in frame["home"]]
    others = pd.DataFrame(
        [(name, "TL") for name in supervisors]
        + [(f"Q{101 + i}", "QA") for i in range(traits.qa_analysts)]
        + [(f"R{101 + i}", "trainer") for i in range(traits.trainers)]
        + [("O101", "ops")],
        columns=["agent_id", "role"],
    )
    others["start_date"] = [
        start - timedelta(days=int(d)) for d in dice.integers(200, 1500, size=len(others))
    ]
    others["supervisor_id"] = ["O101" if role != "ops" else None for role in others["role"]]
    others["site"] = story.sites[0][0]
    everyone = pd.concat([frame, others], ignore_index=True)
    everyone["skill_score"] = dice.normal(0, 1, len(everyone))
    world.parts["people"] = everyone
    world.parts["agents"] = everyone[everyone["role"] == "agent"].reset_index(drop=True)
    world.counts["leavers"] = int(frame["term_date"].notna().sum())


def _neighbour(queues: tuple[Queue, ...], home: int) -> int:
    """Return another queue of the same client that opens no longer than `home`, or `home`."""
    for step in range(1, len(queues)):
        other = queues[(home + step) % len(queues)]
        if (
            other.client == queues[home].client
            and other.opens >= queues[home].opens
            and (other.closes <= queues[home].closes and set(other.weekdays) <= set(queues[home].weekdays))
        ):
            return (home + step) % len(queues)
    return home


def hris(world: World) -> None:
    """Fill `hris`, `exit_interview`, `requisition`, `candidate`, `performance_plan`."""
    story, dice = world.story, world.dice("hris")
    everyone = world.parts["people"]
    starts = pd.to_datetime(everyone["start_date"])
    offers = starts - pd.to_timedelta(dice.integers(12, 22, len(everyone)), unit="D")
    decided = offers - pd.to_timedelta(dice.integers(1, 6, len(everyone)), unit="D")
    ends = pd.to_datetime(everyone["term_date"])
    reasons = pick(dice, TERM_REASONS, len(everyone))
    table = pd.DataFrame(
        {
            "agent_id": everyone["agent_id"],
            "role": everyone["role"],
            "vendor": story.vendor,
            "site": everyone["site"],
            "hire_decision_date": decided,
            "offer_date": offers,
            "start_date": starts,
            "term_date": ends,
            "term_reason": np.where(ends.notna(), reasons, None),
            "supervisor_id": everyone["supervisor_id"],
            "skill_tags": everyone["skill_tags"],
        }
    )
    world.tables["hris"] = table
    world.counts["wrong_tags"] = int((everyone["wrong_tag"] == True).sum())  # noqa: E712
    left = table[table["term_date"].notna()]
    world.tables["exit_interview"] = pd.DataFrame(
        {
            "agent_id": left["agent_id"].to_numpy(),
            "reason": left["term_reason"].to_numpy(),
            "fed_back_to_hiring": dice.random(len(left)) < story.people.exits_fed_back,
        }
    )
    _recruiting(world, table)
    _plans(world, table)


def _recruiting(world: World, table: pd.DataFrame) -> None:
    """Requisitions of classes and the candidates in them; every hire of the last year came from one."""
    story, dice = world.story, world.dice("recruiting")
    recent = table[
        (table["role"] == "agent")
        & (table["start_date"] >= pd.Timestamp(story.start) - pd.Timedelta(days=180))
    ].sort_values(["start_date", "agent_id"])
    requisitions, candidates = [], []
    for number, (_, hired) in enumerate(recent.groupby(recent["start_date"].dt.strftime("%Y-%m"))):
        name = f"RQ{number + 1:03d}"
        first = hired["offer_date"].min()
        approved = first - pd.Timedelta(days=int(dice.integers(18, 30)))
        requisitions.append(
            (
                name,
                approved,
                approved + pd.Timedelta(days=int(dice.integers(1, 4))),
                len(hired),
                hired["start_date"].min(),
            )
        )
        for row in hired.itertuples():
            gap = dice.normal(-story.people.demo_team_gap, 6.0)
            candidates.append(
                (f"C{len(candidates) + 1:04d}", name, row.offer_date, row.offer_date, row.start_date,
                 row.agent_id, round(min(max(78 + gap, 0), 100) / 100, 3))
            )  # fmt: skip
        for _ in range(max(1, len(hired) // 4)):
            candidates.append((f"C{len(candidates) + 1:04d}", name, first, pd.NaT, pd.NaT, None, None))
    sources = pick(dice, ("referral", "job board", "agency"), len(candidates), (0.4, 0.4, 0.2))
    skills = ";".join(queue.name for queue in story.queues[:3])
    world.tables["requisition"] = pd.DataFrame(
        [(*requisition, skills) for requisition in requisitions],
        columns=["id", "approved", "opened", "class_size", "class_start", "skills"],
    )
    frame = pd.DataFrame(
        candidates,
        columns=["id", "requisition", "offered", "accepted", "started", "agent_id", "assessment"],
    )
    frame.insert(2, "source", sources)
    candidate_of = frame.dropna(subset=["agent_id"]).set_index("agent_id")["id"]
    table.insert(1, "candidate_id", table["agent_id"].map(candidate_of).to_numpy(dtype=object))
    shown = dice.normal(0.78, 0.06, 8)
    team = pd.DataFrame(
        {
            "id": [f"D{i + 1:02d}" for i in range(8)],
            "source": "vendor",
            "assessment": np.round(np.clip(shown, 0, 1), 3),
        }
    )
    frame["demo_team"], team["demo_team"] = False, True
    columns = [name for name in frame.columns if name != "agent_id"]
    world.tables["candidate"] = pd.concat([frame, team], ignore_index=True)[columns]


def _plans(world: World, table: pd.DataFrame) -> None:
    dice = world.dice("plans")
    agents = table[(table["role"] == "agent")]
    weak = world.parts["agents"]["skill_score"].to_numpy() < -1.2
    chosen = agents["agent_id"].to_numpy()[weak]
    rows = []
    for agent in chosen:
        opened = world.story.start + timedelta(days=int(dice.integers(5, max(world.story.days - 20, 6))))
        closed = opened + timedelta(days=int(dice.integers(25, 45)))
        done = closed <= world.story.end
        rows.append(
            (agent, opened, closed if done else None, "quality below target",
             str(pick(dice, ("improved", "extended"), 1, (0.8, 0.2))[0]) if done else None)
        )  # fmt: skip
    world.tables["performance_plan"] = pd.DataFrame(
        rows, columns=["agent_id", "opened", "closed", "reason", "outcome"]
    )
