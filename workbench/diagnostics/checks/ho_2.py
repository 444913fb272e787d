"""Does an accepted offer become an onboarding?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.handoff import dwell, judge_handoff
from workbench.diagnostics.periods import time_of, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period


@diagnostic("HO-2", area="handoffs")
def offer_to_onboarding(
    candidate: Table,
    hris: Table,
    provisioning: Table,
    ownership: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """Onboarding opens within days of the accepted offer, without typing anything again.

    Why: what recruiting knows is typed again, late and with errors.
    Healthy: 3 days from acceptance to the first request; the candidate's number is carried.
    Unhealthy: two weeks, and no link between the two records.
    Remedy: open onboarding from the accepted offer, with name and start date filled in.
    """
    accepted = candidate[within(candidate["accepted"], period, client)].set_index("id")["accepted"]
    hires = hris[hris["candidate_id"].isin(accepted.index)].drop_duplicates("candidate_id")
    requested = provisioning.groupby("agent_id")["requested_ts"].min()
    start = time_of(hires["candidate_id"], accepted)
    first = time_of(hires["agent_id"], requested)
    measured = dwell("HO-2", start, first, table="hris", period=period)
    return judge_handoff(
        "HO-2",
        ownership,
        [(part, "hire") for part in measured],
        "Open onboarding from the accepted offer, with what is known filled in.",
        lever="people.new_hires.start_delay_days",
    )
