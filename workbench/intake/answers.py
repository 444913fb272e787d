"""What did both sides answer to the questionnaires, and how is an answer written down?

answers.yaml is edited by people and by a form alike: whatever somebody noted in it as a comment stays.

    format: 1
    answers:
      - {item: HC-1, respondent: b1, role: head of service, side: buyer, answer: 4, evidence_ref: minutes 3 June}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from workbench.errors import DataError, suggestion
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
