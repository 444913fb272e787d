"""Before a contract nobody is asked for what only a running partnership can show (METHOD HC-10)."""

from __future__ import annotations

from tests.diagnostics.stories import CLIENT, handed
from workbench.diagnostics.assess import BEFORE_CONTRACT, assess

POTENTIAL = CLIENT.model_copy(update={"mode": "pre-contract"})
ANSWER = {"item_id": "HC-3", "side": "buyer", "respondent": "b", "answer": 4}


def test_what_only_a_running_partnership_can_show_enters_no_score() -> None:
    """No contacts, no evaluations: running they are missing, before a contract they do not concern anybody."""
    running = assess(handed(CLIENT, survey=[ANSWER]))
    potential = assess(handed(POTENTIAL, survey=[ANSWER]))

    assert "LC-8" in running.not_assessed
    assert BEFORE_CONTRACT == potential.not_applicable["LC-8"]
    assert "LC-8" not in potential.not_assessed
    assert potential.total.high - potential.total.low < running.total.high - running.total.low


def test_what_was_answered_or_handed_over_counts_all_the_same() -> None:
    """HC-3 has an answer; its measures stay open, so that an answer alone does not settle it."""
    potential = assess(handed(POTENTIAL, survey=[ANSWER]))

    assert "HC-3" not in potential.not_applicable
    assert 75.0 == potential.scores["HC-3"].value
    assert potential.scores["HC-3"].high - potential.scores["HC-3"].low > 50


def test_documents_are_asked_for_before_a_contract_too() -> None:
    """Who answers for what can be written down before anybody signs."""
    potential = assess(handed(POTENTIAL, survey=[ANSWER]))

    assert "HC-1" not in potential.not_applicable
    assert "HC-1" in potential.not_assessed
