"""Is what was worked what was billed?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, median_interval, missing, quantity, ratio_interval, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.handoff import told_of
from workbench.diagnostics.lifecycle import HANDOFFS
from workbench.diagnostics.periods import each_once, months_of, rows_within, wall, whole_months
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import any_of, coded, filled, flags, in_order, seconds_between
from workbench.metrics.sheets import worked_seconds
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
    gap: dict[tuple[str, str], float] = {}
    for row in table.to_dict("records"):
        key = row["client"], row["rate_code"]
        gap[key] = gap.get(key, 0.0) + row["billed"] - row["tracked"]
    widest = sorted(gap.items(), key=lambda item: -abs(item[1]))[:3]
    worst = [f"{who} {code} {number(h)} h" for (who, code), h in widest if abs(h) >= 1]
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
    mine = each_once(rows_within(invoice, "issued_ts", period, client), "invoice_id")
    month = pd.to_datetime(mine["period"].astype("str"), format="%Y-%m", errors="coerce")
    ended = (month.to_numpy("datetime64[M]") + 1).astype("datetime64[us]")
    days = seconds_between(ended, wall(mine, "issued_ts", client)) / 86400
    days = np.maximum(days[~np.isnan(days)], 0.0)
    return quantity(f"median days: {HANDOFFS['HO-15'].title}", float(np.median(days)) if len(days) else None, "days",
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
            label, "fraction", table=lacking, lack=Lack(tables=(lacking,)), weight=2.0
        ), pd.DataFrame()
    hourly = set(rate_card["rate_code"][any_of(rate_card, "unit", HOUR)].tolist())
    months = whole_months(period)
    lines = invoice[
        any_of(invoice, "period", months) & filled(invoice, "units")
        & any_of(invoice, "rate_code", sorted(map(str, hourly)))
    ]  # fmt: skip
    billed: dict[tuple[str, str, str], float] = {}
    for who, code, month, units in zip(
        *(lines[name].tolist() for name in ("client", "rate_code", "period", "units")), strict=True
    ):
        billed[who, code, month] = billed.get((who, code, month), 0.0) + units
    clients = {who for who, *_ in billed}
    tracked = {
        key: hours
        for key, hours in _tracked(rows_within(timesheet, "date", period, client), client).items()
        if key[0] in clients and key[1] in hourly and key[2] in months
    }
    both = pd.DataFrame(
        [(*key, tracked.get(key, 0.0), billed.get(key, 0.0)) for key in sorted({*tracked, *billed})],
        columns=["client", "rate_code", "month", "tracked", "billed"],
    )
    due, claimed = both["tracked"].to_numpy(float), both["billed"].to_numpy(float)
    total = float(due.sum()) if len(both) else 0.0
    if total == 0:
        reason = "timesheet and invoice have no client, rate code and month in common"
        return missing(label, "fraction", table="timesheet", reason=reason, weight=2.0), pd.DataFrame()
    sums = np.stack([np.abs(claimed - due), due], axis=1)
    part = quantity(
        label,
        float(sums[:, 0].sum() / total),
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


def _tracked(days: pd.DataFrame, client: Client) -> dict[tuple[str, str, str], float]:
    """Return the hours worked, breaks taken off, by client, rate code and month."""
    hours = np.maximum(worked_seconds(days) / 3600, 0.0)
    by = pd.DataFrame(
        {
            "client": days["client"].array,
            "code": days["rate_code"].array,
            "month": months_of(days, "date", client),
        }
    )
    (cell,), cells = in_order([by], ["client", "code", "month"])
    use = (cell >= 0) & ~np.isnan(hours)
    total, n = np.bincount(cell[use], hours[use], len(cells)), np.bincount(cell[use], minlength=len(cells))
    keys = zip(cells["client"], cells["code"], cells["month"].dt.strftime("%Y-%m"), strict=True)
    return {key: float(h) for key, h, some in zip(keys, total, n, strict=True) if some}


def _first_time(invoice: pd.DataFrame, client: Client, period: Period) -> Evidence:
    mine = rows_within(invoice, "issued_ts", period, client)
    corrected, known = flags(mine, "corrected_flag")
    number, _ = coded(mine, "invoice_id")
    all_, wrong = (len(np.unique(number[rows & (number >= 0)])) for rows in (known, corrected))
    return share("invoices right the first time", all_ - wrong, all_, of="invoices", table="invoice", period=period,
                 scale=RIGHT, rows=mine.index[corrected])  # fmt: skip
