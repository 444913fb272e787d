"""Which of the five failure modes is it, and whose part is it?

METHOD section 18 names for each mode a cause on the vendor's side, one on the buyer's, and a prevention.
FM-G3: responsibility is often shared, so both sides are scored: by what was measured of the cause of
each, and by the answers to the questions that ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.evidence import RANKS, missing
from workbench.diagnostics.finding import Evidence, Finding, Score, Verdict
from workbench.diagnostics.questions import ANSWER_SCALE, SIDES, survey_evidence
from workbench.diagnostics.scoring import score

NOT_MEASURED = ("survey", "owner_answer")
"""Tables of answers; what they hold enters a side's score as answers, and not a second time as measured."""


@dataclass(frozen=True)
class Cause:
    """What one side contributes to a failure mode.

    Attributes
    ----------
    words : the cause, as METHOD section 18 has it.
    questions : items of questions.csv that ask for it, and for nothing else.
    measured : (diagnostic, beginning of a measure): evidence that shows it; "" takes all that is scored.
    """

    words: str
    questions: tuple[str, ...]
    measured: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class FailureMode:
    """One of the five failure modes with its detectors and both sides' causes (METHOD section 18)."""

    code: str
    title: str
    detectors: tuple[str, ...]
    vendor: Cause
    buyer: Cause
    prevention: str

    def sides(self) -> tuple[tuple[str, Cause], ...]:
        """Return each side with its cause, the vendor first as METHOD does."""
        return (("vendor", self.vendor), ("buyer", self.buyer))


MODES = (
    FailureMode(
        "FM-1", "Talent mismatch", ("FM-1", "VIS-6"),
        # FMV-1 and FM-1: demonstration against hires, and who leaves within 90 days
        Cause("the team shown is not the team that works", ("FMV-1", "FM-1"), (("FM-1", ""),)),
        # SEL-P6: whether the pipeline was tested stands in no table; only those who were there can say
        Cause("the hiring pipeline was never tested", ("SEL-P6",)),
        "test the pipeline before signature",
    ),
    FailureMode(
        "FM-2", "High escalation rates", ("FM-2", "HC-6", "HC-3"),
        # FMV-2: the ramp against complexity; HC-3: calibration and coaching are the loops of quality
        Cause("training and quality loops are thin", ("FMV-2", "HC-3"),
              (("HC-6", "escalation of complex contacts by agents under"), ("VIS-2", ""), ("HC-3", ""))),
        # FMB-1: hours of transfer held of those planned
        Cause("knowledge was handed over too fast", ("FMB-1",), (("FM-2", "planned hours of knowledge transfer"),)),
        "structured onboarding and calibration of quality",
    ),
    FailureMode(
        "FM-3", "Service level met, customers not", ("VMF-3", "VMF-8", "FM-G4"),
        # FMV-3: repeats grow and matters stay open while the clock is met
        Cause("works for the clock", ("FMV-3",), (("VMF-3", ""), ("VMF-8", ""))),
        # FMB-4 and HC-7: how much of fee or scorecard is an outcome
        Cause("measures that are not outcomes", ("FMB-4", "HC-7"), (("HC-7", ""),)),
        "outcome-based measures",
    ),
    FailureMode(
        "FM-4", "The same problems again", ("FM-4", "VMF-11", "VL-4"),
        # FMV-4: escalations closed by the vendor, improvements born of them
        Cause("reacts and passes back", ("FMV-4",), (("FMV-4", ""),)),
        # FMB-3 and HC-1: one accountable person, whom both sides name
        Cause("nobody owns governance", ("FMB-3", "HC-1"), (("HC-1", ""),)),
        "a dedicated vendor manager",
    ),
    FailureMode(
        "FM-5", "Cost overruns", ("FM-5", "HC-5", "VMF-2"),
        # SC-1q: rework and management drag in the capacity that is paid; that VMF-2 measures it is ours
        Cause("the workflow is inefficient", ("SC-1q",), (("VMF-2", "handle time spent on"),)),
        # FMB-2 and HC-5: the mix of complexity and the handle time against the contract's
        Cause("complexity was under-scoped", ("FMB-2", "HC-5"), (("HC-5", ""),)),
        "a detailed scope with modelled volume",
    ),
)  # fmt: skip


@serves("FM-G3", "FIG-8", kind="rule")
def failure_modes(scores: Mapping[str, Score], findings: Sequence[Finding]) -> pd.DataFrame:
    """Return the five failure modes with the score of each.

    Returns
    -------
    DataFrame with code, mode, score (mean of its detectors), low, high, findings, worst and prevention.
    """
    rows = []
    for mode in MODES:
        known = [scores[code] for code in mode.detectors if code in scores]
        values = [score.value for score in known if score.value is not None]
        own = [f for f in findings if f.code in mode.detectors]
        rows.append(
            {
                "code": mode.code,
                "mode": mode.title,
                "score": sum(values) / len(values) if values else None,
                "low": sum(s.low for s in known) / len(known) if known else 0.0,
                "high": sum(s.high for s in known) / len(known) if known else 100.0,
                "findings": len(own),
                "worst": min((f.severity for f in own), key=RANKS.index, default=None),
                "prevention": mode.prevention,
            }
        )
    return pd.DataFrame(rows)


@serves("FM-G3", "FIG-8", kind="rule")
def two_sided(
    verdicts: Mapping[str, Verdict], findings: Sequence[Finding], answers: pd.DataFrame | None
) -> pd.DataFrame:
    """Return both sides' part in each failure mode, scored from what was measured of its cause and from answers.

    Answers weigh beside what is measured as they do everywhere (SURVEY_SHARE); where nothing measures the
    cause they stand alone. What was not delivered leaves the bounds open.

    Returns
    -------
    DataFrame with code, mode, side, cause, score, low, high (0 to 100, 100: the cause is absent), measured (of the
    measured evidence alone), measured_by (codes), answers (mean of all who answered, as 0 to 100), n_answers, and
    findings (codes on this side or both, of the mode's detectors and of what measures the cause).
    """
    rows = []
    for mode in MODES:
        for side, cause in mode.sides():
            parts = tuple(_measured(cause, verdicts))
            weight = sum(part.weight for _, part in parts) or 1.0
            asked = survey_evidence(cause.questions, answers, weight)
            whole = score(mode.code, (*(part for _, part in parts), *asked))
            value, n = _answered(answers, cause.questions)
            looked_at = {*mode.detectors, *(code for code, _ in cause.measured)}
            mine = [f for f in findings if f.code in looked_at and f.side in (side, "both")]
            rows.append(
                {
                    "code": mode.code,
                    "mode": mode.title,
                    "side": side,
                    "cause": cause.words,
                    "score": whole.value,
                    "low": whole.low,
                    "high": whole.high,
                    "measured": score(mode.code, [part for _, part in parts]).value,
                    "measured_by": tuple(dict.fromkeys(c for c, part in parts if part.score is not None)),
                    "answers": value,
                    "n_answers": n,
                    "findings": tuple(dict.fromkeys(f.code for f in mine)),
                }
            )
    return pd.DataFrame(rows)


def _measured(cause: Cause, verdicts: Mapping[str, Verdict]) -> Iterator[tuple[str, Evidence]]:
    """Return the evidence on a cause with the code of its diagnostic; missing where it was not delivered."""
    for code, start in cause.measured:
        verdict = verdicts.get(code)
        if verdict is not None and verdict.not_applicable:
            continue
        parts = [
            e for e in (verdict.evidence if verdict else ())
            if e.measure.startswith(start) and e.weight > 0 and e.table not in NOT_MEASURED
        ]  # fmt: skip
        yield from ((code, part) for part in parts)
        if not parts:
            yield code, missing(start or code, "", table="", reason=f"{code} was not assessed")


def _answered(answers: pd.DataFrame | None, items: Sequence[str]) -> tuple[float | None, int]:
    if answers is None:
        return None, 0
    given = answers[answers["item_id"].isin(items) & answers["answer"].notna() & answers["side"].isin(SIDES)]
    return (ANSWER_SCALE.score(float(given["answer"].mean())) if len(given) else None), len(given)


PREVENTIONS = {
    "evaluate vendors properly": ("FM-1",),
    "scope realistically": ("HC-5", "FM-5"),
    "build strong governance": ("HC-2", "GOV-5", "GOV-13"),
}
"""What shows each prevention (METHOD FM-G5). Whether the hiring pipeline was tested (SEL-P6) is part of FM-1."""


@serves("FM-G5", kind="rule")
def prevention_plan(scores: Mapping[str, Score]) -> pd.DataFrame:
    """Return the three preventions with the score of what shows them, None where nothing does.

    Returns
    -------
    DataFrame with prevention, score, n, known and lacking (codes of the items with a score, and of those without).
    """
    rows = []
    for prevention, codes in PREVENTIONS.items():
        values = {c: scores[c].value for c in codes if c in scores}
        known = {c: v for c, v in values.items() if v is not None}
        rows.append(
            {
                "prevention": prevention,
                "score": sum(known.values()) / len(known) if known else None,
                "n": len(known),
                "known": tuple(known),
                "lacking": tuple(c for c in codes if c not in known),
            }
        )
    return pd.DataFrame(rows)
