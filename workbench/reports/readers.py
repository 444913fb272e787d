"""What of an assessment may which reader see?

A client's copy, and one for both sides, holds no verdict on whether to rescue the partnership or to
leave it. That verdict is drawn from the rest, so it does not count in the health of the partnership
either, for any reader: all copies show the same score. Nor does it hold what an hour costs the vendor, what
credits are expected, what is not billed, or what staying and leaving cost: of prices it shows `SHARED_LINES`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.diagnostics.assess import Assessment, Weights
from workbench.diagnostics.diagnostic import CHECKS
from workbench.reports.priced import Priced
from workbench.reports.section import CLIENT_FACING, Audience

if TYPE_CHECKING:
    from workbench.studies.pricing.rule import Line
    from workbench.studies.pricing.study import Pricing

INTERNAL_AREAS = frozenset({"rescue or switch"})
"""Areas that the account team alone sees."""

SHARED_LINES: tuple[Line, ...] = ("labour", "overtime", "repeat handling", "replacement")
"""Money lines that both sides may see; penalties and revenue are the account team's."""


def weights_of_health() -> Weights:
    """Return the weights of a health review: areas of verdicts on the partnership weigh nothing."""
    known = {declared.area for declared in CHECKS}
    return Weights(areas=dict.fromkeys(sorted(INTERNAL_AREAS & known), 0.0))


def shown_to(assessment: Assessment, audience: Audience) -> Assessment:
    """Return the assessment without the areas that `audience` does not see."""
    if audience not in CLIENT_FACING:
        return assessment
    hidden = {declared.code for declared in CHECKS if declared.area in INTERNAL_AREAS}
    if isinstance(assessment, Priced) and assessment.pricing is not None:
        assessment = replace(assessment, pricing=_shared(assessment.pricing, hidden))
    return replace(
        assessment,
        scores={code: score for code, score in assessment.scores.items() if code not in hidden},
        areas={area: score for area, score in assessment.areas.items() if area not in INTERNAL_AREAS},
        verdicts={code: verdict for code, verdict in assessment.verdicts.items() if code not in hidden},
        findings=tuple(finding for finding in assessment.findings if finding.code not in hidden),
        not_assessed={code: why for code, why in assessment.not_assessed.items() if code not in hidden},
    )


def _shared(pricing: Pricing, hidden: set[str]) -> Pricing:
    shared = pricing.of_lines(SHARED_LINES)
    return replace(
        shared,
        unpriced=tuple(one for one in shared.unpriced if one.finding.code not in hidden),
        elsewhere=tuple(finding for finding in shared.elsewhere if finding.code not in hidden),
        order=tuple(step for step in shared.order if step.code not in hidden),
    )
