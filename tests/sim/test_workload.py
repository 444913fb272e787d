"""Is chance drawn once, addressed by contact, and the same for all variants of a scenario?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.sim.story import constant, scenario
from workbench.errors import CallError
from workbench.sim.change import Change
from workbench.sim.run import engine_named
from workbench.sim.scenario import Scenario
from workbench.sim.workload import draw


def centre(**arrivals: Any) -> Scenario:
    """Two queues and one group, ten hours in half-hours."""
    return scenario(
        {
            "sales": {
                "arrivals": {"per_hour": 300, **arrivals},
                "handle": {"talk": {"mean_s": 120}},
                "patience": {"mean_s": 60},
            },
            "service": {"arrivals": {"per_hour": 100}, "handle": {"talk": {"mean_s": 200}}},
        },
        {"all": {"agents": 17, "skills": ["sales", "service"]}},
        time={"hours": 10, "interval_s": 1800},
    )


def test_arrivals_are_a_poisson_stream():
    """Counts per half-hour have the rate as mean and as variance (400 replications, fixed seed)."""
    s = centre()
    counts = [
        np.bincount(w.arrival_us[w.arrival_queue == 0] // 1_800_000_000, minlength=20)
        for w in (draw(s, 3, r) for r in range(400))
    ]

    assert abs(np.mean(counts) - 150) < 4 * np.sqrt(150 / 8000)
    assert abs(np.var(counts) / 150 - 1) < 4 * np.sqrt(2 / 8000)
    assert abs(np.corrcoef(np.array(counts)[:, 3], np.array(counts)[:, 4])[0, 1]) < 0.2


def test_gaps_are_exponential():
    """The gaps within intervals have mean and standard deviation of 12 s."""
    w = draw(centre(), 3)
    own = w.arrival_us[w.arrival_queue == 0] / 1e6
    gaps = np.diff(own)

    assert abs(gaps.mean() - 12) < 1
    assert abs(gaps.std() / gaps.mean() - 1) < 0.06


def test_the_same_address_gives_the_same_workload():
    """Seed and replication say all; another replication is another day."""
    one, again, other = draw(centre(), 3, 1), draw(centre(), 3, 1), draw(centre(), 3, 2)

    assert np.array_equal(one.arrival_us, again.arrival_us)
    assert np.array_equal(one.arrival_key, again.arrival_key)
    assert not np.array_equal(one.arrival_us[:100], other.arrival_us[:100])
    with pytest.raises(CallError):
        draw(centre(), 3, -1)


def test_order_of_queues_in_the_file_changes_nothing():
    """Streams are addressed by name."""
    s = centre()
    data = s.to_data()
    data["queues"] = dict(reversed(list(data["queues"].items())))
    one, other = draw(s, 3), draw(Scenario.parse(data), 3)

    assert np.array_equal(one.arrival_us, other.arrival_us)
    assert np.array_equal(one.arrival_queue, other.arrival_queue)
    assert np.array_equal(one.arrival_key, other.arrival_key)


def test_another_queue_leaves_the_arrivals_alone():
    """Taking a queue out does not move a contact of the other one."""
    s = centre()
    data = s.to_data()
    del data["queues"]["service"]
    data["groups"]["all"]["skills"] = {"sales": 1}
    both, alone = draw(s, 3), draw(Scenario.parse(data), 3)

    own = both.arrival_queue == 0
    assert np.array_equal(both.arrival_us[own], alone.arrival_us)
    assert np.array_equal(both.arrival_key[own], alone.arrival_key)


def test_variants_share_contacts_when_the_rate_of_one_interval_changes():
    """Other intervals keep every contact; in the changed one the same contacts come closer together."""
    base = centre(per_hour=[300.0] * 20)
    rates = [300.0] * 20
    rates[5] = 330.0
    busier = base.with_(Change("queues.sales.arrivals.per_hour", rates))
    one, other = draw(base, 3), draw(busier, 3)

    def sales(w, inside):
        at = w.arrival_us // 1_800_000_000
        chosen = (w.arrival_queue == 0) & ((at == 5) == inside)
        return w.arrival_us[chosen], w.arrival_key[chosen]

    assert np.array_equal(sales(one, False), sales(other, False))
    (before_us, before), (after_us, after) = sales(one, True), sales(other, True)
    assert len(after) > len(before)
    assert np.array_equal(after[: len(before)], before)
    start = 5 * 1_800_000_000
    assert np.allclose((after_us[: len(before)] - start) * 1.1, before_us - start, atol=2)


def test_variants_share_talk_and_patience_contact_by_contact():
    """Two more agents: the same contacts, and each talks as long as before."""
    base = centre()
    more = base.with_(Change("groups.all.agents", 19))
    one, other = (engine_named("fast")(draw(s, 3), "all").contact_rows for s in (base, more))

    both = (one.answer_us >= 0) & (other.answer_us >= 0)
    assert np.array_equal(one.key, other.key)
    assert np.array_equal(one.talk_us[both], other.talk_us[both])
    assert other.answer_us.clip(0).astype(bool).sum() >= one.answer_us.clip(0).astype(bool).sum()


def test_a_slower_queue_slows_every_contact():
    """A handle time ten per cent longer lengthens each talk by ten per cent."""
    base = centre()
    slow = base.with_(Change("queues.sales.handle.talk.mean_s", 132))
    one, other = (engine_named("fast")(draw(s, 3), "all").contact_rows for s in (base, slow))

    both = (one.answer_us >= 0) & (other.answer_us >= 0) & (one.queue == 0)
    assert np.allclose(other.talk_us[both], one.talk_us[both] * 1.1, atol=1)


def test_common_numbers_shrink_the_variance_of_a_difference():
    """One more agent: the difference in the mean wait varies far less with shared numbers."""
    base = centre()
    more = base.with_(Change("groups.all.agents", 18))

    def waits(s, shift):
        rows = [engine_named("fast")(draw(s, 3, r + shift), "contacts").contact_rows for r in range(12)]
        return np.array(
            [
                np.mean((np.where(c.answer_us >= 0, c.answer_us, c.abandon_us) - c.offered_us)[c.outcome < 2])
                for c in rows
            ]
        )

    one = waits(base, 0)
    assert np.var(one - waits(more, 0)) < 0.5 * np.var(one - waits(more, 100))


def test_mirrored_replication_is_as_probable_and_opposite():
    """Counts of a replication and its mirror are negatively correlated."""
    s = centre()
    pairs = [(len(draw(s, 3, r).arrival_us), len(draw(s, 3, r, True).arrival_us)) for r in range(60)]

    assert np.corrcoef(np.array(pairs).T)[0, 1] < -0.5


def test_day_factor_is_shared_by_name_and_drawn_per_day():
    """Two queues called busy rise and fall together; the third one for itself."""
    factor = {"shape": 25.0, "name": "busy"}
    queues = {
        name: {
            "arrivals": {"per_hour": 400.0, "day_factor": {**factor, "name": shared}},
            "handle": {"talk": constant(1)},
        }
        for name, shared in (("a", "busy"), ("b", "busy"), ("c", ""))
    }
    s = scenario(queues, {"g": {"agents": 1, "skills": ["a", "b", "c"]}}, time={"hours": None, "days": 60})
    w = draw(s, 3)
    day = w.arrival_us // 86_400_000_000
    counts = np.array([np.bincount(day[w.arrival_queue == q], minlength=60) for q in range(3)])
    r = np.corrcoef(counts)

    assert r[0, 1] > 0.95
    assert abs(r[0, 2]) < 0.5
    assert abs(counts[0].std() / counts[0].mean() - 0.2) < 0.06


def test_interval_factor_widens_counts():
    """Shape 10 adds a tenth of the squared mean to the variance."""
    s = centre(interval_shape=10.0)
    counts = np.concatenate(
        [
            np.bincount(w.arrival_us[w.arrival_queue == 0] // 1_800_000_000, minlength=20)
            for w in (draw(s, 3, r) for r in range(200))
        ]
    )

    assert abs(counts.mean() / 150 - 1) < 0.02
    assert abs(counts.var() / (150 + 150**2 / 10) - 1) < 0.12


def test_forecast_error_has_bias_and_spread():
    """Ten per cent more than forecast on average, twenty per cent up and down."""
    s = centre(forecast_error={"bias": 0.1, "spread": 0.2})
    n = np.array([np.sum(draw(s, 4, r).arrival_queue == 0) for r in range(600)])

    assert abs(n.mean() / 3300 - 1) < 0.04
    assert abs(n.std() / n.mean() - 0.2) < 0.03


def test_spike_multiplies_and_adds_in_its_window():
    """From 2:00 to 3:00 twice the rate and a hundred more; outside every contact stays."""
    base = centre()
    spiked = centre(spikes={"storm": {"start": "02:00", "end": "03:00", "factor": 2, "extra_per_hour": 100}})
    one, other = draw(base, 3), draw(spiked, 3)

    def inside(w):
        return (w.arrival_queue == 0) & (w.arrival_us >= 7200e6) & (w.arrival_us < 10800e6)

    assert np.array_equal(one.arrival_us[~inside(one)], other.arrival_us[~inside(other)])
    assert abs(inside(other).sum() - 700) < 4 * np.sqrt(700)


def test_mix_shift_moves_a_share_of_the_arrivals():
    """Half of sales' contacts come to service in the second hour."""
    data = centre().to_data()
    data["mix_shifts"] = {
        "m": {"start": "01:00", "end": "02:00", "queue": "sales", "to": "service", "share": 0.5}
    }
    w = draw(Scenario.parse(data), 3)
    hour = (w.arrival_us >= 3600e6) & (w.arrival_us < 7200e6)

    assert abs(np.sum(hour & (w.arrival_queue == 0)) - 150) < 50
    assert abs(np.sum(hour & (w.arrival_queue == 1)) - 250) < 64


def test_recorded_arrivals_are_taken_as_they_are():
    """In order of time, to the microsecond, with keys of their own."""
    s = scenario(
        {"a": {"arrivals": {"times_s": [30.0, 10.000001, 20.5]}, "handle": {"talk": constant(1)}}},
        {"g": {"agents": 1, "skills": ["a"]}},
    )
    w = draw(s, 3)

    assert w.arrival_us.tolist() == [10_000_001, 20_500_000, 30_000_000]
    assert len(set(w.arrival_key.tolist())) == 3


def test_local_days_of_23_and_25_hours():
    """In Berlin the shift begins at eight by the clock on both sides of a change of the clock."""
    for start, hours in (("2024-03-30", 47), ("2024-10-26", 49)):
        s = scenario(
            {
                "a": {
                    "arrivals": {"per_hour": [0.0] * 8 + [60.0] + [0.0] * 15},
                    "handle": {"talk": constant(1)},
                }
            },
            {"g": {"people": {"x": {"shift": "day"}}, "skills": ["a"]}},
            shifts={"day": {"start": "08:00", "end": "16:00"}},
            time={
                "hours": None,
                "days": 2,
                "zone": "Europe/Berlin",
                "start": f"{start}T00:00:00",
                "interval_s": 3600,
            },
        )
        w = draw(s, 3)
        second = (hours - 24 + 8) * 3600

        assert s.horizon.length_us == hours * 3600 * 10**6
        assert [t / 1e6 for t in w.agents.at_us[w.agents.value == 1]] == [8 * 3600, second]
        late = w.arrival_us[w.arrival_us > 24 * 3600e6] / 1e6
        assert late.min() >= second
        assert late.max() < second + 3600
