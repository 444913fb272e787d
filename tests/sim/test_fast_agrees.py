"""Does the fast engine return what the definition returns, row by row?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.sim.strategies import scenarios
from workbench.resources import folder
from workbench.sim.engines import fast_engine, simpy_engine
from workbench.sim.routing import AGENT_POLICIES, QUEUE_POLICIES
from workbench.sim.run import Record, Run
from workbench.sim.scenario import Scenario
from workbench.sim.workload import draw

SHARES = 4
"""The generated scenarios are drawn in so many tests, each from seeds of its own, for xdist."""


def differences(fast: Run, simpy: Run) -> list[str]:
    """Name each column in which two runs differ, with the first row that does."""
    found = []
    for part in ("contact_rows", "agent_rows", "counts"):
        ours, theirs = getattr(fast, part), getattr(simpy, part)
        for name in ours._fields:
            a, b = getattr(ours, name), getattr(theirs, name)
            if a.dtype != b.dtype or a.shape != b.shape:
                found.append(f"{part}.{name}: {a.dtype}{a.shape}, not {b.dtype}{b.shape}")
            elif not np.array_equal(a, b):
                at = tuple(int(i) for i in np.argwhere(a != b)[0])
                found.append(f"{part}.{name}{list(at)}: {a[at]}, not {b[at]}")
    if fast.rest_us != simpy.rest_us:
        found.append(f"rest_us: {fast.rest_us}, not {simpy.rest_us}")
    return found


@pytest.mark.parametrize("share", range(SHARES))
def test_engines_agree_on_generated_scenarios(share: int) -> None:
    """On 2,000 generated scenarios every column of every record is the same, to the microsecond.

    To make one up takes longer than to simulate it, so each comes twice: the second time with other rules of routing,
    the mirror image of its random numbers, and one tenth more or less work.
    """

    @seed(share)
    @settings(
        max_examples=1000 // SHARES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        scenario=scenarios(),
        number=st.integers(0, 2**64 - 1),
        antithetic=st.booleans(),
        agent=st.integers(1, len(AGENT_POLICIES.names()) - 1),
        queue=st.integers(1, len(QUEUE_POLICIES.names()) - 1),
        factor=st.sampled_from([0.9, 1.1]),
    )
    def agree(
        scenario: Scenario, number: int, antithetic: bool, agent: int, queue: int, factor: float
    ) -> None:
        other = Scenario.parse(turned(scenario, agent, queue, factor))
        assert other.routing != scenario.routing
        for one, mirrored in ((scenario, antithetic), (other, not antithetic)):
            workload = draw(one, number, share, mirrored)
            assert differences(fast_engine.simulate(workload), simpy_engine.simulate(workload)) == []

    agree()


def turned(scenario: Scenario, agent: int, queue: int, factor: float) -> dict[str, Any]:
    """Return the data of a scenario with the rules of routing so many further on in their lists, and other rates."""
    data = scenario.to_data()
    routing = {}
    for chooses, policies, step in (("agent", AGENT_POLICIES, agent), ("queue", QUEUE_POLICIES, queue)):
        names = policies.names()
        routing[chooses] = names[(names.index(getattr(scenario.routing, chooses)) + step) % len(names)]
    for one in data["queues"].values():
        rates = one.get("arrivals", {}).get("per_hour", 0.0)
        if rates:
            one["arrivals"]["per_hour"] = (
                [factor * r for r in rates] if isinstance(rates, list) else factor * rates
            )
    return {**data, "routing": {**data.get("routing", {}), **routing}}


@pytest.mark.parametrize("name", ["small", "medium", "week"])
def test_engines_agree_on_the_scenarios_to_start_from(name: str) -> None:
    """Thousands of contacts, hundreds of people: the same rows."""
    scenario = Scenario.from_yaml(folder("templates") / "scenarios" / f"{name}.yaml")
    workload = draw(scenario, seed=5, replication=3)

    assert differences(fast_engine.simulate(workload), simpy_engine.simulate(workload)) == []


def test_engines_agree_on_an_hour_of_the_large_scenario() -> None:
    """Twenty queues and 1,500 agents at three sites; whole days of it stand in the benchmark."""
    scenario = Scenario.from_yaml(folder("templates") / "scenarios" / "large.yaml")
    data = scenario.to_data()
    data["time"]["hours"] = 1
    for queue in data["queues"].values():
        queue["arrivals"]["per_hour"] = queue["arrivals"]["per_hour"][:2]
    workload = draw(Scenario.parse(data), seed=5)

    assert differences(fast_engine.simulate(workload), simpy_engine.simulate(workload)) == []


@pytest.mark.parametrize("record", ["contacts", "intervals"])
def test_counters_do_not_depend_on_what_is_recorded(record: Record) -> None:
    """Counters of a run that keeps nothing else are those of one that keeps everything."""
    scenario = Scenario.from_yaml(folder("templates") / "scenarios" / "medium.yaml")
    workload = draw(scenario, seed=6)
    everything, less = fast_engine.simulate(workload), fast_engine.simulate(workload, record)

    assert np.array_equal(everything.counts.queue, less.counts.queue)
    assert np.array_equal(everything.counts.group_us, less.counts.group_us)
    assert less.agent_rows is None


def test_a_run_with_more_in_line_than_tables_had_room_for_goes_on() -> None:
    """One agent, a thousand callers who wait for ever, lines that close: every table must grow."""
    scenario = Scenario.parse(
        {
            "time": {"hours": 2, "interval_s": 3600, "lines_close": "01:30"},
            "queues": {
                "calls": {
                    "arrivals": {"per_hour": 2000},
                    "handle": {"talk": {"mean_s": 300}},
                    "follow_ups": {
                        name: {"after": "abandoned", "kind": "retrial", "probability": 0.9}
                        for name in ("again", "and again")
                    },
                }
            },
            "groups": {"one": {"agents": 1, "skills": ["calls"]}},
        }
    )
    workload = draw(scenario, seed=1)

    assert differences(fast_engine.simulate(workload), simpy_engine.simulate(workload)) == []
