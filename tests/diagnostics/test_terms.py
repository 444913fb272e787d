"""What was promised: from the table, else from client.yaml, else an assumption that says so."""

from __future__ import annotations

import pytest

from tests.diagnostics.stories import CLIENT, handed
from workbench.diagnostics.terms import ASSUMED, service_level_terms, term_for
from workbench.intake.client import SlaTerm

PROMISED = CLIENT.model_copy(update={"sla_terms": (SlaTerm(formula="V5", threshold_s=30, target=0.9),)})


@pytest.mark.method("DEF-1")
def test_the_table_comes_before_the_file_and_the_file_before_the_assumption() -> None:
    """X % within Y seconds by a named formula; without any of it 80 % in 20 s, called assumed."""
    rows = [
        {"metric": "aht_s", "target": 300},
        {
            "metric": "Service_Level",
            "formula_variant": "V1",
            "threshold": 10,
            "target": 0.85,
            "window": "week",
        },
    ]
    table = handed(sla=rows).tables["sla"]
    (first,), source = service_level_terms(PROMISED, table)

    assert (SlaTerm(formula="V1", threshold_s=10, target=0.85, window="week"), "table sla") == (first, source)
    assert ((SlaTerm(formula="V5", threshold_s=30, target=0.9),), "client.yaml") == service_level_terms(
        PROMISED, None
    )
    assert ((SlaTerm(),), ASSUMED) == service_level_terms(CLIENT, table.iloc[:1])
    assert (0.8, 20.0, "V2") == (SlaTerm().target, SlaTerm().threshold_s, SlaTerm().formula)


@pytest.mark.method("DEF-1")
def test_a_term_of_which_only_the_target_is_said_has_the_usual_rest() -> None:
    """Threshold 20 s, V2 and a month stand where the table is silent."""
    (term,), _ = service_level_terms(
        CLIENT, handed(sla=[{"metric": "service_level", "target": 0.7}]).tables["sla"]
    )

    assert SlaTerm(target=0.7) == term


def test_a_queue_has_its_own_term_or_the_general_one() -> None:
    """The general term comes first; where there is none, the first of the others stands for it."""
    rows = [
        {"metric": "service_level", "queue": "sales", "target": 0.9},
        {"metric": "service_level", "target": 0.7},
    ]
    terms, _ = service_level_terms(CLIENT, handed(sla=rows).tables["sla"])

    assert [None, "sales"] == [term.queue for term in terms]
    assert [0.9, 0.7, 0.7] == [term_for(terms, queue).target for queue in ("sales", "claims", None)]
    assert 0.9 == term_for(terms[1:], None).target
