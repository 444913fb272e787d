"""Does the vendor close escalations and learn from them, or pass them back?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, filled

CLOSED = Scale(zero=0.2, hundred=0.95, target=0.8, source="METHOD FMV-4; ends are ours")
BORN = Scale(
    zero=0.0,
    hundred=0.15,
    target=0.08,
    source="METHOD FMV-4: improvements born of escalations; ends are ours",
)


@diagnostic("FMV-4", area="failure modes")
def vendor_learns_from_escalations(
    escalation: Table, improvement: Table | None, client: Client, period: Period
) -> Verdict:
    """The vendor closes most escalations itself and turns some of them into improvements.

    Why: whoever passes back keeps the problem alive.
    Healthy: 82 % closed by the vendor; one improvement for ten escalations.
    Unhealthy: 30 % closed by the vendor; no improvement.
    Remedy: let the owner of each escalation write down its pattern, and review patterns monthly.
    """
    raised = rows_within(escalation, "raised_ts", period, client)
    owned = filled(raised, "resolved_ts") & filled(raised, "owner_side")
    by_vendor = owned & any_of(raised, "owner_side", ("vendor", "both"))
    closed = share("resolved escalations that the vendor closed", int(by_vendor.sum()), int(owned.sum()),
                   of="escalations", table="escalation", period=period, scale=CLOSED,
                   rows=raised.index[owned & ~by_vendor])  # fmt: skip
    born = _born(raised["id"].tolist(), improvement, period)
    return Verdict(
        (closed, born),
        findings(
            "FMV-4",
            (
                (closed, "escalation", "Let the vendor own what it can close; pass on only what it cannot."),
                (born, "escalation", "Review the patterns of escalations monthly, and mend the commonest."),
            ),
            side="vendor",
            step="cadence",
        ),
    )


def _born(escalations: list[str], improvement: Table | None, period: Period) -> Evidence:
    label = "escalations that led to an improvement"
    if improvement is None:
        return missing(label, "fraction", table="improvement", lack=Lack(tables=("improvement",)))
    grown = improvement[improvement["from_escalation_id"].isin(escalations)]
    return share(label, grown["from_escalation_id"].nunique(), len(escalations), of="escalations", table="improvement",
                 period=period, scale=BORN, rows=grown.index)  # fmt: skip
