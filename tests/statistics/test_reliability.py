"""Is a questionnaire's reliability what theory and publications say?"""

from __future__ import annotations

import numpy as np
import pytest

from workbench.statistics.reliability import cronbach_alpha, feldt_interval


def answers(n: int, items: int, loading: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return loading * rng.normal(size=(n, 1)) + np.sqrt(1 - loading**2) * rng.normal(size=(n, items))


def test_feldt_interval_as_published():
    """ORACLES, Small check values: alpha 0.85, 7 items, 89 respondents: 0.797 to 0.893."""
    assert feldt_interval(0.85, 7, 89) == pytest.approx((0.797, 0.893), abs=5e-4)


def test_alpha_is_spearman_brown_for_parallel_items():
    """Items that correlate by r: alpha = k r / (1 + (k − 1) r); 20,000 respondents, seed 4, ± 0.01."""
    assert cronbach_alpha(answers(20_000, 6, 0.7, seed=4)).value == pytest.approx(
        6 * 0.49 / (1 + 5 * 0.49), abs=0.01
    )


def test_alpha_worked_by_hand():
    """Two items, three respondents: item variances 1 and 1, of the sum 3: 2 × (1 − 2/3)."""
    assert cronbach_alpha([[1, 2], [2, 1], [3, 3]]).value == pytest.approx(2 / 3)


def test_feldt_interval_covers_as_often_as_it_says():
    """400 surveys of 60, seed 5: the interval holds the true alpha of 0.8522 in 93 to 97 %."""
    truth = 6 * 0.49 / (1 + 5 * 0.49)
    held = [
        e.low <= truth <= e.high
        for e in (cronbach_alpha(answers(60, 6, 0.7, seed=1000 + i)) for i in range(400))
    ]

    assert 0.925 <= np.mean(held) <= 0.975


def test_gaps_are_left_out_and_said():
    """Who skipped an item is not scored as if the answer were 0."""
    x = np.vstack([answers(20, 3, 0.7, seed=8), [[1, np.nan, 2]]])

    assert cronbach_alpha(x).note == "1 respondent with a gap left out"
    assert cronbach_alpha(np.ones((10, 3))).note == "the respondents do not differ"
    assert cronbach_alpha([[1, 2]]).value is None
