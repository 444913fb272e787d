"""What a log does not cover is not known: not "none was held"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.diagnostics.small import small_client
from tests.diagnostics.stories import handed
from workbench.diagnostics.assess import run
from workbench.diagnostics.checks.lc_1 import resource_plan_holds
from workbench.diagnostics.coverage import covered
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Verdict
from workbench.diagnostics.governance import FORUMS, held_as_planned
from workbench.diagnostics.headcount import agent_months
from workbench.errors import CallError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period

YEAR = Period.parse("2024-01-01:2024-12-31")


@pytest.mark.parametrize(
    ("days", "period", "months"),
    [
        (
            ["2024-01-08", "2024-12-24"],
            "2024-01-01:2024-12-31",
            12,
        ),  # nothing between, so nothing is usual but that
        (["2024-12-02", "2024-12-03", "2024-12-31"], "2024-12-02:2024-12-31", 1),
        (
            ["2024-03-15", "2024-04-15", "2024-05-15"],
            "2024-03-15:2024-05-15",
            3,
        ),  # once a month: each a whole month
        (["2024-06-12"], "2024-06-12:2024-06-12", 0),
        (["2023-02-01", "2023-03-01"], None, 0),
        (["NaT"], None, 0),
        (["2023-11-01", "2025-02-01"], "2024-01-01:2024-12-31", 12),
    ],
)
def test_a_log_covers_from_its_first_to_its_last_day_give_or_take_its_usual_gap(
    days: list[str], period: str | None, months: int
) -> None:
    """At both ends of the period a week is forgiven, or the longest gap between two days of the log."""
    log = covered("qa_eval", np.array(days, "datetime64[us]"), YEAR)

    assert log.days == (Period.parse(period) if period else None)
    assert months == len(log.months())


def test_a_forum_that_stopped_while_others_went_on_is_still_due() -> None:
    """Weeklies end in June, the daily goes on: thirteen of the year's fifty-two, and nothing is missing."""
    planned = {
        "weekly": pd.date_range("2024-01-02", periods=13, freq="7D"),
        "daily": pd.bdate_range("2024-01-01", "2024-12-31"),
    }
    rows = [
        {"forum": forum, "date_planned": str(day.date()), "date_held": str(day.date())}
        for forum, days in planned.items()
        for day in days
    ]
    (part,) = held_as_planned(handed(gov_meeting=rows).tables["gov_meeting"], FORUMS[1], YEAR)

    assert (0.25, 52) == (part.value, part.n)


DUE = {
    "gov_meeting": ("date_planned", ["GOV-1", "GOV-2", "GOV-3", "HC-2"], "meetings held as planned"),
    "qa_eval": ("eval_ts", ["LC-8"], "agent-months with"),
    "coaching": ("date", ["LC-10"], "coaching sessions per agent"),
}


@pytest.mark.parametrize("table", DUE)
def test_a_log_of_the_last_month_alone_says_of_it_what_the_whole_log_says(table: str) -> None:
    """The same figures as of that month, none on other days, and the rest of the bounds open, in words."""
    whole = small_client()
    month = Period(date(whole.period.end.year, whole.period.end.month, 1), whole.period.end)
    if month.days < 28:
        earlier = month.start.replace(month=month.start.month - 1)
        month = Period(earlier, Period.parse(f"{earlier:%Y-%m}").end)
        whole = replace(whole, period=Period(whole.period.start, month.end))
    column, codes, measure = DUE[table]
    day = whole.tables[table][column].dt.strftime("%Y-%m")
    cut = whole.with_table(table, whole.tables[table][day >= f"{month.start:%Y-%m}"])

    for code in codes:
        found, alone = run(CHECKS.get(code), cut), run(CHECKS.get(code), replace(whole, period=month))
        assert said(found, measure) == pytest.approx(said(alone, measure)), code
        beyond = [e for e in found.evidence if e.value is None and f"{table} covers" in e.reason]
        assert beyond
        assert all(e.weight > 0 for e in beyond)


def said(verdict: Verdict, measure: str) -> dict[str, float]:
    """Return the figures of evidence of one kind, and their samples."""
    told = [e for e in verdict.evidence if measure in e.measure and e.value is not None]
    return {
        f"{e.measure} {what}": n for e in told for what, n in (("value", e.value or 0.0), ("n", float(e.n)))
    }


def test_a_check_that_meets_bad_data_is_not_assessed_and_a_mistake_of_ours_surfaces() -> None:
    """The words of the error are the reason of that one check."""

    def refuse(**_: object) -> Verdict:
        raise CallError("18 points came. A chart needs two in a row.")

    def fail(**_: object) -> Verdict:
        raise KeyError("ours")

    dataset: Dataset = handed(gov_meeting=[{"forum": "weekly", "date_planned": "2024-06-03"}])
    declared = CHECKS.get("HC-2")
    verdict = run(replace(declared, assess=refuse), dataset)

    assert "18 points came" in verdict.evidence[0].reason
    assert verdict.evidence[0].value is None
    with pytest.raises(KeyError):
        run(replace(declared, assess=fail), dataset)


def test_an_agent_without_an_id_has_no_months() -> None:
    """Nobody can say which rows are theirs."""
    hris = handed(hris=[{"agent_id": "A1", "role": "agent", "start_date": "2023-01-02"}]).tables["hris"]
    both = pd.concat(
        [hris, hris.assign(agent_id=pd.Series([None], dtype=hris["agent_id"].dtype, index=hris.index))]
    )

    assert ["A1"] == list(agent_months(both, Period.parse("2024-06"))["agent_id"])


def test_an_interval_without_a_time_is_left_out_of_the_plan() -> None:
    """The others are held against the plan as before."""
    at = ["2024-06-03 08:00", "2024-06-03 08:30"]
    dataset = handed(
        forecast=[
            {
                "version_ts": "2024-05-27 09:00",
                "interval_start": t,
                "queue": "a",
                "volume": 50,
                "fte_required": 2.0,
            }
            for t in at
        ],
        intervals=[{"interval_start": t, "queue": "a", "offered": 50, "staffed_s": 3600} for t in at],
    )
    intervals = dataset.tables["intervals"]
    undated = intervals.assign(interval_start=intervals["interval_start"].where([True, False]))
    verdict = resource_plan_holds(dataset.tables["forecast"], undated, None, dataset.client, dataset.period)

    assert (0.0, 1) == (verdict.evidence[0].value, verdict.evidence[0].n)
