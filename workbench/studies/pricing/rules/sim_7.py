"""What does unreliable evaluation cost: people coached who need none, and others left alone?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.catalogue import serves
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.doubts import Floats, Mapping, Triangle
from workbench.studies.pricing.rule import (
    Counted,
    Line,
    Part,
    Said,
    Unpriced,
    all_of,
    carried,
    first_with,
    gap_of,
    named,
    only,
    pricing,
)

COACHING_H = Mapping(
    "so many hours of agent and coach together go into a person a month whom evaluation singles out",
    "METHOD CAD-5, ours for the hours", "A", Triangle(1.0, 2.0, 4.0), "coaching.minutes",
)  # fmt: skip
EVALUATIONS = 4.0
"""A month and agent (METHOD CAD-5: 4 to 6)."""


@serves("SIM-7", kind="calculator")
def misclassified(reliability: Floats, evaluations: float = EVALUATIONS) -> Floats:
    """Return the share of agents on the wrong side of the middle when judged by the mean of some evaluations.

    arccos(ρ) / π for a score and a truth that are normal with correlation ρ; ρ² is the reliability of the mean
    (Spearman and Brown). Half at reliability 0, none at 1.
    """
    one = np.clip(reliability, 0.0, 1.0)
    mean = evaluations * one / (1 + (evaluations - 1) * one)
    return np.asarray(np.arccos(np.sqrt(mean)) / np.pi)


@pricing("SIM-7", lines=("labour",))
def unreliable_evaluation(basis: Basis) -> Iterator[Said]:
    """Coaching that goes to the wrong people."""
    group = named(basis, "HC-3", "GOV-11", "LC-8", "LC-10")
    found = first_with(group, lambda e: "agreement of evaluators" in e.measure)
    if found is None:
        for finding in group:
            yield Unpriced(
                finding,
                "it says how often is evaluated or coached, not how well scores agree",
                "calibration: the same contact scored by several evaluators",
            )
        return
    finding, evidence = found
    read = gap_of(basis, finding, evidence, ("pay", "headcount"), high_is_bad=False)
    if isinstance(read, Unpriced):
        yield from all_of(read, group)
        return
    people, pay = basis.headcount or 0.0, basis.hour

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("labour", people * misclassified(m) * k * pay * money)

    yield Counted(
        carried(finding, group), f"evaluation: {read.measure}", read, COACHING_H, "evaluator noise", cost,
        (f"{people:.0f} agents, {EVALUATIONS:.0f} evaluations each. What is not coached for it is not in it.",),
        Part("floor"),
    )  # fmt: skip
