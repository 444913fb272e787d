"""What is a figure? A value with its formula, parameters, scope, sample and interval.

Two figures are comparable only when formula, parameters and scope are the same (METRICS).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Measure:
    """One computed figure.

    Attributes
    ----------
    metric : its name, the same everywhere: "service_level", "aht_s".
    value : None when it cannot be known; `reason` then says why. Unknown is not zero.
    unit : of value, low and high: "fraction", "s", "h", "count", "per hour", "EUR" ...
    n : the sample: the size of the denominator.
    formula : as a reader would write it: "answered within T / offered".
    variant : the formula's short name where several exist: "V2".
    parameters : what the formula was computed with: {"threshold_s": 20}.
    scope : which rows: "queue sales, 3–30 June 2024".
    low, high : interval of the estimate at `confidence`, None where it is not an estimate.
    """

    metric: str
    value: float | None
    unit: str
    n: int
    formula: str
    variant: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    scope: str = ""
    low: float | None = None
    high: float | None = None
    confidence: float = 0.95
    reason: str = ""
