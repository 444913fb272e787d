"""How does a check turn what it counted into evidence, and evidence into a finding?

A check counts; these functions attach scale, interval, sample and rows, so that every check says
its figures in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrik

from workbench.diagnostics.finding import (
    Evidence,
    Finding,
    Grade,
    Lack,
    RepairStep,
    Scale,
    Severity,
    Side,
)
from workbench.intake.period import Period
from workbench.metrics.measure import Measure
from workbench.metrics.proportion import rare
from workbench.statistics.bootstrap import bootstrap
from workbench.wording import YES_NO, counted, figure, span

SEVERITIES: tuple[tuple[float, Severity], ...] = (
    (25.0, "severe"),
    (50.0, "moderate"),
    (75.0, "minor"),
)
"""A finding whose score, at the better end of its interval, stays below this is at least so severe."""

RANKS: tuple[Severity, ...] = (*(name for _, name in SEVERITIES), "note")
"""The worst first."""

MOST_ROWS = 200
"""So many row numbers are kept with a piece of evidence; all of them are counted."""


def evidence_from(
    measure: Measure,
    *,
    table: str,
    period: Period | None = None,
    expected: float | None = None,
    scale: Scale | None = None,
    grade: Grade = "M",
    weight: float = 1.0,
    rows: Iterable[int] = (),
    label: str = "",
) -> Evidence:
    """Return a computed measure as evidence, scored through `scale` where there is one.

    `expected` defaults to the target of the scale. `rows` are the rows of `table` that are wrong;
    the first 200 are kept as examples and all are counted.
    """
    wrong = rows if isinstance(rows, tuple | pd.Index | np.ndarray) else list(rows)
    score, score_low, score_high = scores(scale, measure.value, measure.low, measure.high)
    return Evidence(
        measure=label or measure.metric,
        value=measure.value,
        unit=measure.unit,
        expected=scale.target if expected is None and scale else expected,
        n=measure.n,
        period=period,
        table=table,
        grade=grade,
        rows=tuple(np.asarray(wrong[:MOST_ROWS]).tolist()) if len(wrong) else (),
        n_rows=len(wrong),
        low=measure.low,
        high=measure.high,
        scale=scale,
        weight=weight,
        formula=measure.formula,
        reason=measure.reason,
        score=score,
        score_low=score_low,
        score_high=score_high,
    )


def scored(evidence: Evidence) -> Evidence:
    """Return `evidence` with its score and the scores at both ends of its interval."""
    if evidence.scale is None or evidence.value is None:
        return evidence
    value, low, high = scores(evidence.scale, evidence.value, evidence.low, evidence.high)
    return replace(evidence, score=value, score_low=low, score_high=high)


def scores(
    scale: Scale | None, value: float | None, low: float | None, high: float | None
) -> tuple[float | None, float | None, float | None]:
    """Return the score of a value, and the lowest and highest over its interval; nothing without a scale."""
    if scale is None or value is None:
        return None, None, None
    ends = [scale.score(value if at is None else at) for at in (value, low, high)]
    return ends[0], min(ends), max(ends)


def missing(
    measure: str, unit: str, *, table: str, reason: str = "", lack: Lack | None = None, weight: float = 1.0
) -> Evidence:
    """Return the evidence that is not there: it enters as anything from 0 to 100.

    `lack` names what is not there, and the reason follows; `reason` is for what has no name.
    """
    return Evidence(
        measure=measure,
        value=None,
        unit=unit,
        expected=None,
        n=0,
        period=None,
        table=table,
        grade="A",
        weight=weight,
        reason=reason or (lack.reason if lack else ""),
        lack=lack,
    )


def _as_expected(evidence: Evidence) -> bool:
    scale, value, expected = evidence.scale, evidence.value, evidence.expected
    return scale is not None and value is not None and expected is not None and scale.meets(value, expected)


def severity(evidence: Evidence) -> Severity | None:
    """Return how severe a finding on `evidence` is, or None if there is nothing to find.

    The better end of the sampling interval decides, so that a small sample does not accuse. What is as it is
    expected to be is no finding, wherever the scale puts it.
    """
    best = evidence.score if evidence.score_high is None else evidence.score_high
    if best is None or _as_expected(evidence):
        return None
    return next((name for limit, name in SEVERITIES if best < limit), None)


def share(
    label: str,
    good: int,
    n: int,
    *,
    of: str,
    table: str,
    period: Period | None = None,
    scale: Scale | None = None,
    expected: float | None = None,
    rows: Iterable[int] = (),
    grade: Grade = "M",
    weight: float = 1.0,
    formula: str = "",
) -> Evidence:
    """Return `good` of `n` (called `of`: "contacts") as evidence with its interval (`rare`).

    With n = 0 the evidence is missing, not zero. Documents (grade D) are counted whole, not sampled:
    they carry no interval.
    """
    if n == 0:
        return missing(label, "fraction", table=table, reason=f"no {of} in {table}", weight=weight)
    low, high = (None, None) if grade == "D" else rare(good, n)
    measure = Measure(label, good / n, "fraction", n, formula or f"{label} / {of}", low=low, high=high)
    return evidence_from(
        measure,
        table=table,
        period=period,
        expected=expected,
        scale=scale,
        grade=grade,
        weight=weight,
        rows=rows,
    )


def quantity(
    label: str,
    value: float | None,
    unit: str,
    n: int,
    *,
    table: str,
    period: Period | None = None,
    scale: Scale | None = None,
    expected: float | None = None,
    interval: tuple[float, float] | None = None,
    rows: Iterable[int] = (),
    grade: Grade = "M",
    weight: float = 1.0,
    formula: str = "",
    reason: str = "",
    lack: Lack | None = None,
) -> Evidence:
    """Return a quantity in `unit` as evidence; missing with its reason where `value` is None or n = 0."""
    if value is None or n == 0:
        return missing(
            label,
            unit,
            table=table,
            reason=reason or ("" if lack else f"no rows in {table} to compute it from"),
            lack=lack,
            weight=weight,
        )
    low, high = interval or (None, None)
    return evidence_from(
        Measure(label, float(value), unit, n, formula, low=low, high=high),
        table=table,
        period=period,
        expected=expected,
        scale=scale,
        grade=grade,
        weight=weight,
        rows=rows,
    )


def sentence(evidence: Evidence, of: str, subject: str = "") -> str:
    """Say a piece of evidence: number, interval, sample, expectation and period in one line.

    "Schedule adherence: 78 % (77.3 % to 78.7 %) of 14,210 scheduled minutes (expected 90 %), 3–30 June 2024."
    """
    name = subject or evidence.measure
    name = name[:1].upper() + name[1:]
    if evidence.unit == YES_NO:
        return (
            f"{name}: {figure(evidence.value, YES_NO)} (expected yes; {counted(evidence.n, of)} looked at)."
        )
    between = span(evidence.low, evidence.high, evidence.unit)
    sample = (
        f"of {counted(evidence.n, of)}" if evidence.unit == "fraction" else f"over {counted(evidence.n, of)}"
    )
    expected = "" if evidence.expected is None else f" (expected {figure(evidence.expected, evidence.unit)})"
    return (
        f"{name}: {figure(evidence.value, evidence.unit)}{f' ({between})' if between else ''} "
        f"{sample}{expected}{f', {evidence.period}' if evidence.period else ''}."
    )


def found(
    code: str,
    evidence: Evidence,
    statement: str,
    remedy: str,
    *,
    beside: Iterable[Evidence] = (),
    side: Side = "both",
    step: RepairStep = "process",
    lever: str | None = None,
    commitments: str = "",
    margin: str = "",
    at_least: Severity | None = None,
    at_most: Severity = "severe",
    about: tuple[str, ...] | None = None,
) -> tuple[Finding, ...]:
    """Return the finding on `evidence`, or nothing where its score calls for none.

    `at_least` names a severity that the matter itself demands (an open account is never minor),
    `at_most` one that it cannot exceed (one missing document of many is never severe).
    """
    how = severity(evidence)
    if how is None and at_least is None:
        return ()
    worst = min((s for s in (how, at_least) if s is not None), key=RANKS.index)
    worst = max(worst, at_most, key=RANKS.index)
    return (
        Finding(
            code=code,
            severity=worst,
            statement=statement,
            evidence=(evidence, *beside),
            remedy=remedy,
            side=side,
            step=step,
            lever=lever,
            commitments=commitments,
            margin=margin,
            about=about,
        ),
    )


def findings(
    code: str,
    judged: Iterable[tuple[Evidence, str, str]],
    *,
    side: Side = "both",
    step: RepairStep = "process",
    lever: str | None = None,
    commitments: str = "",
    margin: str = "",
    at_most: Severity = "severe",
    about: tuple[str, ...] | None = None,
) -> tuple[Finding, ...]:
    """Return the findings on several pieces of evidence, each given with its noun and its remedy."""
    return tuple(
        finding
        for part, of, remedy in judged
        for finding in found(
            code,
            part,
            sentence(part, of),
            remedy,
            side=side,
            step=step,
            lever=lever,
            commitments=commitments,
            margin=margin,
            at_most=at_most,
            about=about,
        )
    )


def median_interval(
    values: Sequence[float] | pd.Series | NDArray[np.float64], confidence: float = 0.95
) -> tuple[float, float] | None:
    """Return the interval of a median from the order of the values (binomial), None below six values."""
    ordered = np.sort(np.asarray(values, float)).tolist()
    n = len(ordered)
    if n < 6:
        return None
    tail = (1 - confidence) / 2
    low = max(math.ceil(bdtrik(tail, n, 0.5)) - 1, 0)
    while bdtr(low, n, 0.5) < tail:  # the least rank with so much of the binomial below or at it
        low += 1
    return ordered[max(low - 1, 0)], ordered[min(n - low, n - 1)]


def worst_of_median(evidence: Evidence) -> Severity:
    """Return the most that a median may be called: of fewer values than an interval needs, moderate."""
    return "severe" if evidence.low is not None else "moderate"


def ratio_interval(
    sums: np.ndarray, *, confidence: float = 0.95, seed: int = 1
) -> tuple[float, float] | None:
    """Return the interval of a ratio of totals, by resampling whole units (percentiles); None below six units.

    Parameters
    ----------
    sums : array of shape (n, 2): numerator and denominator of each unit that was sampled (a day, an invoice).
    """
    if len(sums) < 6 or sums[:, 1].sum() <= 0:
        return None

    def ratios(which: np.ndarray) -> np.ndarray:
        above, below = sums[which, 0].sum(axis=-1), sums[which, 1].sum(axis=-1)
        return np.asarray(np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan))

    found = bootstrap(
        lambda which: float(ratios(which)), len(sums), seed=seed, method="percentile", confidence=confidence,
        together=ratios,
    )  # fmt: skip
    return None if found.low is None or found.high is None else (found.low, found.high)
