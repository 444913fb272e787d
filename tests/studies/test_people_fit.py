"""Do schedules, states and rosters give back the shifts, absences and learning that made them?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.studies import floors
from workbench.intake.dataset import Dataset
from workbench.intake.read import read_client
from workbench.resources import folder
from workbench.sim.run import run
from workbench.sim.scenario import Scenario
from workbench.studies.calibrate import Calibration, calibrate
from workbench.studies.fits.at_work import simulated_hours
from workbench.studies.fits.flows import fit_flows
from workbench.studies.fits.log import read_log
from workbench.studies.fits.money import fit_money
from workbench.studies.fits.people import peeled
from workbench.studies.fits.rosters import away_from_plan, planned
from workbench.studies.fits.variation import compare_models, fit_variation
from workbench.studies.replicate import replicate

DAYS = 70
TRUTH: dict[str, Any] = {
    "shrinkage": {"sickness": {"share": 0.06}, "coaching": {"share": 0.04, "whole_days": False}},
    "adherence": {"late": 0.3, "late_by": {"mean_s": 600}},
}


def made_from(truth: Scenario, seed: int = 3) -> Dataset:
    """Return what a client with schedules would hand over of a simulated floor."""
    one = run(truth, seed)
    days = pd.date_range(floors.START, periods=DAYS, freq="D", tz="Europe/Berlin")
    agents = sorted(set(one.agents["agent_id"]))
    parts = [(0, 4.5, "on_queue"), (4.5, 5.0, "break"), (5.0, 9.0, "on_queue")]
    rows = [
        (agent, code, day + pd.Timedelta(hours=7.5 + a), day + pd.Timedelta(hours=7.5 + b))
        for day in days
        for agent in agents
        for a, b, code in parts
    ]
    schedule = pd.DataFrame(rows, columns=["agent_id", "activity_code", "start", "end"])
    schedule = schedule.assign(
        start=schedule["start"].dt.tz_convert("UTC"), end=schedule["end"].dt.tz_convert("UTC")
    )
    states = one.agents[["agent_id", "state", "start", "end"]].assign(
        state=lambda t: t["state"].astype("str")
    )
    states = states[~states["state"].isin(["off", "sickness", "logged_out"])]
    tables = {"contacts": floors.contacts(truth, seed), "schedule": schedule, "agent_state": states}
    return floors.dataset(tables, DAYS)


@cache
def known() -> tuple[Dataset, Scenario]:
    truth = floors.scenario(days=DAYS, agents=8)
    group = {
        "people": {"all": {"count": 8, "shift": "day"}}, "skills": ["calls"], **TRUTH,
    }  # fmt: skip
    data = truth.to_data() | {
        "groups": {"desk": group},
        "shifts": {
            "day": {
                "start": "07:30",
                "end": "16:30",
                "activities": {"break": {"start": "12:00", "minutes": 30}},
            }
        },
    }
    truth = Scenario.parse(data, "truth")
    return made_from(truth), truth


@cache
def fitted() -> Calibration:
    return calibrate(known()[0], fit_factors=False)


def test_shifts_and_breaks_are_found_again() -> None:
    """Eight people from 7:30 to 16:30 on all days, half an hour of break at noon."""
    scenario = fitted().scenario

    (shift,) = scenario.shifts.values()
    assert ("07:30", "16:30") == (shift.start, shift.end)
    assert {"break"} == set(shift.activities)
    assert ("12:00", 30.0) == (shift.activities["break"].start, shift.activities["break"].minutes)
    assert 8 == sum(block.count for group in scenario.groups.values() for block in group.people.values())


def test_absence_lateness_and_coaching_are_found_again() -> None:
    """6 % sick of 560 shifts (± 2 points, two standard errors), 30 % late by ten minutes, 4 % coached."""
    data, _ = known()
    log = read_log(data)
    plan = planned(data, log)
    assert plan is not None
    away = away_from_plan(data, log, plan)

    assert "agent_state" == away.source
    assert 0.06 == pytest.approx(away.absent[0], abs=0.02)
    assert away.late is not None
    # within the first minute nobody is late, and coaching may begin a shift: some of 30 % less, some more
    assert 0.30 == pytest.approx(away.late[0], abs=0.06)
    assert 600 == pytest.approx(away.late_s.mean(), rel=0.25)
    assert 0.04 == pytest.approx(away.off_queue["coaching"], abs=0.008)


def test_the_fitted_people_stand_in_the_scenario() -> None:
    """Shrinkage and adherence are the group's, so that a what-if can move them, and the file survives."""
    (group,) = fitted().scenario.groups.values()

    assert group.agents is None
    assert group.shrinkage["absent"].share == pytest.approx(0.06, abs=0.02)
    assert group.adherence is not None
    assert group.adherence.late > 0.2
    assert set(fitted().tables["people"]["grade"]) <= {"M", "D", "A"}


def test_without_states_time_sheets_and_then_contacts_tell_who_was_absent() -> None:
    """The same absence from the shifts in which an agent took nothing, graded A."""
    data, _ = known()
    bare = replace(data, tables={k: v for k, v in data.tables.items() if k != "agent_state"})
    log = read_log(bare)
    plan = planned(bare, log)
    assert plan is not None
    away = away_from_plan(bare, log, plan)

    assert "contacts" == away.source
    assert away.late is None
    assert 0.06 == pytest.approx(away.absent[0], abs=0.02)


def test_learning_is_seen_with_a_roster() -> None:
    """Contacts of agents in their first four weeks are made 40 % longer; the curve says 1.4, the tenured 1."""
    data = floors.floor(days=DAYS, agents=8)
    contacts = data.tables["contacts"]
    agents = sorted(contacts["agent_id"].dropna().unique())
    day = contacts["offered_ts"].dt.tz_convert("Europe/Berlin").dt.tz_localize(None)
    starts = {
        a: pd.Timestamp(floors.START) + pd.Timedelta(days=21 if i < 4 else -400) for i, a in enumerate(agents)
    }
    began = contacts["agent_id"].map(starts)
    weeks = (day - began).dt.days / 7
    longer = np.where((weeks >= 0) & (weeks < 4), 1.4, 1.0)
    contacts = contacts.assign(talk_s=contacts["talk_s"] * longer, acw_s=contacts["acw_s"] * longer)
    hris = pd.DataFrame({"agent_id": agents, "start_date": [starts[a] for a in agents]})
    data = data.with_table("contacts", contacts).with_table("hris", hris)

    found = fit_variation(data, read_log(data))

    assert "hris" == found.source
    assert 1.4 == pytest.approx(found.curve[0], rel=0.06)
    assert 1.0 == pytest.approx(found.curve[6], rel=0.06)
    assert 26 == len(found.curve)
    assert "queue and tenure" in found.models["model"].iloc[0] or "tenure" in found.models["model"].iloc[0]


def test_nothing_is_seen_where_nothing_varies() -> None:
    """Handle times that are the same at all hours and for all agents: no curve, no factor by hour."""
    data = floors.floor(days=28, agents=8)
    agents = sorted(data.tables["contacts"]["agent_id"].dropna().unique())
    hris = pd.DataFrame(
        {"agent_id": agents, "start_date": [pd.Timestamp("2024-06-01") if i < 4 else pd.Timestamp("2020-01-01")
                                            for i in range(len(agents))]}
    )  # fmt: skip
    found = fit_variation(data.with_table("hris", hris), read_log(data))

    assert () == found.curve
    assert 1.0 == pytest.approx(found.hours.max()) == pytest.approx(found.hours.min())


def test_models_are_those_of_a_regression_package() -> None:
    """AIC of queue and hour, against statsmodels' ordinary least squares on the logarithm."""
    import statsmodels.api as sm

    rng = np.random.default_rng(1)
    line, hour = rng.integers(0, 3, 900), rng.integers(8, 12, 900)
    y = 5 + 0.1 * line + 0.05 * hour + rng.normal(0, 0.5, 900)
    table = compare_models(y, line, {"hour": hour}).set_index("model")
    x = pd.get_dummies(pd.DataFrame({"l": line, "h": hour}).astype(str), drop_first=True).to_numpy(float)
    theirs = sm.OLS(y, sm.add_constant(x)).fit()

    # theirs does not count the variance among the parameters, and is of the logarithm
    assert theirs.aic + 2 + 2 * y.sum() == pytest.approx(table.loc["queue and hour", "aic"], rel=1e-9)


def test_weekdays_are_peeled_into_people() -> None:
    """Three people Monday to Friday, one of them also on Saturday."""
    assert [((0, 1, 2, 3, 4, 5), 1), ((0, 1, 2, 3, 4), 2)] == list(peeled(np.array([3, 3, 3, 3, 3, 1, 0])))


def test_repeats_and_transfers_are_found_again() -> None:
    """Half of the unresolved come again: the scenario's own words come back, and the arrivals stay in total."""
    truth = floors.scenario(
        days=28, agents=9, resolution=0.8,
        follow_ups={"again": {"after": "unresolved", "kind": "repeat", "probability": 0.5,
                              "delay": {"family": "constant", "mean_s": 90_000}}},
    )  # fmt: skip
    data = floors.dataset({"contacts": floors.contacts(truth)}, 28)

    (flow,) = fit_flows(data, read_log(data))
    made = calibrate(data, fit_factors=False).scenario.queues["calls"]

    assert made.follow_ups["comes again"].kind == "repeat"
    if flow.basis == "marked":
        assert (0.8, 0.5) == (pytest.approx(flow.resolution, abs=0.02), pytest.approx(flow.repeat, abs=0.05))
    else:
        assert 0.9 == pytest.approx(flow.resolution, abs=0.03)  # what nothing follows
    offered = len(data.tables["contacts"]) / 28
    own = np.array(made.arrivals.per_hour).sum() / 2 / 7
    assert own < offered * 0.95


def test_money_is_read_from_pay_rates_and_contract() -> None:
    """16.00 an hour paid, 28.00 billed, 5,200 a month at risk: 1,200 a week."""
    start = pd.date_range("2024-06-03 08:00", periods=10, freq="D", tz="UTC")
    tables = {
        "timesheet": pd.DataFrame(
            {"agent_id": "a", "date": start.tz_localize(None).normalize(), "client": "fictional", "rate_code": "REG",
             "clock_in": start, "clock_out": start + pd.Timedelta(hours=8.5), "breaks": 30.0}),
        "payroll": pd.DataFrame({"cycle": ["2024-06"], "agent_id": "a", "gross": 1280.0, "currency": "EUR"}),
        "rate_card": pd.DataFrame(
            {"client": "fictional", "rate_code": ["REG", "OLD"], "unit": "hour", "rate": [28.0, 99.0],
             "currency": "EUR",
             "valid_from": pd.NaT, "valid_to": [pd.NaT, pd.Timestamp("2020-01-01")]}),
        "sla": pd.DataFrame(
            {"client": "fictional", "metric": ["service_level", "csat"], "queue": [None, None], "formula_variant": "V2",
             "target": [0.8, 4.0], "direction": "at least", "window": "month", "critical_flag": [True, False],
             "at_risk": [5200.0, 100.0], "currency": "EUR", "penalty_rule": "all at 0.70", "earnback_rule": ""}),
    }  # fmt: skip
    tables["sla"].loc[1, "penalty_rule"] = "all at 3.5"
    data = floors.dataset(tables)

    found = fit_money(data, {"calls": "calls"})

    assert 16.0 == pytest.approx(found.money["pay_per_hour"])
    assert 28.0 == pytest.approx(found.money["revenue_per_hour"])
    assert 1200.0 == pytest.approx(found.money["terms"]["at_risk"])
    assert {"service_level V2": 0.7} == {
        k: v["all_lost_at"] for k, v in found.money["terms"]["levels"].items()
    }
    assert any("csat" in text for text, _ in found.notes)


def test_unknown_pay_is_said() -> None:
    """Without pay an hour costs nothing in the scenario, and the report says so."""
    assert any("Pay is not known" in text for text, _ in fit_money(floors.dataset({}), {}).notes)


@pytest.mark.parametrize("client", ["brightwave_telecom", "pebblecart_shop"])
def test_the_fitted_week_has_the_hours_at_work_that_states_recorded(client: str) -> None:
    """Hours of states by weekday, scaled to the shifts of all days; weeks of another seed, within one percent."""
    data = read_client(folder("example") / client)
    log = read_log(data)
    plan = planned(data, log)
    assert plan is not None
    states = data.tables["agent_state"]
    states = states[
        states["agent_id"].isin(log.agents) & states["state"].isin(["available", "handling", "acw"])
    ]
    day = states["start"].dt.tz_convert(log.time_zone).dt.tz_localize(None).dt.normalize()
    hours = ((states["end"] - states["start"]).dt.total_seconds() / 3600).groupby(day).sum()
    shifts = plan.worked.assign(h=(plan.worked["end_s"] - plan.worked["start_s"]) / 3600)
    shifts = shifts.groupby(pd.to_datetime(shifts["day"], unit="D"))["h"].sum()
    hours = hours[hours.index.isin(shifts.index)]
    recorded = shifts.groupby(shifts.index.day_of_week).mean().sum() * hours.sum() / shifts[hours.index].sum()

    made = calibrate(data, fit_factors=False)
    simulated = simulated_hours(replicate(made.scenario, 40, 7))[""].mean

    assert recorded == pytest.approx(simulated, rel=0.01)
    assert not any("whether it was kept is not known" in text for text, _ in made.assumed)
