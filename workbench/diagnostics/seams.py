"""What is known of each of the seventeen seams: owner, document, dwell, rework, and what is carried over?

METHOD section 3 asks the same five things of every handoff. A check says in its facts which of its
evidence answers "dwell", "rework" and "carried"; the rest is named here as not measured, with the table that
would show it.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.evidence import missing
from workbench.diagnostics.finding import Evidence
from workbench.diagnostics.handoff import owner_and_document
from workbench.diagnostics.lifecycle import HANDOFFS

NOT_MEASURED = {
    "HO-1": {"rework": "requisition has no column that says it was sent back"},
    "HO-3": {"rework": "provisioning has no time at which an access was sent back"},
    "HO-4": {"rework": "training has no column that says a certificate was withdrawn"},
    "HO-6": {
        "dwell": "needs a log of the real-time board: which schedule it loaded, and when",
        "carried": "needs a log of the real-time board: which exceptions it loaded",
    },
    "HO-7": {
        "dwell": "needs a log of floor events with the time at which evaluators could see them",
        "rework": "needs the reason of a changed score in qa_eval",
        "carried": "needs the floor's events as a column of qa_eval",
    },
    "HO-9": {"rework": "coaching has no column that says a session had to be repeated"},
    "HO-12": {
        "dwell": "needs the change log of the hiring profile, with dates",
        "rework": "needs the change log of the hiring profile, with dates",
    },
    "HO-13": {"dwell": "needs the day on which reporting and planning took over a changed term"},
    "HO-14": {
        "dwell": "needs a list of obligations with the day of each and of its control",
        "rework": "audit_finding does not say which control failed",
    },
    "HO-16": {
        "dwell": "needs the minutes of the weekly with the week that each figure is of",
        "rework": "needs the minutes of the weekly with what was sent back",
    },
}
"""What no table carries yet, and what would."""


@dataclass(frozen=True)
class Seam:
    """One handoff with the five things that METHOD section 3 asks of it; unknown ones say why."""

    code: str
    title: str
    owner: Evidence
    written: Evidence
    dwell: Evidence
    rework: Evidence
    carried: Evidence


def seams(assessment: Assessment) -> tuple[Seam, ...]:
    """Return all seventeen handoffs as far as the client's tables tell."""
    ownership = assessment.dataset.tables.get("ownership")
    by_code = {
        code: verdict.facts for code, verdict in assessment.verdicts.items() if "seam" in verdict.facts
    }
    judged = {str(facts["seam"]): (code, facts) for code, facts in by_code.items()}
    return tuple(
        Seam(code, handoff.title, *owner_and_document(code, ownership),
             *(_aspect(code, aspect, judged, assessment) for aspect in ("dwell", "rework", "carried")))
        for code, handoff in HANDOFFS.items()
    )  # fmt: skip


def _aspect(
    code: str, aspect: str, judged: dict[str, tuple[str, dict[str, object]]], assessment: Assessment
) -> Evidence:
    unit = "days" if aspect == "dwell" else "fraction"
    label = f"{aspect}: {HANDOFFS[code].title}"
    reason = NOT_MEASURED.get(code, {}).get(aspect)
    if reason is not None:
        return missing(label, unit, table="", reason=reason, weight=0.0)
    check, facts = judged.get(code, (code, {}))
    part = facts.get(aspect)
    if isinstance(part, Evidence):
        return part
    reason = assessment.not_assessed.get(check, "") or f"{check} was not assessed"
    return missing(label, unit, table="", reason=reason, weight=0.0)
