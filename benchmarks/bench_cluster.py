"""What does Dask cost? Two workers against two threads for a study's replications, the same figures both ways.

A scheduler and two workers of one thread each are started on this machine. Overhead is the wall time beyond
that of two threads, in all and for each replication: connecting, sending the scenario once for each task,
fetching the tallies. Starting the cluster and the workers' first replication, for which they load the compiled
simulator, are told apart. Each time is the least of some turns, since a busy machine only adds to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from workbench.resources import scenario_file
from workbench.sim.scenario import Scenario
from workbench.studies.replicate import Results, replicate

TURNS = 3
CASES = (("small", 400), ("medium", 200), ("large", 24))


def main() -> None:
    """Print every figure."""
    try:
        from distributed import LocalCluster
    except ImportError:
        print("  Dask is not installed here: pip install contact-centre-workbench[cluster]")
        return
    started = time.perf_counter()
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        address: str = cluster.scheduler_address
        print(f"  a scheduler and two workers are up after {time.perf_counter() - started:.1f} s")
        for name, n in CASES:
            _case(Scenario.from_yaml(scenario_file(name)), n, address)


def _case(scenario: Scenario, n: int, address: str) -> None:
    replicate(scenario, 2, 1, workers=2)  # compiled code is loaded
    first, _ = _timed(lambda: replicate(scenario, 2, 1, cluster=address))
    threads, here = min(
        (_timed(lambda: replicate(scenario, n, 1, workers=2)) for _ in range(TURNS)), key=_wall
    )
    # another seed each turn, or Dask would remember the results
    dask, there = min(
        (_timed(lambda s=seed: replicate(scenario, n, s, cluster=address)) for seed in range(1, TURNS + 1)),
        key=_wall,
    )
    same = replicate(scenario, n, there.seed, workers=2)
    agree = all(same[m] == there[m] for m in ("service_level", "abandon_rate", "cost"))
    print(
        f"  {scenario.name:<7} {n:>4} replications: two threads {threads:6.2f} s, two workers {dask:6.2f} s "
        f"({dask / threads:.2f} times); overhead {dask - threads:+.2f} s, {1000 * (dask - threads) / n:+.1f} ms each; "
        f"the first two, cold, {first:.1f} s; figures {'the same' if agree else 'DIFFER'}",
        flush=True,
    )
    assert here.n == there.n == n


def _timed(work: Callable[[], Results]) -> tuple[float, Results]:
    started = time.perf_counter()
    found = work()
    return time.perf_counter() - started, found


def _wall(pair: tuple[float, Results]) -> float:
    return pair[0]


if __name__ == "__main__":  # workers are spawned and import this module anew
    main()
