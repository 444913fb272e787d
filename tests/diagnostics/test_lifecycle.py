"""Stages, seams and functions, and which measures are outcomes."""

from __future__ import annotations

import pytest

from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.lifecycle import FUNCTIONS, HANDOFFS, STAGES
from workbench.diagnostics.measures_of_success import is_outcome


def test_the_lifecycle_has_twelve_stages_seventeen_seams_and_eight_functions() -> None:
    """As METHOD counts them; a seam joins known stages or an outside party, and each stage has its check."""
    outside = {"contract", "compliance", "billing", "client WFM"}
    ends = {end for handoff in HANDOFFS.values() for end in (handoff.source, handoff.target)}

    assert (12, 17, 8) == (len(STAGES), len(HANDOFFS), len(FUNCTIONS))
    assert set() == ends - set(STAGES) - outside
    assert set() == set(STAGES) - set(CHECKS.names())


@pytest.mark.parametrize(
    ("name", "expected"),
    [("repeat_rate", True), ("Customer Effort", True), ("occupancy", False), ("asa_s", False), (None, False)],
)
def test_outcomes_are_told_by_their_name(name: str | None, expected: bool) -> None:
    """What the customer got, not what the centre did."""
    assert expected == is_outcome(name)
