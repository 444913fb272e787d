"""Does a scenario survive its workbook, and can nothing in it act as a formula?"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.studies import floors
from workbench.errors import CallError, ScenarioError
from workbench.resources import scenario_file
from workbench.sim.scenario import Scenario
from workbench.studies.scenario_sheets import sheets_of, write_scenario


@pytest.mark.parametrize("name", ["small", "medium"])
def test_a_scenario_is_read_back_from_its_workbook(tmp_path: Path, name: str) -> None:
    """The same scenario, from the sheet that holds its file."""
    scenario = Scenario.from_yaml(scenario_file(name))
    write_scenario(scenario, tmp_path / "s.xlsx")

    assert scenario == Scenario.from_yaml(tmp_path / "s.xlsx")


def test_a_change_on_the_last_sheet_is_read(tmp_path: Path) -> None:
    """Who changes a line of the file in Excel changes the scenario."""
    write_scenario(floors.scenario(days=7), tmp_path / "s.xlsx")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    for row in book["scenario"].iter_rows():
        row[0].value = str(row[0].value or "").replace("07:30", "07:00")
    book.save(tmp_path / "s.xlsx")

    assert "07:00" == Scenario.from_yaml(tmp_path / "s.xlsx").shifts["day"].start


def test_values_are_typed_and_heads_carry_units(tmp_path: Path) -> None:
    """48 half-hours of 7 days; rates are numbers, the head says per hour; staffing is six from 7:30 on."""
    write_scenario(floors.scenario(days=7), tmp_path / "s.xlsx")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    rows = list(book["arrivals"].iter_rows(values_only=True))
    staff = {r[2]: r[3] for r in book["staffing"].iter_rows(values_only=True) if r[1] == "Monday"}

    head = next(i for i, row in enumerate(rows) if row[0] == "day")
    assert "calls [contacts/h]" == rows[head][3]
    assert 7 * 48 == len(rows) - head - 1
    assert 42 == rows[head + 1 + 17][3]
    assert (0, 6, 6, 0) == (staff["07:00"], staff["07:30"], staff["16:00"], staff["16:30"])


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """A queue called =1+1 is text on every sheet."""
    data = floors.scenario(days=1).to_data()
    data["queues"]["=1+1"] = data["queues"].pop("calls")
    data["queues"]["=1+1"]["skill"] = "calls"
    write_scenario(Scenario.parse(data, "test"), tmp_path / "s.xlsx")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")

    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert any(cell.value == "=1+1" for row in book["handle times"].iter_rows() for cell in row)


def test_another_workbook_and_another_ending_are_refused(tmp_path: Path) -> None:
    """The sheet that is missing is named, and so are the endings."""
    openpyxl.Workbook().save(tmp_path / "other.xlsx")

    with pytest.raises(ScenarioError, match='there is no sheet "scenario"'):
        Scenario.from_yaml(tmp_path / "other.xlsx")
    with pytest.raises(CallError, match=r"\.yaml, \.yml, \.xlsx"):
        write_scenario(floors.scenario(days=1), tmp_path / "s.docx")


def test_each_matter_has_a_sheet() -> None:
    """Arrivals, handle times, staffing, shrinkage and skills, each with a table."""
    sheets = {s.name: s for s in sheets_of(Scenario.from_yaml(scenario_file("medium")))}

    assert {"arrivals", "handle times", "staffing", "shrinkage", "skills"} <= set(sheets)
