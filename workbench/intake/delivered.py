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


def why_not_there(dataset: Dataset, table: str) -> str:
    """Return what became of a table that came and cannot be used; empty where it did not come, or can be.

    "delivered, could not be read: hris.csv is not text, whatever its name says". Of answers that cannot be read
    the names of owners in the same file are lost too.
    """
    if dataset.usable(table):
        return ""
    read = dataset.provenance.rows_read.get(table, 0)
    wrong = lost(dataset)
    for name in (table, *(ANSWERED if table in ANSWERED and not read else ())):
        for _, problem in wrong[wrong["table"] == name].iterrows():
            said = str(problem["message"]).partition(". ")[0].rstrip(".")
            if said.startswith(NO_ROW):
                continue
            if read:
                return f"delivered, but {said if said.startswith(AHEAD) else f'it {said}'}"
            return f"delivered, could not be read: {problem['file'] or name} {said}"
    return f"delivered, but none of its {counted(read, 'row')} can be used" if read else ""


def not_usable(dataset: Dataset) -> list[str]:
    """Return, a sentence each, which files and tables came and cannot be used, and what to do."""
    return [sentence(problem) for _, problem in lost(dataset).iterrows()]
