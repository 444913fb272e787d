"""What is to be done, in which order?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.repair import REASONS, Recommendation, design_share, gates, order_of_repair
from workbench.reports import parts
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.priced import part_of_step, pricing_of
from workbench.reports.section import AnyBlock, Bullets, Column, DataTable, Heading, Prose, strong
from workbench.wording import as_known, figure


@section(
    "order of repair", title="The order of repair", order=18,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def repair(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show every remedy in the order that process, ownership, routine and technology ask for, and the gates."""
    steps = order_of_repair(assessment.findings)
    if not steps:
        return Content(())
    gated = parts.gates_data(gates(assessment.dataset.tables.get("process_document"), assessment.findings))
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
            note="; ".join(f"{step}: {reason}" for step, reason in REASONS.items() if step in {s.step for s in steps})
                 + ("; money: its fair part of all prices, where it has one" if money is not None else ""),
        )
    )  # fmt: skip
    blocks += [*_held_back(steps), *_gates(gated)]
    names = ("place", "step", "remedy", "worst", "findings", *(("a_month",) if money is not None else ()))
    rules = [{"reason": one["reason"], "waits_for": one["waits_for"]} for one in parts.steps_data(steps)]
    listed = [dict(zip(names, row, strict=True)) | rule for row, rule in zip(rows, rules, strict=True)]
    return Content(blocks, {"order_of_repair": listed, "gates": gated})


def _held_back(steps: Sequence[Recommendation]) -> list[AnyBlock]:
    """Say which technical steps wait, for which processes, and by which findings."""
    waiting = [step for step in steps if step.waits_for]
    if not waiting:
        return []
    return [
        Heading(text="Not yet"),
        Bullets.of(
            [[strong(f"{s.place}. {s.remedy}"), f" {s.reason[:1].upper()}{s.reason[1:]}."] for s in waiting]
        ),
    ]


GATE = {True: "passes", False: "does not pass", None: "not known"}


def _gates(gated: Sequence[Mapping[str, Any]]) -> list[AnyBlock]:
    """Show for each process whether a further module or tool may follow (FIX-1, VL-1d)."""
    if not gated:
        return []
    rows = tuple(
        (one["process"], one["live"] or "not live", GATE[one["passes"]], one["why"]) for one in gated
    )
    return [
        DataTable(
            name="gates", caption="The gate before further modules and tools",
            columns=(Column(name="process", label="Process"), Column(name="live", label="Module live since"),
                     Column(name="gate", label="Gate"), Column(name="why", label="Why")),
            rows=rows,
            note="A process passes when it is signed off, agreed by all teams and runs in one way; until then no "
                 "further module or setting of it is recommended (FIX-1). Security, compliance and pay never wait "
                 "(CX-14).",
        )
    ]  # fmt: skip


def _known(amount: float | None) -> float | None:
    return None if amount is None else as_known(amount)
