"""Does the simulator agree with theory and with published simulators?

Headings are those of ORACLES.md. A simulated mean must lie within its own 99.9 % interval (Student
over replications, ratio estimator) of the oracle; seeds are fixed, so a test passes or fails for
good. The heavier rows of the exact table are in the benchmarks.
"""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from workbench.sim.engines.fast_engine import simulate
from workbench.sim.records import (
    N_ABANDONED,
    N_ABANDONED_IN_TIME,
    N_ANSWERED,
    N_BLOCKED,
    N_IN_TIME,
    N_OFFERED,
    N_WAITED,
    US_WAIT_ABANDONED,
    US_WAIT_ANSWERED,
)
from workbench.sim.scenario import Scenario
from workbench.sim.workload import draw

TABLE = Path(__file__).parent / "erlang_exact.csv"

Sums = dict[str, np.ndarray]


def one_queue(queue: dict[str, Any], agents: Any, **time: Any) -> Scenario:
    """One queue with exponential times and one counted group."""
    return Scenario.parse(
        {
            "time": {"interval_s": 3600, **time},
            "queues": {"q": queue},
            "groups": {"g": {"agents": agents, "skills": ["q"]}},
        }
    )


def sums(scenario: Scenario, n: int, seed: int, skip: int = 0) -> Sums:
    """Return the counters of n replications, summed over intervals after the first `skip`."""

    def one(replication: int) -> tuple[np.ndarray, float, float]:
        counts = simulate(draw(scenario, seed, replication), "intervals").counts
        time = counts.group_us[skip:-1, 0, 1].sum(axis=0)  # within the horizon
        return counts.queue[skip:, 0].sum(axis=0), float(time[1]), float(time.sum())

    with ThreadPoolExecutor(2) as threads:
        rows = list(threads.map(one, range(n)))
    x = np.array([row for row, _, _ in rows], dtype=float)
    return {
        "offered": x[:, N_OFFERED],
        "answered": x[:, N_ANSWERED],
        "abandoned": x[:, N_ABANDONED],
        "blocked": x[:, N_BLOCKED],
        "in_time": x[:, N_IN_TIME],
        "abandoned_in_time": x[:, N_ABANDONED_IN_TIME],
        "waited": x[:, N_WAITED],
        "wait_s": (x[:, US_WAIT_ANSWERED] + x[:, US_WAIT_ABANDONED]) / 1e6,
        "wait_answered_s": x[:, US_WAIT_ANSWERED] / 1e6,
        "handling": np.array([busy for _, busy, _ in rows]),
        "on_duty": np.array([total for _, _, total in rows]),
    }


def interval(above: np.ndarray, below: np.ndarray | float, confidence: float = 0.999) -> tuple[float, float]:
    """Return ratio of sums and half-width."""
    below = np.broadcast_to(np.asarray(below, dtype=float), above.shape)
    n, value = len(above), above.sum() / below.sum()
    spread = np.sqrt(((above - value * below) ** 2).sum() / (n - 1) * n) / below.sum()
    return float(value), float(spread * stats.t.ppf((1 + confidence) / 2, n - 1))


def assert_within(above: np.ndarray, below: Any, oracle: float, at_most: float = np.inf) -> None:
    """The oracle lies within the 99.9 % interval, and the interval is narrow enough."""
    value, half = interval(above, below)

    assert abs(value - oracle) <= half, f"{value:.6f} ± {half:.6f}, not {oracle}"
    assert half <= at_most, f"± {half:.6f} is wider than {at_most}"


def row_of_table(number: int) -> dict[str, float]:
    with TABLE.open(encoding="utf-8") as handle:
        return {name: float(value or "nan") for name, value in list(csv.DictReader(handle))[number].items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "contacts"),
    [(0, 9e6), (1, 10e6), (2, 24e6), (3, 2e6), (5, 2e6), (6, 2e6), (7, 2e6), (8, 2e6), (9, 2e6), (12, 3e6)],
)
def test_exact_erlang_values(number: int, contacts: float) -> None:
    """Exact Erlang values: P(wait), wait, abandonment, service level and occupancy of a row."""
    row = row_of_table(number)
    queue: dict[str, Any] = {
        "arrivals": {"per_hour": row["lambda_per_h"]},
        "handle": {"talk": {"mean_s": row["aht_s"]}},
        "service_level": {"threshold_s": row["threshold_s"]},
    }
    if np.isfinite(row["patience_s"]):
        queue["patience"] = {"mean_s": row["patience_s"]}
    replications = 120 if number == 0 else 40
    hours = int(np.ceil(contacts / replications / row["lambda_per_h"]))
    warm_up = max(2, hours // 20)
    scenario = one_queue(queue, int(row["n"]), hours=min(hours + warm_up, 24 * 366))
    x = sums(scenario, replications, seed=1, skip=warm_up)
    light = row["lambda_per_h"] * row["aht_s"] / 3600 / row["n"] < 0.95
    narrow, narrow_s = (0.002, 0.02 * row["mean_wait_s_all"]) if light else (0.01, np.inf)

    assert_within(x["waited"], x["offered"], row["p_wait"], 0.002 if light else 0.012)
    assert_within(x["wait_s"], x["offered"], row["mean_wait_s_all"], narrow_s)
    assert_within(x["in_time"], x["offered"], row["service_level_all_offered"], narrow)
    assert_within(x["in_time"], x["answered"], row["service_level_answered"], narrow)
    assert_within(x["handling"], x["on_duty"], row["occupancy"], narrow)
    if np.isfinite(row["patience_s"]):
        assert_within(x["abandoned"], x["offered"], row["p_abandon"], narrow)
        assert_within(x["wait_answered_s"], x["answered"], row["mean_wait_s_served"])
        assert_within(x["abandoned_in_time"], x["offered"], row["p_abandon_within_threshold"])


@pytest.mark.parametrize(
    ("agents", "patience_s", "wait_s"), [(13, None, 26.5569), (13, 300, 9.91280), (9, 300, 56.6184)]
)
def test_herzog(agents: int, patience_s: float | None, wait_s: float) -> None:
    """Herzog: the mean wait of all, with and without patience."""
    queue: dict[str, Any] = {"arrivals": {"per_hour": 210}, "handle": {"talk": {"mean_s": 180}}}
    if patience_s:
        queue["patience"] = {"mean_s": patience_s}
    x = sums(one_queue(queue, agents, hours=420), 40, seed=2, skip=20)

    assert_within(x["wait_s"], x["offered"], wait_s, 0.05 * wait_s)


def test_gans_koole_mandelbaum() -> None:
    """Gans, Koole, Mandelbaum: 90 % of all wait at most 12.4446 s with abandonment."""
    queue = {
        "arrivals": {"per_hour": 2880},
        "handle": {"talk": {"mean_s": 60}},
        "patience": {"mean_s": 120},
        "service_level": {"threshold_s": 12.4446},
    }
    x = sums(one_queue(queue, 50, hours=42), 30, seed=3, skip=2)

    assert_within(x["in_time"] + x["abandoned_in_time"], x["offered"], 0.90, 0.008)
    assert_within(x["abandoned"], x["offered"], 0.0309122)
    assert_within(x["wait_s"], x["offered"], 3.70947)
    assert_within(x["handling"], x["on_duty"], 0.930324)


@pytest.mark.slow
def test_ssj_call_center() -> None:
    """SSJ CallCenter: random day factor, balking, staffing that falls, and a drained line."""
    rates = [100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60]
    queue = {
        "arrivals": {"per_hour": rates, "day_factor": {"shape": 400}},
        "handle": {"talk": {"mean_s": 100}},
        "patience": {"mean_s": 1000},
        "balk": 0.1,
    }
    agents = [4, 6, 8, 8, 8, 7, 8, 8, 6, 6, 4, 4, 4]
    scenario = one_queue(queue, agents, start="2024-01-01T08:00:00", hours=13, closing="drain")
    x = sums(scenario, 6000, seed=4)

    assert_within(x["offered"], 1.0, 1660.0, 4.5)
    assert abs(x["offered"].std() - 93.2) < 3.0
    assert_within(x["wait_s"], 1660.0, 4.7213, 0.10)
    assert_within(x["in_time"] + x["abandoned_in_time"], 1660.0, 0.92467, 0.002)
    assert_within(x["abandoned"], 1660.0, 0.019843, 0.0005)


MMC = {"arrivals": {"per_hour": 252}, "handle": {"talk": {"mean_s": 120}}}


def test_contactcenters_mmc_without_abandonment() -> None:
    """ContactCenters, MMC: days that start empty do a little better than the steady state."""
    x = sums(one_queue(MMC, 12, hours=8, closing="drain"), 1000, seed=5)

    level, half = interval(x["in_time"], x["offered"], 0.95)
    assert level - half <= 0.904
    assert level + half >= 0.900
    answer, half = interval(x["wait_answered_s"] / 60, x["answered"], 0.95)
    assert answer - half <= 0.102
    assert answer + half >= 0.097
    occupancy, _ = interval(x["handling"], x["on_duty"])
    assert abs(occupancy - 0.695) < 0.003


def test_contactcenters_mmc_with_abandonment() -> None:
    """ContactCenters, MMC: 58.609 a day abandon with a patience of a minute."""
    queue = {**MMC, "patience": {"mean_s": 60}}
    x = sums(one_queue(queue, 12, hours=8, closing="drain"), 1000, seed=6)

    abandoned, half = interval(x["abandoned"], 1.0, 0.95)
    assert abandoned - half <= 59.56
    assert abandoned + half >= 57.66
    assert abs(interval(x["in_time"], x["answered"])[0] - 0.975) < 0.002
    over_all, half = interval(x["in_time"], x["offered"] - x["abandoned_in_time"], 0.95)  # formula V3
    assert over_all - half <= 0.969
    assert over_all + half >= 0.968
    assert abs(interval(x["handling"], x["on_duty"])[0] - 0.675) < 0.004


def test_contactcenters_mmc_with_a_queue_of_five() -> None:
    """ContactCenters, MMC: five places in line, 18.655 a day are blocked."""
    x = sums(one_queue({**MMC, "waiting_room": 5}, 12, hours=8, closing="drain"), 1000, seed=7)

    blocked, half = interval(x["blocked"], 1.0)
    assert abs(blocked - 18.655) < half + 0.8
    assert abs(interval(x["in_time"], x["answered"])[0] - 0.929) < 0.004
    assert abs(interval(x["wait_answered_s"] / 60, x["answered"])[0] - 0.060) < 0.003
