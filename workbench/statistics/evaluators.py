"""Which agents are better, once strict and lenient evaluators are told apart, and how sure is it?

score = mean + agent + evaluator + rest, agents and evaluators random and crossed. The variances are
those of restricted likelihood (REML), the effects empirical-Bayes (best linear unbiased predictions
from Henderson's equations, 1975), shrunk towards 0 the fewer evaluations stand behind them. Ranks come
with intervals from draws of the effects: a list without them pretends to know an order.

Own code: the crossed form in statsmodels takes minutes where this takes a moment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.special import ndtri

from workbench.errors import CallError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class EvaluatorModel:
    """Agents and evaluators told apart.

    Attributes
    ----------
    agents : agent, n, raw (plain mean), adjusted (evaluator removed and shrunk), low, high, rank (1 is
        best), rank_low, rank_high.
    evaluators : evaluator, n, effect (above 0: lenient), low, high.
    agent_sd, evaluator_sd, rest_sd : standard deviations of the three parts.
    n : evaluations.
    """

    agents: pd.DataFrame
    evaluators: pd.DataFrame
    agent_sd: float
    evaluator_sd: float
    rest_sd: float
    n: int

    def evaluations_needed(self, reliability: float = 0.8) -> int | None:
        """Return how many evaluations give an agent's mean that reliability (Spearman and Brown).

        None where agents do not differ: no number of evaluations can then rank them.
        """
        if self.agent_sd <= 0:
            return None
        noise = (self.rest_sd**2 + self.evaluator_sd**2) / self.agent_sd**2
        return max(math.ceil(reliability / (1 - reliability) * noise - 1e-9), 1)


def evaluator_model(
    scores: pd.DataFrame,
    *,
    seed: int,
    by: tuple[str, ...] = (),
    draws: int = 2000,
    confidence: float = 0.95,
) -> EvaluatorModel:
    """Return agents ranked with the evaluators' strictness removed.

    Parameters
    ----------
    scores : one row per evaluation with agent_id, evaluator_id and score; rows that lack one are
        left out.
    by : further columns taken as fixed effects, such as ("contact_type",).

    Raises
    ------
    CallError
        with fewer than two agents or no agent evaluated twice.
    """
    table = scores.dropna(subset=["agent_id", "evaluator_id", "score", *by])
    agent, agents = pd.factorize(table["agent_id"], sort=True)
    rater, raters = pd.factorize(table["evaluator_id"], sort=True)
    y = table["score"].to_numpy(float)
    n = len(y)
    if len(agents) < 2 or n <= len(agents):
        raise CallError(
            f"{n} evaluations of {len(agents)} agents came. A ranking needs two agents and more "
            "evaluations than agents."
        )
    fixed = _fixed(table, by)
    design = np.concatenate([fixed, np.eye(len(agents))[agent], np.eye(len(raters))[rater]], axis=1)
    sizes = (fixed.shape[1], len(agents), len(raters))
    equations = _Henderson(design, y, sizes)
    ratios = equations.best_ratios()
    effects, covariance, rest = equations.solve(*ratios)
    at = slice(sizes[0], sizes[0] + sizes[1])
    of_rater = slice(sizes[0] + sizes[1], None)
    centre = float((fixed @ effects[: sizes[0]]).mean())
    agent_table = _agents(agents, agent, y, effects[at], covariance[at, at], centre, seed, draws, confidence)
    spread = np.sqrt(np.maximum(np.diag(covariance)[of_rater], 0))
    half = float(ndtri(0.5 + confidence / 2)) * spread
    rater_table = pd.DataFrame(
        {
            "evaluator": raters, "n": np.bincount(rater, minlength=len(raters)),
            "effect": effects[of_rater], "low": effects[of_rater] - half, "high": effects[of_rater] + half,
        }
    )  # fmt: skip
    agent_sd, rater_sd = (math.sqrt(ratio * rest) for ratio in ratios)
    return EvaluatorModel(agent_table, rater_table, agent_sd, rater_sd, math.sqrt(rest), n)


class _Henderson:
    """The mixed-model equations for one residual variance and two ratios of variances to it."""

    def __init__(self, design: Floats, y: Floats, sizes: tuple[int, int, int]) -> None:
        self.gram, self.moment = design.T @ design, design.T @ y
        self.square, self.n, self.sizes = float(y @ y), len(y), sizes

    def solve(self, agents: float, raters: float) -> tuple[Floats, Floats, float]:
        """Return effects, their covariance (prediction errors) and the residual variance."""
        factor = cho_factor(self._matrix(agents, raters))
        effects = cho_solve(factor, self.moment)
        rest = max((self.square - float(effects @ self.moment)) / (self.n - self.sizes[0]), 1e-12)
        return effects, cho_solve(factor, np.eye(len(effects))) * rest, rest

    def best_ratios(self) -> tuple[float, float]:
        """Return the variance ratios of the greatest restricted likelihood."""

        def loss(logs: Floats) -> float:
            agents, raters = np.exp(np.clip(logs, -18.0, 12.0))
            factor = cho_factor(self._matrix(agents, raters))
            effects = cho_solve(factor, self.moment)
            rest = (self.square - float(effects @ self.moment)) / (self.n - self.sizes[0])
            log_det = 2 * np.log(np.diag(factor[0])).sum()
            return float(
                (self.n - self.sizes[0]) * math.log(max(rest, 1e-12))
                + log_det
                + self.sizes[1] * math.log(agents)
                + self.sizes[2] * math.log(raters)
            )

        starts = ([-1.0, -2.0], [-3.0, -6.0], [1.0, 0.0])
        found = [minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-4}) for start in starts]
        best = min(found, key=lambda f: f.fun)
        agents, raters = np.exp(np.clip(best.x, -18.0, 12.0))
        return float(agents), float(raters)

    def _matrix(self, agents: float, raters: float) -> Floats:
        diagonal = np.repeat([1e-10, 1 / agents, 1 / raters], self.sizes)
        return self.gram + np.diag(diagonal)


def _agents(
    names: pd.Index,
    code: NDArray[np.int64],
    y: Floats,
    effects: Floats,
    covariance: Floats,
    centre: float,
    seed: int,
    draws: int,
    confidence: float,
) -> pd.DataFrame:
    size = np.bincount(code, minlength=len(names))
    half = float(ndtri(0.5 + confidence / 2)) * np.sqrt(np.maximum(np.diag(covariance), 0))
    symmetric = (covariance + covariance.T) / 2
    drawn = np.random.default_rng(seed).multivariate_normal(effects, symmetric, draws, method="eigh")
    ranks = 1 + (-drawn).argsort(axis=1).argsort(axis=1)
    tail = (1 - confidence) / 2
    low, high = np.quantile(ranks, [tail, 1 - tail], axis=0, method="closest_observation")
    table = pd.DataFrame(
        {
            "agent": names, "n": size, "raw": np.bincount(code, y, len(names)) / size,
            "adjusted": centre + effects, "low": centre + effects - half, "high": centre + effects + half,
            "rank": 1 + (-effects).argsort().argsort(), "rank_low": low.astype(int),
            "rank_high": high.astype(int),
        }
    )  # fmt: skip
    return table.sort_values("rank").reset_index(drop=True)


def _fixed(table: pd.DataFrame, by: tuple[str, ...]) -> Floats:
    columns = [np.ones(len(table))]
    for name in by:
        code, levels = pd.factorize(table[name], sort=True)
        columns.extend((code == i).astype(float) for i in range(1, len(levels)))
    return np.stack(columns, axis=1)
