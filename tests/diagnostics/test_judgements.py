"""People may argue with a figure; the figure stays, and so does what they said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.diagnostics.small import small_client
from workbench.diagnostics.assess import Assessment, assess
from workbench.diagnostics.judgements import judged, read_judgements


def entry(**changed: Any) -> dict[str, Any]:
    return {
        "code": "HC-2", "verdict": "override", "score": 70, "reason": "minutes found", "author": "A. Lind",
        "date": "2024-07-02", **changed,
    }  # fmt: skip


def saying(*entries: dict[str, Any]) -> Assessment:
    """HC-2 and GOV-1 of a client whose judgements.yaml holds `entries`."""
    dataset = small_client()
    content = {"format": 1, "judgements": list(entries)}
    return assess(replace(dataset, extras={"judgements": content}), only=["HC-2", "GOV-1"])


def test_an_override_stands_beside_the_computed_score() -> None:
    """The computed score is what it was; the judged area is the mean with 70 in its place."""
    assessment = saying(entry())
    bare = saying()

    said = judged(assessment)

    assert bare.scores == assessment.scores
    assert (bare.scores["HC-2"], 70.0) == (said.scores[0].computed, said.scores[0].judged)
    assert said.areas["partnership health"].value == 70.0
    assert said.areas["governance"] == assessment.areas["governance"]
    assert said.total.value == pytest.approx((70.0 + assessment.areas["governance"].value) / 2)  # type: ignore[operator]


def test_a_documented_override_counts_as_documented_another_as_assumed() -> None:
    """A word without a paper is no evidence."""
    grades = [
        judged(saying(entry(evidence_ref=reference))).areas["partnership health"].grade
        for reference in ("", "minutes June")
    ]

    assert grades == ["A", "D"]


def test_the_latest_judgement_stands_and_the_earlier_stay_visible() -> None:
    """Of one day, the one further down."""
    said = judged(
        saying(
            entry(verdict="dispute", score=None, date="2024-07-05", reason="first"),
            entry(score=60, date="2024-07-05", reason="second"),
            entry(score=90, date="2024-06-01", reason="before"),
        )
    )

    assert said.scores[0].judged == 60.0
    assert ["second", "first", "before"] == [
        j.reason for j in (said.scores[0].standing, *said.scores[0].earlier)
    ]


def test_a_finding_is_judged_by_its_measure_even_once_it_has_gone() -> None:
    """A judgement on a measure without a finding says so."""
    measure = "daily meetings held as planned"
    said = judged(
        saying(entry(code="GOV-1", finding=measure, verdict="override", score=None, severity="none"))
    )

    (finding,) = said.findings
    assert (finding.measure, finding.judged) == (measure, "none")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "HC2"}, 'there is no diagnostic called "HC2". Did you mean "HC-2"?'),
        ({"verdict": "reject"}, '"reject" is not accepted'),
        ({"score": 170}, '"170" is out of bounds'),
        ({"score": None}, "an override of a score needs a score"),
        ({"verdict": "accept"}, "only an override has a score"),
        ({"finding": "x"}, "an override of a finding needs a severity"),
        ({"author": None}, "author is missing"),
        ({"date": "in June"}, '"in June" is not accepted'),
        ({"scored": 1}, 'nobody knows scored. Did you mean "score"?'),
    ],
)
def test_an_entry_that_is_no_judgement_is_answered_and_leaves_the_others(
    changed: dict[str, Any], sentence: str
) -> None:
    """Every entry is told with its place; the others are used."""
    content = {"judgements": [entry(**changed), entry(code="GOV-1")]}
    found, mistakes = read_judgements(content)

    assert ["GOV-1"] == [j.code for j in found]
    assert any(sentence in mistake and "entry 1" in mistake for mistake in mistakes), mistakes


def test_an_unknown_measure_suggests_the_nearest() -> None:
    """Whoever mistypes a finding is told what it is called."""
    said = judged(
        saying(entry(code="GOV-1", finding="daily meetings hold as planned", verdict="accept", score=None))
    )

    assert 'Did you mean "daily meetings held as planned"?' in said.mistakes[0]


def test_without_judgements_nothing_is_said() -> None:
    """Most clients have none."""
    assert not judged(saying())
    assert read_judgements(None) == ((), ())
    assert "has to be a list" in read_judgements({"judgements": "all wrong"})[1][0]


def test_what_is_not_shown_is_not_judged_aloud() -> None:
    """A judgement on a diagnostic that a reader does not see stays unseen too."""
    assert not judged(saying(entry(code="RES-6")))
