"""How long had the agent been there when the contact came?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.periods import first_by, kept, time_of
from workbench.metrics.columns import filled, seconds_between, times
from workbench.once import once_per_table

NEW_DAYS = 90
"""Under so many days an agent counts as new (METHOD FM-1 speaks of the first 90 days)."""


@once_per_table
def tenure_days(contacts: pd.DataFrame, hris: pd.DataFrame) -> pd.Series:
    """Return the agent's days since the first paid day at each contact, NaN where unknown. [days]"""
    started = first_by(kept(hris, filled(hris, "start_date")), "agent_id", "start_date")
    start = time_of(contacts["agent_id"], started).to_numpy("datetime64[us]")
    return pd.Series(seconds_between(start, times(contacts, "offered_ts")) / 86400, index=contacts.index)
