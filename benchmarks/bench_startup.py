"""How long until `workbench --help` answers, beside a Python that does nothing?

The two take turns, so that a busy machine slows both; the figures are medians.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

TURNS = 9
LIMIT_S = 0.5

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "workbench --help": ["-m", "workbench", "--help"],
    "workbench version": ["-m", "workbench", "version"],
    "workbench method": ["-m", "workbench", "method"],
}


def seconds(words: list[str]) -> float:
    """Return how long a fresh interpreter takes. [s]"""
    started = time.perf_counter()
    subprocess.run([sys.executable, *words], capture_output=True, check=True)
    return time.perf_counter() - started


def main() -> None:
    """Print the medians and what they add to a bare start."""
    for words in COMMANDS.values():
        seconds(words)  # compiles what was never compiled
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(TURNS):
        for name, words in COMMANDS.items():
            taken[name].append(seconds(words))
    median = {name: statistics.median(times) for name, times in taken.items()}
    bare = median["python -c pass"]
    for name, value in median.items():
        print(f"  {name:<20} {value:6.3f} s   {value - bare:+.3f} s   {value / bare:5.1f} ×")
    more = median["workbench --help"] - bare
    print(f"  limit: --help within {LIMIT_S} s of a bare start: {'held' if more < LIMIT_S else 'MISSED'}")


if __name__ == "__main__":
    main()
