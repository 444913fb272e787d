"""Do resampling, survival, ratios, digits and paired tests agree with second implementations?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from workbench.errors import CallError
from workbench.metrics.kaplan_meier import kaplan_meier
from workbench.statistics.bootstrap import bootstrap, mean_interval
from workbench.statistics.digits import digit_preference
from workbench.statistics.paired import paired_gap, paired_permutation_p, permutation_p
from workbench.statistics.ratios import rate_ratio, ratio_of_means, share_difference
from workbench.statistics.survival import curves_differ, restricted_mean, survival_curve


def test_bootstrap_of_a_mean_is_close_to_student():
    """200 values, seed 1: BCa ends within a tenth of the width of Student's; scipy's BCa likewise."""
    x = np.random.default_rng(1).exponential(1.0, 200)
    ours = mean_interval(x, seed=2, resamples=4000)
    theirs = stats.bootstrap(
        (x,), np.mean, n_resamples=4000, rng=np.random.default_rng(3)
    ).confidence_interval

    width = ours.high - ours.low
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.1 * width)
    assert mean_interval(x, seed=2) == mean_interval(x, seed=2)


def test_bootstrap_says_when_it_cannot():
    """Nothing, one unit, or a statistic that fails on most resamples: no interval, and why."""
    assert mean_interval([], seed=0).note == "it cannot be computed on these data"
    assert mean_interval([3.0], seed=0).note == "too few units for an interval"
    x = np.array([1.0, 0, 0, 0])

    def odd(i: np.ndarray) -> float:
        return 1.0 if 0 in i and x[i].sum() == 1 else np.nan

    assert bootstrap(odd, 4, seed=0).low is None


GEHAN_6MP = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
GEHAN_EVENT = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
GEHAN_PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_remission_times_of_the_textbook():
    """Freireich 1963, in every textbook: 0.857 at 6 weeks, 0.807 at 7, 0.448 at 23; log-rank 16.79."""
    curve = survival_curve(GEHAN_6MP, GEHAN_EVENT).set_index("time")["surviving"]

    assert [curve[t] for t in (6, 7, 10, 13, 16, 22, 23)] == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    p = curves_differ(GEHAN_6MP, GEHAN_EVENT, GEHAN_PLACEBO, [1] * 21)
    assert stats.chi2.isf(p, 1) == pytest.approx(16.79, abs=0.01)


def test_two_kaplan_meier_estimates_agree():
    """SciPy's curve here and statsmodels' in the metrics, wherever somebody leaves; log-log bounds too."""
    ours = survival_curve(GEHAN_6MP, GEHAN_EVENT)
    ours = ours[ours["events"] > 0]
    theirs = kaplan_meier(GEHAN_6MP, GEHAN_EVENT)
    sf = stats.ecdf(
        stats.CensoredData(
            uncensored=[t for t, e in zip(GEHAN_6MP, GEHAN_EVENT, strict=True) if e],
            right=[t for t, e in zip(GEHAN_6MP, GEHAN_EVENT, strict=True) if not e],
        )
    ).sf
    low = sf.confidence_interval(method="log-log").low

    assert ours["surviving"].tolist() == pytest.approx(theirs["surviving"].tolist())
    at = np.searchsorted(low.quantiles, theirs["time"])
    assert theirs["low"].tolist() == pytest.approx(low.probabilities[at].tolist())


def test_restricted_mean_without_censoring_is_a_mean():
    """Times 1, 2, 3, 6 and a horizon of 4: (1 + 2 + 3 + 4) / 4."""
    found = restricted_mean([1, 2, 3, 6], [1, 1, 1, 1], 4)

    assert found.value == pytest.approx(2.5)
    assert found.low < 2.5 < found.high
    assert restricted_mean([1, 2], [1, 0], 10).note == "nobody was watched that long"


def test_restricted_mean_covers_as_often_as_it_says():
    """300 samples of 80 exponential times, a third censored, seed 4: 92 to 98 %."""
    rng, truth, held = np.random.default_rng(4), 1 - np.exp(-1.0), []
    for _ in range(300):
        time, watched = rng.exponential(1.0, 80), rng.uniform(0.5, 4.0, 80)
        found = restricted_mean(np.minimum(time, watched), time <= watched, 1.0)
        held.append(found.low <= truth <= found.high)

    assert 0.92 <= np.mean(held) <= 0.98


def test_rate_ratio_is_exact():
    """30 in 1,000 h against 15 in 1,000 h: 2, and the binomial interval of 30 of 45 turned over."""
    found = rate_ratio(30, 1000, 15, 1000)
    share = stats.binomtest(30, 45).proportion_ci(method="exact")

    assert found.value == pytest.approx(2.0)
    assert (found.low, found.high) == pytest.approx(
        (share.low / (1 - share.low), share.high / (1 - share.high))
    )
    assert rate_ratio(0, 10, 0, 10).value is None
    assert rate_ratio(5, 10, 0, 10).high == np.inf
    with pytest.raises(CallError, match="exposures above 0"):
        rate_ratio(1, 0, 1, 1)


def test_newcombe_published_example():
    """Newcombe 1998, example (a): 56/70 less 48/80: 0.0524 to 0.3339."""
    found = share_difference(56, 70, 48, 80)

    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert share_difference(0, 0, 1, 2).value is None


def test_fieller_interval_solves_its_own_equation():
    """At both ends the mean of top − ratio × bottom is exactly t standard errors from 0."""
    rng = np.random.default_rng(5)
    b = rng.normal(10, 2, 30)
    a = 0.5 * b + rng.normal(0, 1, 30)
    found = ratio_of_means(a, b)

    for end in (found.low, found.high):
        rest = a - end * b
        t = abs(rest.mean()) / (rest.std(ddof=1) / np.sqrt(30))
        assert t == pytest.approx(stats.t(29).ppf(0.975))
    assert ratio_of_means([1, 2, 3], [-5, 1, 5]).low is None


def test_round_numbers_were_written_down():
    """Half of 400 minutes rounded to fives, seed 6: found and sized; clock times are not flagged."""
    rng = np.random.default_rng(6)
    clock = rng.integers(10, 100, 400)
    half = np.where(np.arange(400) < 200, clock, (clock // 5) * 5)
    measured, remembered = digit_preference(clock), digit_preference(half)

    assert measured.p_value > 0.01
    assert remembered.p_value < 1e-6
    assert remembered.excess == pytest.approx(0.5, abs=0.08)
    assert digit_preference(clock[:20]).p_value is None
    assert digit_preference([]).round_share is None
    assert digit_preference([1.5, np.nan, 20]).n == 1
    with pytest.raises(CallError, match="round_to: 3 came"):
        digit_preference([1], round_to=3)


def test_buyer_and_vendor_differ_by_a_point():
    """The vendor answers one point higher on eight of ten items."""
    buyer = [2, 3, 2, 3, 4, 2, 3, 3, 2, 3]
    vendor = [3, 4, 3, 4, 5, 3, 4, 4, 2, 3]
    gap = paired_gap(vendor, buyer, seed=1)

    assert gap.mean.value == pytest.approx(0.8)
    assert gap.mean.low > 0.3
    assert gap.wilcoxon_p < 0.02
    assert paired_permutation_p(vendor, buyer, seed=1) == pytest.approx(2 / 2**8)  # all eight one way
    assert paired_gap([1, 2], [1, 2], seed=1).wilcoxon_p is None


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=8))
def test_paired_permutation_agrees_with_scipy(pairs):
    """All sign changes, as scipy's permutation test of paired samples counts them."""
    a, b = (np.array(side, float) for side in zip(*pairs, strict=True))
    theirs = stats.permutation_test(
        (a - b,), lambda x, axis: x.sum(axis=axis), permutation_type="samples", vectorized=True,
        n_resamples=np.inf,
    )  # fmt: skip

    assert paired_permutation_p(a, b, seed=0) == pytest.approx(min(theirs.pvalue, 1.0))


def test_permutation_of_two_groups_is_exact_when_small():
    """1, 2, 3 against 7, 8, 9: two of twenty ways are as far apart."""
    assert permutation_p([1, 2, 3], [7, 8, 9], seed=0) == pytest.approx(0.1)
    assert permutation_p([], [1], seed=0) is None


def test_many_pairs_are_sampled_with_their_seed():
    """Beyond twelve pairs the signs are drawn; the same seed gives the same p-value."""
    a = np.random.default_rng(7).normal(0.5, 1, 40)
    p = paired_permutation_p(a, np.zeros(40), seed=3)

    assert p == paired_permutation_p(a, np.zeros(40), seed=3)
    assert p == pytest.approx(stats.ttest_1samp(a, 0).pvalue, abs=0.01)
