"""Which rows of the contact log are wrong, and where exactly?

Defects are planted last, on the finished log: everything else was counted from the rows as they were.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.clientgen.world import World


def plant(world: World) -> None:
    """Spoil the contact log by as many rows of each kind as the story says, each row at most once."""
    story, dice = world.story, world.dice("defects")
    wanted = story.defects
    log = world.tables["contacts"]
    answered = np.flatnonzero(log["answer_ts"].notna() & log["parent_contact_id"].isna())
    judged = set(world.tables["qa_eval"]["contact_id"]) if "qa_eval" in world.tables else set()
    judged |= set(log["parent_contact_id"].dropna()) | set(world.tables["outcome"]["contact_id"].dropna())
    judged |= set(world.tables["calibration"]["contact_id"])
    usable = answered[~log["contact_id"].iloc[answered].isin(judged).to_numpy()]
    kinds = {
        "answered_before_offered": wanted.answered_before_offered,
        "negative_durations": wanted.negative_durations,
        "unknown_agents": wanted.unknown_agents,
        "agent_missing": wanted.agent_missing,
        "duplicated": wanted.duplicated,
    }
    chosen = dice.choice(usable, size=sum(kinds.values()), replace=False) if sum(kinds.values()) else []
    places: dict[str, np.ndarray] = {}
    at = 0
    for kind, n in kinds.items():
        places[kind] = np.sort(np.asarray(chosen[at : at + n], dtype=int))
        world.counts[kind] = n
        at += n
    column = {name: log.columns.get_loc(name) for name in log.columns}
    for row in places["answered_before_offered"]:
        early = log.iloc[row, column["offered_ts"]] - pd.Timedelta(seconds=int(dice.integers(30, 600)))
        log.iloc[row, column["answer_ts"]] = early
    log.iloc[places["negative_durations"], column["talk_s"]] *= -1
    for number, row in enumerate(places["unknown_agents"]):
        log.iloc[row, column["agent_id"]] = f"X{9000 + number % 5}"
    log.iloc[places["agent_missing"], column["agent_id"]] = None
    if wanted.customer_missing:
        gone = dice.random(len(log)) < wanted.customer_missing
        log.loc[gone, "customer_key"] = None
        world.counts["customer_missing"] = int(gone.sum())
    if wanted.duplicated:
        again = log.iloc[places["duplicated"]]
        log = pd.concat([log, again], ignore_index=True)
    world.tables["contacts"] = log
