"""How long does staffing take from the command line, and how good are the plans, beside Erlang A rounded up?

`workbench staff NAME --json` is run as a user would, for the four scenarios that come along, and for CCBaby,
SimOpt's call-centre scheduling problem (tests/oracles/ccbaby.yaml): 68 whole numbers, every hour 80 % within
20 s; no optimum is published, so the cost stands beside two lower bounds. Times are by the clock on the wall and
by the processor, since a busy machine stretches the first. WORKBENCH_BENCH_STAFFING names those wanted:
"ccbaby,medium,large".
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

CCBABY = Path(__file__).resolve().parents[1] / "tests" / "oracles" / "ccbaby.yaml"
SURE = ("--per", "hour", "--only", "shifts", "--sure", "--check", "1000")
CASES: dict[str, tuple[tuple[str, ...], float]] = {
    "ccbaby": ((str(CCBABY), *SURE), 60.0),
    "small": (("small",), 60.0),
    "medium": (("medium",), 60.0),
    "week": (("week",), 60.0),
    "large": (("large",), 600.0),
}
"""What is asked for, and the most time it may take. [s]"""


def main() -> None:
    """Print every figure."""
    wanted = os.environ.get("WORKBENCH_BENCH_STAFFING", ",".join(CASES)).split(",")
    for name in wanted:
        words, at_most = CASES[name]
        found, wall, own = _run(words)
        verdict = (
            "held" if wall <= at_most else ("held by two idle cores" if own / 2 <= at_most else "MISSED")
        )
        print(
            f"  {name:<8} {wall:7.1f} s  processor {own:7.1f} s  at most {at_most:g} s  {verdict}", flush=True
        )
        for kind, title in (("requirement", "by interval"), ("plan", "shifts")):
            if found[kind] is not None:
                _say(found["currency"], title, found[kind])


def _run(words: tuple[str, ...]) -> tuple[dict[str, Any], float, float]:
    """Return what the command answers, and its time by the clock and by the processor. [s]"""
    wall, own = time.perf_counter(), _processor_s()
    done = subprocess.run(
        [sys.executable, "-m", "workbench", "staff", *words, "--json"], check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout), time.perf_counter() - wall, _processor_s() - own


def _processor_s() -> float:
    """Return the processor time of the processes that this one has waited for. [s]"""
    times = os.times()
    return times.children_user + times.children_system


def _say(currency: str, title: str, part: dict[str, Any]) -> None:
    bounds = part["lower_bound"]
    by_cuts = "no" if bounds["statistical"] is None else f"{bounds['statistical']:,.0f}"
    print(
        f"    {title:<12} cost {part['cost']:,.0f} {currency}, overtime {part['check']['overtime_cost']['mean']:,.0f}, "
        f"{sum(part['people'].values())} people; bounds {by_cuts} (statistical), {bounds['work']:,.0f} (work); "
        f"{part['days_simulated']:,} replications simulated, {part['validations']} validations",
        flush=True,
    )
    rows = part["check"]["by_goal"]
    least = min(rows, key=lambda row: row["low"] - row["target"])
    day = min(part["check"]["by_day"], key=lambda row: row["probability"])
    for name, cost, check in (
        ("this plan", part["cost"], part["check"]),
        ("Erlang A", part["erlang_a"]["cost"], part["erlang_a"]["check"]),
    ):
        goals, whole = check["goals"], check["overall"]
        print(
            f"      {name:<10} {cost:>9,.0f} {currency}  service {whole['service_level']:.1%} "
            f"({whole['low']:.1%}–{whole['high']:.1%}); targets met {goals['met']}, open {goals['open']}, missed "
            f"{goals['missed']} of {sum(goals.values())} in {check['replications']} fresh replications",
            flush=True,
        )
    print(
        f"      least sure target of this plan: {least['queue']} {least['start'][5:16]}, {least['service_level']:.1%} "
        f"({least['low']:.1%}–{least['high']:.1%}) of {least['target']:.0%}; the least sure day: {day['queue']}, "
        f"{day['probability']:.0%} ({day['p_low']:.0%}–{day['p_high']:.0%}) of days",
        flush=True,
    )
