"""What is to be done, in which order?"""

from __future__ import annotations

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.repair import REASONS, design_share, order_of_repair
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.priced import part_of_step, pricing_of
from workbench.reports.section import AnyBlock, Column, DataTable, Prose, strong
from workbench.wording import as_known, figure


@section(
    "order of repair", title="The order of repair", order=18,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def repair(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show every remedy in the order that process, ownership, routine and technology ask for."""
    steps = order_of_repair(assessment.findings)
    if not steps:
        return Content(())
    share = design_share(assessment.findings)
    blocks: list[AnyBlock] = []
    if share is not None:
        blocks.append(
            Prose.of(strong(figure(share, "fraction", 0)), " of the findings are about design (process, ownership, "
                     "data, routine), not about technology: that is where to begin.")
        )  # fmt: skip
    money = pricing_of(assessment)
    rows = tuple(
        (
            step.place,
            step.step,
            step.remedy,
            step.findings[0].severity,
            ", ".join(dict.fromkeys(f.code for f in step.findings)),
            *((_known(part_of_step(assessment, step)),) if money is not None else ()),
        )
        for step in steps
    )
    blocks.append(
        DataTable(
            name="order of repair", caption="Remedies in their order",
            columns=(Column(name="place", label="#", type="count"), Column(name="step", label="Step"),
                     Column(name="remedy", label="What to do"), Column(name="severity", label="Worst finding"),
                     Column(name="codes", label="Findings"),
                     *([Column(name="a month", label=f"{money.currency} a month", type="number", decimals=0)]
                       if money is not None else [])),
            rows=rows,
            note="; ".join(f"{step}: {reason}" for step, reason in REASONS.items())
                 + ("; money: its fair part of all prices, where it has one" if money is not None else ""),
        )
    )  # fmt: skip
    names = ("place", "step", "remedy", "worst", "findings", *(("a_month",) if money is not None else ()))
    return Content(blocks, {"order_of_repair": [dict(zip(names, row, strict=True)) for row in rows]})


def _known(amount: float | None) -> float | None:
    return None if amount is None else as_known(amount)
