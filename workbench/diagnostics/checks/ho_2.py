"""Does an accepted offer become an onboarding?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.handoff import dwell, judge_handoff, ripe, unreturned
from workbench.diagnostics.periods import earliest_by, first_by, kept, time_of, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import among, equals, filled


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
    accepted = ripe(
        candidate.loc[within(candidate["accepted"], period, client), "accepted"], period, client, days=14
    )
    linked = first_by(kept(hris, filled(hris, "candidate_id")), "candidate_id", "agent_id")
    agent = candidate.loc[accepted.index, "id"].map(linked)
    first = time_of(agent, earliest_by(provisioning, "agent_id", "requested_ts"))
    known = accepted if len(linked) else accepted.iloc[:0]
    measured = dwell("HO-2", known, first.reindex(known.index), table="candidate", period=period,
                     recorded=bool(filled(provisioning, "requested_ts").any()))  # fmt: skip
    hired = among(provisioning["agent_id"], agent)
    keyed, typed = hired & filled(provisioning, "keyed_by"), equals(provisioning, "keyed_by", "manual")
    carried = share(
        "requests for hires that nobody typed in",
        int((keyed & ~typed).sum()),
        int(keyed.sum()),
        of="requests",
        table="provisioning",
        period=period,
        scale=Scale(
            zero=0.2, hundred=1.0, target=0.9, source="METHOD HO-2: carried without re-keying; ends are ours"
        ),
        rows=provisioning.index[keyed & typed],
    )
    again = provisioning["reworked"][hired]
    once = unreturned("HO-2", "requests for hires that were not done a second time", ~again.astype("boolean"),
                      of="requests", table="provisioning", period=period)  # fmt: skip
    return judge_handoff(
        "HO-2",
        ownership,
        [*((part, "acceptance") for part in measured), (carried, "request")],
        "Open onboarding from the accepted offer, with what is known filled in.",
        lever="groups.*.shrinkage",
        beside=((once, "request"),),
        waits=measured[0],
        rework=once,
        carried=carried,
    )
