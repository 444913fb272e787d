"""Is everything that cannot be run refused, all at once, with its path and what to do?"""

from __future__ import annotations

import copy
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sim.strategies import scenario_data
from workbench.errors import CallError, ScenarioError, TooLarge, UnknownName
from workbench.sim.change import Change
from workbench.sim.run import refuse_too_large, run
from workbench.sim.scenario import Scenario
from workbench.sim.workload import draw

GOOD: dict[str, Any] = {
    "time": {"hours": 2, "interval_s": 900},
    "queues": {
        "sales": {
            "arrivals": {"per_hour": 60},
            "handle": {"talk": {"mean_s": 120}},
            "follow_ups": {},
        },
        "expert": {"handle": {"talk": {"mean_s": 300}}},
    },
    "groups": {
        "a": {"agents": 3, "skills": {"sales": 1}},
        "b": {"people": {"day": {"shift": "day"}}, "skills": {"sales": 2, "expert": 1}},
    },
    "shifts": {
        "day": {
            "start": "00:00",
            "end": "02:00",
            "activities": {"break": {"start": "01:00", "minutes": 10}},
        }
    },
}

WAVES = {"start": "01:00", "minutes": 10, "waves": 9, "wave_minutes": 10}
TEA = {"start": "01:05", "minutes": 5}
AGAIN = {"kind": "retrial", "after": "served", "probability": 0.5}
ESCALATE = {"kind": "escalation", "after": "served", "probability": 0.1}


def put(path: str, value: Any) -> dict[str, Any]:
    """Return the good scenario with one thing spoilt."""
    data = copy.deepcopy(GOOD)
    node: Any = data
    *way, last = path.split(".")
    for word in way:
        node = node.setdefault(word, {})
    node[last] = value
    return data


def test_good_scenario_is_accepted():
    """The one that all the others spoil in one place."""
    assert Scenario.parse(GOOD).name == "scenario"


REFUSED = [
    ("queues.sales.arrivals.per_hour", -5, "queues.sales.arrivals.per_hour", "at least 0"),
    ("queues.sales.arrivals.per_hour", [1, -5], "queues.sales.arrivals.per_hour.1", "at least 0"),
    ("queues.sales.arrivals.per_hour", float("nan"), "queues.sales.arrivals.per_hour", "number"),
    ("queues.sales.arrivals.per_hour", "many", "queues.sales.arrivals.per_hour", "Write a number"),
    ("queues.sales.arrivals.per_hour", [1, 2, 3], "queues.sales.arrivals.per_hour", "do not fill"),
    ("queues.sales.arrivals.times_s", [10.0, 7300.0], "queues.sales.arrivals", "leave out one"),
    ("groups.a.agents", [3] * 7, "groups.a.agents", "8 (the horizon)"),
    ("groups.a.agents", -1, "groups.a.agents", "at least 0"),
    ("groups.a.agents", 2.5, "groups.a.agents", "whole number"),
    ("queues.expert.skill", "expret", "queues.expert.skill", 'Did you mean "expert"?'),
    ("groups.a.skills", {"sails": 1}, "groups.a.skills.sails", 'Did you mean "sales"?'),
    ("shifts.day.end", "00:00", "shifts.day", "A night shift ends beyond 24"),
    ("shifts.day.end", "26 o'clock", "shifts.day.end", 'Write it as "09:30"'),
    ("shifts.day.end", 120, "shifts.day.end", "in quotes"),
    ("shifts.day.activities.break.start", "02:30", "shifts.day.activities.break", "Move or shorten"),
    ("shifts.day.activities.break", WAVES, "shifts.day.activities.break", "all waves counted"),
    ("shifts.day.activities.tea", TEA, "shifts.day.activities.tea", "before break has ended"),
    ("shifts.day.days", [7], "shifts.day.days", "Monday is 0"),
    ("queues.expert.misroute", 0.1, "queues.expert.misroute_to", "Name one"),
    ("queues.expert.misroute_to", "slaes", "queues.expert.misroute_to", 'Did you mean "sales"?'),
    ("queues.sales.follow_ups.up", {**ESCALATE, "to": "sales"}, "queues.sales", "go round in a circle"),
    ("queues.sales.resolution", 1.2, "queues.sales.resolution", "at most 1"),
    ("queues.sales.balk", -0.1, "queues.sales.balk", "at least 0"),
    ("queues.sales.follow_ups.again", AGAIN, "queues.sales.follow_ups.again.after", "or blocked"),
    ("queues.sales.patiense", {"mean_s": 60}, "queues.sales.patiense", 'Did you mean "patience"?'),
    ("queues.sales.handle.talk.meen_s", 3, "queues.sales.handle.talk.meen_s", 'Did you mean "mean_s"?'),
    ("queues.sales.patience", {"family": "gamma", "mean_s": 60}, "queues.sales.patience", "needs a shape"),
    ("queues.sales.patience", {"family": "pareto", "mean_s": 60}, "queues.sales.patience.family", "Write one of"),
    ("queues.sales.channel", "voise", "queues.sales.channel", 'Did you mean "voice"?'),
    ("queues.sales.channel", "email", "queues.sales", ""),
    ("groups.b.people.day.shift", "dya", "groups.b.people.day.shift", 'Did you mean "day"?'),
    ("groups.a.shrinkage", {"sick": {"share": 0.1}}, "groups.a.shrinkage", "acts on people"),
    ("groups.b.learning", "curve", "groups.b.learning", "There are none"),
    ("groups.b.agents", 3, "groups.b", "either agents"),
    ("routing.agent", "best_skil", "routing.agent", 'Did you mean "best_skill"?'),
    ("trunks.t", {"lines": 3, "queues": ["sale"]}, "trunks.t.queues", 'Did you mean "sales"?'),
    ("outages.o", {"start": "01:00", "end": "01:30"}, "outages.o", "name one thing"),
    ("outages.o", {"start": "05:00", "end": "06:00", "system": True}, "outages.o", "outside the horizon"),
    ("outages.o", {"start": "01:30", "end": "01:00", "system": True}, "outages.o", "not after its start"),
    ("time.hours", 2.1, "time", "do not fill the horizon"),
    ("time.zone", "Europe/Berlino", "time.zone", "is not a time zone"),
    ("time.days", 2, "time", "either hours or days"),
    ("time.warm_up_s", 7200, "time", "shorten it"),
    ("time", {"hours": 1, "interval_s": 3600, "warm_up_s": 600}, "time", "no whole interval of 3600 s is left"),
    ("format", 2, "format", "Write one of 1"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "where", "remedy"), REFUSED, ids=[r[0] for r in REFUSED])
def test_mistake_is_refused_with_path_and_remedy(path, value, where, remedy):
    """Each kind of bad input, one at a time."""
    if path == "queues.sales.channel" and value == "email":
        data = put(path, value)
        data["queues"]["sales"]["patience"] = {"mean_s": 60}
        where, remedy = "queues.sales.patience", "Leave patience out"
    else:
        data = put(path, value)
    with pytest.raises(ScenarioError) as refused:
        Scenario.parse(data)

    about = [problem for problem in refused.value.problems if problem.startswith(where)]
    assert about, refused.value.problems
    assert remedy in " ".join(about)


def test_all_mistakes_are_told_at_once():
    """What is written wrongly and what does not fit together, in one message."""
    data = put("queues.sales.patiense", 3)
    data["queues"]["sales"]["arrivals"]["per_hour"] = "many"
    data["shifts"]["day"]["end"] = "00:00"
    data["groups"]["a"]["skills"] = {"sails": 1}
    with pytest.raises(ScenarioError) as refused:
        Scenario.parse(data)

    paths = {problem.split(":")[0] for problem in refused.value.problems}
    assert {
        "queues.sales.patiense",
        "queues.sales.arrivals.per_hour",
        "shifts.day",
        "groups.a.skills.sails",
    } <= paths
    assert str(refused.value).startswith("scenario: ")


@pytest.mark.parametrize(
    "time", [{"hours": 2, "interval_s": 1000}, {"hours": 2, "interval_s": "x"}, {"hours": "x"}, 3, None]
)
def test_a_wrong_time_hides_nothing_and_is_told_once(time):
    """What is wrong elsewhere is told with it; what takes the horizon to judge is not guessed at."""
    data = put("queues.sales.skill", "sails")
    data["shifts"]["day"]["end"] = "00:00"
    data["queues"]["sales"]["arrivals"] = {"per_hour": [1, 2, 3, 4, 5]}
    data["outages"] = {"late": {"start": "08:00", "end": "09:00", "day": 600, "queue": "nowhere"}}
    data["time"] = time
    if time is None:
        del data["time"]
    with pytest.raises(ScenarioError) as refused:
        Scenario.parse(data)

    paths = [problem.split(":")[0] for problem in refused.value.problems]
    assert [path.split(".")[0] for path in paths].count("time") == 1, refused.value.problems
    assert {"queues.sales.skill", "shifts.day", "outages.late.queue"} <= set(paths)
    assert not {"queues.sales.arrivals.per_hour", "outages.late"} & set(paths)


def test_what_was_left_out_as_wrong_is_not_called_missing():
    """The only queue has a wrong talk time: that is said, and not that talk, handle or queues lack."""
    with pytest.raises(ScenarioError) as refused:
        Scenario.parse({"time": {"hours": 1}, "queues": {"a": {"handle": {"talk": "long"}}}})

    assert [problem.split(":")[0] for problem in refused.value.problems] == ["queues.a.handle.talk"]


def test_circle_over_two_queues_is_found():
    """Sales escalates to expert, and expert's contacts are misrouted to sales."""
    data = put("queues.sales.follow_ups.up", {**ESCALATE, "to": "expert"})
    data["queues"]["expert"] |= {"misroute": 0.1, "misroute_to": "sales"}
    with pytest.raises(ScenarioError, match=r"sales → expert → sales|expert → sales → expert"):
        Scenario.parse(data)


@pytest.mark.parametrize("data", [None, 3, [], "text", {}, {"queues": None}, {"time": 3, "queues": {"a": 1}}])
def test_anything_at_all_is_refused_in_words(data):
    """Whatever is handed over, no traceback of another kind."""
    with pytest.raises(ScenarioError):
        Scenario.parse(data)


def test_file_that_is_not_there_or_not_yaml(tmp_path):
    """Named with the file and, where it can be known, the line."""
    with pytest.raises(ScenarioError, match="cannot be read"):
        Scenario.from_yaml(tmp_path / "none.yaml")
    path = tmp_path / "bad.yaml"
    path.write_text("time: {hours: 2\nqueues: [}", encoding="utf-8")
    with pytest.raises(ScenarioError, match="line 2"):
        Scenario.from_yaml(path)


def test_yaml_round_trip_leaves_defaults_out(tmp_path):
    """The file says what differs from the default, and reads back to the same."""
    scenario = Scenario.parse(GOOD)
    text = scenario.to_yaml(tmp_path / "s.yaml")

    assert Scenario.from_yaml(tmp_path / "s.yaml") == scenario
    assert "warm_up_s" not in text
    assert "2024-01-01" not in text


def test_change_makes_another_scenario():
    """The base stays as it is."""
    base = Scenario.parse(GOOD)
    more = base.with_(Change("groups.a.agents", 5, "two more"))

    assert more.groups["a"].agents == (5,)
    assert base.groups["a"].agents == (3,)


def test_change_of_every_queue_and_of_one_interval():
    """A star stands for every name; a number for an item of a list."""
    base = Scenario.parse(put("groups.a.agents", [3] * 8))
    changed = base.with_(
        [Change("queues.*.handle.factor", 1.1), Change("groups.a.agents.3", 0)],
        Change("queues.sales.callback", {"offer_after_s": 60}),
    )

    assert {queue.handle.factor for queue in changed.queues.values()} == {(1.1,)}
    assert changed.groups["a"].agents == (3, 3, 3, 0, 3, 3, 3, 3)
    assert changed.queues["sales"].callback is not None


def test_change_behind_a_star_finds_what_is_there():
    """Only sales has a follow-up and a callback; the other queue is left alone, and none is an error."""
    data = put("queues.sales.follow_ups.up", {**ESCALATE, "to": "expert"})
    data["queues"]["sales"]["callback"] = {"offer_after_s": 60}
    changed = Scenario.parse(data).with_(
        Change("queues.*.follow_ups.*.probability", 0.3),
        Change("queues.*.follow_ups.up.at_most", 1),
        Change("queues.*.callback.accept", 0.5),
    )

    assert changed.queues["sales"].follow_ups["up"].probability == 0.3
    assert changed.queues["sales"].follow_ups["up"].at_most == 1
    assert changed.queues["sales"].callback.accept == 0.5
    with pytest.raises(CallError, match="nothing of this kind"):
        Scenario.parse(GOOD).with_(Change("queues.*.follow_ups.*.probability", 0.3))


def test_change_adds_a_named_thing():
    """An outage that the base does not have."""
    storm = {"start": "01:00", "end": "01:30", "queue": "sales"}
    changed = Scenario.parse(GOOD).with_(Change("outages.storm", storm))

    assert changed.outages["storm"].queue == "sales"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("groups.a.agnets", 'Did you mean "groups.a.agents"?'),
        ("group.a.agents", 'Did you mean "groups"?'),
        ("groups.c.agents", 'There is no path called "groups.c"'),
        ("groups.a.agents.0", "has nothing inside"),
        ("queues.sales.callback.accept", "is empty in this scenario"),
    ],
)
def test_change_that_leads_nowhere_is_refused(path, message):
    """With the nearest path, or what is there."""
    with pytest.raises(CallError) as refused:
        Scenario.parse(GOOD).with_(Change(path, 5))

    assert message in str(refused.value)


def test_change_that_does_not_fit_is_refused():
    """The changed scenario is checked as a whole."""
    with pytest.raises(ScenarioError, match="do not fill"):
        Scenario.parse(GOOD).with_(Change("groups.a.agents", [1, 2]))


def test_change_is_read_from_the_command_line():
    """The value is YAML, as in the file."""
    assert Change.parse("groups.a.agents=12") == Change("groups.a.agents", 12)
    assert Change.parse("a.b=[1, 2]").value == [1, 2]
    assert Change.parse("a.b={x: 1}").value == {"x": 1}
    with pytest.raises(CallError, match="Write path=value"):
        Change.parse("groups.a.agents 12")
    with pytest.raises(CallError, match="is not a value"):
        Change.parse("a.b={x")


def test_run_that_does_not_fit_names_the_record_that_would():
    """With 100 MB free, a million contacts fit as counters only."""
    data = put("queues.sales.arrivals.per_hour", 500_000)
    scenario = Scenario.parse(data)
    with pytest.raises(TooLarge, match='record="intervals" needs'):
        refuse_too_large(scenario, "all", available=100_000_000)
    with pytest.raises(TooLarge, match="Shorten the horizon"):
        refuse_too_large(scenario, "all", available=1_000_000)
    refuse_too_large(scenario, "intervals", available=100_000_000)


def test_unknown_engine_and_record_suggest_the_nearest():
    """A mistyped word is told with the word that was meant."""
    scenario = Scenario.parse(GOOD)
    with pytest.raises(UnknownName, match='Did you mean "simpy"'):
        run(scenario, 1, engine="simpi")
    with pytest.raises(UnknownName, match='Did you mean "intervals"'):
        run(scenario, 1, record="interval")


def test_json_schema_knows_every_field():
    """The page of the scenario language is made from it."""
    schema = Scenario.json_schema()

    assert {"time", "queues", "groups", "outages", "money"} <= set(schema["properties"])
    fields = schema["$defs"]["Queue"]["properties"]
    assert "Places in line" in fields["waiting_room"]["description"]


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.floats(), st.text(max_size=3), st.just([]),
    st.just({}), st.just({"x": 1}), st.just(["x"]), st.lists(st.floats(), max_size=4),
)  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=scenario_data(), place=st.integers(0, 10**6), junk=JUNK)
def test_junk_anywhere_is_refused_in_words_or_accepted(data, place, junk):
    """Validation never crashes, and what it accepts compiles and is drawn."""
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        items = node.items() if isinstance(node, dict) else enumerate(node)
        for key, value in items:
            places.append((node, key))
            if isinstance(value, dict | list):
                walk(value)

    data = copy.deepcopy(data)
    walk(data)
    node, key = places[place % len(places)]
    node[key] = junk
    with suppress(ScenarioError):
        draw(Scenario.parse(data), 1)


def test_every_field_says_what_it_means():
    """What is undocumented fails."""
    silent = [
        f"{name}.{field}"
        for name, part in Scenario.json_schema()["$defs"].items()
        for field, said in part["properties"].items()
        if not said.get("description")
    ]

    assert silent == []
