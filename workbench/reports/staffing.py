"""What does the template for WFM leads call? Calibrated, held against what happened, asked and staffed.

Each part that the client's data do not carry is left out with its reason, and the others stand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from workbench.errors import DataError, WorkbenchError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.reports.enough import Enough, enough
from workbench.reports.notebook import Review, origin, read_for
from workbench.reports.parameters import StaffingWhatIf, check
from workbench.sim.scenario import Scenario
from workbench.studies.backtest import Backtest, backtest
from workbench.studies.calibrate import Calibration, calibrate
from workbench.studies.lever import LEVERS
from workbench.studies.one_day import one_day
from workbench.studies.replicate import replicate
from workbench.studies.staffing.staff import Request, Staffing, staff
from workbench.studies.tornado import Tornado, tornado
from workbench.studies.what_if import Variant, WhatIf, variant, what_if
from workbench.studies.what_if_file import read_what_if

NAME = "staffing_what_if"
QUESTIONS = ("volume=+10%", "handle_time=+5%", "shrinkage=+0.05", "fcr=-0.05")
"""Besides one person in twenty fewer, asked where the client has no what-if file of its own, so far as they apply."""
FEWEST_DAYS = 8
"""Below so many days nothing is held back to be predicted."""
CHECKS = 200
"""Fresh replications with which the requirement of a day is checked."""
TEST_SHARE, MOST_TEST_DAYS, MOST_FIT_DAYS = 0.25, 7, 28
"""The last quarter of the days, at most a week, is predicted from the four weeks before."""

T = TypeVar("T")


@dataclass(frozen=True)
class StaffingStudy:
    """A client's floor: fitted, held against what happened, asked and staffed.

    Attributes
    ----------
    calibration, backtested, asked, moves, staffed : None where `missing` says why, by name.
    day : the busiest day of the fitted week, for which it is staffed.
    enough : what that day needs beside who is there; None where `missing` says why.
    """

    dataset: Dataset
    calibration: Calibration | None
    backtested: Backtest | None
    asked: WhatIf | None
    moves: Tornado | None
    day: Scenario | None
    staffed: Staffing | None
    enough: Enough | None = None
    missing: dict[str, str] = field(default_factory=dict)


def staffing_what_if(**parameters: Any) -> Review:
    """Read a client and study its staffing.

    Raises
    ------
    CallError
        for a parameter that is not accepted.
    DataError
        if nothing of what the client handed over can be used.
    """
    asked = check(NAME, parameters)
    assert isinstance(asked, StaffingWhatIf)
    dataset, own = read_for(asked)
    return Review(study(dataset, asked), asked, origin(dataset, asked, NAME, own), own)


def study(dataset: Dataset, asked: StaffingWhatIf) -> StaffingStudy:
    """Return the study of a client's staffing, each part that cannot be had with its reason."""
    missing: dict[str, str] = {}

    def tried(name: str, part: Callable[[], T]) -> T | None:
        try:
            return part()
        except WorkbenchError as error:
            missing[name] = str(error)
            return None

    fitted = tried("calibration", lambda: calibrate(dataset, interval_s=60 * asked.interval))
    fit, test = split(dataset.period, asked.test_days)
    found = tried("backtest", lambda: _backtested(dataset, fit, test, asked))
    if fitted is None:
        why = "No scenario could be fitted: " + missing["calibration"]
        return StaffingStudy(
            dataset, None, found, None, None, None, None, missing={**missing, "scenarios": why, "plan": why}
        )
    base, folder = fitted.scenario, Path(asked.client)
    answers = tried("scenarios", lambda: what_if(*questions(base, folder), asked.replications, asked.seed))
    moves = tried("moves", lambda: tornado(base, n=asked.replications, seed=asked.seed))
    day = tried("plan", lambda: one_day(base))
    staffed = None
    if day is not None and asked.plan:
        staffed = tried(
            "plan",
            lambda: staff(day, Request(per="hour", seed=asked.seed, stages="requirement", check=CHECKS)),
        )
    beside = None
    if day is not None and staffed is not None and staffed.requirement is not None:
        today, requirement = day, staffed.requirement
        beside = tried(
            "enough", lambda: enough(requirement, replicate(today, asked.replications, asked.seed))
        )
    return StaffingStudy(dataset, fitted, found, answers, moves, day, staffed, beside, missing)


def split(period: Period, test_days: int) -> tuple[Period, Period | None]:
    """Return the days to fit on and those to predict; None where there are too few to hold any back."""
    if period.days < FEWEST_DAYS:
        return period, None
    days = test_days or min(MOST_TEST_DAYS, max(1, round(TEST_SHARE * period.days)))
    days = min(days, period.days - FEWEST_DAYS // 2)
    first = period.end - timedelta(days=days - 1)
    start = max(period.start, first - timedelta(days=MOST_FIT_DAYS))
    return Period(start, first - timedelta(days=1)), Period(first, period.end)


def _backtested(dataset: Dataset, fit: Period, test: Period | None, asked: StaffingWhatIf) -> Backtest:
    if test is None:
        raise DataError(
            f"{dataset.client.name}: {dataset.period.days} days are too few to hold some back and predict them; "
            f"hand over {FEWEST_DAYS} or more."
        )
    return backtest(
        dataset, fit, test, n=asked.backtest_replications, seed=asked.seed, interval_s=60 * asked.interval
    )


def questions(base: Scenario, folder: Path) -> tuple[Scenario, Sequence[Variant]]:
    """Return base and variants: those of the client's whatif.yaml, else the usual ones on the fitted scenario."""
    own = folder / "whatif.yaml"
    if own.is_file():
        file = read_what_if(own)
        return file.base, file.variants
    found = []
    fewer = max(1, round(LEVERS.get("staffing").today(base) / 20))
    for text in (*QUESTIONS, f"staffing=-{fewer}"):
        if not LEVERS.get(text.partition("=")[0]).why_not(base):
            one = variant(base, text, [text])
            found.append(replace(one, name=one.words))
    return base, found
