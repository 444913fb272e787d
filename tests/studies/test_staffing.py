"""Is the plan the cheapest, does it do what is said of it, and what is said where it cannot be had?"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.errors import CallError, ScenarioError, UnknownName
from workbench.queueing import agents_required, erlang_a
from workbench.sim.run import run
from workbench.sim.scenario import Scenario
from workbench.sim.workload import draw, restaffed, with_staff_of
from workbench.studies.staffing import master
from workbench.studies.staffing.ceiling import out_of_reach
from workbench.studies.staffing.erlang import assigned, required
from workbench.studies.staffing.floor import Floor, check
from workbench.studies.staffing.goals import goals_of
from workbench.studies.staffing.master import Limits, solve
from workbench.studies.staffing.plan import Check
from workbench.studies.staffing.polish import exchange, mend, trim
from workbench.studies.staffing.pool import Pool, pool_of_shifts, pool_of_slots
from workbench.studies.staffing.search import Search
from workbench.studies.staffing.shifts import read_templates, variants_of
from workbench.studies.staffing.show import staffing
from workbench.studies.staffing.slopes import slopes
from workbench.studies.staffing.staff import Request, read_limits, staff
from workbench.studies.staffing.units import units_of
from workbench.studies.staffing.validated import carried

QUICK = Request(few=20, many=40, check=60, workers=1)


def queue(
    per_hour: float | list[float], handle_s: float = 240, patience_s: float = 120, **more: Any
) -> dict[str, Any]:
    return {
        "arrivals": {"per_hour": per_hour}, "handle": {"talk": {"mean_s": handle_s}},
        "patience": {"mean_s": patience_s}, **more,
    }  # fmt: skip


def floor(
    queues: dict[str, Any], groups: dict[str, Any], hours: float = 2, interval: int = 3600, **more: Any
) -> Scenario:
    time = {"start": "2024-06-03T08:00:00", "hours": hours, "interval_s": interval, **more.pop("time", {})}
    money = more.pop("money", {"currency": "EUR", "pay_per_hour": 20})
    return Scenario.parse({"time": time, "queues": queues, "groups": groups, "money": money, **more})


def problem(scenario: Scenario, per: str = "interval") -> Pool:
    return pool_of_slots(goals_of(scenario, per), units_of(scenario))


def cheaper(pool: Pool, n: int, ranges: list[range], cost: float) -> list[list[int]]:
    """Every plan below a cost that meets every goal; one that has nowhere more people than a plan that does not
    meet them is not looked at."""
    own = Floor(pool, 1, 1)
    below = [x for x in (np.array(p) for p in product(*ranges)) if pool.price(x) < cost - 1e-9]
    found, short = [], np.zeros((0, len(ranges)))
    for x in sorted(below, key=lambda x: -pool.price(x)):
        if (x <= short).all(axis=1).any():
            continue
        if (np.nan_to_num(own.serve(x, n).service(pool.goals)[0], nan=1.0) >= pool.goals.target).all():
            found.append(x.tolist())
        else:
            short = np.vstack([short, x])
    return found


def searched(pool: Pool, n: int, start: np.ndarray) -> float:
    search = Search(Floor(pool, 1, 1), Limits(), n, n, pool.goals.target.copy(), lambda _: None)
    search.climb(start)
    found = trim(search, exchange(search, trim(search, mend(search, search.best()))))
    assert found.missing <= 1e-9
    return found.cost


# Witnesses ------------------------------------------------------------------------------------------


def test_one_group_is_as_cheap_as_the_cheapest_of_all_plans() -> None:
    """Two intervals, every pair of numbers simulated: the search finds none dearer."""
    pool = problem(floor({"a": queue([40, 70])}, {"team": {"agents": 1, "skills": ["a"]}}))

    assert not cheaper(pool, 30, [range(1, 10)] * 2, searched(pool, 30, np.array([6, 9])))


def test_two_groups_of_which_one_does_both_are_as_cheap_as_the_cheapest_of_all_plans() -> None:
    """A cheap group for one queue, a dear one for both: every plan is enumerated."""
    scenario = floor(
        {"a": queue(60), "b": queue(30)},
        {
            "one": {"agents": 1, "skills": ["a"]},
            "both": {"agents": 1, "skills": {"b": 1, "a": 2}, "pay_per_hour": 26},
        },
    )
    pool = problem(scenario, "day")

    assert not cheaper(pool, 12, [range(1, 9)] * 4, searched(pool, 12, np.array([5, 5, 4, 4])))


def test_a_steady_queue_needs_what_erlang_a_says() -> None:
    """M/M/n+M: where Erlang A is clear about the number, simulation finds the same."""
    scenario = floor(
        {"a": queue(120, 240)}, {"t": {"agents": 1, "skills": ["a"]}}, hours=4, time={"warm_up_s": 3600}
    )
    needed = int(agents_required(120, 240, patience_s=120, threshold_s=20, service_level=0.8))
    levels = [float(erlang_a(120, 240, n, 120, 20).service_level_all_offered) for n in (needed - 1, needed)]
    assert levels[0] < 0.75 < 0.82 < levels[1]

    found = staff(scenario, Request(few=40, many=120, check=300, workers=1)).requirement

    assert found is not None
    assert [needed] * 3 == found.x[1:].tolist()
    assert found.bounds.work <= found.cost
    assert found.bounds.cuts is not None
    assert found.bounds.cuts <= found.cost


def test_the_erlang_start_gives_the_numbers_of_pyworkforce() -> None:
    """ORACLES, pyworkforce tests: 100 contacts in half an hour of 3 minutes: 14 agents, 20 with shrinkage."""
    shrink = {"meetings": {"share": 0.3}}
    scenario = floor(
        {"a": {"arrivals": {"per_hour": 200}, "handle": {"talk": {"mean_s": 180}},
               "service_level": {"threshold_s": 19.8, "target": 0.8}}},
        {"t": {"people": {"all": {"shift": "day"}}, "skills": ["a"], "shrinkage": shrink}},
        hours=1, interval=1800, shifts={"day": {"start": "08:00", "end": "09:00"}},
    )  # fmt: skip
    goals = goals_of(scenario)

    needed = required(goals, np.full((2, 1), 100.0))
    assert needed.tolist() == [[14], [14]]
    units = units_of(scenario)
    pool = pool_of_shifts(goals, units, variants_of(scenario, units))
    none = np.zeros(1, dtype=np.int64)
    assert solve(pool, [], goals.target, Limits(), none, at_least=assigned(pool, needed)).x.tolist() == [20]


def test_seventeen_cross_trained_agents_are_refuted_and_the_right_number_found() -> None:
    """ORACLES, a flawed optimum: two skills of 13.33 erlangs. 16.2 % in time, 36.7 % gone; 31 are needed."""
    scenario = floor(
        {"a": queue(200), "b": queue(200)}, {"both": {"agents": 17, "skills": ["a", "b"]}},
        hours=3, time={"warm_up_s": 3600},
    )  # fmt: skip
    pool = problem(scenario)
    flawed = Check(pool.goals, check(pool, np.array([17, 17, 17]), 120, 7, 1), 0.999)
    assert flawed.counts() == {"met": 0, "open": 0, "missed": 4}
    counted = flawed.checked.counted
    level = counted.met[:, 1:].sum() / counted.of[:, 1:].sum()
    assert level == pytest.approx(0.162, abs=0.006)
    rates = flawed.overall
    assert rates["abandon_low"] < 0.367 + 0.002
    assert rates["abandon_high"] > 0.367 - 0.002

    found = staff(scenario, QUICK).requirement

    assert found is not None
    pooled = int(agents_required(400, 240, patience_s=120, threshold_s=20, service_level=0.8))
    assert found.x[1:].tolist() == pytest.approx([pooled] * 2, abs=1)
    assert not len(found.check.short)


# What is simulated ----------------------------------------------------------------------------------


def shop() -> Scenario:
    """Two queues, three groups with shifts, breaks in waves, absence and lateness."""
    shifts = {
        "early": {"start": "08:00", "end": "12:00",
                  "activities": {"break": {"start": "09:00", "minutes": 15, "waves": 2, "wave_minutes": 30}}},
        "late": {"start": "10:00", "end": "14:00"},
    }  # fmt: skip
    both = {"e": {"count": 3, "shift": "early"}, "l": {"count": 3, "shift": "late"}}
    away = {"shrinkage": {"sick": {"share": 0.1}}, "adherence": {"late": 0.2}}
    return floor(
        {"a": queue(60), "b": queue([30, 30, 40, 50, 40, 30], service_level={"threshold_s": 40, "target": 0.7})},
        {"a": {"people": both, "skills": ["a"], **away}, "b": {"people": both, "skills": {"b": 1, "a": 2}, **away}},
        hours=6, shifts=shifts,
    )  # fmt: skip


def test_a_plan_is_simulated_as_if_it_had_been_written_down() -> None:
    """Restaffed floors give the contacts of the scenario that is exported, counts and shifts alike."""
    scenario = shop()
    goals, units = goals_of(scenario), units_of(scenario)
    for pool in (pool_of_slots(goals, units), pool_of_shifts(goals, units, variants_of(scenario, units))):
        x = (np.arange(len(pool.unit)) % 4 + 1).astype(np.int64)
        written = pool.written(x)
        counted = Floor(pool, 5, 1).serve(x, 3)
        for r in range(3):
            met, of, _ = goals.count(run(written, 5, r, record="intervals").counts.queue)
            assert (counted.met[r] == met).all()
            assert (counted.of[r] == of).all()


def test_restaffed_gives_the_agents_that_drawing_anew_gives() -> None:
    scenario = shop()
    group = scenario.groups["a"]
    fewer = group.model_copy(
        update={"people": {**group.people, "e": group.people["e"].model_copy(update={"count": 1})}}
    )
    other = restaffed(scenario, {"a": fewer})
    anew = Scenario.parse(other.to_data())

    mine = with_staff_of(draw(scenario, 3, 2), other).agents
    theirs = draw(anew, 3, 2).agents

    assert mine.names == theirs.names
    assert (mine.at_us == theirs.at_us).all()
    assert (mine.who == theirs.who).all()


def test_slopes_of_agents_added_together_are_those_of_agents_added_one_by_one() -> None:
    """Far enough apart, each agent's share can be told."""
    rates = [60.0] * 8
    scenario = floor({"a": queue(rates)}, {"t": {"agents": 1, "skills": ["a"]}}, hours=8)
    pool = problem(scenario)
    own = Floor(pool, 2, 1)
    x = np.full(8, 5)
    base = own.serve(x, 40)
    together = slopes(own, x, base, np.ones((1, 8), dtype=bool))[:, 0, :]
    for t in (0, 3, 6):
        alone = own.serve(x, 40, [(0, t, 1)]).service(pool.goals)[0] - base.service(pool.goals)[0]

        assert together[t, t] == pytest.approx(alone[t], abs=0.02)
        assert together[t, t] > 0.02


def test_blocked_contacts_are_not_in_time() -> None:
    """A lack of lines does not look like good service."""
    scenario = floor(
        {"a": queue(120)},
        {"t": {"agents": 20, "skills": ["a"]}},
        trunks={"few": {"lines": 3, "queues": ["a"]}},
    )
    pool = problem(scenario)
    counted = Floor(pool, 1, 1).serve(np.array([20, 20]), 20)

    assert counted.blocked.sum() > 0
    assert (counted.service(pool.goals)[0] < 0.6).all()


def test_mirrored_replications_are_surer_than_as_many_others() -> None:
    """The same number of days; a pair counts as one, and its interval is narrower all the same."""
    pool = problem(floor({"a": queue([60.0] * 4)}, {"t": {"agents": 1, "skills": ["a"]}}, hours=4))
    plain, mirrored = (Floor(pool, 1, 1, mirrored=m).serve(np.full(4, 6), 200) for m in (False, True))
    (level, half), (own_level, own_half) = (counted.service(pool.goals) for counted in (plain, mirrored))

    assert mirrored.n == plain.n == 200
    assert len(mirrored.independent(mirrored.met)) == 100
    assert (own_half < half).all()
    assert own_half.mean() < 0.85 * half.mean()
    assert (np.abs(own_level - level) < half + own_half).all()


def test_teams_of_the_same_skills_are_looked_at_once() -> None:
    """One agent of either does the same; the other team's slope costs no simulation."""
    team = {"agents": 1, "skills": ["a"]}
    scenario = floor({"a": queue([60.0] * 4)}, {"t": team, "u": {**team, "pay_per_hour": 30}}, hours=4)
    pool = problem(scenario)
    own = Floor(pool, 2, 1)
    x = np.full(8, 3)
    base = own.serve(x, 20)
    before = own.simulated
    found = slopes(own, x, base, np.ones((2, 4), dtype=bool))

    assert pool.kinds == [[0, 1]]
    assert own.simulated - before == 2 * 20
    assert (found[:, 0] == found[:, 1]).all()
    assert found[0, 0, 0] > 0.02


def test_a_rounded_relaxation_keeps_every_row_and_costs_little_more() -> None:
    """Beside branch and bound: people for random needs, early and late, with breaks."""
    scenario = shop()
    goals, units = goals_of(scenario), units_of(scenario)
    pool = pool_of_shifts(goals, units, variants_of(scenario, units))
    none = np.zeros(len(pool.unit), dtype=np.int64)
    for seed in range(5):
        want = np.random.default_rng(seed).integers(2, 12, (2, goals.n_slots)).astype(float)
        want = np.minimum(want, 12 * pool.coverable)
        quick, best = (
            solve(pool, [], goals.target, Limits(), none, at_least=want, exact=exact)
            for exact in (False, True)
        )
        for found in (quick, best):
            assert (pool.on_duty(found.x) >= want - 1e-6).all()
            assert pool.price(found.x) >= best.bound - 1e-6
        assert pool.price(best.x) <= pool.price(quick.x) <= 1.1 * pool.price(best.x)


def test_branching_on_the_likely_columns_keeps_every_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside branching on all: the same bound holds, and hardly a better plan is missed."""
    scenario = shop()
    goals, units = goals_of(scenario), units_of(scenario)
    pool = pool_of_shifts(goals, units, variants_of(scenario, units))
    none = np.zeros(len(pool.unit), dtype=np.int64)
    want = np.random.default_rng(7).integers(2, 12, (2, goals.n_slots)).astype(float)
    want = np.minimum(want, 12 * pool.coverable)
    best = solve(pool, [], goals.target, Limits(), none, at_least=want)
    monkeypatch.setattr(master, "BRANCHED", len(pool.unit) // 2)
    few = solve(pool, [], goals.target, Limits(), none, at_least=want)

    assert (pool.on_duty(few.x) >= want - 1e-6).all()
    assert few.bound <= pool.price(best.x) <= pool.price(few.x) <= 1.02 * pool.price(best.x)


def test_looked_at_again_are_only_those_who_are_there_while_a_goal_is_short() -> None:
    """One hour short: its own agents are simulated anew, and what was known of other hours stays."""
    pool = problem(floor({"a": queue([60.0] * 8)}, {"t": {"agents": 1, "skills": ["a"]}}, hours=8))
    search = Search(Floor(pool, 2, 1), Limits(), 20, 20, pool.goals.target.copy(), lambda _: None)
    search.add_cuts(search.look(np.full(8, 5)), fresh=True)
    known, x = search.known_slopes[-1][1], np.full(8, 8)
    x[3] = 3
    seen = search.look(x)
    before = search.floor.simulated
    search.look_again(seen)

    assert (seen.service < search.aim).tolist() == [t == 3 for t in range(8)]
    assert search.floor.simulated - before == 20
    assert seen.slope is not None
    others = [t for t in range(8) if t != 3]
    assert (seen.slope[:, :, others] == known[:, :, others]).all()
    assert seen.slope[3, 0, 3] != known[3, 0, 3]


def test_a_cut_over_half_hours_says_the_same_over_quarters() -> None:
    """An agent in both quarters is an agent in the half-hour."""
    scenario = floor({"a": queue([60.0] * 8)}, {"t": {"agents": 1, "skills": ["a"]}}, hours=2, interval=900)
    wide, fine = (pool_of_slots(goals_of(scenario, slot_s=s), units_of(scenario)) for s in (1800, 900))
    search = Search(Floor(wide, 1, 1), Limits(), 10, 10, wide.goals.target.copy(), lambda _: None)
    search.add_cuts(search.look(np.full(4, 4)), fresh=True)
    cuts, known = carried(search, fine)
    duty = np.array([[3.0, 5.0, 4.0, 6.0]])

    assert len(cuts) == len(search.cuts) > 0
    for old, new in zip(search.cuts, cuts, strict=True):
        assert str(wide.goals.goals[old.goal]) == str(fine.goals.goals[new.goal])
        assert (new.slope * (np.repeat(duty, 2, axis=1) - new.at)).sum() == pytest.approx(
            (old.slope * (duty - old.at)).sum()
        )
    assert known[0][1].sum() == pytest.approx(search.known_slopes[0][1].sum())


# Shifts ---------------------------------------------------------------------------------------------


def test_a_plan_of_shifts_meets_what_a_day_asks_and_names_its_breaks(tmp_path: Path) -> None:
    """People on shifts; files hold every person's day without a hole."""
    from workbench.studies.staffing.export import activities, write

    found = staff(shop(), Request(per="day", few=15, many=30, check=60, workers=1))

    plan = found.plan
    assert plan is not None
    assert not len(plan.check.short)
    assert plan.bounds.work < plan.cost
    rows = activities(plan)
    assert sum(plan.people.values()) == rows.agent.nunique()
    for _, own in rows.groupby("agent"):
        assert own.end.tolist()[:-1] == own.start.tolist()[1:]
    early = rows[rows.shift_name == "early"]
    assert set(early.activity) == {"work", "break"} or early.empty
    files = write(found, tmp_path / "out")
    assert {"shifts.csv", "requirements.csv", "staffing.xlsx", "staffing.json", "scenario.yaml"} <= {
        f.name for f in files
    }
    again = Scenario.from_yaml(tmp_path / "out" / "scenario.yaml")
    assert sum(b.count for g in again.groups.values() for b in g.people.values()) == sum(plan.people.values())


def test_every_wave_of_a_break_can_be_planned() -> None:
    scenario = shop()
    names = {v.name for v in variants_of(scenario, units_of(scenario))["a"]}

    assert names == {"early, break 09:00", "early, break 09:30", "late"}


# Where it cannot be met -----------------------------------------------------------------------------


def test_a_limit_on_people_gives_the_best_part_and_what_lifting_it_costs() -> None:
    scenario = floor({"a": queue([20, 90])}, {"team": {"agents": 1, "skills": ["a"]}})
    limited = Request(few=20, many=40, check=60, workers=1, limits=read_limits(["team=5"]))

    found, free = staff(scenario, limited), staff(scenario, QUICK)

    assert found.requirement is not None
    assert free.requirement is not None
    assert found.requirement.x.max() == 5
    assert found.requirement.check.short.start.dt.hour.tolist() == [9]
    assert ["people"] == [r.kind for r in found.remedies]
    assert found.remedies[0].met == 1.0
    assert found.remedies[0].extra_cost == pytest.approx(
        free.requirement.cost - found.requirement.cost, abs=21
    )
    assert not free.remedies


def test_hours_that_no_shift_covers_are_named_with_a_shift_that_would() -> None:
    scenario = floor(
        {"a": queue([30, 30, 30, 30])}, {"team": {"people": {"d": {"count": 2, "shift": "day"}}, "skills": ["a"]}},
        hours=4, shifts={"day": {"start": "09:00", "end": "12:00"}},
    )  # fmt: skip
    found = staff(scenario, Request(few=15, many=30, check=60, stages="shifts", workers=1))

    assert [8] == sorted(set(found.proposal.check.short.start.dt.hour))
    assert [(o.goal.start.hour, round(o.at_most, 4)) for o in found.out_of_reach] == [
        (8, round(20 / 3600, 4))
    ]
    assert any("a: 1 target out of reach of any number of people" in note for note in found.notes)
    hours = [r for r in found.remedies if r.kind == "hours"]
    assert len(hours) == 1
    assert "08:00" in hours[0].words
    assert hours[0].extra_cost is not None
    assert hours[0].extra_cost > 0
    assert hours[0].met == 1.0


def test_mail_that_is_due_before_anybody_is_on_shift_is_out_of_reach() -> None:
    """By hand: due in four hours, office 10:00 to 14:00, so whoever writes from 14:00 to 06:00 is late: on the first
    day 16 hours of 24 and the ten who waited at the start, on the second 12, since the last four are not due before the
    end."""
    mail = {"arrivals": {"per_hour": 10, "backlog": 10}, "handle": {"talk": {"mean_s": 240}}, "channel": "email",
            "service_level": {"threshold_s": 14400, "target": 0.6}}  # fmt: skip
    scenario = floor(
        {"a": mail}, {"team": {"people": {"d": {"count": 2, "shift": "day"}}, "skills": ["a"]}},
        hours=None, time={"start": "2024-06-03T00:00:00", "days": 2},
        shifts={"day": {"start": "10:00", "end": "14:00"}},
    )  # fmt: skip
    goals, units = goals_of(scenario), units_of(scenario)
    pool = pool_of_shifts(goals, units, variants_of(scenario, units))
    offered = np.full((48, 1), 10.0)
    offered[0] += 10
    found = out_of_reach(pool, offered)

    assert [80 / 250, 120 / 240] == pytest.approx([o.at_most for o in found])
    assert [3, 4] == [o.goal.start.day for o in found]
    assert not out_of_reach(pool_of_slots(goals, units), offered)


def test_busy_lines_are_named_with_how_many_would_do() -> None:
    scenario = floor(
        {"a": queue(90)}, {"team": {"agents": 1, "skills": ["a"]}},
        hours=1, trunks={"few": {"lines": 4, "queues": ["a"]}},
    )  # fmt: skip
    found = staff(scenario, QUICK)

    lines = [r for r in found.remedies if r.kind == "lines"]
    assert len(lines) == 1
    assert lines[0].changes[0].path == "trunks.few.lines"
    assert lines[0].changes[0].value > 8
    assert lines[0].met == 1.0


def test_without_pay_the_fewest_hours_are_found() -> None:
    """Nothing costs anything, and yet the plan is that of people who are all paid alike, in hours."""
    queues, groups = {"a": queue([60.0, 90.0])}, {"t": {"agents": 1, "skills": ["a"]}}
    paid, free = (
        staff(floor(queues, groups, **more), QUICK) for more in ({}, {"money": {"currency": "EUR"}})
    )

    assert paid.requirement is not None
    assert free.requirement is not None
    assert free.requirement.x.tolist() == paid.requirement.x.tolist()
    assert ("EUR", "h") == (paid.currency, free.currency)
    assert 20 * free.requirement.cost == pytest.approx(paid.requirement.cost)
    assert 0 < 20 * free.requirement.bounds.work == pytest.approx(paid.requirement.bounds.work)
    assert any("names no pay" in note for note in free.notes)


def test_what_cures_nothing_is_no_remedy() -> None:
    """One agent and two lines: neither more people alone nor more lines alone meet any target."""
    scenario = floor(
        {"a": queue(60)}, {"team": {"agents": 1, "skills": ["a"]}},
        hours=1, trunks={"few": {"lines": 2, "queues": ["a"]}},
    )  # fmt: skip
    found = staff(scenario, Request(few=20, many=20, check=40, workers=1, limits=read_limits(["total=1"])))

    assert len(found.proposal.check.short) == 1
    assert () == found.remedies
    assert any("No remedy was found" in part for part in staffing(found) if isinstance(part, str))


def test_a_limit_far_below_what_is_needed_is_lifted_to_what_is_needed() -> None:
    """From one agent to more than ten; what it meets is told from the random numbers of the check."""
    scenario = floor({"a": queue([200, 90])}, {"team": {"agents": 1, "skills": ["a"]}})
    found = staff(scenario, Request(few=20, many=40, check=60, workers=1, limits=read_limits(["total=1"])))

    assert ["people"] == [r.kind for r in found.remedies]
    assert found.remedies[0].met == 1.0
    assert found.remedies[0].people["team"] > 10


def test_where_no_shifts_are_named_the_notes_say_why_there_is_no_plan() -> None:
    """In the terminal and in the data; not where only the requirement was asked for, or where there is a plan."""
    team = {"team": {"agents": 1, "skills": ["a"]}}
    base = floor({"a": queue(40)}, team, hours=1)
    found, only, planned = (
        staff(scenario, Request(few=15, many=15, check=20, stages=stages, workers=1))
        for scenario, stages in (
            (base, "both"), (base, "requirement"),
            (floor({"a": queue(40)}, team, hours=1, shifts={"day": {"start": "08:00", "end": "09:00"}}), "both"),
        )
    )  # fmt: skip
    said = f"There is no plan of shifts, because {base.name} names none"

    assert found.plan is None
    assert any(said in note and "--shifts FILE" in note for note in found.to_data()["notes"])
    assert any(said in part for part in staffing(found) if isinstance(part, str))
    assert not any("no plan of shifts" in note for note in (*only.notes, *planned.notes))
    assert planned.plan is not None


# Bad input ------------------------------------------------------------------------------------------


def test_what_cannot_be_planned_is_refused_with_what_to_do(tmp_path: Path) -> None:
    base = floor({"a": queue(40)}, {"team": {"agents": 1, "skills": ["a"]}})
    with pytest.raises(CallError, match="there are no shifts"):
        staff(base, Request(stages="shifts"))
    with pytest.raises(UnknownName, match='Did you mean "team"'):
        staff(base, Request(limits=read_limits(["teem=4"])))
    with pytest.raises(CallError, match="Write GROUP=PEOPLE"):
        read_limits(["team:4"])
    with pytest.raises(UnknownName, match='Did you mean "hour"'):
        staff(base, Request(per="hours"))
    with pytest.raises(CallError, match="nobody is needed"):
        staff(floor({"a": queue(0)}, {"team": {"agents": 1, "skills": ["a"]}}))
    with pytest.raises(CallError, match=r'no file of shifts called "junk"\. Write one as YAML'):
        read_templates(Path("junk"))
    file = tmp_path / "shifts.yaml"
    file.write_text("early\n")
    with pytest.raises(ScenarioError, match="this is no file of shifts"):
        read_templates(file)
    file.write_text(
        'format: 1\nshifts:\n  x: {start: "09:00", end: "08:00"}\n  y: {start: "09:00", ende: "17:00"}\n'
    )
    with pytest.raises(ScenarioError, match=r"shifts.y.ende: there is no such field"):
        read_templates(file)
    file.write_text('format: 1\nshifts:\n  x: {start: "09:00", end: "17:00", groups: [teem]}\n')
    with pytest.raises(UnknownName, match='Did you mean "team"'):
        staff(base, QUICK, read_templates(file))


def test_the_command_prints_a_plan_and_writes_its_files(tmp_path: Path) -> None:
    import json

    from typer.testing import CliRunner

    from workbench.cli import app

    file = tmp_path / "s.yaml"
    floor({"a": queue([40, 60])}, {"team": {"agents": 1, "skills": ["a"]}}).to_yaml(file)
    args = ["staff", str(file), "--replications", "30", "--check", "60", "--workers", "1"]
    shown = CliRunner().invoke(app, [*args, "--out", str(tmp_path / "out")])
    data = json.loads(CliRunner().invoke(app, [*args, "--json"]).stdout)

    assert shown.exit_code == 0, shown.output
    assert "Erlang A rounded up" in shown.output
    assert "staffing.xlsx" in shown.output.replace("\n", "")  # a long path runs on in the next line
    assert data["requirement"]["check"]["replications"] == 60
    assert data["requirement"]["check"]["seed"] != data["seed"]
    assert data["requirement"]["erlang_a"]["check"]["goals"]
    assert data["versions"]["ortools"]
    assert json.loads((tmp_path / "out" / "staffing.json").read_text()) == data
