"""Do a client's metrics read a simulated run as they read a log?"""

from __future__ import annotations

import numpy as np
import pytest

from tests.sim.story import queue, scenario, tell
from workbench.intake.spec import table_spec
from workbench.metrics.service_level import service_level, service_level_of_intervals
from workbench.sim.run import run

ONE = {"desk": {"agents": 1, "skills": ["a"]}}
BUSY = scenario(
    {
        "a": {
            "arrivals": {"per_hour": 110.0},
            "handle": {"talk": {"mean_s": 100}, "wrap_up": {"mean_s": 20}},
            "patience": {"mean_s": 90},
            "follow_ups": {"again": {"kind": "retrial", "after": "abandoned", "probability": 0.5}},
        },
        "b": {"channel": "chat", "arrivals": {"per_hour": 60.0}, "handle": {"talk": {"mean_s": 200}}},
    },
    {"x": {"agents": 5, "skills": ["a", "b"]}},
    hours=8,
)


@pytest.mark.parametrize("name", ["contacts", "agent_state", "intervals"])
def test_columns_are_those_of_the_canonical_table(name):
    """What is required is there, and what is there under a canonical name has the canonical type."""
    once = run(BUSY, seed=3, engine="simpy")
    table = {"contacts": once.contacts, "agent_state": once.agents, "intervals": once.intervals}[name]
    spec = table_spec(name)

    assert {c.name for c in spec.columns if c.required} <= set(table.columns)
    for column in (c for c in spec.columns if c.name in table.columns):
        values = table[column.name].dropna()
        if column.type in ("seconds", "number", "count"):
            assert values.dtype.kind in "if"
            assert (values >= 0).all()
        if column.type == "timestamp":
            assert str(values.dtype) == "datetime64[us, UTC]"
        if column.type == "flag":
            assert set(values.unique()) <= {True, False}


@pytest.mark.parametrize("variant", ["V1", "V2", "V3", "V4", "V5"])
def test_service_level_of_rows_is_the_one_of_counters(variant):
    """Every formula, from single contacts and from counters of an interval."""
    once = run(BUSY, seed=3, engine="simpy")
    for q, name in enumerate(once.workload.names.queues):
        rows = once.contacts[once.contacts.queue == name]
        of_rows = service_level(rows, variant=variant)
        n = dict(
            zip(
                ("offered", "answered", "in_time", "quick", "short"),
                once.counts.queue[:, q][:, [0, 2, 5, 6, 7]].sum(axis=0),
                strict=True,
            )
        )
        ended = n["offered"] - (rows.outcome == "waiting").sum()
        above = n["in_time"] + (n["quick"] if variant == "V4" else 0)
        below = {
            "V1": n["answered"], "V2": ended, "V3": ended - n["quick"], "V4": ended,
            "V5": ended - n["short"],
        }[variant]  # fmt: skip

        assert of_rows.value == pytest.approx(above / below, abs=1e-12)


def test_service_level_of_intervals_reads_the_intervals():
    """The client's metric of interval exports, on the simulated ones."""
    once = run(BUSY, seed=3, engine="simpy")
    one = once.intervals[once.intervals.queue == "a"]

    value = service_level_of_intervals(one, variant="V1").value
    assert value == pytest.approx(one.answered_in_T.sum() / one.answered.sum())


def test_interval_is_the_one_of_the_offer_and_means_are_over_the_answered():
    """A contact offered at 899 s and answered at 930 counts in the first quarter of an hour."""
    t = tell("simpy", {"a": queue(870, 899, wrap_up=10)}, ONE)
    table = t.run.intervals

    assert table.offered.tolist() == [2, 0, 0, 0]
    assert table.answered.tolist() == [2, 0, 0, 0]
    assert table.backlog.tolist() == [1, 0, 0, 0]
    assert table.asa_s.tolist()[0] == (0 + 41) / 2
    assert table.aht_s.tolist()[0] == 70
    assert np.isnan(table.aht_s.tolist()[1])


def test_times_are_utc_and_the_clock_is_local():
    """Eight in the morning in New York is noon or one in UTC."""
    t = tell(
        "simpy",
        {"a": queue(0)},
        ONE,
        time={"start": "2024-07-01T08:00:00", "zone": "America/New_York"},
    )

    assert str(t.run.contacts.offered_ts[0]) == "2024-07-01 12:00:00+00:00"
