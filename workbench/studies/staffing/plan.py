"""What does a staffing study answer? A requirement, a plan of shifts, each with its check.

Nothing here is shown without what fresh random numbers made of it, and without Erlang A rounded up and
what they made of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from workbench.sim.model import Floats, Ints
from workbench.statistics.proportions import wilson
from workbench.statistics.replications import ratio
from workbench.studies.staffing.floor import Checked
from workbench.studies.staffing.goals import Goals
from workbench.studies.staffing.pool import Pool
from workbench.studies.staffing.shifts import days_of

Verdict = Literal["met", "open", "missed"]


@dataclass(frozen=True)
class Check:
    """What fresh replications of a plan gave.

    A goal is "met" if its whole interval lies at the target or above, "missed" if below, else "open".
    """

    goals: Goals
    checked: Checked
    confidence: float = 0.95

    @property
    def n(self) -> int:
        """The number of replications."""
        return self.checked.counted.n

    @cached_property
    def _levels(self) -> tuple[Floats, Floats]:
        return self.checked.counted.service(self.goals, self.confidence)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per goal.

        service_level, low, high : over all replications. probability, p_low, p_high : of the target being
        met in the stretch of a single day, those without a contact left out. blocked : share of contacts.
        """
        value, half = self._levels
        met, of = self.goals.summed(self.checked.counted.met), self.goals.summed(self.checked.counted.of)
        blocked = self.goals.summed(self.checked.counted.blocked).sum(axis=0)
        rows = []
        for c, goal in enumerate(self.goals.goals):
            counted = of[:, c] > 0
            hits = int((met[counted, c] >= goal.target * of[counted, c] - 1e-9).sum())
            p = wilson(hits, int(counted.sum()), self.confidence)
            low, high = _inside(value[c], half[c])
            rows.append(
                (
                    goal.queue, goal.start, goal.end, goal.target, value[c], low, high,
                    verdict(value[c], half[c], goal.target), p.value, p.low, p.high,
                    float(of[:, c].mean()), blocked[c] / max(float(of[:, c].sum()), 1.0),
                )
            )  # fmt: skip
        columns = [
            "queue", "start", "end", "target", "service_level", "low", "high", "verdict", "probability",
            "p_low", "p_high", "contacts", "blocked",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def days(self) -> pd.DataFrame:
        """One row per queue: its service level over a day, and how probably a day meets the target."""
        s = self.goals.scenario
        day = s.horizon.day_of_interval[self.goals.slot_start]
        starts = np.flatnonzero(np.diff(day, prepend=-1))
        met = np.add.reduceat(self.checked.counted.met, starts, axis=1)
        of = np.add.reduceat(self.checked.counted.of, starts, axis=1)
        rows = []
        for q, name in enumerate(sorted(s.queues)):
            target = s.queues[name].service_level.target
            counted = of[..., q] > 0
            hits = int((met[..., q] >= target * of[..., q] - 1e-9)[counted].sum())
            p = wilson(hits, int(counted.sum()), self.confidence)
            level = ratio(met[..., q].sum(axis=1), of[..., q].sum(axis=1), self.confidence)
            low, high = _between_0_and_1(level.low, level.high)
            rows.append((name, target, level.mean, low, high, p.value, p.low, p.high, p.n))
        columns = [
            "queue",
            "target",
            "service_level",
            "low",
            "high",
            "probability",
            "p_low",
            "p_high",
            "days",
        ]
        return pd.DataFrame(rows, columns=columns)

    @property
    def met(self) -> bool:
        """Whether every goal is met, with its whole interval."""
        return bool((self.table.verdict == "met").all())

    @property
    def short(self) -> pd.DataFrame:
        """The goals that are missed, or whose estimate lies below the target."""
        table = self.table
        return table[(table.verdict == "missed") | (table.service_level < table.target)]

    @property
    def overall(self) -> dict[str, float | None]:
        """Service level and abandonment of everything, with the interval of the first."""
        counted = self.checked.counted
        level = ratio(counted.met.sum(axis=(1, 2)), counted.of.sum(axis=(1, 2)), self.confidence)
        gone = ratio(self.checked.abandoned, self.checked.ended, self.confidence)
        (low, high), (least, most) = (_between_0_and_1(e.low, e.high) for e in (level, gone))
        return {
            "service_level": level.mean, "low": low, "high": high,
            "abandon_rate": gone.mean, "abandon_low": least, "abandon_high": most,
        }  # fmt: skip

    @property
    def overtime(self) -> tuple[float, float | None, float | None]:
        """What overtime costs, mean and interval, in the scenario's currency."""
        found = ratio(self.checked.overtime, None, self.confidence)
        return found.mean or 0.0, found.low, found.high

    def counts(self) -> dict[str, int]:
        """Return how many goals are met, open, missed."""
        found = self.table.verdict.value_counts()
        return {v: int(found.get(v, 0)) for v in ("met", "open", "missed")}

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        mean, low, high = self.overtime
        return {
            "replications": self.n,
            "seed": self.checked.seed,
            "confidence": self.confidence,
            "goals": self.counts(),
            "met": self.met,
            "overall": self.overall,
            "overtime_cost": {"mean": mean, "low": low, "high": high},
            "by_goal": _records(self.table),
            "by_day": _records(self.days),
        }


def verdict(value: float, half: float, target: float) -> Verdict:
    """Return whether a service level is surely met, surely missed, or open."""
    half = 0.0 if np.isnan(half) else half
    if value - half >= target - 1e-12:
        return "met"
    return "missed" if value + half < target else "open"


def _between_0_and_1(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """Return the interval of a share cut to what is possible."""
    return (None if low is None else max(low, 0.0)), (None if high is None else min(high, 1.0))


def _inside(value: float, half: float) -> tuple[float, float]:
    return max(value - half, 0.0), min(value + half, 1.0)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain data: times as text, what is not known as None."""
    return [
        {
            name: v.isoformat() if isinstance(v, pd.Timestamp) else None if v is None or v != v else v
            for name, v in row.items()
        }
        for row in table.to_dict("records")
    ]


@dataclass(frozen=True)
class Bounds:
    """Below what cost is no plan to be found?

    Attributes
    ----------
    cuts : of the master problem without whole numbers, each cut loosened by half the interval of its
        service level. Statistical: it holds as far as service is concave in the agents on duty and
        slopes are as estimated.
    work : the pay of the hours that the contacts take that must be answered in time, at the pay and pace
        of whoever does it cheapest. It holds without assumptions.
    """

    cuts: float | None
    work: float

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {"statistical": self.cuts, "work": self.work}


@dataclass(frozen=True)
class Textbook:
    """Erlang A rounded up: what it would plan, what it costs, and what simulation makes of it."""

    x: Ints
    cost: float
    people: dict[str, int]
    check: Check

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON; goals in number only."""
        whole = self.check.to_data()
        keep = ("replications", "seed", "goals", "met", "overall")
        return {"cost": self.cost, "people": self.people, "check": {k: whole[k] for k in keep}}


@dataclass(frozen=True)
class Proposal:
    """What `Requirement` and `Plan` have in common.

    Attributes
    ----------
    x : a whole number for each column of the pool.
    validations : how often the plan was looked at with other random numbers before the check.
    """

    pool: Pool
    x: Ints
    check: Check
    bounds: Bounds
    erlang_a: Textbook
    validations: int
    simulated: int

    @property
    def cost(self) -> float:
        """Pay as scheduled, in the scenario's currency; overtime is in the check."""
        return self.pool.price(self.x)

    @property
    def people(self) -> dict[str, int]:
        """People by unit; of counts, the most at one time."""
        return dict(zip((u.name for u in self.pool.units), self.pool.people(self.x).tolist(), strict=True))

    @cached_property
    def on_duty(self) -> pd.DataFrame:
        """Expected agents on duty: one row per slot, one column per unit."""
        duty = self.pool.on_duty(self.x)
        goals = self.pool.goals
        index = pd.Index(slot_starts(goals), name="start")
        return pd.DataFrame(duty.T, index=index, columns=[u.name for u in self.pool.units])

    def _common(self) -> dict[str, Any]:
        return {
            "cost": self.cost,
            "people": self.people,
            "check": self.check.to_data(),
            "lower_bound": self.bounds.to_data(),
            "erlang_a": self.erlang_a.to_data(),
            "validations": self.validations,
            "days_simulated": self.simulated,
        }


@dataclass(frozen=True)
class Requirement(Proposal):
    """Agents on the phones that each unit needs in each interval, shrinkage not yet on top."""

    def table(self) -> pd.DataFrame:
        """One row per slot and unit: required, Erlang A's number, and what to schedule with shrinkage."""
        goals, n = self.pool.goals, self.pool.goals.n_slots
        starts = slot_starts(goals)
        rows = []
        for u, unit in enumerate(self.pool.units):
            for t in range(n):
                needed, textbook = int(self.x[u * n + t]), int(self.erlang_a.x[u * n + t])
                gross = int(np.ceil(needed / unit.present - 1e-9)) if unit.present > 0 else None
                rows.append((unit.name, starts[t], needed, textbook, gross))
        return pd.DataFrame(rows, columns=["group", "start", "required", "erlang_a", "scheduled"])

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        n = self.pool.goals.n_slots
        by_group = {u.name: self.x[i * n : (i + 1) * n].tolist() for i, u in enumerate(self.pool.units)}
        return {"starts": [s.isoformat() for s in slot_starts(self.pool.goals)], "agents": by_group,
                **self._common()}  # fmt: skip


@dataclass(frozen=True)
class Plan(Proposal):
    """People on shifts with their breaks."""

    def table(self) -> pd.DataFrame:
        """One row per group and shift that somebody works: people, times, paid hours, cost."""
        rows = []
        for j in np.flatnonzero(self.x).tolist():
            v, unit = self.pool.variants[j], self.pool.units[self.pool.unit[j]]
            breaks = "; ".join(f"{name} {a.start}" for name, a in sorted(v.shift.activities.items()))
            days = len(days_of(self.pool.goals.scenario, v))
            rows.append(
                (unit.name, v.template, v.shift.start, v.shift.end, breaks, days, int(self.x[j]),
                 float(self.pool.cost[j] * self.x[j]))
            )  # fmt: skip
        columns = ["group", "shift", "start", "end", "breaks", "days", "people", "cost"]
        return pd.DataFrame(rows, columns=columns)

    def to_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        duty = self.on_duty
        return {
            "shifts": _records(self.table()),
            "on_duty": {
                "starts": [s.isoformat() for s in duty.index],
                **{name: [round(v, 3) for v in duty[name].tolist()] for name in duty.columns},
            },
            **self._common(),
        }


def slot_starts(goals: Goals) -> list[pd.Timestamp]:
    """Return when each slot begins, in the scenario's zone."""
    start, zone = pd.Timestamp(goals.scenario.horizon.start_utc), goals.scenario.time.zone
    return [(start + pd.Timedelta(microseconds=int(us))).tz_convert(zone) for us in goals.slot_us[:-1]]
