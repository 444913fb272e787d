"""How long does it take to read and validate a million contacts, beside a bare read of the same file?

Four files: CSV and Parquet, clean and with 20 % of the rows unusable, each for a different reason. Time
is the best of three readings within one process; memory is the peak of a process that reads once, less
what it holds once everything is imported, beside the size of the frame that pandas makes of the file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

ROWS = 1_000_000
LIMIT_RATIO, LIMIT_SECONDS, LIMIT_MEMORY = 3.0, 2.0, 4.0


def contacts(rows: int = ROWS, bad: float = 0.0, seed: int = 1) -> pd.DataFrame:
    """Return contacts as text and numbers; a share `bad` of the rows cannot be used."""
    draw = np.random.default_rng(seed)
    offered = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(draw.integers(0, 180 * 86_400, rows)), "s")
    wait = draw.exponential(40, rows).round()
    answered = draw.random(rows) < 0.92
    then = pd.Series(offered + pd.to_timedelta(wait, "s"))
    frame = pd.DataFrame(
        {
            "contact_id": [f"c{number:08d}" for number in range(rows)],
            "agent_id": pd.Series([f"a{n:03d}" for n in draw.integers(0, 400, rows)]).where(answered),
            "customer_key": [f"k{n:06d}" for n in draw.integers(0, 300_000, rows)],
            "channel": draw.choice(["voice", "chat", "email"], rows),
            "queue": draw.choice(["sales", "service", "billing", "technical"], rows),
            "site": draw.choice(["north", "south"], rows),
            "offered_ts": offered,
            "queue_ts": offered,
            "answer_ts": then.where(answered),
            "abandon_ts": then.where(~answered),
            "talk_s": pd.Series(draw.gamma(1.5, 160, rows).round(1)).where(answered),
            "hold_s": pd.Series(draw.exponential(10, rows).round(1)).where(answered),
            "acw_s": pd.Series(draw.exponential(45, rows).round(1)).where(answered),
            "transfer_flag": draw.random(rows) < 0.1,
            "disposition": draw.choice(["done", "call back", "passed on"], rows),
            "resolved_flag": draw.random(rows) < 0.7,
        }
    )
    return _spoiled(frame, draw, bad) if bad else frame


def _spoiled(frame: pd.DataFrame, draw: np.random.Generator, bad: float) -> pd.DataFrame:
    """Spoil rows in five ways: no such time, a negative duration, words, no id, answered before offered."""
    frame = frame.astype({"offered_ts": "str", "answer_ts": "str", "talk_s": "str"})
    rows = draw.permutation(len(frame))[: int(bad * len(frame))]
    ways = np.array_split(rows, 5)
    frame.loc[ways[0], "offered_ts"] = "2024-06-01 09:61"
    frame.loc[ways[1], "talk_s"] = "-5"
    frame.loc[ways[2], "talk_s"] = "about a minute"
    frame.loc[ways[3], "contact_id"] = ""
    frame.loc[ways[4], "answer_ts"] = "2023-12-31 08:00:00"
    return frame


def _bare(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


def _ours(path: Path) -> object:
    from workbench.intake.read import examine

    return examine(path)


def _seconds(read: object, path: Path) -> float:
    assert callable(read)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        read(path)
        times.append(time.perf_counter() - started)
    return min(times)


def _peak(which: str, path: Path) -> float:
    """Return by how many bytes the peak of a process that reads `path` once is above its start."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_intake", which, str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(json.loads(done.stdout.splitlines()[-1]))


def _measure_peak(which: str, path: Path) -> None:
    import pyarrow.csv
    import pyarrow.parquet  # noqa: F401

    import workbench.intake.mapped
    import workbench.intake.read  # noqa: F401
    from workbench.intake.source import SOURCES

    list(SOURCES)
    before = psutil.Process().memory_info().rss
    kept = (_ours if which == "ours" else _bare)(path)
    assert kept is not None
    print(json.dumps(_high_water() - before))


def _high_water() -> int:
    """Return the most memory this process has held. [bytes]

    Linux keeps it by address space in /proc; getrusage would answer for the parent's as well.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    info = psutil.Process().memory_info()
    return int(getattr(info, "peak_wset", info.rss))


def main() -> None:
    print(f"  {ROWS:,} contacts; limits: {LIMIT_RATIO:.0f}x the bare read + {LIMIT_SECONDS:.0f} s, "
          f"peak {LIMIT_MEMORY:.0f}x the frame")  # fmt: skip
    print(f"  {'file':<24}{'bare s':>8}{'ours s':>8}{'rows/s':>10}{'limit s':>9}"
          f"{'frame MB':>10}{'bare peak':>11}{'our peak':>10}{'x frame':>9}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for bad in (0.0, 0.2):
            frame = contacts(bad=bad)
            for kind in ("parquet", "csv"):
                name = f"contacts{'' if not bad else '_20'}.{kind}"
                path = Path(folder) / f"{bad}" / f"contacts.{kind}"
                path.parent.mkdir(exist_ok=True)
                frame.to_parquet(path) if kind == "parquet" else frame.to_csv(path, index=False)
                size = _bare(path).memory_usage(deep=True).sum() / 1e6
                bare, ours = _seconds(_bare, path), _seconds(_ours, path)
                peaks = [_peak(which, path) / 1e6 for which in ("bare", "ours")]
                limit = LIMIT_RATIO * bare + LIMIT_SECONDS
                verdict = "" if ours <= limit and peaks[1] <= LIMIT_MEMORY * size else "  OVER THE LIMIT"
                print(
                    f"  {name:<24}{bare:>8.2f}{ours:>8.2f}{ROWS / ours:>10,.0f}{limit:>9.2f}"
                    f"{size:>10.0f}{peaks[0]:>11.0f}{peaks[1]:>10.0f}{peaks[1] / size:>9.2f}{verdict}",
                    flush=True,
                )


if __name__ == "__main__":
    _measure_peak(sys.argv[1], Path(sys.argv[2]))
