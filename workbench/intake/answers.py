"""What did both sides answer to the questionnaires, and how is an answer written down?

answers.yaml is edited by people and by a form alike: whatever somebody noted in it as a comment stays.

    format: 1
    answers:
      - {item: HC-1, respondent: b1, role: head of service, side: buyer, answer: 4, evidence_ref: minutes 3 June}
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from workbench.errors import Busy, DataError, suggestion
from workbench.intake.yaml_file import Migration, load_yaml, plain

FILE_NAME = "answers.yaml"
MIGRATIONS: dict[int, Migration] = {}

COLUMN_OF = {
    "item": "item_id", "respondent": "respondent", "role": "respondent_role", "side": "side",
    "answer": "answer", "evidence_ref": "evidence_ref", "date": "date", "comment": "comment",
}  # fmt: skip
"""What an answer says, and the column of table `survey` that it fills."""


class Answer(BaseModel):
    """One answer of one person to one item."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str = Field(min_length=1)
    """The METHOD item: HC-1."""
    respondent: str = "unnamed"
    role: str = ""
    side: Literal["buyer", "vendor"]
    answer: int | None = Field(None, ge=1, le=5)
    """1 not at all to 5 fully; None: asked, not answered."""
    evidence_ref: str = ""
    date: str = ""
    comment: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Whose answer to what this is; a second answer with the same key replaces the first."""
        return (self.item, self.respondent, self.role, self.side)


def read_answers(path: Path) -> tuple[pd.DataFrame, list[tuple[int, str]]]:
    """Read answers.yaml.

    Returns
    -------
    rows of table `survey` as text, as a source hands them over (index: the line of the file), and the
    line and message of everything in it that is not an answer.

    Raises
    ------
    DataError
        if the file cannot be read at all.
    """
    content = load_yaml(path, "answers", MIGRATIONS)
    entries = content.get("answers")
    wrong = [
        (1, f'"{name}" is not used. {suggestion(str(name), ("format", "answers"))}')
        for name in content
        if name not in ("format", "answers")
    ]
    if entries is None:
        entries = []
    if not isinstance(entries, list):
        raise DataError(f"{path.name}: answers has to be a list, each entry beginning with a dash.")
    rows: dict[int, dict[str, str]] = {}
    for at, entry in enumerate(entries):
        line = _line(entries, at)
        if not isinstance(entry, Mapping):
            wrong.append((line, f'"{entry}" is not an answer. Write {{item: HC-1, side: buyer, answer: 4}}'))
            continue
        said = plain(entry)
        wrong += [
            (line, f'an answer has no "{name}". {suggestion(name, COLUMN_OF)}')
            for name in said
            if name not in COLUMN_OF
        ]
        rows[line if line not in rows else max(rows) + 1] = {
            column: "" if said.get(name) is None else str(said[name]) for name, column in COLUMN_OF.items()
        }
    index = pd.Index(list(rows), name="row", dtype="int64")
    return pd.DataFrame(
        list(rows.values()), index=index, columns=list(COLUMN_OF.values()), dtype="str"
    ), wrong


def _line(entries: Any, at: int) -> int:
    place = getattr(entries, "lc", None)
    return int(place.item(at)[0]) + 1 if place is not None else at + 1


def record_answers(path: Path, answers: Sequence[Answer]) -> None:
    """Write answers into answers.yaml; what stands there for the same person and item is replaced.

    Comments, order and whatever else is in the file stay; the file appears whole or not at all.
    """
    with _held(path):
        _record(path, answers)


@dataclass(frozen=True)
class Conflict:
    """An answer that was not saved, because somebody else had saved another one meanwhile."""

    answer: Answer
    there: Answer

    def __str__(self) -> str:
        """Say who answered what, and what stands in the file."""
        return (
            f"{self.answer.item}, {self.answer.respondent} ({self.answer.side}): {self.answer.answer} was to be "
            f"saved, but {self.there.answer} was saved meanwhile and stays."
        )


def merge_answers(
    path: Path, answers: Sequence[Answer], seen: Sequence[Answer] = (), replace: bool = False
) -> list[Conflict]:
    """Save answers beside those that others saved meanwhile; no answer is ever lost.

    Parameters
    ----------
    answers : what is to be saved. A blank never takes away an answer.
    seen : the answers as they stood when whoever saves last looked.
    replace : what is saved wins where both changed the same answer.

    Returns
    -------
    the answers that were not saved: in the file stands another one, which is not the one last seen.

    Raises
    ------
    Busy
        if somebody else is saving for longer than ten seconds.
    """
    with _held(path):
        there = {answer.key: answer for answer in known_answers(path)}
        before = {answer.key: answer for answer in seen}
        kept, conflicts = [], []
        for answer in answers:
            now = there.get(answer.key)
            if now is None or now.answer is None:
                if now is None or answer != now:
                    kept.append(answer)
            elif answer.answer is None or answer == now:
                continue
            elif replace or _says(now) == _says(answer) or _says(before.get(answer.key)) == _says(now):
                kept.append(answer)
            else:
                conflicts.append(Conflict(answer, now))
        if kept:
            _record(path, kept)
    return conflicts


def _says(answer: Answer | None) -> int | None:
    return None if answer is None else answer.answer


def known_answers(path: Path) -> list[Answer]:
    """Return what stands in answers.yaml and can be used; nothing if there is no such file.

    Raises
    ------
    DataError
        if the file cannot be read at all: then nothing may be written over it either.
    """
    if not path.exists():
        return []
    entries = load_yaml(path, "answers", MIGRATIONS).get("answers") or []
    found = []
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, Mapping):
            said = {k: v for k, v in plain(entry).items() if k in COLUMN_OF and v not in (None, "")}
            with suppress(ValueError):
                found.append(
                    Answer.model_validate({k: v if k == "answer" else str(v) for k, v in said.items()})
                )
    return found


PATIENCE_S, STALE_S = 10.0, 60.0
"""How long a second one waits for the first to save, and when a lock counts as left behind. [s]"""


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Let one at a time read and write `path`; a file beside it says who is at it."""
    lock = path.with_name(f".{path.name}.lock")
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except (FileExistsError, PermissionError):
            with suppress(OSError):
                if time.time() - lock.stat().st_mtime > STALE_S:
                    lock.unlink()
                    continue
            if time.monotonic() > until:
                raise Busy(f"{path.name} is being saved by somebody else. Try again in a moment.") from None
            time.sleep(0.02)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _record(path: Path, answers: Sequence[Answer]) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    content = load_yaml(path, "answers", MIGRATIONS) if path.exists() else CommentedMap()
    content.setdefault("format", 1)
    if content.get("answers") is None:
        content["answers"] = CommentedSeq()
    at: dict[tuple[str, ...], Any] = {
        _key(entry): entry for entry in content["answers"] if isinstance(entry, Mapping)
    }
    for answer in answers:
        said = {k: v for k, v in answer.model_dump().items() if v not in ("", None) or k == "answer"}
        known = at.get(answer.key)
        if known is None:
            known = CommentedMap()
            known.fa.set_flow_style()
            content["answers"].append(known)
            at[answer.key] = known
        for name in [name for name in known if name in COLUMN_OF and name not in said]:
            del known[name]
        known.update(said)
    writer = YAML(typ="rt", pure=True)
    writer.width = 4096
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8", newline="\n") as handle:
        writer.dump(content, handle)
    partial.replace(path)


def _key(entry: Mapping[str, Any]) -> tuple[str, str, str, str]:
    defaults = {"respondent": "unnamed"}
    item, respondent, role, side = (
        str(entry.get(name) or defaults.get(name, "")) for name in ("item", "respondent", "role", "side")
    )
    return item, respondent, role, side
