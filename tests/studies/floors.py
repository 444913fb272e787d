"""A fictional floor whose truth is known: simulated contacts as a client would hand them over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from workbench.intake.client import Client
from workbench.intake.dataset import PROBLEM_COLUMNS, Dataset, Provenance
from workbench.intake.period import Period
from workbench.sim.run import run
from workbench.sim.scenario import Scenario

START = date(2024, 6, 3)  # a Monday
RATES = [0.0] * 16 + [30, 42, 54, 60, 60, 54, 48, 48, 54, 60, 54, 48, 42, 36, 30, 24] + [0.0] * 16


def scenario(days: int = 14, agents: int = 6, **queue: Any) -> Scenario:
    """Calls on every day from 8 to 16, served by named people who work from 7:30 to 16:30."""
    calls: dict[str, Any] = {
        "arrivals": {"per_hour": RATES},
        "handle": {"talk": {"family": "gamma", "mean_s": 300, "shape": 2}, "wrap_up": {"mean_s": 20}},
        "patience": {"mean_s": 180},
    }
    return Scenario.parse(
        {
            "time": {"start": f"{START}T00:00:00", "zone": "Europe/Berlin", "days": days, "interval_s": 1800},
            "queues": {"calls": {**calls, **queue}},
            "groups": {"desk": {"people": {"all": {"count": agents, "shift": "day"}}, "skills": ["calls"]}},
            "shifts": {"day": {"start": "07:30", "end": "16:30"}},
        }
    )


def dataset(
    tables: Mapping[str, pd.DataFrame], days: int = 14, start: date = START, **extras: Any
) -> Dataset:
    """Return tables as the dataset of a fictional client."""
    last = (pd.Timestamp(start) + pd.Timedelta(days=days - 1)).date()
    return Dataset(
        client=Client(id="fictional", name="Fictional", time_zone="Europe/Berlin", fictional=True),
        period=Period(start, last),
        tables=tables,
        problems=pd.DataFrame(columns=list(PROBLEM_COLUMNS)),
        provenance=Provenance("made"),
        extras=extras,
    )


def contacts(made: Scenario, seed: int = 1, wrap_recorded: bool = True) -> pd.DataFrame:
    """Return what a log would hold: no word of the simulator's own columns."""
    table = run(made, seed).contacts
    own = ["kind", "attempt", "outcome", "end_ts", "reason", "callback", "put_down", "in_hand"]
    table = table.drop(columns=own)
    if not wrap_recorded:
        table["acw_s"] = float("nan")
    return table


def floor(
    days: int = 14, agents: int = 6, wrap_recorded: bool = True, seed: int = 1, **queue: Any
) -> Dataset:
    """Return a dataset of contacts alone: staffing is to be inferred."""
    return dataset({"contacts": contacts(scenario(days, agents, **queue), seed, wrap_recorded)}, days)


def with_states(days: int = 14, agents: int = 6, seed: int = 1) -> Dataset:
    """Return a dataset with agents' states beside the contacts."""
    one = run(scenario(days, agents), seed)
    states = one.agents[["agent_id", "state", "start", "end"]].assign(
        state=lambda t: t["state"].astype("str")
    )
    return dataset({"contacts": contacts(scenario(days, agents), seed), "agent_state": states}, days)
