"""How sure is a share? Wilson's interval stays inside 0 and 1 and holds at 0 and at n."""

from __future__ import annotations

import math
from statistics import NormalDist


def wilson(hits: float, n: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return the Wilson score interval of `hits` out of `n`, n above 0 (Wilson 1927)."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    p = hits / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(max(p * (1 - p), 0.0) / n + z * z / (4 * n * n))
    low = 0.0 if hits <= 0 else max(centre - half, 0.0)
    high = 1.0 if hits >= n else min(centre + half, 1.0)
    return low, high
