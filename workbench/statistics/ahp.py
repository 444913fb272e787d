"""Which weights follow from comparing criteria two at a time, and do the comparisons contradict?

Saaty's analytic hierarchy process (1980): weights are the principal eigenvector of the comparisons,
and a consistency ratio above 0.10 asks for a second look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import CallError

RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean inconsistency of random comparisons of so many criteria (Saaty 1980)."""

LIMIT = 0.10


@dataclass(frozen=True)
class AhpWeights:
    """Weights that add up to 1, in the order of the criteria, and how consistent they are."""

    weights: NDArray[np.float64]
    consistency_ratio: float
    worst: tuple[int, int] | None
    """The pair whose comparison departs most from the weights; None when all agree."""

    @property
    def consistent(self) -> bool:
        """The consistency ratio is at most 0.10."""
        return self.consistency_ratio <= LIMIT


def ahp_weights(comparisons: ArrayLike) -> AhpWeights:
    """Return weights from a full matrix: entry [i, j] says how many times i outweighs j.

    Raises
    ------
    CallError
        unless it is square, positive and reciprocal, of at most 15 criteria.
    """
    a = np.asarray(comparisons, float)
    n = len(a)
    if a.shape != (n, n) or not 1 <= n < len(RANDOM_INDEX) or not np.all(a > 0):
        raise CallError(f"Comparisons of shape {a.shape} came. Accepted: square, above 0, 1 to 15 criteria.")
    if not np.allclose(a * a.T, 1.0, rtol=0.02):
        i, j = np.unravel_index(np.abs(np.log(a * a.T)).argmax(), a.shape)
        raise CallError(
            f"Comparison {i + 1} against {j + 1} is {a[i, j]:g}, but {j + 1} against {i + 1} is "
            f"{a[j, i]:g}. One must be the other's reciprocal."
        )
    values, vectors = np.linalg.eig(a)
    main = int(values.real.argmax())
    weights = np.abs(vectors[:, main].real)
    weights = weights / weights.sum()
    index = max((values[main].real - n) / (n - 1), 0.0) if n > 1 else 0.0
    ratio = index / RANDOM_INDEX[n] if n > 2 else 0.0
    gap = np.abs(np.log(a * weights[None, :] / weights[:, None]))
    i, j = np.unravel_index(gap.argmax(), gap.shape)
    worst = (int(min(i, j)), int(max(i, j))) if gap[i, j] > 1e-9 else None
    return AhpWeights(weights, float(ratio), worst)


def from_pairs(criteria: Sequence[str], pairs: Mapping[tuple[str, str], float]) -> NDArray[np.float64]:
    """Return the full matrix from one comparison for each pair of criteria, in either order."""
    matrix = np.eye(len(criteria))
    missing = []
    for i, first in enumerate(criteria):
        for j in range(i + 1, len(criteria)):
            second = criteria[j]
            if (first, second) in pairs:
                ratio = pairs[first, second]
            elif (second, first) in pairs:
                ratio = 1.0 / pairs[second, first]
            else:
                missing.append(f"{first} against {second}")
                continue
            matrix[i, j], matrix[j, i] = ratio, 1.0 / ratio
    if missing:
        raise CallError(f"These comparisons are missing: {'; '.join(missing)}.")
    return matrix
