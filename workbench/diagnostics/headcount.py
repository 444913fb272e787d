"""Who was there in which month?"""

from __future__ import annotations

import pandas as pd

from workbench.diagnostics.periods import whole_months
from workbench.intake.period import Period
from workbench.once import once_per_table


@once_per_table
def agent_months(hris: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return agent_id and month ("2024-06") for each agent employed the whole of a whole month."""
    agents = hris[hris["role"].fillna("agent") == "agent"].drop_duplicates("agent_id")
    months = pd.DataFrame({"month": pd.Series(whole_months(period), dtype="str")})
    months["first"] = pd.to_datetime(months["month"] + "-01")
    months["last"] = months["first"] + pd.offsets.MonthEnd(0)
    both = agents[["agent_id", "start_date", "term_date"]].merge(months, how="cross")
    there = ~(both["start_date"] > both["first"]) & ~(both["term_date"] < both["last"])
    return both.loc[there, ["agent_id", "month"]].reset_index(drop=True)
