"""A made client tells one story: its logs agree with each other and with what was planted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tools.clientgen import documents
from tools.clientgen.dataset import as_dataset
from tools.clientgen.expected import alpha, expected
from tools.clientgen.floor import RETURNING
from tools.clientgen.make import Made, make_client
from tools.clientgen.stories import BPO, HEALTHY, INSURER, TELECOM
from tools.clientgen.story import Queue
from tools.clientgen.world import World
from tools.clientgen.write import write
from workbench.diagnostics.owners import agreement
from workbench.intake.read import read_client

SMALL = HEALTHY.with_(start=date(2024, 10, 1), end=date(2024, 11, 10))
"""Six weeks around the 25-hour day of 27 October 2024."""


@pytest.fixture(scope="module")
def small() -> Made:
    return make_client(SMALL, 5)


@pytest.fixture(scope="module")
def telecom() -> Made:
    return make_client(TELECOM.with_(end=date(2024, 3, 31)), 5)


def handled(made: Made) -> pd.DataFrame:
    log = made.parts["log"]
    return log[log["agent"] >= 0]


def test_contact_is_answered_or_given_up_never_both(small: Made) -> None:
    """Every contact of the log ends exactly once."""
    contacts = small.tables["contacts"]

    ends = contacts["answer_ts"].notna().astype(int) + contacts["abandon_ts"].notna().astype(int)

    assert (ends == 1).all()


def test_agent_serves_one_contact_at_a_time(small: Made) -> None:
    """The next contact of an agent never begins before the last one is wrapped up."""
    log = handled(small).sort_values(["agent", "answer"])

    again = log["agent"].to_numpy()[1:] == log["agent"].to_numpy()[:-1]

    assert (log["answer"].to_numpy()[1:][again] >= log["end"].to_numpy()[:-1][again]).all()


def test_nobody_waits_while_an_agent_of_the_queue_is_idle(small: Made) -> None:
    """Whoever waited was answered the second an agent came free, or somebody's stretch began."""
    log = handled(small)
    waited = log[log["answer"] > log["offered"]]
    states = small.tables["agent_state"]
    free = set(states["end"][states["state"] == "acw"].astype("int64"))
    free |= set(states["end"][states["state"] == "handling"].astype("int64"))
    came = set(states["start"].astype("int64"))

    taken = pd.DatetimeIndex(
        small.tables["contacts"].set_index("contact_id").loc[waited["contact_id"], "answer_ts"]
    )

    assert all(moment in free or moment in came for moment in taken.astype("int64"))


def test_states_hold_the_handle_time_of_the_contacts(small: Made) -> None:
    """Handling and wrap-up in the state log add up to talk, hold and wrap-up in the contact log."""
    states = small.tables["agent_state"]
    length = (states["end"] - states["start"]).dt.total_seconds()

    in_states = length[states["state"].isin(("handling", "acw"))].sum()
    in_contacts = small.tables["contacts"][["talk_s", "hold_s", "acw_s"]].to_numpy(float)

    assert in_states == np.nansum(in_contacts)


def test_intervals_count_the_contacts(small: Made) -> None:
    """Offered, answered and abandoned of all half-hours are those of the contact log."""
    contacts, intervals = small.tables["contacts"], small.tables["intervals"]

    assert intervals["offered"].sum() == len(contacts)
    assert intervals["answered"].sum() == contacts["answer_ts"].notna().sum()
    assert intervals["abandoned"].sum() == contacts["abandon_ts"].notna().sum()
    assert intervals["staffed_s"].sum() >= intervals["available_s"].sum()


def test_hour_that_comes_twice_is_written_under_both_offsets(tmp_path: Path) -> None:
    """On 27 October 2024 the emergency line is open through both hours from two to three."""
    line = Queue("emergency", 700, 60, opens=0, closes=24, weekdays=tuple(range(7)), agents=8)
    story = HEALTHY.with_(start=date(2024, 10, 20), end=date(2024, 11, 2), large_as="csv.gz", queues=(line,))
    made = make_client(story, 3)

    write(made, tmp_path)
    offered = pd.read_csv(tmp_path / "contacts.csv.gz")["offered_ts"]
    twice = offered[offered.str.startswith("2024-10-27 02:")]

    assert set(offered.str[-6:]) == {"+02:00", "+01:00"}
    assert set(twice.str[-6:]) == {"+02:00", "+01:00"}
    starts = made.tables["intervals"]["interval_start"].dt.tz_convert("Europe/Berlin")
    assert (starts.dt.strftime("%d %H:%M") == "27 02:00").sum() == 2


def test_hour_that_is_left_out_has_no_contacts() -> None:
    """On 10 March 2024 no time between two and three exists in New York, and none is written."""
    made = make_client(INSURER.with_(start=date(2024, 3, 3), end=date(2024, 3, 16)), 3)
    local = made.tables["schedule"]["start"].dt.tz_convert("America/New_York")

    assert set(local.dt.strftime("%z")) == {"-0500", "-0400"}
    assert not ((local.dt.day == 10) & (local.dt.hour == 2)).any()


def test_planted_probability_is_the_share_that_happened(telecom: Made) -> None:
    """The share of escalated contacts lies within five standard errors of the planted probabilities."""
    answered = handled(telecom)
    p = telecom.truth["escalation_rate"]

    assert 0.36 < p < 0.46
    assert abs(answered["escalated"].mean() - p) < 5 * np.sqrt(p * (1 - p) / len(answered))


def test_new_agents_and_complex_contacts_carry_the_escalations(telecom: Made) -> None:
    """Within each complexity new agents escalate more, and complex contacts more than simple ones."""
    agents, log = telecom.parts["agents"], handled(telecom)
    new = (pd.to_datetime(agents["start_date"]) > pd.Timestamp(2023, 12, 1)).to_numpy()[log["agent"]]
    rate = log.groupby([log["complexity"], new])["escalated"].mean().unstack()

    assert (rate[True] > rate[False]).all()
    assert rate[True].is_monotonic_increasing


def test_size_of_one_fault_leaves_the_others_alone() -> None:
    """Other accounts stay open, and the floor, its answers and its meetings are what they were."""
    made = [
        make_client(SMALL.with_(end=date(2024, 10, 14), people__never_revoked=size), 4).tables
        for size in (0.0, 0.9)
    ]

    assert not made[0]["provisioning"].equals(made[1]["provisioning"])
    for name in ("contacts", "agent_state", "qa_eval", "outcome", "gov_meeting", "hris"):
        pd.testing.assert_frame_equal(made[0][name], made[1][name])


def test_unknown_fault_is_refused() -> None:
    """A story has no fault of that name."""
    with pytest.raises(TypeError):
        TELECOM.with_(people__never_fed=1.0)
    with pytest.raises(TypeError):
        TELECOM.with_(persons__never_revoked=1.0)


def test_healthy_folder_is_read_whole(small: Made, tmp_path: Path) -> None:
    """Nothing of a healthy client is unusable or set aside, from disk as from memory."""
    write(small, tmp_path)

    for dataset in (read_client(tmp_path), as_dataset(small)):
        wrong = dataset.problems[dataset.problems["severity"].isin(("unusable", "set aside"))]
        assert wrong.to_dict("records") == []
        assert set(dataset.tables) == {*small.tables, "survey", "owner_answer"}


def test_disk_and_memory_are_the_same_client(small: Made, tmp_path: Path) -> None:
    """What is read from the folder equals what the generator holds, to the second."""
    write(small, tmp_path)
    read, held = read_client(tmp_path), as_dataset(small)

    assert read.period == held.period
    for name in held.tables:
        one, two = read.tables[name], held.tables[name]
        assert len(one) == len(two)
        for column in ("offered_ts", "start", "granted_ts", "entry_ts", "clock_in", "term_date"):
            if column in one:
                assert one[column].reset_index(drop=True).equals(two[column].reset_index(drop=True)), (
                    name,
                    column,
                )


def test_spoiled_rows_are_as_many_as_planted() -> None:
    """Each defect of the telecom's log meets its message exactly as often as it was planted."""
    made = make_client(TELECOM, 1)
    problems = as_dataset(made).problems
    contacts = problems[problems["table"] == "contacts"]

    found = contacts[contacts["severity"] == "set aside"]["column"].value_counts()

    assert found["answer_ts"] == TELECOM.defects.answered_before_offered
    assert found["talk_s"] == TELECOM.defects.negative_durations
    assert found["contact_id"] == TELECOM.defects.duplicated
    planted = [fault for fault in expected(made)["must_find"] if fault["id"] == "VL-3"]
    assert sum(fault["value"] for fault in planted if fault["unit"] == "rows") == TELECOM.defects.rows


def test_reported_figures_of_a_healthy_client_are_true(small: Made) -> None:
    """The pack's service level is what the contact log gives on the contract's formula."""
    contacts = small.tables["contacts"]
    month = contacts["offered_ts"].dt.tz_convert(SMALL.time_zone).dt.strftime("%Y-%m")
    wait = (contacts["answer_ts"] - contacts["offered_ts"]).dt.total_seconds()
    true = (wait <= SMALL.threshold_s).groupby(month).mean()
    reported = small.tables["kpi_value"]
    reported = reported[reported["kpi"] == "service_level"].set_index("period")["reported"]

    assert np.allclose(reported, true.reindex(reported.index), atol=5e-5)


def test_invoices_hold_the_hours_of_the_time_sheets_where_nothing_is_planted() -> None:
    """Billed units of an honest account are its clocked hours; of a padded one they are 5 % more."""
    made = make_client(BPO.with_(end=date(2024, 7, 31)), 2)
    sheets, bills = made.tables["timesheet"], made.tables["invoice"]
    hours = (sheets["clock_out"] - sheets["clock_in"]).dt.total_seconds() / 3600 - sheets["breaks"] / 60
    ratio = bills.groupby("client")["units"].sum() / hours.groupby(sheets["client"]).sum()

    for client, value in ratio.items():
        assert value == pytest.approx(1.05 if client in BPO.money.overbilled_clients else 1.0, abs=1e-4)
    card = made.tables["rate_card"].set_index(["client", "rate_code"])["rate"]
    due = bills["units"] * card.reindex(pd.MultiIndex.from_frame(bills[["client", "rate_code"]])).to_numpy()
    assert np.allclose(bills["amount"], due, atol=0.006)


def test_alpha_of_evaluators_who_never_depart_is_one() -> None:
    """Perfect agreement is 1; evaluators who draw at random agree no more than by chance."""
    assert alpha(0.0) == pytest.approx(1.0)
    assert alpha(2 / 3) == pytest.approx(0.0)


def test_customers_of_unresolved_contacts_come_back_more_often(small: Made) -> None:
    """A repeat within a week follows an unresolved contact far more often than a resolved one."""
    log = small.parts["log"]
    again = log.groupby(["customer", "queue"])["offered"].shift(-1) - log["offered"] < 7 * 86_400
    served = log["agent"] >= 0
    helped = log["resolved"].astype(bool)

    assert again[served & ~helped].mean() > 0.4
    assert again[served & helped].mean() < 3 * RETURNING


def test_agreement_on_owners_is_the_planted_one_and_its_interval_covers_it() -> None:
    """20 seeds of a client in which an owner is named by 45 %: two people agree in 30 %, the mean within 3 points.

    95 % intervals miss the truth more than four times in 20 once in 100 times.
    """
    found, covered = [], 0
    for seed in range(20):
        world = World(INSURER, seed)
        documents.ownership(world)
        said = pd.DataFrame(documents.named_owners(world)).rename(
            columns={"item": "item_id", "role": "respondent_role"}
        )
        pairs = agreement(said, None, weight=1.0).pairs
        assert pairs.value is not None
        assert pairs.low is not None
        assert pairs.high is not None
        found.append(pairs.value)
        covered += pairs.low <= world.truth["owners_alike"] <= pairs.high

    assert world.truth["owners_alike"] == pytest.approx(np.mean(found), abs=0.03)
    assert covered >= 16
