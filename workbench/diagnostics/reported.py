"""Which service levels were reported, and what do the raw contacts give under each formula?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbench.diagnostics.periods import kept, within
from workbench.diagnostics.terms import term_for
from workbench.errors import CallError
from workbench.intake.client import Client, SlaTerm
from workbench.intake.period import Period
from workbench.metrics.columns import equals, filled, spelled
from workbench.metrics.contact_outcome import codes_and_waits, contact_outcome
from workbench.metrics.measure import Measure
from workbench.metrics.service_level import service_level_by_formula
from workbench.once import once_per_table

TOLERANCE = 0.005
"""A reported share agrees when it is no further off: half a point, the rounding to whole percent. Ours."""


@once_per_table
def reported_levels(sla_result: pd.DataFrame | None, kpi_value: pd.DataFrame | None) -> pd.DataFrame:
    """Return every reported service level: table, row, queue, period and value."""
    rows: list[tuple[object, ...]] = []
    for table, frame, name, value in (
        ("sla_result", sla_result, "metric", "value"),
        ("kpi_value", kpi_value, "kpi", "reported"),
    ):
        if frame is not None:
            mine = kept(frame, spelled(frame, name, ("service_level",)) & filled(frame, value))
            said = (mine[column].tolist() for column in ("queue", "period", value))
            rows += zip([table] * len(mine), mine.index, *said, strict=True)
    if sla_result is None and kpi_value is None:
        return pd.DataFrame()
    return pd.DataFrame(rows, columns=["table", "row", "queue", "period", "reported"])


def recomputed(
    row: Mapping[str, Any],
    contacts: pd.DataFrame,
    terms: tuple[SlaTerm, ...],
    client: Client,
    tolerance: float = TOLERANCE,
) -> dict[str, object]:
    """Return one reported level beside what its contacts give under each formula.

    Keys: those of `row`, the contract's formula, contacts, V1 … V5, difference to the contract's formula,
    whether it agrees, and which formulas give it. `contacts` is 0 where the period cannot be read.
    """
    queue = None if pd.isna(row["queue"]) else str(row["queue"])
    term = term_for(terms, queue)
    result: dict[str, object] = {**row, "queue": queue or "all", "contract formula": term.formula}
    try:
        days = Period.parse(row["period"])
    except CallError:
        return {**result, "contacts": 0}
    by_formula = _levels(contacts, days, queue, term, client)
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


@once_per_table
def recomputed_levels(
    sla_result: pd.DataFrame | None,
    kpi_value: pd.DataFrame | None,
    contacts: pd.DataFrame,
    terms: tuple[SlaTerm, ...],
    client: Client,
    tolerance: float = TOLERANCE,
) -> tuple[dict[str, object], ...]:
    """Return every reported level `recomputed`, in the order of `reported_levels`."""
    rows = reported_levels(sla_result, kpi_value).to_dict("records")
    return tuple(recomputed(row, contacts, terms, client, tolerance) for row in rows)


@once_per_table
def _levels(
    contacts: pd.DataFrame, days: Period, queue: str | None, term: SlaTerm, client: Client
) -> dict[str, Measure]:
    """Return what the contacts of those days (and of one queue) give under each formula."""
    mine = within(contacts["offered_ts"], days, client)
    if queue is not None:
        mine = mine & equals(contacts, "queue", queue)
    codes, wait = codes_and_waits(contact_outcome(contacts))
    return service_level_by_formula(
        codes[mine], wait[mine], threshold_s=term.threshold_s, short_abandon_s=term.short_abandon_s
    )
