"""What does the health wheel show: eight items, both sides, now and over past reviews?

METHOD section 19. Two modes (HC-10): a running partnership is judged by its logs; a potential one by
documents and answers, so that what only a running one can show does not count against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.questions import ANSWER_SCALE, SIDES
from workbench.diagnostics.scoring import band_words
from workbench.statistics.control_charts import cusum, xmr

ITEMS = tuple(f"HC-{number}" for number in range(1, 9))
SHORT = {
    "HC-1": "Internal owner", "HC-2": "Cadence held", "HC-3": "Quality calibrated", "HC-4": "Escalations owned",
    "HC-5": "Scope realistic", "HC-6": "Training deep enough", "HC-7": "Outcome measures",
    "HC-8": "Reports reproducible",
}  # fmt: skip
ALLOWED, LIMIT = 0.5, 4.0
"""Of the cumulative sum over past reviews: what each fall may be, and where the sum signals (k and h). [spreads]"""
ONLY_RUNNING = ("HC-2", "HC-3", "HC-8")
"""Items whose measures exist only once a partnership runs; before contract their answers alone are shown."""


@dataclass(frozen=True)
class Spoke:
    """One item of the wheel.

    Attributes
    ----------
    value, low, high : the score with its bounds, 0 to 100; value None where nothing is known.
    buyer, vendor : what each side's answers score, None where it did not answer.
    gap : vendor − buyer, in points of 100.
    """

    code: str
    title: str
    value: float | None
    low: float
    high: float
    band: str
    buyer: float | None
    vendor: float | None
    gap: float | None


@serves("HC-10", "FIG-9", kind="section")
def health_wheel(assessment: Assessment) -> tuple[Spoke, ...]:
    """Return the eight items of the health check with both sides' answers beside the score.

    In mode "pre-contract" an item of ONLY_RUNNING shows its answers as the score, bounds wide open.
    """
    answers = assessment.dataset.tables.get("survey")
    before = assessment.dataset.client.mode == "pre-contract"
    spokes = []
    for code in ITEMS:
        if code not in assessment.scores:
            continue
        score = assessment.scores[code]
        sides = {side: _answered(answers, code, side) for side in SIDES}
        known = [v for v in sides.values() if v is not None]
        if before and code in ONLY_RUNNING:
            score = replace(score, value=sum(known) / len(known) if known else None, low=0.0, high=100.0)
        buyer, vendor = sides["buyer"], sides["vendor"]
        gap = vendor - buyer if vendor is not None and buyer is not None else None
        spokes.append(
            Spoke(
                code, SHORT[code], score.value, score.low, score.high, band_words(score), buyer, vendor, gap
            )
        )
    return tuple(spokes)


def _answered(answers: pd.DataFrame | None, item: str, side: str) -> float | None:
    if answers is None:
        return None
    given = answers[(answers["item_id"] == item) & (answers["side"] == side) & answers["answer"].notna()]
    return ANSWER_SCALE.score(float(given["answer"].mean())) if len(given) else None


@serves("FM-G4", "SC-11", kind="rule")
def trend_of_reviews(past: Sequence[Mapping[str, object]], now: float | None) -> pd.DataFrame:
    """Return the total over past reviews and now, with a cumulative sum that shows a slow decline.

    Parameters
    ----------
    past : released reviews, the earliest first, each with "period" and "total".

    Returns
    -------
    DataFrame with period, total, and, from four reviews on, `fall`: the one-sided cumulative sum of
    falls below the mean of the earlier reviews in units of their spread (less ALLOWED each), and `signal`
    where it passes LIMIT. Fewer reviews: both are empty, since no spread is known.
    """
    rows = [{"period": str(review.get("period", "")), "total": review.get("total")} for review in past]
    table = pd.DataFrame([*rows, {"period": "now", "total": now}])
    table["total"] = pd.to_numeric(table["total"], errors="coerce")
    table["fall"] = np.nan
    table["signal"] = pd.array([pd.NA] * len(table), dtype="boolean")
    known = table["total"].dropna()
    if len(known) < 4:
        return table
    earlier = known.iloc[:-1].to_numpy(float)
    chart = xmr(earlier)
    spread = chart.sigma if chart.sigma > 0 else 1.0
    summed = cusum(known, k=ALLOWED, h=LIMIT, centre=chart.centre, sigma=spread)
    falls = summed.points["lower"].to_numpy(float)
    table.loc[known.index, "fall"] = falls
    table.loc[known.index, "signal"] = falls > LIMIT
    return table
