"""Which failure mode is the partnership drifting into, and whose part is it?"""

from __future__ import annotations

from workbench.catalogue import serves
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.roots import prevention_plan, roots_of, two_sided
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import AnyBlock, Column, DataTable, Prose, strong
from workbench.wording import figure


@section(
    "failure modes", title="Five failure modes, both sides", order=17,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
@serves("FIG-8", "FM-G5", kind="section")
def failure_modes(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show the five modes with both sides' causes, and the roots that all findings grow from."""
    modes = two_sided(assessment.scores, assessment.findings, assessment.dataset.tables.get("survey"))
    roots = roots_of(assessment.findings)
    if modes["score"].isna().all():
        return Content(())
    names = ("mode", "score", "low", "high", "findings", "vendor_cause", "vendor_answers", "buyer_cause",
             "buyer_answers", "prevention")  # fmt: skip
    labels = ("Failure mode", "Score", "At worst", "At best", "Findings", "The vendor's part", "Vendor's items",
              "The buyer's part", "Buyer's items", "Prevention")  # fmt: skip
    texts = {"mode", "vendor_cause", "buyer_cause", "prevention"}
    columns = tuple(
        Column(name=n, label=label) if n in texts else Column(name=n, label=label, type="number", decimals=0)
        for n, label in zip(names, labels, strict=True)
    )
    rows = tuple(tuple(_plain(row[n]) for n in names) for row in modes.to_dict("records"))
    blocks: list[AnyBlock] = [
        DataTable(name="failure modes", caption="The five failure modes", columns=columns, rows=rows,
                  note="Items: what the questions on that side's cause score, 0 to 100, over all who answered.")
    ]  # fmt: skip
    plan = prevention_plan(assessment.scores)
    prevented = tuple(
        (str(r["prevention"]), _plain(r["score"]), ", ".join(r["known"]), ", ".join(r["lacking"]))
        for r in plan.to_dict("records")
    )
    blocks.append(
        DataTable(
            name="preventions", caption="The three preventions, and how far each is in place",
            columns=(Column(name="prevention", label="Prevention"),
                     Column(name="score", label="Score", type="number", decimals=0),
                     Column(name="known", label="Shown by"), Column(name="lacking", label="Not assessed")),
            rows=prevented,
            note="Mean score of what shows it, 0 to 100; empty: nothing assessed shows it, and the plan is to be made.",
        )
    )  # fmt: skip
    known = roots[roots["weight"] > 0]
    if len(known):
        first = next((r for r in known.to_dict("records") if r["root"] != "other"), None)
        if first is not None:
            blocks.append(
                Prose.of("The root from which most of what was found grows: ", strong(str(first["root"])),
                         f", {figure(float(first['share']), 'fraction', 0)} of the weight of all findings.")
            )  # fmt: skip
        blocks.append(
            DataTable(
                name="roots", caption="Roots of the findings",
                columns=(Column(name="root", label="Root"), Column(name="findings", label="Findings", type="count"),
                         Column(name="share", label="Share of the weight", type="number", unit="fraction", decimals=0)),
                rows=tuple((str(r["root"]), int(r["findings"]), float(r["share"])) for r in known.to_dict("records")),
                note="A severe finding weighs 4, a moderate 2, a minor 1.",
            )
        )  # fmt: skip
    shares = {str(r["root"]): float(r["share"]) for r in roots.to_dict("records")}
    data = {
        "failure_modes": [dict(zip(names, r, strict=True)) for r in rows],
        "roots": shares,
        "preventions": {name: score for name, score, *_ in prevented},
    }
    return Content(blocks, data)


def _plain(value: object) -> str | float | int | None:
    if value is None or value != value:
        return None
    return value if isinstance(value, str) else float(value)  # type: ignore[arg-type]
