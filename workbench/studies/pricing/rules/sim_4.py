"""What does a slow routine cost: the loss that a drift makes until somebody mends it?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Reading, Triangle, reading
from workbench.studies.pricing.drifts import Drift, known_drifts, set_drift
from workbench.studies.pricing.forums import by_line, not_held, rates_words, waiting
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
    pricing,
    worse,
)
from workbench.wording import listing

A_YEAR = Triangle(0.5, 1.0, 2.0)
"""Drifts a year of a measure that drifts at all. Ours, assumed (grade A): histories are too short to count them."""


@serves("SIM-4", kind="calculator")
def loss_of_delay(weeks: Floats, loss_per_week: float, drifts_per_year: Floats) -> Floats:
    """Return what delay costs a month: rate × weeks until corrected × drifts a month."""
    return np.asarray(weeks * loss_per_week * drifts_per_year / 12)


@pricing("SIM-4", lines=("repeat handling",))
def slow_routine(basis: Basis) -> Iterator[Said]:
    """Loss until a drift is seen, decided on and mended."""
    group = named(basis, "VL-4", "VMF-4", "OR-1", "GOV-5", "SYM-1")
    forums = not_held(basis)
    drifts = known_drifts(basis) or tuple(d for d in (set_drift(basis),) if d is not None)
    carrier, read = _carrier(group)
    if forums and (carrier is None or read is None or not worse(read, high_is_bad=True)):
        yield waiting(basis, forums, how_many(drifts), drifts)
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
    why = gap_of(basis, carrier, read, ("labour",), high_is_bad=True)
    if isinstance(why, Unpriced):
        yield from all_of(why, rest)
        return

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return by_line(drifts, lambda rate: loss_of_delay(m, rate, k) * money)

    yield Counted(
        carried(carrier, rest), f"slow routine: {read.measure}", read, how_many(drifts), "time to detect and to act",
        cost, (rates_words(drifts, basis.currency),), Part("floor", ("drifts",)),
    )  # fmt: skip


def how_many(drifts: Sequence[Drift]) -> Mapping:
    """Return how many drifts come in a year, the error of their sizes included."""
    own = [d for d in drifts if d.error is not None]
    if not own:
        return Mapping(
            "so many drifts of five points in resolution come in a year",
            "ours; no change of the client's own is beyond chance", "A", A_YEAR,
            "two years of weekly resolution, with the dates of its changes",
        )  # fmt: skip
    whole = sum(d.rate for d in own)
    off = math.sqrt(sum((d.rate * (d.error or 0.0) / d.size) ** 2 for d in own)) / whole if whole else 0.0
    return Mapping(
        f"so many drifts a year come of each measure that once drifted here: {listing([d.words for d in own])}",
        f"sizes: the client's own weekly values ({min(d.weeks for d in own)} weeks); how many a year: ours", "A",
        Triangle(A_YEAR.low * max(1 - off, 0.1), A_YEAR.likely, A_YEAR.high * (1 + off)),
        "two years of weekly values, with the dates of their changes",
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
