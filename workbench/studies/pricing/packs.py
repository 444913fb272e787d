"""What do packs for the client cost that are edited by hand the night before? Hours more than the others took."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from workbench.catalogue import serves
from workbench.diagnostics.finding import Finding
from workbench.diagnostics.periods import within
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import NORMAL_95, Estimated, Floats, Mapping
from workbench.studies.pricing.rule import Counted, Line, Said, Unpriced, gap_of, only

LEAST = 5
"""Packs of either kind, below which their hours are not compared."""


@serves("SIM-10", kind="calculator")
def hours_by_hand(hours: Floats, by_hand: np.ndarray, kind: np.ndarray) -> tuple[float, float] | None:
    """Return how many hours more a pack edited by hand takes than another of its kind, and the standard error.

    Parameters
    ----------
    hours : array of shape (n,); by_hand : shape (n,), bool; kind : shape (n,), weekly pack, monthly pack …

    None where no kind has both. Kinds are weighed by how well they tell the two apart.
    """
    gaps, weights, errors = [], [], []
    for one in np.unique(kind):
        a, b = hours[(kind == one) & by_hand], hours[(kind == one) & ~by_hand]
        if min(len(a), len(b)) < 2:
            continue
        gaps.append(float(a.mean() - b.mean()))
        weights.append(len(a) * len(b) / (len(a) + len(b)))
        errors.append(float(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))
    if not gaps:
        return None
    w = np.array(weights) / sum(weights)
    return float(w @ gaps), math.sqrt(float(w**2 @ errors))


def edited_by_hand(basis: Basis, finding: Finding) -> Said | None:
    """Return the price of packs edited by hand; None for another measure of the check."""
    evidence = finding.evidence[0]
    if "edited by hand" not in evidence.measure:
        return None
    log = basis.table("report_log")
    read = gap_of(basis, finding, evidence, ("pay",), high_is_bad=False)
    if isinstance(read, Unpriced):
        return read
    packs = None if log is None else _packs(log, basis)
    found = None
    if packs is not None and min(packs["hand"].sum(), (~packs["hand"]).sum()) >= LEAST:
        found = hours_by_hand(
            packs["prep_hours"].to_numpy(float), packs["hand"].to_numpy(bool), packs["report"].to_numpy(str)
        )
    if packs is None or found is None:
        return Unpriced(
            finding,
            "a pack edited by hand costs the hours of the night before, and too few packs say how many hours they took",
            f"report_log.prep_hours for {LEAST} packs edited by hand and {LEAST} of the same kind that were not",
        )
    (more, error), pay, number = found, basis.hour, len(packs) / basis.months
    half = NORMAL_95 * error
    how = Mapping(
        "so many hours more does a pack take that is edited by hand, paid as an agent's hours are",
        f"report_log: {packs['hand'].sum()} packs by hand beside {(~packs['hand']).sum()} of the same kinds", "M",
        Estimated(more - half, more, more + half), "more packs with their hours of preparation",
    )  # fmt: skip

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("labour", (1 - m) * number * k * pay * money)

    return Counted(
        (finding,), f"packs by hand: {read.measure}", read, how, "hours per pack", cost,
        (f"{number:.1f} packs a month. What a wrong figure does at the meeting is not in it.",),
    )  # fmt: skip


def _packs(log: pd.DataFrame, basis: Basis) -> pd.DataFrame | None:
    """Return the packs of the period with their hours and whether they were edited by hand."""
    if not {"prep_hours", "manual_edits", "report"} <= set(log.columns):
        return None
    served = log["meeting_ts"].fillna(log["due_ts"]).fillna(log["issued_ts"])
    mine = log[within(served, basis.dataset.period, basis.dataset.client)]
    mine = mine.dropna(subset=["prep_hours", "manual_edits", "report"])
    return mine.assign(hand=mine["manual_edits"] > 0)
