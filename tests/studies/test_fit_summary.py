"""Does the first thing said of a fit agree with its figures, and name what to do?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from tests.studies import floors
from workbench.intake.period import Period
from workbench.studies.backtest import Backtest, backtest
from workbench.studies.calibrate import Calibration
from workbench.studies.error_parts import COLUMNS
from workbench.studies.fit_summary import heaviest, summary_of_backtest, summary_of_fit
from workbench.studies.fit_tables import Beside
from workbench.studies.fits.reproduce import Reproduced

JUNE = Period.parse("2024-06-03:2024-06-30")
ASSUMED = (
    ("Wrap-up is not recorded: fitted, 20 s on average.", "A"),
    ("Staffing is inferred from the contacts that agents took.", "A"),
    ("Staffing is what agents' states recorded.", "M"),
)


def made(level: float, left: float, days: tuple[float, float] = (0.80, 0.06)) -> Calibration:
    """A fit whose simulated week has 80 % ± 1 and 6 % ± 1, beside what was recorded; and what the days gave."""
    beside = (
        Beside("service_level", level, 0.80, 0.79, 0.81, 20, 1234, JUNE),
        Beside("abandon_rate", left, 0.06, 0.05, 0.07, 20, 1234, JUNE),
    )
    known = Reproduced((0.80, 0.06), days, days, True, "")
    return Calibration(floors.scenario(days=7), JUNE, {}, ASSUMED, (), known, None, beside)


def test_a_fit_inside_its_intervals_reproduces_the_floor() -> None:
    """Both recorded figures lie inside; what was inferred of staffing weighs more than wrap-up."""
    text = " ".join(summary_of_fit(made(0.805, 0.062)))

    assert "reproduces the floor" in text
    assert "service level 80.0% (79.0% to 81.0%) for 80.5% recorded" in text
    assert "1,234 contacts, 3–30 June 2024; 95 % intervals of 20 replications" in text
    assert "rests most on this: Staffing is inferred" in text
    assert "workbench backtest" in text


def test_a_fit_outside_says_by_how_much_and_where_to_look() -> None:
    """84 % recorded: 4 points too few. A mean week is at fault where the days are reproduced, else the model."""
    week, days = (" ".join(summary_of_fit(made(0.84, 0.06, d))) for d in ((0.80, 0.06), (0.84, 0.06)))

    assert "misses the floor: service level by -4.0 points" in week
    assert "a mean week is not" in week
    assert "the fitted days themselves are not reproduced" in days


def test_less_than_a_point_is_no_miss() -> None:
    """81.5 % outside of 79 to 81 is 1.5 points off, 80.9 in an interval of 80.7 at most is not."""
    near = made(0.809, 0.06)
    tight = replace(near, beside=(replace(near.beside[0], high=0.807), near.beside[1]))

    assert "reproduces the floor" in " ".join(summary_of_fit(tight))
    assert "misses" in " ".join(summary_of_fit(made(0.815, 0.06)))


def test_interval_counts_alone_show_nothing() -> None:
    """Without contacts there is nothing to hold the week against, and that is what is said."""
    text = " ".join(summary_of_fit(replace(made(0.8, 0.06), beside=())))

    assert "nothing shows whether it reproduces the floor" in text
    assert "hand over contacts" in text


def test_what_is_measured_is_no_assumption() -> None:
    """Nothing is named where all was recorded."""
    assert "" == heaviest((("Staffing is what agents' states recorded.", "M"),))


@cache
def week_ahead() -> Backtest:
    data = floors.floor(days=8, agents=6)
    return backtest(
        data,
        Period.parse("2024-06-03:2024-06-08"),
        Period.parse("2024-06-09:2024-06-10"),
        n=4,
        decompose=False,
    )


@pytest.mark.parametrize(("actual", "said"), [(0.5, "reproduces the floor"), (0.9, "misses service level")])
def test_a_backtest_is_judged_by_its_interval(actual: float, said: str) -> None:
    """50 % in 40 to 60 %, and 90 % out of it; where staffing is inferred states are asked for."""
    row = {"actual": actual, "predicted": 0.5, "low": 0.4, "high": 0.6, "sd": 0.05}
    left = {"actual": 0.05, "predicted": 0.05, "low": 0.04, "high": 0.06, "sd": 0.01}
    scores = replace(week_ahead().scores, total={"service_level": row, "abandon_rate": left})
    errors = pd.DataFrame(
        [("handle time", -0.3, 0.0, 0.01, 0.01, ""), ("model", -0.1, 0.0, 0.01, 0.01, ""),
         ("total", -0.4, 0.0, 0.01, 0.01, "")],
        columns=COLUMNS,
    )  # fmt: skip

    text = " ".join(summary_of_backtest(replace(week_ahead(), scores=scores, errors=errors)))

    assert said in text
    assert f"service level 50.0% (40.0% to 60.0%) predicted, {actual:.1%} actual" in text
    assert "90 % of 4 replications, seed 1" in text
    assert "rests most on this: Staffing is inferred" in text
    moved = "from handle times that differ from those fitted: -30.0 points of service level"
    assert (actual == 0.9) == (moved in text)


@pytest.mark.parametrize(
    ("level", "wait", "said", "also"),
    [
        (0.5, 12.0, "reproduces the floor", "Next: what-ifs on a scenario"),
        (0.5, 31.0, "reproduces service level and abandonment but misses the mean wait of the answered",
         "promise no waits"),
        (0.9, 31.0, "misses service level and the mean wait of the answered", "Next: hand over"),
        (0.9, 12.0, "misses service level,", "Next: hand over"),
        (0.5, float("nan"), "reproduces the floor", "Next: what-ifs on a scenario"),
    ],
)  # fmt: skip
def test_a_missed_wait_is_said_at_once(level: float, wait: float, said: str, also: str) -> None:
    """12 s lie in 10 to 20 s, 31 s do not, and are told with their interval; an unknown wait is not judged."""
    row = {"actual": level, "predicted": 0.5, "low": 0.4, "high": 0.6, "sd": 0.05}
    left = {"actual": 0.05, "predicted": 0.05, "low": 0.04, "high": 0.06, "sd": 0.01}
    waited = {"actual": wait, "predicted": 15.0, "low": 10.0, "high": 20.0, "sd": 3.0}
    total = {"service_level": row, "abandon_rate": left, "mean_wait_answered_s": waited}
    found = week_ahead()

    text = " ".join(summary_of_backtest(replace(found, scores=replace(found.scores, total=total))))

    assert f"The model {said}" in text
    assert also in text
    figures = "mean wait of the answered 15.0 s (10.0 s to 20.0 s) predicted, 31.0 s actual"
    assert (wait == 31.0) == (figures in text)
