"""What could not be assessed, why, and what would it take?"""

from __future__ import annotations

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.gaps import Gap, as_data, narrowing
from workbench.reports import parts
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Prose
from workbench.wording import counted, listing

LEAST = 0.05
"""What leaves fewer points open is not shown. [points of 100]"""


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
    gaps = _shown(assessment)
    if gaps:
        blocks.append(
            DataTable(
                name="narrowing",
                caption="What would narrow the score most",
                columns=(
                    Column(name="name", label="What is missing"),
                    Column(
                        name="points", label="Points of the bounds it leaves open", type="number", decimals=1
                    ),
                    Column(name="why", label="Why"),
                    Column(name="send", label="What would close it"),
                    Column(name="serves", label="Diagnostics that wait for it"),
                ),
                rows=tuple(
                    (gap.table, gap.points, gap.why, gap.send, listing(gap.serves, 6)) for gap in gaps
                ),
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


def _shown(assessment: Assessment) -> list[Gap]:
    return [gap for gap in narrowing(assessment) if gap.points >= LEAST]


def narrowing_data(assessment: Assessment) -> list[dict[str, object]]:
    """Return what is missing, why, what to send, and by how many points it would narrow the bounds, most first."""
    return [as_data(gap) for gap in _shown(assessment)]
