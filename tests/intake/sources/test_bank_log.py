"""Does the bank's log keep every call, flag every defect, and agree with what was measured on it?"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from workbench.errors import DataError
from workbench.intake.read import read_client
from workbench.intake.source import SOURCES, Raw, source_for
from workbench.intake.sources import bank_log
from workbench.metrics.contact_outcome import contact_outcome

LOG = Path(__file__).parents[4] / "shared/data/bank_calls_january_1999.tsv.gz"
needs_log = pytest.mark.skipif(not LOG.is_file(), reason="the bank's log is not beside this checkout")

HEADER = "\t".join(bank_log.COLUMNS)


def call(cells: str) -> str:
    return "\t".join(cells.split())


WAITED = call(
    "AA0101 7 12 2 PS 990105 9:00:00 9:00:10 10 9:00:10 9:00:40 30 AGENT 9:00:39 9:02:39 120 AGENT01"
)
AT_ONCE = call("AA0101 8 0 0 NW 990105 9:10:00 9:10:08 8 0:00:00 0:00:00 0 AGENT 9:10:07 9:11:07 60 AGENT02")
GAVE_UP = call(
    "AA0101 9 0 1 PS 990105 9:20:00 9:20:10 10 9:20:10 9:20:55 45 HANG 0:00:00 0:00:00 0 NO_SERVER"
)
IN_MENU = call("AA0102 1 0 0 PS 990105 9:30:00 9:30:20 20 0:00:00 0:00:00 0 HANG 0:00:00 0:00:00 0 NO_SERVER")
PHANTOM = call(
    "AA0102 2 5 1 PS 990105 9:40:00 9:40:05 5 9:40:05 9:40:20 15 PHANTOM 9:40:20 9:41:00 40 NO_SERVER"
)
MIDNIGHT = call(
    "AA0102 3 5 1 PS 990105 23:59:20 23:59:30 10 23:59:30 0:00:30 60 AGENT 0:00:29 0:01:29 60 AGENT01"
)


def write(folder: Path, *rows: str, end: str = "\n", name: str = "calls.tsv") -> Path:
    path = folder / name
    path.write_bytes((end.join([HEADER, *rows]) + end).encode())
    return path


@pytest.fixture(scope="module")
def january() -> Raw:
    return bank_log.SOURCE.read(LOG)


def flagged(raw: Raw, column: str, word: str = "") -> int:
    problems = raw.problems
    found = (problems["column"] == column) & problems["row"].notna() & problems["message"].str.contains(word)
    return int((found & (problems["severity"] == "flagged")).sum())


@needs_log
def test_every_call_of_january_is_kept_by_outcome(january):
    """The counts by outcome are those measured on the file."""
    outcomes = january.tables["contacts"]["disposition"].value_counts().to_dict()

    assert outcomes == {"agent": 27_060, "hang": 4_299, "phantom": 240}
    assert january.rows_read == {"contacts": 31_599}


@needs_log
@pytest.mark.parametrize(
    ("column", "word", "count"),
    [
        ("vru_time", "left before it was entered", 33),
        ("server", "NO_SERVER", 490),
        ("ser_time", "Served for 0 s", 277),
        ("ser_time", "more than an hour", 4),
        ("type", '"AA"', 2),
    ],
)
def test_each_known_defect_is_flagged_and_kept_exactly_as_often_as_it_occurs(january, column, word, count):
    """The defects listed for this file are reported with their counts, and their rows are still there."""
    assert flagged(january, column, word) == count
    rows = january.problems.loc[january.problems["column"] == column, "row"].dropna()
    assert set(rows) <= set(january.tables["contacts"].index)
    assert not (january.problems["severity"] == "set aside").any()


@needs_log
def test_what_is_custom_rather_than_fault_is_said_once(january):
    """Missing customers, q_start 0:00:00 and phantoms are one sentence each, with their count."""
    once = january.problems["row"].isna() & (january.problems["severity"] == "flagged")
    said = january.problems[once].set_index("column")["value"].to_dict()

    assert said == {"customer_id": "18175", "q_start": "14673", "outcome": "240"}


@needs_log
def test_figures_of_january_agree_with_those_measured_on_the_file(january):
    """Abandons, service levels under four formulas, waits and service times are the published ones."""
    contacts = january.tables["contacts"]
    ends = contact_outcome(contacts)
    answered, abandoned = ends["outcome"] == "answered", ends["outcome"] == "abandoned"
    in_time = answered & (ends["wait_s"] <= 20)
    offered = answered | abandoned
    calls = contacts["direction"] == "inbound"
    half_hours = contacts["queue_ts"][offered].dt.floor("30min")
    mean_of_half_hours = in_time[offered].groupby(half_hours).mean().mean()
    talk = contacts["talk_s"].dropna()

    assert int(abandoned.sum()) == 3_080
    assert round(abandoned.sum() / offered.sum(), 3) == 0.102
    assert round(in_time.sum() / answered.sum(), 3) == 0.606
    assert round(in_time.sum() / calls.sum(), 3) == 0.523
    assert round(in_time.sum() / offered.sum(), 3) == 0.544
    assert round(mean_of_half_hours, 3) == 0.626
    assert round(ends["wait_s"][answered].mean()) == 35
    assert round(ends["wait_s"][answered & (ends["wait_s"] > 0)].mean()) == 70
    assert round(ends["wait_s"][offered].sum() / abandoned.sum()) == 369
    assert (round(talk.mean()), talk.median()) == (185, 114)
    assert round((talk.std() / talk.mean()) ** 2, 2) == 1.54


@needs_log
def test_the_log_alone_is_a_client_whose_defaults_are_listed(january):
    """What the log does not say is assumed aloud: zone, after-call work, staffing, the head start."""
    assert january.client.time_zone == "Asia/Jerusalem"
    assumed = " ".join(january.client.assumed)
    assert all(word in assumed for word in ("Asia/Jerusalem", "After-call work", "Staffing", "90 s"))
    assert january.extras["priority_head_start_s"] == 90.0
    assert source_for(LOG) is SOURCES.get("bank_log")


def test_a_wait_counts_from_the_queue_and_not_from_the_menu(tmp_path):
    """Entered at 9:00:00, queued at 9:00:10, left the queue at 9:00:40: it waited 30 s."""
    contact = bank_log.SOURCE.read(write(tmp_path, WAITED)).tables["contacts"].loc[2]

    assert (contact["wait_s"], contact["ivr_s"], contact["talk_s"], contact["priority"]) == (30, 10, 120, 1)
    assert str(contact["queue_ts"]) == "1999-01-05 09:00:10"
    assert str(contact["answer_ts"]) == "1999-01-05 09:00:40"


def test_a_call_taken_at_once_waited_nothing_and_midnight_is_not_its_queue(tmp_path):
    """q_start 0:00:00 means never queued: the wait is 0 s from when the menu was left."""
    contact = bank_log.SOURCE.read(write(tmp_path, AT_ONCE)).tables["contacts"].loc[2]

    assert contact["wait_s"] == 0
    assert str(contact["queue_ts"]) == str(contact["answer_ts"]) == "1999-01-05 09:10:08"


def test_a_hang_up_in_the_menu_is_neither_offered_to_the_queue_nor_abandoned_from_it(tmp_path):
    """Of a wait given up, a hang-up in the menu and a phantom, one is abandoned and two were not offered."""
    contacts = bank_log.SOURCE.read(write(tmp_path, WAITED, GAVE_UP, IN_MENU, PHANTOM)).tables["contacts"]

    outcomes = list(contact_outcome(contacts)["outcome"])
    assert outcomes == ["answered", "abandoned", "not offered", "not offered"]
    assert list(contacts["direction"]) == ["inbound", "inbound", "inbound", "internal"]


def test_a_call_over_midnight_is_answered_the_next_day(tmp_path):
    """The log gives times of day; what is half a day earlier than the entry belongs to the day after."""
    contact = bank_log.SOURCE.read(write(tmp_path, MIDNIGHT)).tables["contacts"].loc[2]

    assert str(contact["answer_ts"]) == "1999-01-06 00:00:30"


def test_mixed_line_ends_are_read_and_reported(tmp_path):
    """Three lines end as Windows ends them and one does not: all calls are there."""
    path = write(tmp_path, WAITED, AT_ONCE, end="\r\n")
    path.write_bytes(path.read_bytes() + GAVE_UP.encode() + b"\n")
    raw = bank_log.SOURCE.read(path)

    assert len(raw.tables["contacts"]) == 3
    assert "Mixed line ends: 3 lines in CR LF, 1 line in LF" in raw.problems["message"].iloc[0]


def test_rows_of_another_shape_are_set_aside_with_their_number(tmp_path):
    """A row cut off, a date that is none and an outcome nobody knows are counted, the rest is read."""
    cut, no_day = WAITED[:40], WAITED.replace("990105", "991399")
    path = write(tmp_path, cut, no_day, WAITED.replace("AGENT\t", "LOST\t"), AT_ONCE, "")
    raw = bank_log.SOURCE.read(path)
    aside = raw.problems[raw.problems["severity"] == "set aside"]

    assert list(aside["row"]) == [2, 3, 4]
    assert list(raw.tables["contacts"].index) == [5]
    assert raw.rows_read == {"contacts": 4}
    assert '"LOST" is not an outcome. Accepted: AGENT, HANG, PHANTOM' in aside["message"].iloc[2]


def test_a_truncated_gzip_and_a_header_alone_are_refused_in_a_sentence(tmp_path):
    """Neither ends in a traceback; both messages name the file and what to do."""
    whole = gzip.compress((HEADER + "\n" + "\n".join([WAITED] * 2000)).encode())
    cut = tmp_path / "cut.tsv.gz"
    cut.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(DataError, match=r"cut\.tsv\.gz: the gzip file is cut off"):
        bank_log.SOURCE.read(cut)
    with pytest.raises(DataError, match=r"calls\.tsv: has a header and no calls"):
        bank_log.SOURCE.read(write(tmp_path))


def test_the_log_in_a_client_folder_is_its_contacts_and_client_yaml_says_who_it_is(tmp_path):
    """The folder's zone and name hold; what the log takes for granted about its data is still listed."""
    write(tmp_path, WAITED, GAVE_UP)
    (tmp_path / "client.yaml").write_text(
        "format: 1\nid: harbour\nname: Harbour Bank (fictional)\ntime_zone: Europe/Lisbon\n"
    )
    dataset = read_client(tmp_path)

    assert dataset.client.name == "Harbour Bank (fictional)"
    assert list(dataset.tables["contacts"]["disposition"]) == ["agent", "hang"]
    assert str(dataset.tables["contacts"]["offered_ts"].iloc[0]) == "1999-01-05 09:00:00+00:00"
    assert any("After-call work" in said for said in dataset.client.assumed)
    assert not any("Jerusalem" in said for said in dataset.client.assumed)


def test_a_folder_without_client_yaml_takes_the_zone_of_the_log(tmp_path):
    """Two months in one folder are one table; 9:00 in Jerusalem is 7:00 in UTC."""
    write(tmp_path, WAITED, name="january.tsv")
    write(tmp_path, AT_ONCE, name="february.tsv")
    dataset = read_client(tmp_path)

    assert dataset.client.time_zone == "Asia/Jerusalem"
    times = dataset.tables["contacts"]["offered_ts"].dt.strftime("%H:%M")
    assert sorted(times) == ["07:00", "07:10"]


@needs_log
def test_validation_takes_nothing_away_from_january():
    """Read as a client, every call is still there and the flags still have their counts."""
    dataset = read_client(LOG)

    assert len(dataset.tables["contacts"]) == 31_599
    assert dataset.tables["contacts"]["disposition"].value_counts()["agent"] == 27_060
    assert not dataset.problems["severity"].isin(["set aside", "unusable"]).any()
    assert str(dataset.period) == "1–31 January 1999"


def test_only_a_file_with_the_header_of_the_log_is_accepted(tmp_path):
    """Its name may end in .txt; another header, another ending, a folder or nothing is not accepted."""
    other = tmp_path / "other.tsv"
    other.write_text("a\tb\n1\t2\n")

    assert bank_log.SOURCE.accepts(write(tmp_path, WAITED, name="calls.txt"))
    assert not bank_log.SOURCE.accepts(write(tmp_path, WAITED, name="calls.csv"))
    assert not any(map(bank_log.SOURCE.accepts, (other, tmp_path, tmp_path / "absent.tsv")))
