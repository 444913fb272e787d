"""Is something written, owned or covered? Evidence from documents, each graded D."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workbench.diagnostics.evidence import missing, quantity
from workbench.diagnostics.finding import Evidence, Lack, Scale
from workbench.metrics.columns import equals
from workbench.once import once_per_table

THERE = Scale(zero=0.0, hundred=1.0, target=1.0, source="METHOD asks for it; there or not")


@once_per_table
def accountable(ownership: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that name an accountable role."""
    return ownership[equals(ownership, "raci", "A")]


def owners_of(ownership: pd.DataFrame, subjects: Sequence[str], side: str | None = None) -> pd.DataFrame:
    """Return the accountable rows whose subject is one of `subjects` (in any case), of one side if named."""
    few, places = _by_subject(ownership)
    mine = few.iloc[sorted({i for one in subjects for i in places.get(one.casefold(), ())})]
    return mine if side is None else mine[mine["side"].isin([side, "both"])]


@dataclass(frozen=True)
class Papers:
    """What the accountable rows of one subject say: which roles, whether a document is named, and which rows."""

    roles: frozenset[str]
    written: bool
    rows: tuple[int, ...]


def papers_of(ownership: pd.DataFrame, subject: str) -> Papers:
    """Return what is written down of one subject (in any case)."""
    return _papers(ownership).get(subject.casefold(), Papers(frozenset(), written=False, rows=()))


@once_per_table
def _papers(ownership: pd.DataFrame) -> dict[str, Papers]:
    few, places = _by_subject(ownership)
    roles, written = few["role"].tolist(), few["document_ref"].notna().tolist()
    rows = few.index.tolist()
    return {
        subject: Papers(
            frozenset(roles[i] for i in at if isinstance(roles[i], str)),
            any(written[i] for i in at),
            tuple(rows[i] for i in at),
        )
        for subject, at in places.items()
    }


@once_per_table
def _by_subject(ownership: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[int]]]:
    """Return the accountable rows, and the places among them of each subject (in lower case)."""
    few = accountable(ownership).astype(object)  # rows that are looked at many times
    places: dict[str, list[int]] = {}
    for place, subject in enumerate(few["subject"].tolist()):
        places.setdefault(str(subject).casefold(), []).append(place)
    return few, places


def one_owner(
    label: str, ownership: pd.DataFrame | None, subjects: Sequence[str], weight: float = 1.0
) -> Evidence:
    """Return whether exactly one role is accountable for the first of `subjects` that has any row."""
    if ownership is None:
        return missing(label, "yes = 1", table="ownership", lack=Lack(tables=("ownership",)), weight=weight)
    mine = owners_of(ownership, subjects)
    return quantity(
        label,
        float(mine["role"].nunique() == 1),
        "yes = 1",
        len(ownership),
        table="ownership",
        scale=THERE,
        grade="D",
        rows=mine.index,
        weight=weight,
        formula="exactly one role accountable (A)",
    )


def covered(
    label: str,
    texts: pd.Series,
    classes: Mapping[str, Sequence[str]],
    *,
    table: str,
    scale: Scale,
    weight: float = 1.0,
) -> tuple[Evidence, list[str]]:
    """Return the share of `classes` that any of `texts` names, and the classes that none does.

    A class is named when a text holds one of its words (a word of up to three letters must stand alone).
    """
    said = [text.casefold() for text in texts.dropna().astype("str")]
    absent = [
        name for name, words in classes.items() if not any(holds(text, w) for text in said for w in words)
    ]
    part = quantity(
        label,
        1 - len(absent) / len(classes) if said else None,
        "fraction",
        len(said),
        table=table,
        scale=scale,
        grade="D",
        weight=weight,
        formula=f"classes named / {len(classes)}",
        reason=f"no text in {table} to look at",
    )
    return part, absent


def holds(text: str, word: str) -> bool:
    """Return whether a text in lower case holds a word; one of up to three letters must stand alone."""
    if len(word) <= 3:
        return word in text.replace("/", " ").replace("_", " ").replace("-", " ").split()
    return word in text


def latest_processes(process_document: pd.DataFrame) -> pd.DataFrame:
    """Return each process once, by its latest version that was signed off; by a draft where none was."""
    ordered = process_document.sort_values("approved_date", na_position="first", kind="stable")
    return ordered.drop_duplicates("process", keep="last")


def passes_gate(documents: pd.DataFrame) -> pd.Series:
    """Return which processes pass the gate of METHOD VL-1d: signed off, and agreed by all teams.

    Where nobody says whether the teams agreed it is not known (NA); unsigned is unsigned.
    """
    signed = documents["approved_date"].notna()
    return documents["teams_agreed"].astype("boolean").where(signed, False)
