"""The order of repair holds whatever a finding's size."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.diagnostics.stories import finding, handed
from workbench.diagnostics.evidence import RANKS
from workbench.diagnostics.finding import Finding
from workbench.diagnostics.repair import ORDER, closing, design_share, gates, order_of_repair


@pytest.mark.method("FIX-1", "FIX-2", "FIX-3", "FIX-4", "DR-1", "DR-18", "NOT-5")
def test_a_severe_technical_finding_waits_for_minor_ones_on_process_ownership_and_cadence() -> None:
    """The step decides first; severity only within a step."""
    plan = order_of_repair(
        [
            finding("TECH-1", "severe", "technology"),
            finding("VL-4", "minor", "cadence"),
            finding("VL-2", "minor", "ownership"),
            finding("LC-8", "note", "process"),
        ]
    )

    assert ["LC-8", "VL-2", "VL-4", "TECH-1"] == [one.code for one in plan]
    assert [1, 2, 3, 4] == [one.place for one in plan]
    assert "FIX-4" in plan[-1].reason


@pytest.mark.method("CX-13")
def test_data_comes_after_ownership_and_before_the_routine() -> None:
    """The fourth leak has no step of its own in the method; its place is ours and says so."""
    plan = order_of_repair(
        [finding("c", step="cadence"), finding("d", step="data"), finding("o", step="ownership")]
    )

    assert ["o", "d", "c"] == [one.code for one in plan]
    assert "ours" in plan[1].reason


@pytest.mark.method("CX-14")
def test_security_and_pay_wait_for_nothing() -> None:
    """A minor finding that bypasses the order stands before a severe one on process."""
    plan = order_of_repair([finding("VL-1"), finding("EXP-6", "minor", "bypass")])

    assert "EXP-6" == plan[0].code
    assert "CX-14" in plan[0].reason


@pytest.mark.method("FIX-1", "NOT-4")
def test_technical_steps_are_held_back_while_the_process_is_not_clear() -> None:
    """The gate closes with a moderate finding on VL-1 and opens when only a minor one is left."""
    tool, access = finding("TECH-1", step="technology"), finding("EXP-6", step="bypass")
    closed = order_of_repair([tool, access, finding("VL-1a", "moderate")])
    opened = order_of_repair([tool, access, finding("VL-1a", "minor")])

    assert [False, False, True] == ["Held back" in one.reason for one in closed]
    assert ["VL-1a"] == [one.code for one in closed[-1].waits_for]
    assert not any("Held back" in one.reason for one in opened)


@pytest.mark.method("FIX-1")
def test_the_gate_of_one_process_holds_back_no_tool_of_another() -> None:
    """Training is unclear: a tool for it waits, and one for no process in particular; one for scheduling does not."""
    training = replace(finding("VL-1b"), about=("Training",))
    tools = [finding("LC-4", step="technology"), finding("LC-6", step="technology"), finding("T", step="technology"),
             finding("HO-4", step="technology")]  # fmt: skip
    waiting = {one.code: one.reason for one in order_of_repair([training, *tools]) if one.waits_for}

    assert {"LC-4", "HO-4", "T"} == set(waiting)
    assert waiting["LC-4"].endswith("Held back until training passes the gate (VL-1b)")


@pytest.mark.method("FIX-1")
def test_what_went_live_too_early_and_is_agreed_since_closes_nothing() -> None:
    """A finding that is about no process still open holds no tool back; one that does not say which holds all."""
    tool = finding("LC-6", step="technology")

    assert () == closing(tool, [replace(finding("VL-1"), about=())])
    assert ["VL-1"] == [one.code for one in closing(tool, [finding("VL-1")])]
    assert () == closing(finding("LC-6", step="cadence"), [finding("VL-1")])


@pytest.mark.method("FIX-1", "VL-1d")
def test_each_process_passes_its_gate_or_not_with_the_reason() -> None:
    """Signed and agreed passes, unless it runs otherwise; unsigned does not; not knowing is neither."""
    papers = handed(process_document=[
        {"process": "scheduling", "version": "1", "approved_date": "2024-03-01", "teams_agreed": "yes",
         "module_go_live": "2024-04-01"},
        {"process": "scheduling", "version": "2 draft", "teams_agreed": "no"},
        {"process": "training", "version": "1", "approved_date": "2024-03-01", "teams_agreed": "yes"},
        {"process": "quality", "version": "1", "teams_agreed": "yes"},
        {"process": "forecasting", "version": "1", "approved_date": "2024-03-01", "teams_agreed": "no"},
        {"process": "coaching", "version": "1", "approved_date": "2024-03-01"},
    ]).tables["process_document"]  # fmt: skip
    runs = [replace(finding("VL-1b"), about=("training",)), replace(finding("VL-1a"), about=("onboarding",))]
    table = gates(papers, runs).set_index("process")

    assert {
        "scheduling": True,
        "training": False,
        "quality": False,
        "forecasting": False,
        "onboarding": False,
    } == {name: bool(passes) for name, passes in table["passes"].dropna().items()}
    assert pd.isna(table.loc["coaching", "passes"])
    assert (
        "signed off 1 March 2024, agreed by all teams; open findings: VL-1b" == table.loc["training", "why"]
    )
    assert "not signed off" == table.loc["quality", "why"]
    assert "no document; open findings: VL-1a" == table.loc["onboarding", "why"]
    assert gates(None, []).empty


@pytest.mark.method("FIX-1")
def test_one_remedy_answers_all_of_its_findings_the_worst_first() -> None:
    """What is mended by the same act is one recommendation, named after its worst finding."""
    plan = order_of_repair(
        [
            finding("B", "minor", remedy="one list"),
            finding("A", "severe", remedy="one list"),
            finding("C", "moderate"),
        ]
    )

    assert ["A", "C"] == [one.code for one in plan]
    assert ["A", "B"] == [one.code for one in plan[0].findings]


def test_nothing_found_is_nothing_to_repair() -> None:
    """An empty list stays empty."""
    assert () == order_of_repair([])


said = st.builds(
    finding,
    st.sampled_from(["VL-1", "VL-2", "HC-3", "TECH-1", "EXP-6"]),
    st.sampled_from(RANKS),
    st.sampled_from(ORDER),
    st.sampled_from(["a", "b", "c", "d"]),
)


@pytest.mark.method("DR-1")
@given(st.lists(said, max_size=12), st.randoms(use_true_random=False))
def test_every_finding_is_answered_once_and_the_order_of_findings_does_not_matter(
    findings: list[Finding], chance: object
) -> None:
    """Steps never run backwards; a shuffled list gives the same plan."""
    plan = order_of_repair(findings)
    shuffled = list(findings)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert sorted(f.code for f in findings) == sorted(f.code for one in plan for f in one.findings)
    assert [ORDER.index(one.step) for one in plan] == sorted(ORDER.index(one.step) for one in plan)
    assert [(o.step, o.remedy) for o in plan] == [(o.step, o.remedy) for o in order_of_repair(shuffled)]


@pytest.mark.method("VMF-19", "FIX-4")
def test_three_of_four_findings_are_design() -> None:
    """Process, ownership, data and routine are design; technology is not; what bypasses is not counted."""
    steps = ("process", "ownership", "cadence", "technology", "bypass")

    assert 0.75 == design_share([finding(step, step=step) for step in steps])
    assert design_share([finding("EXP-6", step="bypass")]) is None
