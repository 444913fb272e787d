"""What does a capacity plan start from? Volume, people and how they come and go, over weeks to two years.

Whatever the file does not say is taken from the scenario where it says it, else assumed; both are listed
with their grade (D said in the file or the scenario, A assumed).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from workbench.errors import CallError, ScenarioError, UnknownName
from workbench.resources import folder, scenario_file
from workbench.sim.mistakes import all_problems, read_yaml
from workbench.sim.parts import Factor, Part, Probability
from workbench.sim.scenario import Scenario
from workbench.studies.lever import LEVERS

WEEKS_A_YEAR = 365.25 / 7
YEARLY_LEAVERS = 0.35
"""30 to 40 % a year (METHOD STAT-7, an author's estimate)."""
RAMP_WEEKS, SLOWER_AT_FIRST, LEARNS_IN = 12, 0.6, 4.0
"""Handle time of a new agent: 1.6 times at first, and a quarter of a year until nothing is left of it. Assumed."""
MOST_WEEKS = 105


class Volume(Part):
    """How much comes, week by week, as a factor on the scenario's volume."""

    growth_per_year: float = Field(0.0, ge=-0.9, le=5)
    """0.05: five per cent more after a year."""
    season: tuple[Factor, ...] = ()
    """Factors by calendar month (12 of them), or by week of the plan (one for each)."""
    week_cv: float = Field(0.05, ge=0, le=1)
    """Scatter from week to week, as a share of the volume."""
    level_cv: float = Field(0.05, ge=0, le=1)
    """Doubt about the level a year ahead; it grows with the square root of time."""


class HandleTime(Part):
    """How long contacts take, as a factor on the scenario's handle time."""

    change_per_year: float = Field(0.0, ge=-0.9, le=5)
    """0.02: two per cent longer after a year."""
    cv: float = Field(0.02, ge=0, le=1)
    """Doubt about it."""


class Hiring(Part):
    """How people come in."""

    lead_weeks: int = Field(4, ge=0, le=52)
    """From the decision to the first day of training."""
    training_weeks: int = Field(4, ge=0, le=52)
    """Paid, and not on contacts."""
    leave_in_training: Probability = 0.1
    """Share of a class that does not see the floor."""
    least: int = Field(1, ge=1, le=1000)
    """Smallest class."""
    most: int = Field(20, ge=1, le=1000)
    """Largest class."""
    every_weeks: int = Field(2, ge=1, le=52)
    """A class can start so often."""
    cost_per_hire: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Recruiting, for each who starts. [currency]"""
    cost_per_training_week: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Trainer, room and the like, for each trainee, beside the pay. [currency]"""


class Overtime(Part):
    """Worked where people are short, before a week is missed."""

    at_most: Probability = 0.0
    """Share of the hours that can be added."""
    pay_factor: float = Field(1.5, ge=1, le=10)
    """Pay of such an hour over that of an ordinary one."""


class CapacityText(Part):
    """A capacity plan's inputs."""

    format: Literal[1] = 1
    """Of this file; a newer one is refused."""
    name: str = ""
    """What tables call it."""
    note: str = ""
    """For the reader."""
    scenario: str = ""
    """A usual day or week: a file, seen from this one, or the name of one that comes along."""
    start: date | None = None
    """Monday of the first week; else the one after the scenario's start."""
    weeks: int = Field(52, ge=2, le=MOST_WEEKS)
    """How far it looks."""
    days_per_week: float = Field(5.0, gt=0, le=7)
    """Of a scenario that is shorter than five days: so many such days are a week."""
    people: float | None = Field(None, gt=0)
    """On the roster today; else as many as the scenario has at work at most."""
    hours_per_week: float = Field(40.0, gt=0, le=80)
    """Paid, per person."""
    pay_per_hour: float | None = Field(None, ge=0, allow_inf_nan=False)
    """Else the scenario's."""
    volume: Volume = Volume()
    """What comes."""
    handle_time: HandleTime = HandleTime()
    """How long it takes."""
    shrinkage: float | None = Field(None, ge=0, lt=1)
    """Share of paid time that is not on contacts today; season and doubt move it from here."""
    shrinkage_season: tuple[float, ...] = ()
    """Added to it by calendar month (12), or by week: 0.05 in August."""
    shrinkage_sd: float = Field(0.01, ge=0, le=0.5)
    """Doubt about it, week by week."""
    attrition: tuple[Probability, ...] | None = None
    """Probability to leave in the first, second, ... week of tenure; the last one goes on."""
    ramp: tuple[Factor, ...] | None = None
    """Speed in the first, second, ... week on contacts, of that of a tenured agent; then 1."""
    tenure_weeks: tuple[float, ...] = ()
    """Of those on the roster today, one number each; empty: all tenured."""
    hiring: Hiring = Hiring()
    """How people come in."""
    overtime: Overtime = Overtime()
    """How hours are stretched."""
    probability: float = Field(0.8, gt=0, lt=1)
    """With which each week is to meet its targets."""

    @model_validator(mode="after")
    def _fits_together(self) -> CapacityText:
        problems = [
            f"{name}: {len(values)} came. Write 12, one for each month, or {self.weeks}, one for each week"
            for name, values in (
                ("volume.season", self.volume.season),
                ("shrinkage_season", self.shrinkage_season),
            )
            if values and len(values) not in (12, self.weeks)
        ]
        if self.hiring.least > self.hiring.most:
            problems.append(
                f"hiring.least: {self.hiring.least} is above hiring.most, {self.hiring.most}. Swap them"
            )
        if self.start is not None and self.start.weekday() != 0:
            monday = self.start - timedelta(days=self.start.weekday())
            problems.append(f"start: {self.start} is not a Monday. Use {monday}")
        if self.tenure_weeks and self.people is not None and len(self.tenure_weeks) != round(self.people):
            problems.append(
                f"tenure_weeks: {len(self.tenure_weeks)} came for {self.people:g} people. Write one for each"
            )
        if problems:
            raise ScenarioError(problems)
        return self


@dataclass(frozen=True)
class Inputs:
    """A plan's inputs, complete.

    Attributes
    ----------
    scenario : the usual day or week.
    base_people : as many as the scenario has at work at most; supply is a factor of it. [people]
    attrition, ramp : by week of tenure; afterwards the last of `attrition`, and 1.
    pay_per_hour : None where nobody says; costs are then counted in people and not in money.
    told : what was taken from where: pairs of text and grade.
    """

    text: CapacityText
    scenario: Scenario
    start: date
    base_people: float
    people: int
    attrition: tuple[float, ...]
    ramp: tuple[float, ...]
    shrinkage: float
    pay_per_hour: float | None
    told: tuple[tuple[str, str], ...]

    @property
    def weeks(self) -> int:
        """How far the plan looks."""
        return self.text.weeks

    @property
    def mondays(self) -> list[date]:
        """The first day of each week."""
        return [self.start + timedelta(weeks=w) for w in range(self.weeks)]

    def by_week(self, season: tuple[float, ...], neutral: float) -> list[float]:
        """Return a season as one number a week; months are those of the week's Thursday."""
        if not season:
            return [neutral] * self.weeks
        if len(season) == self.weeks:
            return list(season)
        return [season[(monday + timedelta(days=3)).month - 1] for monday in self.mondays]

    @property
    def per_week(self) -> float:
        """Simulated horizons in a week: 1 where the scenario is a week."""
        days = self.scenario.horizon.n_intervals * self.scenario.time.interval_s / 86_400
        return 1.0 if days >= 5 else self.text.days_per_week / max(1.0, round(days))


def read_plan(what: str | Path) -> Inputs:
    """Read a plan file; a scenario alone is one in which everything else is assumed.

    Raises
    ------
    ScenarioError
        with every mistake of the file, each with its path and what to do.
    UnknownName
        if there is neither a file nor a scenario of that name.
    """
    path = _plan_file(what)
    if not path.is_file():
        plans = [file.stem for file in sorted((folder("templates") / "capacity").glob("*.yaml"))]
        scenarios = [file.stem for file in sorted((folder("templates") / "scenarios").glob("*.yaml"))]
        if str(what) not in scenarios:
            raise UnknownName("plan or scenario", str(what), [*plans, *scenarios])
        return complete(CapacityText(), Scenario.from_yaml(scenario_file(what)))
    if "queues" in _content(path):
        return complete(CapacityText(), Scenario.from_yaml(path))
    data = _content(path)
    try:
        text = CapacityText.model_validate(data)
    except (ValidationError, ScenarioError):
        raise ScenarioError(all_problems(CapacityText, data), str(path)) from None
    if not text.scenario:
        raise ScenarioError(
            ["scenario: is missing. Name a scenario file, or one that comes along"], str(path)
        )
    beside = path.parent / text.scenario
    return complete(text, Scenario.from_yaml(scenario_file(beside if beside.is_file() else text.scenario)))


def _plan_file(what: str | Path) -> Path:
    """Return the path itself, or that of a plan that comes along ("growing_shop")."""
    shipped = folder("templates") / "capacity" / f"{what}.yaml"
    path = Path(what)
    return shipped if not path.exists() and path.name == str(what) and shipped.is_file() else path


def _content(path: Path) -> dict[str, object]:
    data, where = read_yaml(path)
    if not isinstance(data, dict):
        raise ScenarioError(["a plan is written as fields with their values, beginning with scenario"], where)
    return data


def complete(text: CapacityText, scenario: Scenario) -> Inputs:
    """Return the inputs with what the text does not say taken from the scenario, or assumed."""
    told: list[tuple[str, str]] = []
    base = LEVERS.get("staffing").today(scenario)
    people = round(text.people or base)
    if text.people is None:
        told.append((f"{people} people on the roster: as many as the scenario has at work at most.", "A"))
    attrition = text.attrition or _attrition(scenario, told)
    ramp = text.ramp or _ramp(scenario, told)
    shrinkage = text.shrinkage
    if shrinkage is None:
        shrinkage = 0.3 if text.shrinkage_season else 0.0
        if text.shrinkage_season:
            told.append(("30 % of paid time is not on contacts today; the season is added to that.", "A"))
    pay = text.pay_per_hour if text.pay_per_hour is not None else _pay(scenario, told)
    if not text.volume.season and not text.volume.growth_per_year:
        told.append(("No season and no growth: every week is a usual one, with its scatter.", "A"))
    told.append((f"Volume scatters by {text.volume.week_cv:.0%} a week; its level a year ahead is known to "
                 f"{text.volume.level_cv:.0%}.", "D" if "volume" in text.model_fields_set else "A"))  # fmt: skip
    if "hiring" not in text.model_fields_set:
        told.append((f"A class takes {text.hiring.lead_weeks} weeks to find and {text.hiring.training_weeks} to train; "
                     f"{text.hiring.leave_in_training:.0%} leave in training.", "A"))  # fmt: skip
    first = date.fromisoformat(str(scenario.time.start)[:10])
    start = text.start or first + timedelta(days=(-first.weekday()) % 7)
    return Inputs(
        text, scenario, start, float(base), people, tuple(attrition), tuple(ramp), shrinkage, pay, tuple(told)
    )


def _attrition(scenario: Scenario, told: list[tuple[str, str]]) -> tuple[float, ...]:
    known = [g.attrition.weekly for g in scenario.groups.values() if g.attrition is not None]
    if known:
        longest = max(len(weekly) for weekly in known)
        told.append(("Leavers by week of tenure: as in the scenario, mean of its groups.", "D"))
        return tuple(sum(w[min(i, len(w) - 1)] for w in known) / len(known) for i in range(longest))
    told.append(
        (f"{YEARLY_LEAVERS:.0%} of people leave in a year, at any tenure alike (METHOD STAT-7).", "A")
    )
    return (1 - (1 - YEARLY_LEAVERS) ** (1 / WEEKS_A_YEAR),)


def _ramp(scenario: Scenario, told: list[tuple[str, str]]) -> tuple[float, ...]:
    named = [g.learning for g in scenario.groups.values() if g.learning]
    curves = [scenario.curves[name].handle for name in dict.fromkeys(named) if scenario.curves[name].handle]
    if curves:
        longest = max(len(curve) for curve in curves)
        told.append(("New agents get faster as the scenario's learning curves say.", "D"))
        return tuple(
            len(curves) / sum(curve[i] if i < len(curve) else 1.0 for curve in curves) for i in range(longest)
        )
    told.append((f"New agents take {1 + SLOWER_AT_FIRST:g} times the handle time at first and learn within "
                 f"{RAMP_WEEKS} weeks.", "A"))  # fmt: skip
    return tuple(1 / (1 + SLOWER_AT_FIRST * math.exp(-w / LEARNS_IN)) for w in range(RAMP_WEEKS))


def _pay(scenario: Scenario, told: list[tuple[str, str]]) -> float | None:
    paid = [g.pay_per_hour for g in scenario.groups.values() if g.pay_per_hour is not None]
    if paid:
        told.append(("Pay is the mean of the scenario's groups.", "D"))
        return sum(paid) / len(paid)
    if scenario.money.pay_per_hour > 0:
        return scenario.money.pay_per_hour
    told.append(("No wage is given: plans are compared by people, and nothing is said in money.", "A"))
    return None


def read_probability(text: str) -> float:
    """Read a probability as the command line gives it: "0.8" or "80%".

    Raises
    ------
    CallError
        for what is no number between 0 and 1.
    """
    try:
        value = float(text.strip().removesuffix("%")) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        value = math.nan
    if not 0 < value < 1:
        meant = f"{value:g} % is {value / 100:g}, or {value:g}%" if 2 <= value < 100 else "0.8, or 80%"
        raise CallError(f'probability: "{text}" is not between 0 and 1. Write a share: {meant}.')
    return value


def adjusted(inputs: Inputs, *, weeks: int | None = None, probability: float | None = None) -> Inputs:
    """Return the inputs with what the command line says instead of the file.

    Raises
    ------
    ScenarioError
        for a number that is not accepted.
    """
    asked = {"weeks": weeks, "probability": probability}
    new = {name: value for name, value in asked.items() if value is not None}
    if not new:
        return inputs
    data = {**inputs.text.model_dump(exclude_unset=True), **new}
    try:
        return complete(CapacityText.model_validate(data), inputs.scenario)
    except (ValidationError, ScenarioError):
        raise ScenarioError(all_problems(CapacityText, data), "the plan") from None
