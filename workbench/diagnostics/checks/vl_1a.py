"""How much of onboarding happens outside a system?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

IN_SYSTEM = Scale(zero=0.3, hundred=1.0, target=0.9, source="METHOD VL-1a; ends are ours")
REWORK = Scale(zero=0.30, hundred=0.0, target=0.05, source="METHOD VL-1a, BOF-5; ends are ours")


@diagnostic("VL-1a", area="value leaks")
def onboarding_in_a_system(provisioning: Table, client: Client, period: Period) -> Verdict:
    """Onboarding steps run in a system, with a time stamp for each.

    Why: a step in somebody's mailbox cannot be measured, handed over or repeated.
    Healthy: 95 % of access grants keyed by a system, with request and grant time.
    Unhealthy: most typed in by hand from a mail, a fifth done twice.
    Remedy: one checklist with owner and deadline for each step, filled by the system that does the step.
    """
    mine = provisioning[
        within(provisioning["requested_ts"], period, client)
        | within(provisioning["granted_ts"], period, client)
    ]
    traced = mine["requested_ts"].notna() & mine["granted_ts"].notna() & (mine["keyed_by"] == "auto")
    known = mine["keyed_by"].notna()
    in_system = share(
        "onboarding steps done in a system with both time stamps",
        int(traced[known].sum()),
        int(known.sum()),
        of="steps",
        table="provisioning",
        period=period,
        scale=IN_SYSTEM,
        rows=mine.index[known & ~traced],
    )
    told = mine[mine["reworked"].notna()]
    again = told["reworked"].astype(bool)
    once = share(
        "onboarding steps done twice",
        int(again.sum()),
        len(told),
        of="steps",
        table="provisioning",
        period=period,
        scale=REWORK,
        rows=told.index[again],
    )
    return Verdict(
        (in_system, once),
        findings(
            "VL-1a",
            (
                (
                    in_system,
                    "step",
                    "Move each step out of mailboxes: owner, deadline and a system that does it.",
                ),
                (once, "step", "Pre-fill what is known, so that nothing is typed twice."),
            ),
            lever="groups.*.attrition.replaced_after_weeks",
            margin="paid days before the first useful contact",
        ),
    )
