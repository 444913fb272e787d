"""Coefficients of agreement against a second implementation: pair by pair from their definitions, or a library's.

The packages that have alpha and intraclass correlations (krippendorff, pingouin) are copyleft, and irrCAC holds
SciPy at 1.12 and pandas below 3. statsmodels has the analysis of variance behind an intraclass correlation; what it
has not is written here as slowly and plainly as it is defined.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from workbench.statistics.agreement import fleiss_kappa_partial, gwet, weighted_kappa
from workbench.statistics.icc import icc
from workbench.statistics.krippendorff import krippendorff_alpha

rows = st.lists(st.sampled_from([1.0, 2.0, 3.0, 5.0, np.nan]), min_size=3, max_size=3)
tables = st.lists(rows, min_size=3, max_size=12).map(np.array)


def rated(row: np.ndarray) -> list[float]:
    return [float(value) for value in row if not np.isnan(value)]


def levels_of(x: np.ndarray) -> list[float]:
    return sorted({value for row in x for value in rated(row)})


def several(x: np.ndarray) -> list[list[float]]:
    return [values for row in x if len(values := rated(row)) > 1]


def weight(a: float, b: float, levels: list[float], kind: str) -> float:
    gap = abs(a - b) / (levels[-1] - levels[0])
    return {"identity": float(a == b), "linear": 1 - gap, "quadratic": 1 - gap**2}[kind]


def agreement_of_pairs(x: np.ndarray, levels: list[float], kind: str) -> float:
    """The mean over items of the mean weight of their ordered pairs of ratings."""
    return float(np.mean([np.mean([weight(a, b, levels, kind) for a, b in permutations(values, 2)])
                          for values in several(x)]))  # fmt: skip


def shares(x: np.ndarray, levels: list[float]) -> list[float]:
    """The mean over items with any rating of the share of each level."""
    items = [values for row in x if (values := rated(row))]
    return [float(np.mean([values.count(level) / len(values) for values in items])) for level in levels]


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(["identity", "linear", "quadratic"]))
def test_gwet_is_what_gwet_2014_defines(x: np.ndarray, kind: str) -> None:
    """AC1 and AC2: chance is the weights' sum over q (q - 1), times the sum of share × (1 - share)."""
    levels = levels_of(x)
    assume(several(x) and len(levels) > 1)
    q = len(levels)
    total = sum(weight(a, b, levels, kind) for a in levels for b in levels)
    chance = total / (q * (q - 1)) * sum(p * (1 - p) for p in shares(x, levels))

    expected = (agreement_of_pairs(x, levels, kind) - chance) / (1 - chance)
    assert expected == pytest.approx(gwet(x, weights=kind).value, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(tables)
def test_fleiss_with_gaps_is_agreement_beyond_the_squared_shares(x: np.ndarray) -> None:
    """Gwet 2014, 2.3: the shares are means over items."""
    levels = levels_of(x)
    chance = sum(p * p for p in shares(x, levels)) if levels else 1.0
    assume(several(x) and len(levels) > 1 and chance < 1 - 1e-9)

    expected = (agreement_of_pairs(x, levels, "identity") - chance) / (1 - chance)
    assert expected == pytest.approx(fleiss_kappa_partial(x, resamples=0).value, abs=1e-12)


def ordinal(pooled: list[float]) -> Callable[[float, float], float]:
    """The squared number of ratings from one level to another, half of those on either end."""

    def distance(a: float, b: float) -> float:
        low, high = min(a, b), max(a, b)
        between = sum(low <= value <= high for value in pooled)
        return (between - (pooled.count(low) + pooled.count(high)) / 2) ** 2

    return distance


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(["nominal", "ordinal", "interval", "ratio"]))
def test_alpha_is_disagreement_within_items_over_disagreement_of_all_pairs(x: np.ndarray, scale: str) -> None:
    """Krippendorff 2011: pairs within an item weigh 1 / (ratings - 1); chance are all pairs of pairable ratings."""
    items = several(x)
    pooled = [value for values in items for value in values]
    assume(len(set(pooled)) > 1)
    distance: Callable[[float, float], float] = {
        "nominal": lambda a, b: float(a != b),
        "ordinal": ordinal(pooled),
        "interval": lambda a, b: (a - b) ** 2,
        "ratio": lambda a, b: ((a - b) / (a + b)) ** 2,
    }[scale]
    n = len(pooled)
    within = sum(distance(a, b) / (len(v) - 1) for v in items for a, b in permutations(v, 2)) / n
    by_chance = sum(distance(a, b) for a, b in permutations(pooled, 2)) / (n * (n - 1))

    assert 1 - within / by_chance == pytest.approx(
        krippendorff_alpha(x, scale=scale, resamples=0).value, abs=1e-12
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_intraclass_correlations_follow_from_the_mean_squares_of_statsmodels(seed: int) -> None:
    """Shrout and Fleiss 1979, from a two-way analysis of variance of 9 items and 4 raters."""
    rng = np.random.default_rng(seed)
    x = rng.normal(0, 2, (9, 1)) + rng.normal(0, 1, (1, 4)) + rng.normal(0, 1, (9, 4))
    n, k = x.shape
    long = pd.DataFrame(
        {"y": x.ravel(), "item": np.repeat(np.arange(n), k), "rater": np.tile(np.arange(k), n)}
    )
    table = anova_lm(ols("y ~ C(item) + C(rater)", long).fit())
    item, rater, rest = (table["sum_sq"] / table["df"])[["C(item)", "C(rater)", "Residual"]]

    assert icc(x, "ICC(2,1)").value == pytest.approx(
        (item - rest) / (item + (k - 1) * rest + k * (rater - rest) / n)
    )
    assert icc(x, "ICC(2,k)").value == pytest.approx((item - rest) / (item + (rater - rest) / n))
    assert icc(x, "ICC(3,1)").value == pytest.approx((item - rest) / (item + (k - 1) * rest))


def test_the_error_of_gwets_coefficient_is_that_of_a_jackknife() -> None:
    """400 items, 4 raters, a tenth of the ratings missing: the two differ by less than 3 %."""
    rng = np.random.default_rng(5)
    truth = rng.integers(1, 5, (400, 1))
    x = np.where(rng.random((400, 4)) < 0.7, truth, rng.integers(1, 5, (400, 4))).astype(float)
    x[rng.random(x.shape) < 0.1] = np.nan
    for kind in ("identity", "quadratic"):
        found = gwet(x, weights=kind)
        left_out = np.array([gwet(np.delete(x, i, axis=0), weights=kind).value for i in range(len(x))])
        error = float(np.sqrt((len(x) - 1) / len(x) * ((left_out - left_out.mean()) ** 2).sum()))

        assert found.value is not None
        assert found.low is not None
        assert (found.value - found.low) / 1.9659 == pytest.approx(error, rel=0.03)  # Student, 399 degrees


def test_the_error_of_kappa_is_that_of_fleiss_cohen_and_everitt() -> None:
    """1969, for weights 1 on the diagonal: 88, 14, 18 / 10, 40, 10 / 2, 6, 12 of 200."""
    p = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]]) / 200
    first, second = (
        np.repeat(index.ravel(), (p * 200).round().astype(int).ravel()) for index in np.indices(p.shape)
    )
    rows_, columns = p.sum(axis=1), p.sum(axis=0)
    seen, chance = float(np.trace(p)), float(rows_ @ columns)
    kappa = (seen - chance) / (1 - chance)
    on = sum(p[i, i] * (1 - (rows_[i] + columns[i]) * (1 - kappa)) ** 2 for i in range(3))
    off = sum(p[i, j] * (columns[i] + rows_[j]) ** 2 for i, j in permutations(range(3), 2))
    error = (
        (on + (1 - kappa) ** 2 * off - (kappa - chance * (1 - kappa)) ** 2) / (200 * (1 - chance) ** 2)
    ) ** 0.5
    found = weighted_kappa(first, second)

    assert kappa == pytest.approx(0.4915, abs=5e-4)
    assert found.value == pytest.approx(kappa)
    assert found.low is not None
    assert (found.value - found.low) / 1.959964 == pytest.approx(error)
