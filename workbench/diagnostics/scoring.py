"""How does evidence become a score, and a score a word?

A score is the weighted mean of what is known. Three doubts are kept apart: sampling (the measures'
own intervals), missing evidence (each missing piece taken at 0 and at 100), and weights (see
robustness). Bands are named from the bounds, so that taking a bad table away cannot make a client
look better: the lower bound falls with everything that is missing. The grade speaks for what carries the
score, the grade of its weighted median, and not for the best piece of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from workbench.diagnostics.finding import GRADES, Evidence, Grade, Score

HALF = 0.5 - 1e-9
"""So much of the weight makes a grade that of the whole; a breath less, for sums of fractions."""

BANDS: tuple[tuple[float, str], ...] = (
    (80.0, "good"),
    (60.0, "fair"),
    (40.0, "weak"),
    (0.0, "critical"),
)
"""From this score upwards, this word. Ours: four bands a reader can act on."""


def score(code: str, evidence: Sequence[Evidence]) -> Score:
    """Return the score of an item from its evidence.

    Evidence with weight 0 is shown and not scored. Without any scored weight the item is unknown.
    """
    parts = [(e.weight, e.score, e.score_low, e.score_high) for e in evidence if e.weight > 0]
    known = [e for e in evidence if e.weight > 0 and e.score is not None]
    held = tuple(sum(e.weight for e in known if e.grade == grade) for grade in GRADES)
    reason = "" if known else next((e.reason for e in evidence if e.reason), "no evidence")
    return _mean(
        code,
        parts,
        [0.0 if s is None else s for _, s, _, _ in parts],
        [100.0 if s is None else s for _, s, _, _ in parts],
        held,
        reason,
    )


def combine(code: str, scores: Sequence[tuple[float, Score]]) -> Score:
    """Return the score of an area or a client from `(weight, score)` of its items."""
    parts = [(w, s.value, s.sampling_low, s.sampling_high) for w, s in scores if w > 0]
    kept = [s for w, s in scores if w > 0]
    carried = [(w, _by_grade(s)) for w, s in scores if w > 0 and s.value is not None]
    held = tuple(sum(w * shares[i] for w, shares in carried) for i in range(len(GRADES)))
    result = _mean(
        code,
        parts,
        [s.low for s in kept],
        [s.high for s in kept],
        held,
        "" if any(s.value is not None for s in kept) else "nothing could be assessed",
    )
    total = sum(w for w, _, _, _ in parts)
    evidenced = sum(w * s.evidenced for (w, *_), s in zip(parts, kept, strict=True)) / total if total else 0.0
    return replace(result, evidenced=evidenced)


def _mean(
    code: str,
    parts: Sequence[tuple[float, float | None, float | None, float | None]],
    lows: Sequence[float],
    highs: Sequence[float],
    held: Sequence[float],
    reason: str,
) -> Score:
    total = sum(weight for weight, *_ in parts)
    known = [(w, s, s if a is None else a, s if b is None else b) for w, s, a, b in parts if s is not None]
    weight = sum(w for w, *_ in known)
    if not total:
        return Score(code, None, 0.0, 100.0, None, reason or "nothing is weighted")
    low = sum(w * v for (w, *_), v in zip(parts, lows, strict=True)) / total
    high = sum(w * v for (w, *_), v in zip(parts, highs, strict=True)) / total
    if not known:
        return Score(code, None, low, high, None, reason)
    value, sampling_low, sampling_high = (
        sum(part[0] * part[i] for part in known) / weight for i in (1, 2, 3)
    )
    by_grade = tuple(part / weight for part in held)
    grade = _grade(by_grade)
    return Score(code, value, low, high, grade, "", sampling_low, sampling_high, weight / total, by_grade)


def _by_grade(part: Score) -> tuple[float, ...]:
    """Return the shares of what carries a score that evidence of each grade holds."""
    return part.by_grade or tuple(float(grade == part.grade) for grade in GRADES)


def _grade(by_grade: Sequence[float]) -> Grade | None:
    """Return the best grade such that evidence so good or better holds at least half, the weighted median."""
    best = accumulate(by_grade)
    return next((grade for grade, held in zip(GRADES, best, strict=True) if held >= HALF), None)


def band(value: float) -> str:
    """Return the word for a score from 0 to 100."""
    return next(word for limit, word in BANDS if value >= limit)


def band_words(result: Score) -> str:
    """Return the band of a score as a reader meets it: from both bounds, or that nothing is known."""
    if result.value is None:
        return "not assessed"
    low, high = band(max(result.low, 0.0)), band(max(result.high, 0.0))
    return low if low == high else f"between {low} and {high}"
