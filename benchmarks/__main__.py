"""Which figures are asked for? ``python -m benchmarks [NAME ...]`` runs benchmarks/bench_*.py by name."""

from __future__ import annotations

import importlib
import os
import pkgutil
import platform
import sys
import time

import benchmarks


def known() -> list[str]:
    """Return the names of all benchmarks: "intake" for bench_intake.py."""
    modules = pkgutil.iter_modules(benchmarks.__path__)
    return sorted(m.name.removeprefix("bench_") for m in modules if m.name.startswith("bench_"))


def main(asked: list[str]) -> int:
    names = known()
    unknown = [name for name in asked if name not in names]
    if unknown:
        print(f'There is no benchmark called "{unknown[0]}". Known: {", ".join(names)}.', file=sys.stderr)
        return 2
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{usable} of {os.cpu_count()} cores"
    )
    for name in asked or names:
        print(f"\n{name}", flush=True)
        started = time.perf_counter()
        importlib.import_module(f"benchmarks.bench_{name}").main()
        print(f"  ({time.perf_counter() - started:.0f} s for this benchmark)", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
