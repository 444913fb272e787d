"""Which questions do both sides answer, and what does an answer count?

questions.csv holds the bank: one question from 1 to 5 for every item that answers can inform, and "who
owns X?" for every stage and handoff (owners.py looks at those). An answer from 1 to 5 scores 0 to 100;
the mean of a side's answers is one piece of evidence, so that one side's silence leaves its half open.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import pandas as pd

from workbench.diagnostics.evidence import missing, scores
from workbench.diagnostics.finding import Evidence, Grade, Lack, Scale
from workbench.once import once_per_table

SIDES = ("buyer", "vendor")
SURVEY_SHARE = 0.2
"""The share of an item's score that answers carry beside data. Ours: perception informs, data decides."""

OWNER_ANSWERS = "owner_answer"
"""The table of owners named; what a check says of it is part of the answers' share."""

ANSWER_SCALE = Scale(zero=1.0, hundred=5.0, target=4.0, source="answer anchors 1 to 5; the share is ours")


@dataclass(frozen=True)
class Question:
    """One question of the bank.

    Attributes
    ----------
    item : the METHOD id it informs.
    kind : scale (1 to 5), or owner (a role, a person, nobody, or do not know).
    text : the question in plain words.
    asked : who is asked: roles, or everybody.
    sides : the sides that are asked.
    anchors : what 1, 3 and 5 mean; blank where an owner is asked for.
    evidence : which document or extract to ask for.
    """

    item: str
    text: str
    asked: str
    sides: tuple[str, ...]
    anchors: tuple[str, str, str]
    evidence: str
    kind: Literal["scale", "owner"] = "scale"


@cache
def question_bank() -> dict[str, Question]:
    """Return the questions from 1 to 5 by item, in the order of the bank."""
    return {question.item: question for question in _all_questions() if question.kind == "scale"}


@cache
def owner_questions() -> dict[str, Question]:
    """Return the questions who owns a stage, a handoff or the relationship, by item."""
    return {question.item: question for question in _all_questions() if question.kind == "owner"}


@cache
def _all_questions() -> tuple[Question, ...]:
    with (files("workbench.diagnostics") / "questions.csv").open(encoding="utf-8") as handle:
        return tuple(
            Question(
                item=row["item"],
                text=row["text"],
                asked=row["asked"],
                sides=SIDES if row["sides"] == "both" else (row["sides"],),
                anchors=(row["anchor_1"], row["anchor_3"], row["anchor_5"]),
                evidence=row["evidence"],
                kind="owner" if row["kind"] == "owner" else "scale",
            )
            for row in csv.DictReader(handle)
        )


def named_weight(measured_weight: float) -> float:
    """Return what owners named weigh beside `measured_weight` of data and documents: half of the answers' share."""
    return measured_weight * SURVEY_SHARE / (1 - SURVEY_SHARE) / 2


def survey_evidence(
    items: Sequence[str], answers: pd.DataFrame | None, measured_weight: float
) -> tuple[Evidence, ...]:
    """Return what the answers say of `items`: one piece of evidence for each item and side that is asked.

    `answers` has columns item_id, side, answer and evidence_ref. `measured_weight` is the weight of the
    diagnostic's other evidence; the answers together weigh SURVEY_SHARE of it, each item alike. An item
    of which nobody asks is left out.
    """
    asked = [question for item in items if (question := question_bank().get(item)) is not None]
    whole = measured_weight * SURVEY_SHARE / (1 - SURVEY_SHARE)
    given = _grouped(answers)
    return tuple(
        _side(
            side,
            given.get((question.item, side)),
            whole / len(asked) / len(question.sides),
            f"answers of the {side}'s side" + (f" to {question.item}" if question.item != items[0] else ""),
        )
        for question in asked
        for side in question.sides
    )


@dataclass(frozen=True)
class _Given:
    """What one side answered to one item: values, whether each names a document, rows of the survey."""

    values: list[float]
    documented: list[bool]
    rows: list[int]


@once_per_table
def _grouped(answers: pd.DataFrame | None) -> dict[tuple[str, str], _Given]:
    if answers is None or answers.empty:
        return {}
    known = answers[answers["answer"].notna()]
    references = known["evidence_ref"] if "evidence_ref" in known else pd.Series("", index=known.index)
    grouped: dict[tuple[str, str], _Given] = {}
    for row, item, side, value, reference in zip(
        known.index,
        *(known[name].tolist() for name in ("item_id", "side", "answer")),
        references.tolist(),
        strict=True,
    ):
        given = grouped.setdefault((str(item), str(side)), _Given([], [], []))
        given.values.append(float(value))
        given.documented.append(isinstance(reference, str) and bool(reference.strip()))
        given.rows.append(row)
    return grouped


def _side(side: str, given: _Given | None, weight: float, label: str) -> Evidence:
    if given is None:
        return missing(
            label,
            "1 to 5",
            table="survey",
            lack=Lack(side=side),
            weight=weight,
        )
    grade: Grade = "D" if all(given.documented) else "S"
    value, low, high = sum(given.values) / len(given.values), min(given.values), max(given.values)
    score, score_low, score_high = scores(ANSWER_SCALE, value, low, high)
    return Evidence(
        measure=label,
        value=value,
        unit="1 to 5",
        expected=ANSWER_SCALE.target,
        n=len(given.values),
        period=None,
        table="survey",
        grade=grade,
        rows=tuple(given.rows[:200]),
        n_rows=len(given.rows),
        low=low,
        high=high,
        scale=ANSWER_SCALE,
        score=score,
        score_low=score_low,
        score_high=score_high,
        weight=weight,
        formula="mean of answers; range of answers beside it",
    )
