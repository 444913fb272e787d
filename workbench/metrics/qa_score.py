"""How good were the evaluated contacts, by the form's weights and its rules of failing?

An evaluation is the weighted mean of its answered items, or 0 where a critical item fails (auto-fail,
which makes scores bimodal: show the share of fails beside the mean). Items that do not apply carry no
weight. With five evaluations a month, an agent's score is a rumour: SE 16 points at a pass rate of 85 %.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from workbench.errors import CallError
from workbench.metrics import estimate
from workbench.metrics.columns import Ints, coded, equals, flags, numbers
from workbench.metrics.measure import Measure
from workbench.once import once_per_table

TOTAL_ITEM = "total"


@once_per_table
def evaluation_scores(qa_eval: pd.DataFrame, *, critical_below: float = 1.0) -> pd.DataFrame:
    """Return one row per evaluation: eval_id, agent_id, evaluator_id, score (0 to 1), failed.

    Where items are there, a "total" row beside them is not counted twice. `failed`: a critical item
    scored below `critical_below`. Evaluations without any score do not appear.
    """
    score, weight = numbers(qa_eval, "score"), numbers(qa_eval, "weight")
    critical, _ = flags(qa_eval, "critical_flag")
    weight = np.where(np.isnan(weight), 1.0, weight)
    cell, labels = pd.factorize(qa_eval["eval_id"])
    total = equals(qa_eval, "item", TOTAL_ITEM)
    known = ~np.isnan(score) & (cell >= 0)
    with_items = np.zeros(len(labels), bool)
    with_items[cell[known & ~total]] = True
    rows = np.flatnonzero(known)
    rows = rows[~(total[rows] & with_items[cell[rows]])]
    at, order = pd.factorize(cell[rows])
    failed = np.bincount(at, critical[rows] & (score[rows] < critical_below), len(order)) > 0
    points = np.bincount(at, score[rows] * weight[rows], len(order))
    weights = np.bincount(at, weight[rows], len(order))
    out = pd.DataFrame({"eval_id": labels.take(order)})
    for name in ("agent_id", "evaluator_id"):
        out[name] = _first(qa_eval, name, rows, at, len(order))
    share = np.divide(points, weights, out=np.full(len(order), np.nan), where=weights > 0)
    return out.assign(score=np.where(failed, 0.0, share), failed=failed)


def _first(table: pd.DataFrame, name: str, rows: Ints, of: Ints, size: int) -> object:
    """Return the first known value of a column in each of `size` groups of rows."""
    if name not in table:
        return None
    codes, labels = coded(table, name)
    known = codes[rows] >= 0
    first = np.full(size, -1)
    first[of[known][::-1]] = codes[rows][known][::-1]
    return labels.array.take(first, allow_fill=True)


def qa_score(
    qa_eval: pd.DataFrame, *, critical_below: float = 1.0, scope: str = "", confidence: float = 0.95
) -> Measure:
    """Return the mean score; the interval takes agents as what was sampled, n counts evaluations."""
    scores = evaluation_scores(qa_eval, critical_below=critical_below).dropna(subset=["score"])
    blank = Measure(
        "qa_score", None, "fraction", 0, "mean of Σ weight × score / Σ weight, 0 at a critical fail", "",
        {"critical_below": critical_below}, scope, confidence=confidence,
    )  # fmt: skip
    by_agent = scores.groupby(scores["agent_id"].astype(str))["score"].agg(["sum", "size"])
    measure = estimate.ratio(
        blank, by_agent["sum"], by_agent["size"], len(scores), "no evaluation has a score"
    )
    return estimate.clipped(measure)


def critical_fail_rate(
    qa_eval: pd.DataFrame, *, critical_below: float = 1.0, scope: str = "", confidence: float = 0.95
) -> Measure:
    """Return the share of evaluations that a critical item failed."""
    scores = evaluation_scores(qa_eval, critical_below=critical_below)
    blank = Measure(
        "critical_fail_rate", None, "fraction", 0, "evaluations with a failed critical item / evaluations",
        "", {"critical_below": critical_below}, scope, confidence=confidence,
    )  # fmt: skip
    return estimate.share(blank, int(scores["failed"].sum()), len(scores), "no evaluation has a score")


def standard_error(pass_rate: float, evaluations: int) -> float:
    """Return the standard error of a pass rate seen in that many evaluations."""
    return math.sqrt(pass_rate * (1 - pass_rate) / evaluations)


def evaluations_needed(pass_rate: float, half_width: float, confidence: float = 0.95) -> int:
    """Return how many evaluations make the interval of a pass rate at most ± half_width."""
    from statistics import NormalDist

    if not 0 < half_width < 1:
        raise CallError(
            f"half_width: {half_width:g} came. Accepted: a fraction between 0 and 1, such as 0.05."
        )
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    return math.ceil(z * z * pass_rate * (1 - pass_rate) / half_width**2 - 1e-9)
