"""Why has a finding no price, where no rule names it? Each has a reason of its own, and what would give it one.

They stand in `without_price.csv`: by code, and where a check measures several things by what the measure holds.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Finding
from workbench.diagnostics.questions import question_bank
from workbench.studies.pricing.rule import Unpriced
from workbench.wording import listing

LOW_BELOW = 75.0
"""Score below which a diagnostic that is measured has a finding."""
KEPT = Path(__file__).with_name("without_price.csv")


@dataclass(frozen=True)
class Without:
    """Why findings of a check have no price.

    Attributes
    ----------
    measure : what the measure must hold for this reason; empty: any other of the code.
    missing : what would have to be handed over or noted for a price.
    """

    code: str
    measure: str
    why: str
    missing: str


@cache
def reasons() -> tuple[Without, ...]:
    """Return all reasons, those of one measure before that of the code."""
    with KEPT.open(encoding="utf-8", newline="") as file:
        rows = [Without(**row) for row in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda row: (row.code, not row.measure)))


def only_answered(assessment: Assessment) -> tuple[str, ...]:
    """Say which diagnostics with a price are answered low here and measured by nothing, and what would give one.

    Anchors of questions are words ("often", "mostly"): no source turns them into a number, so that no amount is made
    of them.
    """
    never, bank = {row.code for row in reasons() if not row.measure}, question_bank()
    found = []
    for code, verdict in sorted(assessment.verdicts.items()):
        known = [e for e in verdict.evidence if e.value is not None and e.weight > 0]
        answers = [e.score for e in known if e.table == "survey" and e.score is not None]
        if code in never or code not in bank or not answers or len(answers) < len(known) or verdict.findings:
            continue
        if min(answers) < LOW_BELOW:
            found.append(f"{code} ({bank[code].evidence})")
    if not found:
        return ()
    return (
        f"Answered low and measured by nothing, so without a price: {listing(found, 60)}. The answers are words, which "
        "no source turns into an amount; what stands in brackets would give one.",
    )


def without_price(finding: Finding) -> Unpriced:
    """Return why no rule names a finding."""
    measure = finding.evidence[0].measure if finding.evidence else ""
    for one in reasons():
        if one.code == finding.code and one.measure in measure:
            return Unpriced(finding, one.why, one.missing)
    return Unpriced(
        finding,
        f"{finding.code} comes from a package that brings no rule for its price",
        "a rule in that package (entry point workbench.pricing)",
    )
