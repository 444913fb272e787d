"""Does the weekly review find causes?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.governance import FORUMS, causes_of, judge_forum
from workbench.intake.dataset import Table
from workbench.intake.period import Period


@diagnostic("GOV-2", area="governance", also=("CAD-2",))
def weekly_review(gov_meeting: Table, gov_action: Table | None, period: Period) -> Verdict:
    """The weekly review takes place with the five roles, and its actions name a root cause.

    Why: an action without a cause mends the week, not the work.
    Healthy: 25 of 26 held with all roles; nine of ten actions name their cause.
    Unhealthy: half held, training and reporting absent, actions without cause.
    Remedy: trends, open actions, causes, remedies at hand, in this order; no status reports.
    """
    return judge_forum(FORUMS[1], gov_meeting, period, causes_of(gov_action, FORUMS[1], period), "action")
