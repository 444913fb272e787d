"""What was reported beside what the contacts give under each formula."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.diagnostics.stories import CLIENT, handed
from workbench.diagnostics.reported import recomputed, reported_levels
from workbench.intake.client import SlaTerm

TERMS = (SlaTerm(formula="V2", threshold_s=20),)


def contacts(**more: Any) -> pd.DataFrame:
    """Ten contacts: six answered within 20 s, two later, one abandoned at once, one after a minute."""
    row = {"offered_ts": "2024-06-03 08:00", **more}
    answered = {**row, "contact_id": "c{n}", "answer_ts": "2024-06-03 08:10"}
    left = {**row, "contact_id": "c{n}", "abandon_ts": "2024-06-03 08:10"}
    rows = [
        {**answered, "wait_s": 10, "repeat": 6}, {**answered, "wait_s": 60, "repeat": 2},
        {**left, "wait_s": 2}, {**left, "wait_s": 60},
    ]  # fmt: skip
    return handed(contacts=rows).tables["contacts"]


def row(value: float, period: str = "2024-06", queue: str | None = None) -> pd.Series:
    return pd.Series({"table": "sla_result", "row": 2, "queue": queue, "period": period, "reported": value})


def test_every_reported_level_is_listed_with_its_table_and_row() -> None:
    """Other metrics and levels without a value are not reported levels."""
    dataset = handed(
        sla_result=[
            {"metric": "Service_Level", "period": "2024-06", "value": 0.8, "queue": "sales"},
            {"metric": "aht_s", "period": "2024-06", "value": 300},
            {"metric": "service_level", "period": "2024-05"},
        ],
        kpi_value=[{"kpi": "service_level", "period": "2024-06", "reported": 0.7}],
    )
    levels = reported_levels(dataset.tables["sla_result"], dataset.tables["kpi_value"])

    assert [("sla_result", 2, 0.8), ("kpi_value", 2, 0.7)] == list(
        levels[["table", "row", "reported"]].itertuples(index=False, name=None)
    )
    assert reported_levels(None, None).empty


def test_a_level_is_computed_again_under_all_five_formulas() -> None:
    """Worked by hand: V1 6/8, V2 6/10, V3 6/9, V4 7/10, V5 6/9; 0.604 agrees with the contract's V2."""
    result = recomputed(row(0.604), contacts(), TERMS, CLIENT)

    assert [0.75, 0.6, 6 / 9, 0.7, 6 / 9] == pytest.approx(
        [result[v] for v in ("V1", "V2", "V3", "V4", "V5")]
    )
    assert (10, True, "V2") == (result["contacts"], result["agrees"], result["formulas that give it"])
    assert 0.004 == pytest.approx(result["difference"])


def test_the_formula_that_was_really_used_is_named() -> None:
    """66.7 % come of V3 and of V5, not of the contract's V2."""
    result = recomputed(row(0.667), contacts(), TERMS, CLIENT)

    assert (False, "V3, V5") == (result["agrees"], result["formulas that give it"])


def test_a_queue_has_its_own_term_and_its_own_contacts() -> None:
    """Within 60 s all eight answered count; another queue has no contacts."""
    terms = (*TERMS, SlaTerm(queue="sales", formula="V1", threshold_s=60))
    mine = recomputed(row(1.0, queue="sales"), contacts(queue="sales"), terms, CLIENT)

    assert ("V1", 1.0, True) == (mine["contract formula"], mine["V1"], mine["agrees"])
    assert 0 == recomputed(row(1.0, queue="claims"), contacts(queue="sales"), terms, CLIENT)["contacts"]


@pytest.mark.parametrize("period", ["June", "2024-13", "2023-06", ""])
def test_a_period_that_cannot_be_read_or_holds_nothing_has_no_contacts(period: str) -> None:
    """It is neither right nor wrong."""
    assert 0 == recomputed(row(0.6, period), contacts(), TERMS, CLIENT)["contacts"]
