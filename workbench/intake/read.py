"""How does a path become a client's validated tables? The one public way in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from workbench.errors import DataError
from workbench.intake.dataset import Dataset
from workbench.intake.days import ANSWERED, covered_days, dated_by_standing, undated
from workbench.intake.period import NO_DATE, Period
from workbench.intake.source import in_own_words, source_for
from workbench.intake.validate import validate


def read_client(path: Path | str, period: Period | None = None, today: date | None = None) -> Dataset:
    """Read and validate a client folder, or a single log file that a source accepts.

    Parameters
    ----------
    path : the folder or file.
    period : the days that figures are to speak of; None: those that the data covers.
    today : a table of what has happened that lies after it as a whole is not used; None: nothing is judged as
        future.

    Raises
    ------
    CallError
        if there is nothing at `path`.
    SourceConflict
        if several sources accept it.
    DataError
        if nothing of it can be used; the message holds every reason.
    """
    dataset = examine(Path(path), period, today)
    reasons = why_unusable(dataset)
    if reasons:
        raise DataError("\n".join([f"{path}: nothing can be assessed", *(f"  {r}" for r in reasons)]))
    return dataset


def examine(path: Path, period: Period | None = None, today: date | None = None) -> Dataset:
    """Read and validate what is at `path`, however little of it can be used; see `why_unusable`."""
    raw = source_for(path).read(path)
    dataset = validate(raw, period, today)
    return replace(dataset, problems=in_own_words(dataset.problems, raw.headers))


def why_unusable(dataset: Dataset) -> list[str]:
    """Return why nobody can be assessed from `dataset`; empty if somebody can.

    A client file that cannot be read, or not a single usable row in any table.
    """
    unusable = dataset.problems[dataset.problems["severity"] == "unusable"]
    about_client = unusable[unusable["table"] == "client"]
    if len(dataset.tables) and not len(about_client):
        said = _nothing_said(dataset)
        return [*(sentence(problem) for _, problem in unusable.iterrows()), *said] if said else []
    reasons = [sentence(problem) for _, problem in unusable.iterrows()]
    return reasons or [
        "there is no table and no answer in it. Accepted: client.yaml and contacts.csv, answers.yaml …"
    ]


def _nothing_said(dataset: Dataset) -> list[str]:
    """Return why tables that can be read still say nothing of the period: no answer, no day, other days."""
    survey = dataset.tables.get("survey")
    answered = 0 if survey is None else int(survey["answer"].notna().sum())
    answered += len(dataset.tables.get("owner_answer", ()))
    if set(dataset.tables) == {"survey"} and survey is not None and not answered:
        return [
            f"none of the {len(survey):,} questions is answered, and no table came. Answer some, or add a table."
        ]
    if dataset.period.start == NO_DATE and (not answered or dated_by_standing(dataset.tables)):
        why = undated(dataset.tables)
        return [f"{why[:1].lower()}{why[1:]}. Give it: --period 2024-06."]
    tables = {name: table for name, table in dataset.tables.items() if name not in ANSWERED}
    covered, _ = covered_days(tables, dataset.client.time_zone, dataset.provenance.files)
    if covered and (dataset.period.end < covered.start or dataset.period.start > covered.end):
        return [f"no row lies in {dataset.period}; the data run {covered}. Choose a period within."]
    return []


def sentence(problem: pd.Series) -> str:
    """Say one problem in a line: "contacts.csv row 118, answer_ts: "09:61" is not a time. …"."""
    where = str(problem["file"] or problem["table"] or "the folder")
    if pd.notna(problem["row"]):
        where += f" row {problem['row']}"
    if problem["column"]:
        where += f", {problem['column']}"
    message = str(problem["message"])
    return f"{where}: {message}{'' if message.endswith(('.', '?')) else '.'}"
