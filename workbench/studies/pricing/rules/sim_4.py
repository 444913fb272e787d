"""What does a slow routine cost: the loss that a drift makes until somebody mends it?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.cadence import weekly_loss_per_point
from workbench.studies.pricing.doubts import Floats, Mapping, Reading, Triangle, reading
from workbench.studies.pricing.forums import not_held, waiting
from workbench.studies.pricing.rule import (
    Counted,
    Line,
    Part,
    Said,
    Unpriced,
    all_of,
    carried,
    gap_of,
    named,
    only,
    pricing,
    worse,
)

DRIFTS_PER_YEAR = Mapping(
    "so many drifts of five points in resolution come in a year",
    "ours; the client's own history is too short to count them", "A", Triangle(0.5, 1.0, 2.0),
    "two years of weekly resolution, with the dates of its changes",
)  # fmt: skip
DRIFT = 0.05
"""Of resolution, five points, as in METHOD VMF-4 for the service level."""


@serves("SIM-4", kind="calculator")
def loss_of_delay(weeks: Floats, loss_per_week: float, drifts_per_year: Floats) -> Floats:
    """Return what delay costs a month: rate × weeks until corrected × drifts a month."""
    return np.asarray(weeks * loss_per_week * drifts_per_year / 12)


@pricing("SIM-4", lines=("repeat handling",))
def slow_routine(basis: Basis) -> Iterator[Said]:
    """Loss until a drift is seen, decided on and mended."""
    group = named(basis, "VL-4", "VMF-4", "OR-1", "GOV-5", "SYM-1")
    forums = not_held(basis)
    carrier, read = _carrier(group)
    if forums and (carrier is None or read is None or not worse(read, high_is_bad=True)):
        yield waiting(basis, forums, DRIFTS_PER_YEAR, DRIFT)
        forums = ()
    if carrier is None or read is None:
        for finding in group:
            yield Unpriced(
                finding,
                "its measure is no time from a drift to its correction",
                "breach with ts, decided_ts, closed_ts",
            )
        return
    rest = [*(f for f in group if f is not carrier), *forums]
    why = gap_of(basis, carrier, read, ("pay",), high_is_bad=True)
    per_point = weekly_loss_per_point(basis)
    if isinstance(why, Reading) and per_point is None:
        why = Unpriced(
            carrier,
            "what a point of resolution costs in a week is not known",
            "contacts with customer_key and talk_s",
        )
    if isinstance(why, Unpriced):
        yield from all_of(why, rest)
        return
    rate = 100 * DRIFT * (per_point or 0.0)

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("repeat handling", loss_of_delay(m, rate, k) * money)

    yield Counted(
        carried(carrier, rest), f"slow routine: {read.measure}", read, DRIFTS_PER_YEAR, "time to detect and to act",
        cost, (f"A drift of five points in resolution costs {rate:,.0f} {basis.currency} a week in repeats.",),
        Part("floor", ("drifts",)),
    )  # fmt: skip


def _carrier(group: tuple[Finding, ...]) -> tuple[Finding | None, Reading | None]:
    """Return the finding that says how long it takes, in weeks; the longest part of the way first."""
    best: tuple[Finding | None, Reading | None] = (None, None)
    for finding in group:
        read = reading(finding.evidence[0])
        if read is None or read.unit not in ("days", "weeks"):
            continue
        per = 7.0 if read.unit == "days" else 1.0
        weeks = Reading(
            read.measure, read.value / per, "weeks", read.target / per, read.n,
            None if read.low is None else read.low / per, None if read.high is None else read.high / per, 0.0,
        )  # fmt: skip
        if best[1] is None or weeks.value - weeks.target > best[1].value - best[1].target:
            best = (finding, weeks)
    return best
