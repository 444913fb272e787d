"""Do two sides that answered the same questions differ by more than chance?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workbench.statistics.bootstrap import mean_interval
from workbench.statistics.estimate import Estimate


@dataclass(frozen=True)
class Gap:
    """The mean difference of pairs, first less second.

    Attributes
    ----------
    mean : with its bootstrap interval over pairs.
    wilcoxon_p : of no difference, by signed ranks; None where no pair differs.
    """

    mean: Estimate
    wilcoxon_p: float | None


def paired_gap(first: ArrayLike, second: ArrayLike, *, seed: int, confidence: float = 0.95) -> Gap:
    """Return by how much the first side answers higher, pair by pair; incomplete pairs are left out."""
    from scipy.stats import wilcoxon

    gap = np.asarray(first, float) - np.asarray(second, float)
    gap = gap[~np.isnan(gap)]
    mean = mean_interval(gap, seed=seed, confidence=confidence)
    p = float(wilcoxon(gap, zero_method="pratt").pvalue) if np.any(gap != 0) else None
    return Gap(mean, p)
