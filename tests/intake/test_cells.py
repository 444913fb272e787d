"""Is every cell read as somebody would read it who knows the export?"""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench.intake.cells import Cells
from workbench.intake.source import Conventions
from workbench.intake.spec import ColumnType
from workbench.intake.validate import READERS

BERLIN = Conventions(time_zone="Europe/Berlin")


def read(kind: ColumnType, cells: list[Any], how: Conventions = BERLIN, dtype: str = "str") -> Cells:
    return READERS[kind](pd.Series(cells, dtype=dtype), how)


def numbers(kind: ColumnType, cells: list[Any], how: Conventions = BERLIN) -> list[float | None]:
    return [None if np.isnan(value) else value for value in read(kind, cells, how).values]


def times(cells: list[Any], how: Conventions = BERLIN) -> list[str]:
    return [
        f"{value:%Y-%m-%d %H:%M}" if pd.notna(value) else "" for value in read("timestamp", cells, how).values
    ]


def test_decimal_comma_is_seen_by_the_sure_cells_of_a_column() -> None:
    """3,5 can only be a decimal comma, and so 1.234 in the same column is a thousand."""
    assert numbers("number", ["3,5", "1.234", "1.234,5", "7"]) == [3.5, 1234.0, 1234.5, 7.0]


def test_comma_between_thousands_is_read_and_said() -> None:
    """1,234 alone can be both; it is read as a thousand and a note says which cell."""
    result = read("number", ["12", "1,234"])

    assert result.values.tolist() == [12.0, 1234.0]
    assert [note.rows.tolist() for note in result.notes if note.rows is not None] == [[False, True]]


def test_cells_that_contradict_each_other_are_not_guessed() -> None:
    """With both a sure comma and a sure point in a column, 1,234 is unreadable."""
    result = read("number", ["3,5", "2.75", "1,234"])

    assert result.values.tolist()[:2] == [3.5, 2.75]
    assert result.unreadable.tolist() == [False, False, True]


def test_stated_decimal_mark_decides() -> None:
    """mapping.yaml says the comma: a point can then only stand between thousands."""
    comma = Conventions(decimal=",")

    assert numbers("number", ["1.234", "2,5"], comma) == [1234.0, 2.5]
    assert read("number", ["1.5"], comma).unreadable.tolist() == [True]


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", "1 234.5", 1234.5), ("number", "1'234", 1234.0), ("number", "-7", -7.0),
        ("number", "1e3", 1000.0), ("fraction", "85 %", 0.85), ("fraction", "12,5%", 0.125),
        ("fraction", "0.85", 0.85), ("seconds", "0:01:35", 95.0), ("seconds", "1 day, 0:00:01", 86401.0),
        ("seconds", "95", 95.0), ("count", "3.0", 3.0),
    ],
)  # fmt: skip
def test_measure_is_read(kind: ColumnType, cell: str, value: float) -> None:
    """Numbers, shares and durations in the forms that exports use."""
    assert numbers(kind, [cell]) == [value]


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        ("number", "a few"), ("number", "inf"), ("number", "1e400"), ("number", "12,34,5"), ("count", "1.5"),
        ("seconds", "3:20"), ("seconds", "0:61:00"), ("flag", "perhaps"), ("flag", "2"),
        ("timestamp", "09:61"), ("timestamp", "2024"), ("timestamp", "2024-02-30"), ("timestamp", "45000"),
        ("timestamp", "0001-01-01"), ("date", "2024-13"), ("date", "30.2.2024"), ("timestamp", "3/4/2024 25:00"),
    ],
)  # fmt: skip
def test_what_nobody_can_read_is_told_apart_from_what_is_empty(kind: ColumnType, cell: str) -> None:
    """Unreadable cells are marked; empty ones and the usual words for nothing are not."""
    result = read(kind, [cell, "", "NULL", "n/a", "-"])

    assert result.unreadable.tolist() == [True, False, False, False, False]
    assert result.values.isna().all()


def test_yes_and_no_come_in_several_languages_and_empty_is_unknown() -> None:
    """Unknown is not no."""
    cells = ["Yes", "ja", "TRUE", "1", "x", "no", "nein", "0", "", "unknown"]

    assert read("flag", cells).values.tolist() == [True] * 5 + [False] * 3 + [pd.NA] * 2


def test_names_keep_their_zeros_and_lose_what_a_spreadsheet_adds() -> None:
    """00123 stays; a number column of a spreadsheet gives 118 and not 118.0; NA may be a region."""
    assert read("id", ["00123", " a ", "NA"]).values.tolist() == ["00123", "a", "NA"]
    assert read("id", [118.0, 2.0], dtype="float64").values.tolist() == ["118", "2"]
    assert read("id", ["NULL", ""]).values.isna().all()


def test_times_with_and_without_offset() -> None:
    """09:00 in Berlin is 07:00 UTC in summer and 08:00 in winter; an offset overrules the zone."""
    cells = ["2024-06-03 09:00", "2024-12-03 09:00", "2024-06-03T09:00:00Z", "2024-06-03 09:00:00+05:30"]

    assert times(cells) == ["2024-06-03 07:00", "2024-12-03 08:00", "2024-06-03 09:00", "2024-06-03 03:30"]
    assert read("timestamp", cells).values.dtype == "datetime64[us, UTC]"


def test_local_forms_of_a_day() -> None:
    """3.4. is the third of April; what has a 13 in it says by that which is the day."""
    assert times(["3.4.2024 08:00", "13/4/2024 1:05 PM", "2024/04/03 08:00"]) == [
        "2024-04-03 06:00", "2024-04-13 11:05", "2024-04-03 06:00",
    ]  # fmt: skip


def test_open_order_of_day_and_month_is_not_guessed() -> None:
    """3/4 is undecided alone, decided by a neighbour with a 13, and by what mapping.yaml says."""
    alone = read("timestamp", ["3/4/2024 08:00"])

    assert alone.undecided is not None
    assert alone.undecided.tolist() == [True]
    assert times(["3/4/2024 08:00", "13/4/2024 08:00"])[0] == "2024-04-03 06:00"
    assert times(["3/4/2024 08:00"], Conventions(time_zone="Europe/Berlin", day_first=False)) == [
        "2024-03-04 07:00"
    ]


def test_day_of_23_hours() -> None:
    """02:30 does not exist on 31 March 2024 in Berlin; it is read an hour later, and said."""
    result = read("timestamp", ["2024-03-31 01:30", "2024-03-31 02:30", "2024-03-31 03:30"])

    assert [f"{value:%H:%M}" for value in result.values] == ["00:30", "01:30", "01:30"]
    assert [note.rows.tolist() for note in result.notes if note.rows is not None] == [[False, True, False]]


def test_day_of_25_hours() -> None:
    """02:30 comes twice on 27 October 2024 in Berlin: at 00:30 and at 01:30 UTC."""
    result = read("timestamp", ["2024-10-27 01:30", "2024-10-27 02:30", "2024-10-27 03:30"])

    assert [f"{value:%H:%M}" for value in result.values] == ["23:30", "00:30", "02:30"]
    assert result.after_repeat is not None
    assert [f"{value:%H:%M}" for value in result.after_repeat] == ["01:30"]


def test_end_of_time_is_no_end() -> None:
    """9999-12-31 is how systems write that something has not ended."""
    assert times(["9999-12-31"]) == [""]
    assert read("timestamp", ["9999-12-31"]).unreadable.tolist() == [False]


def test_days_take_months_and_instants() -> None:
    """A month is its first day; an instant is the day that it falls on in the client's zone."""
    cells = ["2024-06", "1.2.2024", "2024-06-01 10:00"]
    instant = pd.Series(pd.to_datetime(["2024-06-01T23:30:00Z"]))

    assert read("date", cells).values.dt.strftime("%Y-%m-%d").tolist() == [
        "2024-06-01",
        "2024-02-01",
        "2024-06-01",
    ]
    assert READERS["date"](instant, BERLIN).values[0] == pd.Timestamp("2024-06-02")


def test_cells_of_a_spreadsheet_are_read_by_their_own_type() -> None:
    """openpyxl hands over datetimes, times and numbers beside text."""
    moment = datetime.datetime(2024, 6, 3, 9)
    result = READERS["timestamp"](pd.Series([moment, "2024-06-03 10:00", 5], dtype="object"), BERLIN)

    assert [f"{value:%H:%M}" for value in result.values[:2]] == ["07:00", "08:00"]
    assert result.unreadable.tolist() == [False, False, True]
