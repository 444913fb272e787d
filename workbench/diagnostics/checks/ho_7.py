"""Do evaluators know what happened on the floor?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.handoff import judge_handoff
from workbench.intake.dataset import Table


@diagnostic("HO-7", area="handoffs")
def real_time_to_quality(
    ownership: Table,
) -> Verdict:
    """Evaluators see outages and other events of the floor.

    Why: a call during an outage is not the agent's quality.
    Healthy: one owner, events tagged on the evaluated contact.
    Unhealthy: evaluators learn of outages from agents' complaints.
    Remedy: give evaluators the event log beside the contact.
    """
    return judge_handoff("HO-7", ownership, (), "Give evaluators the event log beside the contact.")
