"""Are agents where the schedule puts them (adherence), and for as long (conformance)?

Adherence compares moment by moment: time in a state that fits the planned activity over planned
time. Conformance compares amounts: time on the queue over time planned on it; it says nothing about
when, and uncapped it may exceed 1 because one agent's excess hides another's absence.

A plan edited afterwards raises adherence: compare which="first published" with "latest".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from workbench.metrics import estimate
from workbench.metrics.columns import SECOND_US, Bools, Floats, among, coded, equals, in_one_list, numbered
from workbench.metrics.measure import Measure
from workbench.metrics.timeline import NONE, Ints, cross, in_force, spans

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
    found = _pieces(schedule, agent_state, which)
    return pd.DataFrame(
        {
            "agent_id": found.plan["agent_id"].array[found.of],
            "start": pd.to_datetime(found.start_us, unit="us", utc=True),
            "seconds": found.seconds,
            "activity": found.activities.take(found.activity),
            "state": found.states.take(found.state),
            "fits": found.fits,
            "schedule_row": found.plan["row"].to_numpy()[found.of],
        }
    )


@dataclass(frozen=True)
class _Pieces:
    """Pieces of planned time: which span of `plan` each is `of`, and what was planned and done in it."""

    plan: pd.DataFrame
    of: Ints
    start_us: Ints
    seconds: Floats
    activity: Ints
    activities: pd.Index
    state: Ints
    states: pd.Index
    fits: Bools


def _pieces(schedule: pd.DataFrame, agent_state: pd.DataFrame, which: Which) -> _Pieces:
    plan, states = in_force(schedule, which), spans(agent_state, "state")
    plan = plan[among(plan["agent_id"], states["agent_id"]) & ~plan["label"].isin(OFF_PLAN)]
    if len(states):
        first, last = states["start_us"].min(), states["end_us"].max()
        plan = plan.assign(
            start_us=plan["start_us"].clip(lower=first), end_us=plan["end_us"].clip(upper=last)
        )
    plan = plan[plan["end_us"] > plan["start_us"]].reset_index(drop=True)
    pieces = cross(plan, states)
    pieces = pieces[pieces["left"] != NONE]
    left, right = pieces["left"].to_numpy(), pieces["right"].to_numpy()
    plans, plan_names = pd.factorize(plan["label"], use_na_sentinel=False)
    actual, state_names = pd.factorize(states["label"], use_na_sentinel=False)
    state_names = state_names.append(pd.Index([NO_STATE]))  # NONE is the last
    activity, state = plans[left], np.append(actual, len(state_names) - 1)[right]
    fitting = np.zeros((len(plan_names), len(state_names)), bool)
    for planned, name in enumerate(plan_names):
        if isinstance(name, str):  # an activity without a name is fitted by nothing
            fitting[planned] = state_names.isin(FITTING_STATES.get(name, (name,)))
    start = pieces["start_us"].to_numpy()
    return _Pieces(
        plan, left, start, (pieces["end_us"].to_numpy() - start) / SECOND_US,
        activity, plan_names, state, state_names, fitting[activity, state],
    )  # fmt: skip


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
    found = _pieces(schedule, agent_state, which)
    blank = Measure(
        "adherence", None, "fraction", 0, "time in a fitting state / planned time", which,
        {"grace_s": 0}, scope, confidence=confidence,
    )  # fmt: skip
    agent, agents = coded(found.plan, "agent_id")
    planned = np.bincount(agent[found.of], found.seconds, len(agents))
    good = np.bincount(agent[found.of], found.seconds * found.fits, len(agents))
    some = np.bincount(agent[found.of], minlength=len(agents)) > 0
    nothing = "no agent has both a plan and states for the same time"
    measure = estimate.ratio(blank, good[some], planned[some], planned.sum() / 60, nothing)
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
    shared = np.isin(np.arange(len(agents)), mine) & np.isin(np.arange(len(agents)), theirs)
    first = last = 0
    if shared.any():  # outside of what both cover nothing is known
        first = max(plan["start_us"].min(), states["start_us"].min())
        last = min(plan["end_us"].max(), states["end_us"].max())
    on_queue, working = equals(plan, "label", "on_queue"), states["label"].isin(FITTING_STATES["on_queue"])
    agent, day, seconds, is_plan = (
        np.concatenate(sides)
        for sides in zip(
            _by_day(plan, mine, on_queue & shared[mine], first, last, time_zone, plan=True),
            _by_day(states, theirs, working & shared[theirs], first, last, time_zone, plan=False),
            strict=True,
        )
    )
    cell = numbered(pd.DataFrame({"agent": agent, "day": day}), ("agent", "day"))
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
    use = np.asarray(use, bool) & (end > start)
    begins = pd.DatetimeIndex(start[use].astype("datetime64[us]"), tz="UTC").tz_convert(time_zone)
    day = begins.tz_localize(None).to_numpy("datetime64[D]").astype(np.int64)
    return agent[use], day, (end - start)[use] / SECOND_US, np.full(int(use.sum()), plan)
