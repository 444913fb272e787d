"""Does the notebook for a first simulation run, with pictures that say what they show?"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest

from workbench.resources import folder

NOTEBOOK = folder("notebooks") / "simulate.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp("notebook") / "simulate.ipynb"
    parameters = {
        "scenario_name": "small",
        "replications": 5,
        "change": "groups.team.agents=14",
    }
    return papermill.execute_notebook(
        str(NOTEBOOK), str(out), parameters, kernel_name="python3", progress_bar=False, log_output=False
    )


def outputs(notebook: Any, kind: str) -> list[Any]:
    return [
        output["data"][kind]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if kind in output.get("data", {})
    ]


def test_the_notebook_runs_and_draws_three_pictures(executed: Any) -> None:
    """The day, the differences, and the day with the change; each a picture of some size."""
    pictures = [base64.b64decode(p) for p in outputs(executed, "image/png")]

    assert len(pictures) == 3
    assert all(p.startswith(b"\x89PNG") and len(p) > 5_000 for p in pictures)


def test_every_picture_says_in_words_what_it_shows(executed: Any) -> None:
    """Highest and lowest of each line; differences with their intervals."""
    words = [text for text in outputs(executed, "text/plain") if "points" in text or "highest" in text]

    assert len(words) == 3
    assert "Service level: highest" in words[0]


def test_cells_are_questions_and_at_most_five_lines() -> None:
    """No logic in cells: no function, no loop, at most five lines of code beside blank ones."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            lines = [line for line in cell.source.splitlines() if line.strip()]

            assert len(lines) <= 5, cell.source
            assert not any(line.startswith(("def ", "for ", "while ", "class ")) for line in lines)
            assert cell.outputs == []


def test_the_notebook_is_committed_without_outputs() -> None:
    """What a reader sees is what they ran."""
    assert '"outputs": []' in Path(NOTEBOOK).read_text(encoding="utf-8")
