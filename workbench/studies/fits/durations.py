"""Which family do handle times and patience follow, and is it good enough to be used?

Families are fitted by maximum likelihood with SciPy, censored times included, and compared by AIC. The
best one is used unless the data contradict it; then the recorded times themselves are used: of handle
times their quantiles, of patience the curve of Kaplan and Meier, beyond its end with the hazard of
its last part.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from workbench.metrics.kaplan_meier import kaplan_meier
from workbench.sim.distributions import Distribution
from workbench.studies.fits.log import Bools, Floats

FAMILIES = ("exponential", "gamma", "lognormal", "weibull")
PATIENCE_FAMILIES = ("exponential", "weibull")
ENOUGH = 5
"""Fewer times than this are not fitted."""
N_QUANTILES = 200
CONTRADICTED = 0.01
"""A family is given up if a departure as large would come about by chance with less than this."""
MOST = 20_000
"""Of more times than this an evenly spaced part is fitted."""


@dataclass(frozen=True)
class Fitted:
    """A duration as a scenario takes it, with the comparison behind it.

    Attributes
    ----------
    chosen : as used.
    comparison : one row per family, best first: family, mean_s, shape, log_likelihood, aic,
        distance (largest between its curve and the one seen).
    n : times; events : those not censored.
    reason : why this one.
    """

    chosen: Distribution
    comparison: pd.DataFrame
    n: int
    events: int
    reason: str


def _frozen(family: str, times: Floats, ended: Bools) -> tuple[stats.rv_frozen, int]:
    """Return the family with the parameters of the greatest likelihood, and how many they are."""
    if family == "exponential":
        return stats.expon(scale=times.sum() / ended.sum()), 1
    all_ended = bool(ended.all())
    if family == "lognormal" and all_ended:
        logs = np.log(times)
        return stats.lognorm(max(logs.std(), 1e-6), scale=math.exp(logs.mean())), 2
    data = times if all_ended else stats.CensoredData(uncensored=times[ended], right=times[~ended])
    law = {"gamma": stats.gamma, "weibull": stats.weibull_min, "lognormal": stats.lognorm}[family]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of steps that the search takes back
        shape, _, scale = law.fit(data, floc=0)
    return law(shape, scale=scale), 2


def compare_families(
    times_s: Floats, ended: Bools | None = None, families: tuple[str, ...] = FAMILIES
) -> tuple[pd.DataFrame, dict[str, stats.rv_frozen]]:
    """Return the comparison of families, best first, and each as fitted.

    Parameters
    ----------
    times_s : array of shape (n,), above 0. [s]
    ended : False where the time is censored; None: all ended.
    """
    ended = np.ones(len(times_s), bool) if ended is None else ended
    curve = kaplan_meier(times_s, ended)
    rows, laws = [], {}
    for family in families:
        law, k = _frozen(family, times_s, ended)
        log_likelihood = float(law.logpdf(times_s[ended]).sum() + law.logsf(times_s[~ended]).sum())
        distance = float(np.abs(law.sf(curve["time"]) - curve["surviving"]).max())
        shape = float(law.args[0]) if law.args else 1.0
        rows.append((family, float(law.mean()), shape, log_likelihood, 2 * k - 2 * log_likelihood, distance))
        laws[family] = law
    columns = ["family", "mean_s", "shape", "log_likelihood", "aic", "distance"]
    table = pd.DataFrame(rows, columns=columns).sort_values("aic", kind="stable").reset_index(drop=True)
    return table, laws


def as_distribution(family: str, law: stats.rv_frozen) -> Distribution:
    """Return a fitted law in the scenario's words."""
    mean = float(law.mean())
    if family == "exponential":
        return Distribution(mean_s=mean)
    shape = float(law.args[0])
    if family == "lognormal":
        return Distribution(
            family="lognormal", mean_s=mean, cv=min(math.sqrt(math.expm1(min(shape**2, 5.9))), 20.0)
        )
    return Distribution.model_validate({"family": family, "mean_s": mean, "shape": shape})


def fit_duration(times_s: Floats) -> Fitted | None:
    """Return the fit of recorded durations, those of 0 s included; None if there are too few.

    Times of 0 s belong to no family with a density; where more than one in a hundred is 0, the
    recorded times themselves are used.
    """
    known = np.sort(times_s[~np.isnan(times_s)])
    positive = known[known > 0]
    if len(positive) < ENOUGH:
        return None
    thin = positive if len(positive) <= MOST else positive[:: len(positive) // MOST + 1]
    table, laws = compare_families(thin)
    best = str(table["family"].iloc[0])
    zeros = 1.0 - len(positive) / len(known)
    # grown by a tenth, because parameters were fitted to the same times (Lilliefors)
    p = float(stats.kstwo.sf(min(1.0, 1.1 * float(table["distance"].iloc[0])), len(thin)))
    if zeros <= 0.01 and p >= CONTRADICTED:
        return Fitted(as_distribution(best, laws[best]), table, len(known), len(known), f"{best} fits (AIC)")
    why = (
        f"{zeros:.0%} of the times are 0 s" if zeros > 0.01
        else f"{best} is the best family and the {len(thin):,} times contradict it"
    )  # fmt: skip
    return Fitted(empirical(known), table, len(known), len(known), f"recorded times: {why}")


def empirical(known_s: Floats) -> Distribution:
    """Return recorded times as a distribution: evenly spaced quantiles that keep the mean."""
    n = min(len(known_s), N_QUANTILES)
    values = np.round(np.quantile(known_s, (np.arange(n) + 0.5) / n), 3)
    return Distribution(
        family="empirical", values=tuple(float(v) for v in values), mean_s=round(float(known_s.mean()), 4)
    )


def fit_patience(wait_s: Floats, abandoned: Bools) -> Fitted | None:
    """Return the fit of patience from waits that ended with an answer (censored) or an abandonment.

    None if nobody, or hardly anybody, abandoned.
    """
    use = wait_s > 0
    times, ended = wait_s[use], abandoned[use]
    if ended.sum() < ENOUGH:
        return None
    table, laws = compare_families(times, ended, PATIENCE_FAMILIES)
    best = str(table["family"].iloc[0])
    curve = kaplan_meier(times, ended)
    curve = curve[curve["at_risk"] >= min(30, curve["at_risk"].max())]
    fitted = laws[best].sf(curve["time"])
    low, high = curve["low"].to_numpy(), curve["high"].to_numpy()
    # outside a band drawn twice as wide as that of one point
    middle = curve["surviving"].to_numpy()
    outside = (fitted < middle - 2 * (middle - low)) | (fitted > middle + 2 * (high - middle))
    n = int(ended.sum())
    if not outside.any():
        return Fitted(as_distribution(best, laws[best]), table, len(times), n, f"{best} fits (AIC)")
    why = f"{best} is the best family and lies outside the band of Kaplan and Meier"
    return Fitted(_from_curve(curve, times, ended), table, len(times), n, f"Kaplan and Meier: {why}")


def _from_curve(curve: pd.DataFrame, times: Floats, ended: Bools) -> Distribution:
    """Return the curve as a distribution, its tail with the hazard of the last part watched."""
    when, surviving = curve["time"].to_numpy(), curve["surviving"].to_numpy()
    start = float(np.quantile(when, 0.5))
    late = times > start
    hazard = max(float(ended[late].sum()), 1.0) / float((times[late] - start).sum())
    last, left = float(when[-1]), float(surviving[-1])
    p = (np.arange(N_QUANTILES) + 0.5) / N_QUANTILES  # share of those still there
    beyond = last - np.log(np.minimum(p / left, 1.0)) / hazard
    inside = np.interp(-p, -np.append(1.0, surviving), np.append(0.0, when))
    values = np.sort(np.where(p < left, beyond, inside))
    return Distribution(family="empirical", values=tuple(float(v) for v in np.round(values, 3)))


def shared_hazard_mean(wait_s: Floats, abandoned: Bools) -> float | None:
    """Return the mean of exponential patience: total wait over abandonments; None without any. [s]"""
    n = int(abandoned.sum())
    return float(wait_s.sum() / n) if n else None


def scaled_to(law: Distribution, mean_s: float) -> Distribution:
    """Return the same shape with another mean."""
    return law.model_copy(update={"mean_s": mean_s})
