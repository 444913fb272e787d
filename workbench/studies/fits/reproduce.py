"""With which parameters does the simulator reproduce the days it was fitted on?

Two things no log shows are fitted on the fit period, and named so in every report: a factor on the
unrecorded wrap-up, and one on patience. They are chosen so that service level and abandonment of the
simulated fit period meet the recorded ones. A third one only keeps accounts: how many agents go with a
contact in hand, so that the time that they go on equals the time by which their spells end earlier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.studies.fits.counts import Counts, in_line, recorded_counts, replications
from workbench.studies.fits.floor import FloorFit, days_of, presence_of, served_on
from workbench.studies.fits.gaps import stints
from workbench.studies.fits.log import Floats, Log
from workbench.studies.fits.presence import leaving

FEWEST_CONTACTS = 1000
"""Fewer contacts, or fewer than ENOUGH_LEFT abandonments, say too little to fit factors on."""
ENOUGH_LEFT = 50
BOUNDS = {"patience_factor": (0.5, 2.5), "wrap_up_factor": (0.0, 3.0)}
CLOSE = 0.002


MOST_DAYS = 28
"""Of a longer log the last so many days are reproduced: what holds now, and it has to be quick."""


def latest(log: Log) -> Log:
    """Return the last four weeks of a log, or all of a shorter one."""
    end = log.period.end
    start = max(log.period.start, end - timedelta(days=MOST_DAYS - 1))
    return log if start == log.period.start else log.part(Period(start, end))


@dataclass(frozen=True)
class Reproduced:
    """How well the fit period is reproduced: service level and abandon rate, before and after fitting."""

    actual: tuple[float, float]
    before: tuple[float, float]
    after: tuple[float, float]
    fitted: bool
    reason: str


def reproduce(
    fit: FloorFit, dataset: Dataset, threshold_s: float = 20.0, n: int = 6, seed: int = 90_001, turns: int = 6
) -> tuple[FloorFit, Reproduced]:
    """Return the fit with the factors that reproduce its own days, and how well it does."""
    log = latest(fit.log)
    answered, wait = log.column("answered").astype(bool), log.column("wait_s")
    actual = np.array([(answered & (wait <= threshold_s)).mean(), (~answered).mean()])

    first, after = log.bounds_us
    n_intervals = (after - first) // (log.interval_s * 1_000_000)
    length = in_line(recorded_counts(log, n_intervals, threshold_s, 5.0).values, log.interval_s)

    def outcome(candidate: FloorFit) -> tuple[Floats, float, float]:
        days = days_of(
            candidate, log, presence_of(dataset, candidate, log), threshold_s=threshold_s, in_line=length
        )
        sums, overrun, spells = 0.0, 0.0, 0
        for values, over, count in replications(days, n, seed):
            sums, overrun, spells = sums + values.sum(axis=0), overrun + over, spells + count
        counts = Counts(np.asarray(sums))
        offered = float(counts["offered"])
        found = np.array([float(counts["answered within T"]), float(counts["abandoned"])]) / max(offered, 1.0)
        return found, overrun, float(spells)

    found, overrun, spells = outcome(fit)
    before = found
    if fit.away is not None:
        remaining_s = leaving(stints(log, {**fit.serves, **served_on(log)})).mean_us / 1e6
        if remaining_s and spells:
            fit = replace(fit, leave_busy=float(np.clip(overrun / spells / remaining_s, 0.0, 1.0)))
            found, _, _ = outcome(fit)
    too_few = len(log.rows) < FEWEST_CONTACTS or int((~answered).sum()) < ENOUGH_LEFT
    if too_few or fit.away is None:
        reason = "too few contacts or abandonments" if too_few else "no agents are named"
        return fit, Reproduced(_pair(actual), _pair(before), _pair(found), False, reason)
    best, best_found = fit, found
    x = np.array([fit.patience_factor, fit.wrap_up_factor])
    slope = _slope(fit, x, found, outcome)
    for _ in range(turns):
        if np.abs(found - actual).max() < CLOSE:
            break
        step = np.linalg.lstsq(slope, actual - found, rcond=1e-3)[0]
        fresh = np.array(
            [
                np.clip(v, *bounds)
                for v, bounds in zip(x + np.clip(step, -0.5, 0.5), BOUNDS.values(), strict=True)
            ]
        )
        if np.allclose(fresh, x):
            break
        candidate = replace(fit, patience_factor=float(fresh[0]), wrap_up_factor=float(fresh[1]))
        reached, _, _ = outcome(candidate)
        moved = fresh - x
        slope = slope + np.outer(reached - found - slope @ moved, moved) / float(moved @ moved)  # Broyden
        x, found = fresh, reached
        if np.abs(found - actual).sum() < np.abs(best_found - actual).sum():
            best, best_found = candidate, found
    reason = "service level and abandonment of the fit period"
    return best, Reproduced(_pair(actual), _pair(before), _pair(best_found), True, reason)


def _slope(
    fit: FloorFit, x: Floats, found: Floats, outcome: Callable[[FloorFit], tuple[Floats, float, float]]
) -> Floats:
    """Return how service level and abandonment move with each factor, by finite differences."""
    columns = []
    for i, h in enumerate((0.3, 0.3)):
        moved = x.copy()
        moved[i] += h
        candidate = replace(fit, patience_factor=float(moved[0]), wrap_up_factor=float(moved[1]))
        columns.append((outcome(candidate)[0] - found) / h)
    return np.stack(columns, axis=1)


def _pair(values: Floats) -> tuple[float, float]:
    return float(values[0]), float(values[1])
