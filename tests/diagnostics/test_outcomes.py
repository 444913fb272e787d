"""What customers got, month by month."""

from __future__ import annotations

import pytest

from tests.diagnostics.stories import CLIENT, handed
from workbench.diagnostics.outcomes import outcomes_by_month, satisfied


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [
        (4, "1-5", True),
        (3, "1-5", False),
        (4, None, True),
        (8, "0-10", True),
        (7, "0-10", False),
        (1, "5-1", True),
        (0.75, "0 – 1", True),
        (2, "smileys", None),
        (2, "1-1", None),
    ],
)
def test_the_upper_quarter_of_a_scale_is_satisfied(
    value: float, scale: str | None, expected: bool | None
) -> None:
    """4 and 5 of five; a scale that cannot be read, or has no length, says nothing."""
    rows = [{"ts": "2024-06-03 09:00", "kind": "csat", "value": value, "scale": scale}]
    said = satisfied(handed(outcome=rows).tables["outcome"])

    assert ([] if expected is None else [expected]) == list(said)


def test_only_answers_about_satisfaction_are_read() -> None:
    """A complaint of 1 is not an answer, and an empty one is not a bad one."""
    rows = [
        {"ts": "2024-06-03 09:00", "kind": "complaint", "value": 1},
        {"ts": "2024-06-03 09:00", "kind": "csat", "scale": "1-5"},
    ]

    assert [] == list(satisfied(handed(outcome=rows).tables["outcome"]))


def test_four_outcomes_are_counted_where_there_are_rows_for_them() -> None:
    """June by hand: flags 2 of 3, one of four contacts drew a complaint, one of two answers was satisfied."""
    answered = {"contact_id": "c{n}", "answer_ts": "2024-06-03 09:01", "offered_ts": "2024-06-03 09:00"}
    dataset = handed(
        contacts=[
            {**answered, "resolved_flag": True, "repeat": 2},
            {**answered, "resolved_flag": False},
            {**answered},
            {"contact_id": "gone", "offered_ts": "2024-06-03 09:00", "abandon_ts": "2024-06-03 09:01"},
        ],
        outcome=[
            {"ts": "2024-06-03 12:00", "kind": "csat", "value": 5, "scale": "1-5"},
            {"ts": "2024-06-03 12:00", "kind": "csat", "value": 1, "scale": "1-5"},
            {"ts": "2024-06-03 12:00", "kind": "complaint", "value": 1},
            {"ts": "2024-05-03 12:00", "kind": "complaint", "value": 1},
        ],
    )
    table = outcomes_by_month(dataset.tables["contacts"], dataset.tables["outcome"], CLIENT, dataset.period)

    assert {"no complaint": (3, 4), "resolved": (2, 3), "satisfied": (1, 2)} == {
        one.outcome: (one.good, one.n) for one in table.itertuples()
    }
    assert {"2024-06"} == set(table["month"])


def test_a_repeat_is_counted_in_the_month_of_the_first_contact() -> None:
    """Of two customers observed for a week one came again; the later contacts cannot be judged yet."""
    rows = [
        {"contact_id": "c{n}", "customer_key": key, "offered_ts": f"2024-06-{day} 09:00",
         "answer_ts": f"2024-06-{day} 09:01"}
        for key, day in (("a", "03"), ("b", "03"), ("b", "05"), ("a", "28"))
    ]  # fmt: skip
    rows = [{**row, "contact_id": f"c{i}"} for i, row in enumerate(rows)]
    dataset = handed(contacts=rows)
    table = outcomes_by_month(dataset.tables["contacts"], None, CLIENT, dataset.period)

    assert [("not repeated within 7 days", 2, 3)] == list(
        table[["outcome", "good", "n"]].itertuples(index=False, name=None)
    )
