"""What does distance cost: decisions that wait for the other side's working day?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Reading, Triangle
from workbench.studies.pricing.rule import (
    Counted,
    Said,
    Unpriced,
    gap_of,
    named,
    only,
    pricing,
)

PER_DAY = Mapping(
    "a decision that waits a day holds up so many hours of work", "ours; METHOD OFF-1 names the lag, not its cost",
    "A", Triangle(0.5, 2.0, 6.0), "what waited for ten decisions, noted as they came",
)  # fmt: skip


@serves("SIM-15", kind="calculator")
def waiting_cost(lag_days: Floats, decisions_a_month: float, hours_a_day: Floats, pay: Floats) -> Floats:
    """Return what a month's decisions cost while they wait."""
    return np.asarray(lag_days * decisions_a_month * hours_a_day * pay)


@serves("SIM-15", kind="calculator")
def response_lag_days(overlap_h: float, workday_h: float = 8.0) -> float:
    """Return the mean days until an answer begins where two sides share `overlap_h` of their working day.

    A question comes at any working hour; within the overlap it is taken up at once, else when the overlap
    begins again, after the hours of a day that are left: (24 − overlap) / 2 on average.
    """
    if overlap_h >= workday_h:
        return 0.0
    apart = 1.0 - max(overlap_h, 0.0) / workday_h
    return apart * (24.0 - max(overlap_h, 0.0)) / 2 / 24.0


@pricing("SIM-15", lines=("labour",))
def distance(basis: Basis) -> Iterator[Said]:
    """Decisions that wait for the other side."""
    for finding in named(basis, "OFF-1"):
        read = gap_of(basis, finding, finding.evidence[0], ("pay",), high_is_bad=True)
        actions = basis.table("gov_action")
        per_month = 0.0 if actions is None else len(actions) / basis.months
        if finding.evidence[0].unit not in ("days", "h", "hours"):
            read = Unpriced(
                finding, "its measure is no lag in days or hours", "messages with times on both sides"
            )
        elif isinstance(read, Reading) and per_month <= 0:
            read = Unpriced(finding, "how many decisions a month there are is not known", "gov_action")
        if isinstance(read, Unpriced):
            yield read
            continue
        pay, days = basis.hour, 1.0 if read.unit == "days" else 1 / 24
        yield Counted(
            (finding,), f"distance: {read.measure}", read, PER_DAY, "response lag",
            lambda m, k, money, pay=pay, days=days, n=per_month: only(  # type: ignore[misc]
                "labour", waiting_cost(m * days, n, k, pay * money)
            ),
            (f"{per_month:.0f} decisions a month.",),
        )  # fmt: skip
