"""Are agents where the plan puts them?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import evidence_from, findings
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.adherence import adherence, conformance

FITS = Scale(zero=0.75, hundred=0.97, target=0.90, source="METHOD LC-7, VIS-3; ends are ours")
AMOUNT = Scale(zero=0.75, hundred=1.0, target=0.95, source="METHOD VIS-3; ends are ours")


@diagnostic("LC-7", area="lifecycle", also=("VIS-3",))
def schedule_adherence(schedule: Table, agent_state: Table, client: Client, period: Period) -> Verdict:
    """Agents are where the schedule puts them, and as long as it says.

    Why: an hour off schedule at the peak costs more than one in the trough.
    Healthy: 92 % of planned minutes in the planned state.
    Unhealthy: 78 %, with the gap between ten and noon.
    Remedy: an intraday desk before more hiring.
    """
    mine = rows_within(schedule, "start", period, client)
    states = rows_within(agent_state, "start", period, client)
    fits = evidence_from(adherence(mine, states), table="schedule", period=period, scale=FITS,
                         label="schedule adherence")  # fmt: skip
    amount = evidence_from(
        conformance(mine, states, capped=True, time_zone=client.time_zone),
        table="schedule",
        period=period,
        scale=AMOUNT,
        label="capped conformance: time on the queue as planned",
    )
    return Verdict(
        (fits, amount),
        findings(
            "LC-7",
            (
                (fits, "scheduled minute", "Staff an intraday desk that acts on the gap within the hour."),
                (amount, "scheduled minute", "Look for planned queue time that is spent elsewhere."),
            ),
            side="vendor",
            step="cadence",
            lever="groups.*.shrinkage",
            commitments="service falls at the peak",
            margin="paid time that serves nobody",
        ),
    )
