"""Where does the employee's way wait, and who answers for it?"""

from __future__ import annotations

from workbench.catalogue import serves
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Evidence
from workbench.diagnostics.lifecycle import HANDOFFS, STAGES
from workbench.diagnostics.seams import seams
from workbench.reports.declare import Content, section
from workbench.reports.figures_of_health import lifecycle
from workbench.reports.parameters import Parameters
from workbench.reports.section import Column, DataTable
from workbench.wording import figure, span

NOT_MEASURED = "not measured: "

ARROWS = tuple(f"HO-{number}" for number in range(1, 12))


@section(
    "lifecycle map", title="The lifecycle, stage by stage", order=15,
    reports=("operating_model_assessment", "partnership_health_review"),
)  # fmt: skip
@serves("FIG-1", kind="section")
def lifecycle_map(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show the twelve stages with the measured dwell on every arrow, and all seventeen handoffs."""
    scores = dict(assessment.scores)
    if all(scores[code].value is None for code in (*STAGES, *HANDOFFS) if code in scores):
        return Content(())
    judged_by = {other: d.code for d in CHECKS for other in d.also if other in HANDOFFS and d.code in scores}
    scores = {**scores, **{code: scores[by] for code, by in judged_by.items() if code not in scores}}
    stages = [(title, scores[code].value if code in scores else None) for code, title in STAGES.items()]
    known = seams(assessment)
    days = {seam.code: seam.dwell.value for seam in known}
    rows = tuple(
        (code, HANDOFFS[code].title, days[code], scores[code].value if code in scores else None,
         scores[code].low if code in scores else 0.0, scores[code].high if code in scores else 100.0,
         assessment.not_assessed.get(code, ""))
        for code in HANDOFFS
    )  # fmt: skip
    return Content(
        (
            lifecycle(
                "lifecycle map", stages, [(code, HANDOFFS[code].title, days[code]) for code in ARROWS],
                "The twelve stages with their score, and the median days at each handoff; a question mark was not "
                f"measured. {assessment.dataset.period}.",
            ),
            DataTable(
                name="handoffs", caption="All seventeen handoffs",
                columns=(
                    Column(name="id", label="Handoff"), Column(name="title", label="From what to what"),
                    Column(name="days", label="Median days", type="number", decimals=1),
                    Column(name="score", label="Score", type="number", decimals=0),
                    Column(name="low", label="At worst", type="number", decimals=0),
                    Column(name="high", label="At best", type="number", decimals=0),
                    Column(name="why", label="Why not assessed"),
                ),
                rows=rows,
            ),
            DataTable(
                name="what is known of each handoff",
                caption="What the method asks of each handoff: one owner, a written procedure, how long it waits, what "
                "comes back and what is carried over; and what would have to be recorded",
                columns=(
                    Column(name="id", label="Handoff"), Column(name="owner", label="One owner"),
                    Column(name="written", label="Written down"), Column(name="dwell", label="Waits"),
                    Column(name="rework", label="Did not come back"), Column(name="carried", label="Carried over"),
                ),
                rows=tuple(
                    (seam.code, *(_said(part) for part in (seam.owner, seam.written)),
                     *(_told(part) for part in (seam.dwell, seam.rework, seam.carried)))
                    for seam in known
                ),
            ),
        ),
        {
            "handoffs": [{"id": row[0], "median_days": row[2], "score": row[3]} for row in rows],
            "seams": [
                {"id": seam.code, "owner": seam.owner.value, "written": seam.written.value,
                 "rework": _data(seam.rework), "carried": _data(seam.carried), "dwell": _data(seam.dwell)}
                for seam in known
            ],
        },
    )  # fmt: skip


def _said(part: Evidence) -> str:
    return NOT_MEASURED + part.reason if part.value is None else figure(part.value, part.unit)


def _told(part: Evidence) -> str:
    """Say a figure with its interval, its sample and what it is of; or why nobody measured it."""
    if part.value is None:
        return NOT_MEASURED + part.reason
    between = span(part.low, part.high, part.unit)
    what = "" if part.unit == "days" else f": {part.measure}"
    return f"{figure(part.value, part.unit)}{f' ({between})' if between else ''}, n = {part.n:,}{what}"


def _data(part: Evidence) -> dict[str, object]:
    return {"measure": part.measure, "value": part.value, "unit": part.unit, "low": part.low, "high": part.high,
            "n": part.n, "reason": part.reason}  # fmt: skip
