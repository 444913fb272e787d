"""What happens when a queue is closed? Little stories with exact times, for both engines."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sim.story import both_engines, constant, queue, scenario, tell
from workbench.errors import ScenarioError
from workbench.metrics.contact_outcome import ABANDONED, ANSWERED, BLOCKED
from workbench.sim.model import FRESH, REPEAT
from workbench.sim.records import LINES_CLOSED

ONE = {"g": {"agents": 1, "skills": {"a": 1}}}
TWO_DAYS = {"days": 2, "start": "2024-01-05T00:00:00", "interval_s": 1800, "hours": None}
"""A Friday and a Saturday."""
HOUR = 3600
WORKING = {
    "weekdays": {"start": "08:00", "end": "20:00", "days": [0, 1, 2, 3, 4]},
    "Saturday": {"start": "10:00", "end": "14:00", "days": [5]},
}


def comes_again(delay_s: float, **fields: Any) -> dict[str, Any]:
    """Everybody comes again once, so long after a talk of a minute."""
    rule = {"after": "unresolved", "kind": "repeat", "probability": 1, "at_most": 1}
    return {"resolution": 0, "follow_ups": {"again": {**rule, "delay": constant(delay_s)}}, **fields}


@both_engines
def test_who_comes_outside_opening_hours_is_turned_away(engine: str) -> None:
    """Before 8, at 8, before 20 and at 20 o'clock; on Saturday from 10 to 14."""
    friday = [8 * HOUR - 1, 8 * HOUR, 20 * HOUR - 1, 20 * HOUR]
    saturday = [24 * HOUR + t for t in (9 * HOUR, 10 * HOUR, 14 * HOUR)]
    t = tell(engine, {"a": queue(*friday, *saturday, opening=WORKING)}, ONE, time=TWO_DAYS)

    assert t.outcome == [BLOCKED, ANSWERED, ANSWERED, BLOCKED, BLOCKED, ANSWERED, BLOCKED]
    assert [t.reason[i] for i in (0, 3, 4, 6)] == [LINES_CLOSED] * 4


@both_engines
def test_a_repeat_after_closing_comes_as_long_after_the_next_opening(engine: str) -> None:
    """Talked until 19:31 on Friday; an hour later it is closed for 31 minutes: Saturday, 10:31."""
    a = queue(19 * HOUR + 1800, opening=WORKING, **comes_again(HOUR))
    t = tell(engine, {"a": a}, ONE, time=TWO_DAYS)

    assert t.kind == [FRESH, REPEAT]
    assert t.offered_s[1] == 24 * HOUR + 10 * HOUR + 31 * 60
    assert t.outcome[1] == ANSWERED


@both_engines
def test_of_a_long_time_after_closing_only_the_rest_over_whole_openings_counts(engine: str) -> None:
    """Due 9 h and 1 min after closing; Saturday has 4 hours, so it comes 1 h 1 min after opening."""
    a = queue(10 * HOUR, opening=WORKING, **comes_again(19 * HOUR))
    t = tell(engine, {"a": a}, ONE, time=TWO_DAYS)

    assert t.offered_s[1] == 24 * HOUR + 11 * HOUR + 60


@both_engines
def test_a_repeat_after_closing_is_lost_where_the_scenario_says_so(engine: str) -> None:
    """The same story with when_closed: lost; a repeat in opening hours comes all the same."""
    a = queue(10 * HOUR, 19 * HOUR + 1800, opening=WORKING, when_closed="lost", **comes_again(HOUR))
    t = tell(engine, {"a": a}, ONE, time=TWO_DAYS)

    assert t.kind == [FRESH, FRESH, REPEAT]
    assert t.parent[2] == 0


@both_engines
def test_after_the_last_opening_of_the_horizon_nobody_comes(engine: str) -> None:
    """Saturday closes at 14; the next opening is on Monday, beyond the horizon."""
    a = queue(37 * HOUR + 1800, opening=WORKING, **comes_again(HOUR))
    t = tell(engine, {"a": a}, ONE, time=TWO_DAYS)

    assert t.kind == [FRESH]


@both_engines
def test_before_the_first_opening_the_week_before_tells_when_it_closed(engine: str) -> None:
    """A queue that is always open passes on at 07:00 on Friday to one closed since 20:00 on Thursday."""
    rule = {"after": "served", "kind": "escalation", "probability": 1, "to": "b"}
    a = queue(7 * HOUR - 60, follow_ups={"up": rule})
    groups = {"g": {"agents": 1, "skills": {"a": 1, "b": 1}}}
    t = tell(engine, {"a": a, "b": queue(opening=WORKING)}, groups, time=TWO_DAYS)

    assert t.offered_s[1] == 8 * HOUR + 11 * HOUR


@both_engines
def test_who_is_in_line_at_closing_is_served_or_leaves_as_ever(engine: str) -> None:
    """Two come a second before closing: one is served, one in line loses patience after a minute."""
    a = queue(20 * HOUR - 2, 20 * HOUR - 1, 20 * HOUR - 1, opening=WORKING, patience=70)
    t = tell(engine, {"a": a}, ONE, time=TWO_DAYS)

    assert t.outcome == [ANSWERED, ANSWERED, ABANDONED]
    assert t.answer_s[1] == 20 * HOUR + 58
    assert t.abandon_s[2] == 20 * HOUR + 69


@both_engines
def test_openings_that_touch_are_one(engine: str) -> None:
    """A night line: 18:00 to 24:00 and midnight to six; a repeat over midnight stays where it is."""
    night = {"evening": {"start": "18:00", "end": "24:00"}, "night": {"start": "00:00", "end": "06:00"}}
    a = queue(23.5 * HOUR, opening=night, **comes_again(HOUR))
    t = tell(engine, {"a": a}, ONE, time=TWO_DAYS)

    assert t.offered_s[1] == 24.5 * HOUR + 60
    assert t.outcome == [ANSWERED, ANSWERED]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opening": {"x": {"start": "20:00", "end": "08:00"}}}, "beyond 24"),
        ({"opening": {"x": {"start": "01:00", "end": "26:00"}}}, "longer than a day"),
        ({"opening": {"x": {"start": "08:00", "end": "20:00", "days": []}}}, "at least one"),
        ({"opening": {"x": {"start": "08:00", "end": "20:00", "days": [7]}}}, "no set of weekdays"),
        ({"opening": WORKING, "channel": "email"}, "deferred work"),
        ({"opening": WORKING, "arrivals": {"per_hour": 1, "backlog": 2}}, "nobody is in line"),
    ],
)
def test_opening_hours_that_make_no_sense_are_refused(fields: dict[str, Any], words: str) -> None:
    """Each with its path and what to do."""
    with pytest.raises(ScenarioError, match=words):
        scenario({"a": {**queue(10), **fields}}, ONE, time=TWO_DAYS)
