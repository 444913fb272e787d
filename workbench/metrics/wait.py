"""How long do contacts wait: speed of answer, percentiles, and the wait of everybody?

The speed of answer is a mean over survivors: those who left are not in it, and it is skewed. So the
percentiles and the mean over all offered stand beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from workbench.errors import CallError, UnknownName
from workbench.metrics import estimate
from workbench.metrics.columns import Floats
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, codes_and_waits
from workbench.metrics.measure import Measure

Who: TypeAlias = Literal["answered", "answered after waiting", "offered", "abandoned"]

WHO: Mapping[Who, str] = {
    "answered": "answered, those at once included",
    "answered after waiting": "answered that had to wait",
    "offered": "offered, those who left included until they left",
    "abandoned": "abandoned, until they left",
}


def mean_wait(
    contacts: pd.DataFrame, *, of: Who = "answered", scope: str = "", confidence: float = 0.95
) -> Measure:
    """Return the mean wait; over the answered it is the average speed of answer (`asa_s`). [s]"""
    waits = _waits(contacts, of)
    name = "asa_s" if of == "answered" else "mean_wait_s"
    blank = Measure(
        name, None, "s", 0, f"sum of waits / contacts: {WHO[of]}", of,
        scope=scope, confidence=confidence,
    )  # fmt: skip
    return estimate.mean(blank, waits, "no contact with a known wait", bounds=(0.0, math.inf))


def wait_percentile(
    contacts: pd.DataFrame,
    share: float,
    *,
    of: Who = "answered",
    scope: str = "",
    confidence: float = 0.95,
) -> Measure:
    """Return the wait that `share` of the contacts do not exceed, with its interval. [s]

    The value is the smallest wait at which the share is reached (no interpolation between contacts);
    the interval is that of order statistics (David and Nagaraja 2003, 7.1) and assumes no shape.
    """
    if not 0 < share < 1:
        raise CallError(f"share: {share:g} came. Accepted: a fraction between 0 and 1, such as 0.9.")
    waits = np.sort(_waits(contacts, of))
    n = len(waits)
    blank = Measure(
        "wait_s", None, "s", 0, f"{share:.0%} of contacts wait no longer: {WHO[of]}", of,
        {"share": share}, scope, confidence=confidence,
    )  # fmt: skip
    if n == 0:
        return estimate.unknown(blank, "no contact with a known wait")
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * math.sqrt(n * share * (1 - share))
    at = max(math.ceil(share * n - 1e-9), 1) - 1
    below, above = round(n * share - half) - 1, round(n * share + half)
    low = 0.0 if below < 0 else float(waits[below])
    high = float(waits[above]) if above < n else None
    return estimate.known(blank, waits[at], n, low, high)


def wait_figures(contacts: pd.DataFrame, *, scope: str = "") -> tuple[Measure, ...]:
    """Return mean, median and 90th percentile over the answered, the answered who waited and all."""
    out = []
    who: tuple[Who, ...] = ("answered", "answered after waiting", "offered")
    for of in who:
        out.append(mean_wait(contacts, of=of, scope=scope))
        out.extend(wait_percentile(contacts, q, of=of, scope=scope) for q in (0.5, 0.9))
    return tuple(out)


def _waits(contacts: pd.DataFrame, of: Who) -> Floats:
    codes, wait = codes_and_waits(contacts)
    if of not in WHO:
        raise UnknownName("group of contacts", of, WHO)
    use = {
        "answered": codes == ANSWERED,
        "answered after waiting": (codes == ANSWERED) & (wait > 0),
        "offered": codes <= ABANDONED,
        "abandoned": codes == ABANDONED,
    }[of]
    return np.asarray(wait[use & ~np.isnan(wait)])
