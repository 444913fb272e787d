"""Do shifts, absence, lateness, attrition and outages act on people as they say?"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.sim.story import constant, scenario
from workbench.sim.calendar import CLOSE_LINES, DUTY, TARGET, Agents
from workbench.sim.model import OFF, ON
from workbench.sim.scenario import Scenario
from workbench.sim.workload import Workload, draw

HOUR = 3_600_000_000
SHIFT = {"start": "08:00", "end": "16:00"}


def people(count: int, days: int = 1, shift: dict[str, Any] = SHIFT, **group: Any) -> Scenario:
    """So many people in one shift, for so many days."""
    block = group.pop("block", {})
    return scenario(
        {"a": {"handle": {"talk": constant(60)}}},
        {"g": {"people": {"x": {"count": count, "shift": "day", **block}}, "skills": ["a"], **group}},
        shifts={"day": shift},
        time={"hours": None, "days": days},
        **({"outages": group.pop("outages")} if "outages" in group else {}),
    )


def hours_of(w: Workload, duty: str) -> np.ndarray:
    """Hours of each agent at a duty, from the calendar."""
    return hours(w.agents, w.names.duties.index(duty), w.model.end_us)


def hours(a: Agents, duty: int, end_us: int) -> np.ndarray:
    out = np.zeros(len(a.team))
    for agent in range(len(a.team)):
        own = (a.kind == DUTY) & (a.who == agent)
        until = np.append(a.at_us[own][1:], end_us)
        out[agent] = (until - a.at_us[own])[a.value[own] == duty].sum() / HOUR
    return out


def test_shift_is_on_duty_between_its_ends_on_its_weekdays():
    """Monday 1 January 2024 to Sunday: five days of eight hours."""
    w = draw(people(2, days=7, shift={**SHIFT, "days": [0, 1, 2, 3, 4]}), 1)

    assert hours_of(w, "on").tolist() == [40, 40]
    on = w.agents.at_us[w.agents.value == ON] / HOUR
    assert np.unique(on).tolist() == [8, 32, 56, 80, 104]


def test_night_shift_of_the_evening_before_is_at_work_when_the_horizon_starts():
    """From 22:00 to 30:00: at midnight the one of yesterday is there, until six."""
    w = draw(people(1, shift={"start": "22:00", "end": "30:00"}), 1)

    assert w.agents.at_us.tolist() == [0, 6 * HOUR, 22 * HOUR]
    assert w.agents.value.tolist() == [ON, OFF, ON]


def test_events_change_the_duty_and_are_in_order():
    """No event says what was so already; none lies outside the horizon."""
    kinds = {
        "vacation": {"share": 0.3},
        "coaching": {"share": 0.1, "whole_days": False},
    }
    shift = {
        **SHIFT,
        "activities": {"lunch": {"start": "12:00", "minutes": 30, "waves": 3, "wave_minutes": 20}},
    }
    a = draw(people(40, 5, shift, shrinkage=kinds, adherence={"late": 0.5, "early": 0.5}), 1).agents

    assert np.all(np.diff(a.at_us) >= 0)
    assert a.at_us.min() >= 0
    assert a.at_us.max() < 5 * 24 * HOUR
    for agent in range(40):
        own = a.who == agent
        assert np.all(np.diff(a.at_us[own]) > 0)
        assert np.all(np.diff(a.value[own], prepend=OFF) != 0)


def test_whole_days_of_shrinkage_have_their_share():
    """Vacation 20 %, sickness 5 %: independent by person and day (fixed seed, four sigma)."""
    kinds = {"vacation": {"share": 0.2, "planned": True}, "sickness": {"share": 0.05, "paid": False}}
    w = draw(people(200, days=20, shrinkage=kinds), 1)
    n = 200 * 20

    for name, share in (("vacation", 0.2), ("sickness", 0.05), ("on", 0.75)):
        days = hours_of(w, name).sum() / 8
        assert abs(days / n - share) < 4 * np.sqrt(share * (1 - share) / n)
    assert set(np.unique(hours_of(w, "vacation") % 8)) == {0.0}
    assert dict(zip(w.names.duties, w.names.duty_paid, strict=True))["sickness"] is False


def test_spell_within_a_shift_has_exactly_its_share():
    """Five per cent of eight hours: 24 minutes each day, somewhere in the shift."""
    w = draw(people(50, days=4, shrinkage={"coaching": {"share": 0.05, "whole_days": False}}), 1)

    assert np.allclose(hours_of(w, "coaching"), 4 * 0.4)
    assert np.allclose(hours_of(w, "on"), 4 * 7.6)
    starts = w.agents.at_us[w.agents.value == w.names.duties.index("coaching")] % (24 * HOUR) / HOUR
    assert starts.min() < 8.5
    assert starts.max() > 15


def test_late_start_and_early_leave_shorten_the_shift():
    """Half come ten minutes late, a quarter leave five minutes early."""
    rule = {"late": 0.5, "late_by": constant(600), "early": 0.25, "early_by": constant(300)}
    worked = hours_of(draw(people(400, adherence=rule), 1), "on") * 60

    assert set(np.round(worked).tolist()) == {480, 470, 475, 465}
    assert abs(np.mean(worked) - (480 - 5 - 1.25)) < 1


def test_activities_hide_spells_and_lateness_hides_activities():
    """Who comes after the break has begun has the rest of the break only."""
    shift = {**SHIFT, "activities": {"briefing": {"start": "08:00", "minutes": 20}}}
    rule = {"late": 1.0, "late_by": constant(600)}
    w = draw(people(1, shift=shift, adherence=rule), 1)

    assert (hours_of(w, "briefing") * 60).round(6).tolist() == [10]
    assert (hours_of(w, "on") * 60).round(6).tolist() == [460]


def test_attrition_follows_the_weekly_hazard_and_places_are_filled():
    """Ten per cent a week: 0.9 to the tenth are left; replaced at once, somebody is always there."""
    block = {"tenure_weeks": 0.0}
    gone = draw(people(2000, 70, block=block, attrition={"weekly": [0.1]}), 1)
    last_day = hours_at(gone, 69 * 24 + 10)

    assert abs(last_day / 2000 - 0.9 ** (69.4 / 7)) < 4 * np.sqrt(0.35 * 0.65 / 2000)
    filled = draw(people(200, 70, block=block, attrition={"weekly": [0.1], "replaced_after_weeks": 0}), 1)
    assert hours_at(filled, 69 * 24 + 10) == 200
    new = filled.agents.hired_us[200:]
    assert np.all(new > 0)
    assert filled.agents.names[200].endswith("+1")


def test_leavers_whom_nobody_replaces_leave_as_those_whose_successors_come_too_late():
    """Drawn from one plan in one case and person by person in the other: the same people at the same times."""
    block, weekly = {"tenure_weeks": (0.0, 30.0)}, [0.3, 0.05]
    plain = people(40, 21, block=block, attrition={"weekly": weekly})
    late = people(40, 21, block=block, attrition={"weekly": weekly, "replaced_after_weeks": 1000})

    for replication in range(3):
        a, b = (draw(s, 5, replication).agents for s in (plain, late))
        assert a.names == b.names
        for name in ("team", "hired_us", "at_us", "kind", "who", "value"):
            assert np.array_equal(getattr(a, name), getattr(b, name)), name
        assert hours_at(draw(plain, 5, replication), 20 * 24 + 10) < 40


def hours_at(w: Workload, hour: float) -> int:
    """How many are on duty at an hour."""
    a = w.agents
    duty = np.zeros(len(a.team), dtype=int)
    for at, who, value in zip(a.at_us, a.who, a.value, strict=True):
        if at <= hour * HOUR:
            duty[who] = value
    return int((duty == ON).sum())


def test_new_hires_leave_at_the_hazard_of_their_own_tenure():
    """Nobody leaves in the first week of tenure; everybody in the second."""
    rule = {"weekly": [0.0, 1.0], "replaced_after_weeks": 0}
    w = draw(people(50, 28, block={"tenure_weeks": 0.0}, attrition=rule), 1)
    hired = np.sort(w.agents.hired_us) / (24 * HOUR)

    assert hired[:50].tolist() == [0] * 50
    assert np.all(hired[50:] >= 7)
    assert len(hired) >= 100


def test_outage_takes_a_share_of_people_and_counted_agents():
    """Half of them are away from 10 to 11, and no one else."""
    outages = {"fire": {"start": "10:00", "end": "11:00", "site": "main", "share": 0.5}}
    s = scenario(
        {"a": {"handle": {"talk": constant(60)}}},
        {
            "counted": {"agents": 7, "skills": ["a"]},
            "g": {"people": {"x": {"count": 400, "shift": "day"}}, "skills": ["a"]},
        },
        shifts={"day": SHIFT},
        time={"hours": None, "days": 1},
        outages=outages,
    )
    w = draw(s, 1)
    targets = w.agents.kind == TARGET

    assert w.agents.value[targets].tolist() == [7, 4, 7]
    struck = hours_of(w, "outage")[7:]
    assert set(struck.tolist()) == {0, 1}
    assert abs(struck.mean() - 0.5) < 0.1


def test_lines_close_every_day():
    """At six in the evening, by the clock."""
    s = scenario(
        {"a": {"handle": {"talk": constant(60)}}},
        {"g": {"agents": 1, "skills": ["a"]}},
        time={"hours": None, "days": 3, "lines_close": "18:00"},
    )
    a = draw(s, 1).agents

    assert (a.at_us[a.kind == CLOSE_LINES] / HOUR).tolist() == [18, 42, 66]


def test_agents_of_a_replication_do_not_depend_on_the_order_of_groups():
    """Keys are addressed by the names of group and block."""
    s = people(30, 3, shrinkage={"sickness": {"share": 0.2}})
    data = s.to_data()
    data["groups"] = {"other": {"agents": 2, "skills": ["a"]}, **data["groups"]}
    one, two = draw(s, 1), draw(Scenario.parse(data), 1)

    assert np.array_equal(hours_of(one, "sickness"), hours_of(two, "sickness")[2:])


def test_tenure_is_spread_evenly_over_a_pair():
    """Four people from 0 to 8 weeks: 1, 3, 5 and 7."""
    w = draw(people(4, block={"tenure_weeks": [0, 8]}), 1)

    assert (-w.agents.hired_us / (7 * 24 * HOUR)).tolist() == [1, 3, 5, 7]
