"""Does every poor log become a scenario with stated assumptions, or a clear refusal?"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from tests.studies import floors
from workbench.errors import DataError
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.sim.run import run
from workbench.sim.scenario import Scenario
from workbench.studies.backtest import backtest
from workbench.studies.calibrate import Calibration, calibrate


def said(made: Calibration) -> str:
    return " ".join(what for what, _ in made.assumed)


def local_days(data: Dataset) -> pd.Series:
    return data.tables["contacts"]["offered_ts"].dt.tz_convert("Europe/Berlin").dt.strftime("%Y-%m-%d")


def without(data: Dataset, *days: str) -> Dataset:
    return data.with_table("contacts", data.tables["contacts"][~local_days(data).isin(days)])


def test_two_days_are_a_scenario_that_says_how_little_it_is() -> None:
    """Monday and Tuesday: a week in which other days are closed, and no word on how days differ."""
    made = calibrate(floors.floor(days=2), fit_factors=False)

    assert "2 days with contacts" in said(made)
    assert "Wednesday, Thursday, Friday, Saturday, Sunday: taken as closed" in said(made)
    assert made.scenario.queues["calls"].arrivals.day_factor is None
    assert 0 == np.array(made.scenario.queues["calls"].arrivals.per_hour).reshape(7, 48)[2:].sum()


def test_one_queue_without_a_name_is_a_queue() -> None:
    """Neither queue nor channel: one queue called all, of calls."""
    data = floors.floor(days=5)
    made = calibrate(
        data.with_table("contacts", data.tables["contacts"].drop(columns=["queue", "channel"])),
        fit_factors=False,
    )

    assert ["all"] == list(made.scenario.queues)
    assert "voice" == made.scenario.queues["all"].channel


def test_no_abandonment_is_patience_without_end_and_said() -> None:
    """Twelve people for a third of the work: hardly anybody gives up."""
    made = calibrate(floors.floor(days=5, agents=14), fit_factors=False)

    assert made.scenario.queues["calls"].patience is None
    assert "contacts wait for ever" in said(made)


def test_no_customer_keys_are_no_repeats_and_no_retrials() -> None:
    """Nobody knows who comes again; the arrivals stay as they were counted."""
    data = floors.floor(days=7)
    bare = data.with_table("contacts", data.tables["contacts"].assign(customer_key=None))
    made = calibrate(bare, fit_factors=False)

    assert "no retrials" in said(made)
    assert not made.scenario.queues["calls"].follow_ups
    per_day = np.array(made.scenario.queues["calls"].arrivals.per_hour).sum() / 2 / 7
    assert len(data.tables["contacts"]) / 7 == pytest.approx(per_day, rel=0.01)


def test_no_agents_are_counts_from_contacts_in_service() -> None:
    """No agent is named: staffing is what was in service, graded A."""
    data = floors.floor(days=7)
    made = calibrate(
        data.with_table("contacts", data.tables["contacts"].assign(agent_id=None)), fit_factors=False
    )

    assert (
        "No agent is named: staffing is the number of contacts in service while somebody waited.",
        "A",
    ) in made.assumed
    assert 4 <= max(max(g.agents or (0,)) for g in made.scenario.groups.values()) <= 7


def test_a_gap_is_not_a_quiet_day() -> None:
    """A day and an afternoon missing: the day is called closed and left out of the means."""
    data = floors.floor(days=14)
    made = calibrate(without(data, "2024-06-06"), fit_factors=False)

    assert "2024-06-06" in said(made)
    rates = np.array(made.scenario.queues["calls"].arrivals.per_hour).reshape(7, 48).sum(axis=1)
    assert rates[3] == pytest.approx(np.delete(rates, 3).mean(), rel=0.15)


@pytest.mark.parametrize("changes", [date(2024, 3, 29), date(2024, 10, 25)])
def test_days_of_23_and_25_hours_are_days(changes: date) -> None:
    """A week across each change of clocks in Berlin: rates stand at local hours, and it can be tested as well."""
    made = floors.scenario(days=6).to_data()
    made["time"]["start"] = f"{changes}T00:00:00"
    own = run(Scenario.parse(made, "test"), 1).contacts
    data = floors.dataset({"contacts": own.drop(columns=["outcome", "wait_s"])}, 6, changes)
    fitted = calibrate(data, fit_factors=False).scenario

    rates = np.array(fitted.queues["calls"].arrivals.per_hour).reshape(7, 48)
    assert 0 == rates[:, :16].sum()
    assert 0 == rates[:, 32:].sum()
    fit, test = (
        Period(changes, changes + timedelta(days=3)),
        Period(*(changes + timedelta(days=d) for d in (4, 5))),
    )
    found = backtest(data, fit, test, n=4, decompose=False)
    assert 0 <= found.scores.total["service_level"]["predicted"] <= 1


def test_contacts_of_no_length_are_kept_as_recorded_times() -> None:
    """One in five was over at once: no family has such a density, so that the times themselves are used."""
    data = floors.floor(days=7)
    table = data.tables["contacts"]
    short = np.arange(len(table)) % 5 == 0
    table = table.assign(talk_s=table["talk_s"].where(~short, 0.0))
    made = calibrate(data.with_table("contacts", table), fit_factors=False)

    talk = made.scenario.queues["calls"].handle.talk
    assert "empirical" == talk.family
    assert 0.2 == pytest.approx(np.mean(np.array(talk.values) == 0), abs=0.03)
    assert "20% of the times are 0 s" in " ".join(made.tables["lines"]["reason"])


def test_nobody_answered_is_refused() -> None:
    """Contacts without answer and without abandonment say nothing."""
    data = floors.floor(days=3)
    table = data.tables["contacts"].assign(answer_ts=pd.NaT, abandon_ts=pd.NaT)

    with pytest.raises(DataError, match="Fill in answer_ts and abandon_ts"):
        calibrate(data.with_table("contacts", table))


@pytest.mark.parametrize("work", [np.nan, 0.0], ids=["not recorded", "all zero"])
def test_no_handle_times_are_refused(work: float) -> None:
    """Who was there is told by what they handled: of contacts that took no time nothing would come but nonsense."""
    data = floors.floor(days=3)
    table = data.tables["contacts"].assign(talk_s=work, hold_s=work, acw_s=work)

    with pytest.raises(DataError, match=r"has a handle time above 0.* Fill in talk_s"):
        calibrate(data.with_table("contacts", table))
