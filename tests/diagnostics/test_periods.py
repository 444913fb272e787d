"""Do months, weeks and days of a client begin when its own clocks say so?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.diagnostics.periods import (
    agent_days,
    counted_by,
    days_of,
    each_day,
    each_once,
    earliest_by,
    first_by,
    latest_by,
    local_day,
    local_month,
    local_week,
    months_of,
    rows_within,
    weeks_of,
)
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
    table = times.to_frame()
    for whole, part in ((weeks_of, local_week), (days_of, local_day)):
        np.testing.assert_array_equal(part(times, client).to_numpy(), whole(table, "offered_ts", client))
    months = pd.Series(months_of(table, "offered_ts", client), index=times.index, name=times.name)
    pd.testing.assert_series_equal(months.dt.strftime("%Y-%m"), local_month(times, client))


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
    assert each_once(table[1:], "eval_id") is not table
    other = table.drop_duplicates("eval_id")
    assert each_once(other, "eval_id") is other
    assert {"a": 1, "b": 3} == first_by(table, "eval_id", "n").to_dict()


def test_the_earliest_and_latest_time_of_each_key() -> None:
    """As pandas groups them; who has no known time is there, without one."""
    table = moments().to_frame().assign(agent=np.random.default_rng(2).integers(0, 40, 3000).astype(str))
    table = pd.concat([table, pd.DataFrame({"offered_ts": [pd.NaT], "agent": ["nobody"]})], ignore_index=True)
    groups = table.groupby("agent")["offered_ts"]

    pd.testing.assert_series_equal(
        groups.min(), earliest_by(table, "agent", "offered_ts").sort_index(), check_names=False
    )
    pd.testing.assert_series_equal(
        groups.max(), latest_by(table, "agent", "offered_ts").sort_index(), check_names=False
    )


def test_the_earliest_and_latest_time_of_each_day() -> None:
    """As pandas groups them; a day of which no time is known is there, without one."""
    day = np.array(["2024-05-02", "2024-05-01", "2024-05-02", "2024-05-03", "NaT"], "datetime64[us]")
    at = np.array(["2024-04-09", "2024-04-08", "2024-04-07", "NaT", "2024-04-01"], "datetime64[us]")
    groups = pd.Series(at).groupby(day)

    pd.testing.assert_series_equal(groups.min(), each_day(day, at), check_freq=False)
    pd.testing.assert_series_equal(groups.max(), each_day(day, at, latest=True), check_freq=False)


def test_good_ones_are_counted_by_week() -> None:
    """As pandas counts them, in the order of time; what has no time is in no week."""
    client, times = Client(id="c", name="C", time_zone="Europe/Berlin"), moments()
    good = np.random.default_rng(4).random(len(times)) < 0.3
    counts = counted_by(weeks_of(times.to_frame(), "offered_ts", client), good)
    groups = pd.Series(good).groupby(local_week(times, client).to_numpy())

    assert [groups.sum().tolist(), groups.size().tolist()] == [counts["good"].tolist(), counts["n"].tolist()]
    assert groups.size().index.tolist() == counts.index.tolist()


def test_days_of_agents_are_numbered_agent_by_agent() -> None:
    """A shift that begins before midnight belongs to that day, in the client's zone."""
    client = Client(id="c", name="C", time_zone="Europe/Berlin")
    starts = ["2024-06-01 21:30", "2024-06-01 22:30", "2024-06-02 05:00", "2024-06-01 21:30", None]
    table = pd.DataFrame(
        {
            "agent_id": ["b", "b", "b", "a", "a"],
            "start": pd.to_datetime(starts, utc=True, format="ISO8601").as_unit("us"),
        }
    )

    assert [1, 2, 2, 0, -1] == agent_days(table, "start", client).tolist()
