"""A finding's lever is a path of the scenario, so that it can be priced by simulation."""

import ast
from pathlib import Path

import pytest

from workbench.diagnostics import checks
from workbench.resources import folder
from workbench.sim.scenario import Scenario

CHECKS = Path(checks.__file__).parent


def levers():
    for path in sorted(CHECKS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "lever" and isinstance(node.value, ast.Constant):
                yield path.stem, node.value.value


def test_every_lever_begins_with_a_field_of_the_scenario():
    """A mistyped lever would never be priced."""
    fields = set(Scenario.model_fields)

    wrong = sorted(
        {(check, lever) for check, lever in levers() if lever and lever.split(".")[0] not in fields}
    )

    assert wrong == []


@pytest.mark.parametrize("scenario", ["medium"])
def test_the_shipped_scenario_has_what_the_levers_move(scenario):
    """Queues, groups, curves and money: what a lever names first is there."""
    said = Scenario.from_yaml(folder("templates") / "scenarios" / f"{scenario}.yaml")

    assert {lever.split(".")[0] for _, lever in levers() if lever} <= {
        name for name in Scenario.model_fields if getattr(said, name)
    }
