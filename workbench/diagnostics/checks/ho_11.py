"""Does an exit close access, pay and record?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import missing, share
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.handoff import dwell, judge_handoff
from workbench.diagnostics.periods import within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period


@diagnostic("HO-11", area="handoffs")
def exit_to_closed_access(
    hris: Table,
    provisioning: Table | None,
    ownership: Table | None,
    client: Client,
    period: Period,
) -> Verdict:
    """On an exit access is closed within a day and the reason is coded.

    Why: an exit has four loose ends, and each belongs to another function.
    Healthy: access closed on the day; 19 of 20 reasons coded.
    Unhealthy: access open for weeks, no reason.
    Remedy: one exit form that starts all four: access, pay, equipment, reason.
    """
    left = hris[within(hris["term_date"], period, client)].drop_duplicates("agent_id")
    coded = share(
        "exits with a coded reason",
        int(left["term_reason"].notna().sum()),
        len(left),
        of="exits",
        table="hris",
        period=period,
        scale=Scale(zero=0.3, hundred=1.0, target=0.95, source="METHOD HO-11: reason coded; ends are ours"),
        rows=left.index[left["term_reason"].isna()],
    )
    closed: tuple[Evidence, ...]
    if provisioning is None:
        closed = (missing("median days from exit to closed access", "days", table="provisioning",
                          reason="needs provisioning"),)  # fmt: skip
    else:
        accounts = provisioning[
            provisioning["granted_ts"].notna() & provisioning["agent_id"].isin(left["agent_id"])
        ]
        last_day = accounts["agent_id"].map(left.set_index("agent_id")["term_date"]).astype("datetime64[us]")
        closed = dwell("HO-11", last_day, accounts["revoked_ts"], table="provisioning", period=period)
    measured = [*((part, "account") for part in closed), (coded, "exit")]
    return judge_handoff(
        "HO-11", ownership, measured, "One exit form that starts access, pay, equipment and reason."
    )
