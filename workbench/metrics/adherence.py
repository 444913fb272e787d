"""Are agents where the schedule puts them (adherence), and for as long (conformance)?

Adherence compares moment by moment: time in a state that fits the planned activity over planned
time. Conformance compares amounts: time on the queue over time planned on it; it says nothing about
when, and uncapped it may exceed 1 because one agent's excess hides another's absence.

A plan edited afterwards raises adherence: compare which="first published" with "latest".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from workbench.metrics import estimate
from workbench.metrics.columns import (
    SECOND_US,
    Bools,
    Floats,
    among,
    any_of,
    array_of,
    coded,
    equals,
    in_one_list,
)
from workbench.metrics.measure import Measure
from workbench.metrics.timeline import NONE, Ints, covered_within, cross, in_force, on_one_line, spans

FITTING_STATES: Mapping[str, tuple[str, ...]] = {
    "on_queue": ("available", "handling", "acw"),
    "break": ("break",),
    "meal": ("meal",),
    "training": ("training",),
    "coaching": ("coaching",),
    "meeting": ("meeting",),
    "admin": ("admin",),
    "project": ("admin",),
}
"""The states that fit a planned activity; an activity that is not here is fitted by its own name."""

OFF_PLAN = ("leave", "absence")
"""Planned absences: no time in which somebody was to be anywhere."""

NO_STATE = "logged_out"

Which = Literal["latest", "first published"]


def planned_and_actual(
    schedule: pd.DataFrame, agent_state: pd.DataFrame, *, which: Which = "latest"
) -> pd.DataFrame:
    """Return each piece of planned time with the state the agent was in.

    Only agents who appear in `agent_state` are in it, and only the time from its first moment to its
    last: outside of that nothing is known. Inside it, time without a state is "logged_out".

    Returns
    -------
    DataFrame with agent_id, start (UTC), seconds, activity, state, fits, and schedule_row (the index
    of the plan's row).
    """
    plan, states = _compared(schedule, agent_state, which)
    pieces = cross(plan, states)
    pieces = pieces[pieces["left"] != NONE]
    left, right = pieces["left"].to_numpy(), pieces["right"].to_numpy()
    plans, plan_names = pd.factorize(plan["label"], use_na_sentinel=False)
    actual, state_names = pd.factorize(states["label"], use_na_sentinel=False)
    state_names = state_names.append(pd.Index([NO_STATE]))  # NONE is the last
    activity, state = plans[left], np.append(actual, len(state_names) - 1)[right]
    fitting = np.array([state_names.isin(_fitting(name)) for name in plan_names]).reshape(
        -1, len(state_names)
    )
    return pd.DataFrame(
        {
            "agent_id": plan["agent_id"].array[left],
            "start": pd.to_datetime(pieces["start_us"].to_numpy(), unit="us", utc=True),
            "seconds": (pieces["end_us"] - pieces["start_us"]).to_numpy() / SECOND_US,
            "activity": plan_names.take(activity),
            "state": state_names.take(state),
            "fits": fitting[activity, state],
            "schedule_row": plan["row"].to_numpy()[left],
        }
    )


def _fitting(activity: object) -> tuple[str, ...]:
    """Return the states that fit a planned activity; one without a name is fitted by nothing."""
    return FITTING_STATES.get(activity, (activity,)) if isinstance(activity, str) else ()


def _compared(
    schedule: pd.DataFrame, agent_state: pd.DataFrame, which: Which
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the plan of agents with states, as far as their states go, and the states."""
    plan, states = in_force(schedule, which), spans(agent_state, "state")
    use = among(plan["agent_id"], states["agent_id"]) & ~any_of(plan, "label", OFF_PLAN)
    if not len(states):
        return plan[use].reset_index(drop=True), states
    start = np.maximum(plan["start_us"].to_numpy(), states["start_us"].to_numpy().min())
    end = np.minimum(plan["end_us"].to_numpy(), states["end_us"].to_numpy().max())
    use &= end > start
    held = {name: array_of(plan, name)[use] for name in plan}
    return pd.DataFrame({**held, "start_us": start[use], "end_us": end[use]}), states


def adherence(
    schedule: pd.DataFrame,
    agent_state: pd.DataFrame,
    *,
    which: Which = "latest",
    scope: str = "",
    confidence: float = 0.95,
) -> Measure:
    """Return the share of planned time spent in a state that fits; n counts planned minutes.

    No grace minutes: every second off plan counts. The interval takes agents as what was sampled.
    """
    plan, states = _compared(schedule, agent_state, which)
    blank = Measure(
        "adherence", None, "fraction", 0, "time in a fitting state / planned time", which,
        {"grace_s": 0}, scope, confidence=confidence,
    )  # fmt: skip
    agent, _, ((start, end), (begins, ends)) = on_one_line(plan, states)
    activity, names = coded(plan, "label")
    good = np.zeros(len(plan))
    for number, name in enumerate(names):
        mine, fits = activity == number, any_of(states, "label", _fitting(name))
        good[mine] = covered_within(start[mine], end[mine], begins[fits], ends[fits])
        if NO_STATE in _fitting(name):
            good[mine] += (end - start)[mine] - covered_within(start[mine], end[mine], begins, ends)
    planned = np.bincount(agent, (end - start) / SECOND_US)
    kept, some = np.bincount(agent, good / SECOND_US), np.bincount(agent) > 0
    nothing = "no agent has both a plan and states for the same time"
    measure = estimate.ratio(blank, kept[some], planned[some], planned.sum() / 60, nothing)
    return estimate.clipped(measure)


def conformance(
    schedule: pd.DataFrame,
    agent_state: pd.DataFrame,
    *,
    capped: bool = False,
    which: Which = "latest",
    time_zone: str = "UTC",
    scope: str = "",
    confidence: float = 0.95,
) -> Measure:
    """Return time on the queue over time planned on it; n counts planned minutes.

    capped : no agent's day counts for more than was planned for it, Σ min(planned, actual) / Σ planned.
    """
    plan, states = in_force(schedule, which), spans(agent_state, "state")
    mine, theirs, agents = in_one_list(plan, states, "agent_id")
    shared = np.isin(np.arange(agents), mine) & np.isin(np.arange(agents), theirs)
    first = last = 0
    if shared.any():  # outside of what both cover nothing is known
        first = max(plan["start_us"].min(), states["start_us"].min())
        last = min(plan["end_us"].max(), states["end_us"].max())
    on_queue, working = equals(plan, "label", "on_queue"), any_of(states, "label", FITTING_STATES["on_queue"])
    agent, day, seconds, is_plan = (
        np.concatenate(sides)
        for sides in zip(
            _by_day(plan, mine, on_queue & shared[mine], first, last, time_zone, plan=True),
            _by_day(states, theirs, working & shared[theirs], first, last, time_zone, plan=False),
            strict=True,
        )
    )
    day -= day.min(initial=0)
    cell = pd.factorize(agent * (day.max(initial=0) + 1) + day)[0]
    of = np.zeros(int(cell.max(initial=-1)) + 1, np.int64)
    of[cell] = agent
    planned, actual = (np.bincount(cell, seconds * side, len(of)) for side in (is_plan, ~is_plan))
    formula = (
        "sum of min(on queue, planned) / planned on queue, by agent and day"
        if capped
        else "time on queue / time planned on queue"
    )
    if capped:
        actual = np.minimum(actual, planned)
    who = pd.factorize(of)[0]
    worked, due = np.bincount(who, actual), np.bincount(who, planned)
    blank = Measure(
        "conformance", None, "fraction", 0, formula, "capped" if capped else "uncapped",
        {"time_zone": time_zone}, scope, confidence=confidence,
    )  # fmt: skip
    nothing = "no agent has both a plan on the queue and states"
    return estimate.ratio(blank, worked, due, planned.sum() / 60, nothing)


def _by_day(
    table: pd.DataFrame, agent: Ints, use: ArrayLike, first: int, last: int, time_zone: str, *, plan: bool
) -> tuple[Ints, Ints, Floats, Bools]:
    """Return agent, local day and seconds of each span in use, as far as it lies between two moments.

    A span belongs to the day on which it begins.
    """
    start = np.maximum(table["start_us"].to_numpy(), first)
    end = np.minimum(table["end_us"].to_numpy(), last)
    taken: Bools = np.asarray(use, bool) & (end > start)
    begins = pd.DatetimeIndex(start[taken].astype("datetime64[us]"), tz="UTC").tz_convert(time_zone)
    day = begins.tz_localize(None).to_numpy("datetime64[D]").astype(np.int64)
    return agent[taken], day, (end - start)[taken] / SECOND_US, np.full(int(taken.sum()), plan)
