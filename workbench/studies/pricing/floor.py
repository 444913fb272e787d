"""What does a month of the client's floor cost under another scenario, month by month and paired?

A month is made of as many replications of the scenario's horizon as fit into one, so that credits, which
are settled by the month, see a month's scatter and not a week's. Month i of every variant shares its random
numbers, so that what variants have in common cancels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workbench.sim.scenario import Scenario
from workbench.studies.pricing.basis import Basis
from workbench.studies.pricing.contract import FORMULAS, Contract
from workbench.studies.pricing.doubts import Floats
from workbench.studies.pricing.rule import LINES, Line, Moved

if TYPE_CHECKING:
    from workbench.studies.replicate import Results

DAYS_PER_MONTH = 365.25 / 12
DESK = "second level (assumed)"
"""Queue and group that stand for whoever takes what agents pass on, where the scenario has nobody for it."""
BACK = "back by"
"""In the names of groups of people who are away today and come back as a finding is mended (`hours.py`)."""
DESK_OCCUPANCY = 0.8
"""Share of the second level's paid time that contacts fill. Assumed (grade A)."""

EFFECTS = ("work", "overtime", "penalty", "revenue")


@dataclass(frozen=True)
class Month:
    """What simulated months counted: arrays of shape (months,); hours and amounts of a whole month.

    came, served, work : by queue, arrays of shape (months, queues): contacts that are no further try of one who gave
        up, contacts served, and time of handling [µs]; the second level has none, since nobody gives up there.
    """

    handled_h: Floats
    desk_h: Floats
    overtime_h: Floats
    penalty: Floats
    revenue: Floats
    came: Floats
    served: Floats
    work: Floats

    def handled_as_in(self, other: Month) -> Floats:
        """Return the hours of handling if each queue served as large a share of its contacts as in another.

        Where contacts fall away fewer of the others give up, and the floor is busier than it would be if people went
        with the contacts: that is better service, and no work that came.
        """
        now, then = (
            np.divide(m.served, m.came, out=np.ones_like(m.came), where=m.came > 0) for m in (self, other)
        )
        as_then = np.divide(then, now, out=np.ones_like(now), where=now > 0)
        whole = self.work.sum(axis=1)
        factor = np.divide((self.work * as_then).sum(axis=1), whole, out=np.ones_like(whole), where=whole > 0)
        return np.asarray(self.handled_h * factor)


class Floor:
    """Simulates months of one base scenario and its variants, each once.

    Parameters
    ----------
    base : today, all additions made but those of hours that may come back, which change nothing today.
    moved : what may be moved, by code.
    """

    def __init__(
        self, base: Scenario, moved: Mapping[str, Moved], basis: Basis, contract: Contract, seed: int,
        workers: int | None = None,
    ) -> None:  # fmt: skip
        self.base, self.moved, self.basis, self.contract = base, dict(moved), basis, contract
        self.seed, self.workers, self.months = seed, workers, 0
        self.beyond = 0
        days = base.horizon.length_us / 1e6 / 86400
        self.per_month = max(1, round(DAYS_PER_MONTH / days))
        self.scale = DAYS_PER_MONTH / (self.per_month * days)
        self._results: dict[tuple[tuple[str, float], ...], Results] = {}

    def extend(self, months: int) -> None:
        """Let every figure asked for from now on rest on so many months."""
        self.months = max(months, self.months)

    @property
    def contacts(self) -> int:
        """Contacts simulated so far, all variants together, and months of today beyond those of the variants."""
        return self.beyond + int(
            sum(t["overall"]["offered"][0] for r in self._results.values() for t in r.tallies)
        )

    @property
    def replications(self) -> int:
        """Replications of the horizon behind each figure."""
        return self.months * self.per_month

    def scenario(self, at: Mapping[str, float]) -> Scenario:
        """Return the scenario with parameters at other values; those at today's change nothing at all."""
        made = self.base
        for code in sorted(at):
            one = self.moved[code]
            if at[code] != one.today:
                if one.instead is not None:  # whoever is away all the time is added only to come back
                    made = made.with_(*one.additions(made))
                made = made.with_(*one.changes(made, at[code]))
        return made

    def results(self, at: Mapping[str, float]) -> Results:
        """Return the replications under parameters at other values."""
        from workbench.studies.replicate import extended, replicate

        key = tuple(sorted((c, v) for c, v in at.items() if v != self.moved[c].today))
        if key not in self._results:
            self._results[key] = replicate(
                self.scenario(dict(key)), self.replications, self.seed, formulas=FORMULAS,
                workers=self.workers,
            )  # fmt: skip
        elif self._results[key].n < self.replications:
            self._results[key] = extended(self._results[key], self.replications, workers=self.workers)
        return self._results[key]

    def month(self, at: Mapping[str, float]) -> Month:
        """Return what months counted under parameters at other values."""
        results = self.results(at)
        groups = results.names("group")
        desk = np.array([name == DESK for name in groups])
        own = np.array(
            [BACK not in name for name in groups]
        )  # their working times are ours, and so is their overtime
        handling, overtime = (
            np.array([t["group"][name] for t in results.tallies]) / 3.6e9
            for name in ("handling_us", "overtime_us")
        )
        revenue = np.array([t["overall"]["contact_revenue"][0] for t in results.tallies])
        floor = np.array([not name.startswith(DESK) for name in results.names("queue")])
        by_queue = {
            name: np.array([t["queue"][name] for t in results.tallies])[:, floor]
            for name in ("offered", "retrials", "answered", "talk_us", "hold_us", "wrap_us")
        }
        work = by_queue["talk_us"] + by_queue["hold_us"] + by_queue["wrap_us"]
        blocks = self.blocks(results.n)
        return Month(
            blocks @ handling[:, ~desk].sum(axis=1) * self.scale,
            blocks @ handling[:, desk].sum(axis=1) * self.scale,
            blocks @ overtime[:, own].sum(axis=1) * self.scale,
            self.contract.credits(results, blocks) * (self.scale if self.contract.by_window else 1.0),
            blocks @ revenue * self.scale,
            blocks @ (by_queue["offered"] - by_queue["retrials"]),
            blocks @ by_queue["answered"],
            blocks @ work,
        )

    def blocks(self, n: int) -> Floats:
        """Return which replications make up each month: shape (months, replications)."""
        return np.asarray(np.kron(np.eye(n // self.per_month), np.ones(self.per_month)), np.float64)

    def saved(self, at: Mapping[str, float]) -> dict[str, Floats]:
        """Return what each month costs less than today, by EFFECTS: arrays of shape (months,).

        Freed hours are priced with service held: as large a share of contacts is served as today. So credits, overtime
        and lost contacts are those of the parameters that act on service alone, and nothing is counted twice.
        """
        today = self.month({})
        then, served = (
            self.month({code: value for code, value in at.items() if self.moved[code].acts == acts})
            for acts in ("work", "service")
        )
        pay = self.basis.pay.per_hour if self.basis.pay else 0.0
        labour = self.basis.labour or 0.0
        handled = float(today.handled_h.mean()) or 1.0
        premium = self.base.money.overtime_factor
        return {
            "work": labour * (today.handled_h - then.handled_as_in(today)) / handled
            + pay / DESK_OCCUPANCY * (today.desk_h - then.desk_h),
            "overtime": pay * premium * (today.overtime_h - served.overtime_h),
            "penalty": today.penalty - served.penalty,
            "revenue": served.revenue - today.revenue,
        }

    def value(self, at: Mapping[str, float], lines: Sequence[Line] = LINES) -> Floats:
        """Return what each month costs less than today, some lines together: shape (months,).

        Work goes to labour or to repeat handling; `lines` holds both or neither.
        """
        saved = self.saved(at)
        kept = [saved[name] for name in EFFECTS if ("labour" if name == "work" else name) in lines]
        return np.asarray(sum(kept) if kept else np.zeros(self.months))


def split(moved: Moved, effects: Mapping[str, Floats]) -> dict[Line, Floats]:
    """Return effects by money line: work goes to the line that the finding names."""
    return {
        line: np.asarray(amount)
        for line, amount in (
            (moved.line, effects["work"]),
            ("overtime", effects["overtime"]),
            ("penalty", effects["penalty"]),
            ("revenue", effects["revenue"]),
        )
    }
