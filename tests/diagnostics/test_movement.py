"""What moved since the last review is told apart from noise and from other evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.reports.made import assessment_of, dataset_of
from workbench.diagnostics.movement import movement
from workbench.diagnostics.reviews import released_reviews, since_last_review


def review(end: str = "2024-06-03", start: str = "2024-06-03", **scores: Any) -> dict[str, Any]:
    """Return what a released review holds, as far as this looks at it."""
    told = {
        code: dict(zip(("value", "sampling_low", "sampling_high"), s, strict=True))
        for code, s in scores.items()
    }
    return {
        "origin": {"period": {"start": start, "end": end}, "rows_read": {"contacts": 9, "hris": 5}},
        "sections": [
            {"id": "headline", "data": {"total": {"value": 61.0}}},
            {"id": "scores", "data": {"scores": {code.replace("_", "-"): s for code, s in told.items()}}},
        ],
    }


def moved(*reviews: dict[str, Any]) -> Any:
    dataset = replace(dataset_of(), extras={"reviews": {f"r{i}": r for i, r in enumerate(reviews)}})
    return movement(assessment_of(dataset))


def test_movement_is_like_for_like_with_the_interval_of_both_samples() -> None:
    """HC-2 scores 0 (0 to 50) and was 50 (40 to 60): −50 from −60 to −50 + √(50² + 10²)."""
    found = moved(review(HC_2=(50.0, 40.0, 60.0), HC_8=(90.0, 90.0, 90.0)))

    assert (50.0, 0.0, -50.0, 1) == (
        found.total.then,
        found.total.now,
        found.total.change,
        found.total.diagnostics,
    )
    assert (-60.0, -50 + (50**2 + 10**2) ** 0.5) == pytest.approx((found.total.low, found.total.high))
    assert not found.total.beyond_chance
    assert ("HC-8",) == found.no_longer_assessed
    assert (61.0, ("hris",)) == (found.then, found.lost_tables)


def test_nothing_in_common_is_no_movement() -> None:
    """Another score on other evidence says nothing of change."""
    assert moved(review(HC_8=(90.0, 90.0, 90.0))).total is None
    assert movement(assessment_of(dataset_of())) is None


def test_released_figure_that_the_data_no_longer_give_is_restated() -> None:
    """Nine contacts were released for 3 June; ten came, six of them within 20 s."""
    told = review(HC_2=(50.0, 40.0, 60.0))
    told["sections"] += [
        {"id": "activity", "data": {"outcomes": [{"outcome": "answered", "disposition": "", "contacts": 9}]}},
        {"id": "service level", "data": {"service_levels": [
            {"queue": None, "own": "V1", "threshold_s": 20.0, "short_abandon_s": 5.0, "target": 0.8, "window": "month",
             "measures": [{"variant": "V1", "weighting": "volume", "value": 0.5, "n": 8}]}]}},
    ]  # fmt: skip
    found = {r.what: (r.released, r.now, r.n_released, r.n_now) for r in moved(told).restated}

    assert {"contacts": (9, 10, 9, 10), "service level V1": (0.5, 0.75, 8, 8)} == found


def test_what_the_data_do_not_reach_is_not_called_restated() -> None:
    """Contacts came of 3 June alone; nobody can say what 2 June was."""
    assert moved(review(start="2024-06-02", HC_2=(50.0, 40.0, 60.0))).restated is None


def test_one_review_of_a_period_counts() -> None:
    """A report of another template, or for another reader, is no further review."""
    dataset = replace(
        dataset_of(),
        extras={"reviews": {
            "2024-06-03_2024-06-03_internal": {**review(), "which": "internal"},
            "2024-06-03_2024-06-03": {**review(), "which": "client"},
            "2024-05-01_2024-05-31": {**review("2024-05-31", "2024-05-01"), "which": "earlier"},
        }},
    )  # fmt: skip

    found = released_reviews(assessment_of(dataset))
    assert ["earlier", "client"] == [content["which"] for _, content in found]


def test_finding_of_a_diagnostic_that_is_not_shown_is_not_told_as_gone() -> None:
    """A client's copy must not hear what an internal review found."""
    told = review()
    finding = {"code": "RS-1", "severity": "severe", "evidence": [{"measure": "trust", "value": 0.1}]}
    told["sections"].append({"id": "findings", "data": {"findings": [finding]}})
    dataset = replace(dataset_of(), extras={"reviews": {"r": told}})

    assert "RS-1" not in set(since_last_review(assessment_of(dataset))["code"])
