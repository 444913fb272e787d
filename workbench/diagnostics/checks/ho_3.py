"""Is access there when the first class begins?"""

from __future__ import annotations

from dataclasses import replace

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.handoff import dwell, judge_handoff
from workbench.diagnostics.periods import each_once, earliest_by, latest_by, rows_within, time_of
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import among, filled


@diagnostic("HO-3", area="handoffs")
def onboarding_to_training(
    hris: Table,
    provisioning: Table,
    training: Table,
    ownership: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """Access is granted before the first class.

    Why: a class without access is a class of slides.
    Healthy: 18 of 20 hires with all access before the first class.
    Unhealthy: half the class shares the trainer's account.
    Remedy: make full access a condition of the class list.
    """
    hires = each_once(rows_within(hris, "start_date", period, client), "agent_id")
    first_class = time_of(hires["agent_id"], earliest_by(training, "agent_id", "assigned"))
    granted = time_of(hires["agent_id"], latest_by(provisioning, "agent_id", "granted_ts"))
    open_ = provisioning["agent_id"][~filled(provisioning, "granted_ts")]
    with_accounts = among(hires["agent_id"], provisioning["agent_id"])
    known = first_class.notna() & with_accounts
    pending = ~with_accounts | among(hires["agent_id"], open_)
    late = known & (pending | ~(granted <= first_class))
    ready = share(
        "hires with all access before their first class",
        int((known & ~late).sum()),
        int(known.sum()),
        of="hires",
        table="hris",
        period=period,
        scale=Scale(
            zero=0.4, hundred=1.0, target=0.95, source="METHOD HO-3: access on day one; ends are ours"
        ),
        rows=hires.index[late],
    )
    waits, _ = dwell(
        "HO-3", granted[known & ~pending], first_class[known & ~pending], table="hris", period=period
    )
    # access that waits for a class harms nobody; what comes too late for it is scored above
    waits = replace(waits, weight=0.0, scale=None, score=None, score_low=None, score_high=None)
    return judge_handoff(
        "HO-3",
        ownership,
        ((ready, "hire"),),
        "Make full access a condition of the class list.",
        lever="groups.*.shrinkage",
        beside=((waits, "hire"),),
        waits=waits,
        carried=ready,
    )
