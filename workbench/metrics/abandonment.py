"""Which share of the offered contacts gave up, and how many of those within moments?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.metrics import estimate
from workbench.metrics.columns import numbers
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, codes_and_waits
from workbench.metrics.measure import Measure

_ALL = "abandoned / offered"
_LONG = "(abandoned − short) / (offered − short)"


def abandon_rate(
    contacts: pd.DataFrame,
    *,
    short_abandon_s: float | None = None,
    scope: str = "",
    confidence: float = 0.95,
) -> Measure:
    """Return the share of offered contacts that were abandoned in the queue.

    Parameters
    ----------
    short_abandon_s : None counts every abandon; a limit takes abandons within it out of numerator
        and denominator, and abandons of unknown wait with them. [s]
    """
    codes, wait = codes_and_waits(contacts)
    left, answered = codes == ABANDONED, int((codes == ANSWERED).sum())
    blank = _blank(short_abandon_s, scope, confidence)
    counted = int(left.sum() if short_abandon_s is None else (left & (wait > short_abandon_s)).sum())
    return estimate.share(blank, counted, answered + counted, "no contact was offered")


def abandon_rate_of_intervals(
    intervals: pd.DataFrame,
    *,
    without_short: bool = False,
    scope: str = "",
    confidence: float = 0.95,
) -> Measure:
    """Return the same from counts per interval, whose export decides what is short."""
    left, offered = numbers(intervals, "abandoned"), numbers(intervals, "offered")
    blank = _blank(None, scope, confidence, without_short)
    if np.isnan(left).all():
        return estimate.unknown(blank, "the export has no abandoned")
    if without_short:
        short = numbers(intervals, "short_abandoned")
        if np.isnan(short).all():
            return estimate.unknown(blank, "the export has no short_abandoned")
        left, offered = left - short, offered - short
    use = ~(np.isnan(left) | np.isnan(offered))
    return estimate.share(blank, left[use].sum(), offered[use].sum(), "no contact was offered")


def _blank(short_s: float | None, scope: str, confidence: float, without: bool = False) -> Measure:
    no_short = without or short_s is not None
    return Measure(
        "abandon_rate", None, "fraction", 0, _LONG if no_short else _ALL,
        "without short" if no_short else "all",
        {} if short_s is None else {"short_abandon_s": short_s}, scope, confidence=confidence,
    )  # fmt: skip
