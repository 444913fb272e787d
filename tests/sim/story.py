"""How is a small story told to an engine? Recorded arrivals, constant durations, seconds all over."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from workbench.sim.run import Run, engine_named
from workbench.sim.scenario import Scenario
from workbench.sim.workload import draw

NAMES = ["simpy", *(["fast"] if find_spec("workbench.sim.engines.fast_engine") else [])]
both_engines = pytest.mark.parametrize("engine", NAMES)


def constant(mean_s: float) -> dict[str, Any]:
    return {"family": "constant", "mean_s": mean_s}


def queue(*times_s: float, talk: float = 60, **fields: Any) -> dict[str, Any]:
    """A queue to which contacts come at the given times and take `talk` seconds each."""
    parts = {"talk": constant(talk)}
    for part in ("hold", "wrap_up"):
        if part in fields:
            parts[part] = constant(fields.pop(part))
    if "patience" in fields:
        fields["patience"] = constant(fields["patience"])
    return {"arrivals": {"times_s": list(times_s)}, "handle": parts, **fields}


def scenario(queues: dict[str, Any], groups: dict[str, Any], **fields: Any) -> Scenario:
    time = {"hours": fields.pop("hours", 1), "interval_s": 900, **fields.pop("time", {})}
    return Scenario.parse({"time": time, "queues": queues, "groups": groups, **fields})


class Told:
    """A run, its columns in seconds (NaN: did not happen)."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def __getattr__(self, name: str) -> list[Any]:
        rows = self.run.contact_rows
        if name.endswith("_s"):
            us = getattr(rows, f"{name[:-2]}_us")
            return [None if t < 0 else t / 1e6 for t in us.tolist()]
        return getattr(rows, name).tolist()

    def states(self, agent: int = 0) -> list[tuple[str, float, float]]:
        """Return what an agent did: state, from, to; overrun marked with "!"."""
        table = self.run.agents
        names = self.run.workload.agents.names
        own = table[table.agent_id == names[agent]]
        return [
            (f"{state}{'!' if overrun else ''}", start, end)
            for state, overrun, start, end in zip(own.state, own.overrun, own.start_s, own.end_s, strict=True)
        ]


def tell(engine: str, queues: dict[str, Any], groups: dict[str, Any], **fields: Any) -> Told:
    """Let an engine tell a story; seed 1."""
    workload = draw(scenario(queues, groups, **fields), seed=1)
    run = engine_named(engine)(workload, "all")
    assert np.all(np.diff(workload.arrival_us) >= 0)
    return Told(run)
