"""What does the whole folder say? Runs every diagnostic for which any evidence exists.

A diagnostic that cannot run is listed with its reason and enters the scores of its area and client
as anything from 0 to 100. It never vanishes and never scores zero.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pandas as pd

from workbench.diagnostics.diagnostic import CHECKS, Diagnostic
from workbench.diagnostics.evidence import RANKS, missing
from workbench.diagnostics.finding import Evidence, Finding, Lack, Score, Verdict
from workbench.diagnostics.log_ends import where_logs_end
from workbench.diagnostics.questions import OWNER_ANSWERS, survey_evidence
from workbench.diagnostics.scoring import combine, score
from workbench.errors import CallError, UnknownName, WorkbenchError
from workbench.intake.dataset import Dataset
from workbench.intake.days import ANSWERED
from workbench.intake.delivered import lost, why_not_there
from workbench.intake.spec import table_specs
from workbench.once import remembering


@dataclass(frozen=True)
class Weights:
    """How much areas and diagnostics count; 1 where nothing is said."""

    areas: Mapping[str, float] = field(default_factory=dict)
    diagnostics: Mapping[str, float] = field(default_factory=dict)
    consistency_ratio: float | None = None
    """Of the pairwise comparisons from which the weights of areas follow; None where they were given directly."""

    def __post_init__(self) -> None:
        for name, weight in [*self.areas.items(), *self.diagnostics.items()]:
            if not weight >= 0:
                raise CallError(f"The weight of {name} is {weight}. A weight is a number from 0 upwards.")

    def of(self, declared: Diagnostic) -> float:
        """Return the weight of a diagnostic within its area."""
        return self.diagnostics.get(declared.code, declared.weight)

    def refuse_unknown(self) -> None:
        """Raise UnknownName for an area or a diagnostic that does not exist."""
        known_areas = {declared.area for declared in CHECKS}
        for area in self.areas:
            if area not in known_areas:
                raise UnknownName("area", area, known_areas)
        for code in self.diagnostics:
            CHECKS.get(code)


@dataclass(frozen=True)
class Assessment:
    """All that was found in one client's folder.

    Attributes
    ----------
    scores : by diagnostic code, those not assessed included (value None, bounds 0 and 100).
    areas, total : weighted means of them.
    verdicts : by code, with the answers among the evidence.
    findings : the most severe first.
    not_assessed : the reason, by code.
    not_applicable : why an item does not concern this client, by code; it enters no score.
    """

    dataset: Dataset
    scores: Mapping[str, Score]
    areas: Mapping[str, Score]
    total: Score
    verdicts: Mapping[str, Verdict]
    findings: tuple[Finding, ...]
    not_assessed: Mapping[str, str]
    not_applicable: Mapping[str, str] = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)


BEFORE_CONTRACT = "before contract: only a running partnership can show it"


def assess(dataset: Dataset, only: Iterable[str] | None = None, weights: Weights | None = None) -> Assessment:
    """Run the diagnostics on `dataset` (all of them, or those in `only`) and score the result.

    Raises
    ------
    UnknownName
        if `only` or `weights` names a diagnostic or area that does not exist.
    """
    chosen = [CHECKS.get(code) for code in only] if only is not None else list(CHECKS)
    weights = weights or Weights()
    weights.refuse_unknown()
    with remembering(), _what_was_there_left_alone():
        verdicts = {declared.code: run(declared, dataset) for declared in chosen}
    return compose(dataset, verdicts, weights)


@contextmanager
def _what_was_there_left_alone() -> Iterator[None]:
    """Keep the garbage collector from going through all older objects again and again, a tenth of the time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def compose(dataset: Dataset, verdicts: Mapping[str, Verdict], weights: Weights) -> Assessment:
    """Return the assessment that `verdicts` (by code) amount to under `weights`."""
    scores = {code: score(code, verdict.evidence) for code, verdict in verdicts.items()}
    areas = area_scores(scores, verdicts, weights)
    findings = [finding for verdict in verdicts.values() for finding in verdict.findings]
    return Assessment(
        dataset=dataset,
        scores=scores,
        areas=areas,
        total=total_score(areas, verdicts, weights),
        verdicts=verdicts,
        findings=tuple(sorted(findings, key=_weightiest_first)),
        not_assessed={
            code: s.reason
            for code, s in scores.items()
            if s.value is None and not verdicts[code].not_applicable
        },
        not_applicable={code: v.not_applicable for code, v in verdicts.items() if v.not_applicable},
        weights=weights,
    )


def area_scores(
    scores: Mapping[str, Score], verdicts: Mapping[str, Verdict], weights: Weights
) -> dict[str, Score]:
    """Return the score of each area from those of its diagnostics, by code."""
    members: dict[str, list[tuple[float, Score]]] = {}
    for code, one in scores.items():
        declared = CHECKS.get(code)
        members.setdefault(declared.area, []).append((counted_weight(weights, declared, verdicts), one))
    return {area: combine(area, parts) for area, parts in members.items()}


def total_score(areas: Mapping[str, Score], verdicts: Mapping[str, Verdict], weights: Weights) -> Score:
    """Return the score of a client from those of its areas; one in which nothing applies does not count."""
    applying = {CHECKS.get(code).area for code, verdict in verdicts.items() if verdict.evidence}
    parts = [(weights.areas.get(area, 1.0), one) for area, one in areas.items() if area in applying]
    return combine("total", parts)


def run(declared: Diagnostic, dataset: Dataset) -> Verdict:
    """Return the verdict of one diagnostic, the answers of both sides among its evidence."""
    if _not_yet(declared, dataset):
        return Verdict((), not_applicable=BEFORE_CONTRACT)
    lacking = [name for name in declared.needs if not dataset.usable(name)]
    if lacking:
        reason = "needs " + ", ".join(_why(dataset, name) for name in lacking)
        verdict = Verdict(
            (missing(declared.title, "", table=lacking[0], reason=reason, lack=Lack(tables=tuple(lacking))),)
        )
    else:
        arguments: dict[str, object] = {name: dataset.tables[name] for name in declared.needs}
        for name in declared.optional:
            arguments[name] = dataset.tables[name] if dataset.usable(name) else None
        for name in declared.reserved:
            arguments[name] = _reserved(dataset, name)
        try:
            verdict = where_logs_end(declared.assess(**arguments), dataset)
        except WorkbenchError as error:  # these data do not carry the figure: this one check is not assessed
            table, reason = _looked_at(declared, dataset), _because(error)
            verdict = Verdict((missing(declared.title, "", table=table, reason=reason),))
        except Exception as error:
            error.add_note(f"while assessing {declared.code} of client {dataset.client.id}")
            raise
    return verdict if verdict.not_applicable else _with_answers(declared, verdict, dataset)


def _not_yet(declared: Diagnostic, dataset: Dataset) -> bool:
    """Return whether only a running partnership can show it, and neither tables nor answers are there (HC-10)."""
    if dataset.client.mode != "pre-contract":
        return False
    specs = table_specs()
    waits = [n for n in declared.needs if specs[n].only_running and not dataset.usable(n)]
    others = [n for n in declared.optional if n != "survey"]
    nothing = bool(others) and all(specs[n].only_running and not dataset.usable(n) for n in others)
    if not waits and (declared.needs or not nothing):
        return False
    answers = _reserved_answers(dataset)
    return answers is None or not answers["item_id"].isin(items_of(declared)).any()


def _with_answers(declared: Diagnostic, verdict: Verdict, dataset: Dataset) -> Verdict:
    named = sum(e.weight for e in verdict.evidence if e.table == OWNER_ANSWERS)
    measured = (sum(e.weight for e in verdict.evidence) - named) or 1.0
    beside = 0.5 if named else 1.0  # owners named are the other half of what answers weigh
    answers = survey_evidence(items_of(declared), _reserved_answers(dataset), beside * measured)
    return replace(verdict, evidence=_as_it_came((*verdict.evidence, *answers), dataset))


def _as_it_came(evidence: tuple[Evidence, ...], dataset: Dataset) -> tuple[Evidence, ...]:
    """Return `evidence` where what is missing because its file could not be read says so."""
    if lost(dataset).empty:
        return evidence
    told = []
    for part in evidence:
        why = why_not_there(dataset, part.table) if part.value is None else ""
        if why and part.table in ANSWERED:
            part = replace(part, reason=why)
        elif why and why not in part.reason:
            part = replace(part, reason=f"{part.reason} ({part.table}: {why})")
        told.append(part)
    return tuple(told)


def items_of(declared: Diagnostic) -> tuple[str, ...]:
    """Return the items whose answers inform a diagnostic: its own, and those that no other one is named after."""
    return (declared.code, *(item for item in declared.also if item not in CHECKS.by_name))


def answered(
    assessment: Assessment, survey: pd.DataFrame, owner_answer: pd.DataFrame | None = None
) -> Assessment:
    """Return the assessment as it is with the answers in `survey`, and the owners named if given.

    Only diagnostics that read answers themselves run again; of the others the answers are exchanged.
    """
    dataset = assessment.dataset.with_table("survey", survey)
    if owner_answer is not None:
        dataset = dataset.with_table(OWNER_ANSWERS, owner_answer)
    with remembering():
        verdicts = {code: _answered(assessment, code, dataset) for code in assessment.verdicts}
    return compose(dataset, verdicts, assessment.weights)


def _answered(assessment: Assessment, code: str, dataset: Dataset) -> Verdict:
    """Return the verdict of one diagnostic with the answers in `dataset`."""
    declared, verdict = CHECKS.get(code), assessment.verdicts[code]
    read = {*declared.needs, *declared.optional, *declared.reserved}
    if read & {"survey", OWNER_ANSWERS, "answers", "dataset"}:
        return run(declared, dataset)
    if verdict.not_applicable:
        return verdict
    kept = tuple(e for e in verdict.evidence if e.table != "survey")
    return _with_answers(declared, replace(verdict, evidence=kept), dataset)


def _weightiest_first(finding: Finding) -> tuple[int, bool, bool, int, str, str]:
    """Order findings by severity, then what bypasses the order of repair, then measured, by what it touches."""
    first = finding.evidence[0]
    return (
        RANKS.index(finding.severity),
        finding.step != "bypass",
        first.grade != "M",
        -first.n,
        finding.code,
        finding.statement,
    )


def counted_weight(weights: Weights, declared: Diagnostic, verdicts: Mapping[str, Verdict]) -> float:
    """Return the weight of a diagnostic; 0 where it does not apply to this client."""
    return weights.of(declared) if verdicts[declared.code].evidence else 0.0


def _looked_at(declared: Diagnostic, dataset: Dataset) -> str:
    """Return the first table that a diagnostic reads of those that came."""
    read = (*declared.needs, *declared.optional, *dataset.tables)
    return next((name for name in read if dataset.usable(name)), "contacts")


def _because(error: WorkbenchError) -> str:
    """Return the reason that an error gives, as it stands behind "not assessed, because"."""
    return f"it cannot be worked out of these data: {str(error).strip().rstrip('.')}"


def _why(dataset: Dataset, name: str) -> str:
    why = why_not_there(dataset, name)
    return f"{name} ({why})" if why else name


def _reserved(dataset: Dataset, name: str) -> object:
    match name:
        case "client":
            return dataset.client
        case "period":
            return dataset.period
        case "problems":
            return dataset.problems
        case "answers":
            return _reserved_answers(dataset)
        case _:
            return dataset


def _reserved_answers(dataset: Dataset) -> pd.DataFrame | None:
    return dataset.tables.get("survey")
