"""Do the Erlang formulas agree with exact, published and independently computed numbers?"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import CallError
from workbench.queueing import (
    agents_required,
    erlang_a,
    erlang_b,
    erlang_c,
    wait_percentile,
)

TABLE = Path(__file__).parent / "erlang_exact.csv"
PYWORKFORCE = {"contacts_per_hour": 200, "aht_s": 180}


def exact() -> dict[str, np.ndarray]:
    with TABLE.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return {name: np.array([float(row[name] or "nan") for row in rows]) for name in rows[0]}


def birth_and_death(rate: float, aht: float, n: int, patience: float) -> tuple[float, float, float]:
    """P(wait), mean queue, P(abandon) from the stationary distribution, state by state, in logs."""
    states = np.arange(1, n + 20_000)
    death = np.minimum(states, n) / aht + np.maximum(states - n, 0) / patience
    log_p = np.concatenate([[0.0], np.cumsum(np.log(rate) - np.log(death))])
    p = np.exp(log_p - log_p.max())
    p /= p.sum()
    queue = np.maximum(np.arange(p.size) - n, 0)
    return p[n:].sum(), (p * queue).sum(), (p * queue).sum() / patience / rate


def test_all_18_rows_of_the_exact_table_to_nine_digits():
    """ORACLES, Exact Erlang values: every column, light load to overload, 1 to 1,050 agents."""
    table = exact()
    figures = erlang_a(*(table[name] for name in ("lambda_per_h", "aht_s", "n", "patience_s", "threshold_s")))
    columns = list(table)[5:]

    assert len(table["n"]) == 18
    assert len(columns) == 12
    for column in columns:
        np.testing.assert_allclose(
            getattr(figures, column), table[column], rtol=1e-12, atol=0, err_msg=column
        )


def test_gans_koole_mandelbaum_comparison():
    """ORACLES, Gans, Koole, Mandelbaum 2003: 50 agents, 48 contacts a minute, with and without."""
    figures = erlang_a(2880, 60, 50, [np.inf, 120])

    assert figures.mean_wait_s_all == pytest.approx([20.8337, 3.70947], rel=2e-6)
    assert figures.mean_queue_length == pytest.approx([16.667, 2.968], abs=5e-4)
    assert figures.occupancy == pytest.approx([0.96, 0.930324], abs=5e-7)
    assert figures.p_abandon == pytest.approx([0.0, 0.0309122], abs=5e-8)
    assert wait_percentile(2880, 60, 50, [np.inf, 120], 0.9) == pytest.approx([58.1387, 12.4446], abs=6e-5)


def test_herzog_mini_callcenter_simulator():
    """ORACLES, Herzog: 3.5 contacts a minute of 3 minutes, 13 and 9 agents."""
    waits = erlang_a(210, 180, [13, 13, 9], [np.inf, 300, 300]).mean_wait_s_all

    assert waits == pytest.approx([26.5569, 9.91280, 56.6184], rel=2e-6)


def test_pyworkforce_erlang_c_requirement():
    """ORACLES, pyworkforce tests: 14 agents at occupancy 85 %, 15 at 70 %."""
    needed = agents_required(**PYWORKFORCE, threshold_s=19.8, service_level=0.8, max_occupancy=[0.85, 0.70])
    figures = erlang_c(**PYWORKFORCE, agents=needed, threshold_s=19.8)

    assert needed.tolist() == [14, 15]
    assert figures.service_level_all_offered == pytest.approx([0.887853, 0.941], abs=5e-4)
    assert figures.service_level_all_offered[0] == pytest.approx(0.887853, abs=5e-7)
    assert figures.p_wait[0] == pytest.approx(0.174132, abs=5e-7)
    assert figures.p_wait[1] == pytest.approx(0.102, abs=5e-4)
    assert figures.occupancy[0] == pytest.approx(0.714, abs=5e-4)


def test_pyworkforce_erlang_a():
    """ORACLES, pyworkforce tests: the same queue with a patience of five minutes."""
    figures = erlang_a(**PYWORKFORCE, agents=14, patience_s=300, threshold_s=20)

    assert figures.p_wait == pytest.approx(0.14526011, abs=5e-9)
    assert figures.p_abandon == pytest.approx(0.013983744, abs=5e-10)
    assert figures.occupancy == pytest.approx(0.70429733, abs=5e-9)
    assert figures.mean_wait_s_all == pytest.approx(4.1951232, abs=5e-8)
    assert figures.service_level_all_offered == pytest.approx(0.91679209, abs=5e-9)


def test_contact_centers_steady_state():
    """ORACLES, ContactCenters MMC: service level 0.899080, wait 0.102160 min, occupancy 0.7."""
    figures = erlang_c(252, 120, 12, 20)

    assert figures.service_level_all_offered == pytest.approx(0.899080, abs=5e-7)
    assert figures.mean_wait_s_all / 60 == pytest.approx(0.102160, abs=5e-7)
    assert figures.occupancy == pytest.approx(0.7, rel=1e-15)


@pytest.mark.parametrize("n", [1, 2, 10, 100, 1000, 10_000])
def test_erlang_b_follows_its_recursion(n):
    """1/B(n) = 1 + (n/a)/B(n-1), all terms positive, from light load to ten times the trunks."""
    loads = np.array([0.3, 0.9, 1.0, 1.1, 10.0]) * n
    inverse = np.ones(5)
    for k in range(1, n + 1):
        inverse = np.minimum(1 + k / loads * inverse, 1e300)

    seen = inverse < 1e299
    np.testing.assert_allclose(erlang_b(loads, n)[seen], 1 / inverse[seen], rtol=1e-11)
    assert seen.sum() >= 4


def test_one_trunk_blocks_load_over_one_plus_load():
    """B(1, a) = a / (1 + a); nobody calls: nothing is blocked; no trunk: everything is."""
    assert erlang_b([0.0, 0.5, 3.0], 1).tolist() == pytest.approx([0.0, 1 / 3, 0.75])
    assert erlang_b(2.0, 0) == 1.0


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 400),
    utilisation=st.floats(0.05, 3.0),
    aht=st.floats(5.0, 2000.0),
    patience_ratio=st.floats(0.01, 20.0),
)
def test_erlang_a_agrees_with_birth_and_death(n, utilisation, aht, patience_ratio):
    """The integral and the chain, two roads to one queue, agree for any patience and load."""
    rate, patience = utilisation * n / aht, patience_ratio * aht
    figures = erlang_a(rate * 3600, aht, n, patience)
    p_wait, queue, p_abandon = birth_and_death(rate, aht, n, patience)

    assert figures.p_wait == pytest.approx(p_wait, rel=1e-9, abs=1e-300)
    assert figures.mean_queue_length == pytest.approx(queue, rel=1e-9, abs=1e-300)
    assert figures.p_abandon == pytest.approx(p_abandon, rel=1e-9, abs=1e-300)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 3000),
    utilisation=st.floats(0.05, 3.0),
    patience=st.floats(1.0, 1e6),
    threshold=st.floats(0.0, 5000.0),
)
def test_laws_of_the_queue_with_patience(n, utilisation, patience, threshold):
    """Shares add up, Little's law and rate conservation hold, and no figure leaves its bounds."""
    f = erlang_a(utilisation * n * 12, 300, n, patience, threshold)
    rate = utilisation * n / 300

    within = f.service_level_all_offered + f.p_abandon_within_threshold
    assert 0 <= within <= 1 + 1e-12
    assert f.p_abandon * rate == pytest.approx(f.mean_queue_length / patience, rel=1e-9)
    assert f.occupancy == pytest.approx(utilisation * (1 - f.p_abandon), rel=1e-9)
    mixed = (1 - f.p_abandon) * f.mean_wait_s_served
    if f.p_abandon > 0:
        mixed += f.p_abandon * f.mean_wait_s_abandoned
    assert mixed == pytest.approx(f.mean_wait_s_all, rel=1e-8, abs=1e-300)


def test_erlang_a_with_long_patience_becomes_erlang_c():
    """At a patience of 30 years the stable queue is Erlang C."""
    a = erlang_a(200, 240, 15, 1e9, 20)
    c = erlang_c(200, 240, 15, 20)

    assert a.mean_wait_s_all == pytest.approx(c.mean_wait_s_all, rel=1e-5)
    assert a.service_level_all_offered == pytest.approx(c.service_level_all_offered, rel=1e-5)


def test_ten_thousand_agents_keep_little_s_law_and_precision():
    """Nothing overflows at 10,000 agents; queue and abandonment still balance."""
    f = erlang_a(120_000, 300, [9_000, 9_900, 10_000, 10_100, 10_500], 120)

    np.testing.assert_allclose(f.p_abandon * 120_000 / 3600, f.mean_queue_length / 120, rtol=1e-12)
    assert np.all(np.diff(f.p_wait) < 0)
    assert f.p_abandon[0] == pytest.approx(0.1, abs=1e-5)


def test_overloaded_erlang_c_waits_without_end():
    """A queue that grows for ever has no mean wait; it is infinite, not zero."""
    f = erlang_c(100, 180, [4, 5, 6])

    assert f.mean_wait_s_all[:2].tolist() == [np.inf, np.inf]
    assert f.service_level_all_offered[:2].tolist() == [0.0, 0.0]
    assert f.service_level_answered[:2].tolist() == [0.0, 0.0]
    assert f.occupancy[:2].tolist() == [1.0, 1.0]
    assert np.isfinite(f.mean_wait_s_all[2])
    assert wait_percentile(100, 180, [4, 6]).tolist()[0] == np.inf


def test_no_arrivals_and_no_agents():
    """The rare contact to an idle floor is answered at once; without agents everybody leaves."""
    idle = erlang_a(0, 300, 3, 60)
    deserted = erlang_a(10, 300, 0, 60, 20)

    assert (idle.p_wait, idle.service_level_all_offered, idle.occupancy) == (0.0, 1.0, 0.0)
    assert (deserted.p_abandon, deserted.mean_wait_s_all) == (1.0, 60.0)
    assert deserted.service_level_all_offered == 0.0
    assert deserted.p_abandon_within_threshold == pytest.approx(1 - np.exp(-1 / 3))
    assert np.isnan(deserted.occupancy)


def test_requirement_is_the_fewest_that_serves():
    """For every interval, the answer meets all targets and one agent fewer does not."""
    per_hour = np.array([0.0, 1.0, 40.0, 333.0, 2500.0, 60_000.0])
    needed = agents_required(
        per_hour, 300, patience_s=120, service_level=0.8, max_abandonment=0.03, max_occupancy=0.9
    )

    def met(n):
        f = erlang_a(per_hour, 300, n, 120)
        return (f.service_level_all_offered >= 0.8) & (f.p_abandon <= 0.03) & (f.occupancy <= 0.9)

    assert needed[0] == 0
    assert met(needed)[1:].all()
    assert not met(np.maximum(needed - 1, 0))[1:].any()


def test_requirement_for_a_speed_of_answer():
    """Herzog's queue: 13 agents wait 26.6 s, so 26 s need 14 and 27 s need 13."""
    assert agents_required(210, 180, max_mean_wait_s=[26.0, 27.0]).tolist() == [14, 13]


def test_wrong_inputs_are_named():
    """Each refusal names the argument, what came and what is accepted."""
    with pytest.raises(CallError, match=r"aht_s: 0 came\. Accepted: a number of seconds above 0"):
        erlang_c(10, 0, 3)
    with pytest.raises(CallError, match="patience_s: -1 came"):
        erlang_a(10, 300, 3, -1)
    with pytest.raises(CallError, match=r"service_level: 80 came\. .*such as 0\.8"):
        agents_required(10, 300, service_level=80)
    with pytest.raises(CallError, match="Name at least one of service_level"):
        agents_required(10, 300)
    with pytest.raises(CallError, match="does not meet the target with 5 agents"):
        agents_required(1000, 300, service_level=0.8, max_agents=5)
    with pytest.raises(CallError, match="do not fit together"):
        erlang_c([10, 20], 300, [1, 2, 3])
    with pytest.raises(CallError, match="leave out rows that are unknown"):
        erlang_c(np.nan, 300, 1)
