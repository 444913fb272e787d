"""Each dimension of data quality against rows counted by hand, and what a weak column spoils."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.casefile import cases_in, dataset
from tests.diagnostics.stories import handed
from workbench.diagnostics.assess import run
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.dimensions import DIMENSIONS, agreement_with_source, quality_by_dimension
from workbench.diagnostics.lineage import columns_read, spoiled
from workbench.intake.spec import table_specs

CASES = Path(__file__).parents[1] / "cases"


def quality(table: str, dimension: str, **tables: list[dict[str, object]]) -> tuple[int, int, dict[str, int]]:
    """Return looked at, wrong, and wrong by column."""
    found = quality_by_dimension(handed(**tables)).set_index(["table", "dimension"]).loc[(table, dimension)]
    return int(found["n"]), int(found["bad"]), {column: bad for column, bad, _ in found["columns"]}


ROSTER = [{"agent_id": "A1", "start_date": "2024-01-08"}, {"agent_id": "A2", "start_date": ""}]


def test_a_cell_must_be_filled_always_or_where_another_is() -> None:
    """Two ids and two first days; the reason of leaving where somebody left; a column that never came is unknown."""
    left = [{**ROSTER[0], "term_date": "2024-06-03", "term_reason": ""},
            {**ROSTER[1], "term_date": "2024-06-04", "term_reason": "pay"}]  # fmt: skip

    assert (4, 1, {"start_date": 1}) == quality("hris", "completeness", hris=ROSTER)
    assert (6, 2, {"start_date": 1, "term_reason": 1}) == quality("hris", "completeness", hris=left)


def test_a_required_cell_that_is_empty_is_incomplete_and_its_row_not_invalid() -> None:
    """The row is set aside; of four cells one is empty."""
    rows = [{"agent_id": "", "start_date": "2024-01-08"}, {"agent_id": "A2", "start_date": "2024-01-08"}]

    assert (3, 1, {"agent_id": 1}) == quality("hris", "completeness", hris=rows)
    assert (2, 0, {}) == quality("hris", "validity", hris=rows)


def test_a_value_that_its_column_does_not_accept_is_invalid() -> None:
    """One row with two bad values is one bad row."""
    rows = [{"agent_id": "A1", "start_date": "soon"}, {"agent_id": "A2", "start_date": "2024-01-08"}]

    assert (2, 1, {"start_date": 1}) == quality("hris", "validity", hris=rows)


def test_a_second_row_of_the_same_key_is_not_unique() -> None:
    """Three rows name two people."""
    rows = [*ROSTER, {"agent_id": "A1", "start_date": "2024-02-05"}]

    assert (3, 1, {"agent_id": 1}) == quality("hris", "uniqueness", hris=rows)


def test_times_out_of_order_and_names_that_nobody_knows_are_inconsistent() -> None:
    """One left before the first day, one has a team leader of no roster."""
    rows = [
        {"agent_id": "A1", "start_date": "2024-01-08", "term_date": "2024-01-01", "supervisor_id": "A2"},
        {"agent_id": "A2", "start_date": "2024-01-08", "term_date": "", "supervisor_id": "ghost"},
        {"agent_id": "A3", "start_date": "2024-01-08", "term_date": "", "supervisor_id": "A2"},
    ]

    assert (3, 2, {"supervisor_id": 1, "term_date": 1}) == quality("hris", "consistency", hris=rows)


def test_an_evaluation_may_be_entered_two_days_later() -> None:
    """To the second; without a time of entry nothing is known, which is not late."""
    row = {"eval_id": "e", "item": "total", "agent_id": "A1", "score": "0.8", "eval_ts": "2024-06-03 10:00"}
    rows = [{**row, "eval_id": f"e{i}", "entry_ts": at}
            for i, at in enumerate(["2024-06-05 10:00:00", "2024-06-05 10:00:01", ""])]  # fmt: skip

    assert (2, 1, {"entry_ts": 1}) == quality("qa_eval", "timeliness", qa_eval=rows)
    assert (0, 0, {}) == quality("hris", "timeliness", hris=ROSTER)


def test_a_sampled_record_agrees_by_flag_or_by_what_both_say() -> None:
    """The flag decides; else numbers by value and words without case; neither said: unknown."""
    rows = [("1", "40", "40.0", ""), ("2", "Sales", " sales ", ""), ("3", "HR", "IT", ""), ("4", "HR", "IT", "yes"),
            ("5", "", "", ""), ("6", "x", "", "")]  # fmt: skip
    names = ("record", "recorded", "in_source", "agrees")
    sample = [{"table": "hris", "column": "site", **dict(zip(names, row, strict=True))} for row in rows]
    dataset = handed(hris=ROSTER, accuracy_sample=sample)
    agrees = agreement_with_source(dataset.tables["accuracy_sample"])

    assert [True, True, False, True, None, False] == [None if pd.isna(a) else bool(a) for a in agrees]
    assert (5, 2, {"site": 2}) == quality("hris", "accuracy", hris=ROSTER, accuracy_sample=sample)


def test_a_table_that_cannot_be_read_is_not_complete() -> None:
    """Without the column that names a person no row of the roster is of use."""
    nameless = [{"start_date": "2024-01-08"}]

    assert (1, 1) == quality("hris", "completeness", hris=nameless)[:2]
    assert (0, 0) == quality("hris", "validity", hris=nameless)[:2]


def test_every_table_that_came_has_all_six_dimensions_and_says_why_one_is_not_measured() -> None:
    """Nothing looked at is no 100 %."""
    found = quality_by_dimension(handed(hris=ROSTER))

    assert list(DIMENSIONS) == found["dimension"].tolist()
    unmeasured = found[found["n"] == 0]
    assert unmeasured["share"].isna().all()
    assert unmeasured["reason"].str.len().gt(0).all()


def test_what_a_weak_column_spoils_is_read_off_the_diagnostics() -> None:
    """Skill tags spoil VL-3b alone; a column that no diagnostic names spoils nothing."""
    assert ("VL-3b",) == spoiled("hris", "skill_tags")
    assert ("VL-3c",) == spoiled("qa_eval", "entry_ts")
    assert () == spoiled("contacts", "language")
    assert set(spoiled("contacts", "disposition")) < set(spoiled("contacts"))


def _changed(code: str) -> list[tuple[str, str]]:
    """Return the columns that change the verdict of a diagnostic when they are emptied, in any of its cases."""
    declared, found = CHECKS.get(code), set()
    for case in cases_in(CASES / f"{code}.yaml"):
        whole = dataset(case)
        before = _figures(run(declared, whole))
        for table in {*declared.needs, *declared.optional} & set(whole.tables):
            frame = whole.tables[table]
            everywhere = np.ones(len(frame), bool)
            for column in frame.columns[frame.notna().any()]:
                if (table, column) in found or table_specs()[table].column(column).required:
                    continue
                emptied = whole.with_table(table, frame.assign(**{column: frame[column].mask(everywhere)}))
                try:
                    after = _figures(run(declared, emptied))
                except (
                    Exception
                ):  # no client's table lacks what validation fills in: it was read, that is enough
                    after = None
                if after != before:
                    found.add((table, column))
    return sorted(found)


def _figures(verdict: object) -> list[object]:
    return [(e.measure, e.value, e.n, e.score) for e in verdict.evidence]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "code", ["VL-2", "VL-3a", "VL-3b", "VL-3c", "EXP-6", "LC-9", "HC-2", "VMF-11", "GOV-5", "VMF-3"]
)
def test_no_column_that_changes_a_verdict_is_missing_from_the_lineage(code: str) -> None:
    """Second witness: the code is read for names; here columns are emptied and the verdict is looked at."""
    changed = _changed(code)

    assert changed
    assert set(changed) <= columns_read(code)
