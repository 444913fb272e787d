"""Remedies are files that people work with: prefilled, marked where something lacks, harmless."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from tests.diagnostics.small import small_client
from tests.test_cli import call
from workbench.diagnostics.assess import Assessment, assess
from workbench.diagnostics.lifecycle import HANDOFFS
from workbench.intake.dataset import Dataset
from workbench.resources import folder
from workbench.studies.remedies import (
    REMEDIES,
    actions_csv,
    calibration,
    kpi_sheet,
    onboarding,
    raci,
    write_remedies,
)
from workbench.studies.sheets import Sheet, workbook


def assessed(dataset: Dataset | None = None) -> Assessment:
    return assess(dataset or small_client(), only=["VL-2", "HC-2"])


def opened(sheets: list[Sheet]) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(sheets)))


def test_a_handoff_without_exactly_one_accountable_role_is_marked() -> None:
    """One with one owner is not; one with two, or none, is."""
    rows = [("HO-1", "WFM", "A"), ("HO-2", "HR", "A"), ("HO-2", "operations", "A"), ("HO-3", "HR", "R")]
    ownership = pd.DataFrame(rows, columns=["subject", "role", "raci"])
    assessment = assess(small_client().with_table("ownership", ownership), only=["GOV-2"])
    sheet = raci(assessment)[0]
    states = {row[0]: row[2] for row in sheet.rows}
    marked = {
        sheet.rows[row][0] for (row, column), look in sheet.looks.items() if look == "marked" and column == 2
    }

    assert ["one owner", "2 answer for it", "nobody answers for it"] == [states[f"HO-{n}"] for n in (1, 2, 3)]
    assert set(HANDOFFS) - {"HO-1"} == marked


def test_without_a_document_ownership_is_not_known_rather_than_nobodys() -> None:
    """Unknown is not zero."""
    sheet = raci(assessed(small_client().without("ownership")))[0]

    assert {"not known"} == {row[2] for row in sheet.rows}
    assert "table ownership is missing" in " ".join(sheet.notes)


def test_each_onboarding_step_has_owner_and_deadline_and_how_it_goes_now() -> None:
    """Every system and every course of the client's own data; what leaves no trace is marked."""
    dataset = small_client()
    (sheet,) = onboarding(assessed(dataset))
    steps = {row[0]: row for row in sheet.rows}

    for system in dataset.tables["provisioning"]["system"].unique():
        assert str(steps[f"Access to {system}"][3]).startswith("there on the first day: ")
    assert all(row[1] and row[2] for row in sheet.rows)
    blank = [place for place, row in enumerate(sheet.rows) if row[3] is None]
    assert blank
    assert all(sheet.looks[place, 3] == "marked" for place in blank)


def test_a_key_figure_says_what_it_lacks() -> None:
    """Owner there, forum and action not."""
    kpi = pd.DataFrame(
        [
            {
                "kpi": "aht_s",
                "owner": "ops",
                "forum": None,
                "threshold": 400.0,
                "direction": "at most",
                "action_rule": None,
            }
        ]
    )
    (sheet,) = kpi_sheet(assessed(small_client().with_table("kpi", kpi)))
    row = next(row for row in sheet.rows if row[0] == "aht_s")

    assert "forum, action" == row[6]
    assert {(0, 2), (0, 5)} == {
        cell for cell, look in sheet.looks.items() if look == "marked" and cell[0] == 0
    }


def test_evaluators_do_not_see_earlier_scores() -> None:
    """The form has contacts and blanks; why a contact was chosen is for the chair."""
    sheets = {sheet.name: sheet for sheet in calibration(assessed())}

    assert 12 == len(sheets["Scores"].rows)
    assert all(cell is None for row in sheets["Scores"].rows for cell in row[1:])
    assert [row[0] for row in sheets["Scores"].rows] == [row[0] for row in sheets["For the chair"].rows]


def test_agreement_is_counted_over_pairs_of_evaluators() -> None:
    """Three scores of one contact are three pairs: 0.8–0.8, 0.8–0.5, 0.8–0.5."""
    rows = [("s1", "k1", e, "total", s) for e, s in (("e1", 0.8), ("e2", 0.8), ("e3", 0.5))]
    table = pd.DataFrame(rows, columns=["session_id", "contact_id", "evaluator_id", "item", "score"])
    sheet = calibration(assessed(small_client().with_table("calibration", table)))[-1]

    assert [["total", 3, 0.2]] == [row[:3] for row in sheet.rows]


HOSTILE = '=HYPERLINK("http://x","y")'


def test_what_a_client_wrote_is_never_a_formula_or_a_link() -> None:
    """In every cell of a workbook; in CSV it is quoted."""
    book = opened([Sheet("a", HOSTILE, [(HOSTILE, 10)], [[HOSTILE, "+1", "http://x", "a\x00b"]], [HOSTILE])])
    cells = [cell for row in book["a"].iter_rows() for cell in row if cell.value is not None]

    assert {"s"} == {cell.data_type for cell in cells}
    assert not any(cell.hyperlink for cell in cells)
    assessment = assessed()
    finding = replace(assessment.findings[0], remedy=HOSTILE)
    text = actions_csv(replace(assessment, findings=(finding,)))
    assert f"'{HOSTILE[:5]}" in text


def test_the_same_content_gives_the_same_bytes() -> None:
    """So that a file in a repository changes only if something changed."""
    sheets = [Sheet("a", "t", [("x", 3)], [[1]])]

    assert workbook(sheets) == workbook(sheets)
    names = zipfile.ZipFile(io.BytesIO(workbook(sheets))).namelist()
    assert "xl/worksheets/sheet1.xml" in names


@pytest.mark.parametrize("name", sorted(p.name for p in folder("example").iterdir() if p.is_dir()))
def test_every_example_client_gets_every_remedy(name: str, tmp_path: Path) -> None:
    """However little was delivered."""
    from workbench.intake.read import read_client

    written = write_remedies(assess(read_client(folder("example") / name), only=["VL-2", "GOV-2"]), tmp_path)

    assert {f"{r.name}.xlsx" for r in REMEDIES} | {"actions.csv"} == {path.name for path in written}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in written)


def test_the_command_names_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """workbench remedies CLIENT --out DIR."""
    code = call(monkeypatch, "remedies", str(folder("example") / "quietbrook_travel"), "--out", str(tmp_path))

    assert code == 0
    assert f"Written: {tmp_path / 'raci.xlsx'}" in capsys.readouterr().out
