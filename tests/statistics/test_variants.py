"""Are the ways a process runs counted as a person would count them on paper?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.errors import CallError
from workbench.statistics.variants import conformance, dwell, rework_share, variants


def log(**cases: str) -> pd.DataFrame:
    """A case is a word: each letter an activity, one hour apart."""
    rows = [
        (case, letter, pd.Timestamp("2024-06-03", tz="UTC") + pd.Timedelta(hours=hour))
        for case, word in cases.items()
        for hour, letter in enumerate(word)
    ]
    return pd.DataFrame(rows, columns=["case", "activity", "time"])


def test_variants_of_four_cases():
    """abc twice, acb and ab once: top share one half, entropy 1.5 bits of 1.585."""
    found = variants(log(x="abc", y="abc", z="acb", w="ab"))

    assert found.table["variant"].tolist() == [("a", "b", "c"), ("a", "b"), ("a", "c", "b")]
    assert (found.cases, found.top_share) == (4, 0.5)
    assert found.entropy == pytest.approx(1.5)
    assert found.evenness == pytest.approx(1.5 / np.log2(3))


def test_one_way_of_working_has_no_entropy():
    """All alike: 0 bits, evenness 0; no cases: no share."""
    alike = variants(log(x="abc", y="abc"))
    nothing = variants(log())

    assert (alike.top_share, alike.entropy, alike.evenness) == (1.0, 0.0, 0.0)
    assert (nothing.cases, nothing.top_share) == (0, None)
    assert rework_share(log()) is None


def test_conformance_to_the_documented_order():
    """Documented a b c d: kept, one missing, two swapped, one added, one done twice."""
    table = conformance(log(kept="abcd", missing="acd", swapped="acbd", added="abxcd", twice="abbcd"), "abcd")

    assert table.loc["kept", "conforms"]
    assert not table.drop("kept")["conforms"].any()
    assert table.loc["missing", "missing"] == ("b",)
    assert table.loc["swapped", "out_of_order"] == 1
    assert table.loc["added", "extra"] == ("x",)
    assert table.loc["twice", "repeated"] == 1
    assert table["fitness"].to_dict() == pytest.approx(
        {"kept": 1.0, "missing": 0.75, "swapped": 0.75, "added": 1.0, "twice": 1.0}
    )
    assert rework_share(log(x="abc", y="aba")) == 0.5


def test_dwell_between_steps():
    """a to b takes 1 h in two cases and 3 h in a third: median 1 h, longest 3 h."""
    events = log(x="ab", y="ab", z="ab")
    events.loc[5, "time"] += pd.Timedelta(hours=2)
    table = dwell(events)

    assert table[["start", "end", "n"]].to_numpy().tolist() == [["a", "b", 3]]
    assert table[["median_s", "longest_s"]].to_numpy().tolist() == [[3600, 3 * 3600]]


def test_the_order_of_rows_is_no_part_of_the_log():
    """Shuffled rows run the same; an event without a time is left out."""
    events = log(x="abcd", y="adcb")
    shuffled = events.sample(frac=1, random_state=1)

    pd.testing.assert_frame_equal(variants(events).table, variants(shuffled).table)
    events.loc[1, "time"] = pd.NaT
    assert ("a", "c", "d") in variants(events).table["variant"].tolist()


def test_a_documented_order_names_each_step_once():
    """abca is not an order."""
    with pytest.raises(CallError, match="Give each step once"):
        conformance(log(x="ab"), "aba")
