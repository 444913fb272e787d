"""Which share is still there after so long, when some were not watched to the end or from the start?

The product-limit estimate of Kaplan and Meier (1958) from statsmodels, with the log-log interval,
which stays inside 0 and 1.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, entry: ArrayLike | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the curve: time, at_risk, events, surviving, low, high; one row per time with an event.

    Parameters
    ----------
    time : until the event, or as long as was watched.
    event : whether it happened; False is censored.
    entry : from when each was watched (left truncation); None: from 0.
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    when, happened = np.asarray(time, float), np.asarray(event, bool)
    names = ("time", "at_risk", "events", "surviving", "low", "high")
    if not happened.any():
        return pd.DataFrame({name: np.zeros(0) for name in names})
    late = None if entry is None else np.asarray(entry, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        curve = SurvfuncRight(when, happened.astype(int), entry=late)
        surviving = np.asarray(curve.surv_prob, float)
        error = np.asarray(curve.surv_prob_se, float)
        z = NormalDist().inv_cdf(0.5 + confidence / 2)
        power = np.exp(z * error / (surviving * np.abs(np.log(surviving))))
        low, high = surviving**power, surviving ** (1 / power)
    inside = (surviving > 0) & (surviving < 1)
    low, high = np.where(inside, low, 0.0), np.where(inside, high, 1.0)
    columns = (curve.surv_times, curve.n_risk, curve.n_events, surviving, low, high)
    left = np.asarray(curve.n_events) > 0
    return pd.DataFrame({name: values[left] for name, values in zip(names, columns, strict=True)})


def median(curve: pd.DataFrame) -> tuple[float | None, float | None, float | None]:
    """Return the first time at which half are gone, with its interval; None where it was not seen.

    The interval inverts the bounds of the curve (Brookmeyer and Crowley 1982).
    """

    def first(column: str) -> float | None:
        gone = curve["time"].to_numpy()[curve[column].to_numpy() <= 0.5]
        return float(gone[0]) if len(gone) else None

    return first("surviving"), first("low"), first("high")
