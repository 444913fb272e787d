"""What did customers get, month by month, as a share with its interval?"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.diagnostics.periods import counted_by, months_of, rows_within
from workbench.intake.client import Client
from workbench.intake.period import Period
from workbench.metrics.columns import Bools, equals, flags, numbers, times
from workbench.metrics.resolution import observed_repeats
from workbench.once import once_per_table

SATISFIED_FROM = 0.75
"""An answer in the upper quarter of its scale is satisfied: 4 and 5 of 1-5 (the usual top-two box)."""


USUAL_SCALE = "1-5"


@once_per_table
def satisfied(outcome: pd.DataFrame) -> pd.Series:
    """Return, for each answer of kind csat with a known scale, whether the customer was satisfied."""
    at, happy = satisfied_rows(outcome)
    return pd.Series(happy, index=outcome.index[at])


@once_per_table
def satisfied_rows(outcome: pd.DataFrame) -> tuple[NDArray[np.int64], Bools]:
    """Return the positions of the answers of kind csat with a known scale, and which customers were satisfied."""
    value = numbers(outcome, "value")
    at = np.flatnonzero(equals(outcome, "kind", "csat") & ~np.isnan(value))
    which, scales = pd.factorize(outcome["scale"])  # few scales, many answers
    scales = scales.append(pd.Index([USUAL_SCALE])).astype("str")  # the last: where none is named
    each = scales.to_series().str.extract(r"^(-?[\d.]+)\s*[-–]\s*([\d.]+)$").astype(float)
    low, high = each[0].to_numpy()[which[at]], each[1].to_numpy()[which[at]]
    length = np.where(high != low, high - low, np.nan)  # a scale without length says nothing
    place = (value[at] - low) / length
    known = ~np.isnan(place)
    return at[known], place[known] >= SATISFIED_FROM - 1e-9


@once_per_table
def outcomes_by_month(
    contacts: pd.DataFrame, outcome: pd.DataFrame | None, client: Client, period: Period
) -> pd.DataFrame:
    """Return good and counted outcomes of each month: month, outcome, good, n.

    The outcomes are those for which there are rows: "satisfied" (csat answers), "resolved" (the agent's
    flag), "not repeated within 7 days" (by customer) and "no complaint" (contacts without one).
    """
    mine = rows_within(contacts, "offered_ts", period, client)
    month, answered = months_of(mine, "offered_ts", client), ~np.isnat(times(mine, "answer_ts"))
    resolved, flagged = flags(mine, "resolved_flag")
    seen, repeated = observed_repeats(mine)
    counts = {
        "resolved": counted_by(month[flagged & answered], resolved[flagged & answered]),
        "not repeated within 7 days": counted_by(month[seen], ~repeated),
    }
    if outcome is not None:
        inside = rows_within(outcome, "ts", period, client)
        at, happy = satisfied_rows(inside)
        told = months_of(inside, "ts", client)
        counts["satisfied"] = counted_by(told[at], happy)
        complaint = equals(inside, "kind", "complaint")
        if complaint.any():
            most = counted_by(month[answered], answered[answered])["n"]
            made = counted_by(told[complaint], complaint[complaint])["n"].reindex(most.index, fill_value=0)
            counts["no complaint"] = pd.DataFrame({"good": (most - made).clip(lower=0), "n": most})
    rows = [
        (month, name, good, n)
        for name, each in counts.items()
        for month, good, n in zip(
            np.datetime_as_string(each.index.to_numpy("datetime64[M]")).tolist(),
            each["good"].tolist(), each["n"].tolist(), strict=True,
        )
    ]  # fmt: skip
    return pd.DataFrame(sorted(rows), columns=["month", "outcome", "good", "n"])
