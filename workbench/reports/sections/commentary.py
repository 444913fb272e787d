"""What does the account manager say to this reader about this period?"""

from __future__ import annotations

from workbench.diagnostics.assess import Assessment
from workbench.reports.commentary import FILE_NAME, read_commentary
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import INTERNAL, AnyBlock, Bullets, Callout


@section(
    "commentary", title="From the account team", order=6,
    reports=("partnership_health_review", "operating_model_assessment", "staffing_what_if"),
)  # fmt: skip
def commentary(assessment: Assessment, parameters: Parameters) -> Content:
    """Show what commentary.md says of this period to this reader; what cannot be used is told internally."""
    text = assessment.dataset.extras.get("commentary")
    if not isinstance(text, str) or not text.strip():
        return Content(())
    parts, mistakes = read_commentary(text)
    blocks: list[AnyBlock] = []
    for part in parts:
        if part.period == assessment.dataset.period and parameters.audience in part.audience:
            blocks += [block.model_copy(update={"audience": part.audience}) for block in part.blocks]
    if mistakes:
        said = Callout(
            tone="moderate",
            title=f"Not used of {FILE_NAME}",
            blocks=(Bullets.of(mistakes),),
            audience=INTERNAL,
        )
        blocks.append(said)
    return Content(blocks)
