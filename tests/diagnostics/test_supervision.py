"""How much supervision work needs is measured by its errors, not taken from its name."""

from __future__ import annotations

import pytest

from tests.diagnostics.stories import handed
from workbench.diagnostics.supervision import supervision_need


@pytest.mark.method("CX-3")
def test_back_office_with_more_failed_evaluations_needs_more_supervision() -> None:
    """Mail: 6 of 10 below 70 %; voice: 1 of 10 failed on a critical item, although it scored 95 %."""
    made = handed(
        contacts=[
            {"contact_id": "c{n}", "channel": "email", "offered_ts": "2024-06-03 09:00", "repeat": 10},
            {"contact_id": "c{n}", "channel": "voice", "offered_ts": "2024-06-03 09:00", "repeat": 11},
        ],
        qa_eval=[
            {"eval_id": "e{n}", "contact_id": "c{n}", "agent_id": "A1", "eval_ts": "2024-06-04 09:00",
             "score": 0.5, "repeat": 6},
            {"eval_id": "e{n}", "contact_id": "c{n}", "agent_id": "A1", "eval_ts": "2024-06-04 09:00",
             "score": 0.7, "repeat": 4},
            {"eval_id": "e{n}", "contact_id": "c{n}", "agent_id": "A1", "eval_ts": "2024-06-04 09:00",
             "score": 0.95, "critical_flag": {"cycle": [True] + [False] * 9}, "repeat": 10},
        ],
    )  # fmt: skip

    table = supervision_need(made.tables["qa_eval"], made.tables["contacts"]).set_index("channel")

    assert ["email", "voice"] == list(table.index)
    assert [10, 10] == list(table["evaluations"])
    assert [0.6, 0.1] == list(table["poor"])
    # Wilson for 6 and for 1 of 10
    assert (0.3127, 0.8318) == pytest.approx(tuple(table.loc["email", ["low", "high"]]), abs=5e-5)
    assert (0.0179, 0.4042) == pytest.approx(tuple(table.loc["voice", ["low", "high"]]), abs=5e-5)


@pytest.mark.method("CX-3")
def test_evaluations_of_unknown_contacts_say_nothing_of_a_channel() -> None:
    """No channel appears that was not looked at."""
    made = handed(
        contacts=[{"contact_id": "c1", "channel": "email", "offered_ts": "2024-06-03 09:00"}],
        qa_eval=[{"eval_id": "e1", "agent_id": "A1", "eval_ts": "2024-06-04 09:00", "score": 0.5}],
    )

    assert [] == list(supervision_need(made.tables["qa_eval"], made.tables["contacts"])["channel"])
