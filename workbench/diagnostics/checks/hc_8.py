"""Can the reported figures be computed again from the raw contacts?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity, sentence, share
from workbench.diagnostics.finding import Evidence, Finding, Scale, Verdict
from workbench.diagnostics.periods import within
from workbench.diagnostics.terms import service_level_terms, term_for
from workbench.errors import CallError
from workbench.intake.client import Client, SlaTerm
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.contact_outcome import contact_outcome
from workbench.metrics.service_level import FORMULAS, service_level
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
    tolerance: float = 0.005,
) -> Verdict:
    """Reported service levels can be computed again from the raw contacts on the contract's formula.

    Why: a figure that cannot be reproduced cannot be defended when a credit hangs on it.
    Healthy: 6 of 6 monthly figures agree to half a point with the contract's formula.
    Unhealthy: half of them are 7 points higher, and are what another formula gives.
    Remedy: write the formula with threshold and exclusions into the report, and let both sides compute it.
    """
    terms, source = service_level_terms(client, sla)
    reported = _reported(sla_result, kpi_value)
    table = pd.DataFrame()
    if contacts is None or reported.empty:
        lacking = "contacts" if contacts is None else "a reported service level in sla_result or kpi_value"
        where = "contacts" if contacts is None else "sla_result"
        again = missing(_LABEL, "fraction", table=where, reason=f"needs {lacking}")
    else:
        table = pd.DataFrame(
            [_recomputed(row, contacts, terms, client, tolerance) for _, row in reported.iterrows()]
        )
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
    return Verdict((again, restated), tuple(findings), {"reported and recomputed": table})


_LABEL = "reported service levels that the contract's formula gives"


def _reported(sla_result: pd.DataFrame | None, kpi_value: pd.DataFrame | None) -> pd.DataFrame:
    """Return every reported service level: table, row, queue, period and value."""
    parts = []
    for table, frame, name, value in (
        ("sla_result", sla_result, "metric", "value"),
        ("kpi_value", kpi_value, "kpi", "reported"),
    ):
        if frame is not None:
            rows = frame[(frame[name].astype("str").str.casefold() == "service_level") & frame[value].notna()]
            parts.append(
                pd.DataFrame(
                    {
                        "table": table,
                        "row": rows.index,
                        "queue": rows["queue"].astype("object"),
                        "period": rows["period"].astype("str"),
                        "reported": rows[value].astype(float),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _recomputed(
    row: pd.Series, contacts: pd.DataFrame, terms: tuple[SlaTerm, ...], client: Client, tolerance: float
) -> dict[str, object]:
    queue = None if pd.isna(row["queue"]) else str(row["queue"])
    term = term_for(terms, queue)
    result: dict[str, object] = {**row.to_dict(), "queue": queue or "all", "contract formula": term.formula}
    try:
        days = Period.parse(row["period"])
    except CallError:
        return {**result, "contacts": 0}
    mine = contacts[within(contacts["offered_ts"], days, client)]
    if queue is not None:
        mine = mine[mine["queue"] == queue]
    outcome = contact_outcome(mine, queue_recorded=bool(contacts["queue_ts"].notna().any()))
    by_formula = {
        variant: service_level(
            mine.assign(**outcome),
            variant=variant,
            threshold_s=term.threshold_s,
            short_abandon_s=term.short_abandon_s,
        )
        for variant in FORMULAS
    }
    values = {variant: measure.value for variant, measure in by_formula.items()}
    agrees = [
        v for v, value in values.items() if value is not None and abs(value - row["reported"]) <= tolerance
    ]
    return {
        **result,
        "contacts": by_formula["V2"].n,
        **values,
        "difference": row["reported"] - values[term.formula] if values[term.formula] is not None else None,
        "agrees": term.formula in agrees,
        "formulas that give it": ", ".join(agrees),
    }


def _evidence(table: pd.DataFrame, period: Period, source: str) -> Evidence:
    if table.empty:
        reason = "no reported period lies within the contacts that were handed over"
        return missing(_LABEL, "fraction", table="contacts", reason=reason)
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
    sent = report_log[within(report_log["issued_ts"], period, client) & report_log["restated_flag"].notna()]
    wrong = sent[sent["restated_flag"].astype(bool)]
    return share(
        label,
        len(sent) - len(wrong),
        len(sent),
        of="reports",
        table="report_log",
        period=period,
        scale=NOT_RESTATED,
        rows=wrong.index,
    )
