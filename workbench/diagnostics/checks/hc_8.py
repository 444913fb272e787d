"""Can the reported figures be computed again from the raw contacts?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity, sentence, share
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.diagnostics.periods import rows_within
from workbench.diagnostics.reported import TOLERANCE, recomputed_levels, reported_levels
from workbench.diagnostics.terms import against_promise, service_level_terms
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import flags
from workbench.wording import counted, figure, listing

REPRODUCED = Scale(zero=0.5, hundred=1.0, target=1.0, source="METHOD HC-8: reproducible; the zero is ours")
NOT_RESTATED = Scale(zero=0.7, hundred=1.0, target=0.98, source="METHOD HC-8, EXP-7; ends are ours")


@diagnostic("HC-8", area="partnership health", also=("EXP-1", "VMF-7"))
def reported_figures_reproduce(
    contacts: Table | None,
    sla_result: Table | None,
    kpi_value: Table | None,
    sla: Table | None,
    report_log: Table | None,
    client: Client,
    period: Period,
    *,
    tolerance: float = TOLERANCE,
) -> Verdict:
    """Reported service levels can be computed again from the raw contacts on the contract's formula.

    Why: a figure that cannot be reproduced cannot be defended when a credit hangs on it.
    Healthy: 6 of 6 monthly figures agree to half a point with the contract's formula.
    Unhealthy: half of them are 7 points higher, and are what another formula gives.
    Remedy: write the formula with threshold and exclusions into the report, and let both sides compute it.
    """
    terms, source = service_level_terms(client, sla)
    reported = reported_levels(sla_result, kpi_value)
    table = pd.DataFrame()
    if contacts is None or reported.empty:
        lacking = "contacts" if contacts is None else "a reported service level in sla_result or kpi_value"
        where = "contacts" if contacts is None else "sla_result"
        again = missing(_LABEL, "fraction", table=where, reason=f"needs {lacking}", weight=2.0)
    else:
        table = pd.DataFrame(recomputed_levels(sla_result, kpi_value, contacts, terms, client, tolerance))
        table = table[table["contacts"] > 0] if len(table) else table
        again = _evidence(table, period, source)
    restated = _restated(report_log, client, period)
    findings = (
        *(_finding(again, table) if again.value is not None else ()),
        *found(
            "HC-8",
            restated,
            sentence(restated, "report", "reports never restated after they were sent"),
            "Freeze the data before a report is made, and log each restatement with its cause.",
            step="data",
        ),
    )
    return Verdict(
        (*against_promise(again, source), restated), tuple(findings), {"reported and recomputed": table}
    )


_LABEL = "reported service levels that the contract's formula gives"


def _evidence(table: pd.DataFrame, period: Period, source: str) -> Evidence:
    if table.empty:
        reason = "no reported period lies within the contacts that were handed over"
        return missing(_LABEL, "fraction", table="contacts", reason=reason, weight=2.0)
    wrong = table[~table["agrees"].astype(bool)]
    return quantity(
        _LABEL,
        1 - len(wrong) / len(table),
        "fraction",
        len(table),
        table=str(table["table"].iloc[0]),
        period=period,
        scale=REPRODUCED,
        rows=wrong["row"],
        formula=f"reported within half a point of the contract's formula ({source}) / reported; weight 2",
        weight=2.0,
    )


def _finding(again: Evidence, table: pd.DataFrame) -> tuple[Finding, ...]:
    wrong = table[~table["agrees"].astype(bool)]
    if wrong.empty:
        return ()
    worst = wrong.loc[wrong["difference"].abs().idxmax()]
    others = sorted({v for names in wrong["formulas that give it"] for v in names.split(", ") if v})
    told = f" Formula {listing(others, last='or')} gives what was reported." if others else ""
    formula = worst["contract formula"]
    statement = (
        f"{counted(len(wrong), 'reported service level')} of {len(table)} "
        f"{'differs' if len(wrong) == 1 else 'differ'} from the contract's formula {formula} "
        f"(expected none): {worst['period']} was reported as {figure(worst['reported'], 'fraction')} where "
        f"{worst['contacts']:,} contacts give {figure(worst[formula], 'fraction')}.{told}"
    )
    return found(
        "HC-8",
        again,
        statement,
        "State formula, threshold and exclusions beside each figure, and compute it from the same contacts "
        "on both sides before it is sent.",
        step="data",
        at_least="minor",
        commitments="the reported level does not stand in a dispute",
        margin="credits are paid or missed on a wrong figure",
    )


def _restated(report_log: pd.DataFrame | None, client: Client, period: Period) -> Evidence:
    label = "reports not restated after they were sent"
    if report_log is None:
        return missing(label, "fraction", table="report_log", reason="needs report_log")
    sent = rows_within(report_log, "issued_ts", period, client)
    wrong, known = flags(sent, "restated_flag")
    return share(
        label,
        int((known & ~wrong).sum()),
        int(known.sum()),
        of="reports",
        table="report_log",
        period=period,
        scale=NOT_RESTATED,
        rows=sent.index[wrong],
    )
