"""Forums: how often they are due, who belongs there, and what counts as held."""

from __future__ import annotations

import pytest

from tests.diagnostics.stories import handed
from workbench.diagnostics.governance import (
    FORUMS,
    actions_of,
    causes_of,
    decisions_of,
    due_in,
    held_as_planned,
    judge_forum,
    meetings_deciding,
    meetings_of,
    roles_present,
    roles_there,
)
from workbench.intake.period import Period

DAILY, WEEKLY, MONTHLY, QUARTERLY = FORUMS
JUNE = Period.parse("2024-06")


@pytest.mark.parametrize(
    ("period", "due"),
    [
        ("2024-06", [20, 4, 1, 0]),  # 20 working days, 30 days
        ("2023-02", [20, 4, 1, 0]),  # 28 days are a month too
        ("2024-04-01:2024-06-30", [65, 13, 3, 1]),  # 91 days
        ("2024-06-03:2024-06-03", [1, 0, 0, 0]),
        ("2024-06-01:2024-06-02", [0, 0, 0, 0]),  # a weekend
    ],
)
def test_as_many_meetings_are_due_as_cycles_end_in_the_period(period: str, due: list[int]) -> None:
    """Working days for the daily forum, whole cycles for the others, a tenth forgiven."""
    assert due == [due_in(forum, Period.parse(period)) for forum in FORUMS]


def test_a_meeting_within_its_grace_was_held_as_planned() -> None:
    """Three days are forgiven a weekly in either direction; one that was not held never counts."""
    rows = [
        {"forum": "weekly", "date_planned": "2024-06-03", "date_held": "2024-06-06"},
        {"forum": "weekly", "date_planned": "2024-06-10", "date_held": "2024-06-07"},
        {"forum": "weekly", "date_planned": "2024-06-17", "date_held": "2024-06-21"},
        {"forum": "weekly", "date_planned": "2024-06-24"},
        {"forum": "weekly", "date_planned": "2024-07-01", "date_held": "2024-07-01"},
        {"forum": "daily", "date_planned": "2024-06-03", "date_held": "2024-06-03"},
    ]
    table = handed(gov_meeting=rows).tables["gov_meeting"]

    assert [True, True, False, False] == list(meetings_of(table, WEEKLY, JUNE)["as_planned"])
    part = held_as_planned(table, WEEKLY, JUNE)[0]
    assert (0.5, 4, (4, 5)) == (part.value, part.n, part.rows)


def test_meetings_that_nobody_planned_are_missed_all_the_same() -> None:
    """Two weeklies planned and held in a month in which four are due, and others went on: a half."""
    rows = [
        {"forum": "weekly", "date_planned": day, "date_held": day} for day in ("2024-06-03", "2024-06-10")
    ]
    rows.append({"forum": "daily", "date_planned": "2024-06-28", "date_held": "2024-06-28"})
    part = held_as_planned(handed(gov_meeting=rows).tables["gov_meeting"], WEEKLY, JUNE)[0]

    assert (0.5, 4) == (part.value, part.n)


def test_a_month_says_nothing_of_a_quarterly_that_was_not_planned() -> None:
    """Nothing is due and nothing was planned: missing, with the reason, not zero."""
    rows = [{"forum": "weekly", "date_planned": "2024-06-03", "date_held": "2024-06-03"}]
    part = held_as_planned(handed(gov_meeting=rows).tables["gov_meeting"], QUARTERLY, JUNE)[0]

    assert part.value is None
    assert "shorter than one quarterly cycle" in part.reason


def test_roles_are_read_from_free_lists() -> None:
    """Short words stand alone ("IT" is not in "quality"); long ones may be part of a title."""
    assert {"quality", "training"} == roles_present("QA; Trainer for new hires; ;", WEEKLY)
    assert {"finance"} == roles_present("Finance partner; audit", MONTHLY)
    assert {"technology"} == roles_present("Head of IT", MONTHLY)
    assert frozenset() == roles_present("", DAILY)


def test_roles_are_counted_over_meetings_that_were_held_and_listed() -> None:
    """Two of four roles and one of four: three of eight; no list is no absence."""
    rows = [
        {"forum": "daily", "date_planned": "2024-06-03", "date_held": "2024-06-03", "attendees": "WFM; QA"},
        {"forum": "daily", "date_planned": "2024-06-04", "date_held": "2024-06-04", "attendees": "WFM"},
        {"forum": "daily", "date_planned": "2024-06-05", "date_held": "2024-06-05"},
        {"forum": "daily", "date_planned": "2024-06-06", "attendees": "WFM; QA; delivery; operations"},
    ]
    part = roles_there(handed(gov_meeting=rows).tables["gov_meeting"], [DAILY], JUNE)

    assert (0.375, 8) == (part.value, part.n)


def test_a_meeting_decides_where_that_was_noted() -> None:
    """One of two noted; a third without a note does not count against it."""
    rows = [
        {"forum": "weekly", "date_planned": "2024-06-03", "date_held": "2024-06-03", "decisions_n": 2},
        {"forum": "weekly", "date_planned": "2024-06-10", "date_held": "2024-06-10", "decisions_n": 0},
        {"forum": "weekly", "date_planned": "2024-06-17", "date_held": "2024-06-17"},
        {"forum": "monthly", "date_planned": "2024-06-17", "date_held": "2024-06-17", "decisions_n": 1},
    ]
    table = handed(gov_meeting=rows).tables["gov_meeting"]

    assert (0.5, 2, (3,)) == tuple(
        getattr(decisions_of(table, WEEKLY, JUNE), x) for x in ("value", "n", "rows")
    )
    assert 2 / 3 == meetings_deciding(table, FORUMS, JUNE).value


def test_actions_are_those_of_the_forum_and_the_period() -> None:
    """One of two closed in time, one of two with its cause; an open one is not closed."""
    rows = [
        {
            "id": "a1",
            "forum": "weekly",
            "raised": "2024-06-03",
            "closed": "2024-06-10",
            "root_cause_id": "c1",
        },
        {"id": "a2", "forum": "weekly", "raised": "2024-06-03"},
        {"id": "a3", "forum": "weekly", "raised": "2024-05-03", "closed": "2024-05-03"},
        {"id": "a4", "forum": "daily", "raised": "2024-06-03", "closed": "2024-06-03"},
    ]
    table = handed(gov_action=rows).tables["gov_action"]

    assert [0.5, 0.0] == [actions_of(table, WEEKLY, JUNE, days).value for days in (7, 6)]
    assert 1.0 == actions_of(table, DAILY, JUNE, 0).value
    assert "closed the same day" in actions_of(table, DAILY, JUNE, 0).measure
    assert (0.5, (3,)) == (causes_of(table, WEEKLY, JUNE).value, causes_of(table, WEEKLY, JUNE).rows)
    assert [None, None] == [actions_of(None, DAILY, JUNE, 0).value, causes_of(None, WEEKLY, JUNE).value]


def test_a_forum_is_judged_by_being_held_by_its_roles_and_by_what_came_of_it() -> None:
    """Nothing held, nobody there to count, one action of one closed: one severe finding, for the cadence."""
    meeting = {"forum": "weekly", "date_planned": {"from": "2024-01-01", "every": "7d"}, "repeat": 26}
    action = {"id": "a1", "forum": "weekly", "raised": "2024-06-03", "closed": "2024-06-03"}
    dataset = handed(period="2024-01-01:2024-06-30", gov_meeting=[meeting], gov_action=[action])
    product = actions_of(dataset.tables["gov_action"], WEEKLY, dataset.period, 7)
    verdict = judge_forum(WEEKLY, dataset.tables["gov_meeting"], dataset.period, product, "action")

    assert [0.0, None, 1.0] == [part.value for part in verdict.evidence]
    assert [("GOV-2", "severe", "cadence")] == [(f.code, f.severity, f.step) for f in verdict.findings]
