"""Does it reproduce the floor, on what does that rest most, and what to do next? Two or three sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.studies.backtest import Backtest
from workbench.studies.calibrate import Calibration
from workbench.studies.fit_tables import NEAR, WORDS
from workbench.studies.fits.floor import FloorFit
from workbench.wording import listing

NAMES = {"service_level": "service level", "abandon_rate": "abandonment"}
ASA = "mean_wait_answered_s"
NEAR_S = 5.0
"""Farther from the mean wait than this, a fitted week is called off. [s]"""
WAIT = "the mean wait of the answered"
_HEAVY = (
    "No agent is named", "Staffing is inferred", "Staffing is what schedules planned", "Wrap-up is not recorded",
    "Patience is multiplied", "Unrecorded wrap-up is multiplied", "No schedule covers", "Staffing is the mean",
)  # fmt: skip
"""Who was there moves every figure, what a contact takes most, what a caller bears abandonment: in this order."""
SLIGHT = 0.1
"""A fitted factor nearer to 1 than this carries little."""
INFERRED = ("contacts", "contacts in service")


def heaviest(assumed: tuple[tuple[str, str], ...], fit: FloorFit | None = None) -> str:
    """Return what the figures rest on most of what was assumed; "" where all was measured."""
    slight: set[str] = set()
    if fit is not None and abs(fit.patience_factor - 1.0) < SLIGHT:
        slight.add("Patience is multiplied")
    if fit is not None and abs(fit.wrap_up_factor - 1.0) < SLIGHT:
        slight.add("Unrecorded wrap-up is multiplied")
    left = [what for what, grade in assumed if grade != "M" and not what.startswith(tuple(slight))]
    for begins in _HEAVY:
        for what in left:
            if what.startswith(begins):
                return what
    return left[0] if left else ""


def summary_of_fit(made: Calibration) -> Iterator[str]:
    """Yield what a planner reads first of a calibration."""
    known = [b for b in made.beside if b.predicted is not None and b.low is not None and b.high is not None]
    if not known:
        yield (
            "The scenario is made of interval counts without abandonments and speed of answer, so that nothing shows "
            "whether it reproduces the floor."
        )
    off, parts = [], []
    for b in known:
        assert b.predicted is not None and b.low is not None and b.high is not None  # noqa: PT018
        name, wait = WORDS[b.measure], b.measure == ASA
        told, low, high, was = (_said(value, wait) for value in (b.predicted, b.low, b.high, b.actual))
        parts.append(f"{name} {told} ({low} to {high}) for {was} recorded")
        # outside of its interval, and by more than a planner would shrug off
        if not b.low <= b.actual <= b.high and abs(b.predicted - b.actual) > (NEAR_S if wait else NEAR):
            by = b.predicted - b.actual
            off.append(f"{name} by {by:+.1f} s" if wait else f"{name} by {100 * by:+.1f} points")
    if known:
        first = known[0]
        how = f"misses the floor: {' and '.join(off)}" if off else "reproduces the floor"
        yield (
            f"The fitted week {how}. Simulated {' and '.join(parts)} ({first.contacts:,} contacts, {first.period}; "
            f"95 % intervals of {first.n} replications)."
        )
    for text in made.contradictions:
        yield f"The record contradicts itself. {text}"
    heavy = heaviest(made.assumed, made.fit)
    if heavy:
        yield f"It rests most on this: {heavy}"
    if made.contradictions:
        yield "Next: ask what staffed, abandoned and speed of answer count, and calibrate again before any what-if."
    elif not known or (off and made.not_identifiable):
        yield "Next: hand over contacts with answer_ts and abandon_ts, and calibrate again."
    elif off and made.reproduced is not None and not _days_reproduced(made):
        yield (
            "Next: the fitted days themselves are not reproduced with the people who were there; look at the lines' "
            "handle times and at wrap-up before any what-if, and compare variants only with each other."
        )
    elif off:
        yield (
            "Next: the days are reproduced, a mean week is not: look at `weeks` and `people` below for what "
            "differs, or fit a shorter --period."
        )
    elif made.not_identifiable:
        yield "Next: `workbench what-if`; contacts with answer_ts and abandon_ts would show the shape of times too."
    else:
        yield "Next: `workbench backtest` on days that it has not seen, then `workbench what-if`."


def _said(value: float, wait: bool) -> str:
    return f"{value:.1f} s" if wait else f"{value:.1%}"


def _days_reproduced(made: Calibration) -> bool:
    r = made.reproduced
    return r is not None and all(abs(a - b) <= NEAR for a, b in zip(r.after, r.actual, strict=True))


def summary_of_backtest(found: Backtest) -> Iterator[str]:
    """Yield what a planner reads first of a backtest."""
    outside: list[str] = []
    judged: list[str] = []
    parts: list[str] = []
    for measure, name in NAMES.items():
        row = found.scores.total[measure]
        if not row["low"] <= row["high"]:
            continue
        judged.append(name)
        parts.append(
            f"{name} {row['predicted']:.1%} ({row['low']:.1%} to {row['high']:.1%}) predicted, "
            f"{row['actual']:.1%} actual"
        )
        if not row["low"] <= row["actual"] <= row["high"]:
            outside.append(name)
    if not parts:
        yield f"Nothing can be said of {found.test_period}: no contact of these days counts."
        return
    wait = _missed_wait(found)
    if wait:
        parts.append(wait)
    if wait and not outside:
        verdict = f"reproduces {' and '.join(judged)} but misses {WAIT}"
    elif outside:
        verdict = f"misses {listing([*outside, *([WAIT] if wait else [])])}"
    else:
        verdict = "reproduces the floor"
    yield (
        f"The model {verdict}, {found.test_period}: {'; '.join(parts)} (90 % of {found.n} replications, seed "
        f"{found.seed})."
    )
    heavy = heaviest(found.assumed, found.fit)
    if heavy:
        yield f"It rests most on this: {heavy}"
    if not outside and wait:
        yield (
            "Next: what-ifs on service level and abandonment, on a scenario calibrated on these days; promise no waits "
            "from it. Test again when a month has passed."
        )
        return
    if not outside:
        yield "Next: what-ifs on a scenario calibrated on these days; test again when a month has passed."
        return
    cause = _cause(found)
    if found.staffing_source in INFERRED:
        yield f"Next: hand over agents' states or schedules, so that staffing is not inferred.{cause}"
    else:
        yield f"Next: find out what changed between {found.fit_period} and {found.test_period}.{cause}"


def _missed_wait(found: Backtest) -> str:
    """Return the mean wait of the answered beside what happened; "" where its interval holds it, or it is not known."""
    row = found.scores.total.get("mean_wait_answered_s")
    if row is None or not row["low"] <= row["high"] or np.isnan(row["actual"]):
        return ""
    if row["low"] <= row["actual"] <= row["high"]:
        return ""
    return (
        f"{WAIT.removeprefix('the ')} {row['predicted']:.1f} s ({row['low']:.1f} s to {row['high']:.1f} s) predicted, "
        f"{row['actual']:.1f} s actual"
    )


def _cause(found: Backtest) -> str:
    """Return which part makes most of the error; "" where it was not taken apart, or none is large."""
    parts = found.errors[~found.errors["part"].isin(["total"])]
    moved = parts[["service_level", "abandon_rate"]].abs().max(axis=1)
    if moved.empty or not moved.max() >= NEAR / 2:
        return ""
    row = parts.loc[moved.idxmax()]
    return (
        f" Most of the error comes from {_OF[str(row['part'])]}: {100 * row['service_level']:+.1f} points of service "
        f"level, {100 * row['abandon_rate']:+.1f} of abandonment."
    )


_OF = {
    "arrivals": "arrivals that differ from those foreseen",
    "handle time": "handle times that differ from those fitted",
    "staffing": "time away between contacts that differs from what was fitted",
    "patience": "patience that differs from that fitted",
    "model": "the model itself, with arrivals, handle times, staffing and patience as they were",
}
