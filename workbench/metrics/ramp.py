"""After how many weeks does a new hire work like a tenured one?

Proficient is the first week whose handle time is within a band of the tenured one, and whose quality
too where it is recorded. Those who left before, or are not there yet, are censored, not forgotten:
a mean over those who made it flatters the ramp.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from workbench.metrics import estimate
from workbench.metrics.columns import in_order, numbers
from workbench.metrics.kaplan_meier import kaplan_meier, median
from workbench.metrics.measure import Measure


def weeks_to_proficiency(
    ramp: pd.DataFrame,
    *,
    tenured_aht_s: float | None = None,
    band: float = 0.10,
    tenured_qa: float | None = None,
    qa_band: float = 0.05,
    tenured_after_weeks: int = 26,
) -> pd.DataFrame:
    """Return agent_id, weeks (to proficiency, or watched so far) and proficient (bool).

    Parameters
    ----------
    tenured_aht_s : the handle time to come near; None: the median over weeks from
        `tenured_after_weeks` on. [s]
    band : within (1 + band) of it is near.
    tenured_qa, qa_band : the same for quality, from below; None: not asked.
    """
    week, aht, qa = (numbers(ramp, name) for name in ("week_since_start", "aht_s", "qa"))
    if tenured_aht_s is None:
        late = aht[(week >= tenured_after_weeks) & ~np.isnan(aht)]
        if not len(late):
            return pd.DataFrame(columns=["agent_id", "weeks", "proficient"])
        tenured_aht_s = float(np.median(late))
    good = aht <= tenured_aht_s * (1 + band)
    if tenured_qa is not None:
        good &= qa >= tenured_qa - qa_band
    (who,), agents = in_order([ramp], ["agent_id"])
    known = ~(np.isnan(week) | np.isnan(aht)) & (who >= 0)
    reached, watched = np.full(len(agents), np.inf), np.full(len(agents), -np.inf)
    np.minimum.at(reached, who[known & good], week[known & good])
    np.maximum.at(watched, who[known], week[known])
    proficient, seen = np.isfinite(reached), np.isfinite(watched)
    weeks = np.where(proficient, reached, watched) + 1
    return pd.DataFrame(
        {"agent_id": agents["agent_id"].array[seen], "weeks": weeks[seen], "proficient": proficient[seen]}
    )


def speed_to_proficiency(
    ramp: pd.DataFrame, *, scope: str = "", confidence: float = 0.95, **settings: float | None
) -> Measure:
    """Return the median weeks to proficiency (Kaplan–Meier), settings as `weeks_to_proficiency`.

    n counts agents. Unknown where fewer than half got there, with how long was watched in the reason.
    """
    table = weeks_to_proficiency(ramp, **settings)  # type: ignore[arg-type]
    blank = Measure(
        "speed_to_proficiency", None, "weeks", len(table),
        "median weeks until handle time is within the band of tenured agents", "Kaplan–Meier",
        {k: v for k, v in settings.items() if v is not None}, scope, confidence=confidence,
    )  # fmt: skip
    if table.empty or not table["proficient"].any():
        return estimate.unknown(blank, "nobody was seen to become proficient", len(table))
    weeks = table["weeks"].to_numpy(float)
    curve = kaplan_meier(weeks, table["proficient"], confidence=confidence)
    value, low, high = median(curve)
    if value is None:
        reason = f"fewer than half of {len(table)} were proficient within {weeks.max():g} weeks"
        return estimate.unknown(blank, reason, len(table))
    return estimate.known(blank, value, len(table), low, high)


def learning_ratio(ramp: pd.DataFrame, *, tenured_after_weeks: int = 26) -> pd.DataFrame:
    """Return handle time by week since start over the tenured one: week, ratio, agents.

    Means over agents still there: those who leave drop out of later weeks.
    """
    week, aht = numbers(ramp, "week_since_start"), numbers(ramp, "aht_s")
    tenured = (
        np.nanmedian(aht[week >= tenured_after_weeks]) if (week >= tenured_after_weeks).any() else math.nan
    )
    by_week = pd.Series(aht / tenured).groupby(week)
    ratio = by_week.mean()
    return pd.DataFrame({"week": ratio.index, "ratio": ratio.array, "agents": by_week.count().array})
