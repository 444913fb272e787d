"""Who comes again? Retrials after giving up, read from customer keys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workbench.sim.distributions import Distribution
from workbench.statistics.proportions import wilson
from workbench.statistics.ratios import share_difference
from workbench.studies.fits.durations import ENOUGH, empirical
from workbench.studies.fits.log import Log

WITHIN_S = 4 * 3600.0
"""A return later than this is a new matter. [s]"""


@dataclass(frozen=True)
class Retrials:
    """Returns within four hours of giving up, beyond those that follow an answer.

    Attributes
    ----------
    probability : None where no customer is named, or nobody named gave up.
    low, high : 95 % interval of `probability`: of the difference of two shares (Newcombe), not below 0.
    after_answer : share of the answered who come again as soon; what is subtracted.
    delay : of returns; None if there are too few.
    n : abandonments of a named customer; share_named : of all abandonments.
    """

    probability: float | None
    low: float | None
    high: float | None
    after_answer: float | None
    delay: Distribution | None
    n: int
    share_named: float


def fit_retrials(log: Log) -> Retrials:
    """Return how often those who gave up come again."""
    rows = log.rows[log.rows["customer"] >= 0].sort_values(["customer", "arrival_us"], kind="stable")
    left_all = int((~log.rows["answered"]).sum())
    answered = rows["answered"].to_numpy(bool)
    who, came, gone = (rows[name].to_numpy() for name in ("customer", "arrival_us", "left_us"))
    _, end_us = log.bounds_us
    watched = gone + round(WITHIN_S * 1e6) <= end_us
    follows = np.full(len(rows), np.inf)
    if len(rows) > 1:
        same = who[1:] == who[:-1]
        follows[:-1][same] = (came[1:] - gone[:-1])[same] / 1e6
    again = (follows >= 0) & (follows <= WITHIN_S)
    gave_up, served = ~answered & watched, answered & watched
    n = int(gave_up.sum())
    named = float(n / left_all) if left_all else 0.0
    if n < ENOUGH:
        return Retrials(None, None, None, None, None, n, named)
    share = float(again[gave_up].mean())
    base = float(again[served].mean()) if served.any() else 0.0
    returned, came_back, answers = (int(x.sum()) for x in (again[gave_up], again[served], served))
    # where nobody was served there is nothing to take off
    around = share_difference(returned, n, came_back, answers) if answers else wilson(returned, n)
    low, high = (None if edge is None else max(edge, 0.0) for edge in (around.low, around.high))
    delays = np.sort(follows[gave_up & again])
    delay = empirical(delays) if len(delays) >= ENOUGH and delays.sum() > 0 else None
    return Retrials(max(share - base, 0.0), low, high, base, delay, n, named)
