"""Which records of a simulated run can be written down, and where do they go?"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from workbench.errors import CallError, UnknownName
from workbench.sim.run import Record, run
from workbench.sim.scenario import Scenario

KINDS = ("contacts", "agents", "intervals", "trace:NUMBER")


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
        frame: pd.DataFrame = getattr(one, kind)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{scenario.name}-{kind}.csv"
        frame.to_csv(file, index=False, lineterminator="\n")
        files.append(file)
    return files, stories
