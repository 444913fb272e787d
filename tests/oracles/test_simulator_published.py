"""Does the simulator give what others published? ORACLES, by the headings named in each test.

Published simulations have an error of their own; where an interval is published, its half-width and
ours are added in quadrature.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from workbench.sim.run import run
from workbench.sim.scenario import Scenario
from workbench.statistics.replications import Estimate, batch_means, ratio
from workbench.studies.replicate import Results, long_run, replicate

CONFIDENCE = 0.999


def one_queue(calls: dict[str, Any], agents: int | list[int], **time: Any) -> Scenario:
    return Scenario.parse(
        {
            "time": {"interval_s": 3600, **time},
            "queues": {"calls": calls},
            "groups": {"agents": {"agents": agents, "skills": ["calls"]}},
        }
    )


def exponential(per_minute: float, minutes: float, patience: float = math.inf) -> dict[str, Any]:
    calls: dict[str, Any] = {
        "arrivals": {"per_hour": per_minute * 60},
        "handle": {"talk": {"mean_s": minutes * 60}},
    }
    return calls if math.isinf(patience) else {**calls, "patience": {"mean_s": patience * 60}}


def total(results: Results, *names: str) -> np.ndarray:
    """Return the sum of counters in each replication."""
    return np.array([sum(t["overall"][name][0] for name in names) for t in results.tallies])


def assert_within(found: Estimate, published: float, half_width: float = 0.0) -> None:
    assert found.mean is not None
    assert abs(found.mean - published) <= math.hypot(found.half_width, half_width), (found, published)


@pytest.mark.parametrize(
    ("patience", "wait_s", "p90_s", "occupancy"),
    [(math.inf, 20.8337, 58.1387, 0.96), (2.0, 3.70947, 12.4446, 0.930324)],
)
def test_gans_koole_mandelbaum(patience: float, wait_s: float, p90_s: float, occupancy: float) -> None:
    """Gans, Koole, Mandelbaum 2003: 50 agents with and without abandonment, percentiles too."""
    scenario = one_queue(exponential(48, 1, patience), 50, days=60, warm_up_s=86_400)
    results = long_run(scenario, seed=3, batches=59, confidence=CONFIDENCE)
    rows = run(scenario, seed=3, record="contacts").contact_rows
    assert rows is not None
    left_us = np.where(rows.answer_us >= 0, rows.answer_us, rows.abandon_us)
    ended = left_us >= 0
    wait = (left_us - rows.offered_us)[ended] / 1e6
    day = rows.offered_us[ended] // 86_400_000_000
    p90 = ratio([np.quantile(wait[day == d], 0.9) for d in range(1, 60)], confidence=CONFIDENCE)

    assert_within(results["mean_wait_s"], wait_s)
    assert_within(results["occupancy"], occupancy)
    assert_within(p90, p90_s)
    if math.isfinite(patience):
        assert_within(results["abandon_rate"], 0.0309122)
        assert results["mean_wait_s"].relative_half_width < 0.04
        # Little's law: 48 a minute wait 3.709 s each, so 2.968 stand in line
        line = total(results, "wait_answered_us", "wait_abandoned_us") / 86_400e6
        assert_within(ratio(line, confidence=CONFIDENCE), 2.968)


@pytest.mark.parametrize(
    ("agents", "patience", "wait_s"), [(13, math.inf, 26.5569), (13, 5.0, 9.91280), (9, 5.0, 56.6184)]
)
def test_herzog(agents: int, patience: float, wait_s: float) -> None:
    """Herzog, ErlangC tests of Mini-Callcenter-Simulator: 3.5 contacts a minute of 3 minutes."""
    scenario = one_queue(exponential(3.5, 3, patience), agents, days=365, warm_up_s=86_400)
    results = long_run(scenario, seed=4, batches=52, confidence=CONFIDENCE)

    assert_within(results["mean_wait_s"], wait_s)
    assert results["mean_wait_s"].relative_half_width < 0.08


def test_batch_means_of_a_long_run_agree_with_its_batches_as_replications() -> None:
    """One long run cut by `batch_means` and by `long_run` gives the same interval."""
    scenario = one_queue(exponential(3.5, 3, 5.0), 13, days=50, warm_up_s=86_400)
    results = long_run(scenario, seed=4, batches=49)
    counts = run(scenario, 4, record="intervals").counts.queue[:, 0].astype(float)
    waits = (counts[:, 8] + counts[:, 9]) / 1e6
    by_hand = batch_means(waits, counts[:, 2] + counts[:, 3], warm_up=24, batches=49)

    assert by_hand.mean == pytest.approx(results["mean_wait_s"].mean)
    assert by_hand.low == pytest.approx(results["mean_wait_s"].low)


def test_ssj_call_center_with_a_random_day_factor() -> None:
    """SSJ CallCenter (L'Ecuyer), busyness Gamma(400, 400): 4,000 days, each drained."""
    calls = {
        "arrivals": {
            "per_hour": [100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60],
            "day_factor": {"shape": 400},
        },
        "handle": {"talk": {"mean_s": 100}},
        "patience": {"mean_s": 1000},
        "balk": [0.1],
    }
    agents = [4, 6, 8, 8, 8, 7, 8, 8, 6, 6, 4, 4, 4]
    scenario = one_queue(calls, agents, start="2024-01-01T08:00:00", hours=13, closing="drain")
    results = replicate(scenario, 4000, seed=5, confidence=CONFIDENCE)
    arrivals = total(results, "offered")

    def per_day(*names: str) -> Estimate:
        return ratio(total(results, *names) / 1660, confidence=CONFIDENCE)

    # 95 % intervals of the 400,000 days, widened to 99.9 %
    widen = 3.29 / 1.96
    waits = per_day("wait_answered_us", "wait_abandoned_us")
    assert waits.mean is not None
    assert abs(waits.mean / 1e6 - 4.7213) <= math.hypot(waits.half_width / 1e6, 0.0062 * widen)
    assert_within(per_day("in_time", "abandoned_in_time"), 0.92467, 0.00012 * widen)
    assert_within(per_day("abandoned"), 0.019843, 0.00002 * widen)
    assert_within(ratio(arrivals, confidence=CONFIDENCE), 1660)
    assert arrivals.std(ddof=1) == pytest.approx(93.62, rel=0.05)
    assert (total(results, "backlog") == 0).all() or (
        total(results, "answered", "abandoned") == arrivals
    ).all()


def test_contact_centers_mmc_without_abandonment() -> None:
    """ContactCenters, MMC examples: days of 8 hours that start empty, 1,000 of them."""
    results = replicate(one_queue(exponential(4.2, 2), 12, hours=8), 1000, 6, confidence=CONFIDENCE)
    widen = 3.29 / 1.96

    assert_within(results["service_level"], 0.902, 0.002 * widen)
    assert_within(results["mean_wait_answered_s"], 0.099 * 60, 0.0025 * 60 * widen)
    assert_within(results["occupancy"], 0.695, 0.001)


def test_contact_centers_mmc_with_abandonment() -> None:
    """ContactCenters, MMC examples: patience of a minute; abandoned per day, two service levels.

    Its "service level over all" leaves out who abandons within the threshold: our V3.
    """
    scenario = one_queue(exponential(4.2, 2, 1.0), 12, hours=8)
    results = replicate(scenario, 1000, 7, formulas=("V3", "V1"), confidence=CONFIDENCE)
    widen = 3.29 / 1.96

    assert_within(results["abandoned"], 58.609, 0.95 * widen)
    assert_within(results["service_level"], 0.968, 0.001 * widen)
    assert_within(results["service_level V1"], 0.975, 0.001 * widen)
    assert_within(results["occupancy"], 0.675, 0.001)


def test_contact_centers_mmc_with_a_queue_capacity() -> None:
    """ContactCenters, MMC examples: five places in line; the blocked, and the others' wait."""
    scenario = one_queue({**exponential(4.2, 2), "waiting_room": 5}, 12, hours=8)
    results = replicate(scenario, 1000, 8, confidence=CONFIDENCE)

    assert_within(results["blocked"], 18.655, 1.0)
    assert_within(results["mean_wait_answered_s"], 0.060 * 60, 0.001 * 60)
    # over those who were not blocked; over all who called it would be 0.920
    assert_within(results["service_level"], 0.929, 0.001)
