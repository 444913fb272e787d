"""Is what was worked what was billed?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, median_interval, missing, quantity, ratio_interval, share
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.handoff import told_of
from workbench.diagnostics.lifecycle import HANDOFFS
from workbench.diagnostics.periods import rows_within, whole_months, within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.wording import counted, figure, listing, number

LEAK = Scale(zero=0.10, hundred=0.0, target=0.01, source="METHOD EXP-3, HO-15; ends are ours")
RIGHT = Scale(
    zero=0.80, hundred=1.0, target=0.98, source="METHOD BOM-7: fewer than 2 % corrected; the zero is ours"
)

HOUR = ("hour", "hours", "h")


@diagnostic("EXP-3", area="exposures", also=("HO-15",))
def hours_billed_as_worked(
    invoice: Table, timesheet: Table | None, rate_card: Table | None, client: Client, period: Period
) -> Verdict:
    """Billed hours are the tracked ones, rate code by rate code, and invoices are right the first time.

    Why: hours that are worked and not billed are margin lost; hours billed and not worked are trust lost.
    Healthy: 0.4 % difference, 1 % of invoices corrected.
    Unhealthy: after-hours work billed at the day rate, 6 % not billed at all.
    Remedy: compute the invoice from the timesheets with the rate rules, and reconcile before it goes out.
    """
    leak, table = _leak(invoice, timesheet, rate_card, client, period)
    first = _first_time(invoice, client, period)
    worst = []
    if len(table):
        by_code = table.groupby(["client", "rate_code"])[["tracked", "billed"]].sum()
        gap = (by_code["billed"] - by_code["tracked"]).sort_values(key=abs, ascending=False)
        worst = [
            f"{who} {code} {number(float(h))} h" for (who, code), h in gap.head(3).items() if abs(h) >= 1
        ]
    told = listing(worst) or "less than an hour each"
    said = found(
        "EXP-3",
        leak,
        f"Tracked and billed hours differ by {figure(leak.value, 'fraction')} of {counted(leak.n, 'tracked hour')} "
        f"(expected at most {figure(leak.expected, 'fraction')}); billed less tracked: {told}, {period}.",
        "Compute the invoice from the timesheets with the rate rules, and reconcile before it goes out.",
        step="bypass",
        side="vendor",
        margin="hours worked and not billed, or credited later",
    ) + found(
        "EXP-3",
        first,
        f"{figure(first.value, 'fraction')} of {counted(first.n, 'invoice')} were right the first time "
        f"(expected {figure(first.expected, 'fraction')}), {period}.",
        "Reconcile before the invoice goes out.",
        step="bypass",
        side="vendor",
    )
    waits = _to_invoice(invoice, client, period)
    facts = {"tracked and billed hours": table, **told_of("HO-15", waits, first, leak)}
    return Verdict((leak, first, waits), said, facts)


def _to_invoice(invoice: pd.DataFrame, client: Client, period: Period) -> Evidence:
    """Return the days from the end of the month worked to its invoice: the dwell of HO-15, shown and not scored."""
    mine = invoice[within(invoice["issued_ts"], period, client)].drop_duplicates("invoice_id")
    month = pd.to_datetime(mine["period"].astype("str"), format="%Y-%m", errors="coerce")
    issued = mine["issued_ts"].dt.tz_convert(client.time_zone).dt.tz_localize(None)
    days = ((issued - (month + pd.offsets.MonthBegin(1))).dt.total_seconds() / 86400).dropna().clip(lower=0.0)
    return quantity(f"median days: {HANDOFFS['HO-15'].title}", float(days.median()) if len(days) else None, "days",
                    len(days), table="invoice", period=period, interval=median_interval(days), weight=0.0,
                    formula="issued less the end of the month that is billed",
                    reason="no invoice of the period names the month that it bills")  # fmt: skip


def _leak(
    invoice: pd.DataFrame, timesheet: Table | None, rate_card: Table | None, client: Client, period: Period
) -> tuple[Evidence, pd.DataFrame]:
    label = "hours billed differently from what was tracked"
    if timesheet is None or rate_card is None:
        lacking = "timesheet" if timesheet is None else "rate_card"  # which says what is billed by the hour
        return missing(
            label, "fraction", table=lacking, reason=f"needs {lacking}", weight=2.0
        ), pd.DataFrame()
    hourly = set(rate_card.loc[rate_card["unit"].isin(HOUR), "rate_code"])
    months = whole_months(period)
    days = rows_within(timesheet, "date", period, client).dropna(
        subset=["clock_in", "clock_out", "rate_code"]
    )
    hours = (days["clock_out"] - days["clock_in"]).dt.total_seconds() / 3600 - days["breaks"].fillna(0.0) / 60
    keys = [days["client"], days["rate_code"], days["date"].dt.strftime("%Y-%m").rename("month")]
    tracked = hours.clip(lower=0.0).groupby(keys).sum().rename("tracked")
    lines = invoice[
        invoice["period"].isin(months) & invoice["units"].notna() & invoice["rate_code"].isin(hourly)
    ]
    billed = (
        lines.groupby(["client", "rate_code", lines["period"].rename("month")])["units"]
        .sum()
        .rename("billed")
    )
    both = pd.concat([tracked, billed], axis=1).fillna(0.0)
    both = both[both.index.get_level_values("month").isin(months)]
    both = both[both.index.get_level_values("rate_code").isin(hourly)]
    billed_clients = set(lines["client"])
    both = both[both.index.get_level_values("client").isin(billed_clients)].reset_index()
    total = float(both["tracked"].sum()) if len(both) else 0.0
    if total == 0:
        reason = "timesheet and invoice have no client, rate code and month in common"
        return missing(label, "fraction", table="timesheet", reason=reason, weight=2.0), pd.DataFrame()
    sums = np.stack([(both["billed"] - both["tracked"]).abs(), both["tracked"]], axis=1)
    part = quantity(
        label,
        float((both["billed"] - both["tracked"]).abs().sum() / total),
        "fraction",
        round(total),
        table="invoice",
        period=period,
        scale=LEAK,
        interval=ratio_interval(sums),
        formula="Σ|billed − tracked hours| over client, rate code and month / tracked hours",
        weight=2.0,
    )
    return part, both


def _first_time(invoice: pd.DataFrame, client: Client, period: Period) -> Evidence:
    mine = invoice[within(invoice["issued_ts"], period, client) & invoice["corrected_flag"].notna()]
    wrong = mine["corrected_flag"].astype(bool).groupby(mine["invoice_id"]).any()
    rows = mine.index[mine["corrected_flag"].astype(bool)]
    return share("invoices right the first time", int((~wrong).sum()), len(wrong), of="invoices", table="invoice",
                 period=period, scale=RIGHT, rows=rows)  # fmt: skip
