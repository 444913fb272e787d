"""Are season, trend, recent weeks and dates that stand out seen where they are, and nowhere else?"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from tests.studies import floors
from workbench.intake.period import Period
from workbench.studies.fit_tables import notes_on_season
from workbench.studies.fits.arrivals import fit_profile
from workbench.studies.fits.floor import foreseen
from workbench.studies.fits.log import Line, Log
from workbench.studies.fits.seasons import Season, fit_season

START = date(2023, 1, 2)  # a Monday


def log_of(per_day: np.ndarray, start: date = START) -> Log:
    """Return a log with so many contacts on each day, spread over eight hours from 9 o'clock."""
    first = int(np.datetime64(str(start), "D").astype(np.int64))
    day = np.repeat(first + np.arange(len(per_day)), per_day)
    place = np.concatenate([np.arange(n) for n in per_day])
    second = 9 * 3600 + (place * 28_800) // np.repeat(np.maximum(per_day, 1), per_day)
    at = (day * 86_400 + second) * 1_000_000
    rows = pd.DataFrame(
        {
            "arrival_us": at,
            "left_us": at,
            "line": 0,
            "day": day,
            "slot": second // 1800,
            "answered": True,
            "wait_s": 0.0,
        }
    )
    end = start + timedelta(days=len(per_day) - 1)
    return Log(rows, (Line("all", "all", "voice", 0),), (), Period(start, end), "UTC", 1800)


def poisson(mean: np.ndarray, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean)


def level(season: Season, day: date) -> tuple[float, float]:
    return season.level(int(np.datetime64(str(day), "D").astype(np.int64)))


def test_a_season_of_two_years_is_found_again() -> None:
    """A wave of ±20 % with its top at the turn of the year, seen twice, and 5 % a year more."""
    t = np.arange(730)
    made = 300 * np.exp(0.2 * np.cos(2 * np.pi * t / 365.25) + 0.05 * t / 364)
    season = fit_season(log_of(poisson(made)))

    assert "season, one wave, trend" == season.chosen
    top, low = level(season, date(2025, 1, 8)), level(season, date(2025, 7, 5))
    assert np.exp(0.4) == pytest.approx(top[0] / low[0] / np.exp(-0.05 * 178 / 364), rel=0.06)
    assert 0 < top[1] < 0.15


def test_where_nothing_changes_nothing_is_said() -> None:
    """A year of the same days: no season, and a level of 1 within 3 %."""
    season = fit_season(log_of(poisson(np.full(370, 300.0))))

    assert "no season, no trend" == season.chosen
    assert 1.0 == pytest.approx(level(season, date(2024, 1, 10))[0], abs=0.03)
    assert season.dates.empty


def test_uncertainty_of_the_level_covers_what_comes() -> None:
    """Weekly levels that scatter by 10 %: the standard deviation foreseen is 8 to 13 %."""
    rng = np.random.default_rng(4)
    made = np.repeat(np.exp(rng.normal(0, 0.1, 60)), 7) * 400
    season = fit_season(log_of(poisson(made)))

    assert 0.08 < level(season, date(2024, 3, 1))[1] < 0.13


def test_a_date_stands_out_and_comes_again_a_year_later() -> None:
    """1 May with a fifth of its contacts (60 ± 8): found, left out of the profile, foreseen for the next 1 May."""
    made = np.full(400, 300.0)
    made[(date(2023, 5, 1) - START).days] = 60
    log = log_of(poisson(made))
    season = fit_season(log)

    assert [date(2023, 5, 1)] == list(season.dates["date"])
    assert 0.2 == pytest.approx(season.dates["factor"].iloc[0], abs=0.06)
    profile = fit_profile(log, 0, season.fitted, season.out)
    assert 300 == pytest.approx(profile.per_hour[0].sum() / 2, rel=0.02)
    spikes = foreseen(profile, season, date(2024, 4, 29), 7)["spikes"]
    assert [2] == [s["day"] for s in spikes.values()]
    assert "2023-05-01" in next(iter(spikes))


def test_dates_without_names_say_that_the_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a stand-in for `holidays` 1 May has its name and nothing is said; without it the notes say why not."""
    made = np.full(400, 300.0)
    made[(date(2023, 5, 1) - START).days] = 60
    log = log_of(poisson(made))
    data = replace(floors.floor(days=1, agents=1), tables={"site": pd.DataFrame({"country": ["DE-BE"]})})
    package = ModuleType("holidays")
    package.country_holidays = lambda country, subdiv, years, language: {  # type: ignore[attr-defined]
        date(year, 5, 1): f"Labour Day in {country}, {subdiv}" for year in years
    }

    said = {}
    for module in (package, None):  # None: importing it fails as if it were not installed
        monkeypatch.setitem(sys.modules, "holidays", module)
        season = fit_season(log, data)
        said[module] = " ".join(text for text, _ in notes_on_season(log, season, date(2024, 2, 12), log))

    assert "2023-05-01 (Labour Day in DE, BE)" in said[package]
    assert "not installed" not in said[package]
    assert "2023-05-01." in said[None]
    assert "not named as holidays: the optional package `holidays` is not installed" in said[None]
    assert not fit_season(log_of(poisson(np.full(400, 300.0))), data).unnamed


def test_dates_are_named_by_the_calendar_of_the_sites_country() -> None:
    """The package itself: 1 May in Berlin, and a country that it does not know passed over."""
    made = np.full(400, 300.0)
    made[(date(2023, 5, 1) - START).days] = 60
    made[(date(2023, 6, 13) - START).days] = 600
    sites = pd.DataFrame({"country": ["DE-BE", "XX", None]})
    season = fit_season(
        log_of(poisson(made)), replace(floors.floor(days=1, agents=1), tables={"site": sites})
    )
    named = dict(zip(season.dates["date"], season.dates["name"], strict=True))

    assert named == {date(2023, 5, 1): "Labor Day", date(2023, 6, 13): ""}
    assert not season.unnamed


def test_recent_weeks_count_more_where_weeks_drift() -> None:
    """Ten per cent less week by week: the level foreseen is the last one, not the mean, with its uncertainty."""
    weeks = 400 * 0.9 ** np.arange(6)
    season = fit_season(log_of(poisson(np.repeat(weeks, 7))))

    assert "1 for the latest" in season.chosen
    assert weeks[-1] / weeks.mean() == pytest.approx(season.latest, rel=0.05)
    assert 0.1 == pytest.approx(season.rest_sd, abs=0.03)


def test_where_weeks_only_scatter_all_of_them_count() -> None:
    """Twelve weeks that scatter by 5 % about one level: the least weight for the latest, and a level near 1."""
    rng = np.random.default_rng(2)
    season = fit_season(log_of(poisson(np.repeat(400 * np.exp(rng.normal(0, 0.05, 12)), 7))))

    assert "0.2 for the latest" in season.chosen
    assert 1.0 == pytest.approx(season.latest, abs=0.04)


def test_two_weeks_say_nothing_of_levels() -> None:
    """Of fewer than three weeks there is no level and no uncertainty."""
    season = fit_season(log_of(poisson(np.full(14, 300.0))))

    assert (1.0, 0.0) == level(season, date(2023, 2, 1))
