"""Which stages does the employee's way through the centre have, and which seams lie between them?

The twelve stages of METHOD LC, the seventeen handoffs of METHOD HO with the pair of events that
times each, and the functions of METHOD LF with what is theirs. Titles are ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

STAGES = {
    "LC-1": "Resource planning",
    "LC-2": "Recruiting",
    "LC-3": "Onboarding",
    "LC-4": "Training",
    "LC-5": "Forecasting",
    "LC-6": "Scheduling",
    "LC-7": "Real-time management",
    "LC-8": "Quality",
    "LC-9": "Performance",
    "LC-10": "Coaching",
    "LC-11": "Performance management",
    "LC-12": "Offboarding",
}


@dataclass(frozen=True)
class Handoff:
    """One seam: from which stage to which, in words, and how long it may take. [days]"""

    title: str
    source: str
    target: str
    healthy_days: float | None = None


HANDOFFS = {
    "HO-1": Handoff("Approved plan to open requisition", "LC-1", "LC-2", 5),
    "HO-2": Handoff("Accepted offer to onboarding", "LC-2", "LC-3", 5),
    "HO-3": Handoff("Access granted to first class", "LC-3", "LC-4", 3),
    "HO-4": Handoff("Certified agent to supply plan", "LC-4", "LC-5", 7),
    "HO-5": Handoff("Locked forecast to published schedule", "LC-5", "LC-6", 7),
    "HO-6": Handoff("Published schedule to the real-time board", "LC-6", "LC-7", None),
    "HO-7": Handoff("Floor events to the evaluators", "LC-7", "LC-8", None),
    "HO-8": Handoff("Evaluation to scorecard", "LC-8", "LC-9", 2),
    "HO-9": Handoff("Missed threshold to coaching", "LC-9", "LC-10", 7),
    "HO-10": Handoff("Repeated miss to formal plan", "LC-10", "LC-11", 30),
    "HO-11": Handoff("Exit decision to closed access", "LC-11", "LC-12", 1),
    "HO-12": Handoff("Exit reasons to the hiring profile", "LC-12", "LC-2", None),
    "HO-13": Handoff("Client commitments to operations", "contract", "LC-1", None),
    "HO-14": Handoff("Compliance duties to operations", "compliance", "LC-7", None),
    "HO-15": Handoff("Worked hours and skills to billing", "LC-6", "billing", None),
    "HO-16": Handoff("Scheduling results to quality review", "LC-7", "LC-8", None),
    "HO-17": Handoff("Client forecast to provider's operations", "client WFM", "LC-5", 2),
}


@dataclass(frozen=True)
class Function:
    """A function of the organisation, the words by which a role names it, and what it answers for."""

    title: str
    words: tuple[str, ...]
    subjects: tuple[str, ...]


FUNCTIONS = {
    "LF-1": Function("HR", ("hr", "human", "people"), ("LC-3",)),
    "LF-2": Function("Workforce management", ("wfm", "workforce"), ("LC-1", "LC-5", "LC-6", "LC-7")),
    "LF-3": Function("Quality", ("quality", "qa"), ("LC-8",)),
    "LF-4": Function("Operations", ("operation", "ops"), ("LC-9", "LC-10", "LC-11")),
    "LF-5": Function("IT and security", ("it", "security"), ("system access", "equipment")),
    "LF-6": Function("Finance", ("financ",), ("labour cost", "billing alignment", "penalty exposure")),
    "LF-7": Function("Payroll", ("payroll",), ("pay and benefits",)),
    "LF-8": Function("Leadership", ("leader", "executive", "director", "head"), ("LC-12",)),
}


TOOLS = {
    "wfm": ("LC-5", "LC-6", "LC-7"),
    "ccaas": ("LC-7",),
    "qa": ("LC-8",),
    "reporting": ("LC-9",),
    "hr": ("LC-2", "LC-3", "LC-12"),
    "training": ("LC-4",),
    "knowledge": ("LC-4",),
}
"""Which stages a tool carries, by its function as tool_inventory spells it, in lower case."""


def carried_by(functions: Iterable[object]) -> tuple[str, ...] | None:
    """Return the processes that tools with these functions carry; None where one says nothing of a stage."""
    stages = [TOOLS.get(str(function).casefold()) for function in functions]
    known = [of for of in stages if of is not None]
    if len(known) < len(stages) or not known:
        return None
    return tuple(dict.fromkeys(STAGES[stage] for of in known for stage in of))
