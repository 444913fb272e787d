"""Does the real-time board work from the published schedule?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.handoff import judge_handoff
from workbench.intake.dataset import Table


@diagnostic("HO-6", area="handoffs")
def schedule_to_real_time(
    ownership: Table,
) -> Verdict:
    """Exceptions and the published version reach the real-time board.

    Why: a board on yesterday's plan chases ghosts.
    Healthy: one owner, a procedure, exceptions loaded daily.
    Unhealthy: nobody answers for it.
    Remedy: name the owner and load exceptions before the day begins.
    """
    return judge_handoff("HO-6", ownership, (), "Name the owner and load exceptions before the day begins.")
