"""What do the systems around the floor record: states, half-hours, the forecast that planning used?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.clientgen.scenario import SLOT_S
from tools.clientgen.world import World, times

SHORT_S = 5


def agent_state(world: World) -> None:
    """Fill `agent_state`: on a contact, available, on a break, in a meeting, away; never two at once."""
    story = world.story
    plan = world.parts["floor_plan"].sort_values(["agent", "start_s"], kind="stable")
    log = world.parts["log"]
    served = log[log["agent"] >= 0].sort_values(["agent", "answer"], kind="stable")
    rows: list[tuple[int, str, int, int]] = []
    busy = dict(iter(served.groupby("agent")))
    for agent, segments in plan.groupby("agent"):
        mine = busy.get(agent)
        begins = mine["answer"].tolist() if mine is not None else []
        ends = mine["end"].tolist() if mine is not None else []
        acw = mine["acw"].tolist() if mine is not None else []
        at, free_from, previous = 0, 0, 0
        listed = list(
            zip(
                segments["code"].tolist(), segments["start_s"].tolist(), segments["end_s"].tolist(),
                segments["skipped"].tolist(), strict=True,
            )
        )  # fmt: skip
        for code, start, end, skipped in listed:
            if code == "on_queue" and rows and rows[-1][0] == agent and 0 < start - previous <= 1500:
                last = rows[-1]
                if last[1] not in ("available", "handling", "acw"):
                    rows[-1] = (last[0], last[1], last[2], start)
            cursor = max(start, free_from)
            if code != "on_queue" or skipped:
                if end > cursor:
                    rows.append((agent, "away" if skipped else code, cursor, end))
                previous = end
                continue
            while at < len(begins) and begins[at] < end:
                if begins[at] > cursor:
                    rows.append((agent, "available", cursor, begins[at]))
                wrap = ends[at] - acw[at]
                if wrap > begins[at]:
                    rows.append((agent, "handling", begins[at], wrap))
                if ends[at] > wrap:
                    rows.append((agent, "acw", wrap, ends[at]))
                cursor = free_from = ends[at]
                at += 1
            if end > cursor:
                rows.append((agent, "available", cursor, end))
            previous = end
    frame = pd.DataFrame(rows, columns=["agent", "state", "start_s", "end_s"])
    world.parts["states"] = frame
    if story.states_from is not None:
        frame = frame[frame["start_s"] >= world.utc([story.states_from], [0])[0]]
    frame = frame.sort_values(["agent", "start_s"], kind="stable", ignore_index=True)
    ids = world.parts["agents"]["agent_id"].to_numpy(dtype=object)
    world.tables["agent_state"] = pd.DataFrame(
        {
            "agent_id": ids[frame["agent"]],
            "state": frame["state"],
            "start": times(frame["start_s"]),
            "end": times(frame["end_s"]),
        }
    )


def intervals(world: World) -> None:
    """Fill `intervals` by counting contacts and agent time in half-hours."""
    story, log = world.story, world.parts["log"]
    names = [queue.name for queue in story.queues]
    slot = log["offered"] // SLOT_S * SLOT_S
    answered = log["agent"] >= 0
    wait = np.where(answered, log["answer"] - log["offered"], log["gave_up"] - log["offered"])
    work = pd.DataFrame(
        {
            "slot": slot,
            "queue": log["queue"],
            "offered": 1,
            "answered": answered.astype(int),
            "answered_in_T": (answered & (wait <= story.threshold_s)).astype(int),
            "abandoned": (~answered).astype(int),
            "short_abandoned": (~answered & (wait <= SHORT_S)).astype(int),
            "wait": np.where(answered, wait, 0),
            "handle": np.where(answered, log["end"] - log["answer"], 0),
        }
    ).groupby(["slot", "queue"]).sum()  # fmt: skip
    home = world.parts["agents"]["home"].to_numpy(dtype=int)
    states = world.parts["states"]
    logged = states[states["state"].isin(("available", "handling", "acw"))]
    staffed = _spread(logged, home)
    available = _spread(logged[logged["state"] == "available"], home)
    index = work.index.union(staffed.index)
    work = work.reindex(index, fill_value=0)
    leaves = np.where(answered, log["answer"], log["gave_up"])
    backlog = _waiting(log["offered"].to_numpy(), leaves, log["queue"].to_numpy(), index)
    n = work["answered"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        asa, aht = np.round(work["wait"] / n, 1), np.round(work["handle"] / n, 1)
    world.tables["intervals"] = pd.DataFrame(
        {
            "interval_start": times(index.get_level_values(0)),
            "interval_s": SLOT_S,
            "queue": np.array(names, dtype=object)[index.get_level_values(1)],
            "vendor": story.vendor,
            "channel": np.array([q.channel for q in story.queues], dtype=object)[index.get_level_values(1)],
            "offered": work["offered"].to_numpy(),
            "answered": n,
            "answered_in_T": work["answered_in_T"].to_numpy(),
            "threshold_s": story.threshold_s,
            "abandoned": work["abandoned"].to_numpy(),
            "short_abandoned": work["short_abandoned"].to_numpy(),
            "flow_out": 0,
            "asa_s": np.where(n > 0, asa, np.nan),
            "aht_s": np.where(n > 0, aht, np.nan),
            "staffed_s": staffed.reindex(index, fill_value=0).to_numpy(),
            "available_s": available.reindex(index, fill_value=0).to_numpy(),
            "backlog": backlog,
        }
    )  # fmt: skip


def _spread(states: pd.DataFrame, home: np.ndarray) -> pd.Series:
    """Return the seconds of states that fall into each (half-hour, home queue)."""
    start, end = states["start_s"].to_numpy(), states["end_s"].to_numpy()
    first, pieces = start // SLOT_S, (end - 1) // SLOT_S - start // SLOT_S + 1
    row = np.repeat(np.arange(len(states)), pieces)
    step = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    slot = (first[row] + step) * SLOT_S
    inside = np.minimum(end[row], slot + SLOT_S) - np.maximum(start[row], slot)
    queue = home[states["agent"].to_numpy()][row]
    return pd.Series(inside).groupby([slot, queue]).sum()


def _waiting(offered: np.ndarray, left: np.ndarray, queue: np.ndarray, index: pd.MultiIndex) -> np.ndarray:
    """Return how many contacts of the queue wait at the end of each half-hour."""
    slots, queues = index.get_level_values(0).to_numpy(), index.get_level_values(1).to_numpy()
    found = np.zeros(len(index), dtype=int)
    for q in np.unique(queues):
        here = queues == q
        mine = queue == q
        ends = slots[here] + SLOT_S
        came = np.searchsorted(np.sort(offered[mine]), ends, side="left")
        went = np.searchsorted(np.sort(left[mine]), ends, side="left")
        found[here] = came - went
    return found


def forecast(world: World) -> None:
    """Fill `forecast`: volume with an honest error, and the people whom the roster was built to supply.

    What is required in a half-hour is what the roster usually supplies then, bent over the day by the
    story's coverage error: in a healthy client the roster follows the requirement.
    """
    story, dice = world.story, world.dice("forecast")
    table = world.tables["intervals"]
    local = table["interval_start"].dt.tz_convert(story.time_zone)
    slot = [table["queue"], local.dt.day_of_week, local.dt.time]
    usual = table.groupby(slot)[["offered", "staffed_s"]].transform("mean")
    day, _ = pd.factorize(local.dt.strftime("%Y-%m-%d") + table["queue"])
    off = dice.normal(1 + story.forecast_bias, 0.04, day.max() + 1)[day]
    hour = (local.dt.hour + local.dt.minute / 60).to_numpy()
    bent = 1 + 1.5 * story.people.coverage_error * np.sin(2 * np.pi * (hour - 8) / 6)
    required = usual["staffed_s"].to_numpy() / SLOT_S * bent
    aht = table["aht_s"].groupby(table["queue"]).transform("median")
    days = local.dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    monday = days - (days.astype(np.int64) + 3) % 7
    made = world.utc(monday - 28, np.full(len(days), 9 * 3600))
    locked = world.utc(monday - 24, np.full(len(days), 12 * 3600))
    world.tables["forecast"] = pd.DataFrame(
        {
            "version_ts": times(made),
            "interval_start": table["interval_start"],
            "interval_s": SLOT_S,
            "queue": table["queue"],
            "channel": table["channel"],
            "volume": np.round(usual["offered"].to_numpy() * off, 1),
            "aht_s": np.round(aht, 0),
            "fte_required": np.round(required, 1),
            "lock_ts": times(locked),
            "sent_ts": times(locked + 3600),
            "confirmed_ts": times(locked + 3600 * (20 + dice.integers(0, 8))),
        }
    )
