"""How alike are a header of an export and the name of a column?"""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

UNIT_WORDS = {
    "s": "seconds", "sec": "seconds", "secs": "seconds", "second": "seconds", "seconds": "seconds",
    "min": "minutes", "mins": "minutes", "minute": "minutes", "minutes": "minutes",
    "h": "hours", "hr": "hours", "hrs": "hours", "hours": "hours",
    "ms": "milliseconds", "msec": "milliseconds", "millis": "milliseconds", "milliseconds": "milliseconds",
    "percent": "percent", "pct": "percent",
}  # fmt: skip
LONG_FORM = {
    "acw": "after contact work", "wrapup": "after contact work", "aht": "handle time", "asa": "speed of answer",
    "avg": "mean", "average": "mean", "ts": "time", "timestamp": "time", "no": "id", "num": "id", "number": "id",
    "identifier": "id", "call": "contact", "calls": "contacts", "interaction": "contact", "ans": "answer",
    "ab": "abandon", "abn": "abandon", "abandoned": "abandon", "begin": "start", "began": "start", "stop": "end",
    "employee": "agent", "advisor": "agent", "associate": "agent", "on": "", "at": "", "in": "", "of": "",
    "the": "", "time": "", "flag": "", "key": "id",
}  # fmt: skip


@dataclass(frozen=True)
class Synonym:
    """What a known system calls a column of ours."""

    table: str
    column: str
    headers: tuple[str, ...]
    unit: str
    system: str


@cache
def synonyms() -> tuple[Synonym, ...]:
    """Return the headers of known systems (synonyms.csv); adding one is adding a row there."""
    with (files("workbench.intake") / "synonyms.csv").open(encoding="utf-8") as handle:
        return tuple(
            Synonym(
                row["table"], row["column"], tuple(row["header"].split(" + ")), row["unit"], row["system"]
            )
            for row in csv.DictReader(handle)
        )


SLIP = 0.85
"""From here on a heading is a usual name with a slip of the finger. Ours: one letter of six or more."""


def likeness(name: str, header: str, known: Sequence[Synonym]) -> tuple[float, str]:
    """Return how alike a header and the names of a column are, 0 to 1, and why."""
    if plain(header) == plain(name):
        return 1.0, "the same name"
    ours, theirs = _tokens(name), _tokens(header)
    if ours and ours == theirs:
        return 0.9, "the same words"
    best = 0.0
    for words in (ours, *(_tokens(s.headers[0]) for s in known if len(s.headers) == 1)):
        if words and theirs:
            best = max(best, 0.85 * len(words & theirs) / len(words | theirs))
    close = _letters(name, header)
    best = max(best, 0.75 * close if close > 0.8 else 0.0)
    typed = max((_letters(s.headers[0], header) for s in known if len(s.headers) == 1), default=0.0)
    if typed > SLIP and 0.75 * typed > best:
        return 0.75 * typed, "similar letters"
    return best, "similar words"


def _letters(name: str, header: str) -> float:
    return difflib.SequenceMatcher(None, plain(name), plain(header)).ratio()


@cache
def plain(header: str) -> str:
    """Return a header without case, accents and punctuation: Queue.Name and queue_name are the same."""
    return re.sub(r"[^a-z0-9%]", "", _unaccented(header).lower())


def _unaccented(header: str) -> str:
    """Return a header with ü as u and ß as ss."""
    parts = unicodedata.normalize("NFKD", header.replace("ß", "ss"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def _words(header: str) -> list[str]:
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", _unaccented(header))
    return re.sub(r"[^a-z0-9]+", " ", spaced.lower()).split()


@cache
def _tokens(header: str) -> frozenset[str]:
    """Return the words of a header that carry its meaning, units and filler left out."""
    kept = (LONG_FORM.get(word, word) for word in _words(header) if word not in UNIT_WORDS)
    return frozenset(" ".join(kept).split())


def unit_in(header: str) -> str:
    """Return the unit that a header names ("Talk time (min)"), or ""."""
    found = [UNIT_WORDS[word] for word in _words(header) if word in UNIT_WORDS]
    return found[-1] if found else ""
