"""What did both sides answer to the questionnaires, and how is an answer written down?

answers.yaml is edited by people and by a form alike: whatever somebody noted in it as a comment stays.

    format: 1
    answers:
      - {item: HC-1, respondent: b1, role: head of service, side: buyer, answer: 4, evidence_ref: minutes 3 June}
    owners:
      - {item: HO-5, respondent: b1, role: head of service, side: buyer, owner: WFM}
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
from workbench.intake.yaml_file import Entries, Migration, load_yaml, plain

FILE_NAME = "answers.yaml"
MIGRATIONS: dict[int, Migration] = {}

COLUMN_OF = {
    "item": "item_id", "respondent": "respondent", "role": "respondent_role", "side": "side",
    "answer": "answer", "evidence_ref": "evidence_ref", "date": "date", "comment": "comment",
}  # fmt: skip
"""What an answer says, and the column of table `survey` that it fills."""

COLUMN_OF_OWNER = {
    "item": "item_id", "respondent": "respondent", "role": "respondent_role", "side": "side",
    "owner": "owner", "date": "date", "comment": "comment",
}  # fmt: skip
"""What naming an owner says, and the column of table `owner_answer` that it fills."""


class _Said(BaseModel):
    """What one person said about one item."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str = Field(min_length=1)
    """The METHOD item: HC-1."""
    respondent: str = "unnamed"
    role: str = ""
    side: Literal["buyer", "vendor"]
    date: str = ""
    comment: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """Whose answer to what this is; a second answer with the same key replaces the first."""
        return (_list_of(self), self.item, self.respondent, self.role, self.side)


class Answer(_Said):
    """One answer of one person to one item."""

    answer: int | None = Field(None, ge=1, le=5)
    """1 not at all to 5 fully; None: asked, not answered."""
    evidence_ref: str = ""

    @property
    def said(self) -> int | None:
        """What was answered."""
        return self.answer


class OwnerAnswer(_Said):
    """Whom one person named as the owner of one stage or handoff."""

    owner: str = ""
    """A role, a person of the table ownership, nobody, or do not know; empty: asked, not answered."""

    @property
    def said(self) -> str | None:
        """Who was named."""
        return self.owner or None


Said = Answer | OwnerAnswer

LISTS: dict[str, tuple[type[Answer] | type[OwnerAnswer], str, dict[str, str], str]] = {
    "answers": (Answer, "survey", COLUMN_OF, "an answer"),
    "owners": (OwnerAnswer, "owner_answer", COLUMN_OF_OWNER, "an owner named"),
}
"""The lists of the file: what an entry is, the table that it fills, its columns, and its name in a message."""

EXAMPLES = {
    "answers": "{item: HC-1, side: buyer, answer: 4}",
    "owners": "{item: HO-5, side: buyer, owner: WFM}",
}


def _list_of(said: _Said) -> str:
    return next(name for name, entry in LISTS.items() if isinstance(said, entry[0]))


def read_answers(path: Path) -> tuple[dict[str, pd.DataFrame], list[tuple[int, str]]]:
    """Read answers.yaml.

    Returns
    -------
    rows of the tables `survey` and `owner_answer` as text, as a source hands them over (index: the line of
    the file; a table of which nothing was said is left out), and the line and message of everything in the
    file that cannot be used.

    Raises
    ------
    DataError
        if the file cannot be read at all.
    """
    content = load_yaml(path, "answers", MIGRATIONS)
    wrong = [
        (1, f'"{name}" is not used. {suggestion(str(name), ("format", *LISTS))}')
        for name in content
        if name not in ("format", *LISTS)
    ]
    tables = {}
    for name, (_, table, column_of, what) in LISTS.items():
        entries = content.get(name)
        if entries is None:
            entries = Entries()
        if not isinstance(entries, Entries):
            raise DataError(f"{path.name}: {name} has to be a list, each entry beginning with a dash.")
        rows: dict[int, dict[str, str]] = {}
        for at, entry in enumerate(entries):
            line = entries.lines[at]
            if not isinstance(entry, Mapping):
                wrong.append((line, f'"{entry}" is not {what}. Write {EXAMPLES[name]}'))
                continue
            said = plain(entry)
            wrong += [(line, _no_such(name, what, word)) for word in said if word not in column_of]
            rows[line if line not in rows else max(rows) + 1] = {
                column: "" if said.get(word) is None else str(said[word])
                for word, column in column_of.items()
            }
        if name == "owners":  # asked, not answered
            rows = {line: row for line, row in rows.items() if row["owner"].strip()}
        if rows:
            index = pd.Index(list(rows), name="row", dtype="int64")
            columns = list(column_of.values())
            tables[table] = pd.DataFrame(list(rows.values()), index=index, columns=columns, dtype="str")
    return tables, wrong


def _no_such(name: str, what: str, word: str) -> str:
    other = next(one for one in LISTS if one != name)
    if word in LISTS[other][2]:
        return f'{what} has no "{word}". It stands under {other}: {EXAMPLES[other]}'
    return f'{what} has no "{word}". {suggestion(word, LISTS[name][2])}'


def record_answers(path: Path, answers: Sequence[Said]) -> None:
    """Write answers into answers.yaml; what stands there for the same person and item is replaced.

    Comments, order and whatever else is in the file stay; the file appears whole or not at all.
    """
    with _held(path):
        _record(path, answers)


@dataclass(frozen=True)
class Conflict:
    """An answer that was not saved, because somebody else had saved another one meanwhile."""

    answer: Said
    there: Said

    def __str__(self) -> str:
        """Say who answered what, and what stands in the file."""
        return (
            f"{self.answer.item}, {self.answer.respondent} ({self.answer.side}): {self.answer.said} was to be "
            f"saved, but {self.there.said} was saved meanwhile and stays."
        )


def merge_answers(
    path: Path, answers: Sequence[Said], seen: Sequence[Said] = (), replace: bool = False
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
        there = {answer.key: answer for answer in all_said(path)}
        before = {answer.key: answer for answer in seen}
        kept, conflicts = [], []
        for answer in answers:
            now = there.get(answer.key)
            if now is None or now.said is None:
                if now is None or answer != now:
                    kept.append(answer)
            elif answer.said is None or answer == now:
                continue
            elif replace or _says(now) == _says(answer) or _says(before.get(answer.key)) == _says(now):
                kept.append(answer)
            else:
                conflicts.append(Conflict(answer, now))
        if kept:
            _record(path, kept)
    return conflicts


def _says(answer: Said | None) -> int | str | None:
    return None if answer is None else answer.said


def known_answers(path: Path) -> list[Answer]:
    """Return the answers from 1 to 5 of answers.yaml that can be used; nothing if there is no such file.

    Raises
    ------
    DataError
        if the file cannot be read at all: then nothing may be written over it either.
    """
    return [said for said in all_said(path) if isinstance(said, Answer)]


def known_owners(path: Path) -> list[OwnerAnswer]:
    """Return the owners named in answers.yaml; as `known_answers`."""
    return [said for said in all_said(path) if isinstance(said, OwnerAnswer)]


def all_said(path: Path) -> list[Said]:
    """Return everything in answers.yaml that can be used, answers first; as `known_answers`."""
    if not path.exists():
        return []
    content = load_yaml(path, "answers", MIGRATIONS)
    found: list[Said] = []
    for name, (kind, _, column_of, _) in LISTS.items():
        entries = content.get(name) or []
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, Mapping):
                said = {k: v for k, v in plain(entry).items() if k in column_of and v not in (None, "")}
                with suppress(ValueError):
                    found.append(
                        kind.model_validate({k: v if k == "answer" else str(v) for k, v in said.items()})
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


def _record(path: Path, answers: Sequence[Said]) -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    content = load_yaml(path, "answers", MIGRATIONS, to_write=True) if path.exists() else CommentedMap()
    content.setdefault("format", 1)
    if content.get("answers") is None:
        content["answers"] = CommentedSeq()
    if any(isinstance(said, OwnerAnswer) for said in answers) and content.get("owners") is None:
        content["owners"] = CommentedSeq()
    at: dict[tuple[str, ...], Any] = {
        _key(name, entry): entry
        for name in LISTS
        for entry in content.get(name) or []
        if isinstance(entry, Mapping)
    }
    for answer in answers:
        name = _list_of(answer)
        said = {k: v for k, v in answer.model_dump().items() if v not in ("", None) or k == name[:-1]}
        said = {k: said[k] for k in LISTS[name][2] if k in said}
        known = at.get(answer.key)
        if known is None:
            known = CommentedMap()
            known.fa.set_flow_style()
            content[name].append(known)
            at[answer.key] = known
        for word in [word for word in known if word in LISTS[name][2] and word not in said]:
            del known[word]
        known.update(said)
    writer = YAML(typ="rt", pure=True)
    writer.width = 4096
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8", newline="\n") as handle:
        writer.dump(content, handle)
    partial.replace(path)


def _key(name: str, entry: Mapping[str, Any]) -> tuple[str, ...]:
    defaults = {"respondent": "unnamed"}
    words = (
        str(entry.get(word) or defaults.get(word, "")) for word in ("item", "respondent", "role", "side")
    )
    return (name, *words)
