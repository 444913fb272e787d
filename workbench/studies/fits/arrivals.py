"""When do contacts come, how busy are days, and how much do intervals scatter beyond chance?

Rates are means by weekday and interval of the local day. A day's busyness is a Gamma factor with mean one,
an interval's another; counts are then negative binomial, and the shapes follow by maximum likelihood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, stats

from workbench.studies.fits.log import Floats, Ints, Log

POISSON = 1e4
"""A shape beyond this is no over-dispersion that anybody could see."""
FEWEST_DAYS = 3
"""Of fewer comparable days nothing is said on how days scatter."""


@dataclass(frozen=True)
class Profile:
    """The arrivals of one line.

    Attributes
    ----------
    per_hour : shape (7, intervals per day), by weekday from Monday. [1/h]
    day_shape, interval_shape : of the Gamma factors; None where no over-dispersion is seen.
    day_factor : busyness of each day that was comparable, by day since 1970.
    n : contacts; days : days that were counted.
    """

    per_hour: Floats
    day_shape: float | None
    interval_shape: float | None
    day_factor: pd.Series
    n: int
    days: int


def open_days(log: Log) -> tuple[Ints, tuple[int, ...]]:
    """Return the days that are counted, and those without a contact although their weekday has some."""
    first = int(np.datetime64(str(log.period.start), "D").astype(np.int64))
    every = np.arange(first, first + log.period.days)
    seen = np.isin(every, np.array(log.days))
    weekday = weekday_of(every)
    usual = np.isin(weekday, np.unique(weekday[seen]))
    return every[seen | ~usual], tuple(int(d) for d in every[~seen & usual])


def weekday_of(day: Ints) -> Ints:
    """Return 0 for Monday of days since 1970 (a Thursday)."""
    return (np.asarray(day) + 3) % 7


def negative_binomial_shape(counts: Floats, means: Floats) -> float | None:
    """Return the Gamma shape of greatest likelihood behind counts with known means; None if Poisson."""
    use = means > 0
    counts, means = counts[use], means[use]
    if len(counts) < FEWEST_DAYS:
        return None

    def loss(log_shape: float) -> float:
        shape = np.exp(log_shape)
        return -float(stats.nbinom.logpmf(counts, shape, shape / (shape + means)).sum())

    best = optimize.minimize_scalar(loss, bounds=(np.log(0.05), np.log(10 * POISSON)), method="bounded")
    poisson = -float(stats.poisson.logpmf(counts, means).sum())
    shape = float(np.exp(best.x))
    # half a chi-square with one degree of freedom: the shape lies on its border
    return None if shape > POISSON or 2 * (poisson - float(best.fun)) < 2.71 else shape


def fit_profile(
    log: Log,
    line: int | None = None,
    level: Callable[[Ints], Floats] | None = None,
    skip: Ints | None = None,
) -> Profile:
    """Return the arrivals of a line, or of all lines together.

    Parameters
    ----------
    level : how busy days were by season and trend, on which the profile is the rest; None: 1.
    skip : days that stand out and say nothing of others, since 1970.
    """
    rows = log.rows if line is None else log.rows[log.rows["line"] == line]
    days, _ = open_days(log)
    if skip is not None and len(skip):
        days, rows = days[~np.isin(days, skip)], rows[~rows["day"].isin(skip)]
    n_slots = log.n_slots
    share = np.ones(len(days)) if level is None else level(days)
    place = np.searchsorted(days, rows["day"].to_numpy())
    counts = np.zeros((len(days), n_slots))
    np.add.at(counts, (place, rows["slot"].to_numpy()), 1.0)
    weekday = weekday_of(days)
    mean = np.zeros((7, n_slots))
    for w in range(7):
        if (weekday == w).any():
            mean[w] = counts[weekday == w].sum(axis=0) / share[weekday == w].sum()
    totals, expected = counts.sum(axis=1), mean.sum(axis=1)[weekday] * share
    repeated = np.isin(weekday, np.flatnonzero(np.bincount(weekday, minlength=7) > 1)) & (expected > 0)
    factor = pd.Series(totals[repeated] / expected[repeated], index=days[repeated], dtype=float)
    day_shape = negative_binomial_shape(totals[repeated], expected[repeated])
    scaled = mean[weekday] * np.where(expected > 0, totals / np.maximum(expected, 1e-9), 0.0)[:, None]
    interval_shape = negative_binomial_shape(counts[repeated].ravel(), scaled[repeated].ravel())
    return Profile(mean * 3600.0 / log.interval_s, day_shape, interval_shape, factor, len(rows), len(days))


def correlation(profiles: list[Profile]) -> float | None:
    """Return the mean correlation of the lines' busyness over days; None with one line or few days."""
    table = pd.DataFrame(
        {i: p.day_factor for i, p in enumerate(profiles) if p.n >= 20 * max(p.days, 1)}
    ).dropna()
    if table.shape[1] < 2 or len(table) < 5:
        return None
    found = table.corr().to_numpy()
    return float(found[np.triu_indices(len(found), 1)].mean())
