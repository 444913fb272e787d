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

from workbench.metrics import estimate
from workbench.metrics.columns import SECOND_US
from workbench.metrics.measure import Measure
from workbench.metrics.timeline import NONE, cross, in_force, spans

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
    plan, states = in_force(schedule, which), spans(agent_state, "state")
    plan = plan[plan["agent_id"].isin(states["agent_id"].unique()) & ~plan["label"].isin(OFF_PLAN)]
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
    fits = fitting[activity, state]
    return pd.DataFrame(
        {
            "agent_id": plan["agent_id"].array[left],
            "start": pd.to_datetime(pieces["start_us"].to_numpy(), unit="us", utc=True),
            "seconds": (pieces["end_us"] - pieces["start_us"]).to_numpy() / SECOND_US,
            "activity": plan_names.take(activity),
            "state": state_names.take(state),
            "fits": fits,
            "schedule_row": plan["row"].to_numpy()[left],
        }
    )


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
    pieces = planned_and_actual(schedule, agent_state, which=which)
    blank = Measure(
        "adherence", None, "fraction", 0, "time in a fitting state / planned time", which,
        {"grace_s": 0}, scope, confidence=confidence,
    )  # fmt: skip
    by_agent = pieces.assign(good=pieces["seconds"] * pieces["fits"]).groupby("agent_id")
    sums = by_agent[["good", "seconds"]].sum()
    minutes = sums["seconds"].sum() / 60
    nothing = "no agent has both a plan and states for the same time"
    measure = estimate.ratio(blank, sums["good"], sums["seconds"], minutes, nothing)
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
    both = set(plan["agent_id"].unique()) & set(states["agent_id"].unique())
    if both:  # outside of what both cover nothing is known
        first = max(plan["start_us"].min(), states["start_us"].min())
        last = min(plan["end_us"].max(), states["end_us"].max())
        plan, states = _within(plan, first, last), _within(states, first, last)
    plan = plan[(plan["label"] == "on_queue") & plan["agent_id"].isin(both)]
    worked = states[states["label"].isin(FITTING_STATES["on_queue"]) & states["agent_id"].isin(both)]
    days = pd.concat(
        [_by_day(plan, time_zone).rename("planned"), _by_day(worked, time_zone).rename("actual")], axis=1
    ).fillna(0.0)
    formula = (
        "sum of min(on queue, planned) / planned on queue, by agent and day"
        if capped
        else "time on queue / time planned on queue"
    )
    actual = np.minimum(days["actual"], days["planned"]) if capped else days["actual"]
    by_agent = days.assign(actual=actual).groupby("agent_id").sum()
    blank = Measure(
        "conformance", None, "fraction", 0, formula, "capped" if capped else "uncapped",
        {"time_zone": time_zone}, scope, confidence=confidence,
    )  # fmt: skip
    minutes = days["planned"].sum() / 60
    nothing = "no agent has both a plan on the queue and states"
    return estimate.ratio(blank, by_agent["actual"], by_agent["planned"], minutes, nothing)


def _within(table: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    cut = table.assign(start_us=table["start_us"].clip(lower=first), end_us=table["end_us"].clip(upper=last))
    return cut[cut["end_us"] > cut["start_us"]]


def _by_day(table: pd.DataFrame, time_zone: str) -> pd.Series:
    """Return seconds by agent and local day; a span belongs to the day on which it begins."""
    start = pd.to_datetime(table["start_us"], unit="us", utc=True).dt.tz_convert(time_zone)
    seconds = (table["end_us"] - table["start_us"]) / SECOND_US
    day = start.dt.tz_localize(None).dt.normalize().rename("day")
    return seconds.groupby([table["agent_id"], day]).sum()
