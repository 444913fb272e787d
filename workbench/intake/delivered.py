"""Why is a table not there: was it never sent, or did it come and cannot be used?"""

from __future__ import annotations

import pandas as pd

from workbench.intake.dataset import Dataset
from workbench.intake.days import AHEAD, ANSWERED
from workbench.intake.read import sentence
from workbench.once import once_per_table
from workbench.wording import counted

NO_ROW = "has no row that can be used"


def lost(dataset: Dataset) -> pd.DataFrame:
    """Return the problems that cost a whole file or table, as rows of `Dataset.problems`."""
    return _lost(dataset.problems)


@once_per_table
def _lost(problems: pd.DataFrame) -> pd.DataFrame:
    return problems[(problems["severity"] == "unusable") & problems["row"].isna()]


@once_per_table
def _said(problems: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Return, by table, the file that is lost and the first sentence of what is said of it."""
    said: dict[str, list[tuple[str, str]]] = {}
    wrong = _lost(problems)
    for table, file, message in zip(wrong["table"], wrong["file"], wrong["message"], strict=True):
        said.setdefault(table, []).append((file, str(message).partition(". ")[0].rstrip(".")))
    return said


def why_not_there(dataset: Dataset, table: str) -> str:
    """Return what became of a table that came and cannot be used; empty where it did not come, or can be.

    "delivered, could not be read: hris.csv is not text, whatever its name says". Of answers that cannot be read
    the names of owners in the same file are lost too.
    """
    if dataset.usable(table):
        return ""
    read = dataset.provenance.rows_read.get(table, 0)
    wrong = _said(dataset.problems)
    for name in (table, *(ANSWERED if table in ANSWERED and not read else ())):
        for file, said in wrong.get(name, ()):
            if said.startswith(NO_ROW):
                continue
            if read:
                return f"delivered, but {said if said.startswith(AHEAD) else f'it {said}'}"
            return f"delivered, could not be read: {file or name} {said}"
    return f"delivered, but none of its {counted(read, 'row')} can be used" if read else ""


def not_usable(dataset: Dataset) -> list[str]:
    """Return, a sentence each, which files and tables came and cannot be used, and what to do."""
    return [sentence(problem) for _, problem in lost(dataset).iterrows()]
