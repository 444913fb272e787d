"""Does calibration read from a log when lines are open, and how many contacts an agent has in hand?"""

from __future__ import annotations

import numpy as np
import pytest

from tests.studies import floors
from workbench.sim.change import Change
from workbench.sim.run import run
from workbench.sim.scenario import Scenario
from workbench.studies.fits.concurrency import fit_concurrency, notes_on
from workbench.studies.fits.floor import channels_of, fit_floor
from workbench.studies.fits.hours import closed_cells, opening_of, with_hours
from workbench.studies.fits.log import read_log

FOUR_WEEKS = np.full(7, 4)
HALF_HOUR = 1800


def week(per_interval: int, first: int, after: int, days: range = range(7)) -> np.ndarray:
    """Return contacts of a line that is open from one half-hour to another."""
    counts = np.zeros((7, 48), np.int64)
    counts[days.start : days.stop, first:after] = per_interval
    return counts


def test_a_night_without_a_contact_is_closed() -> None:
    """Eight to eight, ten contacts in each half-hour of four weeks; nobody on Sundays."""
    opening = opening_of(closed_cells(week(10, 16, 40, range(6)), FOUR_WEEKS), HALF_HOUR)

    assert opening == {"Monday to Saturday": {"start": "08:00", "end": "20:00", "days": [0, 1, 2, 3, 4, 5]}}


def test_an_earlier_closing_on_friday_is_seen() -> None:
    """From 14:00 on Fridays nobody came in four weeks, where 120 come on other days."""
    counts = week(10, 16, 40, range(5))
    counts[4, 28:] = 0
    opening = opening_of(closed_cells(counts, FOUR_WEEKS), HALF_HOUR)

    assert opening["Friday"] == {"start": "08:00", "end": "14:00", "days": [4]}
    assert opening["Monday to Thursday"]["days"] == [0, 1, 2, 3]


def test_a_last_half_hour_without_a_contact_may_be_chance() -> None:
    """Tuesday's last half-hour is empty: a tenth of the usual rate would leave it so one time in fifty."""
    counts = week(10, 16, 40, range(5))
    counts[1, 39] = 0

    assert list(opening_of(closed_cells(counts, FOUR_WEEKS), HALF_HOUR)) == ["Monday to Friday"]


def test_a_quiet_night_of_a_small_line_stays_open() -> None:
    """A contact every other half-hour: an empty night of one week says nothing."""
    counts = week(1, 0, 48)
    counts[:, 4:8] = 0
    counts[:, 1::2] = 0

    assert opening_of(closed_cells(counts, np.full(7, 1)), HALF_HOUR) == {}


def test_a_night_line_closes_by_day() -> None:
    """18:00 to 06:00: two openings a day that touch at midnight."""
    counts = week(10, 0, 48)
    counts[:, 12:36] = 0
    opening = opening_of(closed_cells(counts, FOUR_WEEKS), HALF_HOUR)

    assert {(o["start"], o["end"]) for o in opening.values()} == {("00:00", "06:00"), ("18:00", "24:00")}


def test_a_stray_contact_in_the_night_opens_nothing() -> None:
    """One contact in four weeks at half past midnight, of a line from eight to eight."""
    counts = week(40, 16, 40)
    counts[2, 1] = 1
    opening = opening_of(closed_cells(counts, FOUR_WEEKS), HALF_HOUR)

    assert {(o["start"], o["end"]) for o in opening.values()} == {("08:00", "20:00")}


def test_the_hours_of_a_log_are_those_of_its_floor() -> None:
    """A floor that is called from 8 to 16 o'clock on every day."""
    log = read_log(floors.floor(days=7))
    queues = {log.lines[0].name: {"arrivals": {"per_hour": floors.RATES * 7}}}
    notes = with_hours(queues, log)

    assert queues[log.lines[0].name]["opening"] == {
        "Monday to Sunday": {"start": "08:00", "end": "16:00", "days": [0, 1, 2, 3, 4, 5, 6]}
    }
    assert queues[log.lines[0].name]["arrivals"]["per_hour"] == floors.RATES * 7
    assert "Monday to Sunday 08:00 to 16:00" in notes[0][0]


def chats(concurrency: int, agents: int, stretch: tuple[float, ...] = ()) -> Scenario:
    """A floor of chats, whose talk an agent stretches with chats in hand."""
    made = floors.scenario(days=14, agents=agents, channel="chat")
    channel = {"concurrency": concurrency, "stretch": list(stretch), "survives_night": False}
    return made.with_(Change("channels.chat", channel))


def test_chats_taken_one_at_a_time_are_seen() -> None:
    """Nobody has two in hand although some wait: one, not the three that a chat has by default."""
    log = read_log(floors.dataset({"contacts": floors.contacts(chats(1, 6))}))
    (one,) = fit_concurrency(log)

    assert (1, 1.0) == (one.most, one.usual)
    assert channels_of(fit_floor(log))["chat"]["concurrency"] == 1
    assert "one at a time" in notes_on((one,))[0][0]


def test_chats_at_once_and_their_stretch_are_found() -> None:
    """Up to three at once, each taking 1.3 and 1.6 times as long: within 0.12 from 3,700 chats."""
    truth = chats(3, 3, (1.0, 1.3, 1.6))
    log = read_log(floors.dataset({"contacts": floors.contacts(truth)}))
    (one,) = fit_concurrency(log)
    rows = run(truth, 1).contact_rows
    assert rows is not None

    assert 3 == one.most == int(rows.in_hand.max())
    assert pytest.approx((1.0, 1.3, 1.6), abs=0.12) == one.stretch
    # what is fitted gives the recorded mean back: base times stretch
    assert 1.0 < one.usual < 1.6


def test_where_nothing_waited_nobody_can_tell() -> None:
    """Thirty agents for six: nobody needed a second chat."""
    log = read_log(floors.dataset({"contacts": floors.contacts(chats(3, 30))}))

    assert fit_concurrency(log) == ()
