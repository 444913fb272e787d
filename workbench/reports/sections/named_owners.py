"""Do people name the same owner when they are asked who answers for a stage or a handoff?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Evidence
from workbench.diagnostics.owners import LABELS
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import Column, DataTable, Prose
from workbench.wording import counted, figure, span


@section(
    "named owners", title="Who owns what, in the eyes of both sides", order=14,
    reports=("operating_model_assessment", "partnership_health_review"),
)  # fmt: skip
def named_owners(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show whom respondents name as owner, how alike, by side and beside the documents."""
    asked = [
        table
        for code in ("VL-2", "HC-1")
        if code in assessment.verdicts
        and isinstance(table := assessment.verdicts[code].facts.get("who is named as owner"), pd.DataFrame)
    ]
    if not asked:
        return Content(())
    table = pd.concat(asked, ignore_index=True).sort_values(
        ["share naming it", "id"], kind="stable", na_position="last"
    )
    code = "VL-2" if "VL-2" in assessment.verdicts else "HC-1"
    measures = [part for part in assessment.verdicts[code].evidence if part.table == "owner_answer"]
    rows = tuple(
        (str(r["id"]), str(r["what"]), int(r["respondents"]), str(r["named most"]), _known(r["share naming it"]),
         str(r["buyer names"]) or "–", str(r["vendor names"]) or "–", _known(r["sides alike"]),
         str(r["documented owner"]) or "–", _known(r["share naming the documented"]))
        for r in table.to_dict("records")
    )  # fmt: skip
    columns = (
        Column(name="id", label="Id"), Column(name="what", label="Stage or handoff"),
        Column(name="respondents", label="Asked", type="count"), Column(name="named", label="Named most"),
        Column(name="share", label="Share naming it", type="number", unit="fraction", decimals=0),
        Column(name="buyer", label="Buyer names"), Column(name="vendor", label="Vendor names"),
        Column(name="alike", label="Pairs across that agree", type="number", unit="fraction", decimals=0),
        Column(name="documented", label="In the documents"),
        Column(name="documented share", label="Share naming that", type="number", unit="fraction", decimals=0),
    )  # fmt: skip
    data = {
        "measures": [
            {
                "measure": m.measure,
                "value": m.value,
                "low": m.low,
                "high": m.high,
                "n": m.n,
                "reason": m.reason,
            }
            for m in measures
        ],
        "owners": [dict(zip((c.name for c in columns), row, strict=True)) for row in rows],
    }
    return Content(
        (
            Prose.of(_words(measures, rows)),
            DataTable(
                name="who is named as owner", caption="The least agreed first", columns=columns, rows=rows, shown=40,
                note="Nobody and do not know are no owner: they count among those asked and agree with none. Kappa is "
                "Fleiss', its interval a bootstrap over the stages and handoffs.",
            ),
        ),
        {"named_owners": data},
    )  # fmt: skip


def _known(value: object) -> float | None:
    return float(value) if isinstance(value, float) and value == value else None


def _words(measures: list[Evidence], rows: tuple[tuple[object, ...], ...]) -> str:
    by_label = {part.measure: part for part in measures}
    said = [
        f"{counted(len(rows), 'stage or handoff', 'stages, handoffs and relationships')} were asked about."
    ]
    for key in ("share", "pairs", "kappa", "sides", "documents"):
        part = by_label.get(LABELS[key])
        if part is None:
            continue
        name = f"{part.measure[:1].upper()}{part.measure[1:]}"
        if part.value is None:
            said.append(f"{name}: unknown, {part.reason}.")
            continue
        unit, decimals = ("", 2) if part.unit == "kappa" else (part.unit, None)
        between = span(part.low, part.high, unit, decimals)
        said.append(
            f"{name}: {figure(part.value, unit, decimals)}{f' ({between})' if between else ''}, "
            f"{'over' if key in ('share', 'kappa') else 'of'} {part.n:,}."
        )
    return " ".join(said)
