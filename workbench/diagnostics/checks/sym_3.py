"""Can a penalty be discussed on clean figures?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, median_interval, missing, quantity, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.reported import recomputed_levels
from workbench.diagnostics.terms import against_promise, service_level_terms
from workbench.errors import CallError
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period

CLEAN = Scale(zero=0.4, hundred=1.0, target=1.0, source="METHOD SYM-3: reproducible; the zero is ours")
WON = Scale(zero=0.8, hundred=0.0, target=0.2, source="METHOD SYM-3: disputed credits changed; ends are ours")


@diagnostic("SYM-3", area="symptoms", also=("EXP-2",))
def penalties_on_clean_figures(
    sla_result: Table,
    contacts: Table | None,
    sla: Table | None,
    report_log: Table | None,
    client: Client,
    period: Period,
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
    agrees = (
        [
            bool(row["agrees"])
            for row in recomputed_levels(credited, None, contacts, terms, client)
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
    lag = _until_clean(credited, report_log, client, period)
    return Verdict(
        (money, *against_promise(clean, source), won, lag),
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


def _until_clean(credited: Table, report_log: Table | None, client: Client, period: Period) -> Evidence:
    """Return the days from the end of a credit month until nobody changed its figures any more; not scored."""
    label = "median days from the end of a credit month until its figures stood"
    if report_log is None:
        return missing(label, "days", table="report_log", lack=Lack(tables=("report_log",)), weight=0.0)
    packs = report_log[report_log["period"].isin(credited["period"])]
    last = packs[["issued_ts", "last_edit_ts"]].max(axis=1).groupby(packs["period"]).max().dropna()
    month = pd.to_datetime(last.index.to_series().astype("str"), format="%Y-%m", errors="coerce")
    stood = last.dt.tz_convert(client.time_zone).dt.tz_localize(None)
    days = ((stood - (month + pd.offsets.MonthBegin(1))).dt.total_seconds() / 86400).dropna().clip(lower=0.0)
    return quantity(label, float(days.median()) if len(days) else None, "days", len(days), table="report_log",
                    period=period, interval=median_interval(days), weight=0.0,
                    formula="last edit or issue of a pack of the month, less the end of the month",
                    reason="no pack in report_log covers a credit month")  # fmt: skip


def _inside(text: object, period: Period) -> bool:
    """Whether a window overlaps the period; one that cannot be read is kept."""
    try:
        days = Period.parse(str(text))
    except CallError:
        return True
    return days.start <= period.end and days.end >= period.start
