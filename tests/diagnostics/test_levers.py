"""A finding's lever is a path of the scenario, so that it can be priced by simulation."""

import ast
import inspect
from pathlib import Path

import pytest

from workbench.diagnostics import checks
from workbench.diagnostics.diagnostic import CHECKS
from workbench.resources import folder
from workbench.sim.scenario import Scenario
from workbench.studies.pricing.rule import RULES

FOLDER = Path(checks.__file__).parent


def levers():
    for path in sorted(FOLDER.glob("*.py")):
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


def test_a_lever_is_the_path_that_the_price_moves():
    """One truth: what a finding names is what its rule declares and moves; what no rule moves has no lever."""
    moves = {code: path for rule in RULES for path, codes in rule.moves.items() for code in codes}
    code_of = {Path(inspect.getfile(check.assess)).stem: check.code for check in CHECKS}

    assert [] == sorted(
        (check, lever, moves.get(code_of[check]))
        for check, lever in levers()
        if lever and lever != moves.get(code_of[check])
    )


@pytest.mark.parametrize("scenario", ["medium"])
def test_the_shipped_scenario_has_what_the_levers_move(scenario):
    """Queues, groups, curves and money: what a lever names first is there."""
    said = Scenario.from_yaml(folder("templates") / "scenarios" / f"{scenario}.yaml")

    assert {lever.split(".")[0] for _, lever in levers() if lever} <= {
        name for name in Scenario.model_fields if getattr(said, name)
    }
