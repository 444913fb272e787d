"""How much of their available time do agents handle contacts (occupancy), and of their paid time
(utilisation)? The two are not the same: shrinkage lies between them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.metrics import estimate
from workbench.metrics.columns import numbers
from workbench.metrics.measure import Measure
from workbench.metrics.sheets import worked_seconds
from workbench.metrics.timeline import seconds_by_label, spans

HANDLING_STATES = ("handling", "acw")
WAITING_STATES = ("available",)
ABSENT_STATES = ("logged_out",)

_OCCUPANCY = "handle time / (handle + available time)"


def state_seconds(agent_state: pd.DataFrame) -> pd.DataFrame:
    """Return the seconds of every agent (row) in every state (column), 0 where never in it."""
    table = seconds_by_label(spans(agent_state, "state"))
    if table.empty:
        return pd.DataFrame()
    return table.pivot(index="agent_id", columns="label", values="seconds").fillna(0.0)


def occupancy(agent_state: pd.DataFrame, *, scope: str = "", confidence: float = 0.95) -> Measure:
    """Return occupancy from agent states; agents are what was sampled, n counts them."""
    by_agent = state_seconds(agent_state)
    blank = Measure(
        "occupancy", None, "fraction", 0, _OCCUPANCY, "states", scope=scope, confidence=confidence
    )
    handling = _sum(by_agent, HANDLING_STATES)
    nothing = "no time handling or available is recorded"
    return estimate.clipped(
        estimate.ratio(blank, handling, handling + _sum(by_agent, WAITING_STATES), nothing=nothing)
    )


def occupancy_of_intervals(intervals: pd.DataFrame, *, scope: str = "", confidence: float = 0.95) -> Measure:
    """Return occupancy from an interval export: answered × aht_s against available_s.

    A contact's handle time is booked in the interval of its answer, so that one interval may exceed
    1; their sum does not mind. n counts intervals.
    """
    answered, each = numbers(intervals, "answered"), numbers(intervals, "aht_s")
    handling = np.where(answered == 0, 0.0, answered * each)
    available = numbers(intervals, "available_s")
    blank = Measure(
        "occupancy", None, "fraction", 0, _OCCUPANCY, "intervals", scope=scope, confidence=confidence
    )
    if np.isnan(available).all():
        return estimate.unknown(blank, "the export has no available_s")
    return estimate.clipped(
        estimate.ratio(blank, handling, handling + available, nothing="no interval is complete")
    )


def utilisation(
    agent_state: pd.DataFrame,
    paid_s: pd.Series | None = None,
    *,
    scope: str = "",
    confidence: float = 0.95,
) -> Measure:
    """Return handle time over paid time.

    Parameters
    ----------
    paid_s : paid seconds by agent_id (see `paid_seconds`); agents in only one of the two are left
        out. None: all time logged in counts as paid, and the formula says so. [s]
    """
    by_agent = state_seconds(agent_state)
    handling = pd.Series(_sum(by_agent, HANDLING_STATES), index=by_agent.index)
    if paid_s is None:
        formula, variant = "handle time / time logged in", "logged in"
        absent = [state for state in ABSENT_STATES if state in by_agent]
        paid = by_agent.drop(columns=absent).sum(axis=1)
    else:
        formula, variant, paid = "handle time / paid time", "paid", paid_s
    both = handling.index.intersection(paid.index)
    blank = Measure("utilisation", None, "fraction", 0, formula, variant, scope=scope, confidence=confidence)
    nothing = "no agent has both states and paid time"
    return estimate.ratio(blank, handling[both].to_numpy(), paid[both].to_numpy(float), nothing=nothing)


def paid_seconds(timesheet: pd.DataFrame) -> pd.Series:
    """Return paid seconds by agent_id: clock-in to clock-out less unpaid breaks (minutes). [s]

    A row without a clock-out is unknown and left out; empty breaks are none taken.
    """
    paid = worked_seconds(timesheet)
    use = ~np.isnan(paid)
    return pd.Series(paid[use]).groupby(timesheet["agent_id"].to_numpy()[use]).sum()


def _sum(by_agent: pd.DataFrame, states: tuple[str, ...]) -> np.ndarray:
    present = [state for state in states if state in by_agent]
    return np.asarray(by_agent[present].sum(axis=1), float)
