"""What does an engine do with a workload, and in which order?

An engine answers ``simulate(workload, record) -> Run``. The SimPy engine is the definition and the
place to extend the model; the fast engine returns the same rows. Both obey this order; ARCHITECTURE.md,
"Simulator", says what happens in each event.

The next event is always the least among those that are due, by time, then kind, then number:

====  =====================  =============================================================
kind  event                  number
====  =====================  =============================================================
0     calendar               its place in the calendar: lines close, duties, counted groups
1     talk ends              contact
2     agent is done          contact: after wrap-up, staying on, or dialling in vain
3     contact comes          contact
4     callback is due        contact
5     overflow opens         contact
6     callback is offered    contact
7     patience ends          contact
====  =====================  =============================================================

So at one instant whoever becomes free takes a contact before another gives up, and a contact that
comes when an agent leaves does not find the agent. Contacts that come of themselves have the numbers
0 to N - 1 of the workload; what follows from them is numbered from N in the order in which it comes
about. An event that an event brings about at the same instant takes its place in the same order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Literal, get_args

import pandas as pd

from workbench.errors import TooLarge, UnknownName
from workbench.sim.records import AgentRows, ContactRows, IntervalCounts, expected_bytes
from workbench.sim.scenario import Scenario
from workbench.sim.tables import agents_table, contacts_table, intervals_table
from workbench.sim.workload import Workload, draw

CALENDAR, TALK_ENDS, AGENT_DONE, CONTACT_COMES, CALLBACK_DUE, OVERFLOW, CALLBACK_OFFER, PATIENCE_ENDS = range(
    8
)

Record = Literal["all", "contacts", "intervals"]
"""all: contacts, agents and intervals; contacts: without agents; intervals: counters only."""
ENGINES = ("simpy", "fast")


@dataclass(frozen=True)
class Run:
    """One replication as it went.

    Attributes
    ----------
    contact_rows, agent_rows : None where they were not recorded.
    counts : counters per interval; always there.
    rest_us : when nothing more happened: the horizon, or later where lines were drained. [µs]
    """

    workload: Workload
    engine: str
    contact_rows: ContactRows | None
    agent_rows: AgentRows | None
    counts: IntervalCounts
    rest_us: int

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """One row per contact: the columns of the canonical table, and the simulator's own."""
        if self.contact_rows is None:
            raise UnknownName("record of this run", "contacts", ["intervals"])
        return contacts_table(self.workload, self.contact_rows)

    @cached_property
    def agents(self) -> pd.DataFrame:
        """One row per stretch of time in which an agent's state is the same."""
        if self.agent_rows is None:
            raise UnknownName("record of this run", "agents", ["intervals"])
        return agents_table(self.workload, self.agent_rows)

    @cached_property
    def intervals(self) -> pd.DataFrame:
        """One row per interval and queue: the columns of the canonical table."""
        return intervals_table(self.workload, self.counts)

    def trace(self, contact: int) -> str:
        """Return the story of one contact in words."""
        from workbench.sim.trace import story

        return story(self, contact)


def engine_named(name: str) -> Callable[[Workload, Record], Run]:
    """Return the engine called "simpy" or "fast"; it is imported (and compiled) only now."""
    if name not in ENGINES:
        raise UnknownName("engine", name, ENGINES)
    simulate: Callable[[Workload, Record], Run] = import_module(
        f"workbench.sim.engines.{name}_engine"
    ).simulate
    return simulate


def run(
    scenario: Scenario,
    seed: int,
    replication: int = 0,
    *,
    engine: str = "fast",
    record: Record = "all",
    antithetic: bool = False,
) -> Run:
    """Draw one replication of a scenario and simulate it.

    Raises
    ------
    UnknownName
        for an engine or a record that does not exist.
    TooLarge
        if the records would not fit into memory; names those that would.
    """
    if record not in get_args(Record):
        raise UnknownName("record", record, get_args(Record))
    simulate = engine_named(engine)
    refuse_too_large(scenario, record)
    return simulate(draw(scenario, seed, replication, antithetic), record)


def refuse_too_large(scenario: Scenario, record: Record, available: int | None = None) -> None:
    """Raise TooLarge if one replication would not fit into memory.

    `available` is what is free, asked of the machine if None. [bytes]
    """
    if available is None:
        import psutil

        available = int(psutil.virtual_memory().available)
    needed = {mode: expected_bytes(scenario, mode) for mode in get_args(Record)}
    if needed[record] <= 0.8 * available:
        return
    fitting = [mode for mode in get_args(Record) if needed[mode] <= 0.8 * available]
    remedy = (
        f'record="{fitting[0]}" needs {needed[fitting[0]] / 1e9:.1f} GB and would fit.'
        if fitting
        else "No record mode would fit. Shorten the horizon, or run it in parts."
    )
    raise TooLarge(
        f'{scenario.name}: one replication with record="{record}" needs about '
        f"{needed[record] / 1e9:.1f} GB, and {available / 1e9:.1f} GB are free. {remedy}"
    )
