"""Findings roll up into five roots, and both sides are diagnosed."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.diagnostics.stories import finding, handed, score_of, scores_of
from workbench import coverage
from workbench.diagnostics.assess import assess, items_of
from workbench.diagnostics.diagnostic import CHECKS
from workbench.diagnostics.finding import Evidence, Verdict
from workbench.diagnostics.modes import MODES, PREVENTIONS, failure_modes, prevention_plan, two_sided
from workbench.diagnostics.questions import question_bank
from workbench.diagnostics.roots import ROOTS, UNASSIGNED, root_of, roots_by_code, roots_of


@pytest.mark.method("FM-G1", "FM-G2")
def test_a_severe_finding_counts_as_four_minor_ones() -> None:
    """Governance 4 + 1, metrics 2, none 1: shares of 8, and nothing is lost."""
    table = roots_of(
        [finding("GOV-5"), finding("VL-4", "minor"), finding("HC-7", "moderate"), finding("LC-6", "minor")]
    ).set_index("root")

    assert ["governance", "metrics", UNASSIGNED] == list(table.index[:3])
    assert (2, 5.0, 0.625, ("GOV-5", "VL-4")) == tuple(table.loc["governance"])
    assert (1, 2.0, 0.25, ("HC-7",)) == tuple(table.loc["metrics"])
    assert 1.0 == table["share"].sum()
    assert {*ROOTS, UNASSIGNED} == set(table.index)


@pytest.mark.method("FM-G1")
def test_without_findings_no_root_has_a_share() -> None:
    """Nothing found is shown as nothing, not as a division by zero."""
    table = roots_of([finding("HC-1", "note")])

    assert 0.0 == table["share"].sum()
    assert 1 == table["findings"].sum()


def test_every_diagnostic_says_what_it_grows_from_or_that_it_grows_from_nothing_and_why() -> None:
    """97 codes, one line each; METHOD is named with items that exist, else the choice is ours."""
    known = roots_by_code()

    assert set(CHECKS.names()) == set(known), "add the code to workbench/diagnostics/roots.csv"
    assert {*ROOTS} >= {root.root for root in known.values() if root.root is not None}
    assert [] == [code for code, root in known.items() if not root.reason]
    for code, root in known.items():
        named = root.source.removeprefix("METHOD ").split(", ")
        assert root.source == "ours" or (
            root.source.startswith("METHOD ") and set(named) <= set(coverage.items())
        ), code


@pytest.mark.parametrize(
    ("code", "root"),
    [
        ("FM-1", "expectations"), ("RES-6", "expectations"),
        ("FM-5", "scope"), ("HC-5", "scope"),
        ("FM-2", "knowledge transfer"), ("HC-6", "knowledge transfer"), ("LC-4", "knowledge transfer"),
        ("FM-4", "governance"), ("HC-1", "governance"), ("SYM-1", "governance"), ("VL-2", "governance"),
        ("VMF-3", "metrics"), ("HC-7", "metrics"), ("VMF-8", "metrics"),
        ("LC-6", UNASSIGNED), ("somebody's own", UNASSIGNED),
    ],
)  # fmt: skip
def test_what_the_method_says_of_a_failure_decides_its_root(code: str, root: str) -> None:
    """FM-1 … FM-5 and the items that they name: no owner is governance (FM-4), thin training transfer (FM-2)."""
    assert root == root_of(code)


def test_causes_and_preventions_name_questions_and_diagnostics_that_exist() -> None:
    """A mistyped code would never match and nobody would see it."""
    causes = [cause for mode in MODES for _, cause in mode.sides()]
    asked = {item for cause in causes for item in cause.questions}
    looked_at = {
        *(code for mode in MODES for code in mode.detectors),
        *(code for cause in causes for code, _ in cause.measured),
        *(code for listed in PREVENTIONS.values() for code in listed),
    }

    assert set() == asked - set(question_bank())
    assert set() == looked_at - set(CHECKS.names())
    assert all(cause.questions for cause in causes)


def test_each_cause_is_asked_for_by_questions_of_its_own() -> None:
    """No answer stands under two causes; the pipeline and the workflow have their questions (SEL-P6, SC-1q)."""
    asked = {(mode.code, side): cause.questions for mode in MODES for side, cause in mode.sides()}
    every = [item for items in asked.values() for item in items]

    assert len(every) == len(set(every))
    assert "hiring pipeline" in question_bank()[asked["FM-1", "buyer"][0]].text
    assert "steps" in question_bank()[asked["FM-5", "vendor"][0]].text
    assert "SEL-P6" in items_of(CHECKS.get("FM-1"))


def test_what_measures_a_cause_is_what_its_diagnostic_calls_it() -> None:
    """Each beginning of a measure is found among the evidence of its diagnostic, whose tables come with one row."""
    contact = {"contact_id": "c{n}", "offered_ts": "2024-06-03 09:00", "answer_ts": "2024-06-03 09:01", "talk_s": 60,
               "customer_key": "k{n}", "repeat": 2}  # fmt: skip
    needed = [
        (code, start)
        for mode in MODES
        for _, cause in mode.sides()
        for code, start in cause.measured
        if start
    ]
    verdicts = assess(handed(contacts=[contact]), {code for code, _ in needed}).verdicts

    for code, start in needed:
        assert any(e.measure.startswith(start) for e in verdicts[code].evidence), (code, start)


@pytest.mark.method("FM-G3", "FIG-8")
def test_each_failure_mode_shows_its_score() -> None:
    """FM-5 from its three detectors, one of them unknown."""
    scores = {
        "FM-5": score_of("FM-5", 40),
        "HC-5": score_of("HC-5", 60, 50, 70),
        "VMF-2": score_of("VMF-2", None),
    }
    table = failure_modes(scores, [finding("HC-5", "moderate"), finding("FM-5", "minor")]).set_index("code")
    row = table.loc["FM-5"]

    assert ["FM-1", "FM-2", "FM-3", "FM-4", "FM-5"] == list(table.index)
    assert (50.0, 30.0, 70.0) == (row["score"], row["low"], pytest.approx(row["high"]))
    assert (2, "moderate") == (row["findings"], row["worst"])


def measured(measure: str, value: float | None, table: str = "contacts", weight: float = 1.0) -> Evidence:
    return Evidence(measure, value, "", None, 9, None, table, "M", score=value, weight=weight)


@pytest.mark.method("FM-G3", "FIG-8")
def test_each_sides_part_is_what_was_measured_of_its_cause_beside_the_answers() -> None:
    """FM-4, buyer: 60 and 20 measured are 40, weight 4 of 5; both sides answer 2 and 3 to FMB-3, none to HC-1.

    Of the fifth for answers each of two questions and two sides has a quarter: 25 and 50 are known, HC-1 is open.
    """
    verdicts = {
        "HC-1": Verdict((measured("one owner", 60.0, weight=2.0), measured("both alike", 20.0, weight=2.0),
                         measured("answers", 100.0, "survey"), measured("named", 100.0, "owner_answer"))),
        "FMV-4": Verdict((measured("closed", None), measured("born", 30.0), measured("shown", 0.0, weight=0.0))),
    }  # fmt: skip
    answers = pd.DataFrame(
        {
            "item_id": ["FMB-3", "FMB-3", "FMB-1"],
            "side": ["vendor", "buyer", "buyer"],
            "answer": [3.0, 2.0, 5.0],
        }
    )
    said = [
        finding("HC-1", side="buyer"),
        finding("FMV-4", side="vendor"),
        finding("FM-4"),
        finding("VL-4", side="buyer"),
    ]
    table = two_sided(verdicts, said, answers).set_index(["code", "side"])
    buyer, vendor = table.loc[("FM-4", "buyer")], table.loc[("FM-4", "vendor")]

    assert 10 == len(table)
    assert (40.0, ("HC-1",)) == (buyer["measured"], buyer["measured_by"])
    assert (37.5, 2) == (buyer["answers"], buyer["n_answers"])
    known = 2 * 60 + 2 * 20 + 0.25 * 25 + 0.25 * 50
    assert (known / 4.5, known / 5, (known + 50) / 5) == pytest.approx(
        (buyer["score"], buyer["low"], buyer["high"])
    )
    assert ("HC-1", "FM-4", "VL-4") == buyer["findings"]
    assert (30.0, 30.0, ("FMV-4",), 0) == tuple(vendor[["score", "measured", "measured_by", "n_answers"]])
    assert ("FMV-4", "FM-4") == vendor["findings"]


@pytest.mark.method("FM-G3")
def test_a_part_that_nothing_shows_may_be_anything() -> None:
    """No score, no answer, bounds from 0 to 100; a mode is as open, and what does not concern a client is left out."""
    row = two_sided({}, [], None).iloc[0]
    mode = failure_modes({}, []).iloc[0]

    for one in (row, mode):
        assert (True, 0.0, 100.0) == (pd.isna(one["score"]), one["low"], one["high"])
    assert ((), (), 0, True) == (
        row["findings"],
        row["measured_by"],
        row["n_answers"],
        pd.isna(row["answers"]),
    )
    assert (0, True) == (mode["findings"], pd.isna(mode["worst"]))
    before = two_sided({"FM-1": Verdict((), not_applicable="before contract")}, [], None).iloc[0]
    assert (0.0, 100.0) == (before["low"], before["high"])


@pytest.mark.method("FM-G5")
def test_the_three_preventions_have_the_mean_of_what_shows_them() -> None:
    """Scope from HC-5 and FM-5; governance unknown stays unknown."""
    plan = prevention_plan(scores_of(HC_5=80, FM_5=40, FM_1=30, HC_2=None)).set_index("prevention")
    table = plan[["score", "n"]]

    assert 60.0 == table.loc["scope realistically", "score"]
    assert (30.0, 1) == tuple(table.loc["evaluate vendors properly"])
    assert () == plan.loc["evaluate vendors properly", "lacking"]
    assert pd.isna(table.loc["build strong governance", "score"])
