"""Does the simulator meet the exact Erlang values that take too long for the tests?

Rows with a load below 0.95 whose intervals need tens of millions of contacts to be as narrow as asked
for: half-widths of at most 0.002 for probabilities and 2 % for the mean wait, at 99.9 %.
"""

from __future__ import annotations

import dataclasses
import time

from tests.oracles.test_simulator_erlang import measured, misses, queue, rows
from workbench.studies.replicate import long_run

MILLIONS = {15: 80, 120: 220}
"""Contacts for the row with so many agents."""


def main() -> None:
    """Print measured and exact values of the heavy rows."""
    table = rows()
    for n, millions in MILLIONS.items():
        row = next(r for r in table if r["n"] == n)
        begun = time.perf_counter()
        runs = [long_run(queue(row, 1e7), seed, batches=10) for seed in range(millions // 10)]
        tallies = tuple(t for one in runs for t in one.tallies)
        found = measured(dataclasses.replace(runs[0], tallies=tallies))
        print(
            f"  {n} agents, {row['offered_erlangs']:.1f} erlangs, {millions} million contacts, "
            f"{time.perf_counter() - begun:.0f} s"
        )
        narrow = []
        for name in ("p_wait", "service_level_all_offered", "occupancy", "mean_wait_s_all"):
            e = found[name]
            relative = name == "mean_wait_s_all"
            width, limit = (e.relative_half_width, 0.02) if relative else (e.half_width, 0.002)
            narrow.append(width <= limit)
            print(
                f"    {name:<28} exact {row[name]:<10.6g} measured {e.mean or 0:<10.6g} "
                f"half-width {width:.4f}{' of it' if relative else ''} (limit {limit:g})"
            )
        outside = misses(row, found)
        print(f"    {outside or 'all within their intervals'}")
        print(f"    narrow enough: {'held' if all(narrow) else 'MISSED'}")


if __name__ == "__main__":
    main()
