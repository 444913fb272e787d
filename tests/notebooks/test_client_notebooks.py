"""Do the notebooks for exploring a client and for the workshop run, and show what they ask?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import papermill
import pytest

from tests.reports.test_prices_section import costed
from workbench.diagnostics.assess import assess
from workbench.intake.read import read_client
from workbench.panels import explore
from workbench.reports.priced import priced
from workbench.resources import folder
from workbench.wording import as_known

NAMES = ("explore_client", "scoring_workshop")


@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_runs(name: str, tmp_path: Path) -> None:
    """On the example client, from a fresh kernel; each question is answered by something."""
    client = folder("example") / "quietbrook_travel" if name == "explore_client" else None
    done: Any = papermill.execute_notebook(
        str(folder("notebooks") / f"{name}.ipynb"), str(tmp_path / "out.ipynb"),
        {"client": str(client)} if client else {}, kernel_name="python3", progress_bar=False, log_output=False,
    )  # fmt: skip
    shown = [o for cell in done.cells for o in cell.get("outputs", []) if "data" in o]

    assert len(shown) >= {"explore_client": 8, "scoring_workshop": 1}[name]
    if name == "scoring_workshop":
        assert "application/vnd.jupyter.widget-view+json" in shown[-1]["data"]


@pytest.mark.parametrize("name", NAMES)
def test_cells_hold_no_logic_and_no_outputs(name: str) -> None:
    """No function, no loop, at most five lines; committed without outputs."""
    notebook = nbformat.read(folder("notebooks") / f"{name}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert len(lines) <= 5
            assert not any(line.startswith(("def ", "class ", "for ", "while ", "if ")) for line in lines)
            assert cell.outputs == []
            assert cell.execution_count is None


def test_the_rows_behind_a_finding_are_those_of_the_file() -> None:
    """File and row as a spreadsheet counts."""
    client = folder("example") / "quietbrook_travel"
    assessment = assess(read_client(client), only=["GOV-2"])
    rows = explore.rows_behind(assessment, "GOV-2")
    rows = rows[rows["measure"].str.contains("meetings")]
    lines = (client / "gov_meeting.csv").read_text(encoding="utf-8").splitlines()

    assert {"gov_meeting.csv"} == set(rows["file"])
    assert all("weekly" in lines[int(row) - 1] for row in rows["row of file"])


def test_money_stands_beside_a_finding_that_has_a_price_and_no_price_is_not_zero() -> None:
    """With its interval and grade; without prices there is no such column."""
    assessment = costed()
    table = explore.findings(assessment).set_index("code")
    money = f"{assessment.pricing.currency} a month"  # type: ignore[union-attr]
    price = assessment.pricing.price_of(assessment.findings[0])  # type: ignore[union-attr]

    assert price is not None
    assert as_known(price.amount.value) == table[money].iloc[0]
    assert price.between == table["90 % interval"].iloc[0]
    assert (table.loc["RISK-1", money] is pd.NA, table.loc["RISK-1", "90 % interval"]) == (True, "no price")
    assert money not in explore.findings(priced(assessment, None))


def test_without_a_folder_an_example_is_copied_and_not_touched() -> None:
    """A workshop may write into its copy."""
    copy = explore.folder_of(None)

    assert folder("example") not in copy.parents
    assert (copy / "answers.yaml").read_bytes() == (
        folder("example") / copy.name / "answers.yaml"
    ).read_bytes()
    assert explore.folder_of(Path("here")) == Path("here")
