"""Do forecast errors have the sign, the level and the floor that they claim?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.metrics.stories import at
from workbench.metrics.forecast_error import (
    bias,
    first_and_locked,
    forecast_errors,
    locked,
    mape,
    mase,
    matched,
    noise_floor,
    poisson_mae,
    tracking_signal,
    wape,
)

A, F = [100.0, 50.0, 10.0], [110.0, 40.0, 20.0]


def test_errors_worked_by_hand():
    """|errors| 10, 10, 10 on 160: WAPE 18.75 %, MAPE 43.3 %, bias +6.25 % (too high)."""
    assert wape(A, F).value == pytest.approx(30 / 160)
    assert mape(A, F).value == pytest.approx((0.1 + 0.2 + 1.0) / 3)
    assert bias(A, F).value == pytest.approx(10 / 160)
    assert tracking_signal(A, F).value == pytest.approx(-1.0)
    assert mase(A, F).value == pytest.approx(10 / 45)


def test_noise_floor_of_25_contacts():
    """METRICS: MAE / λ = 0.1590 exact at λ = 25, 0.1596 by the normal approximation."""
    assert noise_floor([25.0, 25.0]).value == pytest.approx(0.1590, abs=5e-5)
    assert np.sqrt(2 / (np.pi * 25)) == pytest.approx(0.1596, abs=5e-5)


@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0, 7.9, 25.0, 400.5])
def test_poisson_mean_absolute_error_by_summation(rate):
    """The closed form agrees with the sum over the distribution."""
    k = np.arange(2000)

    assert poisson_mae(rate) == pytest.approx(
        (np.abs(k - rate) * stats.poisson.pmf(k, rate)).sum(), rel=1e-10
    )


def test_unknown_sides_are_left_out():
    """A half-hour without a count is not a half-hour without contacts."""
    assert wape([100.0, np.nan], [110.0, 500.0]).value == pytest.approx(0.1)
    assert mape([0.0, 100.0], [5.0, 110.0]).value == pytest.approx(0.1)


def test_nothing_arrived_is_unknown():
    """No arrivals: every relative error is unknown."""
    assert [m.value for m in forecast_errors([0.0, 0.0], [1.0, 2.0])][:3] == [None, None, None]
    assert mase([5.0, 5.0], [5.0, 6.0]).reason.startswith("no season")


def forecast(**columns: object) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_the_locked_version_is_the_one_that_counts():
    """Three versions for one half-hour; the lock stands between the second and the third."""
    table = forecast(
        interval_start=at(9000, 9000, 9000), queue=["sales"] * 3, volume=[1.0, 2.0, 3.0],
        version_ts=at(0, 100, 200), lock_ts=at(150, 150, 150),
    )  # fmt: skip

    assert locked(table)["volume"].tolist() == [2.0]
    assert locked(table.drop(columns="lock_ts"))["volume"].tolist() == [3.0]
    late = table.assign(version_ts=at(0, 9500, 9600)).drop(columns="lock_ts")
    assert locked(late)["volume"].tolist() == [1.0]


def test_the_first_version_is_held_against_the_locked_one():
    """Ten were forecast first, twelve when it was locked; a late version and a single one say nothing."""
    table = forecast(
        interval_start=at(9000, 9000, 9000, 10800), queue=["sales"] * 4, volume=[12.0, 10.0, 99.0, 5.0],
        version_ts=at(100, 0, 200, 0), lock_ts=at(150, 150, 150, 150),
    )  # fmt: skip

    assert first_and_locked(table).to_dict("records") == [{"first": 10.0, "held": 12.0}]


def test_matching_at_interval_and_day():
    """Two half-hours of one day cancel at the level of the day."""
    plan = forecast(interval_start=at(0, 1800), queue=["sales", "sales"], volume=[10.0, 20.0])
    actual = pd.DataFrame({"interval_start": at(0, 1800), "queue": ["sales"] * 2, "offered": [15, 15]})
    by_interval, by_day = matched(plan, actual), matched(plan, actual, level="day")

    assert wape(by_interval["actual"], by_interval["forecast"]).value == pytest.approx(1 / 3)
    assert wape(by_day["actual"], by_day["forecast"]).value == 0.0


def test_queues_that_only_one_side_splits_are_summed():
    """The forecast is for all queues; the actuals come by queue."""
    plan = forecast(interval_start=at(0), queue=["all"], volume=[30.0])
    actual = pd.DataFrame({"interval_start": at(0, 0), "queue": ["sales", "service"], "offered": [10, 15]})

    assert matched(plan, actual)[["forecast", "actual"]].to_numpy().tolist() == [[30.0, 25.0]]
