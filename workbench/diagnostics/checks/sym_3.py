"""Can a penalty be discussed on clean figures?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, quantity, share
from workbench.diagnostics.finding import Scale, Verdict
from workbench.diagnostics.reported import recomputed, reported_levels
from workbench.diagnostics.terms import against_promise, service_level_terms
from workbench.errors import CallError
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

CLEAN = Scale(zero=0.4, hundred=1.0, target=1.0, source="METHOD SYM-3: reproducible; the zero is ours")
WON = Scale(zero=0.8, hundred=0.0, target=0.2, source="METHOD SYM-3: disputed credits changed; ends are ours")


@diagnostic("SYM-3", area="symptoms", also=("EXP-2",))
def penalties_on_clean_figures(
    sla_result: Table, contacts: Table | None, sla: Table | None, client: Client, period: Period
) -> Verdict:
    """Months with a credit can be computed again, and few disputed credits are changed.

    Why: a penalty discussed on figures that nobody can repeat is settled by patience.
    Healthy: every credit month reproducible; one dispute, upheld.
    Unhealthy: half of the credit months cannot be repeated; most disputes are won.
    Remedy: keep the contacts behind each result, and compute credits from the contract's own formula.
    """
    mine = sla_result[[_inside(text, period) for text in sla_result["period"]]]
    credited = mine[mine["credit"] > 0]
    if credited.empty and mine["credit"].notna().any():
        return Verdict((), not_applicable="no credit was paid in the period")
    money = quantity(
        "credits in the period",
        float(credited["credit"].sum()) if credited["currency"].nunique() <= 1 else None,
        str(credited["currency"].iloc[0]) if len(credited) else client.currency,
        len(credited),
        table="sla_result",
        period=period,
        weight=0.0,
        rows=credited.index,
        reason="credits in several currencies are not added"
        if len(credited)
        else "credits were not recorded",
    )
    terms, source = service_level_terms(client, sla)
    levels = reported_levels(credited, None)
    agrees = (
        [
            bool(row["agrees"])
            for row in (recomputed(one, contacts, terms, client) for _, one in levels.iterrows())
            if row["contacts"]
        ]
        if contacts is not None
        else []
    )
    clean = share(
        "credit months whose service level can be computed again",
        sum(agrees),
        len(agrees),
        of="credit months with contacts",
        table="sla_result",
        period=period,
        scale=CLEAN,
    )
    decided = mine[
        mine["disputed"].fillna(False).astype(bool) & mine["dispute_result"].isin(["upheld", "changed"])
    ]
    changed = decided["dispute_result"] == "changed"
    won = share(
        "disputed credits that were changed",
        int(changed.sum()),
        len(decided),
        of="decided disputes",
        table="sla_result",
        period=period,
        scale=WON,
        rows=decided.index[changed],
    )
    return Verdict(
        (money, *against_promise(clean, source), won),
        findings(
            "SYM-3",
            (
                (
                    clean,
                    "credit month",
                    "Keep the contacts behind each result; compute by the contract's formula.",
                ),
                (won, "dispute", "Settle the formula before the next month, not after the next credit."),
            ),
            step="data",
            lever="money.terms",
            margin="credits paid or lost on figures nobody can repeat",
        ),
    )


def _inside(text: object, period: Period) -> bool:
    """Whether a window overlaps the period; one that cannot be read is kept."""
    try:
        days = Period.parse(str(text))
    except CallError:
        return True
    return days.start <= period.end and days.end >= period.start
