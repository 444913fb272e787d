"""Which service levels were promised, on which formula?

From table `sla`, else from client.yaml, else a stated default that every figure then calls assumed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.evidence import missing
from workbench.diagnostics.finding import Evidence
from workbench.intake.client import Client, SlaTerm
from workbench.once import once_per_table

ASSUMED = "assumed: 80 % within 20 s of all offered (V2), as no contract term was given"


@serves("DEF-1")
@once_per_table
def service_level_terms(client: Client, sla: pd.DataFrame | None) -> tuple[tuple[SlaTerm, ...], str]:
    """Return the terms for the service level, the one over all queues first, and where they come from."""
    if sla is not None:
        terms = stated_terms(sla.to_dict("records"))
        if terms:
            return tuple(sorted(terms, key=lambda term: term.queue or "")), "table sla"
    given = tuple(term for term in client.sla_terms if term.metric == "service_level")
    if given:
        return tuple(sorted(given, key=lambda term: term.queue or "")), "client.yaml"
    return (SlaTerm(),), ASSUMED


def stated_terms(rows: Iterable[Mapping[Hashable, Any]]) -> list[SlaTerm]:
    """Return the terms for the service level among rows of table sla; what has no usable target is left out."""
    return [
        _term(row)
        for row in rows
        if str(row["metric"]).casefold() == "service_level" and 0 < row["target"] <= 100
    ]


def term_for(terms: tuple[SlaTerm, ...], queue: str | None) -> SlaTerm:
    """Return the term that holds for `queue` (None: all queues): its own, or the general one."""
    own = next((term for term in terms if term.queue == queue), None)
    return own or next((term for term in terms if term.queue is None), terms[0])


def against_promise(part: Evidence, source: str) -> tuple[Evidence, ...]:
    """Return evidence that is held against promised terms.

    Where these are assumed, it is shown and its score stays open: who hands over no contract must not look better
    for it.
    """
    if source != ASSUMED or part.value is None:
        return (part,)
    reason = "no contract term was given to hold it against"
    return (
        replace(part, weight=0.0, grade="A"),
        missing(part.measure, part.unit, table="sla", reason=reason, weight=part.weight),
    )


def _term(row: Mapping[Hashable, Any]) -> SlaTerm:
    """Read one row; a target above 1 can only be a percentage, and a quarter is looked at month by month."""
    target = float(str(row["target"]))
    said: dict[str, object] = {
        "queue": row["queue"],
        "formula": row["formula_variant"],
        "threshold_s": row["threshold"],
        "short_abandon_s": row["short_abandon_s"],
        "target": target / 100 if target > 1 else target,
        "window": "month" if row["window"] == "quarter" else row["window"],
    }
    return SlaTerm.model_validate({name: value for name, value in said.items() if not pd.isna(value)})
