"""How much of onboarding happens outside a system, and does it run in one way?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.diagnostics.ways import ONBOARDING, beginnings, complete, documented_steps, ways_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import equals, filled, flags

IN_SYSTEM = Scale(zero=0.3, hundred=1.0, target=0.9, source="METHOD VL-1a; ends are ours")
REWORK = Scale(zero=0.30, hundred=0.0, target=0.05, source="METHOD VL-1a, BOF-5; ends are ours")


@diagnostic("VL-1a", area="value leaks")
def onboarding_in_a_system(
    provisioning: Table, hris: Table | None, process_document: Table | None, client: Client, period: Period
) -> Verdict:
    """Onboarding steps run in a system, with a time stamp for each, in one order for everybody.

    Why: a step in somebody's mailbox cannot be measured, handed over or repeated.
    Healthy: 95 % of access grants keyed by a system, with request and grant time; one order in every team.
    Unhealthy: most typed in by hand from a mail, a fifth done twice; each team asks in its own order.
    Remedy: one checklist with owner and deadline for each step, filled by the system that does the step.
    """
    mine = provisioning[
        within(provisioning["requested_ts"], period, client)
        | within(provisioning["granted_ts"], period, client)
    ]
    known, dated = filled(mine, "keyed_by"), filled(mine, "requested_ts") & filled(mine, "granted_ts")
    traced = dated & equals(mine, "keyed_by", "auto")
    in_system = share(
        "onboarding steps done in a system with both time stamps",
        int(traced.sum()),
        int(known.sum()),
        of="steps",
        table="provisioning",
        period=period,
        scale=IN_SYSTEM,
        weight=2.0,
        rows=mine.index[known & ~traced],
    )
    again, told = flags(mine, "reworked")
    once = share(
        "onboarding steps done twice",
        int(again.sum()),
        int(told.sum()),
        of="steps",
        table="provisioning",
        period=period,
        scale=REWORK,
        weight=2.0,
        rows=mine.index[again],
    )
    ways = ways_of(
        ONBOARDING,
        complete(beginnings(provisioning, "agent_id", "system", "requested_ts", client, period, hris)),
        documented=documented_steps(process_document, "onboarding"),
    )
    return Verdict(
        (in_system, once, *ways.evidence),
        findings(
            "VL-1a",
            (
                (
                    in_system,
                    "step",
                    "Move each step out of mailboxes: owner, deadline and a system that does it.",
                ),
                (once, "step", "Pre-fill what is known, so that nothing is typed twice."),
                (ways.top, "person", "Agree on one order of onboarding, and let one checklist ask for it."),
                (ways.spread, "team", "Lay the teams' ways of onboarding side by side and settle on one."),
                (
                    ways.fit,
                    "person",
                    "Watch an onboarding as it is done, then correct the checklist or the practice.",
                ),
            ),
            lever="groups.*.shrinkage",
            margin="paid days before the first useful contact",
            about=("onboarding",),
        ),
        ways.facts,
    )
