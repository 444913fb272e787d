"""Who works, when, and at what?"""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from workbench.sim.distributions import Distribution
from workbench.sim.parts import Clock, CountPattern, Factor, Part, Probability


class Skill(Part):
    """How a group serves a skill; ``1`` alone is its level."""

    level: int = Field(1, ge=1, le=99)
    """1 is tried first by policy "best_skill"."""
    handle_factor: Factor = 1.0
    """On handle times."""
    resolution_factor: Factor = 1.0
    """On the probability to be resolved."""
    escalation_factor: Factor = 1.0
    """On the probability of an escalation."""
    after_s: float = Field(0.0, ge=0, allow_inf_nan=False)
    """Delayed overflow: only contacts that have waited so long. [s]"""
    min_waiting: int = Field(0, ge=0)
    """Only while so many wait in the queue."""

    @model_validator(mode="before")
    @classmethod
    def _level_alone(cls, value: Any) -> Any:
        return {"level": value} if isinstance(value, int) and not isinstance(value, bool) else value


class Activity(Part):
    """A part of a shift away from contacts; the name says what: lunch, break, meeting, training."""

    start: Clock
    """Local time; may lie beyond 24."""
    minutes: float = Field(gt=0, le=24 * 60)
    """How long."""
    paid: bool = True
    """Counts as paid time."""
    waves: int = Field(1, ge=1)
    """People of a block take turns in so many waves."""
    wave_minutes: float = Field(0.0, ge=0)
    """From one wave to the next."""


class Shift(Part):
    """From start to end on the given weekdays, with its activities."""

    start: Clock
    """Local time."""
    end: Clock
    """"30:00" is 6 a.m. of the next day."""
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """0 is Monday."""
    activities: dict[str, Activity] = {}
    """Breaks, lunch, meetings, training, by name."""


class People(Part):
    """Some people of a group with the same shift; each is one agent."""

    count: int = Field(1, ge=0, le=100_000)
    """How many."""
    shift: str
    """Whose working times."""
    skills: dict[str, Skill] | None = None
    """Instead of the group's."""
    proficiency: Factor = 1.0
    """Factor on handle times; 1.2 is slower than average."""
    tenure_weeks: float | tuple[float, float] | None = None
    """At the start of the horizon; a pair is spread evenly over the people; empty: long enough."""


class Shrinkage(Part):
    """Time for which people are paid or scheduled and do not take contacts; the name says what."""

    share: Probability
    """Of shifts, or of the time of a shift."""
    whole_days: bool = True
    """Whole shifts (vacation, sickness), at random; or one spell within each shift."""
    in_shifts: float = Field(1.0, gt=0, le=1)
    """Of spells: in so many shifts, at random, so much longer; 1 is every shift. A share above it makes more shifts."""
    planned: bool = False
    """Known when the schedule is made."""
    paid: bool = True
    """Counts as paid time."""


class Adherence(Part):
    """Late start and early leave, drawn for each shift."""

    late: Probability = 0.0
    """Probability to come late."""
    late_by: Distribution = Distribution(mean_s=600)
    """How late."""
    early: Probability = 0.0
    """Probability to leave early."""
    early_by: Distribution = Distribution(mean_s=600)
    """How early."""


class Attrition(Part):
    """People leave for good."""

    weekly: tuple[Probability, ...]
    """Probability to leave in the first, second, ... week of tenure; the last one goes on."""
    replaced_after_weeks: float | None = Field(None, ge=0)
    """A new hire with tenure 0 takes over the shift; empty: nobody does."""


class Curve(Part):
    """Learning: factors in the first, second, ... week of tenure; afterwards 1.

    New hires typically take 1.3 to 1.8 times the handle time of tenured agents.
    """

    handle: tuple[Factor, ...] = ()
    """On handle times."""
    escalation: tuple[Factor, ...] = ()
    """On the probability of an escalation."""
    resolution: tuple[Factor, ...] = ()
    """On the probability to be resolved."""


class Group(Part):
    """Agents with the same skills at one site: counts by interval, or people with shifts."""

    site: str = "main"
    """Where."""
    agents: CountPattern | None = None
    """How many are at work, by interval. When it falls, the idle go first, then whoever is done."""
    people: dict[str, People] = {}
    """Blocks of people, by name."""
    skills: dict[str, Skill] = {}
    """What everybody in the group can do, by name."""
    handle_factor: Factor = 1.0
    """On handle times."""
    shrinkage: dict[str, Shrinkage] = {}
    """Time away, by kind."""
    adherence: Adherence | None = None
    """Late start and early leave."""
    attrition: Attrition | None = None
    """People leave for good."""
    learning: str | None = None
    """A curve of the scenario."""
    pay_per_hour: float | None = Field(None, ge=0, allow_inf_nan=False)
    """Instead of the scenario's."""

    @model_validator(mode="before")
    @classmethod
    def _skills_as_list(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("skills"), list | tuple):
            return {**value, "skills": {str(name): {} for name in value["skills"]}}
        return value
