"""Do intervals of shares agree with published numbers and with a second implementation?"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.errors import CallError
from workbench.metrics import proportion
from workbench.statistics.proportions import (
    clopper_pearson,
    lower_bound,
    probability_target_met,
    upper_bound,
    verdict,
    wilson,
)


def test_no_error_in_fifty_does_not_prove_two_percent():
    """ORACLES, Small check values: 0 of 50, one-sided 95 % upper bound 5.8 %."""
    assert upper_bound(0, 50) == pytest.approx(0.058, abs=5e-4)
    assert verdict(0, 50, 0.02, "at most") == "open"
    assert verdict(0, 200, 0.02, "at most") == "met"
    assert verdict(10, 50, 0.02, "at most") == "missed"


@given(n=st.integers(1, 400), share=st.floats(0, 1), confidence=st.sampled_from([0.8, 0.95, 0.99]))
def test_intervals_agree_with_scipy(n, share, confidence):
    """Wilson and Clopper–Pearson as scipy.stats.binomtest has them; the product's quick Wilson too."""
    hits = round(share * n)
    witness = stats.binomtest(hits, n)
    for ours, method in ((wilson, "wilson"), (clopper_pearson, "exact")):
        interval = witness.proportion_ci(confidence, method=method)
        estimate = ours(hits, n, confidence)
        assert (estimate.low, estimate.high) == pytest.approx(tuple(interval), abs=1e-9)
    quick = wilson(hits, n, confidence)
    assert proportion.wilson(hits, n, confidence) == pytest.approx((quick.low, quick.high), abs=1e-9)


def test_one_sided_bounds_are_those_of_the_exact_interval():
    """A one-sided 95 % bound is the end of the two-sided 90 % interval."""
    two_sided = clopper_pearson(7, 90, 0.90)

    assert (lower_bound(7, 90), upper_bound(7, 90)) == pytest.approx((two_sided.low, two_sided.high))
    assert (lower_bound(0, 9), upper_bound(9, 9)) == (0.0, 1.0)


def test_probability_that_a_target_is_met():
    """Jeffreys: 0 errors in 50 against 2 % is Beta(0.5, 50.5) below 0.02; both directions add up to 1."""
    p = probability_target_met(0, 50, 0.02, "at most")

    assert p == pytest.approx(stats.beta(0.5, 50.5).cdf(0.02))
    assert p + probability_target_met(0, 50, 0.02) == pytest.approx(1)
    assert probability_target_met(0, 0, 0.5) == pytest.approx(0.5)


def test_nothing_counted_has_no_share():
    """0 of 0 is unknown; 3 of 2 is a mistake."""
    assert wilson(0, 0).value is None
    with pytest.raises(CallError, match="3 of 2 came"):
        wilson(3, 2)


def test_wilson_covers_about_as_often_as_it_says():
    """20,000 samples of 60 at 85 %, seed 1: between 93 and 97 %."""
    hits = np.random.default_rng(1).binomial(60, 0.85, 20_000)
    bounds = {k: proportion.wilson(k, 60) for k in np.unique(hits)}
    covered = np.mean([bounds[k][0] <= 0.85 <= bounds[k][1] for k in hits])

    assert 0.93 < covered < 0.97


def test_where_few_are_of_one_kind_the_interval_covers_as_brown_cai_and_dasgupta_say() -> None:
    """Of 20: exact coverage over true shares up to a tenth. Wilson's falls to 84 %, the modified one not below 91 %.

    Its end is the mean of which one (two) or more come with 5 %: 0.3554 is half the 5 % point of chi-squared with 4.
    """
    n, shares = 20, np.linspace(0.0005, 0.1, 200)

    def least(interval: Callable[[int, int], tuple[float, float]]) -> float:
        ends = np.array([interval(hits, n) for hits in range(n + 1)])
        held = (ends[:, :1] <= shares) & (shares <= ends[:, 1:])
        return float((stats.binom.pmf(np.arange(n + 1)[:, None], n, shares) * held).sum(axis=0).min())

    assert least(proportion.wilson) < 0.85
    assert least(proportion.rare) > 0.91
    assert proportion.rare(1, 20)[0] == pytest.approx(-math.log(0.95) / 20)
    assert proportion.rare(2, 20)[0] == pytest.approx(0.3554 / 20, abs=1e-5)
    assert proportion.rare(19, 20) == pytest.approx(tuple(1 - end for end in proportion.rare(1, 20)[::-1]))
    assert proportion.rare(3, 50) == proportion.wilson(3, 50)
    assert proportion.rare(3, 51)[0] == pytest.approx(stats.chi2.ppf(0.05, 6) / 2 / 51)
