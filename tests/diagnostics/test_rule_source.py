"""Each rule is shown with its source."""

import pytest

from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.rule_source import rule_source
from workbench.errors import UnknownName


@pytest.mark.method("CX-9")
def test_a_rule_names_its_source_and_the_interest_behind_it():
    """HC-2 comes from an outsourcing vendor's article, VL-3 from a consultant's."""
    assert rule_source("HC-2") == "article on failing partnerships (an outsourcing vendor)"
    assert rule_source("VL-3") == "article on employee-management technology (a consultant)"
    assert rule_source("SIM-1") == "ours"


def test_every_diagnostic_has_a_source():
    """No rule stands without one."""
    assert all(rule_source(declared.code) for declared in CHECKS)


def test_an_unknown_item_suggests_the_nearest():
    """As all unknown names do."""
    with pytest.raises(UnknownName, match="Did you mean"):
        rule_source("HC-22")
