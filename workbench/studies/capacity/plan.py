"""How many people are needed when, whom to hire when, and what does it cost? Weeks to two years ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import CallError
from workbench.studies.capacity.check import Checked, check, weeks_to_check
from workbench.studies.capacity.hiring import Hires, Judge, Outlook, cheapest, replacing_leavers
from workbench.studies.capacity.plan_file import Inputs
from workbench.studies.capacity.surface import Surface, simulate_surface
from workbench.studies.capacity.workforce import Cohorts, cohorts, drawn_work
from workbench.studies.versions import versions_of

DRAWS = 400
LOADS = 6
"""Volumes at which the surface is simulated."""


@dataclass(frozen=True)
class CapacityPlan:
    """A plan, what it leads to, and what stands beside it.

    Attributes
    ----------
    cheapest : the plan proposed.
    replacing, none : what replacing leavers one for one, and hiring nobody, lead to.
    checked : weeks of the plan simulated themselves with other random numbers.
    table : one row a week; see `weeks_of`.
    costs : one row a policy: pay, training, hiring, overtime, in all; NaN where no wage is given.
    """

    inputs: Inputs
    surface: Surface
    cheapest: Hires
    replacing: Outlook
    none: Outlook
    checked: tuple[Checked, ...]
    table: pd.DataFrame
    costs: pd.DataFrame
    draws: int
    seed: int

    @property
    def holds(self) -> bool:
        """Every week that hires can reach has the probability asked for, as far as the surface says."""
        reach = ~self.cheapest.beyond
        return bool((self.cheapest.outlook.met[reach] >= self.inputs.text.probability).all())

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        plan, inputs = self.cheapest, self.inputs
        return {
            "name": inputs.text.name or inputs.scenario.name,
            "scenario": inputs.scenario.name,
            "start": inputs.start.isoformat(),
            "weeks": inputs.weeks,
            "probability_asked": inputs.text.probability,
            "targets": [str(target) for target in self.surface.targets],
            "currency": inputs.scenario.money.currency if inputs.pay_per_hour is not None else None,
            "hires": {inputs.mondays[w].isoformat(): n for w, n in sorted(plan.outlook.hires.items())},
            "holds": self.holds,
            "cost_of_hires": plan.cost,
            "cost_unit": _unit(inputs),
            "lower_bound": plan.bound,
            "weeks_no_hire_can_reach": int(plan.beyond.sum()),
            "by_week": _records(self.table),
            "policies": _records(self.costs),
            "checked": [one.to_data() for one in self.checked],
            "taken_from": [{"what": what, "grade": grade} for what, grade in inputs.told],
            "draws": self.draws,
            "seed": self.seed,
            "replications_per_point": self.surface.replications,
            "simulated_contacts": self.surface.contacts,
            "versions": versions_of(),
        }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): None if v != v else v for k, v in row.items()} for row in table.to_dict("records")]


def _unit(inputs: Inputs) -> str:
    return "person-weeks" if inputs.pay_per_hour is None else inputs.scenario.money.currency


def plan_capacity(
    inputs: Inputs,
    *,
    draws: int = DRAWS,
    replications: int = 20,
    seed: int = 1,
    check_draws: int = 20,
    check_weeks: int = 3,
    workers: int | None = None,
) -> CapacityPlan:
    """Return the cheapest hiring plan found, and what it leads to.

    Parameters
    ----------
    draws : years drawn; the plan is made on these.
    replications : of each point of the surface.
    check_draws, check_weeks : the least sure weeks are simulated so often themselves, on other draws.

    Raises
    ------
    CallError
        for numbers that are too small.
    """
    for name, value, least in (
        ("draws", draws, 20),
        ("replications", replications, 2),
        ("check_draws", check_draws, 1),
    ):
        if value < least:
            raise CallError(f"{name}: {value} is too few. Use {least} or more.")
    work = drawn_work(inputs, draws, seed)
    loads = np.quantile(work.load, np.linspace(0.001, 0.999, LOADS))
    surface = simulate_surface(
        inputs.scenario, np.round(loads, 4), inputs.per_week, n=replications, seed=seed, workers=workers
    )
    judge, each = Judge(inputs, surface, work, seed), cohorts(inputs)
    plan = cheapest(judge, each)
    fresh = Judge(inputs, surface, drawn_work(inputs, check_draws, seed + 1), seed + 1)
    weeks = weeks_to_check(plan.outlook, plan.beyond, check_weeks)
    checked = check(fresh, plan.outlook, weeks, seed + 1, workers)
    replacing, none = judge.outlook(replacing_leavers(inputs, each)), judge.outlook({})
    policies = {"cheapest plan": plan.outlook, "replacing leavers": replacing, "no hiring": none}
    return CapacityPlan(
        inputs, surface, plan, replacing, none, tuple(checked), weeks_of(judge, plan, each),
        costs_of(inputs, each, policies, plan.beyond), draws, seed,
    )  # fmt: skip


def weeks_of(judge: Judge, plan: Hires, each: Cohorts) -> pd.DataFrame:
    """Return one row a week.

    Returns
    -------
    DataFrame with week (its Monday), load, needed (people on the roster, as tenured ones), supply, supply_low,
        supply_high (90 % of the draws), people (on contacts, counted), in_training, starting, probability,
        overtime (share of hours), reached (a hire can still change it).
    """
    inputs, outlook = judge.inputs, plan.outlook
    low, high = np.quantile(outlook.supply, [0.05, 0.95], axis=0)
    starting = np.array([outlook.hires.get(w, 0) for w in range(inputs.weeks)])
    return pd.DataFrame(
        {
            "week": [monday.isoformat() for monday in inputs.mondays],
            "load": judge.work.load.mean(axis=0),
            "needed": outlook.needed,
            "supply": outlook.supply.mean(axis=0),
            "supply_low": low,
            "supply_high": high,
            "people": outlook.heads.mean(axis=0),
            "in_training": in_training(inputs, outlook, each),
            "starting": starting,
            "probability": outlook.met,
            "overtime": outlook.overtime.mean(axis=0),
            "reached": ~plan.beyond,
        }
    )


def in_training(inputs: Inputs, outlook: Outlook, each: Cohorts) -> np.ndarray:
    """Return how many are in training in each week."""
    place = {int(start): i for i, start in enumerate(each.starts)}
    total = np.zeros(inputs.weeks)
    for week, n in outlook.hires.items():
        total += n * each.trainee[place[week]]
    return total


def costs_of(inputs: Inputs, each: Cohorts, policies: dict[str, Outlook], beyond: np.ndarray) -> pd.DataFrame:
    """Return the cost of each policy over the plan, line by line, in money; NaN where no wage is given.

    Returns
    -------
    DataFrame with policy, hired, least_probable_week (among those that hires can reach), pay, training, hiring,
        overtime, total; penalties are not in it.
    """
    hiring, rows = inputs.text.hiring, []
    week_pay = np.nan if inputs.pay_per_hour is None else inputs.pay_per_hour * inputs.text.hours_per_week
    reach = ~beyond if (~beyond).any() else np.ones(inputs.weeks, bool)
    for name, outlook in policies.items():
        trainees = in_training(inputs, outlook, each)
        heads = outlook.heads.mean(axis=0)
        hired = sum(outlook.hires.values())
        pay = float((heads * week_pay).sum())
        training = float((trainees * (week_pay + hiring.cost_per_training_week)).sum())
        extra = float(
            (
                (outlook.heads * outlook.overtime).mean(axis=0) * week_pay * inputs.text.overtime.pay_factor
            ).sum()
        )
        joining = hired * hiring.cost_per_hire
        rows.append((name, hired, float(outlook.met[reach].min()), pay, training, joining, extra,
                     pay + training + joining + extra))  # fmt: skip
    columns = ["policy", "hired", "least_probable_week", "pay", "training", "hiring", "overtime", "total"]
    return pd.DataFrame(rows, columns=columns)
