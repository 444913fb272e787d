"""How does a new client get its folder: client.yaml to fill in, blank tables, the questionnaire?"""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.errors import CallError, UnknownName
from workbench.intake import answers, client_file
from workbench.intake.describe import PACKS, table_section, tables_of, types_section, unmarked

Pack = Literal["A", "B", "C"]
BLANK = "blank"
"""The folder of the blank tables inside the client's; what is filled in moves up out of it."""
LONGEST = 60
"""Of a folder's name: paths on Windows end at 260 characters."""
RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
"""Names that Windows keeps for devices, with any ending."""


@dataclass(frozen=True)
class Asked:
    """A question of the questionnaire: its item, its words, who is asked, what 1, 3 and 5 mean.

    kind : scale, answered by 1 to 5; or owner, answered by a role.
    """

    item: str
    text: str
    sides: tuple[str, ...]
    anchors: tuple[str, str, str]
    kind: str = "scale"


def new_client(name: str, out: Path, pack: str = "B", questions: Iterable[Asked] = ()) -> Path:
    """Make the folder of a new client and return it.

    Parameters
    ----------
    name : the client, as people write it; the folder's name is made from it.
    out : the directory that the folder goes into.
    pack : which data are asked for (METHOD section 0).
    questions : the questionnaire.

    Raises
    ------
    CallError
        if the name is empty, or the folder exists: nothing is ever written over.
    UnknownName
        if there is no such pack.
    """
    if pack not in PACKS:
        raise UnknownName("data pack", pack, PACKS)
    if not name.strip():
        raise CallError("A client needs a name. Write it after new-client, in quotes if it has spaces.")
    folder = out / folder_name(name)
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise CallError(
            f"{folder} exists already and is left as it is. Choose another name, or another --out."
        ) from None
    except OSError as error:
        raise CallError(f"{folder} cannot be made ({error.strerror}). Choose another --out.") from None
    (folder / client_file.FILE_NAME).write_text(
        client_yaml(name, folder.name), encoding="utf-8", newline="\n"
    )
    (folder / answers.FILE_NAME).write_text(answers_yaml(questions), encoding="utf-8", newline="\n")
    tables = [spec for spec in tables_of(pack) if spec.pack != "A"]
    if tables:
        (folder / BLANK).mkdir()
    for spec in tables:
        with (folder / BLANK / f"{spec.name}.csv").open("w", encoding="utf-8-sig", newline="") as handle:
            csv.writer(handle).writerow([column.name for column in spec.columns])
    (folder / "README.md").write_text(readme(name, pack), encoding="utf-8", newline="\n")
    return folder


def folder_name(name: str) -> str:
    """Return a name that every file system takes, for whatever a client is called.

    >>> folder_name("Müller & Söhne GmbH")
    'muller-sohne-gmbh'
    >>> folder_name("../../etc")
    'etc'
    >>> folder_name("CON")
    'client-con'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    if not words:
        return f"client-{mark}"
    if words in RESERVED:
        return f"client-{words}"
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 7].rstrip('-')}-{mark}"


def client_yaml(name: str, identity: str) -> str:
    """Return a client.yaml with every field explained; all but the name have defaults."""
    quoted = '"' + "".join(_escaped(c) for c in " ".join(name.split())) + '"'
    return f"""\
# Who the client is, and on which terms. Lines that begin with # are explanation or examples.
format: 1
id: {identity!r}
name: {quoted}

time_zone: UTC          # as Europe/Berlin or America/New_York; times without an offset are read in it
currency: EUR           # three capital letters
vendor: ""              # the provider that does the work
sector: ""

phase: after go-live    # or: before implementation, during implementation, no platform
mode: running           # or: pre-contract
# contract_start: "2024-01-01"
# qa_hours_per_week: 10    # hours planned for quality evaluations, of everybody together
# agents: 40               # how many there are, where no roster (hris) is handed over

# What the contract promises; without it every figure says that its target is assumed.
# sla_terms:
#   - metric: service_level
#     formula: V2          # V1 answered only, V2 offered, V3 without abandons within the threshold,
#                          # V4 these count as met, V5 without short abandons
#     threshold_s: 20
#     short_abandon_s: 5
#     target: 0.80
#     window: month        # interval, day, week or month
#     queue: orders        # leave out: all queues together
"""


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable() and not "\ud800" <= character <= "\udfff":
        return character
    return ""


def answers_yaml(questions: Iterable[Asked]) -> str:
    """Return an answers.yaml with every question and a blank answer for each side that is asked."""
    lines = [
        "# The questionnaire. Write 1 to 5 behind `answer:`; leave it blank where nobody answered.",
        "# Copy a line for a second respondent (respondent: b2); evidence_ref names the document behind it.",
        "format: 1",
        "answers:",
    ]
    questions = list(questions)
    asked = [question for question in questions if question.kind == "scale"]
    for question in asked:
        one, three, five = question.anchors
        lines += ["", f"  # {question.item}: {question.text}", f"  # 1 = {one}; 3 = {three}; 5 = {five}"]
        lines += [
            f"  - {{item: {question.item}, respondent: {side[0]}1, side: {side}, answer: , evidence_ref: \"\"}}"
            for side in question.sides
        ]  # fmt: skip
    if not asked:
        lines[-1] = "answers: []"
    owners = [question for question in questions if question.kind == "owner"]
    if owners:
        lines += [
            "",
            "# Who owns what: write the one role behind `owner:`, or nobody, or do not know; leave it blank where",
            "# nobody was asked.",
            "owners:",
        ]
    for question in owners:
        lines.append(f"  # {question.text}")
        lines += [
            f"  - {{item: {question.item}, respondent: {side[0]}1, side: {side}, owner: }}"
            for side in question.sides
        ]
    return "\n".join(lines) + "\n"


def readme(name: str, pack: str) -> str:
    """Return the sheet that describes what to put where."""
    tables = [spec for spec in tables_of(pack) if spec.pack != "A"]
    parts = [
        f"# Data of {unmarked(name) or 'the client'}",
        f"Pack {pack}: {PACKS[pack]}. Every table may be missing, and every column that is not needed: what is not "
        "there is shown as unknown, never as zero.",
        "1. `client.yaml`: who the client is. Fill it in first; the time zone matters most.\n"
        "2. `answers.yaml`: the questionnaire of both sides.",
    ]
    if tables:
        parts[-1] += (
            f"\n3. Tables: fill the blank ones in `{BLANK}/` and move them up beside `client.yaml`; or put your own "
            "exports there and let `workbench map FILE --out mapping.yaml` propose how they become tables."
        )
        parts += [types_section(), *(table_section(spec) for spec in tables)]
    parts[2] += "\n\nThen: `workbench check` on this folder says what can be used."
    return "\n\n".join(parts) + "\n"
