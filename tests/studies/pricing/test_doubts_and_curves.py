"""Doubts are distributions that can be switched off; a curve is exactly zero at today's value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, triang

from workbench.studies.pricing.curve import Curve, points
from workbench.studies.pricing.doubts import DOUBTS, Reading, Triangle, draws, known

U = (np.arange(999) + 1) / 1000


@pytest.mark.parametrize(("low", "likely", "high"), [(0.0, 0.3, 1.0), (2.0, 2.0, 5.0), (1.0, 4.0, 4.0)])
def test_a_triangle_has_the_quantiles_of_scipy(low: float, likely: float, high: float) -> None:
    """A second implementation as witness, ends included."""
    expected = triang.ppf(U, (likely - low) / (high - low), low, high - low)

    assert np.allclose(expected, Triangle(low, likely, high).at(U))


def test_what_is_known_has_no_width() -> None:
    """All three numbers alike."""
    assert set(known(3.0).at(U)) == {3.0}


def test_a_reading_is_normal_on_each_side_and_stays_what_it_can_be() -> None:
    """The 2.5 % and 97.5 % quantiles are the ends of its interval; a fraction stays below 1."""
    read = Reading("share", 0.9, "fraction", 0.95, 100, 0.8, 0.97, 0.0, 1.0)
    at = read.at(np.array([norm.cdf(-1.959964), 0.5, norm.cdf(1.959964), 1 - 1e-9]))

    assert at[:3] == pytest.approx([0.8, 0.9, 0.97], abs=1e-6)
    assert 1.0 == at[3]


def test_each_doubt_can_be_left_alone() -> None:
    """What is switched off stands at its middle; money and noise are shared between prices, the others not."""
    one, other = draws(100, 4, 1, 0), draws(100, 4, 1, 1)

    assert (one.money == other.money).all()
    assert (one.noise == other.noise).all()
    assert (one.finding != other.finding).any()
    for doubt in DOUBTS:
        left = one.only(doubt)
        assert ("finding" == doubt) == bool((left.finding != 0.5).any())
        assert ("simulation" == doubt) == bool(left.noise.any())


def curve() -> Curve:
    """Twenty months at four values, today 0.3; saved in proportion to the distance, with paired noise."""
    rng = np.random.default_rng(1)
    at = np.array([0.0, 0.1, 0.2, 0.3])
    slope = 1000 + 100 * rng.standard_normal(20)
    return Curve(at, {"work": slope[:, None] * (0.3 - at), "penalty": np.zeros((20, 4))}, 0.3)


def test_a_curve_is_exactly_zero_at_todays_value() -> None:
    """In mean and in every draw of the error, not nearly."""
    saved = curve()(np.full(50, 0.3), np.random.default_rng(2).standard_normal((50, 20)))

    assert 0.0 == np.abs(saved["work"]).max()
    assert 0.0 == np.abs(saved["penalty"]).max()


def test_a_curve_gives_back_its_points_with_the_error_of_their_mean() -> None:
    """At a simulated value: the mean over months, and its standard error."""
    c, n = curve(), 20_000
    saved = c(np.full(n, 0.1), np.random.default_rng(3).standard_normal((n, 20)))["work"]
    months = c.saved["work"][:, 1]

    assert float(months.mean()) == pytest.approx(float(saved.mean()), rel=0.005)
    assert float(months.std(ddof=1) / np.sqrt(20)) == pytest.approx(float(saved.std()), rel=0.03)


@given(st.lists(st.floats(0, 100), min_size=3, max_size=6), st.floats(0, 1), st.floats(0, 1))
def test_a_curve_through_falling_points_falls(steps: list[float], a: float, b: float) -> None:
    """Monotone between points: more repair never saves less where simulated points say so."""
    at = np.linspace(0, 1, len(steps) + 1)
    saved = np.concatenate([[0.0], np.cumsum(steps)])
    c = Curve(at, {"work": np.tile(saved, (3, 1))}, 0.0)
    low, high = sorted((a, b))
    found = c(np.array([low, high]), np.zeros((2, 3)))["work"]

    assert found[0] <= found[1] + 1e-9


def test_points_hold_todays_value_and_reach_the_ends() -> None:
    """A handful of values; one alone where nothing moves."""
    assert 0.4 in points(0.4, np.linspace(0.1, 0.5, 1000))
    assert points(0.4, np.linspace(0.1, 0.5, 1000)).max() >= 0.49
    assert [0.4] == points(0.4, np.full(10, 0.4)).tolist()
