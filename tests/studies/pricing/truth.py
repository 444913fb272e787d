"""What do planted faults really cost? From the generator's own parameters and the simulator, without pricing.

A generated client is a floor whose parameters are known: the share passed on, how long the second level takes,
the share of payslips that are wrong, how long a correction takes. Its cost is counted in simulated months as they
are and as they would be, with what an hour costs; nothing of `workbench.studies.pricing` is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.studies.pricing.prices import floor, found, measured
from workbench.diagnostics.finding import Finding
from workbench.studies.replicate import replicate

PAY, BUSY = 20.0, 0.8
"""An hour, and how much of a paid hour the second level is with contacts."""
MONTH_D, WEEK_D = 365.25 / 12, 7
SLIPS = 200
"""Payslips a month."""


def cost_of_escalations(share: float, target: float, factor: float, *, seed: int, weeks: int = 12) -> float:
    """Return what a month costs more at a share passed on than at the target, by paired simulated weeks.

    Parameters
    ----------
    factor : how long the second level takes for a contact, over 300 s.
    """

    def hours(passed_on: float) -> float:
        base = floor(escalated=passed_on, second=12)
        desk = base.queues["second"].model_dump(mode="json")
        desk["handle"]["talk"]["mean_s"] = 300.0 * factor
        queues = {name: q.model_dump(mode="json") for name, q in base.queues.items()} | {"second": desk}
        results = replicate(floor(escalated=passed_on, second=12, queues=queues), weeks, seed)
        at = results.names("group").index("second")
        return float(np.mean([t["group"]["handling_us"][at] for t in results.tallies])) / 3.6e9

    return (hours(share) - hours(target)) * MONTH_D / WEEK_D * PAY / BUSY


def cost_of_corrections(
    rate: float, target: float, hours_each: float, *, seed: int, months: int = 600
) -> float:
    """Return what a month costs more at an error rate than at the target: the same payslips, wrong or not."""
    u = np.random.default_rng(seed).random((months, SLIPS))
    wrong = (u < rate).sum(axis=1) - (u < target).sum(axis=1)
    return float(wrong.mean()) * hours_each * PAY


@dataclass(frozen=True)
class Planted:
    """One generated client: what was found there, the tables beside, and what it truly costs a month."""

    finding: Finding
    tables: dict[str, pd.DataFrame]
    cost: float


def escalating(rng: np.random.Generator) -> Planted:
    """Plant a share of contacts passed on, of which 300 contacts were looked at; one in ten is expected."""
    share, factor = float(rng.uniform(0.20, 0.40)), float(rng.triangular(0.6, 1.0, 1.4))
    seen = rng.binomial(300, share) / 300
    finding = found("FM-2", measured("contacts escalated", seen, 0.10, n=300))
    return Planted(finding, {}, cost_of_escalations(share, 0.10, factor, seed=int(rng.integers(10**6))))


def miscounting(rng: np.random.Generator) -> Planted:
    """Plant a share of payslips that have to be corrected, of which two months were looked at; 1 % is expected."""
    rate, hours = float(rng.uniform(0.03, 0.12)), float(rng.triangular(0.5, 1.5, 4.0))
    seen = rng.binomial(2 * SLIPS, rate) / (2 * SLIPS)
    finding = found("BOM-1", measured("pay slips corrected", seen, 0.01, n=2 * SLIPS))
    payroll = pd.DataFrame({"cycle": np.repeat(["2024-05", "2024-06"], SLIPS), "agent_id": "A"})
    return Planted(
        finding, {"payroll": payroll}, cost_of_corrections(rate, 0.01, hours, seed=int(rng.integers(10**6)))
    )
