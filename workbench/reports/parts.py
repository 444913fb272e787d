"""Which parts do several sections show alike? Scores, evidence, the order of what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Evidence, Finding, Grade, RepairStep, Score
from workbench.diagnostics.repair import ORDER, Recommendation
from workbench.diagnostics.scoring import BANDS, band, band_words
from workbench.intake.dataset import Provenance
from workbench.reports.section import Card, Column, DataTable, Tone
from workbench.wording import figure, listing, span

GRADE_WORDS: dict[Grade, str] = {
    "M": "measured",
    "D": "documented",
    "S": "from answers",
    "A": "assumed",
}
SIDE_WORDS = {"buyer": "buyer", "vendor": "vendor", "both": "both sides"}

STEP_WORDS: dict[RepairStep, str] = {
    "bypass": "at once",
    "process": "process",
    "ownership": "ownership",
    "data": "data",
    "cadence": "cadence",
    "technology": "technology",
}

_TONES: dict[str, Tone] = {"good": "good", "fair": "minor", "weak": "moderate", "critical": "severe"}

ROWS_SHOWN = 12

KNOWN_ENOUGH = 0.5
"""From this share of evidence upwards a score may stand alone as a headline."""

EVIDENCE_COLUMNS = (
    Column(name="measure", label="Measure"),
    Column(name="value", label="Found"),
    Column(name="expected", label="Expected"),
    Column(name="interval", label="95 % interval"),
    Column(name="n", label="Sample", type="count"),
    Column(name="period", label="Period"),
    Column(name="table", label="From"),
    Column(name="grade", label="Grade"),
    Column(name="score", label="Score"),
)


def title_of(code: str) -> str:
    """Return what the diagnostic `code` is called, or its code where nobody declared it."""
    return CHECKS.by_name[code].title if code in CHECKS.by_name else code


def area_of(code: str) -> str:
    """Return the area of the diagnostic `code`, empty where nobody declared it."""
    return CHECKS.by_name[code].area if code in CHECKS.by_name else ""


def area_title(area: str) -> str:
    """Return an area as a heading."""
    return area[:1].upper() + area[1:]


def bounds_words(score: Score) -> str:
    """Return the bounds of a score as a reader meets them: "41 to 73"."""
    return f"{score.low:.0f} to {score.high:.0f}"


def score_text(score: Score) -> str:
    """Return the score itself, or that it is unknown."""
    return "unknown" if score.value is None else f"{score.value:.0f}"


def score_card(label: str, score: Score) -> Card:
    """Return a score as a headline number with its bounds.

    Where more is missing than known, the bounds are the headline and the score is the note: a good
    mark on a sliver of evidence is not a good mark.
    """
    text = score_text(score)
    grade = f", {GRADE_WORDS[score.grade]}" if score.grade else ""
    left = (
        f"; {bounds_words(score)} with what is missing" if f"{score.low:.0f}" != f"{score.high:.0f}" else ""
    )
    note = f"{band_words(score)}{left}{grade}"
    if score.value is not None and score.evidenced < KNOWN_ENOUGH:
        text = f"{score.low:.0f}–{score.high:.0f}"
        known = share_words(score.evidenced)
        note = f"{band_words(score)}; {score.value:.0f} on the {known} of the evidence at hand{grade}"
    if score.value is not None and score.unevidenced:
        note = f"unevidenced: nothing measured or documented behind it; {bounds_words(score)}"
    tone = "note" if score.value is None or score.unevidenced else _TONES[band(max(score.low, 0.0))]
    return Card(
        label=label, text=text, value=score.value, low=score.low, high=score.high,
        unit="score", note=note, tone=tone,
    )  # fmt: skip


def share_words(share: float) -> str:
    """Return a share in whole percent; what is there and rounds to nothing is "under 1 %"."""
    return "under 1 %" if 0 < share < 0.01 else figure(share, "fraction", 0)


def little_known(score: Score) -> str:
    """Say in front of its band what a score rests on of which less is known than missing."""
    return (
        f"Evidence is at hand for {share_words(score.evidenced)} of the score, so that it can be anywhere from "
        f"{score.low:.0f} to {score.high:.0f}: "
    )


def on_that_part(score: Score) -> str:
    """Say, behind its band, what such a score is on what is known."""
    return f". On that part alone it would be {score.value:.0f}."


def score_data(score: Score) -> dict[str, Any]:
    """Return a score as plain values."""
    return {
        "value": score.value,
        "low": score.low,
        "high": score.high,
        "sampling_low": score.sampling_low,
        "sampling_high": score.sampling_high,
        "evidenced": score.evidenced,
        "grade": score.grade,
        "band": band_words(score),
        "reason": score.reason,
    }


def evidence_row(evidence: Evidence) -> tuple[object, ...]:
    """Return one piece of evidence under `EVIDENCE_COLUMNS`."""
    return (
        evidence.measure,
        figure(evidence.value, evidence.unit) if evidence.value is not None else evidence.reason or "unknown",
        "" if evidence.expected is None else figure(evidence.expected, evidence.unit),
        span(evidence.low, evidence.high, evidence.unit),
        evidence.n,
        "" if evidence.period is None else str(evidence.period),
        evidence.table,
        GRADE_WORDS[evidence.grade],
        _score_words(evidence),
    )


def _score_words(evidence: Evidence) -> str:
    if evidence.score is not None:
        return f"{evidence.score:.0f}"
    return "not scored" if evidence.weight == 0 or evidence.value is not None else "unknown"


def in_order(codes: Iterable[str]) -> list[str]:
    """Return codes as a reader counts them: LC-2 before LC-10."""
    return sorted(codes, key=lambda code: [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", code)])


def evidence_table(name: str, caption: str, evidence: Iterable[Evidence]) -> DataTable:
    """Return evidence as a table."""
    rows = tuple(evidence_row(e) for e in evidence)
    return DataTable(name=name, caption=caption, columns=EVIDENCE_COLUMNS, rows=rows)


def rows_words(evidence: Iterable[Evidence], provenance: Provenance) -> str:
    """Return which rows of which files stand behind the evidence, empty if none are named."""
    said = []
    for e in evidence:
        by_file: dict[str, list[int]] = {}
        for row in e.rows[:ROWS_SHOWN]:
            file, place = provenance.located(e.table, row)
            by_file.setdefault(file or e.table, []).append(place)
        named = [f"{file} {_rows(places)}" for file, places in by_file.items()]
        more = [f"{e.n_rows - ROWS_SHOWN:,} more"] if e.n_rows > ROWS_SHOWN and named else []
        said.append(listing([*named, *more], most=6))
    return "; ".join(dict.fromkeys(filter(None, said)))


def _rows(places: Sequence[int]) -> str:
    return f"{'row' if len(places) == 1 else 'rows'} {', '.join(str(p) for p in places)}"


def finding_anchor(place: int) -> str:
    """Return where the finding at `place` (from 0) stands in the report."""
    return f"finding-{place + 1}"


def first_of(findings: Sequence[Finding], most: int) -> list[Finding]:
    """Return the findings that stand in front: no fact twice, though two diagnostics rest on it."""
    by_fact: dict[tuple[str, str], Finding] = {}
    for place, finding in enumerate(findings):
        first = finding.evidence[0] if finding.evidence else None
        by_fact.setdefault((first.table, first.measure) if first else ("", str(place)), finding)
    return list(by_fact.values())[:most]


def in_order_of_repair(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings as a plan takes them up: by step, the most severe first within a step.

    METHOD FIX-1..4 with CX-13 and CX-14. A finding without a remedy asks for nothing.
    """
    asked = [finding for finding in findings if finding.remedy]
    return sorted(asked, key=lambda finding: ORDER.index(finding.step))


def decisions(findings: Sequence[Finding], most: int) -> list[Finding]:
    """Return the findings whose remedies are asked for first, in the order of repair and each remedy once.

    The severe and moderate ones; the others only where those do not fill the list.
    """
    weighty = [f for f in findings if f.severity in ("severe", "moderate")]
    others = [f for f in findings if f.severity not in ("severe", "moderate")]
    asked: dict[str, Finding] = {}
    for finding in (*in_order_of_repair(weighty), *in_order_of_repair(others)):
        asked.setdefault(finding.remedy, finding)
    return list(asked.values())[:most]


def steps_data(steps: Iterable[Recommendation]) -> list[dict[str, Any]]:
    """Return the order of repair as plain values: why each step stands there, and what holds it back."""
    return [
        {
            "place": step.place,
            "step": step.step,
            "remedy": step.remedy,
            "worst": step.findings[0].severity,
            "findings": list(dict.fromkeys(f.code for f in step.findings)),
            "reason": step.reason,
            "waits_for": list(dict.fromkeys(f.code for f in step.waits_for)),
        }
        for step in steps
    ]


def gates_data(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the gate of each process as plain values; `passes` is null where it is not known."""
    return [
        {
            "process": str(row["process"]),
            "module": None if pd.isna(row["module"]) else str(row["module"]),
            "live": None if pd.isna(row["live"]) else pd.Timestamp(row["live"]).date().isoformat(),
            "passes": None if pd.isna(row["passes"]) else bool(row["passes"]),
            "why": row["why"],
        }
        for row in table.to_dict("records")
    ]


def bands_words() -> str:
    """Return the bands as a sentence."""
    upper = 100.0
    said = []
    for limit, word in BANDS:
        said.append(f"{word} {limit:.0f} to {upper:.0f}")
        upper = limit
    return ", ".join(said)


def finding_data(finding: Finding, with_margin: bool) -> dict[str, Any]:
    """Return a finding as plain values; `with_margin` only for the internal copy."""
    data: dict[str, Any] = {
        "code": finding.code,
        "title": title_of(finding.code),
        "severity": finding.severity,
        "statement": finding.statement,
        "remedy": finding.remedy,
        "side": finding.side,
        "step": finding.step,
        "about": None if finding.about is None else list(finding.about),
        "lever": finding.lever,
        "commitments": finding.commitments,
        "evidence": [evidence_data(e) for e in finding.evidence],
    }
    return data | ({"margin": finding.margin} if with_margin else {})


def evidence_data(evidence: Evidence) -> dict[str, Any]:
    """Return a piece of evidence as plain values."""
    return {
        "measure": evidence.measure,
        "value": evidence.value,
        "unit": evidence.unit,
        "expected": evidence.expected,
        "low": evidence.low,
        "high": evidence.high,
        "n": evidence.n,
        "period": None
        if evidence.period is None
        else [evidence.period.start.isoformat(), evidence.period.end.isoformat()],
        "table": evidence.table,
        "grade": evidence.grade,
        "score": evidence.score,
        "rows": list(evidence.rows),
        "n_rows": evidence.n_rows,
        "reason": evidence.reason,
    }


def assessed_counts(assessment: Assessment) -> tuple[int, int]:
    """Return how many diagnostics have a value, and how many there are.

    Those of areas that weigh nothing (rescue or switch, which is drawn from the others) are not
    counted, so that every copy and the terminal give the same numbers; unless there are no others.
    """
    weigh = [s for code, s in assessment.scores.items() if assessment.weights.areas.get(area_of(code), 1.0)]
    counting = weigh or list(assessment.scores.values())
    return sum(score.value is not None for score in counting), len(counting)
