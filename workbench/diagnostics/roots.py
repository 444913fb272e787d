"""Which roots do the findings grow from?

METHOD FM-G1 and FM-G2 name five roots: misaligned expectations, under-scoped contracts, weak knowledge
transfer, governance that notices too late, and wrong measures of success. roots.csv says for the code of
each diagnostic which of them its meaning supports, where METHOD says so or that the choice is ours, and
why; a code that grows from none of them says that too.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding

ROOTS = ("expectations", "scope", "knowledge transfer", "governance", "metrics")
"""The five roots, in the order in which METHOD names them."""

UNASSIGNED = "none of the five"
"""Where a finding counts whose code grows from none of the roots, or of which roots.csv says nothing."""

WEIGHT = {"severe": 4.0, "moderate": 2.0, "minor": 1.0, "note": 0.0}
"""How much a finding counts in the roll-up. Ours: a step doubles."""


@dataclass(frozen=True)
class Root:
    """What a diagnostic's code grows from.

    Attributes
    ----------
    root : one of ROOTS, or None where it truly grows from none.
    source : the items of METHOD that say so ("METHOD FM-4, GOV-13"), or "ours".
    reason : in a line.
    """

    root: str | None
    source: str
    reason: str


@cache
def roots_by_code() -> dict[str, Root]:
    """Return what the findings of each diagnostic grow from, by its code."""
    with (files("workbench.diagnostics") / "roots.csv").open(encoding="utf-8") as handle:
        return {
            row["code"]: Root(None if row["root"] == "none" else row["root"], row["source"], row["reason"])
            for row in csv.DictReader(handle)
        }


def root_of(code: str) -> str:
    """Return the root that a finding's code grows from, or UNASSIGNED."""
    known = roots_by_code().get(code)
    return known.root if known and known.root else UNASSIGNED


@serves("FM-G1", "FM-G2", kind="rule")
def roots_of(findings: Sequence[Finding]) -> pd.DataFrame:
    """Return root, findings, weight (severe 4, moderate 2, minor 1), share and codes, the heaviest first.

    A finding that grows from no root is counted under UNASSIGNED and keeps its place, so that nothing is lost.
    """
    grown: dict[str, list[Finding]] = {root: [] for root in (*ROOTS, UNASSIGNED)}
    for finding in findings:
        grown[root_of(finding.code)].append(finding)
    table = pd.DataFrame(
        [
            {
                "root": root,
                "findings": len(group),
                "weight": sum(WEIGHT[f.severity] for f in group),
                "codes": tuple(dict.fromkeys(f.code for f in group if WEIGHT[f.severity])),
            }
            for root, group in grown.items()
        ]
    )
    total = table["weight"].sum()
    table.insert(3, "share", table["weight"] / total if total else 0.0)
    return table.sort_values(["weight", "root"], ascending=[False, True], ignore_index=True)
