"""Do levers do what they say, and nothing at today's value?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.sim.strategies import scenarios
from workbench.errors import CallError, UnknownName
from workbench.resources import scenario_file
from workbench.sim.change import Change
from workbench.sim.measures import first_interval
from workbench.sim.scenario import Scenario
from workbench.studies.lever import LEVERS, UNITS, Lever, NotHere, applicable, shared_out, whole
from workbench.studies.replicate import replicate

FOUR = ("small", "medium", "week", "large")
READ_BACK = (
    "attrition", "concurrency", "escalation", "fcr", "forecast_error", "forecast_spread", "misroutes",
    "overflow", "staffing",
)  # fmt: skip
"""Levers whose value can be read off the changed scenario; the others count from today."""


@pytest.fixture(scope="module")
def shipped() -> dict[str, Scenario]:
    return {name: Scenario.from_yaml(scenario_file(name)) for name in FOUR}


def figures(scenario: Scenario) -> dict[str, tuple[float | None, ...]]:
    """Every figure of two replications, as exactly as they come."""
    results = replicate(scenario, 2, seed=3, workers=1)
    return {
        f"{scope} {thing} {name}": (e.mean, e.low, e.high)
        for scope in ("overall", "queue", "interval")
        for name in results.figures
        for thing, e in zip(results.names(scope), results.estimates(name, scope), strict=True)
    }


@pytest.mark.parametrize("name", FOUR)
def test_at_todays_value_a_lever_leaves_every_figure_as_it_is(
    name: str, shipped: dict[str, Scenario]
) -> None:
    """Not nearly: exactly. All levers at once, since each is neutral only if their sum is."""
    base = shipped[name]
    levers = applicable(base)
    together = base
    for lever in levers:
        together = together.with_(lever.changes(together, lever.today(together)))

    assert len(levers) >= 11
    assert figures(base) == figures(together)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(base=scenarios())
def test_at_todays_value_a_lever_leaves_generated_scenarios_as_they_are(base: Scenario) -> None:
    """Whatever the language can say, if a whole interval is left after the warm-up to be counted."""
    assume(first_interval(base) < base.horizon.n_intervals)
    together = base
    for lever in applicable(base):
        together = together.with_(lever.changes(together, lever.today(together)))

    assert figures(base) == figures(together)


@pytest.mark.parametrize("name", FOUR)
def test_every_lever_can_be_moved_to_the_ends_of_its_swing(name: str, shipped: dict[str, Scenario]) -> None:
    """What it changes fits together, and stands where it was put."""
    base = shipped[name]
    for lever in applicable(base):
        today = lever.today(base)
        for value in lever.swings(base):
            changed = base.with_(lever.changes(base, value)) if value != today else base
            if lever.name in READ_BACK:
                assert lever.today(changed) == pytest.approx(value), lever.name


def test_all_together_the_four_scenarios_have_something_for_every_lever(shipped: dict[str, Scenario]) -> None:
    """No lever is there that no scenario of ours could show."""
    assert set(LEVERS.names()) == {lever.name for base in shipped.values() for lever in applicable(base)}
    assert {lever.unit for lever in LEVERS} <= set(UNITS)


def test_shrinkage_of_a_centre_is_the_mean_over_its_people(shipped: dict[str, Scenario]) -> None:
    """44 of 158 lose 5 %, 34 lose 6 %: 2.68 %. Five points more are five points for every group."""
    base, lever = shipped["medium"], LEVERS.get("shrinkage")
    today = lever.today(base)
    changed = base.with_(lever.changes(base, today + 0.05))
    of = {name: sum(k.share for k in group.shrinkage.values()) for name, group in changed.groups.items()}

    assert (44 * 0.05 + 34 * 0.06) / 158 == pytest.approx(today)
    assert {
        "voice early": 0.10, "voice late": 0.11, "voice fr": 0.05, "returns": 0.05, "chat": 0.05, "specialists": 0.05,
    } == pytest.approx(of)  # fmt: skip


def test_shrinkage_of_one_kind_moves_that_kind(shipped: dict[str, Scenario]) -> None:
    """Vacation is 8 % of 25 of 41 people; sickness stays."""
    base, lever = shipped["week"], LEVERS.get("shrinkage")
    changed = base.with_(lever.changes(base, 0.0, "vacation"))

    assert 25 * 0.08 / 41 == pytest.approx(lever.today(base, "vacation"))
    assert {"vacation": 0.0, "sick": 0.05} == {
        name: kind.share for name, kind in changed.groups["weekdays"].shrinkage.items()
    }
    with pytest.raises(UnknownName, match='Did you mean "vacation"'):
        lever.today(base, "vacaton")


def test_counted_agents_are_net_so_that_fewer_of_them_are_there(shipped: dict[str, Scenario]) -> None:
    """Ten per cent of 233 half-hours of agents: 209.7, to the nearest person."""
    base = shipped["small"]
    changed = base.with_(LEVERS.get("shrinkage").changes(base, 0.10))
    before, after = base.groups["team"].agents, changed.groups["team"].agents
    assert before is not None
    assert after is not None

    assert sum(after) == pytest.approx(0.9 * sum(before), abs=0.5)
    assert all(abs(a - 0.9 * b) <= 1 for a, b in zip(after, before, strict=True))


def test_closing_earlier_keeps_contacts_and_paid_time(shipped: dict[str, Scenario]) -> None:
    """Both move into the open hours; no rate and no agent is left after closing."""
    base = shipped["small"]
    changed = base.with_(LEVERS.get("opening_hours").changes(base, 3600.0))
    before, after = base.queues["service"].arrivals.per_hour, changed.queues["service"].arrivals.per_hour
    agents_before, agents_after = base.groups["team"].agents, changed.groups["team"].agents
    assert agents_before is not None
    assert agents_after is not None

    assert (0.0, 0.0) == after[-2:]
    assert (0, 0) == agents_after[-2:]
    assert sum(before) == pytest.approx(sum(after))
    assert sum(agents_before) == sum(agents_after)


def test_closing_earlier_moves_opening_hours_of_their_own(shipped: dict[str, Scenario]) -> None:
    """A queue that closes at 20 closes at 19, so that nobody who comes again is let in after."""
    base = shipped["small"].with_(
        Change("queues.service.opening", {"day": {"start": "08:00", "end": "20:00"}})
    )
    last = int(np.flatnonzero(base.queues["service"].arrivals.per_hour)[-1]) + 1
    start_s = 3600 * base.time.start.hour
    closes = start_s + last * base.time.interval_s - 3600
    changed = base.with_(LEVERS.get("opening_hours").changes(base, 3600.0))

    assert f"{closes // 3600:02d}:{closes % 3600 // 60:02d}" == changed.queues["service"].opening["day"].end


def test_recorded_arrivals_are_filled_in_evenly() -> None:
    """Half as many again: a copy in the middle of every second gap."""
    base = Scenario.parse(
        {
            "time": {"hours": 1},
            "queues": {"q": {"arrivals": {"times_s": [10, 20, 30, 50]}, "handle": {"talk": {"mean_s": 60}}}},
            "groups": {"g": {"agents": 2, "skills": ["q"]}},
        }
    )
    changed = base.with_(LEVERS.get("volume").changes(base, 1.5))

    assert (10.0, 20.0, 25.0, 30.0, 50.0, 50.0) == changed.queues["q"].arrivals.times_s


def test_two_ways_up_pass_a_contact_on_once() -> None:
    """One in ten goes up, of the other nine a half: 0.55; moved to 0.832 by a factor of 1.6."""
    up = {"kind": "escalation", "after": "served", "to": "expert"}
    talk = {"handle": {"talk": {"mean_s": 60}}}
    base = Scenario.parse(
        {
            "time": {"hours": 1},
            "queues": {
                "desk": {
                    "arrivals": {"per_hour": 600},
                    **talk,
                    "follow_ups": {"a": {**up, "probability": 0.1}, "b": {**up, "probability": 0.5}},
                },
                "expert": {"arrivals": {"per_hour": 0}, **talk},
            },
            "groups": {"g": {"agents": 40, "skills": ["desk", "expert"]}},
        }
    )
    lever = LEVERS.get("escalation")
    moved = {c.path.rsplit(".", 2)[1]: c.value for c in lever.changes(base, 1 - 0.84 * 0.2)}
    run = replicate(base, 40, seed=2, workers=1)
    handled = dict(zip(run.names("queue"), run.estimates("answered", "queue"), strict=True))
    share = handled["expert"].mean / handled["desk"].mean

    assert lever.today(base) == pytest.approx(0.55)
    assert moved == pytest.approx({"a": 0.16, "b": 0.8})
    assert share == pytest.approx(0.55, abs=0.02)


def test_what_a_scenario_has_nothing_for_is_refused_in_words(shipped: dict[str, Scenario]) -> None:
    """The name of the lever, and what is missing."""
    lever = LEVERS.get("fcr")

    assert lever.why_not(shipped["small"]).startswith("fcr: nobody comes back here")
    with pytest.raises(NotHere, match="follow_ups after unresolved"):
        lever.changes(shipped["small"], 0.8)


@pytest.mark.parametrize(
    ("text", "value"), [("+0.05", 0.05), ("5%", 0.05), ("+5%", 0.05), ("0.12", 0.12), ("-0.0", 0.0)]
)
def test_a_value_is_read_as_a_planner_writes_it(
    text: str, value: float, shipped: dict[str, Scenario]
) -> None:
    """With a sign it counts from today, which is 0 for counted agents."""
    assert value == pytest.approx(LEVERS.get("shrinkage").at(shipped["small"], text))


def test_a_share_of_people_is_rounded_to_whole_ones(shipped: dict[str, Scenario]) -> None:
    """13 people: 10 % more are 14.3, of whom 14 can come; 5 % fewer are 12.35."""
    lever = LEVERS.get("staffing")

    assert [lever.at(shipped["small"], text) for text in ("+10%", "-5%")] == [14, 12]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("shrinkage", "much", r'shrinkage: "much" is not a value. Write \+0.05 or \+5%'),
        ("shrinkage", "nan", "is not a value"),
        ("staffing", "5%", r"is not a value. Write \+1 or \+10%"),
        ("shrinkage", "1.2", "outside what it can be, 0 to 1; today it is 0"),
        ("staffing", "13.5", "not a whole number of people"),
        ("volume", "-2", "outside what it can be"),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    name: str, text: str, said: str, shipped: dict[str, Scenario]
) -> None:
    """What came, what is accepted, what it is today."""
    lever: Lever = LEVERS.get(name)
    with pytest.raises(CallError, match=said):
        lever.changes(shipped["small"], lever.at(shipped["small"], text))


def test_moves_read_as_a_planner_says_them(shipped: dict[str, Scenario]) -> None:
    """Points for shares, per cent for factors, time for seconds."""
    said = {
        LEVERS.get(name).words(shipped["medium"], LEVERS.get(name).at(shipped["medium"], text))
        for name, text in {
            "shrinkage": "+0.05", "volume": "+10%", "outage": "5400", "staffing": "-1", "concurrency": "4",
            "overflow": "+15", "forecast_error": "-10%", "fcr": "+0.01", "pay": "1",
        }.items()
    }  # fmt: skip

    assert {
        "5 points more shrinkage", "10 % more volume", "an outage of 1.5 h at the peak", "1 person fewer",
        "1 contact more in hand at once", "15 s more wait before other groups help",
        "10 points less volume than forecast", "1 point more resolution at first contact", "pay as today",
    } == said  # fmt: skip


def test_who_gets_the_next_person_never_loses_one() -> None:
    """Sainte-Laguë by hand for 6, 3 and 1: the first, the second, the first, the first ..."""
    sizes = {"a": 6, "b": 3, "c": 1}

    assert {"a": 3, "b": 1, "c": 0} == shared_out(4, sizes)
    assert sizes == shared_out(10, sizes)
    for n in range(30):
        fewer, more = shared_out(n, sizes), shared_out(n + 1, sizes)
        assert all(fewer[name] <= more[name] for name in sizes)
    assert {"a": 6, "b": 3, "c": 1} == shared_out(99, sizes, sizes)


def test_whole_numbers_keep_the_total() -> None:
    """Three times 1.5 are 4.5; what is cut off is carried on."""
    assert [2, 1, 2] == whole([1.5, 1.5, 1.5])
    assert [4, 0, 7] == whole([4.0, 0.0, 7.0])
