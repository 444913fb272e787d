"""Are a run's figures those of the metrics, whatever was recorded?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from workbench.errors import ScenarioError, UnknownName
from workbench.metrics.abandonment import abandon_rate
from workbench.metrics.service_level import FORMULAS, service_level
from workbench.metrics.wait import mean_wait
from workbench.resources import folder
from workbench.sim.measures import figures, tally, windows
from workbench.sim.run import run
from workbench.sim.scenario import Scenario
from workbench.studies.replicate import Results, replicate


def shipped(name: str) -> Scenario:
    return Scenario.from_yaml(folder("templates") / "scenarios" / f"{name}.yaml")


def value(results: Results, measure: str, scope: str = "overall", thing: int = 0) -> float | None:
    return results.estimates(measure, scope)[thing].mean


def story(**fields: Any) -> Scenario:
    """Three calls of a minute for one agent: at once, after 30 s, and one that leaves after 20 s."""
    return Scenario.parse(
        {
            "time": {"hours": 1, "interval_s": 1800, **fields.pop("time", {})},
            "queues": {
                "calls": {
                    "arrivals": {"times_s": [0, 30, 40]},
                    "handle": {"talk": {"family": "constant", "mean_s": 60}},
                    "patience": {"family": "constant", "mean_s": 45},
                    "revenue_per_contact": 5,
                }
            },
            "groups": {"one": {"agents": 1, "skills": ["calls"]}},
            "money": {"pay_per_hour": 20, "cost_per_contact": 0.5, "revenue_per_hour": 30},
            **fields,
        }
    )


def test_figures_of_a_small_story() -> None:
    """Answered at 0 s and after 30 s, one abandons after 45 s: two minutes of work in an hour."""
    results = replicate(story(), 1)

    assert [value(results, m) for m in ("offered", "answered", "abandoned", "blocked")] == [3, 2, 1, 0]
    assert value(results, "service_level") == pytest.approx(1 / 3)
    assert value(results, "mean_wait_answered_s") == pytest.approx(15)
    assert value(results, "mean_wait_s") == pytest.approx((30 + 45) / 3)
    assert value(results, "mean_queue_length") == pytest.approx((30 + 45) / 3600)
    assert value(results, "occupancy") == pytest.approx(120 / 3600)
    assert value(results, "paid_hours") == pytest.approx(1)
    assert value(results, "cost") == pytest.approx(20 + 2 * 0.5)
    assert value(results, "revenue") == pytest.approx(30 + 2 * 5)


def test_intervals_add_up_to_the_whole() -> None:
    """Sums by interval, by queue and by group are those of the whole."""
    results = replicate(shipped("medium"), 2)
    for measure in ("offered", "answered", "abandoned", "escalated", "repeats"):
        for scope in ("queue", "interval"):
            parts = sum(e.mean or 0 for e in results.estimates(measure, scope))

            assert parts == pytest.approx(value(results, measure))
    for measure in ("paid_hours", "overtime_hours"):
        parts = sum(e.mean or 0 for e in results.estimates(measure, "group"))

        assert parts == pytest.approx(value(results, measure))


@pytest.mark.parametrize("variant", FORMULAS)
def test_service_level_is_the_metric_of_the_simulated_log(variant: str) -> None:
    """The same formula over the same contacts, once as a client's log and once as counters."""
    scenario = shipped("small")
    one = run(scenario, 3, record="contacts")
    level = service_level(one.contacts, variant=variant, threshold_s=20, short_abandon_s=5)
    results = Results(scenario, 3, "fast", (variant,), (tally(one),))

    assert results["service_level"].mean == pytest.approx(level.value)
    assert results["abandon_rate"].mean == pytest.approx(abandon_rate(one.contacts).value)
    assert results["mean_wait_answered_s"].mean == pytest.approx(mean_wait(one.contacts).value)
    assert results["mean_wait_s"].mean == pytest.approx(mean_wait(one.contacts, of="offered").value)


def test_engines_give_the_same_figures() -> None:
    """Counters of the simpy engine are made from its rows, those of the fast one as it goes."""
    scenario = shipped("small")

    assert (
        replicate(scenario, 2).to_data()["measures"]
        == (replicate(scenario, 2, engine="simpy").to_data()["measures"])
    )


def test_warm_up_is_simulated_and_not_counted() -> None:
    """With half an hour of warm-up nothing of the story is left but the agent's half-hour."""
    results = replicate(story(time={"warm_up_s": 1800}), 1)

    assert value(results, "offered") == 0
    assert value(results, "paid_hours") == pytest.approx(0.5)
    assert results["service_level"].mean is None
    assert results["service_level"].reason == "no contact to count"


def test_what_has_no_meaning_in_a_scope_is_unknown_with_a_reason() -> None:
    """A queue has no occupancy, a group no abandoned contacts; neither is zero."""
    results = replicate(story(), 2)

    assert value(results, "occupancy", "queue") is None
    assert "counted by group" in results.estimates("occupancy", "queue")[0].reason
    assert value(results, "abandoned", "group") is None


def test_overtime_is_what_is_worked_past_the_schedule() -> None:
    """A call of an hour taken at 29 minutes keeps the agent half an hour past the shift's end."""
    scenario = Scenario.parse(
        {
            "time": {"hours": 2, "interval_s": 1800},
            "queues": {
                "calls": {
                    "arrivals": {"times_s": [1740]},
                    "handle": {"talk": {"family": "constant", "mean_s": 3600}},
                }
            },
            "groups": {"one": {"agents": [1, 0, 0, 0], "skills": ["calls"]}},
            "money": {"pay_per_hour": 20, "overtime_factor": 1.5},
        }
    )
    results = replicate(scenario, 1)

    assert value(results, "overtime_hours") == pytest.approx(3540 / 3600)
    assert value(results, "paid_hours") == pytest.approx(0.5 + 3540 / 3600)
    assert value(results, "cost") == pytest.approx(20 * (0.5 + 1.5 * 3540 / 3600))


def test_credits_are_settled_window_by_window() -> None:
    """The only half-hour with calls reaches 1/3 of 80 %: it loses half of 100, the other nothing."""
    terms = {
        "window": "interval",
        "at_risk": 100,
        "levels": {"calls": {"target": 0.8, "bands": [{"worse_than": 0.7, "share": 0.5}]}},
    }
    results = replicate(story(money={"terms": terms}), 1)

    assert value(results, "penalty") == 50


def test_what_no_rate_is_named_for_is_not_known() -> None:
    """Without pay, revenue and terms there is no cost of 0: nobody knows, overall and by interval."""
    data = story(money={}).to_data()
    del data["queues"]["calls"]["revenue_per_contact"]
    results = replicate(Scenario.parse(data), 2)

    for name, needed in (
        ("cost", "money.pay_per_hour"),
        ("revenue", "money.revenue_per_hour"),
        ("penalty", "money.terms"),
    ):
        assert results[name].mean is None
        assert needed in results[name].reason
    assert all(e.mean is None for e in results.estimates("cost", "interval"))
    assert value(replicate(story(money={"cost_per_contact": 2}), 1), "cost") == 2 * value(results, "answered")


def test_a_cap_and_a_formula_change_the_credit() -> None:
    """By V1, one of two answered in time is 50 %; the cap cuts 50 to 30."""
    level = {"target": 0.8, "formula": "V1", "queue": "calls", "all_lost_at": 0.5}
    terms = {"window": "day", "at_risk": 50, "cap_per_window": 30, "levels": {"calls": level}}

    assert value(replicate(story(money={"terms": terms}), 1), "penalty") == 30


def test_weeks_of_the_terms_begin_on_monday() -> None:
    """Ten days from a Thursday on: four in its week, six in the next."""
    scenario = story(
        time={"hours": None, "days": 10, "start": "2024-06-06", "interval_s": 86_400},
        money={"terms": {"window": "week", "at_risk": 1, "levels": {"a": {"target": 0.8, "all_lost_at": 0}}}},
    )

    assert np.bincount(windows(scenario)).tolist() == [4, 6]


def test_terms_that_name_an_unknown_queue_are_refused() -> None:
    """With the path and the nearest name."""
    level = {"target": 0.8, "queue": "cals", "all_lost_at": 0.5}

    with pytest.raises(ScenarioError, match=r"money\.terms\.levels\.a\.queue.*calls"):
        story(money={"terms": {"at_risk": 1, "levels": {"a": level}}})


def test_a_level_says_what_a_miss_costs() -> None:
    """Neither steps nor a line is no promise."""
    with pytest.raises(ScenarioError, match="bands"):
        story(money={"terms": {"at_risk": 1, "levels": {"a": {"target": 0.8}}}})


def test_an_unknown_formula_is_refused() -> None:
    """V6 does not exist."""
    with pytest.raises(UnknownName, match="V6"):
        figures(story(), ("V6",))
