"""How much paid time is not spent on the queue, and how many must be hired for those on it?

Two calculations go by one name. Additive: every loss over one denominator, the paid time, with codes
that exclude each other. Sequential: each loss applies to what the ones before have left. 10 % and
20 % are 30 % one way and 28 % the other; both are right for their denominator, mixing them is not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from workbench.errors import CallError
from workbench.metrics import estimate
from workbench.metrics.columns import SECOND_US, flags
from workbench.metrics.measure import Measure
from workbench.metrics.timeline import in_force

ON_QUEUE = ("on_queue",)
UNPAID = ("meal",)


def additive(lost: Mapping[str, float], paid: float) -> float:
    """Return the sum of lost hours over paid hours, all in the same unit.

    Raises
    ------
    CallError
        if more is lost than was paid, which means codes that overlap.
    """
    total = math.fsum(lost.values())
    if paid <= 0 or total > paid * (1 + 1e-9) or min(lost.values(), default=0.0) < 0:
        raise CallError(
            f"Lost {total:g} of {paid:g} paid. Accepted: losses of 0 or more that exclude each other "
            "and together do not exceed what was paid."
        )
    return total / paid


def sequential(shares: Sequence[float]) -> float:
    """Return 1 − Π(1 − s): each share applies to what is left by those before it."""
    _fractions(shares)
    return 1.0 - math.prod(1.0 - s for s in shares)


def gross_up(required: ArrayLike, shrinkage: ArrayLike) -> NDArray[np.float64]:
    """Return how many must be scheduled so that `required` are on the queue: required / (1 − s).

    30 % shrinkage needs 42.9 % more people, not 30 % more.
    """
    s = np.asarray(shrinkage, float)
    _fractions(np.ravel(s))
    return np.asarray(np.asarray(required, float) / (1.0 - s))


def shrinkage_of_schedule(
    schedule: pd.DataFrame, *, scope: str = "", confidence: float = 0.95
) -> tuple[Measure, ...]:
    """Return planned shrinkage, additive over paid time: the total first, then by activity.

    Paid is what `paid_flag` says; where it says nothing, everything but UNPAID activities. Agents
    are what was sampled, n counts them. The schedule in force counts, each minute once.
    """
    plan = in_force(schedule)
    formula = "paid time planned off the queue / paid time"
    total = Measure(
        "shrinkage", None, "fraction", 0, formula, "additive, planned",
        scope=scope, confidence=confidence,
    )  # fmt: skip
    if plan.empty:
        return (estimate.unknown(total, "no schedule with known times"),)
    value, known = flags(schedule, "paid_flag")
    stated = pd.DataFrame({"value": value, "known": known}, index=schedule.index).loc[plan["row"]]
    paid = np.where(stated["known"], stated["value"], ~plan["label"].isin(UNPAID)).astype(bool)
    plan = plan[paid].assign(seconds=lambda t: (t["end_us"] - t["start_us"]) / SECOND_US)
    table = plan.pivot_table(
        index="agent_id", columns="label", values="seconds", aggfunc="sum", fill_value=0.0,
        observed=True,
    )  # fmt: skip
    all_paid = table.sum(axis=1).to_numpy()
    off = [label for label in table.columns if label not in ON_QUEUE]
    nothing = "no paid time is planned"
    out = [estimate.ratio(total, table[off].sum(axis=1), all_paid, nothing=nothing)]
    for label in off:
        blank = Measure(
            "shrinkage", None, "fraction", 0, f"paid time planned as {label} / paid time", str(label),
            scope=scope, confidence=confidence,
        )  # fmt: skip
        out.append(estimate.ratio(blank, table[label], all_paid, nothing=nothing))
    return tuple(out)


def _fractions(shares: ArrayLike) -> None:
    values = np.ravel(np.asarray(shares, float))
    if not np.all((values >= 0) & (values < 1)):
        bad = values[~((values >= 0) & (values < 1))][0]
        raise CallError(f"shrinkage: {bad:g} came. Accepted: a fraction from 0 to below 1, such as 0.3.")
