"""Does the quarterly review give direction?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.governance import FORUMS, decisions_of, judge_forum
from workbench.intake.dataset import Table
from workbench.intake.period import Period


@diagnostic("GOV-4", area="governance", also=("CAD-4",))
def quarterly_review(gov_meeting: Table, period: Period) -> Verdict:
    """The quarterly review takes place with the five roles and decides on direction.

    Why: structure, footprint and contract drift apart when nobody with a mandate looks at them.
    Healthy: 2 of 2 held with sponsor, procurement, compliance, operations and vendor leadership.
    Unhealthy: moved twice, attended by account managers, a deck and no decision.
    Remedy: structural risk, footprint and contract only; what is operational goes back to the weekly.
    """
    return judge_forum(
        FORUMS[3], gov_meeting, period, decisions_of(gov_meeting, FORUMS[3], period), "held meeting"
    )
