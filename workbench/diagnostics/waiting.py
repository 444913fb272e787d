"""How long until something happens, when to some it has not happened yet?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from workbench.diagnostics.evidence import quantity
from workbench.diagnostics.finding import Evidence
from workbench.intake.period import Period
from workbench.metrics.kaplan_meier import kaplan_meier, median


def median_wait(
    label: str,
    days: ArrayLike,
    ended: ArrayLike,
    *,
    table: str,
    period: Period | None = None,
    formula: str = "",
    nobody: str = "there is no case",
) -> Evidence:
    """Return the days by which half have ended, those that go on counted as lasting longer; not scored.

    Parameters
    ----------
    days : until the end, or as long as was watched. [days]
    ended : whether it ended; the others are censored.
    nobody : the reason where there is no case at all.

    Kaplan and Meier's estimate with the interval of Brookmeyer and Crowley; without one where the curve does
    not say how late half may end.
    """
    time, over = np.asarray(days, float), np.asarray(ended, bool)
    curve = kaplan_meier(time, over) if len(time) else pd.DataFrame({"time": []})
    value, low, high = median(curve) if len(curve) else (None, None, None)
    waiting = int((~over).sum())
    return quantity(
        label,
        value,
        "days",
        len(time),
        table=table,
        period=period,
        weight=0.0,
        interval=(low, high) if low is not None and high is not None else None,
        formula=f"{formula}; {waiting:,} of {len(time):,} go on and are censored (Kaplan–Meier)".lstrip("; "),
        reason=f"fewer than half of {len(time):,} have ended" if len(time) else nobody,
    )
