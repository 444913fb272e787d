"""How fast is the simulator, beside a minimal SimPy model and beside our own SimPy engine?

Each figure stands beside its comparison in the same run; times are medians, and "per core" is by the
processor time of the thread, so that a busy machine does not decide. Misses are printed as such.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import simpy

from workbench.resources import folder
from workbench.sim.change import Change
from workbench.sim.engines import fast_engine, simpy_engine
from workbench.sim.scenario import Scenario
from workbench.sim.workload import draw
from workbench.studies.replicate import replicate

TURNS = 5
INTERVAL_S = 900.0


def erlang_a(contacts: float, agents: int = 100, erlangs: float | None = None) -> Scenario:
    """M/M/n+M: handle time 300 s, patience 120 s; as many hours as bring so many contacts."""
    per_hour = (agents if erlangs is None else erlangs) / 300.0 * 3600.0
    hours = min(24.0 * 366, max(0.25, round(contacts / per_hour * 4) / 4))
    return Scenario.parse(
        {
            "time": {"hours": hours, "interval_s": int(INTERVAL_S)},
            "queues": {
                "calls": {
                    "arrivals": {"per_hour": per_hour},
                    "handle": {"talk": {"mean_s": 300}},
                    "patience": {"mean_s": 120},
                }
            },
            "groups": {"agents": {"agents": agents, "skills": ["calls"]}},
        }
    )


def minimal_simpy(contacts: int, seed: int = 1) -> dict[int, list[float]]:
    """The same queue in plain SimPy, written to be short; figures per quarter of an hour."""
    rng, env = random.Random(seed), simpy.Environment()
    desk = simpy.Resource(env, 100)
    rows: dict[int, list[float]] = {}

    def contact() -> Any:
        arrived = env.now
        row = rows.setdefault(int(arrived // INTERVAL_S), [0.0] * 6)
        row[0] += 1
        with desk.request() as turn:
            first = yield turn | env.timeout(rng.expovariate(1 / 120))
            wait = env.now - arrived
            row[1] += wait
            if turn not in first:
                row[2] += 1
                return
            row[3] += 1
            row[4] += wait <= 20
            handle = rng.expovariate(1 / 300)
            row[5] += handle
            yield env.timeout(handle)

    def come() -> Any:
        for _ in range(contacts):
            yield env.timeout(rng.expovariate(1 / 3))
            env.process(contact())

    env.process(come())
    env.run()
    return rows


def seconds(work: Callable[[], object], turns: int = TURNS) -> tuple[float, float]:
    """Return the median of wall and of thread time. [s]"""
    wall, own = [], []
    for _ in range(turns):
        w, o = time.perf_counter(), time.thread_time()
        work()
        wall.append(time.perf_counter() - w)
        own.append(time.thread_time() - o)
    return statistics.median(wall), statistics.median(own)


def say(text: str, value: str, target: str = "", held: bool | None = None) -> None:
    """Print one figure, what is asked for, and whether it is held."""
    verdict = "" if held is None else ("held" if held else "MISSED")
    print(f"  {text:<58} {value:>28}   {target:<24} {verdict}", flush=True)


def one(scenario: Scenario, replication: int = 0) -> int:
    """Draw and simulate one replication with counters only; return its contacts."""
    return int(fast_engine.simulate(draw(scenario, 1, replication), "intervals").counts.queue[..., 0].sum())


def single_queue() -> None:
    """One million contacts of M/M/100+M, drawing included."""
    scenario = erlang_a(1e6)
    n = one(scenario)
    wall, own = seconds(lambda: one(scenario))
    _, small = seconds(lambda: minimal_simpy(50_000), 3)
    rate, plain = n / own, 50_000 / small
    say(
        "M/M/100+M, 1,000,000 contacts, drawing included",
        f"{rate / 1e6:.2f} M/s and core",
        "at least 4 M/s",
        rate >= 4e6,
    )
    say("  by the clock on the wall", f"{n / wall / 1e6:.2f} M/s")
    say("  minimal SimPy model of the same queue", f"{plain / 1e6:.4f} M/s")
    say("  fast over minimal SimPy", f"{rate / plain:.0f} ×", "at least 40 ×", rate >= 40 * plain)


def multi_skill() -> None:
    """The medium scenario, drawing included, beside our own SimPy engine; and the large one."""
    scenario = Scenario.from_yaml(folder("templates") / "scenarios" / "medium.yaml")
    n = one(scenario)
    _, own = seconds(lambda: one(scenario), 15)
    workload = draw(scenario, 1, 0)
    _, alone = seconds(lambda: fast_engine.simulate(workload, "intervals"), 15)
    _, slow = seconds(lambda: simpy_engine.simulate(workload, "intervals"), 3)
    say(
        f"medium scenario, a day of {n:,} contacts, with drawing",
        f"{n / own / 1e6:.2f} M/s and core",
        "at least 1.5 M/s",
        n / own >= 1.5e6,
    )
    say("  the engine alone", f"{n / alone / 1e6:.2f} M/s and core")
    say("  our simpy engine", f"{n / slow / 1e6:.4f} M/s")
    say("  fast over simpy", f"{slow / alone:.0f} ×", "at least 50 ×", slow >= 50 * alone)
    large = Scenario.from_yaml(folder("templates") / "scenarios" / "large.yaml")
    n = one(large)
    _, own = seconds(lambda: one(large), 3)
    say(f"large scenario, a day of {n:,} contacts, with drawing", f"{n / own / 1e6:.2f} M/s and core")


def growth() -> None:
    """Time per contact against contacts and agents; the fixed cost of a run."""
    each = {}
    for contacts in (1e5, 1e6, 1e7):
        scenario = erlang_a(contacts)
        n = one(scenario)
        each[contacts] = seconds(lambda s=scenario: one(s), 3)[1] / n  # type: ignore[misc]
        say(f"{n:,} contacts", f"{each[contacts] * 1e9:.0f} ns each")
    spread = max(each.values()) / min(each.values())
    say("  slowest over fastest", f"{spread:.2f}", "flat within 30 %", spread <= 1.3)
    nothing = erlang_a(1, 1, 1e-6)
    wall, _ = seconds(lambda: one(nothing), 50)
    say("fixed cost of a run", f"{wall * 1e3:.2f} ms", "under 10 ms", wall < 0.010)
    cost = {}
    for agents in (10, 100, 1000, 5000):
        scenario = erlang_a(5e5, agents)
        n = one(scenario)
        cost[agents] = seconds(lambda s=scenario: one(s), 3)[1] / n  # type: ignore[misc]
        say(f"{agents:,} agents", f"{cost[agents] * 1e9:.0f} ns each")
    grown = (cost[5000] - cost[10]) / np.log2(500)
    say(
        "  added by each doubling of agents", f"{grown * 1e9:.0f} ns",
        "at most logarithmic", cost[5000] <= cost[10] * np.log2(5000) / np.log2(10) * 1.5,
    )  # fmt: skip


def threads() -> None:
    """Two threads against one, the same replications."""
    scenario = erlang_a(1e6)
    taken: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(3):
        for workers in taken:
            begun = time.perf_counter()
            replicate(scenario, 6, workers=workers)
            taken[workers].append(time.perf_counter() - begun)
    gain = statistics.median(taken[1]) / statistics.median(taken[2])
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    say(f"two threads over one, 6 million contacts ({load})", f"{gain:.2f} ×", "at least 1.8 ×", gain >= 1.8)


def what_if() -> None:
    """One step of a what-if: 20 replications of the medium scenario with a change."""
    scenario = Scenario.from_yaml(folder("templates") / "scenarios" / "medium.yaml")
    count = iter(range(6, 10_000))

    def step() -> None:
        replicate(scenario.with_(Change("groups.specialists.people.early.count", next(count))), 20)

    step()
    wall, _ = seconds(step, 9)
    again, _ = seconds(lambda: replicate(scenario, 20), 9)
    say(
        "what-if step: change, 20 replications of the medium day",
        f"{wall * 1e3:.0f} ms",
        "under 200 ms",
        wall < 0.2,
    )
    say("  the replications alone", f"{again * 1e3:.0f} ms")


_FIRST = """
import sys, time
begun = time.perf_counter()
import workbench.sim
from workbench.resources import folder
from workbench.sim.run import run
from workbench.sim.scenario import Scenario
run(Scenario.from_yaml(folder("templates") / "scenarios" / "small.yaml"), 1)
print(time.perf_counter() - begun)
"""


def first_use() -> None:
    """A fresh cache folder, then later processes that find it full."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "NUMBA_CACHE_DIR": cache}

        def process() -> tuple[float, str]:
            done = subprocess.run(
                [sys.executable, "-c", _FIRST], env=environment, capture_output=True, text=True, check=True
            )
            return float(done.stdout), done.stderr

        first, message = process()
        later = statistics.median(process()[0] for _ in range(TURNS))
    say("first ever use, everything compiled", f"{first:.1f} s", "under 30 s", first < 30)
    say("  and a message says so", "yes" if "Compiling" in message else "no", "", "Compiling" in message)
    say("a later process, from import to first result", f"{later:.2f} s", "within 2 s", later < 2)


_MEMORY = """
import resource
from benchmarks.bench_sim import erlang_a, one
print(one(erlang_a(1e7)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def memory() -> None:
    """Ten million contacts with interval records, in a process of their own."""
    if sys.platform != "linux":
        say("10 million contacts with interval records", "measured on Linux only")
        return
    done = subprocess.run([sys.executable, "-c", _MEMORY], capture_output=True, text=True, check=True)
    n, kilobytes = (int(word) for word in done.stdout.split())
    say(
        f"{n:,} contacts with interval records",
        f"{kilobytes / 1e6:.2f} GB at most",
        "under 1 GB",
        kilobytes < 1e6,
    )


def main() -> None:
    """Print every figure."""
    for part in (single_queue, multi_skill, what_if, growth, threads, memory, first_use):
        part()


if __name__ == "__main__":
    main()
