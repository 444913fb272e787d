"""How do people answer without Jupyter? One Excel workbook for each role and side, and back again.

A workbook holds the questions that its role on its side is asked, in plain words, with a list to choose
from, and a sheet on which everybody names who owns each stage and handoff. What was already answered
stands in it, and is remembered on a hidden sheet, so that reading it back can tell a changed answer from
one that somebody else changed meanwhile.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.diagnostics.owners import offered_owners
from workbench.diagnostics.questions import Question, owner_questions, question_bank
from workbench.errors import CallError, DataError, suggestion
from workbench.intake.answers import (
    FILE_NAME,
    Answer,
    Conflict,
    OwnerAnswer,
    Said,
    all_said,
    merge_answers,
)
from workbench.intake.client import Client
from workbench.studies.sheets import Look, Sheet, workbook, write_whole

FORMAT = 1
META = "about"
COLUMNS = (("Item", 8), ("Question", 58), ("1 means", 26), ("3 means", 26), ("5 means", 26), ("Answer", 34),
           ("Evidence to attach", 36), ("Your reference to it", 28), ("Comment", 36))  # fmt: skip
ANSWER, REFERENCE, COMMENT = 5, 7, 8
"""Columns that are filled in, counted from 0."""

QUESTIONS, OWNERS = "Questions", "Who owns what"
OWNER_COLUMNS = (("Item", 8), ("Question", 76), ("Owner", 34), ("Comment", 44))
OWNER, OWNER_COMMENT = 2, 3


@dataclass(frozen=True)
class Asked:
    """Who gets one workbook: a role on a side, and the questions for it."""

    role: str
    side: str
    questions: tuple[Question, ...]

    @property
    def respondent(self) -> str:
        """The pseudonym under which the answers go in unless somebody writes another one."""
        return f"{self.side[0]}-{_slug(self.role)}"

    @property
    def file(self) -> str:
        """The name of the workbook."""
        return f"questionnaire_{self.side}_{_slug(self.role)}.xlsx"


def asked_roles() -> tuple[Asked, ...]:
    """Return who is asked what, by side and role."""
    by_role: dict[tuple[str, str], list[Question]] = {}
    for question in question_bank().values():
        for role in (name.strip() for name in question.asked.split(",")):
            for side in question.sides:
                by_role.setdefault((side, role), []).append(question)
    return tuple(Asked(role, side, tuple(found)) for (side, role), found in sorted(by_role.items()))


def write_questionnaires(
    client: Client, folder: Path, out: Path, ownership: pd.DataFrame | None = None
) -> list[Path]:
    """Write one workbook for each role and side into `out`, with what `folder` holds of answers; return them.

    ownership : the table of owners, whose roles are offered to choose from.
    """
    known = all_said(folder / FILE_NAME) if folder.is_dir() else []
    offered = offered_owners(ownership)
    written = []
    for asked in asked_roles():
        path = out / asked.file
        write_whole(path, workbook(sheets_of(client, asked, known, offered)))
        written.append(path)
    return written


def choices_of(question: Question) -> tuple[str, ...]:
    """Return the five answers to choose from, with what 1, 3 and 5 mean."""
    one, three, five = question.anchors
    return (f"1 – {one}", "2", f"3 – {three}", "4", f"5 – {five}")


def sheets_of(
    client: Client, asked: Asked, known: Sequence[Said] = (), offered: Sequence[str] = ()
) -> list[Sheet]:
    """Return the sheets of one workbook: the questions, who owns what, and a hidden one that says whose they are.

    offered : the owners to choose from; another one may be typed in.
    """
    mine = [
        said
        for said in known
        if said.side == asked.side and said.role == asked.role and said.respondent == asked.respondent
    ]
    given = {said.item: said for said in mine if isinstance(said, Answer)}
    named = {said.item: said for said in mine if isinstance(said, OwnerAnswer)}
    rows: list[list[object]] = []
    looks: dict[tuple[int, int], Look] = {}
    choices: dict[tuple[int, int], Sequence[str]] = {}
    for place, question in enumerate(asked.questions):
        before = given.get(question.item)
        answers = choices_of(question)
        answer = answers[before.answer - 1] if before and before.answer else None
        evidence = "" if question.evidence == "—" else question.evidence
        rows.append([question.item, question.text, *question.anchors, answer, evidence,
                     before.evidence_ref if before else None, before.comment if before else None])  # fmt: skip
        looks |= {(place, column): "to fill" for column in (ANSWER, REFERENCE, COMMENT)}
        choices[place, ANSWER] = answers
    front = Sheet(
        QUESTIONS,
        f"{client.name}: questions for {asked.role}, {asked.side}'s side",
        COLUMNS,
        rows,
        ["Answer what you can from your own work; leave blank what you cannot: a blank counts as unknown, not as bad.",
         "A reference to a document behind an answer (name, date, page) makes it evidence.",
         "Save, and send the file back as it is."],
        looks,
        choices,
    )  # fmt: skip
    owners = _owners_sheet(client, asked, named, offered)
    about: list[list[object]] = [
        ["format", str(FORMAT)], ["client", client.id], ["side", asked.side], ["role", asked.role],
        ["respondent", asked.respondent],
    ]  # fmt: skip
    about += [[f"seen {item}", str(one.answer)] for item, one in sorted(given.items()) if one.answer]
    about += [[f"seen owner {item}", one.owner] for item, one in sorted(named.items()) if one.owner]
    return [front, owners, Sheet(META, "about", [("what", 20), ("value", 20)], about, hidden=True)]


def _owners_sheet(
    client: Client, asked: Asked, named: Mapping[str, OwnerAnswer], offered: Sequence[str]
) -> Sheet:
    rows: list[list[object]] = []
    looks: dict[tuple[int, int], Look] = {}
    choices: dict[tuple[int, int], Sequence[str]] = {}
    for place, question in enumerate(owner_questions().values()):
        before = named.get(question.item)
        rows.append(
            [
                question.item,
                question.text,
                before.owner if before else None,
                before.comment if before else None,
            ]
        )
        looks |= {(place, column): "to fill" for column in (OWNER, OWNER_COMMENT)}
        if offered:
            choices[place, OWNER] = offered
    return Sheet(
        OWNERS,
        f"{client.name}: who owns what, in the eyes of {asked.role}, {asked.side}'s side",
        OWNER_COLUMNS,
        rows,
        ["Name the one role that answers for it today, as you see it. Do not look it up: what people know is asked.",
         "Choose from the list or write another role; choose nobody where none does, do not know where you do not.",
         "A blank counts as not asked."],
        looks,
        choices,
        suggested=True,
    )  # fmt: skip


@dataclass(frozen=True)
class ReadBack:
    """What one workbook said: its answers, those it was sent out with, and what could not be used."""

    file: str
    answers: tuple[Said, ...]
    seen: tuple[Said, ...]
    mistakes: tuple[str, ...] = ()


@dataclass
class Saved:
    """What became of several workbooks: how many could be read, the answers taken from them, and what went wrong."""

    answers: int = 0
    read: int = 0
    conflicts: list[Conflict] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


def read_workbook(path: Path, client: Client, today: date | None = None) -> ReadBack:
    """Read one filled-in workbook.

    Raises
    ------
    DataError
        if it is not one of ours, or of another client.
    """
    pages = _pages(path)
    questions, about = _rows(path, pages, QUESTIONS, COLUMNS), pages[META]
    said = {str(row[0]): str(row[1]) for row in about if row and row[0] is not None and len(row) > 1}
    if said.get("format") != str(FORMAT):
        raise DataError(f"{path.name}: is of format {said.get('format', 'unknown')}. Accepted: {FORMAT}.")
    if said.get("client") != client.id:
        raise DataError(
            f"{path.name}: is a questionnaire of {said.get('client')}, not of {client.id}. Look at the file."
        )
    whose = {
        "respondent": said.get("respondent", "unnamed"),
        "role": said.get("role", ""),
        "side": said["side"],
    }
    seen: list[Said] = []
    for name, value in said.items():
        if name.startswith("seen owner "):
            item = name.removeprefix("seen owner ")
            seen.append(OwnerAnswer.model_validate({**whose, "item": item, "owner": value}))
        elif name.startswith("seen "):
            item = name.removeprefix("seen ")
            seen.append(Answer.model_validate({**whose, "item": item, "answer": int(value)}))
    answers: list[Said] = []
    mistakes = []
    for number, row in questions:
        item = str(row[0]).strip() if row[0] is not None else ""
        if not item:
            continue
        if item not in question_bank():
            mistakes.append(
                f"{path.name} row {number}: nobody asks about {item}. {suggestion(item, question_bank())}"
            )
            continue
        chosen, mistake = _answer(row[ANSWER])
        if mistake:
            mistakes.append(f"{path.name} row {number}, {item}: {mistake}")
        reference, comment = _text(row[REFERENCE]), _text(row[COMMENT])
        if chosen is not None or comment:
            day = today.isoformat() if today and chosen is not None else ""
            answers.append(
                Answer.model_validate(
                    {**whose, "item": item, "answer": chosen, "evidence_ref": reference, "comment": comment,
                     "date": day}
                )
            )  # fmt: skip
    if OWNERS in pages:  # workbooks written before owners were asked for have no such sheet
        for number, row in _rows(path, pages, OWNERS, OWNER_COLUMNS):
            item = _text(row[0])
            if item and item not in owner_questions():
                mistakes.append(
                    f"{path.name}, {OWNERS}, row {number}: nobody asks who owns {item}. "
                    f"{suggestion(item, owner_questions())}"
                )
                continue
            owner, comment = _text(row[OWNER]), _text(row[OWNER_COMMENT])
            if item and (owner or comment):
                answers.append(
                    OwnerAnswer.model_validate(
                        {**whose, "item": item, "owner": owner, "comment": comment,
                         "date": today.isoformat() if today and owner else ""}
                    )
                )  # fmt: skip
    return ReadBack(path.name, tuple(answers), tuple(seen), tuple(mistakes))


Rows = list[tuple[Any, ...]]


def _pages(path: Path) -> dict[str, Rows]:
    """Return the rows of each sheet of a questionnaire."""
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    if not path.exists():
        raise CallError(f"There is no file {path}. Look at the spelling.")
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        pages = {page.title: list(page.iter_rows(values_only=True)) for page in book.worksheets}
        book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError):
        raise DataError(f"{path.name}: is not an Excel workbook. Save it as .xlsx.") from None
    if QUESTIONS not in pages or META not in pages:
        raise DataError(_no_questionnaire(path))
    return pages


def _no_questionnaire(path: Path) -> str:
    return (
        f"{path.name}: is not a questionnaire. Fill in a file that workbench questionnaire wrote, "
        "and keep its sheets and its headings."
    )


def _rows(
    path: Path, pages: Mapping[str, Rows], name: str, columns: Sequence[tuple[str, float]]
) -> list[tuple[int, tuple[Any, ...]]]:
    """Return the rows of the table on one sheet with their numbers, as wide as its columns."""
    rows = pages[name]
    head = next((n for n, row in enumerate(rows) if row and row[0] == "Item"), None)
    if head is None:
        raise DataError(_no_questionnaire(path))
    return [
        (n, (*row, *(None for _ in range(len(columns) - len(row)))))
        for n, row in enumerate(rows[head + 1 :], head + 2)
    ]


def _answer(cell: object) -> tuple[int | None, str]:
    """Return the answer in a cell, and what is wrong with it."""
    if cell is None or not str(cell).strip():
        return None, ""
    text = str(cell).strip()
    found = re.match(r"^([1-5])(?:\.0)?(?:\s*[–-].*)?$", text, re.S)
    if found is None:
        return None, f'"{text[:40]}" is not an answer. Choose from the list, or write 1 to 5.'
    return int(found[1]), ""


def _text(cell: object) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def save_workbooks(
    folder: Path, client: Client, files: Iterable[Path], replace: bool = False, today: date | None = None
) -> Saved:
    """Put the answers of filled-in workbooks into answers.yaml; what somebody else changed meanwhile stays.

    Everything is read before anything is written; a workbook that cannot be read leaves the others.
    """
    saved, read = Saved(), []
    for path in files:
        try:
            read.append(read_workbook(path, client, today))
        except DataError as error:
            saved.mistakes.append(str(error))
    saved.read = len(read)
    for one in read:
        conflicts = merge_answers(folder / FILE_NAME, one.answers, one.seen, replace)
        saved.conflicts += conflicts
        saved.mistakes += one.mistakes
        saved.answers += sum(answer.said is not None for answer in one.answers) - len(conflicts)
    return saved


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
