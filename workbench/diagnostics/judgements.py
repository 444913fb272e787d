"""What do people say to a computed finding or score, and what follows from it?

judgements.yaml in the client's folder accepts, disputes or overrides. A judgement changes no computed
figure: both values are shown, for ever, with reason, author and date. The latest judgement on a thing
stands; the earlier ones stay visible beside it.

    format: 1
    judgements:
      - {code: HC-2, verdict: override, score: 70, reason: minutes of four meetings found, author: A. Lind,
         date: 2024-07-02, evidence_ref: minutes June}
      - {code: GOV-1, finding: daily meetings held as planned, verdict: dispute, reason: public holidays,
         author: B. Sole, date: 2024-07-03}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workbench.diagnostics.assess import Assessment, area_scores, total_score
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Finding, Score, Severity
from workbench.errors import suggestion
from workbench.intake.yaml_file import parsed

FILE_NAME = "judgements.yaml"

JudgedSeverity = Literal["severe", "moderate", "minor", "note", "none"]
"""As of a finding; none: there is nothing to act on."""


class Judgement(BaseModel):
    """What one person says to one score or finding."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(min_length=1)
    """The diagnostic: HC-2."""
    finding: str = ""
    """The measure of the finding, as its evidence calls it; empty: the score of the diagnostic."""
    verdict: Literal["accept", "dispute", "override"]
    score: float | None = Field(None, ge=0, le=100)
    """Of an override without a finding: the judged score."""
    severity: JudgedSeverity | None = None
    """Of an override with a finding: the judged severity."""
    reason: str = Field(min_length=1)
    author: str = Field(min_length=1)
    date: date
    evidence_ref: str = ""
    """The document behind it; with one an override counts as documented, else as assumed."""

    @model_validator(mode="after")
    def _says_what_it_overrides(self) -> Judgement:
        wanted, other = ("severity", "score") if self.finding else ("score", "severity")
        given = getattr(self, wanted) is not None
        if self.verdict == "override" and not given:
            raise ValueError(f"an override of a {'finding' if self.finding else 'score'} needs a {wanted}")
        if self.verdict != "override" and (given or getattr(self, other) is not None):
            raise ValueError(f"only an override has a score or a severity; this is to {self.verdict}")
        if getattr(self, other) is not None:
            raise ValueError(f"{other} does not go with {'a finding' if self.finding else 'a score'}")
        return self


@dataclass(frozen=True)
class JudgedScore:
    """A computed score, and what was said to it: the standing judgement and the earlier ones, latest first."""

    computed: Score
    judged: float | None
    """The score of a standing override; None where the computed one is not replaced."""
    standing: Judgement
    earlier: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class JudgedFinding:
    """A computed finding, and what was said to it.

    `computed` is None where the finding has gone since it was judged.
    """

    code: str
    measure: str
    computed: Finding | None
    judged: Severity | Literal["none"] | None
    standing: Judgement
    earlier: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class Judged:
    """An assessment as people judged it; the computed one is untouched beside it.

    Attributes
    ----------
    areas, total : with every standing override of a score in place of the computed value.
    mistakes : what in judgements.yaml could not be used, in sentences.
    """

    scores: tuple[JudgedScore, ...]
    findings: tuple[JudgedFinding, ...]
    areas: Mapping[str, Score]
    total: Score
    mistakes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.scores or self.findings or self.mistakes)


def read_judgements(content: object) -> tuple[tuple[Judgement, ...], tuple[str, ...]]:
    """Return the judgements in what judgements.yaml says, and a sentence on each entry that is none.

    An entry that cannot be used leaves the others; nothing is dropped in silence.
    """
    if content is None:
        return (), ()
    if not isinstance(content, Mapping) or not isinstance(content.get("judgements", []), list | None):
        return (), (f"{FILE_NAME}: judgements has to be a list, each entry beginning with a dash.",)
    mistakes = [
        f'{FILE_NAME}: "{name}" is not used. {suggestion(str(name), ("format", "judgements"))}'
        for name in content
        if name not in ("format", "judgements")
    ]
    found = []
    for place, entry in enumerate(content.get("judgements") or [], start=1):
        where = f"{FILE_NAME} entry {place}"
        if not isinstance(entry, Mapping):
            mistakes.append(f"{where}: is not a judgement. Write {{code: HC-2, verdict: accept, …}}.")
            continue
        judgement, wrong = parsed(Judgement, _dated(entry), where)
        mistakes += wrong
        if judgement is not None and judgement.code not in CHECKS.by_name:
            mistakes.append(
                f'{where}: there is no diagnostic called "{judgement.code}". '
                f"{suggestion(judgement.code, CHECKS.names())}"
            )
        elif judgement is not None:
            found.append(judgement)
    return tuple(found), tuple(mistakes)


def judged(assessment: Assessment) -> Judged:
    """Return what the client's judgements.yaml says to `assessment`, both values side by side."""
    said, mistakes = read_judgements(assessment.dataset.extras.get("judgements"))
    lines = list(mistakes)
    scores, findings = [], []
    for (code, measure), group in _by_subject(said).items():
        if code not in assessment.scores:
            continue  # not part of what is shown here
        standing, earlier = group[0], tuple(group[1:])
        if not measure:
            value = standing.score if standing.verdict == "override" else None
            scores.append(JudgedScore(assessment.scores[code], value, standing, earlier))
            continue
        known = [e.measure for e in assessment.verdicts[code].evidence]
        if measure not in known:
            lines.append(
                f'{FILE_NAME}: {code} has no measure called "{measure}". {suggestion(measure, known)}'
            )
            continue
        computed = next(
            (f for f in assessment.findings if f.code == code and measure in (e.measure for e in f.evidence)),
            None,
        )
        changed = standing.severity if standing.verdict == "override" else None
        findings.append(JudgedFinding(code, measure, computed, changed, standing, earlier))
    replaced = {
        **assessment.scores,
        **{s.computed.code: _replaced(s) for s in scores if s.judged is not None},
    }
    areas = area_scores(replaced, assessment.verdicts, assessment.weights)
    total = total_score(areas, assessment.verdicts, assessment.weights)
    return Judged(tuple(scores), tuple(findings), areas, total, tuple(lines))


def _by_subject(judgements: Sequence[Judgement]) -> dict[tuple[str, str], list[Judgement]]:
    """Group by what is judged, the latest first; of one day, the one that stands further down."""
    groups: dict[tuple[str, str], list[Judgement]] = {}
    oldest_first = sorted(judgements, key=lambda judgement: judgement.date)
    for judgement in oldest_first[::-1]:
        groups.setdefault((judgement.code, judgement.finding), []).append(judgement)
    return dict(sorted(groups.items()))


def _replaced(judged_score: JudgedScore) -> Score:
    value = judged_score.judged
    assert value is not None
    return replace(
        judged_score.computed,
        value=value,
        low=value,
        high=value,
        sampling_low=value,
        sampling_high=value,
        grade="D" if judged_score.standing.evidence_ref else "A",
        reason="",
        evidenced=1.0,
        by_grade=(),
    )


def _dated(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry with its names as text and without what is left blank."""
    return {str(name): value for name, value in entry.items() if value not in (None, "")}
