"""How many people does the vendor office need? From its tasks, not from a ratio.

METHOD VMO-4 and CX-5: the source's table of ratios holds none, and advises to begin from task analysis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.catalogue import serves
from workbench.errors import CallError


@dataclass(frozen=True)
class Task:
    """One recurring task: how often a month, and the least and most minutes each time. [min]"""

    name: str
    per_month: float
    least_minutes: float
    most_minutes: float


@dataclass(frozen=True)
class Office:
    """The size of the office, as a range, and the ratio that follows from it (an output, never an input)."""

    hours_low: float
    hours_high: float
    fte_low: float
    fte_high: float
    agents_per_fte_low: float | None
    agents_per_fte_high: float | None


@serves("CX-5", "VMO-4")
def office_size(tasks: Sequence[Task], *, agents: int, productive_hours: float = 120.0) -> Office:
    """Return hours and full-time employees a month for the tasks of a vendor office.

    Parameters
    ----------
    productive_hours : of one full-time employee in a month, meetings and leave taken off. [h]

    Raises
    ------
    CallError
        if a task is negative or its minutes are the wrong way round, or no hours are productive.
    """
    wrong = [t.name for t in tasks if t.per_month < 0 or not 0 <= t.least_minutes <= t.most_minutes]
    if wrong or productive_hours <= 0:
        what = f"tasks {', '.join(wrong)}" if wrong else f"productive_hours {productive_hours:g}"
        raise CallError(
            f"{what}: accepted are counts of 0 or more, least minutes up to most minutes, hours above 0."
        )
    low = sum(t.per_month * t.least_minutes for t in tasks) / 60
    high = sum(t.per_month * t.most_minutes for t in tasks) / 60
    fte_low, fte_high = low / productive_hours, high / productive_hours
    return Office(
        low, high, fte_low, fte_high,
        agents / fte_high if fte_high else None,
        agents / fte_low if fte_low else None,
    )  # fmt: skip
