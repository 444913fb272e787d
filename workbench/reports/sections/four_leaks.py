"""Where does value leak: process, roles, data or routine?"""

from __future__ import annotations

from workbench.catalogue import serves
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Evidence
from workbench.diagnostics.scoring import combine
from workbench.diagnostics.ways import PROCESSES
from workbench.reports import parts
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import (
    AnyBlock,
    Bullets,
    Card,
    Cards,
    Column,
    DataTable,
    Heading,
    link,
    quiet,
)
from workbench.wording import figure, span

LEAKS = {
    "Unclear processes": ("VL-1", "VL-1a", "VL-1b", "VL-1c"),
    "Role confusion": ("VL-2", "VL-2a"),
    "Messy data": ("VL-3", "VL-3a", "VL-3b", "VL-3c", "VL-3d", "VL-3e", "VL-3f"),
    "No operating rhythm": ("VL-4", "VL-4a"),
}


@section(
    "four leaks", title="The four places where value leaks", order=13,
    reports=("operating_model_assessment", "partnership_health_review"),
)  # fmt: skip
@serves("FIG-2", kind="section")
def four_leaks(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show one panel for each leak: score, bounds, grade of the evidence, and its worst findings."""
    panels, cards, data = [], [], {}
    for leak, codes in LEAKS.items():
        known = [(1.0, assessment.scores[code]) for code in codes if code in assessment.scores]
        if not known:
            continue
        score = combine(leak, known)
        card: Card = parts.score_card(leak, score)
        cards.append(card)
        data[leak] = parts.score_data(score)
        panels.append((leak, [(i, f) for i, f in enumerate(assessment.findings) if f.code in codes][:3]))
    if all(card.value is None for card in cards):
        return Content(())
    blocks: list[AnyBlock] = [Cards(cards=tuple(cards))]
    for leak, findings in panels:
        if findings:
            blocks.append(Heading(text=leak))
            blocks.append(
                Bullets.of(
                    [[f.statement, " ", link(f"{f.code}, {f.severity}", parts.finding_anchor(place))]
                     for place, f in findings]
                )
            )  # fmt: skip
        else:
            blocks.append(Heading(text=leak))
            blocks.append(Bullets.of([[quiet("Nothing that was assessed calls for action.")]]))
    return Content([*blocks, *_ways(assessment)], {"four_leaks": data})


def _ways(assessment: Assessment) -> list[AnyBlock]:
    """Show in how many ways onboarding, training and coaching run; what is not known says what would show it."""
    rows = []
    for code, process in PROCESSES.items():
        by_measure = (
            {e.measure: e for e in assessment.verdicts[code].evidence} if code in assessment.verdicts else {}
        )
        parts_of = [by_measure.get(label) for label in (process.top, process.spread, process.fit)]
        if any(part is not None and part.value is not None for part in parts_of):
            first = parts_of[0]
            rows.append((process.name, code, first.n if first else 0, *(_found(part) for part in parts_of)))
    if not rows:
        return []
    return [
        DataTable(
            name="ways of processes", caption="In how many ways processes run",
            columns=(Column(name="process", label="Process"), Column(name="code", label="Item"),
                     Column(name="n", label="Cases", type="count"),
                     Column(name="top", label="Ran the commonest way"), Column(name="spread", label="Between teams"),
                     Column(name="fit", label="As written")),
            rows=tuple(rows),
            note="With 95 % intervals. Between teams: the standard deviation of that share, chance removed. As "
                 "written: documented steps that were done in their order.",
        )
    ]  # fmt: skip


def _found(part: Evidence | None) -> str:
    if part is None or part.value is None:
        return "" if part is None else f"not known: {part.reason}"
    between = span(part.low, part.high, part.unit)
    return figure(part.value, part.unit) + (f" ({between})" if between else "")
