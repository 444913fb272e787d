"""What did the released reviews of earlier periods say, and what has changed since?

A released review is the JSON of a report, kept in `reviews/` of the client's folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Evidence, Finding
from workbench.statistics.mover import linear


def moved(
    then: float | None, now: Evidence | None, then_low: float | None = None, then_high: float | None = None
) -> str:
    """Return whether a measure moved: "better", "worse", "not beyond chance", or "unknown".

    It is unknown where either value is, or where nobody said which direction is good. Both values are
    samples: where only the value of then was kept, it is taken to be as unsure as the one of now.
    """
    if then is None or now is None or now.value is None or now.scale is None:
        return "unknown"
    low = now.value if now.low is None else min(now.low, now.value)
    high = now.value if now.high is None else max(now.high, now.value)
    if then_low is None or then_high is None:
        then_low, then_high = then - (now.value - low), then + (high - now.value)
    difference = linear(
        [1.0, -1.0], [now.value, then], [low, min(then_low, then)], [high, max(then_high, then)]
    )
    if not difference.beyond_chance:
        return "not beyond chance"
    more = now.value > then
    return "better" if more == (now.scale.hundred > now.scale.zero) else "worse"


def released_reviews(assessment: Assessment) -> list[tuple[date, Mapping[str, object]]]:
    """Return the released reviews of earlier periods with the last day of each, the earliest first.

    One for each period: the client's copy of the health review if it was released, else the first by name.
    """
    reviews = assessment.dataset.extras.get("reviews")
    found: dict[date, Mapping[str, object]] = {}
    named = reviews if isinstance(reviews, Mapping) else {}
    for name in sorted(named):
        end = end_of(named[name])
        if end is not None and end < assessment.dataset.period.end:
            found.setdefault(end, named[name])
    return sorted(found.items())


def last_review(assessment: Assessment) -> date | None:
    """Return the last day of the last released review; None without one."""
    reviews = released_reviews(assessment)
    return reviews[-1][0] if reviews else None


def end_of(content: object) -> date | None:
    """Return the last day of the period of a review, or None where it says none."""
    if not isinstance(content, Mapping):
        return None
    origin = content.get("origin")
    period = origin.get("period") if isinstance(origin, Mapping) else None
    end = period.get("end") if isinstance(period, Mapping) else None
    try:
        return date.fromisoformat(str(end))
    except ValueError:
        return None


def since_last_review(assessment: Assessment) -> pd.DataFrame:
    """Return how the findings changed since the last released review.

    Returns
    -------
    DataFrame with code, measure, unit, then, now, severity_then, severity_now, state ("gone", "new",
    "stays") and moved; empty without a released review.
    """
    columns = ["code", "measure", "unit", "then", "now", "severity_then", "severity_now", "state", "moved"]
    reviews = released_reviews(assessment)
    if not reviews:
        return pd.DataFrame(columns=columns)
    before = {
        _subject_of(f): f
        for f in _findings_of(reviews[-1][1])
        if _subject_of(f)[1] and _subject_of(f)[0] in assessment.scores  # else not for this reader
    }
    now: dict[tuple[str, str], Finding] = {}
    for finding in assessment.findings:
        if finding.evidence:
            now.setdefault((finding.code, finding.evidence[0].measure), finding)
    parts = {(code, e.measure): e for code, v in assessment.verdicts.items() for e in v.evidence}
    rows = []
    for key in sorted({*before, *now}):
        part, old, new = parts.get(key), before.get(key), now.get(key)
        kept = _first_evidence(old) if old else {}
        value, low, high = (_number(kept.get(name)) for name in ("value", "low", "high"))
        state = "stays" if old and new else "gone" if old else "new"
        if state == "gone" and (part is None or part.value is None):
            state = "unknown"  # not found because it could not be assessed: unknown is not gone
        rows.append(
            (*key, part.unit if part else "", value, None if part is None else part.value,
             str(old["severity"]) if old else None, new.severity if new else None, state,
             moved(value, part, low, high))
        )  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def totals_of_reviews(assessment: Assessment) -> list[dict[str, object]]:
    """Return period and total of each released review, the earliest first, as the wheel takes them."""
    found = []
    for end, review in released_reviews(assessment):
        total = data_of(review, "headline").get("total")
        value = total.get("value") if isinstance(total, Mapping) else None
        found.append({"period": f"to {end.isoformat()}", "total": value})
    return found


def data_of(review: Mapping[str, object], section: str) -> Mapping[str, object]:
    """Return what a program reads from one section of a review; empty if it is not there."""
    sections = review.get("sections")
    for one in sections if isinstance(sections, list) else []:
        if isinstance(one, Mapping) and one.get("id") == section:
            data = one.get("data")
            return data if isinstance(data, Mapping) else {}
    return {}


def _findings_of(review: Mapping[str, object]) -> list[Mapping[str, object]]:
    said = data_of(review, "findings").get("findings")
    return [f for f in said if isinstance(f, Mapping) and "severity" in f] if isinstance(said, list) else []


def _first_evidence(finding: Mapping[str, object]) -> Mapping[str, object]:
    evidence = finding.get("evidence")
    first = evidence[0] if isinstance(evidence, list) and evidence else {}
    return first if isinstance(first, Mapping) else {}


def _subject_of(finding: Mapping[str, object]) -> tuple[str, str]:
    return str(finding.get("code", "")), str(_first_evidence(finding).get("measure", ""))
