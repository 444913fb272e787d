"""Are scheduling and quality looked at together?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.handoff import judge_handoff
from workbench.diagnostics.joint_review import reviewed_together
from workbench.intake.dataset import Table


@diagnostic("HO-16", area="handoffs")
def scheduling_to_quality_review(meeting_topic: Table | None, ownership: Table | None) -> Verdict:
    """Scheduling results and quality results are reviewed together each week.

    Why: pressure on the floor shows in quality, and nobody sees the cause.
    Healthy: one owner and a weekly review of both.
    Unhealthy: two meetings that never meet.
    Remedy: join both in the weekly, on one page.
    """
    together = reviewed_together(meeting_topic)
    return judge_handoff(
        "HO-16",
        ownership,
        ((together, "weekly meeting"),),
        "Join both in the weekly, on one page.",
        carried=together,
    )
