"""Capacity: cohorts by hand, the cheapest hires against all plans, the surface against Erlang A, plans as files."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr
from typer.testing import CliRunner

from workbench.cli import app
from workbench.errors import CallError, ScenarioError, UnknownName
from workbench.queueing import erlang_a
from workbench.resources import scenario_file
from workbench.sim.scenario import Scenario
from workbench.studies.capacity.hiring import Judge, cheapest, cost_of_a_hire, replacing_leavers
from workbench.studies.capacity.plan import plan_capacity
from workbench.studies.capacity.plan_file import CapacityText, Inputs, complete, read_plan, read_probability
from workbench.studies.capacity.surface import Row, Surface, simulate_surface
from workbench.studies.capacity.workforce import Work, cohorts, drawn, drawn_work

SMALL = Scenario.from_yaml(scenario_file("small"))


def inputs(**said: object) -> Inputs:
    """A plan for ten people, of whom each is one of the scenario's; nothing scatters unless said."""
    usual = {
        "people": 10, "weeks": 6, "pay_per_hour": 10.0, "hours_per_week": 40, "attrition": [0.0], "ramp": [1.0],
        "volume": {"week_cv": 0, "level_cv": 0}, "handle_time": {"cv": 0}, "shrinkage_sd": 0,
        "hiring": {"lead_weeks": 1, "training_weeks": 1, "leave_in_training": 0, "every_weeks": 1, "most": 4},
    }  # fmt: skip
    return replace(complete(CapacityText.model_validate({**usual, **said}), SMALL), base_people=10.0)


def step(load: float, people: float) -> Row:
    """Served surely with so many people, and surely not with half a person fewer."""
    return Row(load, np.array([people - 0.5, people - 0.25, people]), np.array([-6.0, 0.0, 6.0]))


def judge(of: Inputs, load: list[float]) -> Judge:
    """One person for each tenth of the load, as a surface by hand."""
    surface = Surface(tuple(step(x / 10, float(x)) for x in range(1, 31)), (), 1, 1, 0)
    ones = np.ones((1, of.weeks))
    return Judge(of, surface, Work(np.array([load]), ones, ones), 1)


def test_people_leave_and_learn_as_said() -> None:
    """Ten tenured, a tenth leaves each week: 10, 9, 8.1; a hire of week 1 trains a week and is half as fast first."""
    of = inputs(attrition=[0.1], ramp=[0.5])
    each = cohorts(of)

    assert [10, 9, 8.1] == pytest.approx(each.today[:3].tolist())
    assert [1, 2, 3, 4, 5] == each.starts.tolist()
    assert [0, 0, 0.5, 0.9, 0.81, 0.729] == pytest.approx(each.hire[0].tolist())
    assert [0, 1, 0, 0, 0, 0] == each.trainee[0].tolist()


def test_drawn_people_scatter_around_their_mean() -> None:
    """4,000 draws: within four standard errors of the cohorts' means, and binomial in their spread."""
    of = inputs(attrition=[0.1], ramp=[0.5])
    supply, heads = drawn(of, {1: 4}, 4000, seed=3)
    mean = cohorts(of).today + 4 * cohorts(of).hire[0]

    assert supply.mean(axis=0) == pytest.approx(mean, abs=4 * supply.std() / 4000**0.5)
    assert heads[:, 1].var() == pytest.approx(10 * 0.9 * 0.1, rel=0.1)


def test_the_cheapest_hires_are_those_of_the_best_of_all_plans() -> None:
    """Work grows from 10 to 13 people; every plan of five classes of 0 to 2 is tried by hand."""
    of = inputs(hiring={"lead_weeks": 1, "training_weeks": 1, "leave_in_training": 0, "every_weeks": 1, "most": 2,
                        "cost_per_hire": 500}, ramp=[0.5], probability=0.9)  # fmt: skip
    court = judge(of, [1.0, 1.0, 1.0, 1.1, 1.2, 1.3])
    each = cohorts(of)
    costs = cost_of_a_hire(of, each)

    def cost(plan: tuple[int, ...]) -> float:
        return float(sum(n * c for n, c in zip(plan, costs, strict=True)))

    good = [
        plan
        for plan in product(range(3), repeat=len(each.starts))
        if (court.outlook(dict(zip(each.starts.tolist(), plan, strict=True))).met[2:] >= 0.9).all()
    ]
    found = cheapest(court, each)

    assert min(map(cost, good)) == pytest.approx(found.cost)
    assert found.bound is not None
    assert found.bound <= found.cost + 1e-6
    assert (found.outlook.met[2:] >= 0.9).all()


def test_what_no_class_can_reach_is_said_and_not_hired_for() -> None:
    """Short from the first week on; the first class is ready in the third."""
    of = inputs()
    found = cheapest(judge(of, [1.2] * 6), cohorts(of))

    assert [True, True, False, False, False, False] == found.beyond.tolist()
    assert {1: 2} == dict(found.outlook.hires)


def test_classes_too_small_for_the_need_give_the_best_partial_plan() -> None:
    """Six people short at once, four at most a class: the third week stays short, the fourth does not."""
    of = inputs()
    found = cheapest(judge(of, [1.6] * 6), cohorts(of))

    assert 4 == found.outlook.hires[1]
    assert found.outlook.met[2] < 0.8
    assert found.outlook.met[3] >= 0.8


def test_overtime_fills_what_it_may() -> None:
    """Ten people, work for eleven: ten per cent of overtime suffices, five does not."""
    for most, enough in ((0.10, True), (0.05, False)):
        of = inputs(overtime={"at_most": most})
        outlook = judge(of, [1.1] * 6).outlook({})

        assert enough == bool((outlook.met >= 0.8).all())
        assert outlook.overtime.max() <= most + 1e-12


def test_leavers_are_replaced_one_for_one() -> None:
    """A tenth leaves each week: the class of week 1 brings back those lost until it is trained."""
    of = inputs(attrition=[0.1])
    each = cohorts(of)
    hires = replacing_leavers(of, each)

    assert round(10 - 10 * 0.9**2) == hires[1]
    assert sum(hires.values()) >= 3


def test_work_grows_and_scatters_as_said() -> None:
    """Ten per cent a year, season doubled in July; scatter of 5 % a week around it."""
    season = [2.0 if month == 7 else 1.0 for month in range(1, 13)]
    of = inputs(weeks=53, start="2024-06-03", volume={"growth_per_year": 0.1, "season": season, "week_cv": 0.05,
                                                      "level_cv": 0.0})  # fmt: skip
    work = drawn_work(of, 2000, seed=1)

    assert work.volume[:, 0].std() == pytest.approx(0.05, rel=0.1)
    assert work.volume[:, 52].mean() == pytest.approx(1.1 ** (52 / 52.18), rel=0.01)
    assert work.volume[:, 5].mean() == pytest.approx(2 * 1.1 ** (5 / 52.18), rel=0.01)


ERLANG = """
format: 1
name: erlang
time: {start: 2024-06-03T00:00:00, hours: 120, interval_s: 3600}
queues:
  calls:
    arrivals: {per_hour: 60}
    handle: {talk: {mean_s: 300}}
    patience: {mean_s: 300}
    service_level: {threshold_s: 20, target: 0.8}
groups: {team: {agents: 6, skills: [calls]}}
"""


def test_the_surface_finds_the_people_that_erlang_a_asks_for() -> None:
    """One line, exponential: the crossing lies between the agents that miss and those that meet 80 % in 20 s."""
    surface = simulate_surface(Scenario.from_yaml(ERLANG), np.array([1.0, 1.5]), 1.0, n=8, seed=1)

    for load in (1.0, 1.5):
        levels = {
            n: float(erlang_a(60.0 * load, 300.0, n, 300.0, 20.0).service_level_all_offered)
            for n in range(3, 16)
        }
        least = min(n for n, level in levels.items() if level >= 0.8)
        needed = float(surface.needed(np.array([load]), 0.0)[0])
        assert least - 1.2 <= needed <= least + 0.2, (load, needed, levels)


def test_probability_follows_the_distance() -> None:
    """Between two volumes and two staffings the distance is straight, and its normal probability is the week's."""
    surface = Surface((Row(1.0, np.array([10.0, 12.0]), np.array([-1.0, 1.0])),
                       Row(2.0, np.array([10.0, 12.0]), np.array([-3.0, -1.0]))), (), 1, 1, 0)  # fmt: skip

    assert surface.met(np.array([11.0]), np.array([1.5])) == pytest.approx(ndtr(-1.0))


def test_every_mistake_of_a_plan_is_told_at_once(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A wrong word, a wrong number, a season of eleven months."""
    path = tmp_path / "plan.yaml"
    path.write_text("format: 1\nscenario: small\nwekks: 8\nprobability: 2\nvolume: {season: [1,1,1]}\n")

    with pytest.raises(ScenarioError) as caught:
        read_plan(path)

    assert "wekks" in str(caught.value)
    assert "weeks" in str(caught.value)
    assert "probability" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("80", "80 % is 0.8, or 80%"),
        ("1.2", "0.8, or 80%"),
        ("0", "0.8, or 80%"),
        ("four in five", "0.8, or 80%"),
    ],
)
def test_a_probability_is_a_share(text: str, said: str, tmp_path: Path) -> None:
    """On the command line also in percent; a file that says 80 is told what is meant."""
    with pytest.raises(CallError, match=said):
        read_probability(text)

    assert read_probability("80%") == pytest.approx(0.8) == pytest.approx(read_probability(" 0.8 "))
    path = tmp_path / "plan.yaml"
    path.write_text("scenario: small\nprobability: 80\n")
    with pytest.raises(ScenarioError, match=r"Write a number below 1.0; 80 % is 0.8\."):
        read_plan(path)


def test_a_plan_for_a_scenario_that_does_not_exist_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="small"):
        read_plan("smal")


def test_a_scenario_alone_is_planned_with_stated_assumptions() -> None:
    """The command's JSON: every week has a probability, everything assumed has its grade, and weeks were simulated."""
    words = [
        "plan",
        "small",
        "--weeks",
        "12",
        "--replications",
        "4",
        "--draws",
        "60",
        "--check-draws",
        "3",
        "--json",
    ]
    found = json.loads(CliRunner().invoke(app, words, catch_exceptions=False).stdout)

    assert 12 == len(found["by_week"])
    assert all(0 <= week["probability"] <= 1 for week in found["by_week"])
    assert {"A"} <= {one["grade"] for one in found["taken_from"]}
    assert 3 == len(found["checked"])
    assert found["lower_bound"] is None or found["lower_bound"] <= found["cost_of_hires"] + 1e-6
    assert found["simulated_contacts"] > 1000


def test_less_hiring_is_never_surer() -> None:
    """The proposed plan, leavers replaced, nobody hired: the least sure week in that order or better."""
    plan = plan_capacity(
        complete(CapacityText(weeks=16), SMALL), draws=60, replications=4, check_draws=2, check_weeks=1
    )

    assert (plan.cheapest.outlook.met >= plan.none.met - 1e-9).all()
    assert plan.costs["total"].notna().all()
    assert plan.costs.iloc[0]["total"] >= plan.costs.iloc[2]["total"]
