"""Do interval counts with empty cells, gaps and closed days become what the rest of them say?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.studies import floors
from workbench.errors import CallError
from workbench.intake.dataset import Dataset
from workbench.queueing import erlang_a
from workbench.sim.scenario import Scenario
from workbench.studies.calibrate import calibrate
from workbench.studies.fit_summary import summary_of_fit
from workbench.studies.fits.from_intervals import FromIntervals, scenario_of_intervals
from workbench.studies.fits.interval_patience import Counted, patience_of


def rows(**more: object) -> pd.DataFrame:
    """Two weeks, 08:00 to 13:00 by half-hours: 40 contacts of 180 s and five people in each."""
    start = pd.date_range("2024-06-03 00:00", periods=14 * 48, freq="30min", tz="Europe/Berlin")
    start = start[(start.hour >= 8) & (start.hour < 13)]
    table = pd.DataFrame(
        {"interval_start": start.tz_convert("UTC"), "interval_s": 1800.0, "queue": "calls", "offered": 40.0,
         "aht_s": 180.0, "abandoned": 1.0, "staffed_s": 9000.0}
    ).assign(**more)  # fmt: skip
    return table.set_index(start)


def made(table: pd.DataFrame) -> FromIntervals:
    return scenario_of_intervals(of(table))


def of(table: pd.DataFrame) -> Dataset:
    return floors.dataset({"intervals": table.reset_index(drop=True)})


def week(scenario: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Return rates of the open half-hours and people by weekday."""
    rate = np.array(scenario.queues["calls"].arrivals.per_hour).reshape(7, 48)
    return rate[:, 16:26], np.array(scenario.groups["calls"].agents).reshape(7, 48)[:, 16:26]


def said(found: FromIntervals) -> str:
    return " ".join(f"{grade} {what}" for what, grade in found.assumed)


def test_empty_cells_are_not_zero() -> None:
    """Staffed and offered empty in the second week: five people and 80 an hour are still the mean of what is known."""
    table = rows()
    second = table.index >= pd.Timestamp("2024-06-10", tz="Europe/Berlin")
    table.loc[second, "staffed_s"] = np.nan
    table.loc[second & (table.index.hour == 9), "offered"] = np.nan
    found = made(table)
    rate, people = week(found.scenario)

    assert (rate == 80).all()
    assert (people == 5).all()
    assert "staffed is empty in 70 of 140 intervals" in said(found)
    assert "offered is empty in 14 of 140 intervals" in said(found)
    assert 5.0 == found.tables["queues"]["people_mean"].iloc[0]
    assert "M" == found.scenario.premises.staffing


def test_where_nobody_ever_says_who_was_there_the_load_of_the_others_does() -> None:
    """Four Erlang on five people is 80 %; Mondays at 8 nobody says: 4 / 0.8 is five people, graded A."""
    table = rows()
    table.loc[(table.index.day_of_week == 0) & (table.index.hour == 8), "staffed_s"] = np.nan
    found = made(table)

    assert (week(found.scenario)[1] == 5).all()
    assert "A calls: staffed is known on no day for 2 of 70 intervals" in said(found)
    assert "80% of load" in said(found)
    assert "A" == found.scenario.premises.staffing


def test_missing_rows_are_a_gap_and_not_quiet() -> None:
    """No rows from 09:00 to 11:00 on the second Tuesday: 160 contacts, no chance; named and left out."""
    table = rows()
    gone = (table.index.day == 11) & np.isin(table.index.hour, [9, 10])
    found = made(table[~gone])

    assert (week(found.scenario)[0] == 80).all()
    assert "No contact 09:00–11:00 on 2024-06-11" in said(found)


def test_a_missing_row_of_few_contacts_is_no_contact() -> None:
    """Two contacts an interval: the one without a row had none, as an export leaves out what is empty."""
    table = rows(offered=2.0)
    gone = (table.index.day == 11) & (table.index.hour == 9) & (table.index.minute == 0)
    found = made(table[~gone])

    assert 2.0 == week(found.scenario)[0][1, 2]
    assert "Intervals without a row that other days of the weekday have: 1," in said(found)


def test_a_closed_day_and_a_day_without_rows_are_left_out() -> None:
    """Wednesday offers nothing in all rows, Thursday has no row; the other weeks' rates stay."""
    table = rows()
    table.loc[table.index.day == 12, "offered"] = 0.0
    found = made(table[table.index.day != 13])

    assert (week(found.scenario)[0] == 80).all()
    assert (week(found.scenario)[1] == 5).all()
    assert "days without a contact are left out as closed: 2024-06-12" in said(found)
    assert "days without a row are left out: 2024-06-13" in said(found)


def test_longer_intervals_are_sums_and_finer_ones_are_refused() -> None:
    """30 and 50 contacts are 80 an hour of 60 minutes; 15 minutes of half-hours nobody knows."""
    table = rows()
    table["offered"] = np.where(table.index.minute == 0, 30.0, 50.0)
    data = of(table)
    hourly = scenario_of_intervals(data, None, 3600).scenario

    assert 3600 == hourly.time.interval_s
    assert [80.0] * 5 == list(hourly.queues["calls"].arrivals.per_hour[8:13])
    assert [5] * 5 == list(hourly.groups["calls"].agents[8:13])
    with pytest.raises(CallError, match=r"15 minutes came.* by 30 minutes\. Accepted: 30 or 60"):
        calibrate(data, interval_s=900)


def counted(people: float, left: float, asa_s: float) -> Counted:
    """100 half-hours of 40 contacts."""
    one = np.ones(100)
    return Counted(40 * one, (40 - left) * one, left * one, asa_s * one, people * one)


def test_patience_is_the_wait_over_the_share_that_gave_up_where_staffing_explains_nobody() -> None:
    """13 people for 4 Erlang lose nobody; 12 s of wait and 5 % who give up are 240 s of patience."""
    found = patience_of(counted(13.0, 2.0, 12.0), 180.0, 1800.0, staffed=True)

    assert found.mean_s == pytest.approx(240.0)
    assert "shortest" == found.failed
    assert "even 5 s of patience would make fewer give up" in found.how
    assert (
        "abandonment 5.00% and speed of answer 12.0 s (4,000 contacts, 100 intervals)" in found.contradiction
    )
    most = float(erlang_a(80.0, 180.0, 13.0, 5.0).p_abandon)
    assert f"at most {most:.2%} give up" in found.contradiction


def test_what_would_fit_both_is_said() -> None:
    """Five people with 240 s give wait and share; 13 are recorded, about five found, by the waits of the answered."""
    told = erlang_a(80.0, 180.0, 5.0, 240.0)
    left = 40 * float(told.p_abandon)
    asa_s = float(told.mean_wait_s_served)
    agrees = patience_of(counted(5.0, left, asa_s), 180.0, 1800.0, staffed=True)
    found = patience_of(counted(13.0, left, asa_s), 180.0, 1800.0, staffed=True)

    assert agrees.mean_s == pytest.approx(240.0, rel=0.01)
    assert "" == agrees.contradiction == agrees.failed
    assert "About 5.1 people available would fit both" in found.contradiction
    assert "" == patience_of(counted(13.0, left, asa_s), 180.0, 1800.0, staffed=False).contradiction


def test_a_speed_of_answer_that_erlang_does_not_have_is_said() -> None:
    """Five people and those who give up go with 15 s; 90 s are recorded, six times that, which no shape explains."""
    left = 40 * float(erlang_a(80.0, 180.0, 5.0, 60.0).p_abandon)
    found = patience_of(counted(5.0, left, 90.0), 180.0, 1800.0, staffed=True)

    assert found.mean_s == pytest.approx(60.0, rel=0.01)
    assert "speed of answer 90.0 s" in found.contradiction
    assert "contradict one another" in found.contradiction


def test_the_fitted_week_is_held_against_abandonment_and_speed_of_answer() -> None:
    """Both stand with intervals in the figures and the first sentence, and what contradicts itself follows."""
    data = of(rows(abandoned=2.0, asa_s=12.0, staffed_s=13 * 1800.0))
    found = calibrate(data)
    text = list(summary_of_fit(found))

    assert ["abandon_rate", "mean_wait_answered_s"] == [b.measure for b in found.beside]
    assert [0.05, 12.0] == found.tables["fitted week beside the record"]["recorded"].round(9).tolist()
    assert "misses the floor: abandonment by -5.0 points and speed of answer by -12.0 s" in text[0]
    assert (
        "for 12.0 s recorded (5,600 contacts, 3–16 June 2024; 95 % intervals of 20 replications)" in text[0]
    )
    assert "The record contradicts itself. calls: staffing" in text[1]
    assert 240.0 == pytest.approx(found.scenario.queues["calls"].patience.mean)
