"""An action has an owner, a day, a forum and a measure; the next review says what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from tests.diagnostics.small import small_client
from workbench.diagnostics.actions import action_id, as_frame, follow_up, prefilled, read_actions
from workbench.diagnostics.assess import Assessment, assess
from workbench.diagnostics.evidence import missing, scored
from workbench.diagnostics.finding import Evidence, Scale
from workbench.diagnostics.repair import ORDER
from workbench.diagnostics.reviews import moved, since_last_review, totals_of_reviews

MEASURE = "weekly meetings held as planned"


def assessed(**extras: Any) -> Assessment:
    dataset = small_client().without("gov_action")
    return assess(replace(dataset, extras=extras), only=["HC-2", "GOV-2", "EXP-6", "VL-2", "EXIT-3"])


def logged(**row: str) -> pd.DataFrame:
    return pd.DataFrame([{"id": "A1", **row}], index=pd.Index([2], name="row"))


def test_each_recommendation_becomes_one_action_with_owner_day_forum_and_measure() -> None:
    """In the order of repair; none is due before a step that has to come first."""
    assessment = assessed()
    actions = prefilled(assessment, date(2024, 7, 1))
    step_of = {f.remedy: f.step for f in assessment.findings}

    assert {f.remedy for f in assessment.findings} == {a.what for a in actions}
    assert all((a.owner and a.forum and a.measure and a.raised == date(2024, 7, 1)) for a in actions)
    steps = [ORDER.index(step_of[a.what]) for a in actions]
    assert sorted(steps) == steps
    assert [a.due for a in actions] == sorted(a.due for a in actions if a.due)
    assert len({a.id for a in actions}) == len(actions)


def test_the_owner_named_for_an_item_is_proposed() -> None:
    """Whoever is alone accountable in `ownership`; two are nobody."""
    dataset = small_client()
    rows = [("HC-2", "account lead", "A"), ("VL-2", "COO", "A"), ("VL-2", "CFO", "A")]
    table = pd.DataFrame(rows, columns=["subject", "role", "raci"])
    ownership = pd.concat([dataset.tables["ownership"], table])
    actions = prefilled(assess(dataset.with_table("ownership", ownership), only=["HC-2", "VL-2"]))

    assert {"account lead"} == {a.owner for a in actions if a.code == "HC-2"}
    assert {"COO", "CFO"}.isdisjoint(a.owner for a in actions)


def test_the_same_measure_has_the_same_action_in_every_review() -> None:
    """So that what comes back is known again."""
    assert action_id("HC-2", MEASURE) == action_id("HC-2", MEASURE) != action_id("GOV-2", MEASURE)


def test_actions_survive_being_written_to_a_file_and_read_again() -> None:
    """actions.csv holds all that an action is."""
    actions = prefilled(assessed())
    text = as_frame(actions).astype("str").replace({"None": "", "nan": ""})

    assert (actions, ()) == read_actions(text)


@pytest.mark.parametrize(
    ("row", "state", "late"),
    [
        ({"due": "2024-04-20"}, "overdue", 11),
        ({"due": "2024-05-20"}, "open", None),
        ({}, "open", None),
        ({"due": "2024-04-20", "closed": "2024-04-30"}, "closed", None),
        ({"due": "2024-04-20", "closed": "2024-05-02"}, "overdue", 11),
        ({"closed": "2024-04-01", "reopened": "yes"}, "came back", None),
        ({"closed": "2024-04-01", "code": "HC-2", "measure": MEASURE}, "came back", None),
        ({"closed": "2024-04-01", "code": "HC-2", "measure": "something else"}, "closed", None),
    ],
)
def test_an_action_is_closed_overdue_open_or_back(row: dict[str, str], state: str, late: int | None) -> None:
    """As of 1 May 2024; closed, and its finding stands, is back."""
    (told,) = follow_up(assessed(actions=logged(**row)), date(2024, 5, 1)).actions.to_dict("records")

    assert (state, late) == (told["state"], None if pd.isna(told["days_overdue"]) else told["days_overdue"])


def part(
    value: float | None, low: float | None = None, high: float | None = None, up: bool = True
) -> Evidence:
    scale = Scale(0.0, 1.0, 0.9, "test") if up else Scale(1.0, 0.0, 0.1, "test")
    return scored(
        replace(missing("m", "fraction", table="t", reason=""), value=value, low=low, high=high, scale=scale)
    )


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (0.5, part(0.7, 0.6, 0.8), "better"),
        (0.5, part(0.7, 0.6, 0.8, up=False), "worse"),
        (0.9, part(0.7, 0.6, 0.8), "worse"),
        # both are samples: 0.14 apart is within 0.1 and 0.1 put together (root of 2 times 0.1)
        (0.56, part(0.7, 0.6, 0.8), "not beyond chance"),
        (0.65, part(0.7, 0.6, 0.8), "not beyond chance"),
        (0.7, part(0.7), "not beyond chance"),
        (None, part(0.7), "unknown"),
        (0.7, part(None), "unknown"),
        (0.7, None, "unknown"),
    ],
)
def test_a_measure_moved_if_the_difference_of_two_samples_leaves_nothing_out(
    then: float | None, now: Evidence | None, words: str
) -> None:
    """Which direction is good, the scale says."""
    assert words == moved(then, now)


def test_six_of_nine_and_three_of_nine_meetings_are_chance() -> None:
    """Fisher's exact p is 0.35: not worse, as far as anybody can tell; the old interval is known here."""
    from workbench.metrics.proportion import wilson

    low, high = wilson(3, 9)
    now = part(3 / 9, low, high)

    assert "not beyond chance" == moved(6 / 9, now, *wilson(6, 9))
    assert "not beyond chance" == moved(6 / 9, now)


def test_what_came_back_stands_first_then_the_longest_overdue() -> None:
    """A reader begins at the top."""
    rows = [("new", "", ""), ("late", "2024-04-20", ""), ("later", "2024-03-01", ""), ("done", "", "2024-04-01"),
            ("back", "", "2024-04-01")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["id", "due", "closed"])
    frame["reopened"] = ["", "", "", "", "yes"]
    told = follow_up(assessed(actions=frame), date(2024, 5, 1))

    assert ["back", "later", "late", "new", "done"] == list(told.actions["id"])
    assert (1, 2, 1, 1) == tuple(told.count(s) for s in ("came back", "overdue", "open", "closed"))


def test_the_clients_own_log_of_actions_is_followed_up_too() -> None:
    """One of actions.csv with the same id replaces it."""
    dataset = small_client()
    log = dataset.tables["gov_action"]
    first = str(log["id"].iloc[0])
    frame = pd.DataFrame([{"id": first, "what": "ours"}])
    told = follow_up(assess(replace(dataset, extras={"actions": frame}), only=["HC-2"])).actions

    assert len(log) == len(told)
    assert ["ours"] == list(told.loc[told["id"] == first, "what"])


def test_what_is_unreadable_is_told_and_the_action_stays() -> None:
    """A day that is none, a number that is none, a row without a name, a file without ids."""
    frame = pd.DataFrame([{"id": "A1", "due": "soon", "value": "much"}, {"id": "", "due": ""}], index=[2, 3])
    actions, mistakes = read_actions(frame)

    assert [("A1", None, None)] == [(a.id, a.due, a.value) for a in actions]
    assert [
        'actions.csv row 2, due: "soon" is not a day. Write it as 2024-06-30.',
        'actions.csv row 2, value: "much" is not a number. Write it as 0.85.',
        "actions.csv row 3, id: is empty. Give the action a name.",
    ] == list(mistakes)
    assert "there is no column id" in read_actions(pd.DataFrame({"what": ["x"]}))[1][0]
    assert read_actions(None) == ((), ())


def test_an_action_on_what_a_reader_does_not_see_is_not_told() -> None:
    """RES-6 is not part of this assessment; an action without a diagnostic is for everybody."""
    frame = pd.DataFrame([{"id": "A1", "code": "RES-6"}, {"id": "A2", "code": ""}])

    assert ["A2"] == list(follow_up(assessed(actions=frame)).actions["id"])


def review(end: str, total: float, *findings: tuple[str, str, float]) -> dict[str, Any]:
    said = [
        {"code": c, "severity": "severe", "evidence": [{"measure": m, "value": v}]} for c, m, v in findings
    ]
    return {
        "kind": "workbench report",
        "origin": {"period": {"start": "2023-11-01", "end": end}},
        "sections": [
            {"id": "headline", "data": {"total": {"value": total}}},
            {"id": "findings", "data": {"findings": said}},
        ],
    }


def test_findings_are_held_against_the_last_released_review() -> None:
    """One stands, one is gone, the others are new; an older review and one of a later period do not count."""
    stands, gone = ("HC-2", MEASURE, 0.99), ("EXP-6", "something that healed", 0.1)
    assessment = assessed(
        reviews={
            "b": review("2024-01-31", 60, stands, gone),
            "a": review("2023-10-31", 70),
            "c": review("2030-01-31", 10),
            "d": {"kind": "else"},
        }
    )
    table = since_last_review(assessment).set_index(["code", "measure"])

    assert ("stays", "worse") == tuple(table.loc[stands[:2], ["state", "moved"]])
    assert (
        table.loc[gone[:2], "state"] == "unknown"
    )  # the measure is not there any more: not known to be gone
    assert set(table["state"]) == {"stays", "unknown", "new"}
    assert follow_up(assessment).since == date(2024, 1, 31)
    assert [70, 60] == [r["total"] for r in totals_of_reviews(assessment)]


def test_without_a_released_review_nothing_is_compared() -> None:
    """The first review has no past."""
    assert since_last_review(assessed()).empty
    assert since_last_review(assessed(reviews={"x": "text"})).empty
