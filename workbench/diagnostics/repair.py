"""What is to be done first? The order of repair, whatever a finding's size.

METHOD FIX-1 … FIX-4: first the process, then who owns it, then the routine, and only then technology.
Data has no step of its own there (CX-13): we put standard and owner with ownership, and checks before
the routine. Security, compliance and pay go first (CX-14). More training or settings never come
before process, ownership and routine are settled (NOT-4, NOT-5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.catalogue import serves
from workbench.diagnostics.evidence import RANKS
from workbench.diagnostics.finding import Finding, RepairStep

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


@dataclass(frozen=True)
class Recommendation:
    """One step of repair: the findings it answers, in the order of their severity."""

    place: int
    step: RepairStep
    reason: str
    code: str
    remedy: str
    findings: tuple[Finding, ...]


@serves("FIX-1", "FIX-2", "FIX-3", "FIX-4", "CX-13", "CX-14", "NOT-4", "NOT-5", "DR-1", "DR-18", kind="rule")
def order_of_repair(findings: Sequence[Finding]) -> tuple[Recommendation, ...]:
    """Return one recommendation for each remedy, in the order of METHOD FIX and within it by severity.

    A gate holds: while a finding of severity severe or moderate stands on process (VL-1), a technical
    step is held back, whatever its size; what bypasses the order never is.
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
    gate_closed = any(
        f.step == "process" and f.code.startswith("VL-1") and f.severity in ("severe", "moderate")
        for f in findings
    )
    recommendations = []
    for place, ((_, remedy), group) in enumerate(ranked, start=1):
        step = group[0].step
        held_back = (
            " Held back until its process passes the gate." if gate_closed and step == "technology" else ""
        )
        ordered = tuple(sorted(group, key=lambda f: (RANKS.index(f.severity), f.code)))
        recommendations.append(
            Recommendation(place, step, REASONS[step] + held_back, ordered[0].code, remedy, ordered)
        )
    return tuple(recommendations)


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
