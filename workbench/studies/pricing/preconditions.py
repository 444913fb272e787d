"""What must be mended before what? The order of repair binds a set under a budget too (FIX-1 to FIX-3, CX-14).

A repair is chosen only with what comes before it in its own process, or where that is in order already. What comes
before and has no price is mended along with the set: it takes its hours and saves an unknown amount, which is not
counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.catalogue import serves
from workbench.diagnostics.evidence import RANKS
from workbench.diagnostics.finding import Finding, RepairStep
from workbench.diagnostics.repair import about_one_process, processes_of
from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.price import Price


@dataclass(frozen=True)
class Gate:
    """Open findings that hold back later steps.

    Attributes
    ----------
    item : of METHOD section 6.
    step, code : of the findings that must be mended first; severe and moderate ones close the gate.
    holds : steps of repair that wait for them; what bypasses the order never does (CX-14).
    """

    item: str
    step: RepairStep
    code: str
    holds: tuple[RepairStep, ...]

    def shut_by(self, finding: Finding) -> bool:
        """Whether a finding keeps the gate shut."""
        named = processes_of(finding)
        mine = finding.step == self.step and finding.code.startswith(self.code)
        return mine and finding.severity in ("severe", "moderate") and (named is None or bool(named))


GATES = (
    Gate("FIX-1", "process", "VL-1", ("ownership", "data", "cadence", "technology")),
    Gate("FIX-2", "ownership", "VL-2", ("cadence", "technology")),
    Gate("FIX-3", "cadence", "VL-4", ("technology",)),
)


@dataclass(frozen=True)
class Before:
    """What each set of repairs needs before it.

    Attributes
    ----------
    allowed : sets that hold all priced repairs that come before theirs; shape (sets,).
    first : findings without a price that some set needs before it, one for each code.
    needs : which of them each set needs; shape (sets, first).
    """

    allowed: NDArray[np.bool_]
    first: tuple[Finding, ...]
    needs: Floats


@serves("FIX-1", "FIX-2", "FIX-3", "FIX-4", "CX-14", kind="rule")
def before(sets: Floats, prices: Sequence[Price], findings: Sequence[Finding]) -> Before:
    """Return which sets obey the order of repair, and what each needs before it that has no price.

    Parameters
    ----------
    sets : array of shape (sets, prices): 1 where a repair is in a set.
    findings : all of the assessment.
    """
    steps = [p.findings[0].step for p in prices]
    allowed = np.ones(len(sets), bool)
    wanted: dict[str, tuple[Finding, NDArray[np.bool_]]] = {}
    for gate in GATES:
        for f in findings:
            if not gate.shut_by(f):
                continue
            keys = [i for i, p in enumerate(prices) if any(f.code == g.code for g in p.findings)]
            held = [
                i for i, p in enumerate(prices)
                if steps[i] in gate.holds and i not in keys and about_one_process(p.findings[0], f)
            ]  # fmt: skip
            waits = sets[:, held].any(axis=1)
            if keys:
                allowed &= ~waits | sets[:, keys].any(axis=1)
            elif waits.any():
                already = wanted.get(f.code, (f, np.zeros(len(sets), bool)))
                wanted[f.code] = (already[0], already[1] | waits)
    first = tuple(f for f, _ in wanted.values())
    needs = np.array([which for _, which in wanted.values()], float).reshape(len(first), len(sets)).T
    return Before(allowed, first, needs)


@serves("CX-14", kind="rule")
def at_once(sets: Floats, spent: Floats, limits: Floats, prices: Sequence[Price]) -> NDArray[np.bool_]:
    """Return the sets that leave no error of security, compliance or pay open to mend something else.

    As many of them as fit into the budget, the most severe first; a set of nothing leaves all as it is.

    Parameters
    ----------
    spent : array of shape (prices, 2): hours and money of each repair; limits : shape (2,), inf: none.
    """
    urgent = sorted(
        (i for i, p in enumerate(prices) if p.findings[0].step == "bypass"),
        key=lambda i: (RANKS.index(prices[i].findings[0].severity), prices[i].code),
    )
    used, fits = np.zeros(2), list[int]()
    for i in urgent:
        if (used + spent[i] <= limits + 1e-9).all():
            used, fits = used + spent[i], [*fits, i]
    return np.asarray(sets[:, fits].all(axis=1) | ~sets.any(axis=1), bool)
