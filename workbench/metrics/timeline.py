"""Which of an agent's planned minutes coincide with which actual ones?

Spans of one table (plan, states) are crossed with those of another, agent by agent, in one sweep over
all of them: every agent's clock is shifted by a span of its own, so that one sorted line holds all.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.metrics.columns import SECOND_US, Bools, array_of, coded, filled, in_one_list, numbers, times
from workbench.once import once_per_table

Ints = NDArray[np.int64]
Line = tuple[Ints, Ints]
"""Starts and ends of spans, all agents' on one line."""
NONE = -1


@once_per_table
def spans(table: pd.DataFrame, label: str) -> pd.DataFrame:
    """Return agent_id, start_us, end_us, label and row of every span with known ends, longest 0 left out.

    start_us, end_us : microseconds since 1970, UTC.
    """
    start, end = times(table, "start"), times(table, "end")
    use = _usable(table)
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
def _usable(table: pd.DataFrame) -> Bools:
    """Return which rows are spans of a known agent with known ends and some length."""
    start, end = times(table, "start"), times(table, "end")
    return np.asarray(~(np.isnat(start) | np.isnat(end)) & (end > start) & filled(table, "agent_id"))


@once_per_table
def in_force(schedule: pd.DataFrame, which: Literal["latest", "first published"] = "latest") -> pd.DataFrame:
    """Return the plan as spans that do not overlap: where two revisions do, one of them holds.

    which : "latest", the highest revision holds, and what no later one covers stays planned; "first
        published", only what the lowest revision says.
    """
    plan = spans(schedule, "activity_code")
    if plan.empty or "revision" not in schedule.columns:
        return plan
    revision = numbers(schedule, "revision")[_usable(schedule)]
    revision = np.where(np.isnan(revision), 0.0, revision)
    levels = np.unique(revision)
    at = np.flatnonzero(revision == levels[0])  # which span of the plan each one held is, or is cut from
    if len(levels) == 1:
        return plan
    if which == "first published":
        return plan.take(at).reset_index(drop=True)
    agent = coded(plan, "agent_id")[0]
    starts, ends = plan["start_us"].to_numpy(), plan["end_us"].to_numpy()
    start, end = starts[at], ends[at]
    for level in levels[1:]:
        newer = np.flatnonzero(revision == level)
        number = pd.factorize(agent[np.concatenate([at, newer])])[0]
        (held, over), *_ = _laid_out(
            (number[: len(at)], start, end), (number[len(at) :], starts[newer], ends[newer])
        )
        met = covered_within(*held, *over) > 0  # few: only these are cut
        begin, finish, left, right = _pieces((held[0][met], held[1][met]), over)
        cut = (left != NONE) & (right == NONE)
        whose = np.flatnonzero(met)[left[cut]]
        rest = np.concatenate([at[~met], at[whose]])
        rest_start = np.concatenate([start[~met], start[whose] + (begin[cut] - held[0][whose])])
        rest_end = np.concatenate([end[~met], start[whose] + (finish[cut] - held[0][whose])])
        order = np.lexsort((rest_start, pd.factorize(agent[rest])[0]))
        at = np.concatenate([rest[order], newer])
        start = np.concatenate([rest_start[order], starts[newer]])
        end = np.concatenate([rest_end[order], ends[newer]])
    held_spans = {name: array_of(plan, name).take(at) for name in plan}
    return pd.DataFrame({**held_spans, "start_us": start, "end_us": end})


def cross(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return the pieces into which two sets of spans cut each other's time.

    Within each set the spans of an agent must not overlap.

    Returns
    -------
    DataFrame with agent (its number among the agents of both), start_us, end_us, and the position
    of the span in `left` and in `right` that covers the piece, NONE where there is none. Time that
    neither covers does not appear.
    """
    mine, theirs, _ = in_one_list(left, right, "agent_id")
    lines, base, width = _laid_out(*(_ends(table, agent) for table, agent in ((left, mine), (right, theirs))))
    start, end, *covers = _pieces(*lines)
    agent = start // width
    piece = (agent, start - agent * width + base, end - agent * width + base, *covers)
    return pd.DataFrame(dict(zip(_PIECE, piece, strict=True)))


def on_one_line(left: pd.DataFrame, right: pd.DataFrame) -> tuple[Ints, Ints, list[Line]]:
    """Return the number of each span's agent, left and right, and starts and ends on one line that holds all agents."""
    mine, theirs, _ = in_one_list(left, right, "agent_id")
    lines, *_ = _laid_out(_ends(left, mine), _ends(right, theirs))
    return mine, theirs, lines


def _ends(table: pd.DataFrame, agent: Ints) -> tuple[Ints, Ints, Ints]:
    return agent, table["start_us"].to_numpy(), table["end_us"].to_numpy()


def _laid_out(*sides: tuple[Ints, Ints, Ints]) -> tuple[list[Line], int, int]:
    """Return spans (agent, start, end) on one line that holds all agents, its base and the width of an agent."""
    base = min((int(start.min()) for _, start, _ in sides if len(start)), default=0)
    width = max((int(end.max()) for *_, end in sides if len(end)), default=0) - base + 1
    lines = [(start + (agent * width - base), end + (agent * width - base)) for agent, start, end in sides]
    return lines, base, width


def _pieces(left: Line, right: Line) -> tuple[Ints, Ints, Ints, Ints]:
    """Return start and end of each piece that spans cut from each other, and which of either side covers it."""
    cuts = np.unique(np.concatenate([*left, *right]))
    start, end = cuts[:-1], cuts[1:]
    covers = [_covering(start, *side) for side in (left, right)]
    use = (covers[0] != NONE) | (covers[1] != NONE)
    return start[use], end[use], covers[0][use], covers[1][use]


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


def _covering(at: Ints, start: Ints, end: Ints) -> Ints:
    """Return the position of the span that covers each moment, or NONE."""
    if not len(start):
        return np.full(len(at), NONE, np.int64)
    order = np.argsort(start, kind="stable")
    found = np.searchsorted(start[order], at, side="right") - 1
    span = order[np.maximum(found, 0)]
    return np.where((found >= 0) & (at < end[span]), span, NONE)
