"""Do intervals over replications say what they claim?"""

from __future__ import annotations

import math

import numpy as np
import pytest

from workbench.errors import CallError
from workbench.statistics.replications import (
    Estimate,
    batch_means,
    paired_differences,
    ratio,
    replications_needed,
)


def test_mean_of_three_values_has_the_textbook_interval() -> None:
    """1, 2, 3: mean 2, standard error 1/√3, Student quantile 4.3027 with 2 degrees of freedom."""
    found = ratio([1.0, 2.0, 3.0])

    assert found.mean == 2.0
    assert found.high == pytest.approx(2.0 + 4.302652729911275 / math.sqrt(3))
    assert found.n == 3


def test_ratio_is_the_ratio_of_totals_not_the_mean_of_ratios() -> None:
    """1 of 1 and 0 of 9 are 10 %, not 50 %."""
    assert ratio([1, 0], [1, 9]).mean == pytest.approx(0.1)


def test_ratio_interval_is_exact_where_denominators_are_equal() -> None:
    """With equal denominators a ratio is a mean of fractions, and so is its interval."""
    above = np.array([3.0, 5.0, 4.0, 8.0])

    by_ratio, by_mean = ratio(above, np.full(4, 10.0)), ratio(above / 10)

    assert by_ratio.low == pytest.approx(by_mean.low)
    assert by_ratio.high == pytest.approx(by_mean.high)


def test_one_replication_has_a_mean_and_no_interval() -> None:
    """One value says nothing about its own spread."""
    found = ratio([4.0])

    assert (found.mean, found.low, found.high, found.n) == (4.0, None, None, 1)
    assert "ask for two or more" in found.reason


def test_ratio_without_denominators_is_unknown_not_zero() -> None:
    """No contact offered means no service level."""
    found = ratio([0, 0], [0, 0], nothing="no contact was offered")

    assert found == Estimate(None, None, None, 2, 0.95, "no contact was offered")


def test_ratio_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    """Of 2,000 experiments of 20 replications 95 % ± 2 % cover (3 standard errors: 1.5 %)."""
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(2000):
        offered = rng.poisson(100, 20)
        hits += ratio(rng.binomial(offered, 0.8), offered).contains(0.8)

    assert hits / 2000 == pytest.approx(0.95, abs=0.02)


def test_pairing_removes_what_both_variants_share() -> None:
    """A variant that is always 1 better differs by exactly 1, however noisy the days are."""
    base = np.array([10.0, 50.0, 20.0, 90.0])
    ones = np.ones(4)

    difference, half, n = paired_differences((base, ones), (base + 1, ones))

    assert (float(difference), float(half), n) == (1.0, 0.0, 4)


def test_pairs_need_the_same_number_of_replications() -> None:
    """Three days cannot be paired with two."""
    with pytest.raises(CallError, match="same number"):
        paired_differences(([1, 2, 3], [1, 1, 1]), ([1, 2], [1, 1]))


def test_batch_means_leave_out_the_warm_up() -> None:
    """A start-up of 100s before ten intervals of 1 and 3 does not move the mean of 2."""
    found = batch_means([100, 100, *[1, 3] * 5], warm_up=2, batches=5)

    assert (found.mean, found.low, found.n) == (2.0, 2.0, 5)


@pytest.mark.parametrize(("warm_up", "batches"), [(9, 2), (-1, 2), (0, 1), (0, 11)])
def test_batches_that_cannot_be_cut_are_refused(warm_up: int, batches: int) -> None:
    """Ten intervals cannot give eleven batches, and one batch has no interval."""
    with pytest.raises(CallError):
        batch_means(np.arange(10), warm_up=warm_up, batches=batches)


def test_half_the_half_width_needs_four_times_the_replications() -> None:
    """Precision grows with the root of the number of replications."""
    assert replications_needed(Estimate(5.0, 4.0, 6.0, 10), 0.5) == 40
    assert replications_needed(Estimate(5.0, 4.0, 6.0, 10), 2.0) == 10


def test_confidence_outside_0_to_1_is_refused() -> None:
    """95 is not a fraction."""
    with pytest.raises(CallError, match=r"0\.95"):
        ratio([1, 2], confidence=95)
