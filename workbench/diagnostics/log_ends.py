"""Which logs stop altogether before the period ends, and what can then be said?

A log of which the last row is months old was no longer kept, or its export was cut; the rows themselves cannot tell.
So nobody is accused of what it does not say: figures out of it stand for the days that it covers, the rest of their
weight is missing, and it is told which table ends when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from workbench.diagnostics.coverage import LEAST_TAIL, Coverage, covered, where_covered
from workbench.diagnostics.finding import Evidence, Finding, Verdict
from workbench.diagnostics.periods import days_of
from workbench.intake.client import Client
from workbench.intake.dataset import Dataset, Table
from workbench.intake.period import Period
from workbench.metrics.columns import times
from workbench.once import once_per_table

ENTRIES = {
    "contacts": ("offered_ts",),
    "intervals": ("interval_start",),
    "agent_state": ("start",),
    "timesheet": ("date",),
    "qa_eval": ("eval_ts",),
    "coaching": ("date",),
    "routine_request": ("ts",),
    "report_log": ("due_ts", "issued_ts"),
    "gov_meeting": ("date_planned", "date_held"),
    "gov_action": ("raised", "closed"),
    "escalation": ("raised_ts",),
    "issue": ("first_raised_ts",),
    "access_review": ("reviewed_ts",),
    "change_request": ("raised",),
}
"""The logs that are kept as long as the service runs, and the columns whose times are entries. Hiring and training
come in waves, breaches and incidents when something goes wrong: that no more came is how it was, or is good."""


@once_per_table
def log_of(table: Table, name: str, period: Period, client: Client) -> Coverage:
    """Return which days of the period a log surely covers.

    Raises
    ------
    KeyError
        if the table called `name` is not one of ENTRIES.
    """
    at = np.concatenate([times(table, column) for column in ENTRIES[name]])
    at = at[~np.isnat(at)].astype("datetime64[D]")
    near = np.timedelta64(LEAST_TAIL - 1, "D")  # a day of the zone's
    if (
        len(at)
        and at.min() <= np.datetime64(period.start) + near
        and at.max() >= np.datetime64(period.end) - near
    ):
        whole = Period(at.min().astype(date), at.max().astype(date))
        return Coverage(name, period, whole, LEAST_TAIL, period)  # the usual case, without a look at each day
    columns = [column for column in ENTRIES[name] if column in table.columns]
    days = np.concatenate([days_of(table, column, client) for column in columns])
    return covered(name, days, period, surely=True)


def while_kept(table: Table, name: str, period: Period, client: Client) -> Period:
    """Return the period up to the end of the log: what fell due later may be done, and nobody wrote it down."""
    log = log_of(table, name, period, client).until()
    return log.days if log.stops and log.days else period


def stopped(dataset: Dataset) -> list[Coverage]:
    """Return the logs that stop before the period ends, in the order of ENTRIES."""
    there = [name for name in ENTRIES if dataset.usable(name)]
    logs = [log_of(dataset.tables[name], name, dataset.period, dataset.client) for name in there]
    return [log for log in logs if log.stops]


def where_logs_end(verdict: Verdict, dataset: Dataset) -> Verdict:
    """Return the verdict with figures of the whole period held to the days up to which their log was kept.

    Figures that a check has held to fewer days itself, and documents, stay as they are.
    """
    held: dict[int, Evidence] = {}
    evidence: list[Evidence] = []
    for part in verdict.evidence:
        log = None if part.value is None or part.period != dataset.period else _log_behind(part, dataset)
        if log is None or log.days is None or not log.stops:
            evidence.append(part)
            continue
        first, *rest = where_covered(part, log.until())
        held[id(part)] = first
        evidence += [first, *(one for one in rest if one.weight > 0)]
    if not held:
        return verdict
    told = tuple(_held(finding, held) for finding in verdict.findings)
    return replace(verdict, evidence=tuple(evidence), findings=told)


def _log_behind(part: Evidence, dataset: Dataset) -> Coverage | None:
    if part.table not in ENTRIES or part.table not in dataset.tables:
        return None
    return log_of(dataset.tables[part.table], part.table, dataset.period, dataset.client)


def _held(finding: Finding, held: Mapping[int, Evidence]) -> Finding:
    """Return a finding that names the days of its figure."""
    evidence = tuple(held.get(id(part), part) for part in finding.evidence)
    said, first, now = finding.statement, finding.evidence[0], evidence[0]
    if now is not first:
        said = said.replace(str(first.period), str(now.period))
    return replace(finding, evidence=evidence, statement=said)
