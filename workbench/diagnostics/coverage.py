"""Which days of the period does a log cover?

What a log does not cover is not known; it is not "none was held". A log covers the days from its first to its last
row. Where it begins (or ends) within a week of the period's first (last) day, or within the longest gap between two of
its own days, it covers the period from (up to) that day. A log is judged whole, so that one forum that stopped while
others went on is seen to have stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from workbench.diagnostics.evidence import missing
from workbench.diagnostics.finding import Evidence
from workbench.diagnostics.periods import days_of, whole_months
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Times
from workbench.once import once_per_table

LEAST_GAP = 7
"""A log with a row a day has none at weekends and on holidays: a week without a row is no gap. Ours. [days]"""


@dataclass(frozen=True)
class Coverage:
    """What a log says of a period.

    Attributes
    ----------
    table : its name.
    asked : the period.
    log : from the first to the last day of the log, within the period or not; None: no row has a day.
    gap : so many days without a row are usual in it.
    days : the days of the period that it covers; None where it covers none.
    """

    table: str
    asked: Period
    log: Period | None
    gap: int
    days: Period | None

    @property
    def share(self) -> float:
        """The share of the period's days that are covered."""
        return self.days.days / self.asked.days if self.days else 0.0

    @property
    def reason(self) -> str:
        """Say what the log covers, as the reason why the rest is not known."""
        if self.log is None:
            return f"no row of {self.table} has a day"
        if self.days is None:
            return f"{self.table} covers {self.log}, no day of {self.asked}"
        return f"{self.table} covers {self.days} of {self.asked}"

    def months(self) -> list[str]:
        """Return the whole months of the period that are covered, as "2024-06", each up to the usual gap."""
        if self.days is None or self.log is None:
            return []
        first, last, gap = self.log.start, self.log.end, timedelta(days=self.gap)
        return [
            name
            for name in whole_months(self.asked)
            for month in [Period.parse(name)]
            if month.start <= last and first <= month.end
            if first <= month.start + gap and month.end - gap <= last
        ]


def covered(table: str, days: Times, period: Period) -> Coverage:
    """Return which days of the period a log covers whose rows speak of `days` (NaT: not known).

    Parameters
    ----------
    days : shape (n,), in the client's zone.
    """
    known = np.unique(days[~np.isnat(days)].astype("datetime64[D]"))
    if not len(known):
        return Coverage(table, period, None, LEAST_GAP, None)
    first, last = (day.astype(date) for day in (known[0], known[-1]))
    gap = max(int(np.diff(known).max().astype(int)) if len(known) > 1 else 0, LEAST_GAP)
    log, some = Period(first, last), timedelta(days=gap)
    if last < period.start or first > period.end:
        return Coverage(table, period, log, gap, None)
    start = period.start if first <= period.start + some else first
    end = period.end if last >= period.end - some else last
    return Coverage(table, period, log, gap, Period(start, end))


@once_per_table
def covered_by(rows: Table, table: str, column: str, period: Period, client: Client) -> Coverage:
    """Return which days of the period the log `table` covers whose rows are told by the times in `column`."""
    return covered(table, days_of(rows, column, client), period)


def agent_months_covered(due: pd.DataFrame, coverage: Coverage) -> tuple[pd.DataFrame, float]:
    """Return those of `agent_months` of which the log says something, and which share of all they are."""
    mine = due[due["month"].isin(coverage.months())].reset_index(drop=True)
    return mine, len(mine) / len(due) if len(due) else 1.0


def where_covered(part: Evidence, coverage: Coverage, known: float | None = None) -> tuple[Evidence, ...]:
    """Return evidence on the days that a log covers, and what is missing of the others.

    Parameters
    ----------
    known : the share of the agent-months due of which the log says something; None: that of its days.
    """
    if known == 0.0 and part.value is None:
        return (replace(part, reason=f"{coverage.reason}, no whole month"),)
    known = coverage.share if known is None else known
    if part.value is None or known >= 1.0:
        return (part,)
    part = replace(part, period=coverage.days)
    return beside_unknown(part, known, table=coverage.table, reason=coverage.reason, beyond=coverage.table)


def beside_unknown(
    part: Evidence, known: float, *, table: str, reason: str, beyond: str = ""
) -> tuple[Evidence, ...]:
    """Return evidence on the share `known` of what it speaks of, and what is missing of the rest.

    beyond : the table that covers no more; empty: rows are missing here and there.
    """
    if part.value is None or known >= 1.0:
        return (part,)
    rest = missing(
        f"{part.measure}, {f'beyond what {beyond} covers' if beyond else 'of the others'}",
        part.unit,
        table=table,
        reason=reason,
        weight=part.weight * (1.0 - known),
    )
    return replace(part, weight=part.weight * known), rest
