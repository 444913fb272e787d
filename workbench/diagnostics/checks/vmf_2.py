"""What does failure cost beside the rate card?"""

from __future__ import annotations

import numpy as np

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import coded, filled, flags
from workbench.metrics.handle_time import handle_time
from workbench.metrics.resolution import judged_by_repeat
from workbench.wording import counted, figure, number

FAILURE = Scale(
    zero=0.40, hundred=0.10, target=0.15, source="METHOD VMF-2: the cost of failure; ends are ours"
)


@diagnostic("VMF-2", area="vendor management", also=("EXP-5", "LENS-2"))
def failure_costs_little(
    contacts: Table, invoice: Table | None, cost_ledger: Table | None, client: Client, period: Period
) -> Verdict:
    """Little of the handle time goes into work that failed the first time.

    Why: a low rate times work done twice is a high rate.
    Healthy: 12 % of handle time on repeats, transfers and escalations.
    Unhealthy: 41 %, and one invoice in ten disputed.
    Remedy: price rework beside the rate card, and start with the queue where it is largest.
    """
    mine = rows_within(contacts, "offered_ts", period, client)
    took = handle_time(mine)
    if len(took.rows) == 0 or "talk_s" in took.not_recorded or not took.handle_s.sum() > 0:
        reason = "no answered contact with a talk time"
    elif not filled(mine, "customer_key").any():
        reason = "contacts.customer_key is empty: repeats cannot be seen"
    else:
        reason = ""
    if reason:
        return Verdict(
            (missing("handle time spent on failure", "fraction", table="contacts", reason=reason),)
        )
    judged = judged_by_repeat(mine)
    failed = flags(mine, "transfer_flag")[0] | flags(mine, "escalated_flag")[0]
    failed[judged["place"][judged["follows"]]] = True
    handled, failed = took.handle_s, failed[took.rows]
    hours = float(handled[failed].sum() / 3600)
    part = quantity(
        "handle time spent on repeats, transfers and escalations",
        float(handled[failed].sum() / handled.sum()),
        "fraction",
        len(handled),
        table="contacts",
        period=period,
        scale=FAILURE,
        rows=mine.index[took.rows[failed]],
        formula="handle time of contacts that repeat another within 7 days, are passed on or escalated / handle time",
    )
    disputed = _disputed(invoice, client, period)
    per_contact = _cost_per_contact(cost_ledger, len(handled), client, period)
    money = ""
    if per_contact.value is not None:
        cost = per_contact.value * len(handled) * (part.value or 0.0)
        each = f"{number(per_contact.value, 2)} {client.currency}"
        money = f" At {each} a contact that is {number(cost)} {client.currency}."
    said = found(
        "VMF-2",
        part,
        f"{number(hours)} hours, {figure(part.value, 'fraction')} of the handle time of "
        f"{counted(len(handled), 'contact')}, went into repeats, transfers and escalations "
        f"(expected {figure(part.expected, 'fraction')}), {period}.{money}",
        "Price rework beside the rate card; start with the queue where it is largest.",
        lever="queues.*.resolution",
        commitments="customers come twice",
        margin="handle time that is paid and not earned",
    )
    return Verdict((part, disputed, per_contact), said)


def _disputed(invoice: Table | None, client: Client, period: Period) -> Evidence:
    label = "invoices disputed"
    if invoice is None:
        return missing(label, "fraction", table="invoice", lack=Lack(tables=("invoice",)), weight=0.0)
    mine = rows_within(invoice, "issued_ts", period, client)
    (disputed, known), (number, _) = flags(mine, "disputed"), coded(mine, "invoice_id")
    wrong, n = (len(np.unique(number[rows & (number >= 0)])) for rows in (disputed, known))
    return quantity(label, wrong / n if n else None, "fraction", n, table="invoice", period=period, weight=0.0,
                    reason="no invoice in the period")  # fmt: skip


def _cost_per_contact(cost_ledger: Table | None, handled: int, client: Client, period: Period) -> Evidence:
    label = "fully loaded cost per contact"
    unit = f"{client.currency} per contact"
    if cost_ledger is None:
        return missing(label, unit, table="cost_ledger", lack=Lack(tables=("cost_ledger",)), weight=0.0)
    mine = rows_within(cost_ledger, "month", period, client)
    mine = mine[mine["client"].isna() | (mine["client"] == client.id)]
    currencies = mine["currency"].unique()
    known = len(currencies) == 1 and currencies[0] == client.currency and handled > 0
    return quantity(
        label,
        float(mine["amount"].sum() / handled) if known else None,
        unit,
        handled,
        table="cost_ledger",
        period=period,
        weight=0.0,
        formula="direct and shared cost of the period / contacts handled",
        reason="cost in another currency than the client's, or none",
    )
