"""How long does a capacity plan of a year take, and do its weeks hold when they are simulated themselves?"""

from __future__ import annotations

import time

from workbench.studies.capacity.plan import plan_capacity
from workbench.studies.capacity.plan_file import read_plan


def main() -> None:
    for what, replications in (("small", 20), ("week", 10), ("growing_shop", 20)):
        wall, cpu = time.perf_counter(), time.process_time()
        plan = plan_capacity(read_plan(what), replications=replications, check_draws=40, check_weeks=4)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(
            f"  {what}: {plan.inputs.weeks} weeks, {sum(plan.cheapest.outlook.hires.values())} hires, "
            f"{plan.surface.contacts:,} simulated contacts for the surface; {wall:.1f} s, {cpu:.1f} s of CPU"
        )
        for one in plan.checked:
            inside = one.low <= one.predicted <= one.high
            print(
                f"    week {one.week}: {one.met} of {one.n} simulated weeks met ({one.low:.0%} to {one.high:.0%}), "
                f"{one.predicted:.0%} foreseen{'' if inside else '  OUTSIDE'}"
            )
