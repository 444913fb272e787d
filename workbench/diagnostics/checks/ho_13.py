"""Is the promised service level the reported one and the one used for staffing?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.diagnostic import diagnostic
from workbench.diagnostics.evidence import missing, quantity
from workbench.diagnostics.finding import Evidence, Lack, Scale, Verdict
from workbench.diagnostics.handoff import judge_handoff, unreturned
from workbench.diagnostics.reported import TOLERANCE, recomputed_levels, reported_levels
from workbench.diagnostics.terms import ASSUMED, service_level_terms, term_for
from workbench.intake.client import Client, SlaTerm
from workbench.intake.dataset import Table
from workbench.metrics.columns import equals, flags

SAME = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD HO-13: a three-way match")


@diagnostic("HO-13", area="handoffs")
def one_formula_throughout(
    contacts: Table | None,
    sla: Table | None,
    sla_result: Table | None,
    kpi_value: Table | None,
    ownership: Table | None,
    client: Client,
) -> Verdict:
    """Contract, report and staffing use the same formula of the service level.

    Why: three formulas make three truths, and each side picks its own.
    Healthy: V2 within 20 s in all three.
    Unhealthy: V2 promised, V1 reported, V4 staffed for.
    Remedy: write one formula, and hand it with its threshold to reporting and planning.
    """
    terms, source = service_level_terms(client, sla)
    term = term_for(terms, None)
    reported = _reported(contacts, sla_result, kpi_value, terms, client)
    staffed = _staffed(client, term.formula)
    if source == ASSUMED:
        promised = "needs the contract's formula, in table sla or in sla_terms of client.yaml"
        reported, staffed = (
            missing(part.measure, part.unit, table="sla", reason=promised) for part in (reported, staffed)
        )
    stood = _undisputed(sla_result)
    measured = ((reported, "reported level"), (staffed, "setting"))
    verdict = judge_handoff(
        "HO-13",
        ownership,
        measured,
        "Write one formula, and hand it with its threshold to reporting and planning.",
        beside=((stood, "result"),),
        rework=stood,
        carried=reported,
    )
    return Verdict(
        verdict.evidence,
        verdict.findings,
        {**verdict.facts, "contract formula": f"{term.formula} ({source})"},
    )


def _reported(
    contacts: Table | None,
    sla_result: Table | None,
    kpi_value: Table | None,
    terms: tuple[SlaTerm, ...],
    client: Client,
) -> Evidence:
    label = "the report uses the contract's formula"
    levels = reported_levels(sla_result, kpi_value)
    if contacts is None or levels.empty:
        lacking = "contacts" if contacts is None else "sla_result"
        return missing(label, "yes = 1", table=lacking, lack=Lack(tables=(lacking,)))
    rows = recomputed_levels(sla_result, kpi_value, contacts, terms, client, TOLERANCE)
    known = [row for row in rows if row["contacts"]]
    agree = sum(bool(row["agrees"]) for row in known)
    return quantity(label, float(agree > len(known) / 2) if known else None, "yes = 1", len(known), table="sla_result",
                    scale=SAME, reason="no reported period lies within the contacts")  # fmt: skip


def _undisputed(sla_result: Table | None) -> Evidence:
    """The results that were not changed in a dispute: what came back because two formulas were in use."""
    label = "results of the service level that no dispute changed"
    if sla_result is None:
        return missing(label, "fraction", table="sla_result", lack=Lack(tables=("sla_result",)), weight=0.0)
    disputed, known = flags(sla_result, "disputed")
    stood = pd.Series(~(disputed & equals(sla_result, "dispute_result", "changed")), sla_result.index)[known]
    return unreturned("HO-13", label, stood, of="results", table="sla_result", period=None)


def _staffed(client: Client, formula: str) -> Evidence:
    label = "staffing uses the contract's formula"
    said = client.contract.get("staffing_formula")
    if said is None:
        return missing(
            label, "yes = 1", table="client.yaml", lack=Lack(settings=("contract.staffing_formula",))
        )
    return quantity(label, float(str(said) == formula), "yes = 1", 1, table="client.yaml", scale=SAME, grade="D",
                    formula=f"staffing is computed for {said}, the contract says {formula}")  # fmt: skip
