"""What can be said of a share seen in a sample, and is a target proven, refuted or open?

Intervals from statsmodels: Wilson (1927) as the usual one, Clopper and Pearson (1934) where a
guarantee is wanted. No error among 50 does not prove "fewer than 2 %": the one-sided bound is 5.8 %.
"""

from __future__ import annotations

from typing import Literal

from scipy.special import betainc, betaincinv

from workbench.errors import CallError
from workbench.statistics.estimate import Estimate

Direction = Literal["at least", "at most"]


def wilson(hits: int, n: int, confidence: float = 0.95) -> Estimate:
    """Return the share with its Wilson score interval."""
    return _interval(hits, n, confidence, "wilson", "Wilson")


def clopper_pearson(hits: int, n: int, confidence: float = 0.95) -> Estimate:
    """Return the share with the exact interval, which covers at least as often as it says."""
    return _interval(hits, n, confidence, "beta", "Clopper–Pearson")


def upper_bound(hits: int, n: int, confidence: float = 0.95) -> float:
    """Return the one-sided exact upper bound of the share."""
    _check(hits, n)
    return 1.0 if hits == n else float(betaincinv(hits + 1, n - hits, confidence))


def lower_bound(hits: int, n: int, confidence: float = 0.95) -> float:
    """Return the one-sided exact lower bound of the share."""
    _check(hits, n)
    return 0.0 if hits == 0 else float(betaincinv(hits, n - hits + 1, 1 - confidence))


def probability_target_met(
    hits: int,
    n: int,
    target: float,
    direction: Direction = "at least",
    prior: tuple[float, float] = (0.5, 0.5),
) -> float:
    """Return the posterior probability that the true share meets the target.

    prior : of the Beta distribution; (0.5, 0.5) is Jeffreys', which commits to little.
    """
    _check(hits, n, at_least=0)
    below = float(betainc(prior[0] + hits, prior[1] + n - hits, target))
    return below if direction == "at most" else 1.0 - below


def verdict(
    hits: int, n: int, target: float, direction: Direction = "at least", confidence: float = 0.95
) -> Literal["met", "missed", "open"]:
    """Return whether the target is proven to be met, proven to be missed, or neither.

    By one-sided exact bounds, each at `confidence`.
    """
    low, high = lower_bound(hits, n, confidence), upper_bound(hits, n, confidence)
    if direction == "at least":
        return "met" if low >= target else "missed" if high < target else "open"
    return "met" if high <= target else "missed" if low > target else "open"


def _interval(hits: int, n: int, confidence: float, method: str, name: str) -> Estimate:
    _check(hits, n, at_least=0)
    if n == 0:
        return Estimate(None, None, None, 0, name, confidence, "nothing to count")
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(hits, n, alpha=1 - confidence, method=method)
    low = 0.0 if hits == 0 else float(low)
    high = 1.0 if hits == n else float(high)
    return Estimate(hits / n, low, high, n, name, confidence)


def _check(hits: int, n: int, at_least: int = 1) -> None:
    if not (n >= at_least and 0 <= hits <= n):
        raise CallError(f"{hits} of {n} came. Accepted: 0 to n of n, n {at_least} or more.")
