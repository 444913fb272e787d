"""Are the numbers uniform, addressed and mirrored, and are the tables the quantiles of their family?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from workbench.sim import variates as v
from workbench.sim.distributions import Distribution

FAMILIES = [
    Distribution(mean_s=300),
    Distribution(family="gamma", mean_s=360, shape=18),
    Distribution(family="gamma", mean_s=360, shape=0.3),
    Distribution(family="erlang", mean_s=90, shape=2),
    Distribution(family="weibull", mean_s=120, shape=0.7),
    Distribution(family="weibull", mean_s=120, shape=3),
    Distribution(family="lognormal", mean_s=240, cv=0.4),
    Distribution(family="lognormal", mean_s=240, cv=1.6),
]


def test_first_numbers_are_those_of_splitmix64():
    """The published generator started at 1234567 gives 6457827717110365317 and 3203168211198807973."""
    assert v.mix(1234567, 0) == 6457827717110365317
    assert v.mix(1234567, 1) == 3203168211198807973


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f"{f.family} {f.shape or f.cv or ''}")
def test_table_is_the_inverse_of_scipys_distribution(family):
    """Within a thousandth of the mean in the body, and of the value in both tails."""
    tables = v.quantile_tables([family])
    frozen = v.frozen_family(family)
    u = np.concatenate([np.linspace(0.001, 0.999, 1999), 1 - np.logspace(-9, -3, 50)])

    ours = v.variates(tables, 0, u)
    theirs = np.where(u < 0.5, frozen.ppf(u), frozen.isf(1 - u))
    assert np.all(np.abs(ours - theirs) <= 1e-3 * np.maximum(theirs, 1.0))
    low = np.logspace(-9, -3, 50)
    assert np.allclose(v.variates(tables, 0, low), frozen.ppf(low), atol=1e-5, rtol=2e-2)
    assert np.isclose(frozen.mean(), 1.0, rtol=1e-12)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f"{f.family} {f.shape or f.cv or ''}")
def test_table_rises_and_has_mean_one(family):
    """A larger number never gives a shorter time; a million midpoints average to one."""
    tables = v.quantile_tables([family])
    u = (np.arange(1_000_000) + 0.5) / 1_000_000
    values = v.variates(tables, 0, u)

    assert np.all(np.diff(values) >= 0)
    assert abs(values.mean() - 1.0) < 2e-4
    assert abs(values.std() - v.frozen_family(family).std()) < 0.01


def test_ends_of_a_table_are_finite():
    """The smallest and the largest number that there are give a time."""
    tables = v.quantile_tables(FAMILIES)
    for row in range(len(FAMILIES)):
        for u in (5.6e-17, 2.0**-53, 0.25, 0.5, 0.75, 1 - 2.0**-53):
            value = v.variate(tables, row, u)
            assert np.isfinite(value)
            assert value >= 0
    assert v.variate(tables, 0, 0.5) == pytest.approx(np.log(2), rel=1e-12)


def test_empirical_family_has_its_own_mean_and_stays_within_its_values():
    """Quantiles between recorded durations are straight; a given mean scales them."""
    family = Distribution(family="empirical", values=(10.0, 20.0, 60.0))
    tables = v.quantile_tables([family])
    u = (np.arange(10_000) + 0.5) / 10_000
    values = v.variates(tables, 0, u) * family.mean

    assert family.mean == 30
    assert values.min() >= 10
    assert values.max() <= 60
    assert abs(np.median(values) - 20) < 0.02


def test_constant_is_constant():
    """Whatever the number."""
    tables = v.quantile_tables([Distribution(family="constant", mean_s=45)])

    assert {v.duration_us(tables, 0, 45e6, u) for u in (1e-12, 0.3, 0.999999)} == {45_000_000}


def test_numbers_are_uniform_and_of_different_purposes_independent():
    """Kolmogorov–Smirnov over 20,000 contacts, and correlations below 0.02 (fixed seed)."""
    keys = v.keys_of(v.stream(5, 0, "arrivals sales"), 20_000)
    talk, patience = v.units(keys, v.TALK, 0), v.units(keys, v.PATIENCE, 0)

    assert stats.kstest(talk, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(talk, patience)[0, 1]) < 0.02
    assert abs(np.corrcoef(talk[1:], talk[:-1])[0, 1]) < 0.02
    follow = np.array([v.mix(int(k), int(v.name_key("follow-up a b"))) for k in keys[:5000]], dtype=np.uint64)
    assert abs(np.corrcoef(v.units(follow, v.TALK, 0), talk[:5000])[0, 1]) < 0.04


def test_mirrored_number_is_the_complement():
    """Antithetic pairs: u and 1 - u."""
    keys = v.keys_of(v.stream(5, 0, "x"), 1000)

    assert np.allclose(v.units(keys, v.TALK, 0) + v.units(keys, v.TALK, 1), 1.0)


def test_streams_differ_by_seed_replication_and_name():
    """Any change of the address gives another key; the same address the same key."""
    keys = {
        v.stream(*address) for address in ((1, 0, "a"), (2, 0, "a"), (1, 1, "a"), (1, 0, "b"), (0, 1, "a"))
    }

    assert len(keys) == 5
    assert v.stream(1, 0, "a") == v.stream(1, 0, "a")
    assert v.stream(-1, 0, "a") == v.stream(2**64 - 1, 0, "a")


def test_a_longer_mean_moves_every_draw_the_same_way():
    """At every number the time is longer."""
    tables = v.quantile_tables(FAMILIES)
    for row in range(len(FAMILIES)):
        for u in np.linspace(0.01, 0.99, 23):
            short = v.duration_us(tables, row, 100e6, u)
            assert v.duration_us(tables, row, 110e6, u) > short


def test_durations_are_bounded():
    """Nothing negative, and what never comes is FOREVER."""
    assert v.whole_us(-3.0) == 0
    assert v.whole_us(2.5) == 3
    assert v.whole_us(1e30) == v.FOREVER


def test_tenure_is_counted_in_full_weeks():
    """Six days are week 0, seven are week 1; long ago is the last week."""
    day = 86_400_000_000

    assert v.tenure_week(6 * day, 0, 9) == 0
    assert v.tenure_week(7 * day, 0, 9) == 1
    assert v.tenure_week(0, -7000 * day, 9) == 9
    assert v.tenure_week(0, day, 9) == 0
