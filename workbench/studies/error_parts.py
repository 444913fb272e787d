"""What does the error of a prediction come from? Parts of it replaced, in turn, by what happened.

Arrivals, mean handle times, staffing and patience of the test days themselves take the place of those that were
known before, one after the other, under the same random numbers. What each replacement takes off the error is
its part; what is left when all are replaced is the model's. So the parts add up to the error of the total.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from workbench.studies.fits.counts import Counts
from workbench.studies.fits.floor import FloorFit, fit_floor
from workbench.studies.fits.line import LineFit
from workbench.studies.fits.log import Floats, Log
from workbench.studies.fits.scores import MEASURES

SHARES = ("service_level", "abandon_rate")
PARTS = ("arrivals", "handle time", "staffing", "patience", "model", "total")
COLUMNS = ["part", *SHARES, *(f"{name}_within" for name in SHARES), "what"]
_NORMAL = 1.96


def error_parts(
    fit: FloorFit, test: Log, actual: Counts, predicted: Counts, *, foreseen: bool, most: int,
    simulate: Callable[[FloorFit, bool, int], Counts],
) -> pd.DataFrame:  # fmt: skip
    """Return the error of service level and abandonment (predicted minus actual) by part.

    Parameters
    ----------
    fit, test : what was known before, and the days that were predicted.
    predicted : the replications of the prediction, as many as there are.
    foreseen : arrivals were foreseen, not given.
    most : replications of each replacement, at most; as many of `predicted` are set against them.
    simulate : returns counts of the test days for a fit, foreseen arrivals or not, and a number of replications.

    Returns
    -------
    DataFrame with part, the error of each measure, within how much it is known (95 %, chance of the replications
        alone), and what was replaced. The last row is the error of the total.
    """
    n = min(most, len(predicted.values))
    own = fit_floor(test)
    handled = replace(fit, lines=tuple(map(_with_talk, fit.lines, own.lines)))
    staffed = replace(handled, away=own.away if own.away is not None else fit.away)
    patient = replace(staffed, lines=tuple(map(_with_patience, staffed.lines, own.lines)))
    steps = [_shares(Counts(predicted.values[:n]))]
    steps.append(_shares(simulate(fit, False, n)) if foreseen else steps[0])
    steps += [_shares(simulate(one, False, n)) for one in (handled, staffed, patient)]
    whole = _shares(predicted)
    total = whole.mean(axis=0) - _shares(Counts(actual.values[None]))[0]
    taken_off = [before - after for before, after in pairwise(steps)]
    parts = [one.mean(axis=0) for one in taken_off]
    within = [_within(one) for one in taken_off]
    parts += [total - np.sum(parts, axis=0), total]
    within += [_within(steps[-1]), _within(whole)]
    chance = " and ".join(f"{100 * sd:.1f}" for sd in whole.std(axis=0))
    what = (
        "as they came, for as foreseen" if foreseen else "given as they came",
        "mean talk times as they were",
        "time away and unrecorded wrap-up as the test days show them",
        "patience as it was",
        f"what is left; one replication differs from another by {chance} points (sd)",
        f"predicted minus actual, {len(predicted.values)} replications, {n} of each replacement",
    )
    rows = [(name, *p, *w, said) for name, p, w, said in zip(PARTS, parts, within, what, strict=True)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _shares(counts: Counts) -> Floats:
    """Return both measures of each replication: shape (n, 2)."""
    ratios = []
    for name in SHARES:
        above, below = MEASURES[name](counts)
        ratios.append(above.sum(axis=-1) / np.maximum(below.sum(axis=-1), 1.0))
    return np.stack(ratios, axis=-1)


def _within(values: Floats) -> Floats:
    """Return the half width of the 95 % interval of a mean over replications."""
    if len(values) < 2:
        return np.full(values.shape[1], np.nan)
    return np.asarray(_NORMAL * values.std(axis=0, ddof=1) / np.sqrt(len(values)))


def _with_talk(fitted: LineFit, own: LineFit) -> LineFit:
    """Return a line whose talk has the mean of the test days."""
    if fitted.talk is None or own.talk is None:
        return fitted
    law: Any = fitted.talk.chosen.model_copy(update={"mean_s": own.talk.chosen.mean})
    return replace(fitted, talk=replace(fitted.talk, chosen=law))


def _with_patience(fitted: LineFit, own: LineFit) -> LineFit:
    return fitted if own.patience is None else replace(fitted, patience=own.patience)
