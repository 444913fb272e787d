"""How many people work in which week, and like how many tenured ones? Cohorts that learn and leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.studies.capacity.plan_file import Inputs

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cohorts:
    """What one person of each kind is worth in each week, on average.

    Attributes
    ----------
    today : array of shape (weeks,): those on the roster today, all together, as tenured people.
    today_heads : the same, counted.
    hire : array of shape (classes, weeks): one who starts training in a class, as a tenured person.
    hire_heads : the same, counted once training is over.
    trainee : the same, counted during training.
    starts : array of shape (classes,): weeks in which a class can start.
    """

    today: Floats
    today_heads: Floats
    hire: Floats
    hire_heads: Floats
    trainee: Floats
    starts: NDArray[np.int64]


def leaving(inputs: Inputs, weeks: int) -> Floats:
    """Return the probability to leave in each week of tenure, array of shape (weeks,)."""
    given = np.array(inputs.attrition)
    return given[np.minimum(np.arange(weeks), len(given) - 1)]


def speed(inputs: Inputs, weeks: int) -> Floats:
    """Return the speed in each week of tenure, as a share of a tenured agent's, array of shape (weeks,)."""
    found = np.ones(weeks)
    n = min(len(inputs.ramp), weeks)
    found[:n] = inputs.ramp[:n]
    return found


def tenures(inputs: Inputs) -> NDArray[np.int64]:
    """Return the weeks of tenure of those on the roster today; who is not said to be new is tenured."""
    given = inputs.text.tenure_weeks
    long = max(len(inputs.attrition), len(inputs.ramp)) + 1
    return np.array([int(t) for t in given] if given else [long] * inputs.people, dtype=np.int64)


def class_starts(inputs: Inputs) -> NDArray[np.int64]:
    """Return the weeks in which a class can start: not before it is found, and so often as the plan allows."""
    hiring = inputs.text.hiring
    return np.arange(hiring.lead_weeks, inputs.weeks, hiring.every_weeks, dtype=np.int64)


def cohorts(inputs: Inputs) -> Cohorts:
    """Return the mean course of today's people and of a hire of each class."""
    weeks, hiring = inputs.weeks, inputs.text.hiring
    now = tenures(inputs)
    far = int(now.max(initial=0)) + weeks + 1
    leave, fast = leaving(inputs, far), speed(inputs, far)
    today, heads = np.zeros(weeks), np.zeros(weeks)
    for tenure, n in zip(*np.unique(now, return_counts=True), strict=True):
        stay = np.concatenate([[1.0], np.cumprod(1 - leave[tenure : tenure + weeks - 1])])
        heads += n * stay
        today += n * stay * fast[tenure : tenure + weeks]
    starts = class_starts(inputs)
    hire, hire_heads, trainee = (np.zeros((len(starts), weeks)) for _ in range(3))
    kept = 1 - hiring.leave_in_training
    for i, start in enumerate(starts):
        ready = start + hiring.training_weeks
        trainee[i, start : min(ready, weeks)] = 1.0
        n = weeks - ready
        if n > 0:
            stay = kept * np.concatenate([[1.0], np.cumprod(1 - leave[: n - 1])])
            hire_heads[i, ready:] = stay
            hire[i, ready:] = stay * fast[:n]
    return Cohorts(today, heads, hire, hire_heads, trainee, starts)


def drawn(inputs: Inputs, hires: Mapping[int, int], draws: int, seed: int) -> tuple[Floats, Floats]:
    """Draw who stays, and return the supply as tenured people and the heads on contacts.

    Parameters
    ----------
    hires : people who start training, by week.

    Returns
    -------
    arrays of shape (draws, weeks), before shrinkage.
    """
    weeks, hiring = inputs.weeks, inputs.text.hiring
    now = tenures(inputs)
    far = int(now.max(initial=0)) + weeks + 1
    leave, fast = leaving(inputs, far), speed(inputs, far)
    supply, heads = np.zeros((draws, weeks)), np.zeros((draws, weeks))
    members = [(0, int(t), int(n), False) for t, n in zip(*np.unique(now, return_counts=True), strict=True)]
    members += [(start + hiring.training_weeks, 0, n, True) for start, n in sorted(hires.items()) if n]
    for first, tenure, n, trained in members:
        # a stream of its own for each cohort: another class changes no one else's fate
        random = np.random.default_rng([seed, 7, first, tenure, int(trained)])
        there = np.full(draws, n)
        if trained:
            there = random.binomial(there, 1 - hiring.leave_in_training)
        for week in range(first, weeks):
            heads[:, week] += there
            supply[:, week] += there * fast[tenure]
            there = random.binomial(there, 1 - leave[tenure])
            tenure += 1
    return supply, heads


@dataclass(frozen=True)
class Work:
    """What may come, draw by draw; arrays of shape (draws, weeks).

    Attributes
    ----------
    volume, handle : factors on the scenario's volume and handle time.
    present : share of paid time on contacts, as a factor on today's.
    """

    volume: Floats
    handle: Floats
    present: Floats

    @property
    def load(self) -> Floats:
        """Volume times handle time."""
        return self.volume * self.handle


def drawn_work(inputs: Inputs, draws: int, seed: int) -> Work:
    """Draw volume, handle time and shrinkage of every week."""
    text, weeks = inputs.text, inputs.weeks
    random = np.random.default_rng([seed, 11])
    years = np.arange(weeks) / 52.18
    season = np.array(inputs.by_week(text.volume.season, 1.0))
    mean = season * (1 + text.volume.growth_per_year) ** years
    longer = (1 + text.handle_time.change_per_year) ** years
    steps = random.standard_normal((draws, weeks)) * text.volume.level_cv * np.sqrt(1 / 52.18)
    level = np.exp(np.cumsum(steps, axis=1) - 0.5 * text.volume.level_cv**2 * (years + 1 / 52.18))
    week = np.maximum(0.0, 1 + text.volume.week_cv * random.standard_normal((draws, weeks)))
    handle = np.maximum(0.0, 1 + text.handle_time.cv * random.standard_normal((draws, 1)))
    away = inputs.shrinkage + np.array(inputs.by_week(text.shrinkage_season, 0.0))
    away = away + text.shrinkage_sd * random.standard_normal((draws, weeks))
    present = np.clip(1 - away, 0.0, 1.0) / (1 - inputs.shrinkage)
    return Work(mean * level * week, longer * handle, present)
