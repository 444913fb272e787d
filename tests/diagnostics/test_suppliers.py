"""Any supplier can be looked at with the checks that need no contact centre."""

from __future__ import annotations

import pytest

from tests.diagnostics.stories import handed
from workbench.diagnostics.assess import assess
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.suppliers import GENERAL, supplier_checks


@pytest.mark.method("VMF-17")
def test_no_check_of_a_supplier_needs_a_log_of_contacts_agents_or_shifts() -> None:
    """Ownership, forums, actions and controls are in; service level and adherence are not."""
    codes = supplier_checks()

    assert {"HC-1", "GOV-5", "VMF-9", "EXP-4"} & set(CHECKS.names()) <= set(codes)
    assert not {"VMF-3", "LC-7", "FM-1", "VL-1"} & set(codes)
    assert set() == {table for code in codes for table in CHECKS.get(code).needs} - GENERAL


@pytest.mark.method("VMF-17")
def test_an_office_supplier_without_a_single_contact_is_assessed() -> None:
    """Its weekly meeting, its actions and its owner are enough for scores; nothing breaks."""
    supplier = handed(
        gov_meeting=[{"forum": "weekly", "date_planned": {"from": "2024-06-04", "every": "7d"},
                      "date_held": {"from": "2024-06-04", "every": "7d"}, "decisions_n": 2, "repeat": 4}],
        gov_action=[{"id": "a{n}", "forum": "weekly", "raised": "2024-06-04", "due": "2024-06-11",
                     "closed": "2024-06-10", "repeat": 6}],
        ownership=[{"subject": "vendor", "subject_kind": "vendor", "role": "vendor manager", "raci": "A"}],
    )  # fmt: skip

    assessed = assess(supplier, only=supplier_checks())

    assert assessed.scores["GOV-5"].value is not None
    assert assessed.total.value is not None
    assert 0 <= assessed.total.low < assessed.total.high <= 100
