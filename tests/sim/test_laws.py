"""What holds in every contact centre? Laws on scenarios that hypothesis makes of every feature."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings

from tests.sim.strategies import scenarios
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, BLOCKED, WAITING, contact_outcome
from workbench.sim.model import OFF, ON
from workbench.sim.records import COUNTERS, N_BACKLOG, N_BLOCKED, N_OFFERED, roots
from workbench.sim.run import Run, engine_named
from workbench.sim.scenario import Scenario
from workbench.sim.workload import draw

generated = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def simulated(scenario: Scenario) -> Run:
    return engine_named("simpy")(draw(scenario, seed=11), "all")


@generated
@given(scenarios())
def test_every_contact_ends_exactly_once(scenario):
    """Offered = answered + abandoned + blocked + waiting, and times say the same as outcomes."""
    run = simulated(scenario)
    c = run.contact_rows

    answered, abandoned = c.outcome == ANSWERED, c.outcome == ABANDONED
    assert np.array_equal(c.answer_us >= 0, answered)
    assert np.array_equal(c.abandon_us >= 0, abandoned)
    assert np.all(c.answer_us[answered] >= c.offered_us[answered])
    assert np.all(c.abandon_us[abandoned] >= c.offered_us[abandoned])
    assert not np.any(c.talk_us[~answered])
    assert not np.any(c.end_us[~answered] >= 0)
    counted = run.counts.queue.sum(axis=(0, 1))
    ends = sum(counted[COUNTERS.index(name)] for name in ("answered", "abandoned", "blocked"))
    assert counted[N_OFFERED] == len(c.key) == ends + np.sum(c.outcome == WAITING)
    assert np.all(c.offered_us < run.workload.model.end_us)


@generated
@given(scenarios())
def test_a_contact_follows_from_one_before_it(scenario):
    """Follow-ups come after what they follow from, and chains are as long as they say."""
    c = simulated(scenario).contact_rows

    child = c.parent >= 0
    parent = c.parent[child]
    assert np.all(parent < np.flatnonzero(child))
    assert np.array_equal(c.attempt[child], c.attempt[parent] + 1)
    assert np.all(c.offered_us[child] >= c.offered_us[parent])
    assert np.all((c.kind > 0) == child)
    assert np.all(c.parent[roots(c.parent)] == -1)
    assert len(np.unique(c.key)) == len(c.key)


@generated
@given(scenarios())
def test_agent_time_adds_up(scenario):
    """An agent's states neither overlap nor leave a hole in duty; handling adds up to what was done."""
    run = simulated(scenario)
    a, w = run.agent_rows, run.workload

    same = a.agent[1:] == a.agent[:-1]
    assert np.all(a.start_us[1:][same] >= a.end_us[:-1][same])
    assert np.all(a.end_us > a.start_us)
    for agent in range(len(w.agents.team)):
        rows = a.agent == agent
        events = (w.agents.kind == 1) & (w.agents.who == agent)
        if not events.any():
            continue
        at = np.append(w.agents.at_us[events], run.rest_us)
        duty = w.agents.value[events]
        for code in range(1, len(w.names.duties)):
            planned = np.diff(at)[duty == code].sum()
            assert (a.end_us - a.start_us)[rows & (a.duty == code)].sum() == planned
    total = (a.end_us - a.start_us).sum()
    assert run.counts.group_us.sum() == total
    assert not run.counts.group_us[:, :, OFF, 0].any()


@generated
@given(scenarios())
def test_an_agent_has_contacts_of_one_channel_within_its_concurrency(scenario):
    """What is in hand at any moment is of one channel and fits."""
    run = simulated(scenario)
    c, m = run.contact_rows, run.workload.model
    until = c.answer_us + c.talk_us + c.hold_us + c.wrap_us + c.stay_us
    whole = (c.put_down == 0) & (c.callback == 0) & (until > c.answer_us) & (c.answer_us >= 0)
    for agent in np.unique(c.agent[whole]):
        own = np.flatnonzero(whole & (c.agent == agent))
        for i in own:
            beside = own[(c.answer_us[own] <= c.answer_us[i]) & (until[own] > c.answer_us[i])]
            channels = m.queue_channel[c.queue[beside]]
            assert len(np.unique(channels)) <= 1
            assert len(beside) <= m.concurrency[m.queue_channel[c.queue[i]]]


@generated
@given(scenarios())
def test_the_table_says_what_the_rows_say(scenario):
    """Metrics read the canonical table as the simulator meant it."""
    run = simulated(scenario)
    c, table = run.contact_rows, run.contacts

    read = contact_outcome(table)
    assert np.array_equal(read["outcome"].cat.codes.to_numpy(), c.outcome)
    ended = (c.outcome == ANSWERED) | (c.outcome == ABANDONED)
    wait_s = (np.where(c.outcome == ANSWERED, c.answer_us, c.abandon_us) - c.offered_us) / 1e6
    assert np.allclose(read["wait_s"][ended], wait_s[ended], atol=1e-9)
    assert table.contact_id.is_unique
    for contact in range(min(5, len(c.key))):
        assert run.trace(contact)


@generated
@given(scenarios())
def test_a_line_is_what_came_less_what_left(scenario):
    """Little's law on every path: the area under the line is the sum of the waits in it."""
    run = simulated(scenario)
    c = run.contact_rows
    entered = c.outcome != BLOCKED
    left = np.where(c.outcome == ANSWERED, c.answer_us, c.abandon_us)
    left = np.where(c.outcome == WAITING, run.rest_us, left)
    moments = np.concatenate([c.offered_us[entered], left[entered]])
    change = np.concatenate([np.ones(entered.sum()), -np.ones(entered.sum())])
    order = np.argsort(moments, kind="stable")
    length = np.cumsum(change[order])[:-1]
    area = float((length * np.diff(moments[order])).sum()) if len(moments) else 0.0

    assert area == float((left - c.offered_us)[entered].sum())
    m = run.workload.model
    last = m.end_us // m.interval_us - 1
    still = entered & ((c.outcome == WAITING) | (left >= m.end_us))
    assert run.counts.queue[last, :, N_BACKLOG].sum() == still.sum()
    assert run.counts.queue[:, :, N_BLOCKED].sum() == (~entered).sum()


@generated
@given(scenarios())
def test_the_same_seed_gives_the_same_run(scenario):
    """The workload and the engine have no state of their own."""
    first, second = simulated(scenario), simulated(Scenario.parse(scenario.to_data()))

    for one, other in zip(first.contact_rows, second.contact_rows, strict=True):
        assert np.array_equal(one, other)
    for one, other in zip(first.agent_rows, second.agent_rows, strict=True):
        assert np.array_equal(one, other)


@generated
@given(scenarios())
def test_a_scenario_survives_yaml(scenario):
    """What is written and read again is the same scenario."""
    assert Scenario.from_yaml(scenario.to_yaml()) == scenario


@generated
@given(scenarios())
def test_nobody_is_idle_while_a_contact_they_may_take_waits(scenario):
    """On duty with nothing in hand, and in line a contact that may be taken without delay: never."""
    run = simulated(scenario)
    c, a, m = run.contact_rows, run.agent_rows, run.workload.model
    simple = (m.after_us == 0) & (m.min_waiting <= 1) & (m.level > 0)
    ended = np.where(c.outcome == ANSWERED, c.answer_us, c.abandon_us)
    ended = np.where(c.outcome == WAITING, m.end_us, ended)
    team = run.workload.agents.team
    for start, end, agent in zip(
        *(x[(a.duty == ON) & (a.handling == 0)] for x in (a.start_us, a.end_us, a.agent)), strict=True
    ):
        may = simple[c.queue, team[agent]] & (c.outcome != BLOCKED) & (c.callback == 0)
        assert not np.any(
            may & (c.offered_us < end) & (np.minimum(ended, end) > np.maximum(start, c.offered_us))
        )
