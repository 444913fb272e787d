"""How sure is a mean, a ratio or a difference that independent replications estimate?

A service level is a ratio of two sums, so its estimate over replications is the ratio of the two
totals and its interval comes from the linearised errors of both together (the delta method, as in
Law, Simulation Modeling and Analysis, section 9.4, and Cochran, Sampling Techniques, chapter 6).
A plain mean is the ratio whose denominators are all one, so one function serves both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import CallError
from workbench.student import student

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure that replications estimate.

    Attributes
    ----------
    mean : the estimate; None where it cannot be known, and `reason` says why.
    low, high : Student interval at `confidence`; None with fewer than two replications.
    n : number of replications (or batches) behind it.
    """

    mean: float | None
    low: float | None
    high: float | None
    n: int
    confidence: float = 0.95
    reason: str = ""

    @property
    def half_width(self) -> float:
        """Half of the interval's length; infinite where there is no interval."""
        if self.low is None or self.high is None:
            return math.inf
        return (self.high - self.low) / 2

    @property
    def relative_half_width(self) -> float:
        """`half_width` as a fraction of the mean's size; infinite for a mean of 0 that varies."""
        if self.mean is None or self.half_width == 0:
            return 0.0
        return self.half_width / abs(self.mean) if self.mean else math.inf

    def contains(self, value: float) -> bool:
        """Whether `value` lies within the interval."""
        return self.low is not None and self.high is not None and self.low <= value <= self.high


def _checked_confidence(confidence: float) -> None:
    if not 0 < confidence < 1:
        raise CallError(f"confidence: {confidence} is not between 0 and 1. Use 0.95 for 95 %.")


def ratios(
    numerators: ArrayLike, denominators: ArrayLike, confidence: float = 0.95
) -> tuple[Floats, Floats, int]:
    """Estimate many ratios of sums at once.

    Parameters
    ----------
    numerators, denominators : arrays of shape (n_replications, ...)
        What each replication counted.

    Returns
    -------
    ratio, half_width : arrays of shape (...)
        nan where all denominators are 0; half_width is nan with one replication.
    n : number of replications
    """
    _checked_confidence(confidence)
    above = np.asarray(numerators, dtype=np.float64)
    below = np.asarray(denominators, dtype=np.float64)
    n = above.shape[0]
    mean_below = below.mean(axis=0)
    known = mean_below != 0
    safe = np.where(known, mean_below, 1.0)
    ratio = np.where(known, above.mean(axis=0) / safe, np.nan)
    if n < 2:
        return ratio, np.full_like(ratio, np.nan), n
    errors = (above - np.where(known, ratio, 0.0) * below) / safe
    half = student(n - 1, confidence) * errors.std(axis=0, ddof=1) / math.sqrt(n)
    return ratio, np.where(known, half, np.nan), n


def ratio(
    numerators: ArrayLike,
    denominators: ArrayLike | None = None,
    confidence: float = 0.95,
    nothing: str = "nothing to divide by in any replication",
) -> Estimate:
    """Estimate one ratio of sums, or a mean where no denominators are given.

    Parameters
    ----------
    numerators, denominators : arrays of shape (n_replications,)
    nothing : the reason given where every denominator is 0.
    """
    above = np.asarray(numerators, dtype=np.float64)
    below = np.ones_like(above) if denominators is None else np.asarray(denominators, np.float64)
    value, half, n = ratios(above, below, confidence)
    return estimate(float(value), float(half), n, confidence, nothing)


def estimate(
    value: float, half: float, n: int, confidence: float = 0.95, nothing: str = "cannot be known"
) -> Estimate:
    """Return the Estimate for a value and half-width in which nan stands for unknown."""
    if math.isnan(value):
        return Estimate(None, None, None, n, confidence, nothing)
    if math.isnan(half):
        return Estimate(
            value, None, None, n, confidence, "one replication has no interval; ask for two or more"
        )
    return Estimate(value, value - half, value + half, n, confidence)


def paired_differences(
    base: tuple[ArrayLike, ArrayLike],
    variant: tuple[ArrayLike, ArrayLike],
    confidence: float = 0.95,
) -> tuple[Floats, Floats, int]:
    """Estimate variant minus base where replication r of both saw the same random numbers.

    The linearised errors of the two ratios are subtracted replication by replication, so what both
    share cancels (Law, section 11.4).

    Parameters
    ----------
    base, variant : (numerators, denominators), each of shape (n_replications, ...)

    Returns
    -------
    difference, half_width : arrays of shape (...), nan where either ratio is unknown
    n : number of pairs
    """
    _checked_confidence(confidence)
    errors, values = [], []
    for numerators, denominators in (base, variant):
        above = np.asarray(numerators, dtype=np.float64)
        below = np.asarray(denominators, dtype=np.float64)
        mean_below = below.mean(axis=0)
        safe = np.where(mean_below != 0, mean_below, np.nan)
        value = above.mean(axis=0) / safe
        values.append(value)
        errors.append((above - value * below) / safe)
    if errors[0].shape != errors[1].shape:
        raise CallError(
            f"Base and variant have {errors[0].shape[0]} and {errors[1].shape[0]} replications. "
            "Pairs need the same number of both."
        )
    n = errors[0].shape[0]
    difference = np.asarray(values[1] - values[0])
    if n < 2:
        return difference, np.full_like(difference, np.nan), n
    spread = (errors[1] - errors[0]).std(axis=0, ddof=1)
    return difference, np.asarray(student(n - 1, confidence) * spread / math.sqrt(n)), n


def batch_means(
    numerators: ArrayLike,
    denominators: ArrayLike | None = None,
    *,
    warm_up: int = 0,
    batches: int = 20,
    confidence: float = 0.95,
) -> Estimate:
    """Estimate a long-run mean or ratio from one long run, cut into batches after a warm-up.

    Parameters
    ----------
    numerators, denominators : arrays of shape (n_intervals,), in the order of time
    warm_up : how many intervals at the beginning are left out
    batches : how many of equal length; intervals left over are taken off the start

    Raises
    ------
    CallError
        if there are fewer than two batches, or fewer intervals than batches.
    """
    above = np.asarray(numerators, dtype=np.float64)
    below = np.ones_like(above) if denominators is None else np.asarray(denominators, np.float64)
    left = above.size - warm_up
    if batches < 2:
        raise CallError(f"batches: {batches} is too few for an interval. Use at least 2; 20 is usual.")
    if warm_up < 0 or left < batches:
        raise CallError(
            f"A warm-up of {warm_up} of {above.size} intervals leaves {left} for {batches} "
            "batches. Run longer, or ask for fewer batches."
        )
    length = left // batches
    start = above.size - length * batches
    shape = (batches, length)
    return ratio(
        above[start:].reshape(shape).sum(axis=1),
        below[start:].reshape(shape).sum(axis=1),
        confidence,
    )


def replications_needed(so_far: Estimate, precision: float) -> int:
    """Return how many replications would bring the half-width down to `precision`.

    Judges by the spread seen so far (Law, section 9.4.1); where that is too wide, one more at least.
    """
    if so_far.half_width <= precision:
        return so_far.n
    if not math.isfinite(so_far.half_width):
        return so_far.n + 1
    return max(so_far.n + 1, math.ceil(so_far.n * (so_far.half_width / precision) ** 2))
