"""Which days of the period does a log cover?

What a log does not cover is not known; it is not "none was held". A log covers the days from its first to its last
row. Where it begins (or ends) within a week of the period's first (last) day, or within the longest gap between two of
its own days, it covers the period from (up to) that day. A log is judged whole, so that one forum that stopped while
others went on is seen to have stopped.

That rule asks what was due on which days. Where rows may come seldom, a log has an end only `surely`: after (before)
which so long a time without a row would be rare, did rows come as ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.special import betaln

from workbench.diagnostics.evidence import missing
from workbench.diagnostics.finding import Evidence, Lack
from workbench.diagnostics.periods import days_of, whole_months
from workbench.intake.client import Client
from workbench.intake.dataset import Table
from workbench.intake.period import Period
from workbench.metrics.columns import Times
from workbench.once import once_per_table

LEAST_GAP = 7
"""A log with a row a day has none at weekends and on holidays: a week without a row is no gap. Ours. [days]"""


LEAST_TAIL = 28
"""Holidays and a quiet time explain less, in a log of which not each day is due. Ours. [days]"""

LEAST_DAYS = 8
"""Rows on fewer days may be one episode, after which nothing more happened. Ours."""

RARE = 0.01
"""So improbable a time without a row is the end of the log. Ours."""


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
    def covers(self) -> str:
        """Say what the log covers."""
        if self.log is None:
            return f"no row of {self.table} has a day"
        if self.days is None:
            return f"{self.table} covers {self.log}, no day of {self.asked}"
        return f"{self.table} covers {self.days} of {self.asked}"

    @property
    def stops(self) -> bool:
        """The log ends before the period does."""
        return self.log is not None and (self.days or self.log).end < self.asked.end

    @property
    def reason(self) -> str:
        """Say what the log covers, as the reason why the rest is not known; where it stops, what that may mean."""
        if not self.stops:
            return self.covers
        return f"{self.covers}: it was no longer kept after that, or the export was cut"

    def until(self) -> Coverage:
        """Return the coverage if the log says of the days before its first row that nothing came."""
        if self.days is None:
            return self
        return replace(self, days=Period(self.asked.start, self.days.end))

    @property
    def last(self) -> str:
        """The last day of the log, in words."""
        return str(Period(self.log.end, self.log.end)) if self.log else "no day"

    @property
    def send(self) -> str:
        """Say what would tell which it was."""
        if not self.stops:
            return f"{self.table} of the other days of the period, or word that it was not kept then."
        return f"{self.table} of the days after {self.last}, or word that it was no longer kept."

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


def covered(table: str, days: Times, period: Period, *, surely: bool = False) -> Coverage:
    """Return which days of the period a log covers whose rows speak of `days` (NaT: not known).

    Parameters
    ----------
    days : shape (n,), in the client's zone.
    surely : take an end for the log's own only where what is without a row is too long for chance.
    """
    known = np.unique(days[~np.isnat(days)].astype("datetime64[D]"))
    if not len(known):
        return Coverage(table, period, None, LEAST_GAP, period if surely else None)
    first, last = (day.astype(date) for day in (known[0], known[-1]))
    gap = max(int(np.diff(known).max().astype(int)) if len(known) > 1 else 0, LEAST_GAP)
    log = Period(first, last)
    if not surely and (last < period.start or first > period.end):
        return Coverage(table, period, log, gap, None)

    def reaches(rest: timedelta) -> bool:
        if rest.days <= gap:
            return True
        few = rest.days < LEAST_TAIL or len(known) < LEAST_DAYS
        return surely and (few or chance_of_rest(rest.days, gap, len(known) - 1) >= RARE)

    start = period.start if reaches(first - period.start) else first
    end = period.end if reaches(period.end - last) else last
    return Coverage(table, period, log, gap, Period(start, end) if start <= end else None)


def chance_of_rest(rest: float, longest: float, gaps: int) -> float:
    """Return how probable it is that no row comes for `rest` days where the longest of `gaps` gaps had `longest`.

    Of n + 1 exponential gaps with one mean, that the last is k times the longest of the others: n B(n, k + 1), for
    E exp(-k max) is that. More regular rows make it rarer still. Without a gap nothing is known: 1.
    """
    return float(np.exp(np.log(gaps) + betaln(gaps, rest / longest + 1.0))) if gaps else 1.0


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
        return (replace(part, reason=f"{coverage.covers}, no whole month"),)
    known = coverage.share if known is None else known
    if part.value is None or known >= 1.0:
        return (part,)
    part = replace(part, period=coverage.days)
    lack = Lack(beyond=coverage.reason, send=coverage.send)
    return beside_unknown(part, known, table=coverage.table, lack=lack, beyond=coverage.table)


def beside_unknown(
    part: Evidence, known: float, *, table: str, reason: str = "", lack: Lack | None = None, beyond: str = ""
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
        lack=lack,
        weight=part.weight * (1.0 - known),
    )
    return replace(part, weight=part.weight * known), rest
