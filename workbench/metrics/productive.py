"""Where does a paid hour go: paid, present, on the queue, handling?

A waterfall of four levels. Billing by the hour needs the words apart: paid, billable, productive.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.metrics.occupancy import ABSENT_STATES, HANDLING_STATES, WAITING_STATES, state_seconds


@dataclass(frozen=True)
class Step:
    """One level of the waterfall.

    Attributes
    ----------
    seconds : time at this level; None where nobody recorded it. [s]
    of_paid, of_step_before : as fractions; None where either is unknown.
    """

    name: str
    seconds: float | None
    of_paid: float | None
    of_step_before: float | None


def paid_to_productive(
    agent_state: pd.DataFrame, paid_s: pd.Series | None = None
) -> tuple[Step, Step, Step, Step]:
    """Return paid, present, on queue and handling time of the agents in both sources.

    Parameters
    ----------
    agent_state : canonical table; present is every state but logged_out.
    paid_s : paid seconds by agent_id (`occupancy.paid_seconds`); None: unknown, and with it every
        share of it. [s]
    """
    by_agent = state_seconds(agent_state)
    paid = None
    if paid_s is not None:
        both = by_agent.index.intersection(paid_s.index)
        by_agent = by_agent.loc[both]
        paid = float(paid_s[both].sum())
    present = by_agent.drop(columns=[s for s in ABSENT_STATES if s in by_agent])
    on_queue = [s for s in (*WAITING_STATES, *HANDLING_STATES) if s in by_agent]
    handling = [s for s in HANDLING_STATES if s in by_agent]
    levels = {
        "paid": paid,
        "present": float(present.sum().sum()) if len(by_agent) else None,
        "on queue": float(by_agent[on_queue].sum().sum()) if len(by_agent) else None,
        "handling": float(by_agent[handling].sum().sum()) if len(by_agent) else None,
    }
    steps, before = [], None
    for name, seconds in levels.items():
        steps.append(Step(name, seconds, _over(seconds, paid), _over(seconds, before)))
        before = seconds
    first, second, third, fourth = steps
    return first, second, third, fourth


def _over(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None
