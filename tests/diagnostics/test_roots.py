"""Findings roll up into five roots, and both sides are diagnosed."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.diagnostics.stories import finding, score_of, scores_of
from workbench import coverage
from workbench.diagnostics.roots import (
    MODES,
    PREVENTIONS,
    ROOTS,
    prevention_plan,
    root_of,
    roots_of,
    two_sided,
)


@pytest.mark.method("FM-G1", "FM-G2")
def test_a_severe_finding_counts_as_four_minor_ones() -> None:
    """Governance 4 + 1, metrics 2, other 1: shares of 8, and nothing is lost."""
    table = roots_of(
        [finding("GOV-5"), finding("VL-4", "minor"), finding("HC-7", "moderate"), finding("BOM-2", "minor")]
    ).set_index("root")

    assert ["governance", "metrics", "other"] == list(table.index[:3])
    assert (2, 5.0, 0.625) == tuple(table.loc["governance"])
    assert (1, 2.0, 0.25) == tuple(table.loc["metrics"])
    assert 1.0 == table["share"].sum()
    assert {*ROOTS, "other"} == set(table.index)


@pytest.mark.method("FM-G1")
def test_without_findings_no_root_has_a_share() -> None:
    """Nothing found is shown as nothing, not as a division by zero."""
    table = roots_of([finding("HC-1", "note")])

    assert 0.0 == table["share"].sum()
    assert 1 == table["findings"].sum()


def test_a_beginning_names_a_whole_section() -> None:
    """ "GOV-" stands for all forums; HC-1 does not stand for HC-10."""
    assert ["governance", "expectations", "other"] == [root_of(c) for c in ("GOV-13", "HC-1", "HC-10")]


def test_no_code_stands_under_two_roots_and_each_is_an_item_of_the_method() -> None:
    """A mistyped code would never match and nobody would see it."""
    codes = [code for root in ROOTS.values() for code in root]
    named = {
        *(code for code in codes if not code.endswith("-")),
        *(code for mode in MODES for code in (*mode.detectors, *mode.vendor_items, *mode.buyer_items)),
        *(code for listed in PREVENTIONS.values() for code in listed),
    }

    assert len(codes) == len(set(codes))
    assert set() == named - set(coverage.items())


@pytest.mark.method("FM-G3", "FIG-8")
def test_each_failure_mode_shows_its_score_and_both_sides_part() -> None:
    """FM-5 from its three detectors, one of them unknown; the vendor answered 4, the buyer 2."""
    scores = {
        "FM-5": score_of("FM-5", 40),
        "HC-5": score_of("HC-5", 60, 50, 70),
        "VMF-2": score_of("VMF-2", None),
    }
    answers = pd.DataFrame(
        {
            "item_id": ["FMV-2", "FMB-2", "FMB-2"],
            "side": ["vendor", "buyer", "buyer"],
            "answer": [4.0, 2.0, None],
        }
    )
    table = two_sided(scores, [finding("HC-5", "moderate"), finding("FM-5", "minor")], answers).set_index(
        "code"
    )
    row = table.loc["FM-5"]

    assert ["FM-1", "FM-2", "FM-3", "FM-4", "FM-5"] == list(table.index)
    assert (50.0, 30.0, 70.0) == (row["score"], row["low"], pytest.approx(row["high"]))
    assert (75.0, 25.0) == (row["vendor_answers"], row["buyer_answers"])
    assert (2, "moderate") == (row["findings"], row["worst"])


@pytest.mark.method("FM-G3")
def test_a_failure_mode_that_nothing_shows_may_be_anything() -> None:
    """No score, no answer, bounds from 0 to 100."""
    row = two_sided({}, [], None).iloc[0]

    assert (None, 0.0, 100.0) == (row["score"] if pd.notna(row["score"]) else None, row["low"], row["high"])
    assert (0, True, True) == (row["findings"], pd.isna(row["worst"]), pd.isna(row["buyer_answers"]))


@pytest.mark.method("FM-G5")
def test_the_three_preventions_have_the_mean_of_what_shows_them() -> None:
    """Scope from HC-5 and FM-5; governance unknown stays unknown."""
    table = prevention_plan(scores_of(HC_5=80, FM_5=40, FM_1=30, HC_2=None)).set_index("prevention")[
        ["score", "n"]
    ]

    assert 60.0 == table.loc["scope realistically", "score"]
    assert (30.0, 1) == tuple(table.loc["evaluate vendors properly"])
    assert pd.isna(table.loc["build strong governance", "score"])
