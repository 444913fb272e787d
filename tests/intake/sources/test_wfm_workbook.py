"""Is a planner's workbook of intervals read in the words, clocks and units that planners use?"""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from workbench.errors import DataError
from workbench.intake.read import read_client
from workbench.intake.source import source_for
from workbench.intake.sources.wfm_workbook import WfmWorkbook

HEADS = ["Date", "Interval", "Offered", "Handled", "Abandoned", "ASA (sec)", "AHT (sec)", "Staffed"]


def written(path: Path, rows: list[list[Any]], title: bool = False) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append(["Interval report, June"])
        sheet.append([])
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_usual_workbook_is_read(tmp_path: Path) -> None:
    """Counts, seconds, and six people over half an hour as 10,800 s of staffed time."""
    day = datetime(2024, 6, 3)
    rows = [HEADS, [day, "08:00", 40, 36, 4, 25, 290, 6], [day, "08:30 - 09:00", 50, 44, 6, 31, 300, 6.5]]
    path = written(tmp_path / "june.xlsx", rows)

    dataset = read_client(path)

    row = dataset.tables["intervals"].iloc[0]
    assert "wfm_workbook" == source_for(path).name
    assert (40, 36, 4, 25, 290, 10_800) == tuple(
        row[c] for c in ("offered", "answered", "abandoned", "asa_s", "aht_s", "staffed_s")
    )
    assert ["08:00", "08:30"] == [f"{t:%H:%M}" for t in dataset.tables["intervals"]["interval_start"]]
    assert 1800 == row["interval_s"]
    assert any("people on average" in text for text in dataset.client.assumed)


def test_titles_totals_and_clocks_are_understood(tmp_path: Path) -> None:
    """A title above, a total below, times as Excel clocks, AHT as 4:50 in three ways of writing it."""
    rows = [
        [*HEADS[:6], "AHT", "Staffed Hours"],
        [datetime(2024, 6, 3), time(8, 0), 40, 36, 4, 25, "4:50", 1.5],
        [datetime(2024, 6, 3), time(8, 15), 50, 44, 6, 31, time(4, 50), 1.5],
        [datetime(2024, 6, 3), 0.354166667, 50, 44, 6, 31, time(0, 4, 50), 1.5],
        ["Total", None, 140, 124, 16, None, None, None],
    ]
    dataset = read_client(written(tmp_path / "june.xlsx", rows, title=True))

    table = dataset.tables["intervals"]
    assert [290.0] * 3 == table["aht_s"].tolist()
    assert [5400.0] * 3 == table["staffed_s"].tolist()
    assert [900.0] * 3 == table["interval_s"].tolist()
    assert dataset.problems["message"].str.contains('"Total"').any()


def test_minutes_without_a_word_are_seen(tmp_path: Path) -> None:
    """AHT of 4.8 and 5.1 in all rows is minutes, and that is said."""
    rows = [[*HEADS[:6], "AHT", "FTE"], [datetime(2024, 6, 3), "08:00", 40, 36, 4, 25, 4.8, 6],
            [datetime(2024, 6, 3), "08:30", 40, 36, 4, 25, 5.1, 6]]  # fmt: skip
    dataset = read_client(written(tmp_path / "june.xlsx", rows))

    assert [288.0, 306.0] == pytest.approx(dataset.tables["intervals"]["aht_s"].tolist())
    assert any("taken as minutes" in text for text in dataset.client.assumed)


def test_a_date_that_may_be_two_is_not_guessed(tmp_path: Path) -> None:
    """03/04/2024 as text is March or April: nothing is read."""
    rows = [HEADS, ["03/04/2024", "08:00", 40, 36, 4, 25, 290, 6]]

    with pytest.raises(DataError, match="no row below the heads has a day and a time"):
        read_client(written(tmp_path / "june.xlsx", rows))


def test_a_workbook_called_like_a_table_goes_by_its_heads(tmp_path: Path) -> None:
    """intervals.xlsx: with the workbench's own heads it is the folder's, with a planner's heads it is read as such."""
    day = datetime(2024, 6, 3, 8)
    own = [["interval_start", "offered", "aht_s"], [day, 40, 290]]
    planners = [["Date", "Interval", "Offered", "AHT (sec)"], [day, "08:00", 40, 290]]

    assert "folder" == source_for(written(tmp_path / "intervals.xlsx", own)).name
    assert "wfm_workbook" == source_for(written(tmp_path / "intervals.xlsx", planners)).name


def test_other_workbooks_are_not_its_own(tmp_path: Path) -> None:
    """A sheet of something else, and a file that is no workbook, are left to others."""
    (tmp_path / "broken.xlsx").write_bytes(b"no zip")

    assert not WfmWorkbook().accepts(tmp_path / "broken.xlsx")
    assert not WfmWorkbook().accepts(written(tmp_path / "x.xlsx", [["agent_id", "start_date"], ["a", "b"]]))
