"""A finding about training lies with the side that trains, as far as the contract says."""

from __future__ import annotations

import pytest

from tests.diagnostics.stories import CLIENT, handed
from workbench.diagnostics.assess import assess
from workbench.diagnostics.sides import training_side


@pytest.mark.method("CX-16")
@pytest.mark.parametrize(
    ("said", "side"),
    [("client", "buyer"), ("Provider", "vendor"), ("both", "both"), ("a training school", "both")],
)
def test_the_contract_says_who_trains(said: str, side: str) -> None:
    """Words that nobody knows accuse nobody alone."""
    assert side == training_side(CLIENT.model_copy(update={"contract": {"training_by": said}}))
    assert "both" == training_side(CLIENT)


@pytest.mark.method("CX-16")
def test_a_finding_on_courses_is_the_buyers_where_the_buyer_trains() -> None:
    """The same courses, never finished: whose finding it is follows from client.yaml."""
    courses = [{"agent_id": "A{n}", "course": "billing", "assigned": "2024-06-03 09:00", "repeat": 20}]

    def side(**contract: str) -> set[str]:
        client = CLIENT.model_copy(update={"contract": contract})
        found = assess(handed(client, training=courses), only=["LC-4"]).findings
        return {finding.side for finding in found}

    assert ({"buyer"}, {"both"}) == (side(training_by="client"), side())
