"""Which records of a simulated run can be written down, and where do they go?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from workbench.errors import CallError, UnknownName
from workbench.sim.records import COUNTERS
from workbench.sim.run import Record, Run, run
from workbench.sim.scenario import Scenario

KINDS = ("contacts", "agents", "intervals", "trace:NUMBER")


def intervals_table(one: Run) -> pd.DataFrame:
    """Return the counters of a run: one row per interval and queue, waits and handle times in seconds."""
    w = one.workload
    n_intervals, n_queues, _ = one.counts.queue.shape
    start = pd.Timestamp(w.scenario.horizon.start_utc)
    width = pd.Timedelta(seconds=w.scenario.time.interval_s)
    table = pd.DataFrame(
        {
            "interval_start": np.repeat([start + i * width for i in range(n_intervals)], n_queues),
            "interval_s": w.scenario.time.interval_s,
            "queue": list(w.names.queues) * n_intervals,
        }
    )
    for name, values in zip(COUNTERS, one.counts.queue.reshape(-1, len(COUNTERS)).T, strict=True):
        if name.endswith("_us"):
            table[f"{name[:-3]}_s"] = values / 1e6
        else:
            table[name] = values
    return table


def write_records(
    scenario: Scenario, kinds: list[str], folder: Path, seed: int = 1, engine: str = "fast"
) -> tuple[list[Path], list[str]]:
    """Simulate replication 0 and write what is asked for; return the files and the stories told.

    Parameters
    ----------
    kinds : "contacts", "agents", "intervals" (CSV files), or "trace:17", contact 17 in words.

    Raises
    ------
    UnknownName, CallError
        for a kind that does not exist, before anything runs.
    """
    traces, tables = [], []
    for kind in kinds:
        word, colon, text = kind.partition(":")
        if word == "trace" and colon:
            if not text.isdigit():
                raise CallError(f'--record {kind}: "{text}" is not a number of a contact. Write trace:17')
            traces.append(int(text))
        elif kind in KINDS:
            tables.append(kind)
        else:
            raise UnknownName("record", kind, KINDS)
    need: Record = (
        "all" if "agents" in tables else "contacts" if traces or "contacts" in tables else "intervals"
    )
    one = run(scenario, seed, engine=engine, record=need)
    stories = [one.trace(number) for number in traces]
    files = []
    for kind in tables:
        frame = intervals_table(one) if kind == "intervals" else getattr(one, kind)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{scenario.name}-{kind}.csv"
        frame.to_csv(file, index=False, lineterminator="\n")
        files.append(file)
    return files, stories
