"""How does each score come about?"""

from __future__ import annotations

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.rule_source import rule_source
from workbench.reports import parts
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Bullets, Column, DataTable, Detail, Heading, Prose
from workbench.wording import ANSWERS, figure

SCORE_COLUMNS = (
    Column(name="code", label="Code"),
    Column(name="title", label="What a healthy client shows"),
    Column(name="score", label="Score", type="number", decimals=0),
    Column(name="low", label="Worst", type="number", decimals=0),
    Column(name="high", label="Best", type="number", decimals=0),
    Column(name="evidenced", label="Evidence at hand", type="number", unit="fraction", decimals=0),
    Column(name="grade", label="Grade"),
    Column(name="weight", label="Weight", type="number"),
    Column(name="rule", label="The rule comes from"),
)


@section(
    "scores", title="How each score comes about", order=80,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def scores(assessment: Assessment, parameters: Parameters) -> Content:
    """Show weights, scales and intervals: enough to compute every score by hand."""
    blocks: list[AnyBlock] = [
        Prose.of(
            "A score is the weighted mean of what is known, from 0 to 100. Three doubts are kept apart: the "
            "bounds (worst and best) take every missing piece of evidence at 0 and at 100; an interval is "
            "what the sample leaves open; weights are conventions and stand beside each score."
        ),
        Bullets.of(
            [
                f"Bands: {parts.bands_words()}. They are named from the bounds, not from the middle.",
                "Grades: measured from system data; documented and checked by a person; from answers; assumed. That "
                "of a score is the best such that evidence so good or better holds half of the known weight.",
                "A score with nothing measured or documented behind it is shown as unevidenced.",
                "The measures and scales behind each score are in the HTML report, in the workbook and in JSON.",
                "The rules come from practitioners' articles, most of them by sellers of advice, software or "
                "outsourcing; each is named beside its score.",
            ]
        ),
    ]
    for area in sorted(assessment.areas):
        codes = parts.in_order(c for c in assessment.scores if parts.area_of(c) == area)
        blocks += _area(assessment, area, codes)
    data = {code: parts.score_data(score) for code, score in sorted(assessment.scores.items())}
    return Content(blocks, {"scores": data})


def _area(assessment: Assessment, area: str, codes: list[str]) -> list[AnyBlock]:
    rows = []
    for code in codes:
        score = assessment.scores[code]
        grade = parts.GRADE_WORDS[score.grade] if score.grade else ""
        rows.append(
            (code, parts.title_of(code), score.value, score.low, score.high, score.evidenced, grade,
             assessment.weights.of(CHECKS.by_name[code]), rule_source(code))
        )  # fmt: skip
    score = assessment.areas[area]
    table = DataTable(
        name=f"scores {area}",
        caption=f"Diagnostics of {area}",
        columns=SCORE_COLUMNS,
        rows=tuple(rows),
        shown=100,
    )
    evidence = _scales(assessment, codes)
    detail = [
        Detail(
            summary="Measures and scales",
            on_screen_only=True,
            blocks=(
                DataTable(
                    name=f"scales {area}",
                    caption=f"Measures and scales of {area}",
                    columns=(
                        Column(name="code", label="Code"),
                        Column(name="measure", label="Measure"),
                        Column(name="value", label="Found"),
                        Column(name="zero", label="Scores 0 at"),
                        Column(name="hundred", label="Scores 100 at"),
                        Column(name="score", label="Score", type="number", decimals=0),
                        Column(name="weight", label="Weight", type="number"),
                        Column(name="source", label="Source of the scale"),
                    ),
                    rows=tuple(evidence),
                    shown=200,
                    note="Answers: 1 of 5 scores 0, 5 of 5 scores 100; their share in a score is ours."
                    if any(row[3] == "" for row in evidence)
                    else "",
                ),
            ),
        )
    ]
    return [
        Heading(text=f"{parts.area_title(area)}: {parts.score_text(score)} ({parts.bounds_words(score)})"),
        table,
        *(detail if evidence else []),
    ]


def _scales(assessment: Assessment, codes: list[str]) -> list[tuple[object, ...]]:
    return [
        (
            code,
            e.measure,
            figure(e.value, e.unit),
            *(
                (figure(e.scale.zero, e.unit), figure(e.scale.hundred, e.unit))
                if e.unit != ANSWERS
                else ("", "")
            ),
            e.score,
            e.weight,
            e.scale.source if e.unit != ANSWERS else "",
        )
        for code in codes
        for e in assessment.verdicts[code].evidence
        if e.scale is not None
    ]
