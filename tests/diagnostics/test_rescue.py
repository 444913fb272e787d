"""Rescue or switch: two axes with their bounds, a condition, and warnings that add up."""

from __future__ import annotations

import math

import pytest

from tests.diagnostics.stories import finding, score_of, scores_of
from workbench.diagnostics.rescue import FIXABLE, SOUND, rescue_or_switch, warnings_add_up

ALL = (*FIXABLE, *SOUND)


@pytest.mark.method("RES-8", "RES-3", "DR-11")
def test_what_is_fixable_and_sound_leans_towards_staying() -> None:
    """All seven scores are 70: both axes 70, above 60 with all their bounds."""
    rescue = rescue_or_switch({code: score_of(code, 70) for code in ALL}, [])

    assert (70.0, 70.0) == (rescue.fixable.value, rescue.sound.value)
    assert rescue.leaning.startswith("towards staying")


@pytest.mark.method("RES-8", "DR-11")
def test_systemic_problems_with_lost_trust_lean_towards_switching() -> None:
    """All seven scores are 30."""
    assert rescue_or_switch({code: score_of(code, 30) for code in ALL}, []).leaning.startswith(
        "towards switching"
    )


@pytest.mark.method("RES-8", "RES-3")
def test_one_unknown_score_keeps_the_verdict_open() -> None:
    """Three of four at 70 and governance (RES-3) unknown: between 52.5 and 77.5, on both sides of 60."""
    scores = {code: score_of(code, 70) for code in ALL if code != "GOV-5"}
    rescue = rescue_or_switch(scores, [])

    assert (70.0, 52.5, 77.5) == (rescue.fixable.value, rescue.fixable.low, rescue.fixable.high)
    assert rescue.leaning.startswith("open")


@pytest.mark.method("RES-8", "DR-11")
def test_fixable_and_distrusted_is_open() -> None:
    """The two axes have to agree."""
    scores = {c: score_of(c, 90) for c in FIXABLE} | {c: score_of(c, 10) for c in SOUND}

    assert rescue_or_switch(scores, []).leaning.startswith("open")


@pytest.mark.method("RES-7")
def test_the_buyers_own_causes_are_the_condition_of_a_switch() -> None:
    """Named once each; the vendor's and the minor ones are not in it."""
    said = [
        finding("HC-1", side="buyer"), finding("HC-1", "moderate", side="buyer"), finding("FM-2", side="vendor"),
        finding("HC-7", "minor", side="buyer"), finding("HC-5", "moderate", side="buyer"),
    ]  # fmt: skip

    assert rescue_or_switch({}, said).condition.endswith("next vendor: HC-1, HC-5.")
    assert "No severe or moderate cause" in rescue_or_switch({}, said[2:4]).condition


@pytest.mark.method("EXIT-5a")
def test_warnings_multiply_the_odds() -> None:
    """Prior 0.2, odds 1/4. All on: × 13.5; all off: over its root; one on: × 2 over the root of 6.75."""
    everything = {"EXIT_1": 10, "EXIT_2": 10, "EXIT_3": 10, "RES_4": 10, "FM_4": 10}
    all_on = warnings_add_up(scores_of(**everything))
    all_off = warnings_add_up(scores_of(**dict.fromkeys(everything, 90)))
    one_on = warnings_add_up(scores_of(**{**dict.fromkeys(everything, 90), "EXIT_1": 49.9}))

    assert ("EXIT-1", "EXIT-2", "EXIT-3", "EXIT-4", "EXIT-5") == all_on[0]
    assert 3.375 / 4.375 == pytest.approx(all_on[2])
    assert all_off[:2] == ((), ())
    odds = 0.25 / math.sqrt(13.5)
    assert odds / (1 + odds) == pytest.approx(all_off[2])
    assert ("EXIT-1",) == one_on[0]
    odds = 0.5 / math.sqrt(6.75)
    assert [odds / (1 + odds)] * 3 == pytest.approx(one_on[2:])


@pytest.mark.method("EXIT-5a")
def test_unknown_warnings_leave_the_prior_and_open_the_bounds() -> None:
    """Nothing known: 20 %, between all off (6.4 %) and all on (77.1 %)."""
    on, unknown, value, low, high = warnings_add_up({})

    assert ((), 5) == (on, len(unknown))
    assert (0.2, 0.0637, 0.7714) == pytest.approx((value, low, high), abs=5e-5)
