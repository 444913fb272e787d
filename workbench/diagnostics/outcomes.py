"""What did customers get, month by month, as a share with its interval?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.periods import local_month, rows_within
from workbench.intake.client import Client
from workbench.intake.period import Period
from workbench.metrics.resolution import judged_by_repeat
from workbench.once import once_per_table

SATISFIED_FROM = 0.75
"""An answer in the upper quarter of its scale is satisfied: 4 and 5 of 1-5 (the usual top-two box)."""


@once_per_table
def satisfied(outcome: pd.DataFrame) -> pd.Series:
    """Return, for each answer of kind csat with a known scale, whether the customer was satisfied."""
    answers = outcome[(outcome["kind"] == "csat") & outcome["value"].notna()]
    which, scales = pd.factorize(answers["scale"].fillna("1-5").astype("str"))  # few scales, many answers
    each = scales.to_series().str.extract(r"^(-?[\d.]+)\s*[-–]\s*([\d.]+)$").astype(float)
    low, high = each[0].to_numpy()[which], each[1].to_numpy()[which]
    length = np.where(high != low, high - low, np.nan)  # a scale without length says nothing
    place = (answers["value"].astype(float) - low) / length
    return (place >= SATISFIED_FROM - 1e-9)[place.notna()]


@once_per_table
def answered_rows(contacts: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts that were answered."""
    return contacts[contacts["answer_ts"].notna()]


def outcomes_by_month(
    contacts: pd.DataFrame, outcome: pd.DataFrame | None, client: Client, period: Period
) -> pd.DataFrame:
    """Return good and counted outcomes of each month: month, outcome, good, n.

    The outcomes are those for which there are rows: "satisfied" (csat answers), "resolved" (the agent's
    flag), "not repeated within 7 days" (by customer) and "no complaint" (contacts without one).
    """
    parts = []
    mine = answered_rows(rows_within(contacts, "offered_ts", period, client))
    flagged = mine[mine["resolved_flag"].notna()]
    parts.append(_monthly("resolved", local_month(flagged["offered_ts"], client), flagged["resolved_flag"]))
    judged = judged_by_repeat(mine)
    judged = judged[judged["observed"]]
    when = local_month(mine.loc[judged.index, "offered_ts"], client)
    parts.append(_monthly("not repeated within 7 days", when, ~judged["repeated"]))
    if outcome is not None:
        inside = rows_within(outcome, "ts", period, client)
        happy = satisfied(inside)
        parts.append(_monthly("satisfied", local_month(inside["ts"].loc[happy.index], client), happy))
        complaints = inside[inside["kind"] == "complaint"]
        if len(complaints):
            answered = local_month(mine["offered_ts"], client).value_counts()
            made = local_month(complaints["ts"], client).value_counts().reindex(answered.index, fill_value=0)
            parts.append(
                pd.DataFrame(
                    {
                        "month": answered.index,
                        "outcome": "no complaint",
                        "good": (answered - made).clip(lower=0).to_numpy(),
                        "n": answered.to_numpy(),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True).sort_values(["month", "outcome"], ignore_index=True)


def _monthly(name: str, month: pd.Series, good: pd.Series) -> pd.DataFrame:
    grouped = good.astype(bool).groupby(month)
    return pd.DataFrame(
        {
            "month": grouped.sum().index,
            "outcome": name,
            "good": grouped.sum().to_numpy(),
            "n": grouped.size().to_numpy(),
        }
    )
