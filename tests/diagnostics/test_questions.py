"""What answers count, beside data and alone."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.diagnostics.stories import handed
from workbench import coverage
from workbench.diagnostics.assess import assess
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.lifecycle import HANDOFFS, STAGES
from workbench.diagnostics.questions import SIDES, SURVEY_SHARE, question_bank, survey_evidence

DATA_ALONE: dict[str, str] = {}
"""Diagnostics of which nobody could say how they stand, with the reason. So far somebody can of each."""


def answers(*rows: tuple[str, str, float | None], **more: Any) -> pd.DataFrame:
    said = [
        {"item_id": item, "side": side, "answer": answer, "respondent": f"r{i}", **more}
        for i, (item, side, answer) in enumerate(rows)
    ]
    return handed(survey=said).tables["survey"]


def test_every_question_is_about_an_item_of_the_method_and_is_complete() -> None:
    """A question without its three anchors, or about nothing, could not be answered alike by two people."""
    bank = question_bank()

    assert set() == set(bank) - set(coverage.items())
    assert [] == [q.item for q in bank.values() if not (q.text and q.asked and all(q.anchors) and q.evidence)]
    assert {SIDES, ("buyer",), ("vendor",)} >= {q.sides for q in bank.values()}


def test_every_diagnostic_that_answers_can_inform_has_its_question() -> None:
    """Each diagnostic under its own item, every stage, every handoff and all eight items of the health check."""
    wanted = {*CHECKS.names(), *STAGES, *HANDOFFS, *(f"HC-{n}" for n in range(1, 10))}

    lacking = sorted(wanted - set(question_bank()) - set(DATA_ALONE))
    assert not lacking, (
        f"questions.csv asks nothing about {lacking}; add a question, or a reason to DATA_ALONE"
    )
    assert set() == set(DATA_ALONE) & set(question_bank())


@pytest.mark.parametrize(
    "item",
    ["GOV-5", "GOV-13", "LC-9", "LC-10", "SYM-3", "SYM-4", "VIS-4", "VL-1b", "VMF-3", "VMF-14"],
)
def test_an_answer_narrows_the_bounds_of_the_item_that_it_is_about(item: str) -> None:
    """Without any data the bounds are 0 to 100; two good answers lift the lower one."""
    dataset = handed(survey=[{"item_id": item, "side": s, "answer": 5, "respondent": s} for s in SIDES])
    found = assess(dataset, [item]).scores[item]

    assert (pytest.approx(100.0), pytest.approx(100.0), "S") == (found.value, found.high, found.grade)
    assert found.low > 0.0


def test_a_side_counts_by_the_mean_of_its_answers_and_shows_their_range() -> None:
    """2 and 4 are 3 of five: half way from 1 to 5; an empty answer is none."""
    table = answers(("HC-1", "buyer", 2), ("HC-1", "buyer", 4), ("HC-1", "buyer", None), ("HC-2", "buyer", 5))
    buyer, vendor = survey_evidence(["HC-1"], table, 4.0)

    assert (3.0, 50.0, 2, 2.0, 4.0) == (buyer.value, buyer.score, buyer.n, buyer.low, buyer.high)
    assert (None, "nobody on the vendor's side answered") == (vendor.value, vendor.reason)


def test_answers_weigh_a_fifth_beside_data_however_many_are_asked() -> None:
    """Of weight 4 measured, answers weigh 1: half for each side, silent ones included."""
    for table in (None, answers(("HC-1", "buyer", 5))):
        parts = survey_evidence(["HC-1"], table, 4.0)

        assert [0.5, 0.5] == [part.weight for part in parts]
    assert SURVEY_SHARE == 1.0 / (1.0 + 4.0)


def test_an_item_of_which_nobody_is_asked_has_no_answers() -> None:
    """It is left out, not missing."""
    unasked = next(item for item in coverage.items() if item not in question_bank())

    assert () == survey_evidence([unasked], answers((unasked, "buyer", 5)), 1.0)


@pytest.mark.parametrize(("references", "grade"), [("clause 4", "D"), (None, "S"), ("  ", "S")])
def test_an_answer_with_a_document_is_documentary(references: str | None, grade: str) -> None:
    """Without one it is an opinion (grades of METHOD section 0)."""
    buyer, _ = survey_evidence(["HC-1"], answers(("HC-1", "buyer", 5), evidence_ref=references), 1.0)

    assert grade == buyer.grade
