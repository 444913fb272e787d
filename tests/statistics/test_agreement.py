"""Do agreement coefficients equal the published ones, and is the prevalence paradox told?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workbench.errors import UnknownName
from workbench.statistics.agreement import (
    fleiss_kappa,
    fleiss_kappa_partial,
    gwet,
    marker,
    prevalence_note,
    raw_agreement,
    weighted_kappa,
)
from workbench.statistics.icc import icc
from workbench.statistics.krippendorff import krippendorff_alpha

NA = np.nan

KRIPPENDORFF_2011 = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3],
        [NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA],
    ]
).T  # 12 units, 4 observers

SHROUT_FLEISS_1979 = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)

FLEISS_EXAMPLE = np.array(  # 10 items, 14 raters, 5 categories: how many chose which
    [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("scale", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorff_published_example(scale, alpha):
    """Krippendorff 2011, section C/D: four observers, twelve units, missing values, all four scales."""
    estimate = krippendorff_alpha(KRIPPENDORFF_2011, scale=scale, seed=1, resamples=100)

    assert estimate.value == pytest.approx(alpha, abs=5e-4)
    assert estimate.n == 11  # one unit was rated once
    assert estimate.low < estimate.value < estimate.high


def test_gwet_ac1_on_the_same_data():
    """Gwet's published figures for these four raters: AC1 0.77544, standard error 0.14295."""
    estimate = gwet(KRIPPENDORFF_2011)

    assert estimate.value == pytest.approx(0.77544, abs=5e-6)
    assert raw_pairs_per_item(KRIPPENDORFF_2011) == pytest.approx(0.81818, abs=5e-6)
    half = (estimate.value - estimate.low) / 2.200985  # Student, 11 degrees of freedom
    assert half == pytest.approx(0.14295, abs=5e-5)


def test_fleiss_kappa_with_missing_ratings_on_the_same_data():
    """Gwet's published figure (irrCAC, fleiss.kappa.raw on these raters): 0.76117."""
    estimate = fleiss_kappa_partial(KRIPPENDORFF_2011, seed=1)

    assert estimate.value == pytest.approx(0.76117, abs=5e-6)
    assert estimate.n == 11
    assert estimate.low < estimate.value < estimate.high


def test_fleiss_kappa_with_nothing_missing_is_fleiss_kappa():
    """Whole data: both are the same; with one level only, neither is known."""
    ratings = np.random.default_rng(3).integers(0, 3, (20, 4)).astype(float)

    assert fleiss_kappa_partial(ratings).value == pytest.approx(fleiss_kappa(ratings).value, abs=1e-12)
    assert fleiss_kappa_partial(np.ones((5, 3))).note == "all ratings are equal"
    assert fleiss_kappa_partial([[1, np.nan], [np.nan, 2]]).note == "no item was rated twice"


def raw_pairs_per_item(x: np.ndarray) -> float:
    """The mean over items of the share of agreeing pairs, pair by pair."""
    shares = []
    for row in x:
        rated = row[~np.isnan(row)]
        pairs = [(a, b) for i, a in enumerate(rated) for b in rated[i + 1 :]]
        if pairs:
            shares.append(np.mean([a == b for a, b in pairs]))
    return float(np.mean(shares))


def test_fleiss_textbook_example():
    """Fleiss' kappa of ten items and fourteen raters: 0.210."""
    ratings = np.array([np.repeat(np.arange(5), row) for row in FLEISS_EXAMPLE], float)
    estimate = fleiss_kappa(ratings, seed=2, resamples=200)

    assert estimate.value == pytest.approx(0.210, abs=5e-4)
    assert estimate.low < 0.21 < estimate.high


def test_shrout_and_fleiss_table():
    """ORACLES, Small check values: ICC(2,1) 0.290, ICC(3,1) 0.715; intervals as published since."""
    one, fixed, mean = (icc(SHROUT_FLEISS_1979, form) for form in ("ICC(2,1)", "ICC(3,1)", "ICC(2,k)"))

    assert one.value == pytest.approx(0.290, abs=5e-4)
    assert fixed.value == pytest.approx(0.715, abs=5e-4)
    assert mean.value == pytest.approx(0.620, abs=5e-4)
    assert (one.low, one.high) == pytest.approx((0.019, 0.761), abs=1e-3)
    assert (fixed.low, fixed.high) == pytest.approx((0.342, 0.946), abs=1e-3)


def test_a_constant_offset_costs_agreement_but_not_consistency():
    """One rater is always two points lower: ICC(3,1) is 1, ICC(2,1) is not."""
    truth = np.array([1.0, 3, 5, 7, 9, 4])
    table = np.stack([truth, truth - 2], axis=1)

    assert icc(table, "ICC(3,1)").value == pytest.approx(1.0)
    assert icc(table, "ICC(2,1)").value < 0.85


def test_cohens_kappa_worked_by_hand():
    """20 and 15 agree of 50, 5 and 10 do not: 0.7 observed, 0.5 by chance, kappa 0.4."""
    first = np.repeat([1, 1, 0, 0], [20, 5, 10, 15])
    second = np.repeat([1, 0, 1, 0], [20, 5, 10, 15])

    assert raw_agreement(np.stack([first, second], axis=1)) == pytest.approx(0.7)
    assert weighted_kappa(first, second).value == pytest.approx(0.4)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=4, max_size=40))
def test_weighted_kappa_by_its_definition(pairs):
    """Kappa is 1 less the mean loss over the loss by chance, for any weights."""
    a, b = (np.array(side, float) for side in zip(*pairs, strict=True))
    assume(len(np.unique(np.concatenate([a, b]))) > 1)
    for weights, power in (("identity", 0), ("linear", 1), ("quadratic", 2)):
        seen = ((a != b) if power == 0 else np.abs(a - b) ** power).mean()
        gap = a[:, None] - b[None, :]
        chance = ((gap != 0) if power == 0 else np.abs(gap) ** power).mean()

        assert weighted_kappa(a, b, weights=weights).value == pytest.approx(1 - seen / chance)


def test_prevalence_paradox_is_told():
    """95 of 100 calls pass with both raters: kappa looks poor, agreement is not."""
    first = np.repeat([1, 1, 0, 0], [93, 3, 3, 1])
    second = np.repeat([1, 0, 1, 0], [93, 3, 3, 1])
    both = np.stack([first, second], axis=1)

    assert weighted_kappa(first, second).value < 0.25
    assert gwet(both).value > 0.9
    assert prevalence_note(both) == (
        "Raters agree in 94% of pairs, but 96% of ratings are 1: kappa (0.22) is low because of that "
        "prevalence; Gwet's AC1 is 0.94."
    )
    assert prevalence_note(KRIPPENDORFF_2011) == ""


def test_all_ratings_alike_cannot_be_judged():
    """No spread, no coefficient: unknown with a reason, not 0 and not 1."""
    same = np.ones((5, 2))

    for estimate in (
        weighted_kappa(same[:, 0], same[:, 1]),
        fleiss_kappa(same),
        gwet(same),
        krippendorff_alpha(same),
    ):
        assert (estimate.value, estimate.note) == (None, "all ratings are equal")
    assert icc(same).note == "the items do not differ"
    assert prevalence_note(same) == "Every rating is 1: agreement beyond chance cannot be judged."


def test_one_rating_an_item_cannot_agree():
    """Sessions that only one person scored say nothing about agreement."""
    alone = np.array([[1, NA], [2, NA], [NA, 1]])

    assert krippendorff_alpha(alone).note == "no item was rated twice"
    assert gwet(alone).note == "no item was rated twice"
    assert icc(alone).note == "it needs two items and two raters"


def test_a_gap_is_left_out_of_the_intraclass_correlation_and_said():
    """ICC has no place for gaps; alpha has."""
    gappy = np.vstack([SHROUT_FLEISS_1979, [5, NA, 4, 6]])

    assert icc(gappy).note == "1 items with a gap left out"
    assert icc(gappy).value == pytest.approx(icc(SHROUT_FLEISS_1979).value)


@given(st.permutations(range(4)), st.permutations(range(12)))
def test_the_order_of_raters_and_items_does_not_matter(raters, items):
    """Coefficients are about a table, not about its order."""
    shuffled = KRIPPENDORFF_2011[np.ix_(list(items), list(raters))]

    assert gwet(shuffled).value == pytest.approx(gwet(KRIPPENDORFF_2011).value)
    assert krippendorff_alpha(shuffled, scale="ordinal", resamples=0).value == pytest.approx(
        krippendorff_alpha(KRIPPENDORFF_2011, scale="ordinal", resamples=0).value
    )


def test_markers_and_unknown_scales():
    """0.80 is firm, 0.667 tentative; a scale that does not exist is met with the nearest."""
    assert [marker(v) for v in (0.81, 0.7, 0.2, None)] == ["firm", "tentative", "not reliable", "unknown"]
    with pytest.raises(UnknownName, match='Did you mean "ordinal"'):
        krippendorff_alpha(KRIPPENDORFF_2011, scale="ordinl")
    with pytest.raises(UnknownName, match="intraclass correlation"):
        icc(SHROUT_FLEISS_1979, "ICC(1,1)")
