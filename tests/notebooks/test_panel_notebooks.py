"""Do the notebooks that are panels run, with cells that are questions and hold no logic?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from workbench.resources import folder

PANELS = {"what_if": {"scenario_name": "small", "replications": 4}, "staffing": {"scenario_name": "small"}}


@pytest.mark.parametrize("name", PANELS)
def test_the_notebook_runs_and_shows_its_panel(name: str, tmp_path: Path) -> None:
    """The last cell's output is a widget; the panel begins with the floor as it is."""
    parameters: dict[str, Any] = {**PANELS[name]} | (
        {"folder": str(tmp_path / "kept")} if name == "what_if" else {}
    )
    done = papermill.execute_notebook(
        str(folder("notebooks") / f"{name}.ipynb"), str(tmp_path / "done.ipynb"), parameters,
        kernel_name="python3", progress_bar=False, log_output=False,
    )  # fmt: skip
    shown = [output["data"] for output in done.cells[-1].outputs if "data" in output]

    assert ["application/vnd.jupyter.widget-view+json"] == [
        k for data in shown for k in data if "widget-view" in k
    ]


@pytest.mark.parametrize("name", PANELS)
def test_cells_are_questions_and_at_most_five_lines(name: str) -> None:
    """Prose first, then no more than a call; committed without outputs."""
    cells = nbformat.read(folder("notebooks") / f"{name}.ipynb", as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]

    assert "markdown" == cells[0].cell_type
    assert all(len([line for line in cell.source.splitlines() if line.strip()]) <= 5 for cell in code)
    assert [] == [
        cell.source for cell in code if re.search(r"^\s*(def|for|while|class|lambda)\b", cell.source, re.M)
    ]
    assert [] == [output for cell in code for output in cell.outputs]
