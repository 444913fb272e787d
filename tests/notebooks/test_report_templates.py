"""A report's template is a few lines: typed, commented parameters that its model knows, and one loop."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from papermill.inspection import inspect_notebook

from workbench.reports import templates
from workbench.reports.parameters import MODELS

NAMES = templates.names()


def notebook(name: str) -> NotebookNode:
    return templates.load(name).notebook


def test_there_is_a_model_for_every_template_and_a_template_for_every_model() -> None:
    """Unknown names are refused for each."""
    assert set(NAMES) == set(MODELS)


@pytest.mark.parametrize("name", NAMES)
def test_template_is_valid_and_holds_no_output(name: str) -> None:
    """Committed without outputs, and named as it says."""
    content = notebook(name)
    nbformat.validate(content)

    assert name == content.metadata["workbench"]["template"]
    assert not [cell for cell in content.cells if cell.get("outputs") or cell.get("execution_count")]


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_those_of_the_model_each_with_type_and_comment(name: str) -> None:
    """`papermill --help-notebook` reads well, and the defaults are those that the model has."""
    inspected = inspect_notebook(templates.load(name).path)
    fields = MODELS[name].model_fields

    assert set(fields) == set(inspected)
    for parameter, told in inspected.items():
        assert told["inferred_type_name"] != "None", parameter
        assert 10 < len(told["help"]), parameter
        default = ast.literal_eval(told["default"])
        if not fields[parameter].is_required():
            assert fields[parameter].default == (tuple(default) if isinstance(default, list) else default)


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_short_and_define_nothing(name: str) -> None:
    """Logic belongs into the package, where tests reach it."""
    for cell in notebook(name).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        assert not [
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)
        ]
        if "parameters" not in cell.metadata.get("tags", ()):
            assert len(cell.source.splitlines()) <= 7


@pytest.mark.parametrize("name", NAMES)
def test_template_is_stored_as_jupyter_stores_it(name: str) -> None:
    """So that opening and saving it changes nothing."""
    path: Path = templates.load(name).path
    text = path.read_text(encoding="utf-8")

    assert json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n" == text
