"""Does the monthly review manage?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.governance import FORUMS, decisions_of, judge_forum
from workbench.intake.dataset import Table
from workbench.intake.period import Period


@diagnostic("GOV-3", area="governance", also=("CAD-3",))
def monthly_review(gov_meeting: Table, period: Period) -> Verdict:
    """The monthly review takes place with the four roles and decides on cost, change and roadmap.

    Why: money and change need people who can decide on both.
    Healthy: 6 of 6 held with all four roles, each with a decision.
    Unhealthy: held without finance and technology, and ends without a decision.
    Remedy: performance in one page, then cost, changes and dependencies, each closed with a decision.
    """
    return judge_forum(
        FORUMS[2], gov_meeting, period, decisions_of(gov_meeting, FORUMS[2], period), "held meeting"
    )
