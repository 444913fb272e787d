"""Is the service level green while customers see red?"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, TypeAlias

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import found, missing, quantity
from workbench.diagnostics.finding import Evidence, Scale, Verdict
from workbench.diagnostics.outcomes import outcomes_by_month
from workbench.diagnostics.periods import whole_months
from workbench.diagnostics.terms import against_promise, service_level_terms, term_for
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.proportion import wilson
from workbench.metrics.service_level import service_level_by_window
from workbench.wording import counted, figure, span

GREEN_AND_RED = Scale(
    zero=0.5,
    hundred=0.0,
    target=0.0,
    source="METHOD VMF-3: such months should not occur; that half of them earns nothing is ours",
)
EXPECTED = {"satisfied": 0.75, "resolved": 0.70, "not repeated within 7 days": 0.70, "no complaint": 0.98}
"""What an outcome should reach where the client's key figures set no threshold. Ours, graded A."""

Row: TypeAlias = dict[Hashable, Any]

KPI_OF = {"satisfied": "csat", "resolved": "resolution", "not repeated within 7 days": "fcr"}


@diagnostic("VMF-3", area="vendor management", also=("FM-3", "FMV-3"))
def green_level_red_outcome(
    contacts: Table,
    outcome: Table | None,
    sla: Table | None,
    kpi: Table | None,
    client: Client,
    period: Period,
    *,
    least_contacts: int = 100,
) -> Verdict:
    """When the service level is met, customers get what they need.

    Why: a narrow measure can be met while customers call again, complain and leave.
    Healthy: in none of 6 months was the level met while satisfaction or resolution fell short.
    Unhealthy: in 4 of 6 months it was met while a third of customers were dissatisfied.
    Remedy: put resolution and satisfaction beside the service level with weight, and review them together.
    """
    label = "months with the service level met and an outcome missed"
    terms, source = service_level_terms(client, sla)
    term = term_for(terms, None)
    months = whole_months(period)
    levels = service_level_by_window(
        contacts,
        "month",
        variant=term.formula,
        threshold_s=term.threshold_s,
        short_abandon_s=term.short_abandon_s,
        time_zone=client.time_zone,
    )
    named = zip(levels["start"].dt.strftime("%Y-%m").tolist(), levels.to_dict("records"), strict=True)
    judged = {m: level for m, level in named if m in months and level["counted"] >= least_contacts}
    outcomes = [
        row
        for row in outcomes_by_month(contacts, outcome, client, period).to_dict("records")
        if row["n"] >= 20
    ]
    if not judged or not outcomes:
        why = (
            f"no whole month with {least_contacts} contacts"
            if not judged
            else "no outcome with 20 rows in a month: needs outcome, or contacts.resolved_flag"
        )
        where = "contacts" if not judged else "outcome"
        return Verdict((missing(label, "fraction", table=where, reason=why),))
    rows = _joint(judged, outcomes, term.target, _expected(kpi))
    both = [row for row in rows if row["green"] and row["red"]]
    n, seen = len({row["month"] for row in rows}), len({row["month"] for row in both})
    certain = len({row["month"] for row in both if row["surely green"] and row["surely red"]})
    possible = len({row["month"] for row in rows if row["possibly green"] and row["possibly red"]})
    part = quantity(
        label,
        seen / n,
        "fraction",
        n,
        table="contacts",
        period=period,
        scale=GREEN_AND_RED,
        interval=(certain / n, possible / n),
        formula=f"months with {term.formula} within {term.threshold_s:g} s at or above "
        f"{figure(term.target, 'fraction')} ({source}) and any outcome below what is expected / months "
        "judged; the interval counts months where both are certain, and where both are possible, at 95 %",
    )
    findings = found(
        "VMF-3",
        part,
        _statement(part, both, certain, term.target),
        "Give resolution and satisfaction weight beside the service level, and open the monthly with both.",
        side="both",
        step="process",
        lever="queues.*.resolution",
        commitments="the promise is kept on paper and customers are lost",
        margin="unresolved contacts come back and are paid twice",
    )
    return Verdict(
        against_promise(part, source), findings, {"level and outcome by month": pd.DataFrame(rows)}
    )


def _expected(kpi: pd.DataFrame | None) -> dict[str, float]:
    expected = dict(EXPECTED)
    if kpi is not None:
        thresholds = dict(zip(kpi["kpi"], kpi["threshold"], strict=True))
        for outcome, name in KPI_OF.items():
            if 0 < thresholds.get(name, 0.0) <= 1:
                expected[outcome] = float(thresholds[name])
    return expected


def _joint(
    levels: dict[str, Row], outcomes: list[Row], target: float, expected: dict[str, float]
) -> list[Row]:
    """Return one row for each month and outcome, with what is seen, certain and possible at 95 %."""
    rows: list[Row] = []
    for outcome in outcomes:
        if outcome["month"] not in levels:
            continue
        row = {**levels[outcome["month"]], **outcome}
        level_low, level_high = wilson(row["met"], row["counted"])
        low, high = wilson(row["good"], row["n"])
        limit = expected[row["outcome"]]
        rows.append(
            {
                "month": row["month"],
                "service level": row["service_level"],
                "contacts": row["counted"],
                "outcome": row["outcome"],
                "share": row["good"] / row["n"],
                "low": low,
                "high": high,
                "n": row["n"],
                "expected": limit,
                "green": row["service_level"] >= target,
                "surely green": level_low >= target,
                "possibly green": level_high >= target,
                "red": row["good"] / row["n"] < limit,
                "surely red": high < limit,
                "possibly red": low < limit,
            }
        )
    return rows


def _statement(part: Evidence, both: list[Row], certain: int, target: float) -> str:
    if not both:
        return ""
    worst = min(both, key=lambda row: row["share"] - row["expected"])
    return (
        f"In {len({row['month'] for row in both})} of {counted(part.n, 'month')} ({certain} beyond doubt; expected "
        f"none) the service level met its {figure(target, 'fraction')} while an outcome fell short: in "
        f"{worst['month']} it was {figure(worst['service level'], 'fraction')} of {worst['contacts']:,} "
        f"contacts while {figure(worst['share'], 'fraction')} "
        f"({span(worst['low'], worst['high'], 'fraction')}) of {worst['n']:,} were {worst['outcome']} "
        f"(expected {figure(worst['expected'], 'fraction')}), {part.period}."
    )
