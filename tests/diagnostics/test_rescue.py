"""Rescue or switch: two axes with their bounds, a condition, and warnings that add up."""

from __future__ import annotations

import math
from dataclasses import replace

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


@pytest.mark.method("RES-8", "DR-11")
def test_a_limit_inside_the_sampling_range_keeps_it_open() -> None:
    """Nothing is missing and all stand at 70, but the samples allow 53 to 82: on which side of 60 is not known."""
    doubtful = {
        code: replace(score_of(code, 70), sampling_low=53.0, sampling_high=82.0, evidenced=1.0)
        for code in ALL
    }
    leaning = rescue_or_switch(doubtful, []).leaning

    assert leaning.startswith("open")
    assert "it cannot be told on which side of 60 what can be fixed lies (70, from 53 to 82)" in leaning


@pytest.mark.method("RES-8", "DR-11")
def test_a_member_below_the_limit_is_named_and_does_not_hold() -> None:
    """Openness and isolation at 90 lift the axis to 76 for certain; trust at 48 is lost nevertheless."""
    scores = {code: score_of(code, 90) for code in ALL} | {"RES-6": score_of("RES-6", 48, 45, 51)}
    stays = rescue_or_switch(scores, []).leaning
    ends = {code: score_of(code, 20) for code in ALL} | {"RES-6": score_of("RES-6", 70)}
    doubtful = scores | {"RES-4": score_of("RES-4", 90, 30, 100)}

    assert "towards staying: both axes lie above 60, but not RES-6 (trust: 48, from 45 to 51)" == stays
    assert rescue_or_switch(ends, []).leaning.endswith("both axes lie below 40, but not RES-6 (trust: 70)")
    assert rescue_or_switch(doubtful, []).leaning.endswith("below 60 stands RES-6 (trust: 48, from 45 to 51)")


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
def test_a_severe_finding_turns_its_warning_on_whatever_the_mean_hides() -> None:
    """EXIT-1 scores 60.8 and not one incident was told in time; RES-4 and FM-4 speak for EXIT-4 and EXIT-5."""
    scores = scores_of(EXIT_1=60.8, EXIT_2=90, EXIT_3=90, RES_4=90, FM_4=90)
    said = [finding("EXIT-1"), finding("FM-4"), finding("EXIT-3", "moderate"), finding("RES-6")]
    on, unknown, value, low, high = warnings_add_up(scores, said)

    assert (("EXIT-1", "EXIT-5"), ()) == (on, unknown)
    odds = 0.25 * 3.0 / math.sqrt(4.5)
    assert [odds / (1 + odds)] * 3 == pytest.approx([value, low, high])
    assert on == rescue_or_switch(scores, said).warnings


@pytest.mark.method("EXIT-5a")
def test_a_score_whose_doubt_holds_the_limit_is_no_warning_and_no_all_clear() -> None:
    """45 with samples from 30 to 55, and 60 with missing evidence from 40: both unknown. 40 from 30 to 49.9 is on."""
    scores = scores_of(EXIT_2=90, RES_4=90, EXIT_5=90, FM_4=90) | {
        "EXIT-1": replace(score_of("EXIT-1", 45), sampling_low=30.0, sampling_high=55.0),
        "EXIT-3": score_of("EXIT-3", 60, 40, 80),
    }
    sure = scores | {"EXIT-1": replace(score_of("EXIT-1", 40), sampling_low=30.0, sampling_high=49.9)}

    assert ((), ("EXIT-1", "EXIT-3")) == warnings_add_up(scores)[:2]
    assert (("EXIT-1",), ("EXIT-3",)) == warnings_add_up(sure)[:2]
    value, low, high = warnings_add_up(scores)[2:]
    odds = 0.25 / math.sqrt(3.375)
    assert [odds / (1 + odds), odds / 2 / (1 + odds / 2), 4 * odds / (1 + 4 * odds)] == pytest.approx(
        [value, low, high]
    )


@pytest.mark.method("EXIT-5a")
def test_unknown_warnings_leave_the_prior_and_open_the_bounds() -> None:
    """Nothing known: 20 %, between all off (6.4 %) and all on (77.1 %)."""
    on, unknown, value, low, high = warnings_add_up({})

    assert ((), 5) == (on, len(unknown))
    assert (0.2, 0.0637, 0.7714) == pytest.approx((value, low, high), abs=5e-5)
