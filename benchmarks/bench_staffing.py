"""How long does staffing take, and how good are the plans, beside Erlang A rounded up?

CCBaby is SimOpt's call-centre scheduling problem (tests/oracles/ccbaby.yaml): 68 whole numbers, every hour
80 % within 20 s; no optimum is published, so the cost stands beside two lower bounds. Times are by the
clock on the wall and by the processor, since a busy machine stretches the first. WORKBENCH_BENCH_STAFFING
names those wanted: "ccbaby,medium,large".
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from workbench.resources import scenario_file
from workbench.sim.scenario import Scenario
from workbench.studies.staffing.plan import Plan, Requirement
from workbench.studies.staffing.staff import Request, Staffing, staff

CCBABY = Path(__file__).resolve().parents[1] / "tests" / "oracles" / "ccbaby.yaml"
CASES: dict[str, tuple[Request, float]] = {
    "ccbaby": (Request(per="hour", stages="shifts", sure=True, check=1000), 60.0),
    "medium": (Request(), 60.0),
    "large": (Request(), 600.0),
}
"""What is asked for, and the most time it may take. [s]"""


def main() -> None:
    """Print every figure."""
    wanted = os.environ.get("WORKBENCH_BENCH_STAFFING", ",".join(CASES)).split(",")
    for name in wanted:
        request, at_most = CASES[name]
        scenario = Scenario.from_yaml(CCBABY if name == "ccbaby" else scenario_file(name))
        wall, own = time.perf_counter(), time.process_time()
        found = staff(scenario, request)
        wall, own = time.perf_counter() - wall, time.process_time() - own
        verdict = (
            "held" if wall <= at_most else ("held by two idle cores" if own / 2 <= at_most else "MISSED")
        )
        print(
            f"  {name:<8} {wall:7.1f} s  processor {own:7.1f} s  at most {at_most:g} s  {verdict}", flush=True
        )
        for part in (found.requirement, found.plan):
            if part is not None:
                _say(found, part)


def _say(found: Staffing, part: Requirement | Plan) -> None:
    currency = found.scenario.money.currency
    kind = "shifts" if isinstance(part, Plan) else "by interval"
    bound = "no" if part.bounds.cuts is None else f"{part.bounds.cuts:,.0f}"
    overtime = part.check.overtime[0]
    print(
        f"    {kind:<12} cost {part.cost:,.0f} {currency}, overtime {overtime:,.0f}, "
        f"{sum(part.people.values())} people; "
        f"bounds {bound} (statistical), {part.bounds.work:,.0f} (work); {part.simulated:,} days simulated",
        flush=True,
    )
    book = part.erlang_a
    for name, cost, check in (("this plan", part.cost, part.check), ("Erlang A", book.cost, book.check)):
        goals, level = check.counts(), check.overall["service_level"] or 0.0
        worst = (check.table.low - check.table.target).min()
        print(
            f"      {name:<10} {cost:>9,.0f} {currency}  service {level:.1%}; targets met {goals['met']}, open "
            f"{goals['open']}, missed {goals['missed']} of {len(check.table)} in {check.n} fresh replications; "
            f"the least sure lies {100 * worst:+.1f} points from its target at its lower end",
            flush=True,
        )
