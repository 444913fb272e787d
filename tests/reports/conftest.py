"""Toy templates and empty clients, for tests of how reports are run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

TOY_OPENING = """\
from workbench.reports.report import ClientCard, Days, Origin, versions
from workbench.reports.section import Prose, Section
Origin(template="toy", client=ClientCard(id=client, name=client, time_zone="UTC", currency="EUR"),
       period=Days(start="2024-06-03", end="2024-06-30", text="June"), audience="client", seed=seed,
       parameters={}, source="toy", inputs={}, rows_read={}, versions=versions())
"""
TOY_SECTION = 'Section(id="only", title="Only", blocks=(Prose.of("It says " + words),))'


@pytest.fixture
def toy(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a toy template: one section, and whatever cells a test adds."""

    def write(*cells: str, name: str = "toy", metadata: Mapping[str, Any] | None = None) -> Path:
        parameters = 'client = "x"  # who\nwords = "hello"  # what it says\nseed = 1'
        code = [
            new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}),
            *(new_code_cell(cell, id=f"own-{i}") for i, cell in enumerate(cells)),
            new_code_cell(TOY_OPENING, id="opening"),
            new_code_cell(TOY_SECTION, id="section"),
        ]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = new_notebook(cells=code, metadata={"kernelspec": kernel, **(metadata or {})})
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture
def clients(tmp_path: Path) -> Callable[..., list[str]]:
    """Return a function that makes empty client folders."""

    def make(*names: str) -> list[str]:
        for name in names:
            (tmp_path / "clients" / name).mkdir(parents=True, exist_ok=True)
        return [str(tmp_path / "clients" / name) for name in names]

    return make
