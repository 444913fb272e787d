"""How many people more, or fewer, bring a figure back to where it was? Found by simulation.

People are added by the lever "staffing" (spread over groups in proportion), every number of them is
simulated under the same random numbers as the base, and the difference to the base is paired. The
fewest whose mean difference is no loss are the answer; its interval goes from the fewest of whom a
loss cannot be told to the fewest of whom it is certain that there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbench.sim.scenario import Scenario
from workbench.statistics.replications import Estimate, estimate, paired_differences
from workbench.studies.lever import LEVERS
from workbench.studies.replicate import Results, replicate


@dataclass(frozen=True)
class Heads:
    """People more (or fewer, negative) that hold a figure.

    Attributes
    ----------
    n : None where no number holds it; `reason` says why.
    low, high : from the fewest of whom a loss is not certain to the fewest of whom none is left; None
        where the search ended before.
    at : what each number that was tried did: difference to the base.
    """

    measure: str
    n: int | None
    low: int | None
    high: int | None
    at: dict[int, Estimate]
    reason: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "measure": self.measure, "heads": self.n, "low": self.low, "high": self.high, "reason": self.reason,
            "tried": {
                str(k): {"mean": e.mean, "low": e.low, "high": e.high, "n": e.n} for k, e in sorted(self.at.items())
            },
        }  # fmt: skip


def difference(base: Results, other: Results, measure: str) -> Estimate:
    """Return other minus base of a figure of the whole, paired."""
    value, half, n = paired_differences(base.counted(measure), other.counted(measure), base.confidence)
    return estimate(float(value[0]), float(half[0]), n, base.confidence, base.figure(measure).nothing)


def with_heads(scenario: Scenario, more: int) -> Scenario:
    """Return the scenario with so many people more, or fewer."""
    staffing = LEVERS.get("staffing")
    if not more:
        return scenario
    return scenario.with_(staffing.changes(scenario, staffing.today(scenario) + more))


def heads_to_hold(
    base: Results,
    changed: Results,
    measure: str = "service_level",
    *,
    workers: int | None = None,
    simulate: Callable[[Scenario], Results] | None = None,
) -> Heads:
    """Return how many people hold a figure of the base that is better when greater.

    Parameters
    ----------
    base, changed : with the same replications.
    simulate : answers for a scenario; else `replicate` with the replications of the base.
    """
    at: dict[int, Estimate] = {}
    runs = simulate or (
        lambda s: replicate(
            s, base.n, base.seed, engine=base.engine, formulas=base.formulas, workers=workers,
            confidence=base.confidence,
        )
    )  # fmt: skip
    staffing = LEVERS.get("staffing")
    if staffing.why_not(changed.scenario):
        return Heads(measure, None, None, None, at, staffing.why_not(changed.scenario))
    present = round(staffing.today(changed.scenario))
    least, most = -present, max(20, 2 * present)

    def tried(more: int) -> Estimate:
        if more not in at:
            results = changed if more == 0 else runs(with_heads(changed.scenario, more))
            at[more] = difference(base, results, measure)
        return at[more]

    if tried(0).mean is None or tried(0).low is None:
        return Heads(measure, None, None, None, at, tried(0).reason)
    n = fewest(lambda k: _at_least(tried(k).mean), least, most, step=max(1, present // 50))
    if n is None:
        return Heads(measure, None, None, None, at, f"even {most} people more do not hold it")
    width = max(1, present // 100)
    low = fewest(lambda k: _at_least(tried(k).high), least, n, start=n, step=width)
    high = fewest(lambda k: _at_least(tried(k).low), n, most, start=n, step=width)
    return Heads(measure, n, low, high, at)


def _at_least(value: float | None) -> bool:
    return value is not None and value >= -1e-12


def fewest(good: Callable[[int], bool], low: int, high: int, *, start: int = 0, step: int = 1) -> int | None:
    """Return the least number from low to high that is good, if more are never worse; None if none is.

    Looks near `start` first, in steps that double, then halves what is left.
    """
    start = min(max(start, low), high)
    if good(start):
        upper, lower = start, start - step
        while lower > low and good(lower):
            upper, step = lower, 2 * step
            lower = upper - step
        lower = max(lower, low)
        if lower == low and good(low):
            return low
    else:
        lower, upper = start, start + step
        while upper < high and not good(upper):
            lower, step = upper, 2 * step
            upper = lower + step
        upper = min(upper, high)
        if not good(upper):
            return None
    while upper - lower > 1:
        middle = (lower + upper) // 2
        lower, upper = (lower, middle) if good(middle) else (middle, upper)
    return upper
