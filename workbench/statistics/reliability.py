"""Do the items of a questionnaire measure one thing, and how precisely?

Cronbach's alpha (1951) with the interval of Feldt (1965). Own code: the package that has it is copyleft.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fdtri

from workbench.statistics.estimate import Estimate
from workbench.wording import counted


def cronbach_alpha(answers: ArrayLike, confidence: float = 0.95) -> Estimate:
    """Return alpha of respondents × items, with Feldt's interval.

    Respondents who left an item out are left out, and the note says how many.
    """
    x, gaps = _whole(answers)
    n, k = x.shape
    if n < 3 or k < 2:
        return Estimate(
            None, None, None, n, "Cronbach's alpha", confidence, "it needs 3 respondents, 2 items"
        )
    total = x.sum(axis=1).var(ddof=1)
    if total == 0:
        return Estimate(None, None, None, n, "Cronbach's alpha", confidence, "the respondents do not differ")
    alpha = float(k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / total))
    low, high = feldt_interval(alpha, k, n, confidence)
    note = f"{counted(gaps, 'respondent')} with a gap left out" if gaps else ""
    return Estimate(alpha, low, high, n, "Cronbach's alpha, Feldt interval", confidence, note)


def feldt_interval(
    alpha: float, items: int, respondents: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Return Feldt's interval: (1 − alpha) over its true value is an F variable."""
    d1, d2 = respondents - 1, (respondents - 1) * (items - 1)
    tail = (1 - confidence) / 2
    low = 1 - (1 - alpha) * float(fdtri(d1, d2, 1 - tail))
    high = 1 - (1 - alpha) * float(fdtri(d1, d2, tail))
    return low, high


def _whole(answers: ArrayLike) -> tuple[NDArray[np.float64], int]:
    x = np.asarray(answers, float)
    x = x.reshape(len(x), -1)
    whole = ~np.isnan(x).any(axis=1)
    return x[whole], int((~whole).sum())
