"""Is a thing worked out once per table, and does nobody see another's?"""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections import Counter
from dataclasses import is_dataclass
from inspect import unwrap
from types import FrameType
from typing import cast

import numpy as np
import pandas as pd
import pytest

from tests.diagnostics.small import small_client
from workbench.diagnostics.assess import assess
from workbench.diagnostics.periods import rows_within, weeks_of
from workbench.metrics.columns import coded, flags, times
from workbench.metrics.contact_outcome import contact_outcome
from workbench.metrics.qa_score import evaluation_scores
from workbench.metrics.resolution import judged_by_repeat
from workbench.once import Remembered, once_per_table, remembering

CALLS: list[str] = []


@once_per_table
def doubled(table: pd.DataFrame, column: str, *, times: float = 2.0) -> pd.DataFrame:
    CALLS.append(column)
    return table[[column]] * times


@once_per_table
def values(table: pd.DataFrame, column: str) -> np.ndarray:
    return np.array(table[column])


@pytest.fixture
def table() -> pd.DataFrame:
    CALLS.clear()
    return pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})


def test_outside_of_a_block_every_call_computes(table: pd.DataFrame) -> None:
    """A function on its own is what it was before it was marked."""
    assert doubled(table, "a") is not doubled(table, "a")
    assert ["a", "a"] == CALLS


def test_inside_a_block_the_same_table_and_settings_compute_once(table: pd.DataFrame) -> None:
    """Another column, another setting, or an equal table that is another object is another question."""
    with remembering():
        first = doubled(table, "a")

        assert doubled(table, "a") is first
        assert doubled(table, "b") is not first
        assert doubled(table, "a", times=2.0) is first
        assert doubled(table, "a", times=3.0) is not first
        assert doubled(table.copy(), "a") is not first
    assert ["a", "b", "a", "a"] == CALLS


def test_numbers_that_are_equal_but_of_another_kind_are_told_apart(table: pd.DataFrame) -> None:
    """1, 1.0 and True are equal; what is made of them need not be."""
    with remembering():
        assert len({id(doubled(table, "a", times=n)) for n in (1, 1.0, True)}) == 3


def test_nothing_is_left_after_the_block(table: pd.DataFrame) -> None:
    """The next assessment begins with nothing."""
    with remembering() as known:
        doubled(table, "a")
        assert len(known) == 1
    assert len(known) == 0
    with remembering():
        doubled(table, "a")
    assert ["a", "a"] == CALLS


def test_what_is_known_of_a_table_goes_with_it(table: pd.DataFrame) -> None:
    """A part of a log that somebody looked at for a moment is not kept, and its place is free for another."""
    with remembering() as known:
        doubled(table[table["a"] > 1], "a")
        gc.collect()

        assert len(known) == 0


def test_a_block_inside_a_block_joins_it(table: pd.DataFrame) -> None:
    """A report that assesses and then draws works nothing out twice."""
    with remembering():
        with remembering():
            first = doubled(table, "a")

        assert doubled(table, "a") is first


def test_threads_know_nothing_of_each_other(table: pd.DataFrame) -> None:
    """Two clients assessed at the same time in two threads have nothing in common."""
    seen: list[pd.DataFrame] = []
    with remembering() as known:
        first = doubled(table, "a")
        thread = threading.Thread(target=lambda: seen.append(doubled(table, "a")))
        thread.start()
        thread.join()

        assert seen[0] is not first
        assert len(known) == 1


def test_an_error_ends_the_block_too(table: pd.DataFrame) -> None:
    """A diagnostic that fails leaves nothing behind."""

    def fail() -> None:
        with remembering():
            doubled(table, "a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    doubled(table, "a")

    assert ["a", "a"] == CALLS


def test_a_remembered_array_cannot_be_changed(table: pd.DataFrame) -> None:
    """Who tries is told at once."""
    with remembering():
        array = values(table, "a")
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9.0


def test_what_many_checks_ask_for_is_worked_out_once() -> None:
    """How contacts ended, who came again, in which week, by whom: many ask, and one computation answers all."""
    shared = (
        rows_within,
        contact_outcome,
        judged_by_repeat,
        weeks_of,
        coded,
        flags,
        times,
        evaluation_scores,
    )
    body = {unwrap(function).__code__: function for function in shared}
    dataset = small_client()
    asked, worked = Counter[object](), Counter[object]()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event != "call":
            return
        if frame.f_code is rows_within.__code__:  # all marked functions are entered here
            asked[frame.f_locals["function"]] += 1
        elif frame.f_code in body:
            code = frame.f_code
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            table, *settings = (frame.f_locals[name] for name in names)
            if id(table) in lasting:
                worked[body[code], id(table), repr(settings)] += 1

    with remembering():
        period = rows_within(dataset.tables["contacts"], "offered_ts", dataset.period, dataset.client)
        lasting = {id(table) for table in (*dataset.tables.values(), period)}
        sys.setprofile(watch)
        try:
            assess(dataset)
        finally:
            sys.setprofile(None)

    assert [] == [one for one, n in worked.items() if n > 1]
    for function in shared:
        assert asked[unwrap(function)] > sum(n for (one, *_), n in worked.items() if one is function) > 0


def test_no_diagnostic_changes_a_table_or_what_is_known_of_it() -> None:
    """After a whole assessment everything remembered is what a fresh computation gives."""
    dataset = small_client()
    before = {name: rows.copy(deep=True) for name, rows in dataset.tables.items()}
    with remembering() as known:
        assess(dataset)
        entries = list(known.values())
        again = [_afresh(entry) for entry in entries]

    assert len(entries) > 50
    for name, rows in dataset.tables.items():
        pd.testing.assert_frame_equal(before[name], rows)
    for entry, fresh in zip(entries, again, strict=True):
        _same(fresh, entry.result)


def _afresh(entry: Remembered) -> object:
    def given(value: object) -> object:
        return value() if isinstance(value, weakref.ref) else value

    settings = {name: given(value) for name, value in entry.settings.items()}
    return entry.function(*map(given, entry.arguments), **settings)


def _same(expected: object, actual: object) -> None:
    """Hold two results against each other, and the parts of those that have parts."""
    assert type(expected) is type(actual)
    if isinstance(expected, pd.DataFrame):
        pd.testing.assert_frame_equal(expected, cast("pd.DataFrame", actual))
    elif isinstance(expected, pd.Series):
        pd.testing.assert_series_equal(expected, cast("pd.Series", actual))
    elif isinstance(expected, pd.Index):
        pd.testing.assert_index_equal(expected, cast("pd.Index", actual))
    elif isinstance(expected, np.ndarray):
        np.testing.assert_array_equal(expected, cast("np.ndarray", actual))
    elif isinstance(expected, tuple | list):
        for one, other in zip(expected, cast("list[object]", actual), strict=True):
            _same(one, other)
    elif isinstance(expected, dict):
        _same(list(expected.items()), list(cast("dict[object, object]", actual).items()))
    elif is_dataclass(expected):
        _same(vars(expected), vars(actual))
    else:
        assert expected == actual
