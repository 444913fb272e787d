"""What does unreliable evaluation cost: people coached who need none, and others left alone?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workbench.catalogue import serves
from workbench.diagnostics.finding import Grade
from workbench.diagnostics.periods import local_month, within
from workbench.errors import CallError
from workbench.statistics.evaluators import evaluator_model
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


@dataclass(frozen=True)
class Judging:
    """How an agent is judged in a month.

    Attributes
    ----------
    evaluations, evaluators : of an agent, on average; grade M: counted, A: assumed.
    bias : share of the error of one evaluation that is its evaluator's leniency, and so is the same in the next.
    """

    evaluations: float = EVALUATIONS
    evaluators: float = EVALUATIONS
    bias: float = 0.0
    grade: Grade = "A"

    @property
    def words(self) -> str:
        """In a sentence."""
        if self.grade == "A":
            return f"{self.evaluations:.0f} evaluations a month each by as many evaluators (assumed)"
        return (
            f"{self.evaluations:.1f} evaluations a month each by {self.evaluators:.1f} evaluators, "
            f"{self.bias:.0%} of an evaluation's error being its evaluator's leniency (qa_eval)"
        )


@serves("SIM-7", kind="calculator")
def misclassified(reliability: Floats, judging: Judging = Judging()) -> Floats:
    """Return the share of agents on the wrong side of the middle when judged by the mean of some evaluations.

    arccos(ρ) / π for a score and a truth that are normal with correlation ρ; ρ² is the reliability of the mean. Noise
    averages over evaluations, leniency over evaluators alone; without it that is Spearman and Brown's formula. Half
    at reliability 0, none at 1.
    """
    one = np.clip(reliability, 1e-18, 1.0)
    error = judging.bias / judging.evaluators + (1 - judging.bias) / judging.evaluations
    mean = 1.0 / (1.0 + (1.0 - one) / one * error)
    return np.asarray(np.arccos(np.sqrt(mean)) / np.pi)


@serves("SIM-7", kind="calculator")
def own_judging(basis: Basis) -> Judging:
    """Return how often, by how many and how unevenly this client's agents are judged; else what is assumed."""
    table = basis.table("qa_eval")
    if table is None:
        return Judging()
    dataset = basis.dataset
    mine = table[within(table["eval_ts"], dataset.period, dataset.client)]
    mine = mine.dropna(subset=["agent_id", "evaluator_id", "score"])
    each = mine.groupby("eval_id", as_index=False).agg(
        agent_id=("agent_id", "first"), evaluator_id=("evaluator_id", "first"), score=("score", "mean"),
        eval_ts=("eval_ts", "first"),
    )  # fmt: skip
    month = local_month(each["eval_ts"], dataset.client)
    by = each.groupby(["agent_id", month])
    try:
        model = evaluator_model(each, seed=1, draws=2)
    except CallError:
        return Judging()
    noise = model.evaluator_sd**2 + model.rest_sd**2
    if noise <= 0:
        return Judging()
    return Judging(
        float(by.size().mean()),
        float(by["evaluator_id"].nunique().mean()),
        model.evaluator_sd**2 / noise,
        "M",
    )


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
    people, pay, judging = basis.headcount or 0.0, basis.hour, own_judging(basis)

    def cost(m: Floats, k: Floats, money: Floats) -> dict[Line, Floats]:
        return only("labour", people * misclassified(m, judging) * k * pay * money)

    yield Counted(
        carried(finding, group), f"evaluation: {read.measure}", read, COACHING_H, "evaluator noise", cost,
        (f"{people:.0f} agents, {judging.words}. What is not coached for it is not in it.",),
        Part("floor"),
    )  # fmt: skip
