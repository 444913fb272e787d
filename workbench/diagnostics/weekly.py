"""By how much did a weekly figure change over the period?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from statsmodels.regression.linear_model import WLS  # not statsmodels.api, which reads in the whole package
from statsmodels.tools.tools import add_constant


@dataclass(frozen=True)
class Change:
    """The change along the fitted line from the first week to the last, with its 95 % interval."""

    change: float
    low: float
    high: float


def weekly_slope(values: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> Change:
    """Fit a line to weekly values, neighbouring weeks allowed to resemble each other.

    Parameters
    ----------
    values : array of shape (n_weeks,), n_weeks at least 4.
    weights : array of shape (n_weeks,)
        Contacts behind each value; None: all alike.

    The interval uses Newey–West errors with two lags (Newey and West 1987) and Student's t.
    """
    weeks = np.arange(len(values), dtype=float)
    model = WLS(values, add_constant(weeks), weights=1.0 if weights is None else weights)
    fit = model.fit(cov_type="HAC", cov_kwds={"maxlags": 2, "use_correction": True}, use_t=True)
    span = weeks[-1]
    low, high = fit.conf_int(0.05)[1] * span
    return Change(float(fit.params[1] * span), float(low), float(high))
