"""Who was there in which month?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.diagnostics.periods import each_once, kept, whole_months
from workbench.intake.period import Period
from workbench.metrics.columns import Ints, Times, equals, filled, in_one_list, times
from workbench.once import once_per_table


@once_per_table
def agents_of(hris: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of people whose role is agent."""
    return kept(hris, equals(hris, "role", "agent"))


@once_per_table
def agent_months(hris: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Return agent_id and month ("2024-06") for each agent employed the whole of a whole month."""
    named = filled(hris, "agent_id") & (equals(hris, "role", "agent") | ~filled(hris, "role"))
    agents = each_once(kept(hris, named), "agent_id")
    months = np.array(whole_months(period), "datetime64[M]")
    first, last = months.astype("datetime64[D]"), (months + 1).astype("datetime64[D]") - 1
    start, end = (times(agents, name)[:, None] for name in ("start_date", "term_date"))
    who, when = np.nonzero(~(start > first) & ~(end < last))
    names = pd.Series(np.datetime_as_string(months), dtype="str")
    return pd.DataFrame({"agent_id": agents["agent_id"].array.take(who), "month": names.array.take(when)})


def counted_in(due: pd.DataFrame, rows: pd.DataFrame, month: Times) -> Ints:
    """Return how many of `rows` (agent_id, and the first of each one's month) fall to each row of `agent_months`."""
    mine, theirs, agents = in_one_list(due, rows, "agent_id")
    months = pd.Index(due["month"].to_numpy("datetime64[M]").astype(np.int64))
    level = months.unique()
    place = level.get_indexer(month.astype("datetime64[M]").astype(np.int64))
    use = (place >= 0) & (theirs >= 0)
    count = np.bincount(theirs[use] * len(level) + place[use], minlength=agents * len(level))
    return np.asarray(count[mine * len(level) + level.get_indexer(months)])
