"""Do the hours planned for quality evaluations suffice for the evaluations planned?"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.catalogue import serves
from workbench.errors import CallError

MONTHS_IN_WEEK = 12 / 52


@dataclass(frozen=True)
class QaFeasibility:
    """Evaluations planned against hours planned.

    Attributes
    ----------
    evaluations_per_week : agents × evaluations each a month × 12 / 52.
    minutes_available : per evaluation, with the hours planned. [min]
    hours_needed : per week, at the usual length of an evaluation. [h]
    feasible : an evaluation of the usual length fits.
    warning : what to say if it does not; empty if it does.
    """

    evaluations_per_week: float
    minutes_available: float
    hours_needed: float
    feasible: bool
    warning: str


@serves("CX-2")
def qa_feasibility(
    agents: float,
    evaluations_per_agent_month: float,
    hours_per_week: float,
    *,
    minutes_each: float = 15.0,
) -> QaFeasibility:
    """Hold the evaluations that a cadence asks for against the hours that a plan gives them.

    minutes_each : what an evaluation takes; 15 to 30 minutes are usual (METHOD CX-2). [min]
    """
    given = {
        "agents": agents, "evaluations_per_agent_month": evaluations_per_agent_month,
        "hours_per_week": hours_per_week, "minutes_each": minutes_each,
    }  # fmt: skip
    bad = [f"{name}: {value:g}" for name, value in given.items() if not value > 0]
    if bad:
        raise CallError(f"{', '.join(bad)} came. Accepted: numbers above 0.")
    weekly = agents * evaluations_per_agent_month * MONTHS_IN_WEEK
    available = hours_per_week * 60 / weekly
    needed = weekly * minutes_each / 60
    feasible = available >= minutes_each
    warning = "" if feasible else (
        f"{weekly:.0f} evaluations a week in {hours_per_week:g} hours leave {available:.1f} minutes each; "
        f"at {minutes_each:g} minutes they take {needed:.0f} hours."
    )  # fmt: skip
    return QaFeasibility(weekly, available, needed, feasible, warning)
