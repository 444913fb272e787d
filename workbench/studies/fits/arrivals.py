"""When do contacts come, how busy are days, and how much do intervals scatter beyond chance?

Rates are means by weekday and interval of the local day, over the time that the record covers. A day's
busyness is a Gamma factor with mean one, an interval's another; counts are then negative binomial, and the shapes
follow by maximum likelihood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize, stats

from workbench.metrics.columns import SECOND_US
from workbench.studies.fits.holes import filled, holes
from workbench.studies.fits.log import Bools, Floats, Ints, Log, local_cells

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


@dataclass(frozen=True)
class Coverage:
    """Which time of which days a record covers.

    Attributes
    ----------
    days : that are counted, since 1970; closed : without a contact although their weekday has some.
    exposure : how often each interval of a day was there and is covered, of shape (days, intervals per day).
    gaps : of the same shape: what is missing.
    """

    days: Ints
    closed: tuple[int, ...]
    exposure: Floats
    gaps: Bools

    @property
    def whole(self) -> Bools:
        """Which days have no gap."""
        return np.asarray(~self.gaps.any(axis=1))


def coverage(log: Log) -> Coverage:
    """Return what a log covers, all lines together."""
    days, closed = open_days(log)
    exposure = clock(days, log.bounds_us, log.time_zone, log.interval_s)
    counts = _counted(log.rows, days, log.n_slots)
    gaps = holes(counts, exposure, weekday_of(days))
    return Coverage(days, closed, np.where(gaps, 0.0, exposure), gaps)


def clock(days: Ints, bounds_us: tuple[int, int], time_zone: str, interval_s: int) -> Floats:
    """Return how often each interval of a local day comes: 1, but for the hours around a change of clocks."""
    day, slot = local_cells(np.arange(*bounds_us, interval_s * SECOND_US), time_zone, interval_s)
    found = np.zeros((len(days), 86_400 // interval_s))
    use = np.isin(day, days)
    np.add.at(found, (np.searchsorted(days, day[use]), slot[use]), 1.0)
    return found


def _counted(rows: pd.DataFrame, days: Ints, n_slots: int) -> Floats:
    counts = np.zeros((len(days), n_slots))
    rows = rows[rows["day"].isin(days)]
    np.add.at(counts, (np.searchsorted(days, rows["day"].to_numpy()), rows["slot"].to_numpy()), 1.0)
    return counts


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
    seen = coverage(log)
    use = np.ones(len(seen.days), bool) if skip is None else ~np.isin(seen.days, skip)
    days = seen.days[use]
    share = np.ones(len(days)) if level is None else level(days)
    counts = _counted(rows, days, log.n_slots)
    return profile_of(counts, seen.exposure[use], days, seen.whole[use], share, log.interval_s)


def profile_of(
    counts: Floats, exposure: Floats, days: Ints, whole: Bools, share: Floats, interval_s: int
) -> Profile:
    """Return the arrivals behind counts by day and interval.

    Parameters
    ----------
    counts, exposure : of shape (days, intervals per day): contacts, and how often the interval was looked at.
    days : since 1970; whole : which of them have no gap, so that their totals can be compared.
    share : how busy days were by season and trend.
    """
    weekday = weekday_of(days)
    counts = np.where(exposure > 0, counts, 0.0)
    mean, looked_at = np.zeros((7, counts.shape[1])), np.zeros((7, counts.shape[1]))
    for w in range(7):
        of = weekday == w
        if of.any():
            looked_at[w] = exposure[of].sum(axis=0)
            time = (exposure[of] * share[of, None]).sum(axis=0)
            mean[w] = np.divide(counts[of].sum(axis=0), time, out=np.zeros(len(time)), where=time > 0)
    mean = filled(mean, looked_at)
    usual = mean[weekday] * exposure * share[:, None]
    totals, expected = counts.sum(axis=1), usual.sum(axis=1)
    often = np.bincount(weekday[whole], minlength=7) > 1
    repeated = whole & often[weekday] & (expected > 0)
    factor = pd.Series(totals[repeated] / expected[repeated], index=days[repeated], dtype=float)
    day_shape = negative_binomial_shape(totals[repeated], expected[repeated])
    busy = np.divide(totals, expected, out=np.zeros(len(days)), where=expected > 0)
    scaled = usual * busy[:, None]
    interval_shape = negative_binomial_shape(counts[repeated].ravel(), scaled[repeated].ravel())
    return Profile(
        mean * 3600.0 / interval_s, day_shape, interval_shape, factor, int(counts.sum()), len(days)
    )


def correlation(profiles: list[Profile]) -> float | None:
    """Return the mean correlation of the lines' busyness over days; None with one line or few days."""
    table = pd.DataFrame(
        {i: p.day_factor for i, p in enumerate(profiles) if p.n >= 20 * max(p.days, 1)}
    ).dropna()
    if table.shape[1] < 2 or len(table) < 5:
        return None
    found = table.corr().to_numpy()
    return float(found[np.triu_indices(len(found), 1)].mean())
