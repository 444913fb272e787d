"""What did people say to the computed scores and findings?"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.judgements import Judged, Judgement, judged
from workbench.reports import parts
from workbench.reports.assessed import judged_data
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import CLIENT_FACING, INTERNAL, AnyBlock, Bullets, Column, DataTable, Prose

VERBS = {"accept": "accepted", "dispute": "disputed", "override": "overridden"}

COLUMNS = (
    Column(name="code", label="Code"),
    Column(name="what", label="What was judged"),
    Column(name="computed", label="Computed"),
    Column(name="judged", label="Judged"),
    Column(name="verdict", label="Verdict"),
    Column(name="author", label="By"),
    Column(name="date", label="On"),
    Column(name="reason", label="Because"),
    Column(name="evidence", label="Document"),
)

NOTES = frozenset({"author", "reason", "evidence"})
"""What a client's copy does not hold of a judgement."""


@section(
    "judgements", title="Accepted, disputed, overridden", order=23,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def judgements(assessment: Assessment, parameters: Parameters) -> Content:
    """Show each judgement beside the computed value, earlier judgements too; nothing computed changes.

    Who judged, why, and on which document is for the account team alone.
    """
    said = judged(assessment)
    if not said:
        return Content([])
    blocks: list[AnyBlock] = [
        Prose.of(
            "A judgement replaces no computed figure: both stand here. The latest on a matter counts; "
            "what was said before stays below it."
        )
    ]
    with_notes = parameters.audience not in CLIENT_FACING
    rows = tuple(_rows(said))
    if rows:
        places = [place for place, column in enumerate(COLUMNS) if with_notes or column.name not in NOTES]
        blocks.append(
            DataTable(
                name="judgements", caption="Judgements", columns=tuple(COLUMNS[place] for place in places),
                rows=tuple(tuple(row[place] for place in places) for row in rows), shown=200,
            )
        )  # fmt: skip
    if said.total.value != assessment.total.value:
        blocks.append(
            Prose.of(
                f"With every override the whole would score {parts.score_text(said.total)} "
                f"({parts.bounds_words(said.total)}); as computed it scores "
                f"{parts.score_text(assessment.total)} ({parts.bounds_words(assessment.total)})."
            )
        )
    if said.mistakes:
        blocks.append(Bullets.of(said.mistakes).model_copy(update={"audience": INTERNAL}))
    return Content(blocks, {"judgements": judged_data(said, with_notes)})


def _rows(said: Judged) -> Iterator[tuple[object, ...]]:
    for score in said.scores:
        computed = parts.score_text(score.computed)
        for judgement in (score.standing, *score.earlier):
            given = "" if judgement.score is None else f"{judgement.score:.0f}"
            yield _row(score.computed.code, "score", computed, given, judgement)
    for finding in said.findings:
        severity = "no finding" if finding.computed is None else finding.computed.severity
        for judgement in (finding.standing, *finding.earlier):
            yield _row(finding.code, finding.measure, severity, judgement.severity or "", judgement)


def _row(code: str, what: str, computed: str, given: str, judgement: Judgement) -> tuple[object, ...]:
    return (
        code, what, computed, given, VERBS[judgement.verdict], judgement.author,
        judgement.date.isoformat(), judgement.reason, judgement.evidence_ref,
    )  # fmt: skip
