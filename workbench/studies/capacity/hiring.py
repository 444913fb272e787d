"""Which classes should start when? The cheapest hires with which every week probably meets its service.

A week's chance constraint becomes a line: mean supply at least what is needed for the probability, given how
supply, work and absence scatter around their means under the plan. The integer programme (HiGHS) is solved,
the scatter under its plan is drawn, the lines move, and so on until all weeks hold; then every class is tried
with one hire fewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.special import ndtri

from workbench.studies.capacity.plan_file import Inputs
from workbench.studies.capacity.surface import Surface
from workbench.studies.capacity.workforce import Cohorts, Floats, Work, drawn

ROUNDS = 8
SHORT = 1_000.0
"""What one missing person-week costs the programme, in the cost of the dearest hire; so that it is the last resort."""
MARGIN = 0.1
"""By how many people more is asked of the programme for a week in which its last hires fell short."""
NODES = 1_000
"""Of the search for whole numbers in a round: as many on every machine, so that the plan is the same."""


@dataclass(frozen=True)
class Outlook:
    """What a plan leads to, week by week; arrays of shape (weeks,), and (draws, weeks) for the drawn.

    Attributes
    ----------
    hires : people who start training, by week.
    met : probability that the week meets its targets, over the draws.
    supply : drawn, as tenured people at today's shrinkage.
    heads : drawn, on contacts.
    overtime : drawn, as a share of the hours.
    needed : mean supply with which the week would have the probability asked for.
    """

    hires: Mapping[int, int]
    met: Floats
    supply: Floats
    heads: Floats
    overtime: Floats
    needed: Floats


@dataclass(frozen=True)
class Judge:
    """Says what any plan leads to, under the same drawn years."""

    inputs: Inputs
    surface: Surface
    work: Work
    seed: int

    @property
    def scale(self) -> float:
        """People of the scenario for one tenured person on today's roster."""
        return self.inputs.base_people / self.inputs.people

    def outlook(self, hires: Mapping[int, int]) -> Outlook:
        """Return what follows from a plan."""
        supply, heads = drawn(self.inputs, hires, len(self.work.load), self.seed)
        overtime = self.overtime(supply)
        met = self._met(supply, overtime).mean(axis=0)
        return Outlook(hires, met, supply, heads, overtime, self._needed(supply))

    def overtime(self, supply: Floats) -> Floats:
        """Return the overtime that brings a week to its probability, as far as it is allowed."""
        most = self.inputs.text.overtime.at_most
        if not most:
            return np.zeros_like(supply)
        # a hair beyond, so that rounding does not leave the week just short
        needed = self.surface.needed(self.work.load, float(ndtri(self.inputs.text.probability)) + 1e-6)
        there = np.maximum(supply * self.work.present * self.scale, 1e-9)
        return np.asarray(np.clip(needed / there - 1, 0.0, most))

    def _met(self, supply: Floats, overtime: Floats) -> Floats:
        people = supply * self.work.present * self.scale * (1 + overtime)
        return self.surface.met(people, self.work.load)

    def _needed(self, supply: Floats) -> Floats:
        """Return for each week the mean supply with which it has the probability, its scatter staying as it is."""
        around = supply - supply.mean(axis=0)
        low, high = np.zeros(supply.shape[1]), np.full(supply.shape[1], 4.0 * max(supply.max(), 1.0))
        for _ in range(40):
            middle = (low + high) / 2
            tried = np.maximum(middle + around, 0.0)
            enough = self._met(tried, self.overtime(tried)).mean(axis=0) >= self.inputs.text.probability
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return high


@dataclass(frozen=True)
class Hires:
    """The cheapest plan found.

    Attributes
    ----------
    outlook : what it leads to.
    bound : no hires that satisfy the lines under this plan's scatter are cheaper, in the same unit; None
        where no hires satisfy them.
    cost : of its hires, in the same unit: money, or person-weeks where no wage is given.
    beyond : weeks that no hire can reach any more.
    """

    outlook: Outlook
    cost: float
    bound: float | None
    beyond: NDArray[np.bool_]


def cost_of_a_hire(inputs: Inputs, cohorts: Cohorts) -> Floats:
    """Return what a hire of each class costs until the plan ends; person-weeks where no wage is given."""
    paid_weeks: Floats = cohorts.trainee.sum(axis=1) + cohorts.hire_heads.sum(axis=1)
    if inputs.pay_per_hour is None:
        return paid_weeks
    hiring = inputs.text.hiring
    week = inputs.pay_per_hour * inputs.text.hours_per_week
    training = hiring.cost_per_training_week * cohorts.trainee.sum(axis=1)
    return np.asarray(week * paid_weeks + hiring.cost_per_hire + training)


def cheapest(judge: Judge, cohorts: Cohorts) -> Hires:
    """Return the cheapest plan found with which every week that hires can reach has the probability asked for."""
    inputs = judge.inputs
    costs = cost_of_a_hire(inputs, cohorts)
    beyond = np.asarray(~(cohorts.hire > 0).any(axis=0), dtype=np.bool_)
    asked = inputs.text.probability
    outlook = judge.outlook({})
    best: Outlook | None = None
    margin = np.zeros(inputs.weeks)
    for _ in range(ROUNDS):
        if (outlook.met[~beyond] >= asked).all():
            if best is None or _cost(outlook.hires, cohorts, costs) < _cost(best.hires, cohorts, costs):
                best = outlook
            if not outlook.hires:
                break
        hires, _ = _solve(inputs, cohorts, costs, np.where(beyond, 0.0, _line(cohorts, outlook) + margin))
        if hires == dict(outlook.hires) and (outlook.met[~beyond] >= asked).all():
            break
        outlook = judge.outlook(hires)
        margin = margin + np.where((outlook.met < asked) & ~beyond, MARGIN, 0.0)
    best = _trimmed(judge, best or outlook, asked, beyond)
    # the lines as they are under the plan itself: it satisfies them, so that the bound is one for it
    _, bound = _solve(inputs, cohorts, costs, np.where(beyond, 0.0, _line(cohorts, best)))
    return Hires(best, _cost(best.hires, cohorts, costs), bound, beyond)


def _line(cohorts: Cohorts, outlook: Outlook) -> Floats:
    """Return the mean supply to ask of the programme, which counts people as expected and not as drawn."""
    place = {int(start): i for i, start in enumerate(cohorts.starts)}
    expected = cohorts.today + sum(n * cohorts.hire[place[week]] for week, n in outlook.hires.items())
    return np.asarray(outlook.needed - (outlook.supply.mean(axis=0) - expected))


def _cost(hires: Mapping[int, int], cohorts: Cohorts, costs: Floats) -> float:
    place = {int(start): i for i, start in enumerate(cohorts.starts)}
    return float(sum(n * costs[place[week]] for week, n in hires.items()))


def _solve(
    inputs: Inputs, cohorts: Cohorts, costs: Floats, needed: Floats
) -> tuple[dict[int, int], float | None]:
    """Return the hires of the integer programme, and its bound."""
    n, weeks, hiring = len(cohorts.starts), inputs.weeks, inputs.text.hiring
    if not n:
        return {}, None
    dear = SHORT * max(float(costs.max()), 1.0)
    opened = (
        n if hiring.least > 1 else 0
    )  # whether a class starts at all; a class of one needs no such number
    eye = np.eye(n)
    objective = np.concatenate([costs, np.zeros(opened), np.full(weeks, dear)])
    constraints = [
        LinearConstraint(
            np.hstack([cohorts.hire.T, np.zeros((weeks, opened)), np.eye(weeks)]), lb=needed - cohorts.today
        )
    ]
    if opened:
        nothing = np.zeros((n, weeks))
        constraints += [
            LinearConstraint(np.hstack([eye, -hiring.least * eye, nothing]), lb=0),
            LinearConstraint(np.hstack([eye, -hiring.most * eye, nothing]), ub=0),
        ]
    most = np.concatenate([np.full(n, hiring.most), np.ones(opened), np.full(weeks, np.inf)])
    found = milp(
        objective, constraints=constraints, bounds=Bounds(0, most),
        integrality=np.concatenate([np.ones(n + opened), np.zeros(weeks)]),
        options={"node_limit": NODES, "mip_rel_gap": 1e-5},
    )  # fmt: skip
    if found.x is None:
        return {}, None
    numbers = np.rint(found.x[:n]).astype(int)
    short = found.x[n + opened :].sum() > 1e-6
    bound = None if short or found.mip_dual_bound is None else float(found.mip_dual_bound)
    return {int(w): int(k) for w, k in zip(cohorts.starts, numbers, strict=True) if k}, bound


def _trimmed(judge: Judge, plan: Outlook, asked: float, beyond: NDArray[np.bool_]) -> Outlook:
    """Return the plan without the hires that no week needs, tried one by one from the last class."""
    if not (plan.met[~beyond] >= asked).all():
        return plan
    least = judge.inputs.text.hiring.least
    for week in sorted(plan.hires, reverse=True):
        while plan.hires.get(week, 0):
            n = plan.hires[week]
            fewer = {**plan.hires, week: n - 1 if n > least else 0}
            tried = judge.outlook({w: k for w, k in fewer.items() if k})
            if not (tried.met[~beyond] >= asked).all():
                break
            plan = tried
    return plan


def replacing_leavers(inputs: Inputs, cohorts: Cohorts) -> dict[int, int]:
    """Return the hires that keep today's number of people, each class as large as those lost by its first week."""
    hires: dict[int, int] = {}
    hiring = inputs.text.hiring
    places = {int(start): i for i, start in enumerate(cohorts.starts)}
    for start in map(int, cohorts.starts):
        ready = start + hiring.training_weeks
        if ready >= inputs.weeks:
            break
        there = cohorts.today_heads[ready] + sum(
            n * cohorts.hire_heads[places[week], ready] for week, n in hires.items()
        )
        short = (inputs.people - there) / (1 - hiring.leave_in_training)
        n = min(hiring.most, round(short))
        if n >= hiring.least:
            hires[start] = n
    return hires
