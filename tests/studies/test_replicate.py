"""Do replications give the same figures however they are computed, and honest intervals?"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from workbench.errors import CallError, UnknownName
from workbench.resources import folder
from workbench.sim.change import Change
from workbench.sim.scenario import Scenario
from workbench.studies.compare import compare
from workbench.studies.replicate import Precision, long_run, replicate

SMALL = Scenario.from_yaml(folder("templates") / "scenarios" / "small.yaml")
ONE_MORE = Change("groups.team.agents", [n + 1 for n in SMALL.groups["team"].agents or ()], "one more")


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
def test_figures_do_not_depend_on_the_number_of_workers(workers: int) -> None:
    """Seven replications on one, two, three or seven threads are the same seven."""
    assert replicate(SMALL, 7, workers=workers).to_data() == replicate(SMALL, 7, workers=1).to_data()


APART = """
from distributed import LocalCluster
with LocalCluster(n_workers=1, threads_per_worker=2, processes=False, protocol="tcp", host="127.0.0.1",
                  dashboard_address="127.0.0.1:0") as cluster:
    print(cluster.scheduler_address, flush=True)
    input()
"""


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """A Dask cluster in a process of its own, on ports of its own.

    In this one its warnings would be errors: that its port 8787 is taken (by whoever else has a cluster here), and
    that a socket is left open then, which came as the failure of whichever test was next.
    """
    pytest.importorskip("distributed")
    with subprocess.Popen(
        [sys.executable, "-c", APART], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def test_figures_on_a_cluster_are_those_of_threads(scheduler: str) -> None:
    """A Dask scheduler named by its address computes the same replications."""
    there = replicate(SMALL, 3, cluster=scheduler)

    assert there.to_data() == replicate(SMALL, 3).to_data()


def test_the_first_replications_do_not_change_when_more_are_asked_for() -> None:
    """Replication r is the same in a run of 3 as in a run of 5."""
    three, five = replicate(SMALL, 3), replicate(SMALL, 5)

    assert np.array_equal(three.counted("answered")[0], five.counted("answered")[0][:3])


@pytest.mark.parametrize("n", [0, -3])
def test_no_replications_are_refused(n: int) -> None:
    """Nothing can be said from nothing."""
    with pytest.raises(CallError, match=f"replications: {n}"):
        replicate(SMALL, n)


def test_replications_go_on_until_the_figure_is_precise() -> None:
    """Half a point to each side of the service level, in no more replications than allowed."""
    results = replicate(SMALL, 10, precision=Precision("service_level", 0.01))

    assert results["service_level"].half_width <= 0.01
    assert 10 < results.n < 1000


def test_what_is_enough_is_the_beginning_of_the_whole() -> None:
    """Stopped after the third replication: the same three, and of mirrored ones whole pairs."""
    whole = replicate(SMALL, 8, 3)
    asked = iter([False, False, True])
    three = replicate(SMALL, 8, 3, until=lambda: next(asked))
    pairs = replicate(SMALL, 8, 3, antithetic=True, until=lambda: True)

    assert three["offered"] == replace(whole, tallies=whole.tallies[:3])["offered"]
    assert 1 == pairs.n


def test_a_limit_stops_replications_that_would_take_for_ever() -> None:
    """A millionth cannot be had for 25."""
    assert replicate(SMALL, 10, precision=Precision("service_level", 1e-6, at_most=25)).n == 25


def test_an_unknown_measure_is_refused_before_anything_runs() -> None:
    """With the nearest name."""
    with pytest.raises(UnknownName, match="service_level"):
        replicate(SMALL, 2, precision=Precision("servicelevel", 0.01))


def test_mirrored_pairs_vary_less_than_as_many_independent_ones() -> None:
    """80 antithetic pairs know the number offered better than 160 plain replications."""
    plain, mirrored = replicate(SMALL, 160, seed=3), replicate(SMALL, 160, seed=3, antithetic=True)

    assert mirrored.n == 80
    assert mirrored["offered"].half_width < 0.7 * plain["offered"].half_width


def test_mirrors_come_in_pairs() -> None:
    """Three cannot be paired."""
    with pytest.raises(CallError, match="even"):
        replicate(SMALL, 3, antithetic=True)


def test_results_are_json() -> None:
    """Everything the issue of a run holds can be written down: no NaN, no arrays."""
    data = json.loads(json.dumps(replicate(SMALL, 2).to_data(), allow_nan=False))
    overall = data["measures"]["overall"]

    assert set(overall["service_level"]) == {"mean", "low", "high", "n"}
    assert overall["response_level"]["mean"] is None
    assert "reason" in overall["response_level"]
    assert len(data["measures"]["by_interval"]) == 24
    assert next(iter(data["measures"]["by_interval"])) == "2024-06-03T08:00:00+02:00"


def test_a_change_is_seen_more_clearly_in_pairs() -> None:
    """One more agent: the paired interval is at most half of what independent runs would give."""
    found = compare(SMALL, [ONE_MORE], 40)
    paired = found.differences("mean_wait_s")[0]
    other = replicate(SMALL.with_(ONE_MORE), 40, seed=2)["mean_wait_s"]
    independent = math.hypot(found.baseline["mean_wait_s"].half_width, other.half_width)

    assert paired.high is not None
    assert paired.high < 0
    assert paired.half_width < independent
    assert found.table().set_index("measure").loc["mean_wait_s", "difference"] == paired.mean


def test_a_change_of_nothing_makes_no_difference() -> None:
    """The same agents as before: all differences are exactly 0."""
    same = Change("groups.team.agents", list(SMALL.groups["team"].agents or ()))
    found = compare(SMALL, {"same": [same]}, 5)

    assert {d.mean for m in ("offered", "cost", "occupancy") for d in found.differences(m)} == {0.0}


def test_a_variant_with_another_queue_is_compared_overall_only() -> None:
    """By queue, the two cannot be told apart line by line."""
    new = Change("queues.vip", {"handle": {"talk": {"mean_s": 60}}, "skill": "service"})
    found = compare(SMALL, [new], 2)

    assert found.differences("offered")[0].mean == 0
    with pytest.raises(CallError, match="queues are not those of the base"):
        found.differences("offered", "queue")


def test_nothing_changed_is_refused() -> None:
    """A comparison needs a change."""
    with pytest.raises(CallError, match="Nothing is changed"):
        compare(SMALL, [], 2)


def test_a_path_that_leads_nowhere_is_refused_with_the_nearest() -> None:
    """Before anything runs."""
    with pytest.raises(UnknownName, match=r"groups\.team"):
        compare(SMALL, [Change("groups.taem.agents", 3)], 2)


def test_a_long_run_cannot_be_cut_into_more_batches_than_intervals() -> None:
    """24 half-hours make no 25 batches."""
    with pytest.raises(CallError, match="batches: 25"):
        long_run(SMALL, batches=25)
