"""Do rankings say how firm they are, and are strict evaluators told from poor agents?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.errors import CallError
from workbench.statistics.ahp import ahp_weights, from_pairs
from workbench.statistics.evaluators import evaluator_model
from workbench.statistics.robustness import band_stability, dirichlet_weights, rank_robustness


def test_dominance_is_certain():
    """The first is better in everything: always best, the ranking never moves."""
    firm = rank_robustness([[0.9, 0.8, 0.7], [0.5, 0.4, 0.3], [0.1, 0.2, 0.1]], [1, 2, 3], seed=1)

    assert firm.declared.tolist() == [1, 2, 3]
    assert firm.p_best.tolist() == [1, 0, 0]
    assert firm.acceptability.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert firm.kendall_tau == 1.0


def test_mirror_images_are_a_coin_toss():
    """Each is best on one of two equal criteria: each is best in half of the draws (4 SE)."""
    open_race = rank_robustness([[1, 0], [0, 1]], [1, 1], seed=2, draws=4000)

    assert open_race.declared.tolist() == [1, 1]
    assert open_race.p_best[0] == pytest.approx(0.5, abs=0.032)
    assert open_race.acceptability.sum(axis=1).tolist() == pytest.approx([1, 1])


def test_mean_kendall_tau_by_scipy():
    """The mean over draws of scipy's tau-b, one draw at a time."""
    scores = np.random.default_rng(3).random((6, 4))
    drawn = dirichlet_weights([4, 3, 2, 1], draws=50, seed=4)
    base = scores @ np.array([0.4, 0.3, 0.2, 0.1])
    taus = [stats.kendalltau(base, scores @ w).statistic for w in drawn]

    assert rank_robustness(scores, [4, 3, 2, 1], seed=4, draws=50).kendall_tau == pytest.approx(np.mean(taus))


@given(st.lists(st.floats(0, 10), min_size=2, max_size=6).filter(lambda w: sum(w) > 0.1))
def test_drawn_weights_are_weights(weights):
    """Each draw adds up to 1, none is negative, what weighs nothing never weighs anything."""
    drawn = dirichlet_weights(weights, draws=200, seed=5)

    assert drawn.sum(axis=1) == pytest.approx(1)
    assert (drawn >= 0).all()
    assert (drawn[:, [w == 0 for w in weights]] == 0).all()


def test_scatter_of_weights_as_documented():
    """Concentration 20 makes a weight of 0.25 vary by 0.0945: √(0.25 × 0.75 / 21)."""
    drawn = dirichlet_weights([1, 1, 1, 1], draws=20_000, seed=6)

    assert drawn.std(axis=0) == pytest.approx(np.sqrt(0.25 * 0.75 / 21), rel=0.03)


def test_bands_of_a_score():
    """Criteria at 40 and 80, equal weights: about half of the draws on either side of 60."""
    shares = band_stability([40, 80], [1, 1], [60], seed=7, draws=4000)

    assert shares.sum() == pytest.approx(1)
    assert shares[0] == pytest.approx(0.5, abs=0.032)
    assert band_stability([70, 80], [1, 1], [60], seed=7).tolist() == [0, 1]


def test_gaps_and_empty_weights_are_refused():
    """A missing score must be bounded before it is ranked."""
    with pytest.raises(CallError, match="without gaps"):
        rank_robustness([[1, np.nan]], [1, 1], seed=0)
    with pytest.raises(CallError, match="not all 0"):
        dirichlet_weights([0, 0], draws=1, seed=0)


def evaluations(
    seed: int, agents: int = 20, raters: int = 4, each: int = 12
) -> tuple[pd.DataFrame, np.ndarray]:
    """Agents whose evaluators are not shared out evenly: the strict one sees mostly the first agents."""
    rng = np.random.default_rng(seed)
    skill = rng.normal(0, 0.06, agents)
    leniency = np.array([-0.15, 0.0, 0.05, 0.10])[:raters]
    rows = []
    for a in range(agents):
        favourite = 0 if a < agents // 2 else raters - 1
        for _ in range(each):
            e = favourite if rng.random() < 0.7 else int(rng.integers(raters))
            rows.append((f"a{a:02}", f"e{e}", 0.8 + skill[a] + leniency[e] + rng.normal(0, 0.08)))
    return pd.DataFrame(rows, columns=["agent_id", "evaluator_id", "score"]), skill


def test_strict_evaluators_are_told_from_poor_agents():
    """Ten data sets, seeds 0 to 9: the adjusted ranking is closer to the truth than the plain means."""
    plain, adjusted = [], []
    for seed in range(10):
        table, skill = evaluations(seed)
        agents = evaluator_model(table, seed=1, draws=200).agents.sort_values("agent")
        plain.append(stats.kendalltau(skill, agents["raw"]).statistic)
        adjusted.append(stats.kendalltau(skill, agents["adjusted"]).statistic)

    assert np.mean(adjusted) > np.mean(plain) + 0.2
    assert np.mean(adjusted) > 0.6


def test_variances_and_leniency_are_recovered():
    """With 40 evaluations each: rest 0.08 within 10 %, the strict evaluator is the strict one."""
    model = evaluator_model(evaluations(11, each=40)[0], seed=1)

    assert model.rest_sd == pytest.approx(0.08, rel=0.1)
    assert model.agent_sd == pytest.approx(0.06, rel=0.5)
    assert model.evaluators.sort_values("effect")["evaluator"].iloc[0] == "e0"
    strict = model.evaluators.set_index("evaluator").loc["e0"]
    lenient = model.evaluators.set_index("evaluator").loc["e3"]
    assert lenient["effect"] - strict["effect"] == pytest.approx(0.25, abs=0.04)


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Twenty data sets: 95 % intervals hold the agents' skill, about the mean of all, in 90 to 99 %."""
    held = []
    for seed in range(20):
        table, skill = evaluations(100 + seed)
        agents = evaluator_model(table, seed=1, draws=50).agents.sort_values("agent")
        centre = agents["adjusted"].mean()
        truth = skill - skill.mean() + centre
        held.extend((agents["low"] <= truth) & (truth <= agents["high"]))

    assert 0.90 <= np.mean(held) <= 0.99


@pytest.mark.filterwarnings("ignore:The MLE may be on the boundary")  # it says so well inside, too
def test_effects_agree_with_statsmodels():
    """The same REML variances as statsmodels' MixedLM with crossed components, on a small table."""
    import statsmodels.formula.api as smf

    table, _ = evaluations(12, agents=8, raters=3, each=10)
    ours = evaluator_model(table, seed=1)
    table = table.assign(one=1)
    crossed = {"agent": "0 + C(agent_id)", "rater": "0 + C(evaluator_id)"}
    theirs = smf.mixedlm("score ~ 1", table, groups="one", vc_formula=crossed, re_formula="0").fit(reml=True)
    components = dict(zip(theirs.model.exog_vc.names, theirs.vcomp, strict=True))

    assert ours.rest_sd**2 == pytest.approx(theirs.scale, rel=1e-3)
    assert ours.agent_sd**2 == pytest.approx(components["agent"], rel=5e-3)
    assert ours.evaluator_sd**2 == pytest.approx(components["rater"], rel=5e-3)


def test_rank_intervals_shrink_with_evaluations():
    """Four evaluations each leave nearly any rank open; eighty do not."""
    few, many = (evaluator_model(evaluations(13, each=n)[0], seed=1).agents for n in (4, 80))

    assert (many["rank_high"] - many["rank_low"]).mean() < 0.5 * (few["rank_high"] - few["rank_low"]).mean()
    assert (few["rank_low"] <= few["rank"]).all()
    assert (few["rank"] <= few["rank_high"]).all()


def test_evaluations_needed_by_spearman_brown():
    """A reliability of 0.8 needs 4 times the noise over the signal."""
    model = evaluator_model(evaluations(14)[0], seed=1)
    noise = (model.rest_sd**2 + model.evaluator_sd**2) / model.agent_sd**2

    assert model.evaluations_needed(0.8) == int(np.ceil(4 * noise))


def test_what_cannot_be_ranked_is_refused():
    """One agent; or one evaluation each."""
    table, _ = evaluations(15)
    with pytest.raises(CallError, match="of 1 agents came"):
        evaluator_model(table[table["agent_id"] == "a00"], seed=1)
    with pytest.raises(CallError, match="more evaluations than agents"):
        evaluator_model(table.drop_duplicates("agent_id"), seed=1)


def test_saaty_weights_worked_by_hand():
    """Three criteria, 1/3, 5 and 7: weights 0.279, 0.649, 0.072, consistency ratio 0.056."""
    result = ahp_weights([[1, 1 / 3, 5], [3, 1, 7], [1 / 5, 1 / 7, 1]])

    assert result.weights == pytest.approx([0.279, 0.649, 0.072], abs=5e-4)
    assert result.consistency_ratio == pytest.approx(0.056, abs=5e-4)
    assert result.consistent


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=8))
def test_consistent_comparisons_give_their_weights_back(weights):
    """Comparisons made from weights are consistent and lead back to them."""
    w = np.array(weights)
    result = ahp_weights(w[:, None] / w[None, :])

    assert result.weights == pytest.approx(w / w.sum())
    assert result.consistency_ratio == pytest.approx(0, abs=1e-9)


def test_a_circle_is_inconsistent_and_names_its_worst_pair():
    """a over b, b over c, and c over a by nine: the last comparison is the odd one."""
    names = ["a", "b", "c"]
    circle = from_pairs(names, {("a", "b"): 3, ("b", "c"): 3, ("c", "a"): 9})
    result = ahp_weights(circle)

    assert not result.consistent
    assert result.worst is not None
    with pytest.raises(CallError, match="missing: b against c"):
        from_pairs(names, {("a", "b"): 3, ("a", "c"): 3})
    with pytest.raises(CallError, match="reciprocal"):
        ahp_weights([[1, 3], [3, 1]])
    with pytest.raises(CallError, match="square"):
        ahp_weights([[1, 3]])
