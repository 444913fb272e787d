"""A log that stops in mid-period was no longer kept, or its export was cut: nobody is accused, and it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import comb

import numpy as np
import pandas as pd
import pytest

from tests.diagnostics.stories import handed
from workbench.diagnostics.assess import assess
from workbench.diagnostics.coverage import chance_of_rest, covered
from workbench.diagnostics.log_ends import ENTRIES, stopped, while_kept
from workbench.diagnostics.office import office_tasks
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.intake.spec import table_specs
from workbench.reports.declare import SECTIONS
from workbench.reports.parameters import Parameters

HALF = Period.parse("2024-01-01:2024-06-30")


def days(first: str, n: int, every: str) -> list[str]:
    """Return n days from the first on, as they are exported."""
    return [str(day.date()) for day in pd.date_range(first, periods=n, freq=every)]


def escalated(until: str) -> Dataset:
    """Return a client whose escalations come each day up to one, every second of them with an owner."""
    raised = pd.date_range("2024-01-01", until, freq="D")
    rows = [
        {"id": f"e{i}", "raised_ts": f"{day.date()} 09:00", "owner_side": ("vendor", "")[i % 2]}
        for i, day in enumerate(raised)
    ]
    contacts = [
        {"contact_id": f"c{day}", "offered_ts": f"{day} 09:00"} for day in days("2024-01-01", 182, "D")
    ]
    return replace(handed(contacts=contacts, escalation=rows), period=HALF)


@pytest.mark.parametrize(("gaps", "times"), [(1, 4), (3, 2), (9, 3), (20, 1)])
def test_so_long_a_time_without_a_row_is_one_over_a_binomial(gaps: int, times: int) -> None:
    """That the last of n + 1 exponential gaps is k times the longest of the others: 1 / C(n + k, k)."""
    draw = np.random.default_rng(1).exponential(size=(40_000, gaps + 1))
    seen = (draw[:, 0] > times * draw[:, 1:].max(axis=1)).mean()

    assert chance_of_rest(7.0 * times, 7.0, gaps) == pytest.approx(1 / comb(gaps + times, times))
    assert seen == pytest.approx(1 / comb(gaps + times, times), abs=0.01)


@pytest.mark.parametrize(
    ("rows", "until"),
    [
        (days("2024-01-02", 8, "7D"), "2024-02-20"),  # 131 days after gaps of 7: the log's end
        (days("2024-01-02", 7, "7D"), "2024-06-30"),  # rows on seven days may be one episode
        (days("2024-01-01", 160, "D"), "2024-06-30"),  # 22 days may be a quiet time
        (["2024-01-05", "2024-03-20", *days("2024-04-01", 8, "D")], "2024-06-30"),  # 83 days, where 75 came before
    ],
)  # fmt: skip
def test_a_log_ends_where_so_long_a_time_without_a_row_would_be_rare(rows: list[str], until: str) -> None:
    """Few rows, a short rest, or one no longer than an earlier gap: it may only have been quiet."""
    log = covered("escalation", np.array(rows, "datetime64[us]"), HALF, surely=True)

    assert Period(HALF.start, date.fromisoformat(until)) == log.until().days
    assert (until != "2024-06-30") == log.stops


def test_entries_are_times_of_their_tables() -> None:
    """Each column exists and is a time or a day."""
    types = {table_specs()[name].column(column).type for name, own in ENTRIES.items() for column in own}

    assert {"timestamp", "date"} == types


def test_figures_out_of_a_log_that_stops_stand_for_its_days_and_the_rest_is_open() -> None:
    """72 of 182 days: the share of owned escalations weighs 72/182, and what may be behind the end is said."""
    dataset = escalated("2024-03-12")
    verdict = assess(dataset, only=["HC-4"]).verdicts["HC-4"]
    whole = assess(escalated("2024-06-30"), only=["HC-4"]).verdicts["HC-4"]
    (part,) = (e for e in verdict.evidence if e.measure == "escalations with an owner")
    (rest,) = (
        e for e in verdict.evidence if e.measure == "escalations with an owner, beyond what escalation covers"
    )
    (same,) = (e for e in whole.evidence if e.measure == "escalations with an owner")

    assert (0.5, 72, "1 January – 12 March 2024") == (part.value, part.n, str(part.period))
    assert part.weight == pytest.approx(same.weight * 72 / 182)
    assert rest.weight == pytest.approx(same.weight * 110 / 182)
    assert rest.reason.endswith("it was no longer kept after that, or the export was cut")
    assert all("30 June" not in finding.statement for finding in verdict.findings)
    assert any("1 January – 12 March 2024" in finding.statement for finding in verdict.findings)


def test_the_reader_is_told_which_table_ends_when_and_what_would_tell_why() -> None:
    """Among what we do not know stand both readings, and what to send."""
    dataset = escalated("2024-03-12")
    built = SECTIONS.get("headline").build(assess(dataset, only=["HC-4"]), Parameters(client="somewhere"))

    assert ["escalation"] == [log.table for log in stopped(dataset)]
    assert not stopped(escalated("2024-06-20"))
    assert built is not None
    said = str(built.blocks)
    assert "Where escalation ends, on 12 March 2024, it was no longer kept, or the export was cut" in said
    assert "escalation of the days after 12 March 2024, or word that it was no longer kept." in said


def test_what_falls_due_after_the_last_entry_is_not_asked_for() -> None:
    """The log of escalations was kept to 12 March; that of contacts, and one whose end may be chance, throughout."""
    dataset = escalated("2024-03-12")
    table = dataset.tables["escalation"]

    assert Period.parse("2024-01-01:2024-03-12") == while_kept(table, "escalation", HALF, dataset.client)
    assert HALF == while_kept(dataset.tables["contacts"], "contacts", HALF, dataset.client)


def test_how_often_a_task_of_the_office_comes_is_over_the_days_of_its_table() -> None:
    """72 escalations on 72 days are 30.4 a month; over the half year they would be 12."""
    dataset = escalated("2024-03-12")
    (task,) = office_tasks(dataset.tables, dataset.client, HALF)

    assert ("follow an escalation", 72) == (task.task.name, task.times)
    assert task.task.per_month == pytest.approx(30.4375)
    assert Period.parse("2024-01-01:2024-03-12") == task.period
