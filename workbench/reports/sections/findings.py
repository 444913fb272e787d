"""What was found, on which evidence, and what is to be done?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.catalogue import serves
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Finding
from workbench.intake.dataset import Provenance
from workbench.reports import parts
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters, PartnershipHealthReview
from workbench.reports.priced import price_of, pricing_of
from workbench.reports.section import INTERNAL, AnyBlock, Callout, Detail, Prose, quiet, strong
from workbench.wording import counted, money

if TYPE_CHECKING:
    from workbench.studies.pricing.study import Pricing


@section(
    "findings", title="Findings with their evidence", order=20,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def findings(assessment: Assessment, parameters: Parameters) -> Content:
    """Write out the findings, the most severe first, each with its evidence."""
    told = parameters.findings if isinstance(parameters, PartnershipHealthReview) else 40
    blocks: list[AnyBlock] = []
    if not assessment.findings:
        blocks.append(Prose.of("Nothing that was assessed calls for action."))
    for place, finding in enumerate(assessment.findings[:told]):
        blocks.append(_callout(place, finding, assessment.dataset.provenance, _costs(assessment, finding)))
    left = len(assessment.findings) - told
    if left > 0:
        blocks.append(Prose.of(f"{counted(left, 'less severe finding')} stand in the workbook and in JSON."))
    internal = parameters.audience == "internal"
    return Content(
        blocks, {"findings": [parts.finding_data(f, with_margin=internal) for f in assessment.findings]}
    )


def _callout(place: int, finding: Finding, provenance: Provenance, costs: Sequence[AnyBlock]) -> Callout:
    grades = list(dict.fromkeys(parts.GRADE_WORDS[e.grade] for e in finding.evidence if e.value is not None))
    label = " · ".join([finding.code, finding.severity, parts.SIDE_WORDS[finding.side], *grades])
    inside: list[AnyBlock] = [
        Prose.of(quiet(f"A healthy partnership: {parts.title_of(finding.code)}.")),
        *_meaning(finding),
        *costs,
        Prose.of(strong("To do: "), finding.remedy, quiet(f" ({parts.STEP_WORDS[finding.step]})")),
    ]
    if finding.evidence:
        table = parts.evidence_table(
            f"evidence {place + 1}", f"Evidence for {finding.code}", finding.evidence
        )
        rows = parts.rows_words(finding.evidence, provenance)
        behind = [Prose.of(quiet(f"Behind it: {rows}."))] if rows else []
        formulas = list(dict.fromkeys(e.formula for e in finding.evidence if e.formula))
        computed = [Prose.of(quiet(f"Computed as {'; '.join(formulas)}."))] if formulas else []
        inside.append(Detail(summary="Evidence", blocks=(table, *computed, *behind)))
    return Callout(
        tone=finding.severity,
        label=label,
        title=finding.statement,
        anchor=parts.finding_anchor(place),
        blocks=tuple(inside),
    )


@serves("LENS-1", "LENS-2", kind="section")
def _meaning(finding: Finding) -> list[AnyBlock]:
    """Say what a finding means for what was promised, and to the account team for margin too."""
    blocks: list[AnyBlock] = []
    if finding.commitments:
        blocks.append(Prose.of(strong("For the commitments: "), finding.commitments))
    if finding.margin:
        blocks.append(
            Prose.of(strong("For margin: "), finding.margin).model_copy(update={"audience": INTERNAL})
        )
    return blocks


def _costs(assessment: Assessment, finding: Finding) -> list[AnyBlock]:
    """Say what a finding costs a month and how sure that is, or why it has no price in this copy."""
    found, price = pricing_of(assessment), price_of(assessment, finding)
    if found is None:
        return []
    if price is None:
        return [Prose.of(strong("Costs: "), f"not known: {_no_price(found, finding)}.")]
    said = f"{money(price.amount.value)} {found.currency} a month ({price.between}, 90 %)"
    doubt = f"; + ?: {price.caveat}" if price.caveat else ""
    first = price.findings[0]
    with_others = "" if first is finding else f"; priced once, together with {first.code}"
    return [Prose.of(strong("Costs: "), f"{said}, {parts.GRADE_WORDS[price.grade]}{doubt}{with_others}.")]


def _no_price(found: Pricing, finding: Finding) -> str:
    """Return why a finding has no price in this copy."""
    for one in found.unpriced:
        if one.finding is finding:
            return one.reason.rstrip(".")
    return "not in the money lines of this copy"
