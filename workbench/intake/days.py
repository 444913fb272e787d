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
from workbench.wording import listing

DENSE = ("contacts", "intervals", "agent_state", "schedule", "timesheet")
"""Tables with rows on most days, whose days say which period a delivery covers, in this order."""
STANDING = ("hris", "leadership_roster", "rate_card", "ownership", "process_document")
"""Tables whose days say since when something holds: who was hired, which price applies. They may lie years back,
or ahead, and say nothing of the days that a delivery covers."""
PLANNED = ("forecast", "schedule", "fx")
"""Tables whose rows may lie ahead."""
ANSWERED = ("survey", "owner_answer")
"""Tables of which no figure rests on the day."""
AHEAD = "all its dates lie in the future"
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
    """Return the days that the delivery covers, and the rows that lie far from all others; see STANDING."""
    for name in (*DENSE, *(name for name in tables if name not in STANDING)):
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


def ahead(tables: Mapping[str, pd.DataFrame], today: date | None, time_zone: str) -> dict[str, Period]:
    """Return the days of each table of what has happened that lies after `today` as a whole.

    A day's grace: it may be tomorrow already where the client is.
    """
    found = {}
    for name, table in tables.items():
        if today is None or name in (*PLANNED, *STANDING):
            continue
        days = _days(table, table_specs()[name], time_zone)
        if days is not None and days[1].min() > pd.Timestamp(today) + pd.Timedelta(days=1):
            found[name] = Period(days[1].min().date(), days[1].max().date())
    return found


def future(
    tables: Mapping[str, pd.DataFrame],
    today: date | None,
    time_zone: str,
    files: Mapping[str, Sequence[Part]],
) -> pd.DataFrame:
    """Return the rows of what has happened already that claim to happen after `today`."""
    found = []
    for name, table in tables.items():
        if today is None or name in PLANNED:
            continue
        days = _days(table, table_specs()[name], time_zone)
        if days is not None and (late := (days[1] > pd.Timestamp(today)).to_numpy(bool)).any():
            column, values = days
            found.append(
                problem_rows(
                    name, *located(values.index[late], files.get(name, ())), column, values[late].dt.date,
                    '"{value}" is after today. Is the year right?', "flagged",
                )
            )  # fmt: skip
    return joined_problems(found)


def no_period(tables: Mapping[str, pd.DataFrame], period: Period | None) -> list[pd.DataFrame]:
    """Return the problem that nobody can say which days this is, if so."""
    if period is not None or not tables:
        return []
    message = f"{undated(tables)}. Give it: --period 2024-06"
    return [problem_rows("", "", [None], message=message, severity="assumed")]


def dated_by_standing(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the tables that carry days, and none that say which period this is."""
    return [n for n in STANDING if n in tables and _days(tables[n], table_specs()[n], "UTC") is not None]


def undated(tables: Mapping[str, pd.DataFrame]) -> str:
    """Say why nothing that can be used says which period this is."""
    standing = dated_by_standing(tables)
    if not standing:
        return "No row carries a day, so that nobody can say which period this is"
    since = "when people came and left" if standing == ["hris"] else "since when something holds"
    return (
        f"Only {listing(standing)} {'carries' if len(standing) == 1 else 'carry'} days that can be used, and "
        f"those say {since}, not which period this is"
    )
