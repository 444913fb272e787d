"""Scores, their bounds and their words."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.diagnostics.evidence import (
    found,
    median_interval,
    missing,
    quantity,
    scored,
    sentence,
    severity,
    share,
    worst_of_median,
)
from workbench.diagnostics.finding import Evidence, Scale, Score
from workbench.diagnostics.scoring import band_words, combine, score
from workbench.intake.period import Period

UP = Scale(zero=0.5, hundred=1.0, target=0.9, source="for this test")
DOWN = Scale(zero=48.0, hundred=0.0, target=24.0, source="for this test")


def known(value: float, weight: float = 1.0) -> Evidence:
    return replace(
        missing("m", "fraction", table="t", reason=""),
        value=value,
        score=value,
        weight=weight,
        grade="M",
        score_low=value,
        score_high=value,
    )


def test_scale_is_straight_between_its_ends_and_flat_beyond():
    """0.75 lies half way from 0.5 to 1.0."""
    assert [UP.score(v) for v in (0.2, 0.5, 0.75, 1.0, 1.3)] == [0, 0, 50, 100, 100]


def test_scale_may_run_downwards():
    """Fewer hours are better."""
    assert [DOWN.score(v) for v in (60, 48, 24, 0)] == [0, 0, 50, 100]


def test_missing_evidence_opens_the_bounds_and_leaves_the_value():
    """One part known at 80, one of the same weight missing: 80, between 40 and 90."""
    result = score("X", [known(80), missing("n", "", table="t", reason="not delivered")])

    assert (result.value, result.low, result.high, result.evidenced) == (80, 40, 90, 0.5)


def test_nothing_known_is_unknown_and_not_zero():
    """The reason is carried; the bounds are everything."""
    result = score("X", [missing("n", "", table="t", reason="needs schedule")])

    assert (result.value, result.low, result.high, result.reason) == (
        None,
        0,
        100,
        "needs schedule",
    )
    assert result.unevidenced
    assert band_words(result) == "not assessed"


def test_evidence_without_weight_is_shown_and_not_scored():
    """An orphan count beside a share does not count twice."""
    assert score("X", [known(60), known(0, weight=0.0)]).value == 60


def test_area_is_the_weighted_mean_of_its_items():
    """Weights 3 and 1 over 40 and 80."""
    area = combine(
        "area",
        [
            (3, Score("a", 40, 40, 40, "M", evidenced=1)),
            (1, Score("b", 80, 80, 80, "S", evidenced=1)),
        ],
    )

    assert (area.value, area.low, area.high, area.grade, area.evidenced) == (50, 50, 50, "M", 1)


def test_item_not_assessed_enters_its_area_as_anything():
    """It neither vanishes nor counts as zero."""
    area = combine(
        "area",
        [
            (1, Score("a", 60, 60, 60, "M", evidenced=1)),
            (1, Score("b", None, 0, 100, None, "no data")),
        ],
    )

    assert (area.value, area.low, area.high) == (60, 30, 80)


@pytest.mark.parametrize(
    ("weights", "grade"),
    [
        ({"M": 3, "S": 1}, "M"),
        ({"M": 1, "S": 1}, "M"),  # half is enough
        ({"M": 0.038, "S": 0.962}, "S"),
        ({"M": 0.3, "D": 0.3, "S": 0.4}, "D"),  # measured or documented hold 0.6
        ({"M": 0.2, "D": 0.2, "S": 0.2, "A": 0.4}, "S"),
        ({"D": 0.1, "A": 0.9}, "A"),
    ],
)  # fmt: skip
def test_the_grade_speaks_for_what_carries_the_score(weights, grade):
    """The best grade such that so good or better evidence holds half of the known weight, as item and as area."""
    parts = [replace(known(50, weight), grade=g) for g, weight in weights.items()]
    gap = missing("n", "", table="t", reason="not delivered", weight=50.0)
    items = [(e.weight, score(e.grade, [e])) for e in parts]

    assert grade == score("X", [*parts, gap]).grade
    assert grade == combine("area", [*items, (50.0, score("gap", [gap]))]).grade


def test_halves_of_halves_are_not_a_majority():
    """Each item is measured by 60 %, and half of the items are: 30 % of the area is, which answers carry."""
    mixed = [replace(known(50, 0.6), grade="M"), replace(known(50, 0.4), grade="S")]
    said = [replace(known(50), grade="S")]
    area = combine("area", [(1, score("a", mixed)), (1, score("b", said))])

    assert ("M", "S") == (score("a", mixed).grade, area.grade)
    assert not area.unevidenced
    assert combine("area", [(1, score("b", said))]).unevidenced


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 5)), min_size=1, max_size=6), st.data())
def test_taking_evidence_away_never_raises_the_lower_bound(parts, data):
    """And it never narrows the bounds: the law behind "removing a bad table cannot help"."""
    whole = [known(value, weight) for value, weight in parts]
    place = data.draw(st.integers(0, len(parts) - 1))
    without = [*whole[:place], replace(whole[place], score=None, value=None), *whole[place + 1 :]]
    before, after = score("X", whole), score("X", without)

    assert after.low <= before.low + 1e-9
    assert after.high >= before.high - 1e-9


def test_share_of_nothing_is_missing():
    """No contact, no share."""
    evidence = share("answered", 0, 0, of="contacts", table="contacts", scale=UP)

    assert evidence.value is None
    assert "no contacts" in evidence.reason


def test_small_sample_does_not_accuse():
    """2 of 4 in place may as well be a healthy rate; 50 of 100 is not."""
    few = share("in place", 2, 4, of="accounts", table="t", scale=Scale(0.5, 0.9, 0.9, ""))
    many = share("in place", 500, 1000, of="accounts", table="t", scale=Scale(0.5, 0.9, 0.9, ""))

    assert severity(few) is None
    assert severity(many) == "severe"


def test_a_median_of_a_handful_is_at_most_moderate():
    """One hire who waited twelve days is worth a word, not an alarm; six of them are."""

    def median(n: int) -> Evidence:
        days = [12.0] * n
        scale, between = Scale(10, 2, 2, ""), median_interval(days)
        return quantity("days to access", 12.0, "days", n, table="t", scale=scale, interval=between)

    assert ("moderate", "severe") == (worst_of_median(median(5)), worst_of_median(median(6)))
    assert "severe" == severity(median(6))


def test_sentence_carries_number_interval_sample_expectation_and_period():
    """As STYLE asks of a finding."""
    period = Period.parse("2024-06-03:2024-06-30")
    evidence = share("schedule adherence", 78, 100, of="minutes", table="t", scale=UP, period=period)
    text = sentence(evidence, "scheduled minute").replace("\u202f", " ")

    assert text == (
        "Schedule adherence: 78 % (68.9 % to 85.0 %) of 100 scheduled minutes (expected 90 %), "
        "3–30 June 2024."
    )


def test_healthy_evidence_makes_no_finding():
    """No severity, no finding; a matter of its own severity makes one."""
    evidence = quantity("hours", 0.0, "h", 5, table="t", scale=DOWN)

    assert found("X", evidence, "s", "r") == ()
    assert found("X", evidence, "s", "r", at_least="minor")[0].severity == "minor"


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(85, 95, "good"), (62, 90, "between fair and good"), (0, 100, "between critical and good")],
)
def test_band_names_both_ends_of_the_bounds(low, high, words):
    """A wide score does not pretend to be a narrow one."""
    assert band_words(Score("x", 70, low, high, "M")) == words


def test_scored_uses_both_ends_of_the_interval_on_a_falling_scale():
    """The lower value is the better score there."""
    evidence = scored(
        replace(missing("h", "h", table="t", reason=""), value=24.0, low=12.0, high=36.0, scale=DOWN)
    )

    assert (evidence.score_low, evidence.score, evidence.score_high) == (25, 50, 75)


@pytest.mark.parametrize(("value", "said"), [(0.08, None), (0.073, None), (0.09, "moderate")])
def test_what_is_as_expected_is_no_finding(value: float, said: str | None):
    """A scale may give its own target 40 of 100: 7.3 % where 8 % are expected is nothing to act on, 9 % is."""
    steep = Scale(zero=0.133, hundred=0.0, target=0.08, source="for this test")

    assert said == severity(quantity("error", value, "fraction", 100, table="t", scale=steep))
