"""Is a quality score a measurement? Evaluators told from agents, and what so many evaluations can show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from workbench.diagnostics.headcount import agent_months
from workbench.diagnostics.periods import kept, rows_within
from workbench.errors import CallError
from workbench.intake.client import Client
from workbench.intake.period import Period
from workbench.metrics.qa_feasibility import qa_feasibility
from workbench.metrics.qa_score import evaluation_scores
from workbench.statistics.agreement import weighted_kappa
from workbench.statistics.evaluators import EvaluatorModel, evaluator_model

RELIABLE = 0.8
"""Share of the spread of agents' means that is the agents' own, from which on a ranking is one."""
CADENCE = (4, 6)
"""Evaluations per agent and month (METHOD BOF-3)."""
MINUTES = (15.0, 30.0)
"""What an evaluation usually takes (METHOD CX-2). [min]"""
FEWEST_SHARED = 10
"""Items that two evaluators must both have scored."""


@dataclass(frozen=True)
class Ranking:
    """Agents and evaluators told apart, and how much an agent's mean says.

    Attributes
    ----------
    model : the fitted effects with their intervals.
    evaluations : per agent, on average.
    standing_apart : agents whose interval of ranks lies wholly in the upper or the lower half.
    """

    model: EvaluatorModel
    evaluations: float
    standing_apart: int

    def standard_error(self, evaluations: float) -> float:
        """Return the standard error of an agent's mean over so many evaluations by any evaluators."""
        return math.sqrt((self.model.rest_sd**2 + self.model.evaluator_sd**2) / evaluations)

    def reliability(self, evaluations: float) -> float:
        """Return the share of the spread of agents' means that is their own (Spearman and Brown), 0 to 1."""
        own = self.model.agent_sd**2
        return own / (own + self.standard_error(evaluations) ** 2) if own > 0 else 0.0


def ranking(qa_eval: pd.DataFrame, client: Client, period: Period, *, seed: int = 0) -> Ranking:
    """Return the agents of a period ranked with the evaluators' strictness removed.

    Raises
    ------
    CallError
        with fewer than two agents, two evaluators, or no agent evaluated twice.
    """
    scores = evaluation_scores(rows_within(qa_eval, "eval_ts", period, client))
    known = scores.dropna(subset=["agent_id", "evaluator_id", "score"])
    if known["evaluator_id"].nunique() < 2:
        raise CallError(
            f"{known['evaluator_id'].nunique()} evaluators are named. Telling them apart needs two or more."
        )
    model = evaluator_model(known, seed=seed)
    half = (len(model.agents) + 1) / 2
    apart = (model.agents["rank_high"] < half) | (model.agents["rank_low"] > half)
    return Ranking(model, model.n / len(model.agents), int(apart.sum()))


def evaluator_pairs(calibration: pd.DataFrame, client: Client, period: Period) -> pd.DataFrame:
    """Return how far each two evaluators agree on what both scored, the least first.

    Returns
    -------
    DataFrame with first, second, n (items both scored), kappa (Cohen's, quadratic weights), low, high.
    """
    mine = rows_within(calibration, "date", period, client)
    mine = kept(mine, mine["score"].notna())
    wide = mine.pivot_table(
        index=["session_id", "contact_id", "item"], columns="evaluator_id", values="score", aggfunc="mean"
    )
    rows = []
    for first, second in combinations(sorted(wide.columns), 2):
        both = wide[[first, second]].dropna()
        if len(both) < FEWEST_SHARED:
            continue
        found = weighted_kappa(both[first], both[second], weights="quadratic")
        rows.append((str(first), str(second), len(both), found.value, found.low, found.high))
    table = pd.DataFrame(rows, columns=["first", "second", "n", "kappa", "low", "high"])
    return table.sort_values(["kappa", "first", "second"], na_position="last", ignore_index=True)


def hours_of_cadence(hris: pd.DataFrame, client: Client, period: Period) -> pd.DataFrame:
    """Return which hours a week the cadence of evaluations takes, beside those planned (METHOD CX-2).

    Returns
    -------
    DataFrame with per_month, agents, evaluations_per_week, hours_low, hours_high (at 15 and 30 minutes each),
        planned (hours a week of client.yaml, or NaN), minutes_planned (what the plan leaves for each).
    """
    months = agent_months(hris, period)
    n_months = months["month"].nunique()
    agents = len(months) / n_months if n_months else 0.0
    if not agents:
        return pd.DataFrame()
    planned = client.qa_hours_per_week
    rows = []
    for per_month in CADENCE:
        low, high = (
            qa_feasibility(agents, per_month, planned or 1.0, minutes_each=minutes) for minutes in MINUTES
        )
        left = low.minutes_available if planned else math.nan
        rows.append(
            (per_month, agents, low.evaluations_per_week, low.hours_needed, high.hours_needed,
             planned or math.nan, left)
        )  # fmt: skip
    columns = [
        "per_month",
        "agents",
        "evaluations_per_week",
        "hours_low",
        "hours_high",
        "planned",
        "minutes_planned",
    ]
    return pd.DataFrame(rows, columns=columns)
