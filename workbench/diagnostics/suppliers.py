"""Which checks hold for any supplier, not only for a contact centre?

METHOD VMF-17: neighbouring vendors fail in the same way: split ownership, weak usage data, late
decisions. These checks need none of the logs that only a contact centre has.
"""

from __future__ import annotations

from workbench.catalogue import serves
from workbench.diagnostics.diagnostic import CHECKS

GENERAL = frozenset(
    {"ownership", "process_document", "gov_meeting", "gov_action", "meeting_topic", "escalation", "issue", "kpi",
     "kpi_value", "breach", "report_log", "tool_inventory", "invoice", "incident", "audit_finding", "access_review",
     "change_request", "leadership_roster", "improvement", "contract_clause", "sla", "sla_result", "survey"}
)  # fmt: skip
"""Tables that any supplier relationship has."""

AREAS = (
    "vendor management",
    "governance",
    "partnership health",
    "rescue or switch",
    "exposures",
    "failure modes",
)


@serves("VMF-17", kind="rule")
def supplier_checks() -> tuple[str, ...]:
    """Return the codes of the checks that can be used on any supplier, for `assess(only=...)`."""
    return tuple(
        declared.code
        for declared in CHECKS
        if declared.area in AREAS and set(declared.needs) <= GENERAL
        and (declared.needs or set(declared.optional) & GENERAL)
    )  # fmt: skip
