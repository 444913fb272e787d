"""Which roots do the findings grow from, and on which side?

METHOD FM-G1 and FM-G2 name five roots: misaligned expectations, under-scoped contracts, weak knowledge
transfer, governance that notices too late, and wrong measures of success. FM-G3: both sides are
diagnosed for each of the five failure modes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.evidence import RANKS
from workbench.diagnostics.finding import Finding, Score
from workbench.diagnostics.questions import ANSWER_SCALE

ROOTS: dict[str, tuple[str, ...]] = {
    "expectations": ("HC-1", "HC-9", "FM-1", "RES-6", "VMF-1", "VMF-13", "VL-2", "VL-2a"),
    "scope": ("HC-5", "FM-5", "LC-1", "LC-5", "HO-13", "HO-17"),
    "knowledge transfer": ("HC-6", "FM-2", "VL-1", "VL-1a", "VL-1b", "VL-1c", "VL-3a", "LC-3", "LC-4", "VIS-2", "HO-3"),
    "governance": ("HC-2", "HC-4", "GOV-", "VMF-4", "VMF-6", "VMF-9", "VMF-11", "VMF-14", "VL-4", "SYM-1", "SYM-5",
                   "FM-4", "FM-G4", "OR-1", "EXIT-2"),
    "metrics": ("HC-7", "HC-8", "HC-3", "VMF-3", "VMF-8", "VMF-12", "VL-3", "VL-3c", "VL-4a", "SYM-3", "EXIT-1"),
}  # fmt: skip
"""Codes, or beginnings of codes ending in "-", that grow from each root."""

WEIGHT = {"severe": 4.0, "moderate": 2.0, "minor": 1.0, "note": 0.0}
"""How much a finding counts in the roll-up. Ours: a step doubles."""


@dataclass(frozen=True)
class FailureMode:
    """One of the five failure modes with its detectors and both sides' causes (METHOD section 18)."""

    code: str
    title: str
    detectors: tuple[str, ...]
    vendor: str
    vendor_items: tuple[str, ...]
    buyer: str
    buyer_items: tuple[str, ...]
    prevention: str


MODES = (
    FailureMode("FM-1", "Talent mismatch", ("FM-1", "VIS-6"), "the team shown is not the team that works", ("FMV-1",),
                "the hiring pipeline was never tested", ("FMB-2",), "test the pipeline before signature"),
    FailureMode("FM-2", "High escalation rates", ("FM-2", "HC-6", "HC-3"), "training and quality loops are thin",
                ("FMV-2", "FMV-4"), "knowledge was handed over too fast", ("FMB-1",),
                "structured onboarding and calibration of quality"),
    FailureMode("FM-3", "Service level met, customers not", ("VMF-3", "VMF-8", "FM-G4"), "works for the clock",
                ("FMV-3",), "measures that are not outcomes", ("FMB-4",), "outcome-based measures"),
    FailureMode("FM-4", "The same problems again", ("FM-4", "VMF-11", "VL-4"), "reacts and passes back", ("FMV-4",),
                "nobody owns governance", ("FMB-3",), "a dedicated vendor manager"),
    FailureMode("FM-5", "Cost overruns", ("FM-5", "HC-5", "VMF-2"), "the workflow is inefficient", ("FMV-2",),
                "complexity was under-scoped", ("FMB-2",), "a detailed scope with modelled volume"),
)  # fmt: skip


@serves("FM-G1", "FM-G2", kind="rule")
def roots_of(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return root, findings, weight (severe 4, moderate 2, minor 1) and share, the heaviest first.

    A finding that grows from no listed root is counted under "other", so that nothing is lost.
    """
    rows = {root: [0, 0.0] for root in (*ROOTS, "other")}
    for finding in findings:
        root = root_of(finding.code)
        rows[root][0] += 1
        rows[root][1] += WEIGHT[finding.severity]
    table = pd.DataFrame(
        [{"root": root, "findings": int(n), "weight": weight} for root, (n, weight) in rows.items()]
    )
    total = table["weight"].sum()
    table["share"] = table["weight"] / total if total else 0.0
    return table.sort_values(["weight", "root"], ascending=[False, True], ignore_index=True)


def root_of(code: str) -> str:
    """Return the root that a finding's code grows from, or "other"."""
    for root, codes in ROOTS.items():
        if code in codes or any(c.endswith("-") and code.startswith(c) for c in codes):
            return root
    return "other"


@serves("FM-G3", "FIG-8", kind="rule")
def two_sided(
    scores: Mapping[str, Score], findings: Sequence[Finding], answers: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the five failure modes with the score of each and both sides' part in it.

    Returns
    -------
    DataFrame with code, mode, score (mean of its detectors), low, high, vendor_cause, buyer_cause,
    vendor_answers and buyer_answers (0 to 100 from the causes' questions, None where nobody answered),
    findings, worst and prevention.
    """
    rows = []
    for mode in MODES:
        known = [scores[code] for code in mode.detectors if code in scores]
        values = [score.value for score in known if score.value is not None]
        own = [f for f in findings if f.code in mode.detectors]
        rows.append(
            {
                "code": mode.code,
                "mode": mode.title,
                "score": sum(values) / len(values) if values else None,
                "low": sum(s.low for s in known) / len(known) if known else 0.0,
                "high": sum(s.high for s in known) / len(known) if known else 100.0,
                "vendor_cause": mode.vendor,
                "vendor_answers": _answered(answers, mode.vendor_items),
                "buyer_cause": mode.buyer,
                "buyer_answers": _answered(answers, mode.buyer_items),
                "findings": len(own),
                "worst": min((f.severity for f in own), key=RANKS.index, default=None),
                "prevention": mode.prevention,
            }
        )
    return pd.DataFrame(rows)


def _answered(answers: pd.DataFrame | None, items: Sequence[str]) -> float | None:
    if answers is None:
        return None
    given = answers[answers["item_id"].isin(items) & answers["answer"].notna()]
    return ANSWER_SCALE.score(float(given["answer"].mean())) if len(given) else None


PREVENTIONS = {
    "evaluate vendors properly": ("SEL-P6", "FM-1"),
    "scope realistically": ("HC-5", "FM-5"),
    "build strong governance": ("HC-2", "GOV-5", "GOV-13"),
}


@serves("FM-G5", kind="rule")
def prevention_plan(scores: Mapping[str, Score]) -> pd.DataFrame:
    """Return the three preventions with the score of what shows them, None where nothing does.

    Returns
    -------
    DataFrame with prevention, score, n, known and lacking (codes of the items with a score, and of those without).
    """
    rows = []
    for prevention, codes in PREVENTIONS.items():
        values = {c: scores[c].value for c in codes if c in scores}
        known = {c: v for c, v in values.items() if v is not None}
        rows.append(
            {
                "prevention": prevention,
                "score": sum(known.values()) / len(known) if known else None,
                "n": len(known),
                "known": tuple(known),
                "lacking": tuple(c for c in codes if c not in known),
            }
        )
    return pd.DataFrame(rows)
