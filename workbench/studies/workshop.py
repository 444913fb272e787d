"""What happens to the scores while both sides answer together?

A session holds what was answered in the room, shows what each answer does to score and bounds, and
saves it into answers.yaml beside whatever others saved meanwhile. No widget here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from workbench.diagnostics.assess import Assessment, answered, assess, items_of
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Score
from workbench.diagnostics.questions import Question, question_bank
from workbench.errors import CallError, UnknownName
from workbench.intake.answers import COLUMN_OF, FILE_NAME, Answer, Conflict, known_answers, merge_answers
from workbench.intake.dataset import Dataset
from workbench.intake.read import examine

IN_THE_ROOM = "workshop"
"""Respondent and role under which a workshop's answers go in: what a side agreed on together."""

ELSEWHERE = "for both sides' causes"
"""Where questions stand that inform no score of their own, but the roots and failure modes."""


@dataclass(frozen=True)
class Entry:
    """What one side said to one question in the room."""

    answer: int | None = None
    evidence_ref: str = ""


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
        self._said = {key: Entry(a.answer, a.evidence_ref) for key, a in self._seen.items()}
        self._changed: set[tuple[str, str]] = set()
        self.now: Assessment = self.before

    def _in_the_room(self) -> dict[tuple[str, str], Answer]:
        return {
            (a.item, a.side): a
            for a in known_answers(self.folder / FILE_NAME)
            if a.respondent == IN_THE_ROOM and a.role == IN_THE_ROOM
        }

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
        if item not in question_bank():
            raise UnknownName("question", item, question_bank())
        if side not in question_bank()[item].sides:
            raise UnknownName("side of this question", side, question_bank()[item].sides)
        entry = Entry(answer, evidence_ref.strip())
        if entry != self.entry(item, side):
            self._said[item, side] = entry
            self._changed.add((item, side))
            self.now = answered(self.before, self._survey())
        return self.now

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

    def answers(self) -> list[Answer]:
        """Return what was said and is not saved yet."""
        day = self.today.isoformat() if self.today else ""
        found = []
        for item, side in sorted(self._changed):
            entry = self._said[item, side]
            found.append(
                Answer.model_validate(
                    {"item": item, "respondent": IN_THE_ROOM, "role": IN_THE_ROOM, "side": side,
                     "answer": entry.answer, "evidence_ref": entry.evidence_ref, "date": day}
                )
            )  # fmt: skip
        return found

    def save(self) -> list[Conflict]:
        """Save into answers.yaml; return what was not saved because somebody else changed it meanwhile.

        What is in conflict stays in the room as it was said, and is shown with what stands in the file.
        """
        conflicts = merge_answers(self.folder / FILE_NAME, self.answers(), list(self._seen.values()))
        self._seen = self._in_the_room()
        self._changed = {(c.answer.item, c.answer.side) for c in conflicts}
        return conflicts

    def _survey(self) -> pd.DataFrame:
        """Return table `survey` with what was said in the room in place of what the room said before."""
        rows = [
            {"item_id": item, "respondent": IN_THE_ROOM, "respondent_role": IN_THE_ROOM, "side": side,
             "answer": float(entry.answer), "evidence_ref": entry.evidence_ref or None}
            for (item, side), entry in self._said.items()
            if entry.answer is not None
        ]  # fmt: skip
        columns = list(COLUMN_OF.values())
        said = pd.DataFrame(rows, columns=columns)
        survey = self.dataset.tables.get("survey")
        if survey is None:
            return said
        others = survey[survey["respondent"] != IN_THE_ROOM]
        said.index = pd.RangeIndex(len(said)) + int(others.index.max() + 1 if len(others) else 2)
        if others.empty or said.empty:
            return others if said.empty else said
        return pd.concat([others, said.astype(others.dtypes[columns].to_dict())]).rename_axis("row")
