"""What could not be assessed, why, and what would it take?"""

from __future__ import annotations

from workbench.diagnostics.assess import Assessment, narrowing
from workbench.reports import parts
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Prose
from workbench.wording import counted


@section(
    "not assessed", title="What was not assessed, and why", order=50,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def not_assessed(assessment: Assessment, parameters: Parameters) -> Content:
    """List every diagnostic without evidence with its reason, and the tables that would help most."""
    reasons = assessment.not_assessed
    if not reasons:
        data = {"not_assessed": {}, "narrowing": narrowing_data(assessment)}
        return Content([Prose.of("Every diagnostic of this review had evidence.")], data)
    blocks: list[AnyBlock] = [
        Prose.of(
            f"{counted(len(reasons), 'diagnostic')} of {len(assessment.scores)} had no evidence. Each counts "
            "as anything from 0 to 100 in the bounds of its area and of the whole: unknown is not zero."
        )
    ]
    tables = [(table, points) for table, points in narrowing(assessment) if points >= 0.05]
    if tables:
        blocks.append(
            DataTable(
                name="narrowing",
                caption="What would narrow the score most",
                columns=(
                    Column(name="table", label="Table"),
                    Column(
                        name="points", label="Points of the bounds it leaves open", type="number", decimals=1
                    ),
                ),
                rows=tuple(tables),
                note="A diagnostic that waits for two tables counts for each of them, so the points do not add up.",
                shown=12,
            )
        )
    rows = [
        (code, parts.title_of(code), parts.area_of(code), reason)
        for code, reason in sorted(reasons.items(), key=lambda item: (parts.area_of(item[0]), item[0]))
    ]
    blocks.append(
        DataTable(
            name="not assessed",
            caption="Not assessed",
            columns=(
                Column(name="code", label="Code"),
                Column(name="title", label="What a healthy client shows"),
                Column(name="area", label="Area"),
                Column(name="reason", label="Why not"),
            ),
            rows=tuple(rows),
            shown=200,
        )
    )
    return Content(blocks, {"not_assessed": dict(reasons), "narrowing": narrowing_data(assessment)})


def narrowing_data(assessment: Assessment) -> list[dict[str, object]]:
    """Return by how many points each table would narrow the bounds of the score, most first."""
    return [{"table": table, "points": points} for table, points in narrowing(assessment) if points >= 0.05]
