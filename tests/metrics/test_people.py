"""Are those who left counted once, and those who stay not forgotten?"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from workbench.metrics.attrition import (
    attrition_compounded,
    attrition_rate,
    compounded,
    half_life_months,
    survival_by_tenure,
)
from workbench.metrics.ramp import learning_ratio, speed_to_proficiency, weeks_to_proficiency


def hris(*rows: tuple[str, str | None]) -> pd.DataFrame:
    start, term = zip(*rows, strict=True)
    return pd.DataFrame({"start_date": pd.to_datetime(list(start)), "term_date": pd.to_datetime(list(term))})


def test_annual_attrition_both_ways():
    """METRICS: 4 % a month is 48 % of the headcount a year, and 38.73 % of a team gone."""
    assert compounded(0.04) == pytest.approx(0.3873, abs=5e-5)
    assert 12 * 0.04 == pytest.approx(0.48)
    assert half_life_months(0.04) == pytest.approx(16.98, abs=5e-3)


def test_leavers_over_mean_headcount():
    """Ten people all year, two of them leave at its very end: 20 % of 365 days."""
    table = hris(*[("2020-01-01", None)] * 8, *[("2020-01-01", "2023-12-31")] * 2)
    measure = attrition_rate(table, date(2023, 1, 1), date(2023, 12, 31))

    assert measure.value == pytest.approx(0.2)
    assert measure.n == 2
    assert (measure.low, measure.high) == pytest.approx(
        (0.024221, 0.722469), abs=1e-6
    )  # Garwood: 0.2422, 7.2247
    half = attrition_compounded(table, date(2023, 1, 1), date(2023, 12, 31))
    assert half.value == pytest.approx(1 - (1 - 0.2 / 12) ** 12)


def test_a_month_is_annualised():
    """One of ten leaves on the last of 30 days: 1 / 10 × 365 / 30."""
    table = hris(*[("2020-01-01", None)] * 9, ("2020-01-01", "2024-06-30"))

    assert attrition_rate(table, date(2024, 6, 1), date(2024, 6, 30)).value == pytest.approx(36.5 / 30)


def test_nobody_employed_is_unknown():
    """Everybody came later: no headcount, no rate."""
    measure = attrition_rate(hris(("2024-01-01", None)), date(2020, 1, 1), date(2020, 12, 31))

    assert (measure.value, measure.reason) == (None, "nobody was employed in the period")


def test_survival_without_truncation_worked_by_hand():
    """Four start together; one leaves on day 10, one on day 20, two stay 30 days: 0.75, then 0.50."""
    table = hris(
        ("2024-01-01", "2024-01-10"), ("2024-01-01", "2024-01-20"), ("2024-01-01", None), ("2024-01-01", None)
    )
    curve = survival_by_tenure(table, date(2024, 1, 1), date(2024, 1, 30))

    assert curve["tenure_days"].tolist() == [10, 20]
    assert curve["staying"].tolist() == pytest.approx([0.75, 0.5])
    assert curve["at_risk"].tolist() == [4, 3]
    assert (curve["low"] < curve["staying"]).all()
    assert (curve["high"] > curve["staying"]).all()


def test_those_who_left_before_the_window_do_not_flatter_the_early_weeks():
    """A veteran enters the risk set at the tenure of the window's first day, not at zero."""
    table = hris(("2023-01-01", None), ("2024-01-01", "2024-01-10"), ("2024-01-01", None))
    curve = survival_by_tenure(table, date(2024, 1, 1), date(2024, 1, 30))

    assert curve["at_risk"].tolist() == [2]
    assert curve["staying"].tolist() == [0.5]
    assert survival_by_tenure(table.iloc[[0]], date(2024, 1, 1), date(2024, 1, 30)).empty


def ramp(**weeks: list[float]) -> pd.DataFrame:
    rows = [(agent, week, aht) for agent, series in weeks.items() for week, aht in enumerate(series)]
    return pd.DataFrame(rows, columns=["agent_id", "week_since_start", "aht_s"])


def test_speed_to_proficiency_does_not_forget_who_left():
    """Ann needs 2 weeks, Bob 4, Cay left after 3 without getting there: median 4, not 3."""
    table = ramp(ann=[400, 320], bob=[500, 450, 400, 325], cay=[500, 480, 470])
    weeks = weeks_to_proficiency(table, tenured_aht_s=300)
    measure = speed_to_proficiency(table, tenured_aht_s=300)

    assert weeks["weeks"].tolist() == [2, 4, 3]
    assert weeks["proficient"].tolist() == [True, True, False]
    assert (measure.value, measure.n) == (4, 3)
    assert (
        "fewer than half"
        in speed_to_proficiency(ramp(ann=[400, 320], bob=[500] * 5, cay=[500] * 5), tenured_aht_s=300).reason
    )


def test_proficiency_may_ask_for_quality_too():
    """Fast in week 1, good only in week 2."""
    table = ramp(ann=[300, 300]).assign(qa=[0.6, 0.9])

    assert weeks_to_proficiency(table, tenured_aht_s=300, tenured_qa=0.9)["weeks"].tolist() == [2]


def test_tenured_handle_time_comes_from_late_weeks():
    """From week 26 on 300 s; the first week takes 1.5 times that."""
    table = ramp(ann=[450, *[350] * 25, 300, 300])

    assert learning_ratio(table)["ratio"].iloc[0] == pytest.approx(1.5)
    assert weeks_to_proficiency(table)["weeks"].tolist() == [27]
    assert weeks_to_proficiency(ramp(ann=[450.0])).empty
    assert np.isnan(learning_ratio(ramp(ann=[450.0]))["ratio"]).all()
