"""How many full-time employees are so many hours a week, worked and paid?"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.catalogue import serves
from workbench.errors import CallError
from workbench.metrics.shrinkage import gross_up


@dataclass(frozen=True)
class FteOfHours:
    """Full-time employees for an amount of work: of hours worked, and of hours paid."""

    of_hours: float
    after_shrinkage: float


@serves("CX-1")
def fte_of_hours(hours_per_week: float, *, paid_week_h: float = 40.0, shrinkage: float = 0.0) -> FteOfHours:
    """Turn hours of work a week into full-time employees, before and after shrinkage.

    40 to 60 hours are 1.0 to 1.5 employees of 40 hours; as paid time includes leave, illness and
    training, more have to be paid (METHOD CX-1).
    """
    if not (hours_per_week >= 0 and paid_week_h > 0):
        raise CallError(
            f"{hours_per_week:g} hours in a week of {paid_week_h:g} paid hours came. Accepted: hours of 0 "
            "or more, a paid week above 0."
        )
    fte = hours_per_week / paid_week_h
    return FteOfHours(fte, float(gross_up(fte, shrinkage)))
