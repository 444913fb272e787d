"""The wheel of eight items in its two modes, and the total over past reviews."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.diagnostics.stories import CLIENT, handed
from workbench.diagnostics.assess import assess
from workbench.diagnostics.wheel import ITEMS, health_wheel, trend_of_reviews
from workbench.intake.client import Client

POTENTIAL = CLIENT.model_copy(update={"mode": "pre-contract"})
ANSWERS = [
    {"item_id": "HC-2", "side": "buyer", "answer": 2, "respondent": "b"},
    {"item_id": "HC-2", "side": "vendor", "answer": 4, "respondent": "v"},
    {"item_id": "HC-7", "side": "buyer", "answer": 3, "respondent": "b"},
]
MEETING = {"forum": "weekly", "date_planned": {"from": "2024-06-03", "every": "7d"}, "repeat": 4}


def wheel(client: Client) -> dict[str, object]:
    dataset = handed(client, survey=ANSWERS, gov_meeting=[MEETING])
    return {spoke.code: spoke for spoke in health_wheel(assess(dataset, only=ITEMS))}


@pytest.mark.method("HC-10", "FIG-9")
def test_the_wheel_shows_eight_items_with_both_sides_answers() -> None:
    """HC-2: 2 and 4 of five are 25 and 75, 50 points apart; who did not answer has none."""
    spokes = wheel(CLIENT)
    cadence, measures = spokes["HC-2"], spokes["HC-7"]

    assert list(ITEMS) == list(spokes)
    assert (25.0, 75.0, 50.0) == (cadence.buyer, cadence.vendor, cadence.gap)  # type: ignore[attr-defined]
    assert (50.0, None, None) == (measures.buyer, measures.vendor, measures.gap)  # type: ignore[attr-defined]


@pytest.mark.method("HC-10")
def test_before_a_contract_what_only_a_running_one_can_show_does_not_count() -> None:
    """No weekly was held: running, that counts; before a contract HC-2 is what both sides say, 50, and open."""
    running, potential = wheel(CLIENT)["HC-2"], wheel(POTENTIAL)["HC-2"]

    assert running.value < 50  # type: ignore[attr-defined]
    assert (50.0, 0.0, 100.0) == (potential.value, potential.low, potential.high)  # type: ignore[attr-defined]
    assert "between critical and good" == potential.band  # type: ignore[attr-defined]


@pytest.mark.method("FM-G4", "SC-11")
def test_a_slow_decline_is_signalled_although_no_single_step_is_large() -> None:
    """Totals of 71, 69, 70, 70, 68, 66 and 63 now: each fall small, their sum beyond four spreads.

    Before: mean 69, ranges 2 1 0 2 2, spread 1.4 / 1.128 = 1.241. Falls less half a spread add up to
    1/1.241 − 0.5 = 0.306, + 3/1.241 − 0.5 = 2.224, + 6/1.241 − 0.5 = 6.560.
    """
    totals = (71, 69, 70, 70, 68, 66)
    past = [{"period": f"2024-0{i}", "total": total} for i, total in enumerate(totals, start=1)]
    table = trend_of_reviews(past, 63)

    assert [0, 0, 0, 0, 0.306, 2.224, 6.560] == pytest.approx(list(table["fall"]), abs=2e-3)
    assert [False] * 6 + [True] == list(table["signal"])
    assert "now" == table["period"].iloc[-1]


@pytest.mark.method("FM-G4", "SC-11")
def test_three_reviews_show_no_trend() -> None:
    """No spread is known; an unknown total is no fall."""
    table = trend_of_reviews([{"period": "2023", "total": 70}, {"period": "2024", "total": None}], 20)

    assert table["fall"].isna().all()
    assert table["signal"].isna().all()
    assert [70.0, 20.0] == list(table["total"].dropna())


def test_equal_totals_never_signal() -> None:
    """A spread of 0 does not divide."""
    table = trend_of_reviews([{"period": str(year), "total": 70} for year in range(2019, 2024)], 70)

    assert not table["signal"].any()
    assert isinstance(table, pd.DataFrame)
