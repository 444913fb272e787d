"""What happens to the scores while both sides answer together?

A session holds what was answered in the room, shows what each answer does to score and bounds, and
saves it into answers.yaml beside whatever others saved meanwhile. No widget here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from workbench.diagnostics.assess import Assessment, answered, assess, items_of
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Score
from workbench.diagnostics.owners import RELATIONSHIP, offered_owners
from workbench.diagnostics.questions import OWNER_ANSWERS, Question, owner_questions, question_bank
from workbench.errors import CallError, UnknownName
from workbench.intake.answers import (
    COLUMN_OF,
    COLUMN_OF_OWNER,
    FILE_NAME,
    Answer,
    Conflict,
    OwnerAnswer,
    Said,
    all_said,
    merge_answers,
)
from workbench.intake.dataset import Dataset
from workbench.intake.read import examine

IN_THE_ROOM = "workshop"
"""Respondent and role under which a workshop's answers go in: what a side agreed on together."""

WHO_OWNS = "who owns what"
"""The part of the workshop in which each side names an owner of every stage and handoff."""

ELSEWHERE = "for both sides' causes"
"""Where questions stand that inform no score of their own, but the roots and failure modes."""


@dataclass(frozen=True)
class Entry:
    """What one side said to one question in the room."""

    answer: int | None = None
    evidence_ref: str = ""


Key = tuple[str, str, str]
"""Which kind of question (scale or owner), the item, and the side."""


class Session:
    """A scoring workshop on one client's folder.

    Parameters
    ----------
    folder : the client's folder; answers.yaml in it is read and, on `save`, written.
    today : the date that goes with the answers; None leaves it out.
    """

    def __init__(self, folder: Path, today: date | None = None) -> None:
        if not folder.is_dir():
            raise CallError(f"{folder} is not a client folder. Answers are kept in answers.yaml of a folder.")
        self.folder, self.today = folder, today
        self.dataset: Dataset = examine(folder)
        self.before: Assessment = assess(self.dataset)
        self._seen = self._in_the_room()
        self._said: dict[tuple[str, str], Entry] = {
            (a.item, a.side): Entry(a.answer, a.evidence_ref)
            for a in self._seen.values()
            if isinstance(a, Answer)
        }
        self._owners: dict[tuple[str, str], str] = {
            (a.item, a.side): a.owner for a in self._seen.values() if isinstance(a, OwnerAnswer)
        }
        self._changed: set[Key] = set()
        self.now: Assessment = self.before

    def _in_the_room(self) -> dict[Key, Said]:
        return {
            _key(said): said
            for said in all_said(self.folder / FILE_NAME)
            if said.respondent == IN_THE_ROOM and said.role == IN_THE_ROOM
        }

    @property
    def offered(self) -> tuple[str, ...]:
        """The owners to choose from."""
        return offered_owners(self.dataset.tables.get("ownership"))

    def areas(self) -> dict[str, tuple[Question, ...]]:
        """Return the questions by area, in the order of areas."""
        area_of = {item: d.area for d in CHECKS for item in items_of(d)}
        found: dict[str, list[Question]] = {}
        for question in question_bank().values():
            found.setdefault(area_of.get(question.item, ELSEWHERE), []).append(question)
        ordered = sorted(found, key=lambda area: (area == ELSEWHERE, area))
        return {area: tuple(found[area]) for area in ordered}

    def entry(self, item: str, side: str) -> Entry:
        """Return what a side has said so far."""
        return self._said.get((item, side), Entry())

    def say(self, item: str, side: str, answer: int | None, evidence_ref: str = "") -> Assessment:
        """Take in one answer and return the assessment with it.

        Raises
        ------
        UnknownName
            for an item that nobody asks about, or a side that is not asked.
        """
        _asked("question", question_bank(), item, side)
        entry = Entry(answer, evidence_ref.strip())
        if entry != self.entry(item, side):
            self._said[item, side] = entry
            self._changed.add(("scale", item, side))
            self._answered()
        return self.now

    def owner(self, item: str, side: str) -> str:
        """Return whom a side has named so far; empty if nobody was named."""
        return self._owners.get((item, side), "")

    def name_owner(self, item: str, side: str, owner: str) -> Assessment:
        """Take in whom a side names as the owner of a stage or handoff and return the assessment with it.

        Raises
        ------
        UnknownName
            for what nobody asks the owner of, or a side that is not asked.
        """
        _asked("stage or handoff", owner_questions(), item, side)
        owner = " ".join(owner.split())
        if owner != self.owner(item, side):
            self._owners[item, side] = owner
            self._changed.add(("owner", item, side))
            self._answered()
        return self.now

    def _answered(self) -> None:
        self.now = answered(self.before, self._survey(), self._named())

    @property
    def unsaved(self) -> int:
        """How many answers differ from what was saved."""
        return len(self._changed)

    def score_of(self, item: str) -> Score | None:
        """Return the score that the answers to `item` inform, None where there is none of its own."""
        code = next((d.code for d in CHECKS if item in items_of(d)), None)
        return None if code is None else self.now.scores[code]

    def moved(self, item: str) -> tuple[Score, Score] | None:
        """Return the score that `item` informs as it was before the workshop, and as it is."""
        code = next((d.code for d in CHECKS if item in items_of(d)), None)
        return None if code is None else (self.before.scores[code], self.now.scores[code])

    def moved_by_owner(self, item: str) -> tuple[Score, Score]:
        """Return the score that naming the owner of `item` informs, as it was and as it is."""
        code = RELATIONSHIP if item == RELATIONSHIP else "VL-2"
        return self.before.scores[code], self.now.scores[code]

    def answers(self) -> list[Said]:
        """Return what was said and is not saved yet."""
        day = self.today.isoformat() if self.today else ""
        found: list[Said] = []
        for kind, item, side in sorted(self._changed):
            said = {"item": item, "respondent": IN_THE_ROOM, "role": IN_THE_ROOM, "side": side, "date": day}
            if kind == "owner":
                found.append(OwnerAnswer.model_validate({**said, "owner": self.owner(item, side)}))
            else:
                entry = self._said[item, side]
                found.append(
                    Answer.model_validate(
                        {**said, "answer": entry.answer, "evidence_ref": entry.evidence_ref}
                    )
                )
        return found

    def save(self) -> list[Conflict]:
        """Save into answers.yaml; return what was not saved because somebody else changed it meanwhile.

        What is in conflict stays in the room as it was said, and is shown with what stands in the file.
        """
        conflicts = merge_answers(self.folder / FILE_NAME, self.answers(), list(self._seen.values()))
        self._seen = self._in_the_room()
        self._changed = {_key(c.answer) for c in conflicts}
        return conflicts

    def _survey(self) -> pd.DataFrame:
        """Return table `survey` with what was said in the room in place of what the room said before."""
        rows = [
            {"item_id": item, "respondent": IN_THE_ROOM, "respondent_role": IN_THE_ROOM, "side": side,
             "answer": float(entry.answer), "evidence_ref": entry.evidence_ref or None}
            for (item, side), entry in self._said.items()
            if entry.answer is not None
        ]  # fmt: skip
        return self._beside_others("survey", rows, list(COLUMN_OF.values()))

    def _named(self) -> pd.DataFrame:
        """Return table `owner_answer` with whom the room names in place of whom it named before."""
        rows = [
            {"item_id": item, "respondent": IN_THE_ROOM, "respondent_role": IN_THE_ROOM, "side": side,
             "owner": owner}
            for (item, side), owner in self._owners.items()
            if owner
        ]  # fmt: skip
        return self._beside_others(OWNER_ANSWERS, rows, list(COLUMN_OF_OWNER.values()))

    def _beside_others(
        self, table: str, rows: Sequence[Mapping[str, object]], columns: list[str]
    ) -> pd.DataFrame:
        said = pd.DataFrame(rows, columns=columns)
        there = self.dataset.tables.get(table)
        if there is None:
            return said.astype({"date": "datetime64[us]"})
        others = there[there["respondent"] != IN_THE_ROOM]
        said.index = pd.RangeIndex(len(said)) + int(others.index.max() + 1 if len(others) else 2)
        if others.empty or said.empty:
            return others if said.empty else said.astype({"date": "datetime64[us]"})
        return pd.concat([others, said.astype(others.dtypes[columns].to_dict())]).rename_axis("row")


def _asked(kind: str, questions: Mapping[str, Question], item: str, side: str) -> None:
    """Raise UnknownName for what nobody asks about, or a side that is not asked."""
    if item not in questions:
        raise UnknownName(kind, item, questions)
    if side not in questions[item].sides:
        raise UnknownName("side of this question", side, questions[item].sides)


def _key(said: Said) -> Key:
    return ("owner" if isinstance(said, OwnerAnswer) else "scale", said.item, said.side)
