"""How fast are actions closed, and did the measure move once they were?

Whoever compares the level before with the level after credits an action with a trend that was there anyway.
So the weekly figure is continued: level and trend before, the jump at closing beyond both, errors that follow
one another (`before_after`). Open actions count as lasting longer, not as missing.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from workbench.diagnostics.actions import FollowUp
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Evidence
from workbench.diagnostics.outcomes import satisfied_rows
from workbench.diagnostics.periods import counted_by, weeks_of
from workbench.diagnostics.waiting import median_wait
from workbench.intake.dataset import Dataset
from workbench.metrics.columns import flags, times
from workbench.metrics.resolution import observed_repeats
from workbench.statistics.before_after import interrupted_series

LEAST_WEEKS, LEAST_ROWS = 6, 20
"""Whole weeks on either side of the closing, and rows in each. Ours: fewer have no interval worth the name."""

MORE_IS_BETTER = {
    "escalated": False,
    "transferred": False,
    "repeated": False,
    "resolved": True,
    "satisfied": True,
}
"""The weekly shares that contacts and outcomes give, by the word that names them in an action's measure."""

WORDS = {"escalated": "escalated", "transfer": "transferred", "repeat": "repeated", "resol": "resolved",
         "satisf": "satisfied"}  # fmt: skip

COLUMNS = (
    "id",
    "code",
    "what",
    "closed",
    "measure",
    "before",
    "after",
    "jump",
    "low",
    "high",
    "moved",
    "reason",
)


def time_to_close(past: FollowUp) -> Evidence:
    """Return the days by which half of the actions were closed, the open ones counted as lasting longer."""
    known = past.actions[past.actions["raised"].notna()]
    closed = known["closed"].notna().to_numpy()
    ends = [end if isinstance(end, date) else past.as_of for end in known["closed"]]
    days = [(end - start).days for start, end in zip(known["raised"], ends, strict=True)]
    return median_wait("median days from raising an action to closing it", np.maximum(days, 0) if days else [],
                       closed, table="actions", nobody="no action says when it was raised")  # fmt: skip


def aftermath(assessment: Assessment, past: FollowUp) -> pd.DataFrame:
    """Return, for each closed action whose measure has a weekly figure, whether that figure jumped.

    Returns
    -------
    DataFrame with id, code, what, closed, measure; before and after, the whole weeks on either side; jump, low,
    high, the change of level at closing beyond level and trend before (a fraction); moved: "better", "worse" or
    "not beyond trend and noise"; and reason where there are too few weeks.
    """
    weekly = _weekly_shares(assessment.dataset)
    rows = []
    for action in past.actions.to_dict("records"):
        name = next(
            (series for word, series in WORDS.items() if word in str(action["measure"]).casefold()), None
        )
        if name in weekly and isinstance(action["closed"], date):
            rows.append(_jump(action, name, weekly[name]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _jump(action: dict[object, object], name: str, weekly: pd.DataFrame) -> tuple[object, ...]:
    head = (*(action[key] for key in ("id", "code", "what", "closed")), action["measure"])
    share = (weekly["good"] / weekly["n"]).where(weekly["n"] >= LEAST_ROWS)
    fix = int((share.index <= pd.Timestamp(str(action["closed"]))).sum())
    before, after = fix, len(share) - fix
    if min(before, after) < LEAST_WEEKS or share.isna().any():
        reason = (
            f"{int(share.isna().sum())} weeks with under {LEAST_ROWS} rows"
            if share.isna().any()
            else f"{before} whole weeks before and {after} after; needs {LEAST_WEEKS} of each"
        )
        return (*head, before, after, None, None, None, "unknown", reason)
    level = interrupted_series(share, fix).level
    sure = level.low is not None and level.high is not None and level.low * level.high > 0
    good = level.value is not None and (level.value > 0) == MORE_IS_BETTER[name]
    moved = "not beyond trend and noise" if not sure else "better" if good else "worse"
    return (*head, before, after, level.value, level.low, level.high, moved, "")


def _weekly_shares(dataset: Dataset) -> dict[str, pd.DataFrame]:
    """Return good ones and all of each whole week, by figure; all weeks that were delivered, not the period's alone."""
    contacts, client = dataset.tables.get("contacts"), dataset.client
    weekly: dict[str, pd.DataFrame] = {}
    if contacts is not None:
        week, answered = weeks_of(contacts, "offered_ts", client), ~np.isnat(times(contacts, "answer_ts"))
        for name, column in (("escalated", "escalated_flag"), ("transferred", "transfer_flag"),
                             ("resolved", "resolved_flag")):  # fmt: skip
            true, known = flags(contacts, column)
            weekly[name] = counted_by(week[known & answered], true[known & answered])
        seen, repeated = observed_repeats(contacts)
        weekly["repeated"] = counted_by(week[seen], repeated)
    outcome = dataset.tables.get("outcome")
    if outcome is not None:
        at, happy = satisfied_rows(outcome)
        weekly["satisfied"] = counted_by(weeks_of(outcome, "ts", client)[at], happy)
    return {name: _whole_weeks(each) for name, each in weekly.items() if len(each) > 2}


def _whole_weeks(weekly: pd.DataFrame) -> pd.DataFrame:
    """Return every week from the second to the last but one: those at the ends may be cut; absent ones have no rows."""
    every = pd.date_range(weekly.index[0], weekly.index[-1], freq="7D")
    return weekly.reindex(every, fill_value=0).iloc[1:-1]
