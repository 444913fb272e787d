"""Does the notebook with the panel of prices run, with cells that hold no logic?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import papermill

from tests.studies.pricing.prices import floor
from workbench.resources import folder

NOTEBOOK = folder("notebooks") / "prices.ipynb"


def test_the_notebook_runs_and_shows_its_panel(tmp_path: Path) -> None:
    """On a client whose scenario exists already; the last cell's output is a widget."""
    floor(money={"currency": "AUD"}).to_yaml(tmp_path / "floor.yaml")
    asked: dict[str, Any] = {
        "client": str(folder("example") / "quietbrook_travel"), "scenario": str(tmp_path / "floor.yaml"),
        "pay": "24", "months": 2,
    }  # fmt: skip
    done = papermill.execute_notebook(
        str(NOTEBOOK), str(tmp_path / "done.ipynb"), asked, kernel_name="python3", progress_bar=False, log_output=False
    )  # fmt: skip
    shown = [output["data"] for output in done.cells[-1].outputs if "data" in output]

    assert ["application/vnd.jupyter.widget-view+json"] == [
        k for data in shown for k in data if "widget-view" in k
    ]
    assert "PricesPanel" in str(shown)


def test_cells_are_a_question_and_a_call() -> None:
    """At most five lines, nothing defined, committed without outputs."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells  # type: ignore[no-untyped-call]
    code = [cell for cell in cells if cell.cell_type == "code"]

    assert "markdown" == cells[0].cell_type
    assert all(len([line for line in cell.source.splitlines() if line.strip()]) <= 5 for cell in code)
    assert [] == [output for cell in code for output in cell.outputs]
