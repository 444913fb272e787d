"""What is wrong with these client folders, all of it at once, in words that their senders can act on?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.errors import CallError, DataError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.intake.read import examine, sentence, why_unusable
from workbench.wording import counted

EXAMPLES = 3
"""How many rows of one kind of problem are shown; the others are counted."""

ORDER = ("unusable", "set aside", "flagged", "assumed")


@dataclass(frozen=True)
class Kind:
    """Problems that differ only in row and value."""

    table: str
    file: str
    column: str
    severity: str
    n: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """What checking one path found."""

    path: Path
    dataset: Dataset | None
    """None when no source could read the path."""
    reasons: tuple[str, ...]
    """Why it cannot be used; empty if it can."""

    @property
    def usable(self) -> bool:
        """Whether somebody can be assessed from it."""
        return not self.reasons

    def kinds(self) -> list[Kind]:
        """Return the problems, grouped, the worst first."""
        return [] if self.dataset is None else grouped(self.dataset.problems)

    def tables(self) -> dict[str, dict[str, int]]:
        """Return the rows read and used of each table that came."""
        if self.dataset is None:
            return {}
        used = {name: len(table) for name, table in self.dataset.tables.items()}
        came = self.dataset.provenance.rows_read
        return {name: {"read": int(came[name]), "used": used.get(name, 0)} for name in sorted(came)}

    def answered(self) -> int | None:
        """Return how many questions of the questionnaire carry an answer; None where none came."""
        survey = None if self.dataset is None else self.dataset.tables.get("survey")
        return None if survey is None else int(survey["answer"].notna().sum())


def check_clients(
    paths: Iterable[Path], today: date | None = None, period: Period | None = None
) -> list[Checked]:
    """Check every path; one that cannot be read leaves the others.

    period : the days that figures are to speak of; None: those that the data covers.

    Raises
    ------
    CallError
        for a path where there is nothing: that is a wrong call, said before anything is read.
    """
    paths = list(paths)
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise CallError(f"There is no file or folder {', '.join(missing)}. Look at the spelling.")
    return [_checked(path, today, period) for path in paths]


def _checked(path: Path, today: date | None, period: Period | None) -> Checked:
    try:
        dataset = examine(path, period, today)
    except DataError as error:
        return Checked(path, None, (str(error),))
    return Checked(path, dataset, tuple(why_unusable(dataset)))


def grouped(problems: pd.DataFrame) -> list[Kind]:
    """Group problems that differ only in row and value."""
    if problems.empty:
        return []
    keys = ["table", "file", "column", "severity"]
    numbers = problems["message"].str.replace(r'"[^"]*"', "…", regex=True)
    shapes = numbers.str.replace(r"\d[\d,.:]*", "#", regex=True).rename("shape")
    kinds = []
    for key, group in problems.groupby([*(problems[name] for name in keys), shapes], sort=False):
        table, file, column, severity, _ = map(str, key)
        shown = tuple(sentence(problem) for _, problem in group.head(EXAMPLES).iterrows())
        kinds.append(Kind(table, file, column, severity, len(group), shown))
    return sorted(kinds, key=lambda kind: ORDER.index(kind.severity))


def as_text(checked: Checked) -> str:
    """Say what was found, a line each, examples first and the rest counted."""
    lines = [f"{checked.path}: {'usable' if checked.usable else 'NOT USABLE'}"]
    for name, rows in checked.tables().items():
        aside = rows["read"] - rows["used"]
        answered = checked.answered() if name == "survey" else None
        told = (
            f"{rows['used']:,} of {rows['read']:,} rows used"
            if answered is None
            else f"{answered:,} of {counted(rows['read'], 'question')} answered"
        )
        lines.append(f"  {name}: {told}" + (f", {aside:,} set aside" if aside else ""))
    if checked.dataset is not None:
        lines += [f"  assumed: {assumed.rstrip('.')}." for assumed in checked.dataset.client.assumed]
    below = {example for kind in checked.kinds() if kind.severity == "unusable" for example in kind.examples}
    lines += [
        f"  {line}" for reason in checked.reasons if reason not in below for line in reason.splitlines()
    ]
    severity = ""
    for kind in checked.kinds():
        if kind.severity != severity:
            severity = kind.severity
            lines.append(f"  {severity}:")
        lines += [f"    {example}" for example in kind.examples]
        if kind.n > len(kind.examples):
            lines.append(f"    … and {kind.n - len(kind.examples):,} more of this kind")
    return "\n".join(lines)


def as_json(checked: Checked) -> dict[str, Any]:
    """Return what was found as plain values."""
    return {
        "path": str(checked.path),
        "usable": checked.usable,
        "reasons": list(checked.reasons),
        "client": None if checked.dataset is None else checked.dataset.client.id,
        "assumed": [] if checked.dataset is None else list(checked.dataset.client.assumed),
        "tables": checked.tables(),
        "questions_answered": checked.answered(),
        "problems": [
            {
                "severity": kind.severity, "table": kind.table, "file": kind.file, "column": kind.column,
                "n": kind.n, "examples": list(kind.examples),
            }
            for kind in checked.kinds()
        ],
    }  # fmt: skip
