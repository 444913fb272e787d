"""How long an agent had been there at a contact, and who was there for which month."""

from __future__ import annotations

import pandas as pd

from tests.diagnostics.stories import handed
from workbench.diagnostics.headcount import agent_months, counted_in
from workbench.diagnostics.tenure import NEW_DAYS, tenure_days
from workbench.intake.period import Period


def test_tenure_counts_from_the_first_paid_day() -> None:
    """Noon of the 91st day is 90.5; nobody knows it of an agent without a start or outside of the roster."""
    dataset = handed(
        hris=[{"agent_id": "A1", "start_date": "2024-03-04"}, {"agent_id": "A2"}],
        contacts=[
            {"contact_id": f"c{agent}", "agent_id": agent, "offered_ts": "2024-06-02 12:00"}
            for agent in ("A1", "A2", "A9", None)
        ],
    )
    days = tenure_days(dataset.tables["contacts"], dataset.tables["hris"])

    assert [90.5] == list(days.dropna())
    assert 4 == len(days)
    assert NEW_DAYS < 90.5


def test_a_month_counts_for_those_who_were_there_all_of_it() -> None:
    """From 1 May on; left on 30 June counts for June, on the 29th only for May; leaders and half months do not."""
    rows = [
        {"agent_id": "stays", "start_date": "2023-01-02"},
        {"agent_id": "unknown start"},
        {"agent_id": "new in May", "start_date": "2024-05-02"},
        {"agent_id": "gone", "start_date": "2023-01-02", "term_date": "2024-06-29"},
        {"agent_id": "last day", "start_date": "2023-01-02", "term_date": "2024-06-30"},
        {"agent_id": "leader", "role": "TL", "start_date": "2023-01-02"},
    ]
    table = agent_months(handed(hris=rows).tables["hris"], Period.parse("2024-04-15:2024-06-30"))
    there = {month: set(who["agent_id"]) for month, who in table.groupby("month")}

    assert {
        "2024-05": {"stays", "unknown start", "gone", "last day"},
        "2024-06": {"stays", "unknown start", "new in May", "last day"},
    } == there


def test_a_period_without_a_whole_month_has_no_agent_months() -> None:
    """It is empty, with its columns."""
    table = agent_months(
        handed(hris=[{"agent_id": "A"}]).tables["hris"], Period.parse("2024-06-03:2024-06-20")
    )

    assert (0, ["agent_id", "month"]) == (len(table), list(table.columns))


def test_rows_are_counted_for_the_months_in_which_somebody_was_there() -> None:
    """Two in May; what comes in another month, of a stranger or of nobody counts for none."""
    due = agent_months(
        handed(hris=[{"agent_id": "B"}, {"agent_id": "A"}]).tables["hris"],
        Period.parse("2024-05-01:2024-06-30"),
    )
    rows = pd.DataFrame({"agent_id": pd.Series(["A", "A", "B", "A", "Z", None], dtype="str")})
    months = ["2024-05", "2024-05", "2024-06", "2024-07", "2024-05", "2024-05"]
    count = counted_in(due, rows, pd.to_datetime(months).to_numpy("datetime64[us]"))

    assert {("A", "2024-05"): 2, ("A", "2024-06"): 0, ("B", "2024-05"): 0, ("B", "2024-06"): 1} == dict(
        zip(zip(due["agent_id"], due["month"], strict=True), count.tolist(), strict=True)
    )
