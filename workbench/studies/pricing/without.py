"""Why has a finding no price, where no rule names it? Each has a reason of its own, and what would give it one.

They stand in `without_price.csv`: by code, and where a check measures several things by what the measure holds.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workbench.diagnostics.finding import Finding
from workbench.studies.pricing.rule import Unpriced

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
