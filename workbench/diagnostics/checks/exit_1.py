"""Do reports, bills or disclosures break trust again and again?"""

from __future__ import annotations

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import findings, missing, share
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import flags, seconds_between, times

REPORTS = Scale(zero=0.7, hundred=1.0, target=0.98, source="METHOD EXIT-1; ends are ours")
BILLS = Scale(
    zero=0.8, hundred=1.0, target=0.98, source="METHOD EXIT-1, BOM-7: fewer than 2 %; the zero is ours"
)
TOLD = Scale(
    zero=0.5, hundred=1.0, target=1.0, source="METHOD EXIT-1: disclosure; that 24 hours count is ours"
)


@diagnostic("EXIT-1", area="rescue or switch", also=("EXP-7",))
def trust_not_broken(
    report_log: Table | None,
    invoice: Table | None,
    incident: Table | None,
    client: Client,
    period: Period,
    *,
    disclosure_hours: float = 24.0,
) -> Verdict:
    """Reports stand, invoices are right the first time, and incidents are told at once.

    Why: trust goes by instalments, and each correction is one.
    Healthy: no report restated, 1 % of invoices corrected, every incident told within a day.
    Unhealthy: each third report restated, one invoice in ten corrected, incidents learned from customers.
    Remedy: freeze data before reporting, reconcile before invoicing, and agree on a clock for disclosure.
    """
    parts = (
        _kept(report_log, "reports never restated", "reports", "issued_ts", "restated_flag", REPORTS, client, period,
              "report_log"),
        _invoices(invoice, client, period),
        _disclosed(incident, client, period, disclosure_hours),
    )  # fmt: skip
    remedies = (
        ("report", "Freeze the data before a report is made; log each restatement with its cause."),
        ("invoice", "Reconcile hours and rates before the invoice goes out."),
        ("incident", "Agree on a clock for disclosure, and report against it."),
    )
    return Verdict(
        parts,
        findings(
            "EXIT-1",
            [(part, noun, remedy) for part, (noun, remedy) in zip(parts, remedies, strict=True)],
            side="vendor",
            step="data",
            commitments="what is reported is no longer believed",
            margin="corrections, credits and disputes",
        ),
    )


def _kept(
    table: Table | None,
    label: str,
    of: str,
    at: str,
    flag: str,
    scale: Scale,
    client: Client,
    period: Period,
    name: str,
) -> Evidence:
    if table is None:
        return missing(label, "fraction", table=name, lack=Lack(tables=(name,)))
    mine = rows_within(table, at, period, client)
    wrong, known = flags(mine, flag)
    return share(
        label,
        int((known & ~wrong).sum()),
        int(known.sum()),
        of=of,
        table=name,
        period=period,
        scale=scale,
        rows=mine.index[wrong],
    )


def _invoices(invoice: Table | None, client: Client, period: Period) -> Evidence:
    whole = (
        None
        if invoice is None
        else invoice.sort_values("corrected_flag").drop_duplicates("invoice_id", keep="last")
    )
    return _kept(whole, "invoices right the first time", "invoices", "issued_ts", "corrected_flag", BILLS, client,
                 period, "invoice")  # fmt: skip


def _disclosed(incident: Table | None, client: Client, period: Period, hours: float) -> Evidence:
    label = f"incidents told to the client within {hours:g} hours"
    if incident is None:
        return missing(label, "fraction", table="incident", lack=Lack(tables=("incident",)))
    mine = rows_within(incident, "detected", period, client)
    late = ~(seconds_between(times(mine, "detected"), times(mine, "reported")) <= hours * 3600)
    return share(
        label,
        int((~late).sum()),
        len(mine),
        of="incidents",
        table="incident",
        period=period,
        scale=TOLD,
        rows=mine.index[late],
    )
