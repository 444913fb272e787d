"""How sure is a ratio of two rates, or a difference of two shares?"""

from __future__ import annotations

import math

from scipy.special import betaincinv

from workbench.errors import CallError
from workbench.statistics.estimate import Estimate


def rate_ratio(
    events: int, exposure: float, base_events: int, base_exposure: float, confidence: float = 0.95
) -> Estimate:
    """Return one Poisson rate over another, with the exact conditional interval.

    Given their sum, the first count is binomial (Przyborowski and Wilenski 1940); the interval is
    Clopper and Pearson's, turned into the ratio.
    """
    if events < 0 or base_events < 0 or not (exposure > 0 and base_exposure > 0):
        raise CallError(
            f"{events} in {exposure:g} against {base_events} in {base_exposure:g} came. Accepted: counts "
            "of 0 or more, exposures above 0."
        )
    total, name = events + base_events, "ratio of Poisson rates, exact"
    if total == 0:
        return Estimate(None, None, None, 0, name, confidence, "nothing happened in either")
    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else float(betaincinv(events, base_events + 1, tail))
    high = 1.0 if base_events == 0 else float(betaincinv(events + 1, base_events, 1 - tail))

    def as_ratio(share: float) -> float:
        return share / (1 - share) * base_exposure / exposure if share < 1 else math.inf

    if base_events == 0:
        return Estimate(None, as_ratio(low), math.inf, total, name, confidence, "the base had none")
    return Estimate(as_ratio(events / total), as_ratio(low), as_ratio(high), total, name, confidence)


def share_difference(hits: int, n: int, base_hits: int, base_n: int, confidence: float = 0.95) -> Estimate:
    """Return one share less another, with Newcombe's interval (1998), from statsmodels."""
    name = "difference of shares, Newcombe"
    if min(n, base_n) < 1 or not (0 <= hits <= n and 0 <= base_hits <= base_n):
        return Estimate(None, None, None, n + base_n, name, confidence, "one side is empty")
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        hits, n, base_hits, base_n, method="newcomb", compare="diff", alpha=1 - confidence
    )
    return Estimate(hits / n - base_hits / base_n, float(low), float(high), n + base_n, name, confidence)
