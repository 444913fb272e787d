"""Which days does a delivery cover, and which rows lie outside of them?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from workbench.intake import rules
from workbench.intake.dataset import Part
from workbench.intake.period import Period
from workbench.intake.source import joined_problems, located, problem_rows
from workbench.intake.spec import TableSpec, table_specs

DENSE = ("contacts", "intervals", "agent_state", "schedule", "timesheet")
"""Tables with rows on most days, whose days say which period a delivery covers, in this order."""
DENSE_GAP, OTHER_GAP = 31, 366
"""A row further than this from all others lies outside of the delivery. [days]"""


def _days(table: pd.DataFrame, spec: TableSpec, time_zone: str) -> tuple[str, pd.Series] | None:
    for column in sorted(spec.columns, key=lambda column: not column.required):
        if column.type in ("timestamp", "date") and table[column.name].notna().any():
            values = table[column.name]
            if column.type == "timestamp":
                values = values.dt.tz_convert(time_zone).dt.tz_localize(None)
            return column.name, values.dt.floor("D")
    return None


def covered_days(
    tables: Mapping[str, pd.DataFrame], time_zone: str, files: Mapping[str, Sequence[Part]]
) -> tuple[Period | None, pd.DataFrame]:
    """Return the days that the delivery covers, and the rows that lie far from all others."""
    for name in (*DENSE, *tables):
        found = _days(tables[name], table_specs()[name], time_zone) if name in tables else None
        if found is None:
            continue
        column, days = found
        gap = DENSE_GAP if name in DENSE else OTHER_GAP
        far = rules.strays(days, gap)
        rest = days[~far]
        covered = Period(rest.min().date(), rest.max().date())
        return covered, problem_rows(
            name, *located(days.index[far], files.get(name, ())), column, days[far].dt.date,
            f'"{{value}}" is more than {gap} days from the other rows ({covered}). Is the year right?',
            "flagged",
        )  # fmt: skip
    return None, problem_rows()


def future(
    tables: Mapping[str, pd.DataFrame],
    today: date | None,
    time_zone: str,
    files: Mapping[str, Sequence[Part]],
) -> pd.DataFrame:
    """Return the rows of what has happened already that claim to happen after `today`."""
    found = []
    for name, table in tables.items():
        if today is None or name in ("forecast", "schedule", "fx"):
            continue
        days = _days(table, table_specs()[name], time_zone)
        if days is not None and (late := (days[1] > pd.Timestamp(today)).to_numpy(bool)).any():
            column, values = days
            found.append(
                problem_rows(
                    name, *located(values.index[late], files.get(name, ())), column, values[late].dt.date,
                    f'"{{value}}" is after today, {today}. Is the year right?', "flagged",
                )
            )  # fmt: skip
    return joined_problems(found)


def no_period(tables: Mapping[str, pd.DataFrame], period: Period | None) -> list[pd.DataFrame]:
    """Return the problem that nobody can say which days this is, if so."""
    if period is not None or not tables:
        return []
    message = "No row carries a day, so that nobody can say which period this is. Give it: --period 2024-06"
    return [problem_rows("", "", [None], message=message, severity="assumed")]
