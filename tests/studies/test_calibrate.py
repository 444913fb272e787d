"""Does a calibrated scenario hold the truth of a known floor, and say what it cannot know?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.studies import floors
from workbench import cli
from workbench.errors import DataError
from workbench.queueing import erlang_a
from workbench.sim.scenario import Scenario
from workbench.studies.calibrate import calibrate
from workbench.studies.fits.groups import shared_out
from workbench.studies.replicate import replicate


def said(assumed: tuple[tuple[str, str], ...]) -> str:
    return " ".join(what for what, _ in assumed)


def test_a_known_floor_is_found_again() -> None:
    """Handle time, rates and people of the scenario that made the log come back within 10 %."""
    truth = floors.scenario(days=21)

    made = calibrate(floors.floor(days=21))

    queue = made.scenario.queues["calls"]
    assert 300 == pytest.approx(queue.handle.talk.mean, rel=0.05)
    rates = np.array(queue.arrivals.per_hour).reshape(7, 48).mean(axis=0)
    assert sum(floors.RATES) == pytest.approx(rates.sum(), rel=0.10)
    people = made.tables["staffing"].groupby("slot")["people"].mean()
    assert 6.0 == pytest.approx(people.iloc[20:30].mean(), abs=0.5)
    first, again = replicate(truth, 10)["service_level"], replicate(made.scenario, 10)["service_level"]
    assert first.mean is not None
    assert first.mean == pytest.approx(again.mean, abs=0.06)


def test_the_scenario_survives_its_file(tmp_path: Path) -> None:
    """What is written is read as the same scenario."""
    made = calibrate(floors.floor(days=7), fit_factors=False).scenario
    made.to_yaml(tmp_path / "made.yaml")

    assert made == Scenario.from_yaml(tmp_path / "made.yaml")


def test_every_assumption_has_a_grade() -> None:
    """M, D or A, and the few days and closed weekdays are said."""
    table = floors.contacts(floors.scenario(days=4))

    made = calibrate(floors.dataset({"contacts": table}, 4))

    assert {grade for _, grade in made.assumed} <= {"M", "D", "A"}
    listed = said([(what, grade) for what, grade in made.assumed if grade == "A"])
    known = made.scenario.premises
    assert ("M", "A", None) == (known.arrivals, known.staffing, known.pay)
    assert ("A" == known.patience) == any(
        word in listed for word in ("Patience is", "patience is", "wait for ever")
    )
    assert ("A" == known.handle_time) == any(word in listed for word in ("rap-up is", "talk is", "no talk"))
    assert "4 days with contacts" in said(made.assumed)
    assert "Friday, Saturday, Sunday" in said(made.assumed)


def test_staffing_is_as_sure_as_what_it_was_found_in() -> None:
    """Recorded states are measured; what is inferred from contacts rests on a premise, in the same log."""
    data = floors.with_states(4)
    bare = replace(data, tables={k: v for k, v in data.tables.items() if k != "agent_state"})

    assert ("M", "A") == tuple(calibrate(d).scenario.premises.staffing for d in (data, bare))


def test_a_closed_day_is_left_out_and_said() -> None:
    """The second Wednesday has no contact: rates of Wednesdays are those of the first."""
    data = floors.floor(days=14)
    table = data.tables["contacts"]
    day = table["offered_ts"].dt.tz_convert("Europe/Berlin").dt.strftime("%Y-%m-%d")

    whole = calibrate(data.with_table("contacts", table), fit_factors=False)
    made = calibrate(data.with_table("contacts", table[day != "2024-06-12"]), fit_factors=False)

    assert "2024-06-12" in said(made.assumed)
    rates = [
        np.array(m.scenario.queues["calls"].arrivals.per_hour).reshape(7, 48)[2].sum() for m in (whole, made)
    ]
    assert rates[0] == pytest.approx(rates[1], rel=0.25)


def test_without_agents_keys_and_abandonments_it_says_so() -> None:
    """A bare log still becomes a scenario, with what is assumed in its place."""
    data = floors.floor(days=7, agents=12)
    table = data.tables["contacts"]
    table = table[table["answer_ts"].notna()].assign(agent_id=None, customer_key=None)

    made = calibrate(data.with_table("contacts", table))

    words = said(made.assumed)
    assert "No agent is named" in words
    assert "wait for ever" in words
    assert "no retrials" in words
    assert made.scenario.queues["calls"].patience is None


def test_too_short_a_log_is_refused() -> None:
    """Fewer than 50 contacts: a refusal that says what to do."""
    data = floors.floor(days=7)

    with pytest.raises(DataError, match="Hand over a longer log"):
        calibrate(data.with_table("contacts", data.tables["contacts"].head(20)))


def test_nothing_at_all_is_refused() -> None:
    """Neither contacts nor intervals: both are named."""
    with pytest.raises(DataError, match="neither a contact nor an interval"):
        calibrate(floors.dataset({}))


def intervals(patience_s: float = 120.0) -> pd.DataFrame:
    """Ten agents, 100 contacts an hour of 300 s each, as Erlang A would have it, half-hour by half-hour."""
    start = pd.date_range("2024-06-03 08:00", periods=14 * 48, freq="30min", tz="Europe/Berlin").tz_convert(
        "UTC"
    )
    hour = start.tz_convert("Europe/Berlin").hour
    start = start[(hour >= 8) & (hour < 18)]
    told = erlang_a(100.0, 300.0, 10.0, patience_s)
    return pd.DataFrame(
        {
            "interval_start": start,
            "interval_s": 1800.0,
            "queue": "calls",
            "channel": "voice",
            "offered": 50.0,
            "answered": 50.0 * (1 - float(told.p_abandon)),
            "abandoned": 50.0 * float(told.p_abandon),
            "aht_s": 300.0,
            "staffed_s": 18_000.0,
        }
    )


def test_interval_counts_alone_give_patience_back() -> None:
    """Abandonments made by Erlang A with 120 s of patience give 120 s; the rest is said not to be known."""
    made = calibrate(floors.dataset({"intervals": intervals()}))

    queue = made.scenario.queues["calls"]
    assert 120 == pytest.approx(queue.patience.mean, rel=0.01)
    assert 300 == pytest.approx(queue.handle.talk.mean)
    assert 10 == max(made.scenario.groups["calls"].agents)
    assert any("shape of handle times" in what for what in made.not_identifiable)


def test_interval_counts_without_staffing_assume_an_occupancy() -> None:
    """No staffed time: people for 80 % occupancy, graded A."""
    made = calibrate(floors.dataset({"intervals": intervals().drop(columns="staffed_s")}))

    assert "no staffed time is recorded" in said(made.assumed)
    assert "A" == made.scenario.premises.staffing
    assert max(made.scenario.groups["calls"].agents) == round(50 * 300 / 1800 / 0.8)


def test_interval_counts_without_handle_time_are_refused() -> None:
    """Nothing can be simulated without it."""
    with pytest.raises(DataError, match="no aht_s is recorded"):
        calibrate(floors.dataset({"intervals": intervals().assign(aht_s=np.nan)}))


def test_people_are_shared_out_whole() -> None:
    """1.5, 0.8 and 0.7 people are three: one each, and the total is kept."""
    shared = shared_out(np.array([[1.5], [0.8], [0.7]]))

    assert [[1], [1], [1]] == shared.tolist()


def test_the_command_refuses_a_strange_interval(tmp_path: Path) -> None:
    """Intervals of 7 minutes are refused before anything is read."""
    result = CliRunner().invoke(cli.app, ["calibrate", str(tmp_path / "none"), "--interval", "7"])

    assert "Accepted: 15, 30 or 60" in str(result.exception)
