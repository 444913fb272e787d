"""Did a fix move the measure, beyond the trend that was there and the noise that carries over?

Interrupted time series: level and trend before, change of level and of trend from the fix on, errors
that follow one another (autoregressive of order 1).

Own code: statsmodels' GLSAR puts the carry-over too low in short series (its 95 %
intervals held the truth in 69 to 93 % of simulated series of 24 and 52 weeks). Restricted likelihood,
as here, comes to 87 to 95 %: still a little narrow where much carries over.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import stdtrit

from workbench.errors import CallError
from workbench.statistics.estimate import Estimate

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Interruption:
    """What happened at the fix.

    Attributes
    ----------
    level : jump at the fix, beyond the trend before.
    trend : change of slope per period.
    carry_over : autocorrelation of neighbouring errors; near 1 the intervals are too narrow.
    """

    level: Estimate
    trend: Estimate
    carry_over: float
    n_before: int
    n_after: int


def interrupted_series(values: ArrayLike, fix: int, confidence: float = 0.95) -> Interruption:
    """Return the change at position `fix`, the first period after the fix.

    values : equally spaced, without gaps; six or more on each side are wanted, three are the least.

    Raises
    ------
    CallError
        with fewer than three points on a side, or a gap.
    """
    y = np.asarray(values, float)
    if np.isnan(y).any():
        raise CallError(
            "The series has gaps. Fill or shorten it; neighbouring errors cannot be told otherwise."
        )
    before, after = fix, len(y) - fix
    if before < 3 or after < 3:
        raise CallError(
            f"{before} periods before and {after} after the fix. Three on each side are the least."
        )
    time = np.arange(len(y), dtype=float)
    since = (time >= fix).astype(float)
    design = np.stack([np.ones(len(y)), time, since, since * (time - fix)], axis=1)
    free = len(y) - design.shape[1]

    def loss(rho: float) -> float:
        _, gram, rest = _whitened(y, design, rho)
        return float(free * np.log(rest) + np.linalg.slogdet(gram)[1] - np.log(1 - rho * rho))

    rho = float(minimize_scalar(loss, bounds=(-0.95, 0.98), method="bounded").x)
    effects, gram, rest = _whitened(y, design, rho)
    errors = np.sqrt(np.diag(np.linalg.inv(gram)) * rest / free)
    quantile = float(stdtrit(free, 0.5 + confidence / 2))
    name = "interrupted time series, AR(1) errors, REML"

    def part(i: int) -> Estimate:
        value, half = float(effects[i]), quantile * float(errors[i])
        return Estimate(value, value - half, value + half, len(y), name, confidence)

    return Interruption(part(2), part(3), rho, before, after)


def _whitened(y: Floats, design: Floats, rho: float) -> tuple[Floats, Floats, float]:
    """Return coefficients, Gram matrix and residual sum after taking the carry-over out (Prais, Winsten)."""
    first = np.sqrt(1 - rho * rho)
    x = np.vstack([first * design[:1], design[1:] - rho * design[:-1]])
    z = np.concatenate([first * y[:1], y[1:] - rho * y[:-1]])
    gram = x.T @ x
    effects = np.linalg.solve(gram, x.T @ z)
    rest = float(((z - x @ effects) ** 2).sum())
    return effects, gram, max(rest, 1e-300)
