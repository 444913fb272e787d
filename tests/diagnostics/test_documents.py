"""What is written, owned or covered."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.diagnostics.stories import handed
from workbench.diagnostics.documents import THERE, covered, holds, one_owner, owners_of

ROWS = [
    {"subject": "Relationship", "role": "COO", "raci": "A", "side": "buyer"},
    {"subject": "relationship", "role": "COO", "raci": "A", "side": "buyer", "person": "p2"},
    {"subject": "escalation", "role": "vendor manager", "raci": "A", "side": "vendor"},
    {"subject": "escalation", "role": "COO", "raci": "A", "side": "both"},
    {"subject": "quality", "role": "QA lead", "raci": "R", "side": "vendor"},
]


def test_an_owner_is_who_answers_for_it_on_a_named_side_or_both() -> None:
    """A, not R; in any spelling of the subject."""
    table = handed(ownership=ROWS).tables["ownership"]

    assert ["COO", "COO"] == list(owners_of(table, ["RELATIONSHIP"])["role"])
    assert ["COO"] == list(owners_of(table, ["escalation"], side="buyer")["role"])
    assert owners_of(table, ["quality"]).empty


@pytest.mark.parametrize(("subject", "value"), [("relationship", 1.0), ("escalation", 0.0), ("quality", 0.0)])
def test_one_role_is_an_owner_and_two_are_none(subject: str, value: float) -> None:
    """Two people in one role are one owner."""
    part = one_owner("owner", handed(ownership=ROWS).tables["ownership"], [subject])

    assert (value, "D", 5) == (part.value, part.grade, part.n)


def test_without_the_list_nobody_knows_the_owner() -> None:
    """Missing, with the weight it would have had."""
    part = one_owner("owner", None, ["relationship"], weight=0.5)

    assert (None, 0.5, "needs ownership") == (part.value, part.weight, part.reason)


def test_a_class_is_covered_when_any_text_names_it() -> None:
    """Two of three; "it" inside of "quality" is not IT."""
    texts = pd.Series(["Quality of calls", None, "WFM/rosters"], dtype="str")
    classes = {"quality": ("quality",), "workforce": ("wfm",), "IT": ("it",)}
    part, absent = covered("classes", texts, classes, table="t", scale=THERE)

    assert (pytest.approx(2 / 3), 2, ["IT"]) == (part.value, part.n, absent)
    nothing, _ = covered("classes", texts[texts.isna()], classes, table="t", scale=THERE)
    assert nothing.value is None


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("head of it", "it", True),
        ("quality", "it", False),
        ("wfm/ops", "ops", True),
        ("operations", "operation", True),
    ],
)
def test_short_words_stand_alone(text: str, word: str, expected: bool) -> None:
    """Up to three letters a word must stand by itself; slashes and dashes part words."""
    assert expected == holds(text, word)
