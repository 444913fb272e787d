"""Are values read, compared and counted the same way by the short road and the long one?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.metrics.columns import (
    FEW,
    among,
    any_of,
    equals,
    filled,
    in_one_list,
    in_order,
    numbered,
    places,
    spelled,
)
from workbench.metrics.contact_outcome import codes_and_waits
from workbench.metrics.service_level import FORMULAS, service_level, service_level_by_formula


@pytest.mark.parametrize("dtype", ["str", "object", "float64"])
def test_among_is_isin_and_unknown_is_in_nothing(dtype: str) -> None:
    """NaN in both is no match: nobody is not somebody."""
    values = pd.Series(["1", "2", None, "4"]).astype(dtype)
    others = pd.Series(["4", None, "1", "1"]).astype(dtype)

    assert [True, False, False, True] == among(values, others).tolist()
    assert not among(values, others.iloc[:0]).any()


def test_all_formulas_at_once_are_the_formulas_one_by_one() -> None:
    """Counting once and dividing five times changes nothing, down to what a Measure says of itself."""
    draw = np.random.default_rng(8)
    offered = pd.Timestamp("2024-06-03 08:00", tz="UTC") + pd.to_timedelta(
        draw.uniform(0, 9e4, 400), unit="s"
    )
    ends = offered + pd.to_timedelta(draw.gamma(1.5, 15, 400), unit="s")
    left = draw.random(400) < 0.2
    contacts = pd.DataFrame(
        {"offered_ts": offered, "answer_ts": ends.where(~left), "abandon_ts": ends.where(left)}
    )
    at_once = service_level_by_formula(*codes_and_waits(contacts), threshold_s=15.0, short_abandon_s=4.0)

    assert at_once == {
        variant: service_level(contacts, variant=variant, threshold_s=15.0, short_abandon_s=4.0)
        for variant in FORMULAS
    }


def log(rows: int = 400) -> pd.DataFrame:
    """A table of words and days, a tenth of each unknown."""
    draw = np.random.default_rng(3)

    def some(values: list[str]) -> list[str | None]:
        return [None if draw.random() < 0.1 else values[i] for i in draw.integers(0, len(values), rows)]

    return pd.DataFrame(
        {
            "agent": pd.Series(some(["b", "a", "c"]), dtype="str"),
            "queue": pd.Series(some(["sales", "Sales", "help"]), dtype="str"),
            "day": pd.to_datetime(pd.Series(some(["2024-05-02", "2024-05-01"]))),
        }
    )


def test_cells_are_the_groups_of_pandas() -> None:
    """The slow and obvious way finds the same groups in the same order, and leaves out what is unknown."""
    table = log()
    (cell,), cells = in_order([table], ["agent", "day"])
    groups = table.groupby(["agent", "day"]).size()

    assert groups.index.to_frame(index=False).to_numpy().tolist() == cells.to_numpy().tolist()
    assert groups.tolist() == np.bincount(cell[cell >= 0]).tolist()
    assert (cell < 0).tolist() == table[["agent", "day"]].isna().any(axis=1).tolist()


def test_cells_of_two_tables_are_one_list() -> None:
    """What only one of them has is a cell too."""
    first, second = pd.DataFrame({"k": ["b", "a"]}), pd.DataFrame({"k": ["c", "b", None]})
    of, cells = in_order([first, second], ["k"])

    assert ["a", "b", "c"] == cells["k"].tolist()
    assert [[1, 0], [2, 1, -1]] == [one.tolist() for one in of]
    mine, theirs, values = in_one_list(first, second, "k")
    assert ([0, 1], [2, 0, -1], 3) == (mine.tolist(), theirs.tolist(), values)


def test_rows_that_agree_have_one_number() -> None:
    """Unknown agrees with unknown, as drop_duplicates has it."""
    table = log()
    number = numbered(table, ["agent", "queue"])

    assert len(table.drop_duplicates(["agent", "queue"])) == number.max() + 1
    assert number.tolist() == table.groupby(["agent", "queue"], dropna=False, sort=False).ngroup().tolist()


def test_words_are_found_in_any_spelling_and_exactly() -> None:
    """A tag may be written in capitals; a name may not."""
    table = log()

    assert (table["queue"].str.casefold() == "sales").tolist() == spelled(table, "queue", ["sales"]).tolist()
    assert (table["queue"] == "sales").tolist() == equals(table, "queue", "sales").tolist()
    assert not equals(table, "queue", "nowhere").any()
    some = ["help", "Sales", "nowhere"]
    assert table["queue"].isin(some).tolist() == any_of(table, "queue", some).tolist()
    assert table["queue"].notna().tolist() == filled(table, "queue").tolist()


@pytest.mark.parametrize("size", [3, 2 * FEW])
def test_few_words_and_many_are_found_at_their_places(size: int) -> None:
    """One by one or all at once, as an index finds them; what is not there, and nothing, is nowhere."""
    words = pd.Index([f"w{i}" for i in range(size)], dtype="str")
    wanted = pd.Index(["w2", "nowhere", "w0", None], dtype="str")

    assert [2, -1, 0, -1] == places(words, wanted).tolist() == words.get_indexer(wanted).tolist()
    assert [2, -1] == places(words, ["w2", "nowhere"]).tolist()
    days = pd.DatetimeIndex(["2024-05-02", "2024-05-01"])
    assert [1, 0] == places(days, days[::-1]).tolist()
