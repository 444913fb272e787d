"""What does more service cost? People added and taken away, all over and group by group.

Every point is simulated under the same random numbers as the base. A point is dominated if another costs
no more and serves no worse, and one of both is better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from workbench.errors import CallError
from workbench.sim.scenario import Scenario
from workbench.statistics.replications import Estimate
from workbench.studies.heads import difference
from workbench.studies.lever import LEVERS, heads
from workbench.studies.replicate import Results, replicate
from workbench.studies.targets import ALL, Met, formulas_of, probability_met, targets_of
from workbench.studies.versions import versions_of


@dataclass(frozen=True)
class Point:
    """One staffing.

    Attributes
    ----------
    group : to which people are added; "" for all in proportion.
    more : how many.
    cost, service : of the whole; `cost` with credits where the scenario has terms.
    cost_change, service_change : to the base, paired.
    met : probability that all targets are met.
    dominated_by : the name of a point that costs no more and serves no worse; "" if there is none.
    """

    name: str
    group: str
    more: int
    people: int
    cost: Estimate
    service: Estimate
    cost_change: Estimate
    service_change: Estimate
    met: Met
    dominated_by: str = ""


@dataclass(frozen=True)
class Frontier:
    """Points from the cheapest to the dearest.

    Attributes
    ----------
    cost_measure : "cost", or "paid_hours" where nobody is paid.
    """

    base: Results
    cost_measure: str
    points: tuple[Point, ...]

    def table(self) -> pd.DataFrame:
        """Return one row per point."""
        rows = []
        for p in self.points:
            row: dict[str, Any] = {
                "point": p.name,
                "group": p.group or "all",
                "more": p.more,
                "people": p.people,
            }
            for name, e in (
                (self.cost_measure, p.cost), ("service_level", p.service),
                (f"{self.cost_measure}_change", p.cost_change), ("service_level_change", p.service_change),
            ):  # fmt: skip
                row |= {name: e.mean, f"{name}_low": e.low, f"{name}_high": e.high}
            row |= {"targets_met": p.met.share, "targets_met_low": p.met.low, "targets_met_high": p.met.high}
            rows.append(row | {"dominated_by": p.dominated_by, "n": p.service.n})
        return pd.DataFrame(rows)

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""

        def plain(e: Estimate) -> dict[str, Any]:
            return {"mean": e.mean, "low": e.low, "high": e.high}

        base = self.base
        return {
            "scenario": base.scenario.name, "seed": base.seed, "replications": base.n, "formula": base.formulas[0],
            "confidence": base.confidence, "currency": base.scenario.money.currency, "versions": versions_of(),
            "cost_measure": self.cost_measure,
            "points": [
                {
                    "name": p.name, "group": p.group, "more": p.more, "people": p.people,
                    self.cost_measure: plain(p.cost), "service_level": plain(p.service),
                    "cost_change": plain(p.cost_change), "service_level_change": plain(p.service_change),
                    "all_targets_met": p.met.to_data(), "dominated_by": p.dominated_by,
                }
                for p in self.points
            ],
        }  # fmt: skip


def frontier(
    base: Scenario,
    n: int = 20,
    seed: int = 1,
    *,
    reach: float = 0.1,
    steps: int = 3,
    by_group: bool = True,
    workers: int | None = None,
    progress: Callable[[str], None] | None = None,
) -> Frontier:
    """Simulate staffings around the present one.

    Parameters
    ----------
    reach : of the people; from so many fewer to so many more.
    steps : to each side.
    by_group : also add to, and take from, each group alone what one step is (where it has so many).

    Raises
    ------
    CallError
        if nobody works, or for a reach or steps that make no points.
    """
    problems = []
    if not 0 < reach <= 1:
        meant = f"{reach:g} % is {reach / 100:g}" if 1 < reach <= 100 else "0.1 is 10 %"
        problems.append(f"reach: {reach:g} is no share of the people. Use a number above 0 up to 1; {meant}")
    if steps < 1:
        problems.append(f"steps: {steps} to each side leave nothing to compare. Use 1 or more; 3 are usual")
    if n < 2:
        problems.append(f"replications: {n} is too few to know how sure a difference is. Use 2 or more")
    if problems:
        raise CallError(". ".join(problems) + ".")
    staffing = LEVERS.get("staffing")
    present = round(staffing.today(base))
    step = max(1, round(reach * present / steps))
    wanted = [("", k * step) for k in range(-steps, steps + 1) if present + k * step >= 1]
    if by_group and len(base.groups) > 1:
        sizes = {name: heads(group) for name, group in base.groups.items()}
        wanted += [(name, by) for name, n in sizes.items() for by in (-step, step) if n and n + by >= 1]
    of_base = replicate(base, n, seed, formulas=formulas_of(base), workers=workers)
    measure = "cost" if of_base["cost"].mean else "paid_hours"
    points = []
    for group, more in wanted:
        if progress is not None:
            progress(_name(group, more))
        results = of_base
        if more:
            scenario = base.with_(staffing.changes(base, staffing.today(base, group) + more, group))
            results = replicate(scenario, n, seed, formulas=of_base.formulas, workers=workers)
        points.append(_point(of_base, results, measure, group, more, present))
    points.sort(key=lambda p: (p.cost.mean or 0.0, p.name))
    return Frontier(of_base, measure, tuple(_marked(points)))


def _name(group: str, more: int) -> str:
    if not more:
        return "today"
    return f"{more:+d} {group or 'all over'}".replace("-", "\u2212")


def _point(base: Results, results: Results, measure: str, group: str, more: int, present: int) -> Point:
    met = probability_met(results, targets_of(base.scenario))
    return Point(
        name=_name(group, more),
        group=group,
        more=more,
        people=present + more,
        cost=results[measure],
        service=results["service_level"],
        cost_change=difference(base, results, measure),
        service_change=difference(base, results, "service_level"),
        met=met.get(ALL) or next(iter(met.values())),
    )


def _marked(points: list[Point]) -> list[Point]:
    def better(a: Point, b: Point) -> bool:
        cost_a, cost_b, service_a, service_b = a.cost.mean, b.cost.mean, a.service.mean, b.service.mean
        if cost_a is None or cost_b is None or service_a is None or service_b is None:
            return False
        return cost_a <= cost_b and service_a >= service_b and (cost_a < cost_b or service_a > service_b)

    found = []
    for p in points:
        over = [q for q in points if better(q, p)]
        best = max(over, key=lambda q: q.service.mean or 0.0).name if over else ""
        found.append(replace(p, dominated_by=best))
    return found
