"""Do months, weeks and days of a client begin when its own clocks say so?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.diagnostics.periods import each_once, local_day, local_month, local_week, rows_within
from workbench.intake.client import Client
from workbench.intake.period import Period

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kathmandu")


def moments() -> pd.Series:
    draw = np.random.default_rng(1).integers(-1_000_000_000, 2_000_000_000, 3000)
    times = pd.Series(pd.to_datetime(draw, unit="s", utc=True).as_unit("us"), index=range(7, 3007))
    times.iloc[3] = pd.NaT
    return times.rename("offered_ts")


@pytest.mark.parametrize("zone", ZONES)
def test_months_weeks_and_days_are_those_of_pandas(zone: str) -> None:
    """The slow and obvious way says the same, unknown times included."""
    times, client = moments(), Client(id="c", name="C", time_zone=zone)
    wall = times.dt.tz_convert(zone).dt.tz_localize(None)

    pd.testing.assert_series_equal(wall.dt.strftime("%Y-%m"), local_month(times, client))
    pd.testing.assert_series_equal(wall.dt.to_period("W").dt.start_time, local_week(times, client))
    pd.testing.assert_series_equal(wall.dt.normalize(), local_day(times, client))


def test_plain_dates_are_taken_as_they_are() -> None:
    """A date has no clock: the client's zone does not move it."""
    days, client = moments().dt.tz_localize(None), Client(id="c", name="C", time_zone="Asia/Kathmandu")

    pd.testing.assert_series_equal(days.dt.strftime("%Y-%m"), local_month(days, client))
    pd.testing.assert_series_equal(days.dt.to_period("W").dt.start_time, local_week(days, client))


def test_a_period_holds_its_last_moment_and_not_the_next_one() -> None:
    """June in Berlin ends at 22:00 UTC; a table that lies wholly inside is not copied."""
    client, june = Client(id="c", name="C", time_zone="Europe/Berlin"), Period.parse("2024-06")
    times = ["2024-05-31 21:59:59", "2024-05-31 22:00", "2024-06-30 21:59:59", "2024-06-30 22:00", None]
    table = pd.DataFrame({"ts": pd.to_datetime(times, utc=True, format="ISO8601").as_unit("us")})
    inside = rows_within(table, "ts", june, client)

    assert [1, 2] == list(inside.index)
    assert rows_within(inside, "ts", june, client) is inside


def test_the_first_row_of_each_key_stands_for_it() -> None:
    """An evaluation has a row for each item; its time is that of the first."""
    table = pd.DataFrame({"eval_id": ["a", "a", "b"], "n": [1, 2, 3]})

    assert [1, 3] == each_once(table, "eval_id")["n"].tolist()
