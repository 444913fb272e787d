"""What is to be done first? The order of repair, whatever a finding's size.

METHOD FIX-1 … FIX-4: first the process, then who owns it, then the routine, and only then technology.
Data has no step of its own there (CX-13): we put standard and owner with ownership, and checks before
the routine. Security, compliance and pay go first (CX-14). More training or settings never come
before process, ownership and routine are settled (NOT-4, NOT-5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.documents import latest_processes, passes_gate
from workbench.diagnostics.evidence import RANKS
from workbench.diagnostics.finding import Finding, RepairStep
from workbench.diagnostics.lifecycle import HANDOFFS, STAGES
from workbench.wording import listing

ORDER: tuple[RepairStep, ...] = ("bypass", "process", "ownership", "data", "cadence", "technology")
"""What comes first: security, compliance and pay at once (CX-14), then process, ownership, data and
routine, and technology last (FIX-1..4, CX-13)."""

REASONS: dict[RepairStep, str] = {
    "bypass": "security, compliance and pay errors wait for nothing (CX-14)",
    "process": "first: a process that is clear, agreed and the same everywhere (FIX-1)",
    "ownership": "second: one owner for each stage and each seam (FIX-2)",
    "data": "with the second: a data owner and standard, and checks before the third (CX-13, ours)",
    "cadence": "third: the routine that turns figures into decisions (FIX-3)",
    "technology": "last, and smaller: settings, tools and system training (FIX-4, DR-18)",
}


GATED = "VL-1"
"""Findings whose codes begin so keep a process from passing the gate (METHOD VL-1d)."""


@dataclass(frozen=True)
class Recommendation:
    """One step of repair: the findings it answers, in the order of their severity.

    Attributes
    ----------
    reason : why it stands where it stands, and until when it is held back.
    waits_for : the findings on process that hold it back; of a technical step alone.
    """

    place: int
    step: RepairStep
    reason: str
    code: str
    remedy: str
    findings: tuple[Finding, ...]
    waits_for: tuple[Finding, ...] = ()


@serves("FIX-1", "FIX-2", "FIX-3", "FIX-4", "CX-13", "CX-14", "NOT-4", "NOT-5", "DR-1", "DR-18", kind="rule")
def order_of_repair(findings: Sequence[Finding]) -> tuple[Recommendation, ...]:
    """Return one recommendation for each remedy, in the order of METHOD FIX and within it by severity.

    A gate holds: while a finding of severity severe or moderate stands on the process that a technical step is
    about (VL-1), the step is held back, whatever its size; what bypasses the order never is.
    """
    by_remedy: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        by_remedy.setdefault((finding.step, finding.remedy), []).append(finding)
    ranked = sorted(
        by_remedy.items(),
        key=lambda item: (
            ORDER.index(item[1][0].step),
            min(RANKS.index(f.severity) for f in item[1]),
            -len(item[1]),
            min(f.code for f in item[1]),
            item[0][1],
        ),
    )
    recommendations = []
    for place, ((_, remedy), group) in enumerate(ranked, start=1):
        step = group[0].step
        ordered = tuple(sorted(group, key=lambda f: (RANKS.index(f.severity), f.code)))
        waits_for = tuple(dict.fromkeys(gate for one in ordered for gate in closing(one, findings)))
        reason = REASONS[step] + (f". {_held_back(waits_for)}" if waits_for else "")
        recommendations.append(
            Recommendation(place, step, reason, ordered[0].code, remedy, ordered, waits_for)
        )
    return tuple(recommendations)


@serves("FIX-1", kind="rule")
def closing(finding: Finding, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings on process that hold `finding` back: of its own process, not of the client's others.

    Only a technical step is ever held back. One that is about no process in particular waits for all of them.
    """
    if finding.step != "technology":
        return ()
    return tuple(
        sorted(
            (f for f in findings if _is_open(f) and about_one_process(finding, f)),
            key=lambda f: (RANKS.index(f.severity), f.code, f.remedy),
        )
    )


def about_one_process(one: Finding, other: Finding) -> bool:
    """Whether two findings are about one process; one that names none is about all of them."""
    first, second = processes_of(one), processes_of(other)
    return first is None or second is None or bool(first & second)


def processes_of(finding: Finding) -> frozenset[str] | None:
    """Return the processes that a finding is about, in lower case; None: no one in particular.

    What it says itself; else its stage of the lifecycle, or the stages at both ends of its handoff.
    """
    if finding.about is not None:
        return frozenset(name.casefold() for name in finding.about)
    if finding.code in HANDOFFS:
        ends = (HANDOFFS[finding.code].source, HANDOFFS[finding.code].target)
        return frozenset(STAGES[end].casefold() for end in ends if end in STAGES) or None
    return frozenset({STAGES[finding.code].casefold()}) if finding.code in STAGES else None


def _is_open(finding: Finding) -> bool:
    named = processes_of(finding)
    on_process = (
        finding.step == "process" and finding.code.startswith(GATED) and (named is None or bool(named))
    )
    return on_process and finding.severity in ("severe", "moderate")


def _held_back(waits_for: Sequence[Finding]) -> str:
    named = sorted({name for f in waits_for for name in processes_of(f) or ()})
    all_named = all(processes_of(f) is not None for f in waits_for)
    what = listing(named, 4) if named and all_named else "its process"
    passes = "pass" if len(named) > 1 and all_named else "passes"
    return f"Held back until {what} {passes} the gate ({', '.join(dict.fromkeys(f.code for f in waits_for))})"


@serves("VL-1d", "FIX-1", kind="rule")
def gates(process_document: pd.DataFrame | None, findings: Sequence[Finding]) -> pd.DataFrame:
    """Return for each process whether it passes the gate before further modules and tools (METHOD VL-1d).

    Returns
    -------
    DataFrame with process, module, live (day, NaT where the module is not), passes (boolean; NA where nobody says
    whether the teams agreed) and why. A process that runs otherwise than it should (VL-1a, b, c) does not pass either.
    """
    running: dict[str, list[str]] = {}
    for finding in findings:
        if _is_open(finding) and finding.code != GATED:
            for name in processes_of(finding) or ():
                running.setdefault(name, []).append(finding.code)
    rows: list[dict[str, object]] = []
    latest = None if process_document is None else latest_processes(process_document).sort_index()
    if latest is not None:
        for paper, passes in zip(latest.to_dict("records"), passes_gate(latest), strict=True):
            open_ones = running.pop(str(paper["process"]).casefold(), [])
            why = [_paper_words(paper["approved_date"], paper["teams_agreed"]), *_running_words(open_ones)]
            rows.append({"process": paper["process"], "module": paper["module"], "live": paper["module_go_live"],
                         "passes": False if open_ones else passes, "why": "; ".join(why)})  # fmt: skip
    for name, open_ones in sorted(running.items()):
        why = ["no document", *_running_words(open_ones)]
        rows.append({"process": name, "module": None, "live": pd.NaT, "passes": False, "why": "; ".join(why)})
    table = pd.DataFrame(rows, columns=["process", "module", "live", "passes", "why"])
    return table.astype({"passes": "boolean"})


def _paper_words(signed: object, agreed: object) -> str:
    if pd.isna(signed):
        return "not signed off"
    day = pd.Timestamp(str(signed))
    teams = "whether all teams agree is not known" if pd.isna(agreed) else (
        "agreed by all teams" if agreed else "not agreed by all teams")  # fmt: skip
    return f"signed off {day.day} {day:%B %Y}, {teams}"


def _running_words(codes: Sequence[str]) -> list[str]:
    return [f"open findings: {', '.join(dict.fromkeys(codes))}"] if codes else []


DESIGN_STEPS: tuple[RepairStep, ...] = ("process", "ownership", "data", "cadence")


@serves("VMF-19", "FIX-4", kind="rule")
def design_share(findings: Sequence[Finding]) -> float | None:
    """Return the share of findings that are design (process, ownership, data, routine), not technology.

    METHOD VMF-19: most outsourcing trouble is weak design after the decision. None without findings.
    """
    counted = [f for f in findings if f.step != "bypass"]
    if not counted:
        return None
    return sum(f.step in DESIGN_STEPS for f in counted) / len(counted)
