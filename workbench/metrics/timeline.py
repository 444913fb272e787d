"""Which of an agent's planned minutes coincide with which actual ones?

Spans of one table (plan, states) are crossed with those of another, agent by agent, in one sweep over
all of them: every agent's clock is shifted by a span of its own, so that one sorted line holds all.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics.columns import SECOND_US, coded, in_one_list, numbers, times
from workbench.once import once_per_table

Ints = NDArray[np.int64]
NONE = -1


@once_per_table
def spans(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return agent_id, start_us, end_us, label and row of every span with known ends, longest 0 left out.

    start_us, end_us : microseconds since 1970, UTC.
    """
    start, end = times(table, "start"), times(table, "end")
    use = ~(np.isnat(start) | np.isnat(end)) & (end > start) & table["agent_id"].notna().to_numpy(bool)
    return pd.DataFrame(
        {
            "agent_id": table["agent_id"].array[use],
            "start_us": start[use].astype(np.int64),
            "end_us": end[use].astype(np.int64),
            "label": table[label].array[use],
            "row": table.index.to_numpy()[use],
        }
    )


@once_per_table
def in_force(schedule: pd.DataFrame, which: Literal["latest", "first published"] = "latest") -> pd.DataFrame:
    """Return the plan as spans that do not overlap: where two revisions do, one of them holds.

    which : "latest", the highest revision holds, and what no later one covers stays planned; "first
        published", only what the lowest revision says.
    """
    plan = spans(schedule, "activity_code")
    if plan.empty or "revision" not in schedule.columns:
        return plan
    revision = pd.Series(numbers(schedule, "revision"), index=schedule.index)
    plan = plan.assign(revision=revision.loc[plan["row"]].fillna(0).to_numpy())
    levels = sorted(plan["revision"].unique())
    held = plan[plan["revision"] == levels[0]]
    if which == "first published":
        levels = levels[:1]
    for level in levels[1:]:
        newer = plan[plan["revision"] == level]
        *_, ((start, end), (begins, ends)) = on_one_line(held, newer)
        met = covered_within(start, end, begins, ends) > 0  # few: only these are cut
        pieces = cross(held[met], newer)
        pieces = pieces[(pieces["left"] != NONE) & (pieces["right"] == NONE)]
        rest = (
            held[met]
            .iloc[pieces["left"].to_numpy()]
            .assign(start_us=pieces["start_us"].to_numpy(), end_us=pieces["end_us"].to_numpy())
        )
        rest = pd.concat([held[~met], rest], ignore_index=True)
        order = np.lexsort((rest["start_us"], coded(rest, "agent_id")[0]))
        held = pd.concat([rest.iloc[order], newer], ignore_index=True)
    return held.drop(columns="revision").reset_index(drop=True)


def cross(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return the pieces into which two sets of spans cut each other's time.

    Within each set the spans of an agent must not overlap.

    Returns
    -------
    DataFrame with agent (its number among the agents of both), start_us, end_us, and the position
    of the span in `left` and in `right` that covers the piece, NONE where there is none. Time that
    neither covers does not appear.
    """
    *_, ends = on_one_line(left, right)
    base, width = _frame(left, right)
    cuts = np.unique(np.concatenate([edge for start_end in ends for edge in start_end]))
    if len(cuts) < 2:
        return pd.DataFrame({name: np.zeros(0, np.int64) for name in _PIECE})
    start, end = cuts[:-1], cuts[1:]
    covers = [_covering(start, *start_end) for start_end in ends]
    use = (covers[0] != NONE) | (covers[1] != NONE)
    agent = start // width
    piece = (agent, start - agent * width + base, end - agent * width + base, *covers)
    return pd.DataFrame({name: value[use] for name, value in zip(_PIECE, piece, strict=True)})


def on_one_line(left: pd.DataFrame, right: pd.DataFrame) -> tuple[Ints, Ints, list[tuple[Ints, Ints]]]:
    """Return the number of each span's agent, left and right, and starts and ends on one line that holds all agents."""
    mine, theirs, _ = in_one_list(left, right, "agent_id")
    base, width = _frame(left, right)
    ends = [
        (
            table["start_us"].to_numpy() + (agent * width - base),
            table["end_us"].to_numpy() + (agent * width - base),
        )
        for table, agent in ((left, mine), (right, theirs))
    ]
    return mine, theirs, ends


def covered_within(start: Ints, end: Ints, begins: Ints, ends: Ints) -> Ints:
    """Return how much of each span from `start` to `end` the other spans cover, which do not overlap. [us]"""
    order = np.argsort(begins, kind="stable")
    begins, length = begins[order], (ends - begins)[order]
    before = np.concatenate([[0], np.cumsum(length)])

    def until(at: Ints) -> Ints:
        last = np.searchsorted(begins, at, side="right") - 1
        inside = np.minimum(at - begins[last], length[last]) if len(begins) else at
        return np.where(last >= 0, before[last] + inside, 0)

    return until(end) - until(start)


_PIECE = ("agent", "start_us", "end_us", "left", "right")


def seconds_by_label(table: pd.DataFrame) -> pd.DataFrame:
    """Return the seconds of each agent under each label: agent_id, label, seconds."""
    seconds = (table["end_us"] - table["start_us"]) / SECOND_US
    grouped = table.assign(seconds=seconds).groupby(["agent_id", "label"], observed=True)["seconds"]
    return grouped.sum().reset_index()


def _frame(left: pd.DataFrame, right: pd.DataFrame) -> tuple[int, int]:
    starts = [int(t["start_us"].min()) for t in (left, right) if len(t)]
    ends = [int(t["end_us"].max()) for t in (left, right) if len(t)]
    base = min(starts, default=0)
    return base, max(ends, default=0) - base + 1


def _covering(at: Ints, start: Ints, end: Ints) -> Ints:
    """Return the position of the span that covers each moment, or NONE."""
    if not len(start):
        return np.full(len(at), NONE, np.int64)
    order = np.argsort(start, kind="stable")
    found = np.searchsorted(start[order], at, side="right") - 1
    span = order[np.maximum(found, 0)]
    return np.where((found >= 0) & (at < end[span]), span, NONE)
