"""Do charts signal where they should, and do their run lengths equal the published ones?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from workbench.errors import CallError, UnknownName
from workbench.statistics.control_charts import (
    cusum,
    cusum_onset,
    ewma,
    means_chart,
    moving_range_sigma,
    xmr,
)
from workbench.statistics.run_length import (
    cusum_arl,
    cusum_h,
    detection_lags,
    ewma_arl,
    ewma_width,
    shewhart_arl,
    shewhart_width,
    weeks_to_signal,
)


def test_published_run_lengths():
    """ORACLES, Small check values: CUSUM 167.7 / 8.38 and 465.4 / 10.38, EWMA 499.6 / 10.54, 370.4 / 43.9."""
    assert [cusum_arl(s, 0.5, 4.0) for s in (0, 1)] == pytest.approx([167.7, 8.38], rel=5e-4)
    assert [cusum_arl(s, 0.5, 5.0) for s in (0, 1)] == pytest.approx([465.4, 10.38], rel=5e-4)
    assert [ewma_arl(s, 0.2, 2.962) for s in (0, 1)] == pytest.approx([499.6, 10.54], rel=5e-4)
    assert [shewhart_arl(s) for s in (0, 1)] == pytest.approx([370.4, 43.9], rel=5e-4)


TABLE = {  # STATISTICS, Governance cadence and detection: shift, then weeks to signal
    0.5: (155, 38, 42, 173, 112),
    1.0: (43.9, 10.4, 10.5, 24.2, 17.9),
    1.5: (15.0, 5.7, 5.5, 7.9, 13.1),
    2.0: (6.3, 4.0, 3.7, 4.9, 13.0),
    3.0: (2.0, 2.6, 2.4, 4.3, 13.0),
}


@pytest.mark.method("VMF-4")
def test_table_of_cadence_and_detection():
    """STATISTICS, Governance cadence and detection: all 25 entries to their printed digits."""
    table = detection_lags()

    for shift, row in TABLE.items():
        for came, printed in zip(table.loc[shift], row, strict=True):
            digits = 0 if printed > 50 or shift == 0.5 else 1
            assert round(came, digits) == pytest.approx(printed, abs=10**-digits * 0.51)


@pytest.mark.method("VMF-4")
def test_at_an_equal_false_alarm_rate_a_weekly_look_still_misses_small_drifts():
    """One false alarm in five years for every way of looking: sums of weekly values win at one sigma."""
    lags = detection_lags(in_control_weeks=260)

    assert set(lags.loc[1.0].nsmallest(2).index) == {"CUSUM weekly", "EWMA weekly"}
    assert lags.loc[0.5, "3σ weekly"] > lags.loc[0.5, "3σ on quarterly means"]
    assert lags.loc[3.0, "3σ on quarterly means"] == pytest.approx(13.0, abs=0.01)
    later = detection_lags((1.0,), in_control_weeks=260, with_meeting=True, action_weeks=2)
    assert (later.loc[1.0] - lags.loc[1.0]).tolist() == pytest.approx([2.5, 2.5, 2.5, 2 + 26 / 12, 8.5])


def test_limits_for_a_stated_in_control_run_length():
    """Solving for the limit and computing its run length come back to where they began."""
    assert cusum_arl(0.0, 0.5, cusum_h(465.44)) == pytest.approx(465.44, rel=1e-6)
    assert cusum_h(465.4442) == pytest.approx(5.0, abs=1e-4)
    assert ewma_arl(0.0, 0.2, ewma_width(370.4)) == pytest.approx(370.4, rel=1e-6)
    assert shewhart_width(370.398) == pytest.approx(3.0, abs=1e-6)


def test_integral_equations_agree_with_the_markov_chain():
    """Brook and Evans (1972) with 801 states: CUSUM and EWMA, in control and shifted."""
    states = 801

    def steps(moves: np.ndarray, first: int) -> float:
        return float(np.linalg.solve(np.eye(states) - moves, np.ones(states))[first])

    for shift in (0.0, 0.5, 2.0):
        band = 2 * 5.0 / (2 * states - 1)
        sums = np.arange(states) * band
        up = []
        for side in (shift, -shift):
            upper = sums[None, :] + band / 2 - sums[:, None] + 0.5 - side
            moves = ndtr(upper) - ndtr(upper - band)
            moves[:, 0] = ndtr(upper[:, 0])
            up.append(steps(moves, 0))
        assert cusum_arl(shift, 0.5, 5.0) == pytest.approx(1 / (1 / up[0] + 1 / up[1]), rel=2e-5)

        limit = 2.962 * np.sqrt(0.2 / 1.8)
        band = 2 * limit / states
        level = -limit + band * (np.arange(states) + 0.5)
        upper = (level[None, :] + band / 2 - 0.8 * level[:, None]) / 0.2 - shift
        chain = steps(ndtr(upper) - ndtr(upper - band / 0.2), states // 2)
        assert ewma_arl(shift, 0.2, 2.962) == pytest.approx(chain, rel=5e-5)


def test_cusum_run_length_by_simulation():
    """4,000 runs after a one-sigma shift, seed 11: the mean lies within four standard errors."""
    rng, lengths = np.random.default_rng(11), []
    for _ in range(4000):
        up = down = 0.0
        length = 0
        while max(up, down) <= 4.0:
            length += 1
            z = rng.normal() + 1.0
            up, down = max(up + z - 0.5, 0.0), max(down - z - 0.5, 0.0)
        lengths.append(length)

    error = np.std(lengths) / np.sqrt(len(lengths))
    assert abs(np.mean(lengths) - cusum_arl(1.0, 0.5, 4.0)) < 4 * error


@given(st.floats(0, 3), st.floats(1.5, 4))
def test_shewhart_run_length_is_geometric(shift, width):
    """One over the chance that a point lies outside."""
    outside = 1 - (ndtr(width - shift) - ndtr(-width - shift))

    assert shewhart_arl(shift, width) == pytest.approx(1 / outside, rel=1e-6)


def test_wrong_words_are_refused():
    """A chart that does not exist; a false alarm at every look."""
    with pytest.raises(UnknownName, match='Did you mean "CUSUM"'):
        weeks_to_signal(1.0, chart="CUMSUM")
    with pytest.raises(CallError, match="cry wolf"):
        weeks_to_signal(1.0, chart="EWMA", in_control_weeks=2)
    with pytest.raises(CallError, match="weeks_per_point: 0 came"):
        weeks_to_signal(1.0, weeks_per_point=0)


def test_xmr_limits_are_2_66_mean_ranges():
    """Ranges of 1 throughout: sigma 0.886, limits 2.66 from the centre."""
    chart = xmr([10, 11, 10, 11, 10, 11, 10, 11, 10, 15], baseline=8)

    assert moving_range_sigma([10, 11, 10, 11]) == pytest.approx(0.8862, abs=5e-5)
    assert chart.points["high"].iloc[0] - chart.centre == pytest.approx(2.6587, abs=5e-5)
    assert chart.signals == [9]


def test_a_slow_drift_is_found_by_the_sums_before_the_points():
    """0.9 sigma up from point 20 on: the CUSUM signals and dates it, the XmR chart does not."""
    rng = np.random.default_rng(12)
    x = rng.normal(size=50) + np.where(np.arange(50) >= 20, 0.9, 0.0)
    sums = cusum(x, centre=0.0, sigma=1.0)

    assert xmr(x, baseline=20).signals == []
    assert sums.signals
    assert abs(cusum_onset(sums) - 20) <= 5
    assert ewma(x, centre=0.0, sigma=1.0).signals
    assert cusum_onset(cusum(x[:10], centre=0.0, sigma=1.0)) is None


def test_limits_of_means_narrow_with_their_size():
    """A mean of four has half the limits of a single point."""
    chart = means_chart([0.0, 2.0, 2.0], [1, 4, 1], centre=0.0, sigma=1.0)

    assert chart.points["high"].tolist() == pytest.approx([3.0, 1.5, 3.0])
    assert chart.signals == [1]


def test_an_unknown_point_is_no_signal_and_no_reset():
    """A missing week neither alarms nor clears the sum."""
    chart = cusum([2.0, np.nan, 2.0, 2.0, 2.0], k=0.5, h=4.0, centre=0.0, sigma=1.0)

    assert chart.points["statistic"].tolist() == pytest.approx([1.5, 1.5, 3.0, 4.5, 6.0])
    assert chart.signals == [3, 4]


def test_charts_without_spread_or_points_are_refused():
    """One point has no range; equal points have no sigma."""
    with pytest.raises(CallError, match="needs two in a row"):
        xmr([1.0])
    with pytest.raises(CallError, match="All points are equal"):
        cusum([1.0, 1.0, 1.0])
    with pytest.raises(CallError, match="weight: 0 came"):
        ewma([1.0, 2.0], weight=0)
