"""Do resampling, survival, rates, digits and paired tests agree with second implementations?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from workbench.errors import CallError
from workbench.metrics.kaplan_meier import kaplan_meier, median
from workbench.statistics.bootstrap import bootstrap, mean_interval
from workbench.statistics.digits import digit_preference, heaping
from workbench.statistics.paired import paired_gap
from workbench.statistics.ratios import rate_ratio, share_difference


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


def test_remission_times_of_the_textbook():
    """Freireich 1963, in every textbook: 0.857 at 6 weeks, 0.807 at 7, 0.448 at 23, median 23; SciPy's bounds."""
    found = kaplan_meier(GEHAN_6MP, GEHAN_EVENT)
    curve = found.set_index("time")["surviving"]
    sf = stats.ecdf(
        stats.CensoredData(
            uncensored=[t for t, e in zip(GEHAN_6MP, GEHAN_EVENT, strict=True) if e],
            right=[t for t, e in zip(GEHAN_6MP, GEHAN_EVENT, strict=True) if not e],
        )
    ).sf
    low = sf.confidence_interval(method="log-log").low

    assert [curve[t] for t in (6, 7, 10, 13, 16, 22, 23)] == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    at = np.searchsorted(low.quantiles, found["time"])
    assert found["low"].tolist() == pytest.approx(low.probabilities[at].tolist())
    assert median(found) == (23.0, 13.0, None)  # in R: survfit with conf.type "log-log"


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
    assert paired_gap([1, 2], [1, 2], seed=1).wilcoxon_p is None


def scores_of_evaluations(n: int, seed: int) -> np.ndarray:
    """Whole percents around 76 with a spread of 9: the density rises through a limit of 70."""
    return np.clip(np.random.default_rng(seed).normal(0.76, 0.09, n).round(2), 0, 1)


def test_scores_that_were_wished_lie_just_above_the_limit():
    """Half of those up to five points short are lifted over it: the windows hold c2 / 2 and c3 + c2 / 2."""
    honest = scores_of_evaluations(4000, seed=8)
    short = np.flatnonzero((honest >= 0.65 - 1e-9) & (honest < 0.70 - 1e-9))
    wished = honest.copy()
    wished[short[::2]] = 0.70
    before, after = heaping(honest, 0.70, 0.05, 1.0), heaping(wished, 0.70, 0.05, 1.0)

    c1, c2, c3, c4 = before.counts
    moved = len(short[::2])
    assert after.counts == (c1, c2 - moved, c3 + moved, c4)
    assert after.jump == pytest.approx(((c3 + moved) / (c2 - moved)) ** 1.5 * (c1 / c4) ** 0.5)
    assert before.low <= 1 <= before.high
    assert after.low > 2
    assert after.at_most == np.mean(wished >= 1)


def test_a_rising_density_is_no_jump_as_often_as_the_interval_says():
    """300 honest samples, seed 100 on: 1 lies in 92 to 98 % of the intervals (binomial)."""
    held = []
    for seed in range(300):
        found = heaping(scores_of_evaluations(600, seed=100 + seed), 0.70, 0.05, 1.0)
        held.append(found.low <= 1 <= found.high)

    assert 0.92 <= np.mean(held) <= 0.98


def test_few_scores_near_the_limit_say_nothing():
    """Four in a window are too few; without a value there is no share at the end of the scale."""
    assert heaping([0.72] * 20, 0.70, 0.05, 1.0).jump is None
    assert heaping([], 0.70, 0.05, 1.0).at_most is None
    with pytest.raises(CallError, match="window: 0 came"):
        heaping([0.7], 0.7, 0, 1)
