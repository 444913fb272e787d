"""Does mapping.yaml turn a client's own export into a table, and say what it could not read, and where?"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import DataError
from workbench.intake import convert
from workbench.intake.mapping import UNITS, dump_mapping, load_mapping, parse_mapping
from workbench.intake.read import examine, read_client, sentence

CLIENT = "format: 1\nid: harbour\nname: Harbour Lines (fictional)\ntime_zone: Europe/Berlin\n"


def client(folder: Path, mapping: str, **files: str) -> Path:
    """Return a client folder with a mapping and exports; `calls_csv` becomes calls.csv."""
    (folder / "client.yaml").write_text(CLIENT, encoding="utf-8")
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def said(folder: Path) -> list[str]:
    return [sentence(problem) for _, problem in examine(folder).problems.iterrows()]


GERMAN = """\
format: 1
tables:
  - table: contacts
    files: [calls.csv]
    decimal: ","
    date_format: "%d.%m.%Y %H:%M"
    columns:
      contact_id: {from: Nr}
      offered_ts: {from: [Tag, Uhrzeit]}
      queue: {from: Gruppe, codes: {BE: orders, RE: returns}}
      talk_s: {from: Gespräch, unit: minutes}
      hold_s: {from: Halten, unit: "mm:ss"}
      channel: {value: voice}
    not_used: [Bemerkung]
"""
CALLS = (
    "Nr;Tag;Uhrzeit;Gruppe;Gespräch;Halten;Bemerkung\n"
    "1;13.06.2024;09:05;BE;3,5;0:40;\n2;13.06.2024;09:10;RE;0,25;2:00;gut\n"
)


def test_minutes_decimal_commas_codes_and_two_columns_become_one_table(tmp_path):
    """3,5 min are 210 s; 09:05 in Berlin in June is 07:05 UTC; BE means orders."""
    table = read_client(client(tmp_path, GERMAN, calls_csv=CALLS)).tables["contacts"]

    assert table["talk_s"].to_list() == [210, 15]
    assert table["hold_s"].to_list() == [40, 120]
    assert table["queue"].to_list() == ["orders", "returns"]
    assert set(table["channel"]) == {"voice"}
    assert str(table["offered_ts"].iloc[0]) == "2024-06-13 07:05:00+00:00"


def test_what_cannot_be_read_names_file_row_and_column_of_the_clients_own_file(tmp_path):
    """A date of a required column takes the row away, a duration leaves a gap; both are said."""
    broken = CALLS + "3;31.02.2024;09:15;BE;1,0;0:10;\n4;13.06.2024;09:20;BE;lang;0:10;\n"
    folder = client(tmp_path, GERMAN, calls_csv=broken)

    lines = said(folder)
    assert any(
        line.startswith('calls.csv row 4, Tag + Uhrzeit: "31.02.2024 09:15" cannot be read as a time')
        for line in lines
    )
    assert any(
        line.startswith(
            'calls.csv row 5, Gespräch: "lang" cannot be read as a duration for talk_s. Expected: minutes'
        )
        for line in lines
    )
    table = read_client(folder).tables["contacts"]
    assert table["contact_id"].to_list() == ["1", "2", "4"]
    assert table["talk_s"].isna().to_list() == [False, False, True]
    assert examine(folder).provenance.rows_read["contacts"] == 4


def test_what_validation_finds_later_names_the_clients_own_column_too(tmp_path):
    """A negative talk time is no problem of reading; its sentence still says "Gespräch"."""
    folder = client(tmp_path, GERMAN, calls_csv=CALLS.replace("3,5", "-3,5"))

    assert any('In the file the column is called "Gespräch"' in line for line in said(folder))


def test_a_later_delivery_with_new_columns_and_codes_is_read_and_the_news_are_said(tmp_path):
    """The mapping serves again; a column and a code that nobody explained are reported, not guessed."""
    later = (
        CALLS.replace("Bemerkung", "Bemerkung;Sprache").replace("gut", "gut;de").replace("0:40;", "0:40;;de")
    )
    folder = client(tmp_path, GERMAN, calls_csv=later.replace("RE", "XX"))

    lines = said(folder)
    assert any(
        "calls.csv, Sprache: Sprache is new: mapping.yaml does not say what it is" in line for line in lines
    )
    assert any(
        'row 3, Gruppe: "XX" is not among the codes that mapping.yaml explains' in line for line in lines
    )
    assert len(read_client(folder).tables["contacts"]) == 2


def test_a_column_that_is_gone_is_named_with_the_nearest_that_is_there(tmp_path):
    """Without a required column no row can be used; the header that replaced it is suggested."""
    lines = said(
        client(tmp_path, GERMAN, calls_csv=CALLS.replace("Nr;", "Nr.;").replace("Halten", "Haltezeit"))
    )

    assert any("Nr is not in this file" in line and 'Did you mean "Nr."?' in line for line in lines)


def test_two_files_and_a_pattern_become_one_table_that_knows_whose_row_is_whose(tmp_path):
    """The second file counts from 2 again in its problems."""
    mapping = GERMAN.replace("calls.csv", "calls.*.csv")
    folder = client(
        tmp_path,
        mapping,
        calls_a_csv=CALLS,
        calls_b_csv=CALLS.replace("\n1;", "\n3;").replace("2;13", "4;33"),
    )

    assert sorted(read_client(folder).tables["contacts"]["contact_id"]) == ["1", "2", "3"]
    assert any(
        line.startswith('calls.b.csv row 3, Tag + Uhrzeit: "33.06.2024 09:10"') for line in said(folder)
    )


DURATIONS = """\
format: 1
tables:
  - table: contacts
    files: [log.csv]
    time_zone: America/New_York
    columns:
      contact_id: {from: id}
      offered_ts: {from: start}
      queue_ts: {from: start, plus: [{from: menu}]}
      answer_ts: {from: start, plus: [{from: menu}, {from: wait, unit: minutes}], unless: {gone: [Y]}}
      abandon_ts: {from: start, plus: [{from: menu}, {from: wait, unit: minutes}], only_if: {gone: [Y]}}
"""
LOG = "id,start,menu,wait,gone\na,2024-01-15 09:00:00,30,1,N\nb,2024-01-15 10:00:00,10,0.5,y\n"


def test_start_and_durations_become_the_moments_in_between(tmp_path):
    """9:00 in New York is 14:00 UTC in January; 30 s of menu and 1 min of wait make 14:01:30."""
    table = read_client(client(tmp_path, DURATIONS, log_csv=LOG)).tables["contacts"]

    assert table["answer_ts"].dt.strftime("%H:%M:%S").to_list()[:1] == ["14:01:30"]
    assert table["abandon_ts"].dt.strftime("%H:%M:%S").to_list()[1:] == ["15:00:40"]
    assert table[["answer_ts", "abandon_ts"]].isna().to_numpy().tolist() == [[False, True], [True, False]]


def test_a_mean_is_a_sum_of_times_over_a_count_and_unknown_over_none(tmp_path):
    """(3600 + 180 + 540) s over 18 answered are 240 s; over 0 answered nobody knows."""
    mapping = """\
format: 1
tables:
  - table: intervals
    files: [cms.csv]
    date_format: "%m/%d/%Y %H%M"
    columns:
      interval_start: {from: [ROW_DATE, STARTTIME]}
      offered: {from: CALLSOFFERED}
      answered: {from: ACDCALLS}
      aht_s: {from: ACDTIME, plus: [{from: HOLDTIME}, {from: ACWTIME}], divided_by: ACDCALLS}
"""
    cms = (
        "ROW_DATE,STARTTIME,CALLSOFFERED,ACDCALLS,ACDTIME,HOLDTIME,ACWTIME\n"
        "6/13/2024,900,20,18,3600,180,540\n6/13/2024,930,2,0,0,0,0\n"
    )
    table = read_client(client(tmp_path, mapping, cms_csv=cms)).tables["intervals"]

    assert table["aht_s"].iloc[0] == 240
    assert pd.isna(table["aht_s"].iloc[1])


def test_a_shift_over_midnight_ends_the_next_day_in_the_zone_of_its_row(tmp_path):
    """22:00 to 02:00 in Lisbon are four hours; the zone stands in a column."""
    mapping = """\
format: 1
tables:
  - table: schedule
    files: [wfm.csv]
    date_format: "%d.%m.%Y %H:%M"
    time_zone_column: Time zone
    columns:
      agent_id: {from: Agent}
      activity_code: {from: State}
      start: {from: [Date, Start]}
      end: {from: [Date, End], next_day_if_before: start}
"""
    wfm = (
        "Agent,Time zone,Date,State,Start,End\n"
        "ag1,Europe/Lisbon,13.06.2024,on_queue,22:00,02:00\n"
        "ag2,Europe/Berlin,13.06.2024,on_queue,22:00,23:00\n"
    )
    table = read_client(client(tmp_path, mapping, wfm_csv=wfm)).tables["schedule"]

    assert table["start"].dt.strftime("%d %H:%M").to_list() == ["13 21:00", "13 20:00"]
    assert ((table["end"] - table["start"]).dt.total_seconds() / 3600).to_list() == [4, 1]


def test_a_sheet_below_a_title_is_read_with_its_own_row_numbers(tmp_path):
    """The header stands in row 3; the problem of the fifth row is reported as row 5."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Auswertung"
    for row in (
        ["Monthly export"],
        [],
        ["When", "Id", "Score"],
        ["2024-06-13 09:00", "e1", "0.5"],
        ["never", "e2", "9"],
    ):
        sheet.append(row)
    book.save(tmp_path / "qa.xlsx")
    mapping = """\
format: 1
tables:
  - table: contacts
    files: [qa.xlsx]
    sheet: Auswertung
    header_row: 3
    columns: {contact_id: {from: Id}, offered_ts: {from: When}, talk_s: {from: Score, unit: hours}}
"""
    folder = client(tmp_path, mapping)

    assert read_client(folder).tables["contacts"]["talk_s"].to_list() == [1800]
    assert any("row 5" in line and '"never"' in line for line in said(folder))


def test_parquet_with_types_is_mapped_without_being_read_as_text(tmp_path):
    """Whole minutes as numbers, times as times."""
    frame = pd.DataFrame({"id": ["a"], "at": pd.to_datetime(["2024-06-13 09:00"]), "talk": [2]})
    frame.to_parquet(tmp_path / "log.parquet")
    mapping = (
        "format: 1\ntables:\n  - table: contacts\n    files: [log.parquet]\n    columns:\n"
        "      contact_id: {from: id}\n      offered_ts: {from: at}\n      talk_s: {from: talk, unit: minutes}\n"
    )
    row = read_client(client(tmp_path, mapping)).tables["contacts"].iloc[0]

    assert (str(row["offered_ts"]), row["talk_s"]) == ("2024-06-13 07:00:00+00:00", 120)


def test_a_doubtful_column_is_reported_until_somebody_confirms_it(tmp_path):
    """confirmed: false is said at every reading, with the guess and its reason; true ends it."""
    doubtful = GERMAN.replace(
        "unit: minutes}", "unit: minutes, confirmed: false, confidence: 0.55, why: no unit is said}"
    )
    before = said(client(tmp_path, doubtful, calls_csv=CALLS))
    after = said(client(tmp_path, doubtful.replace("confirmed: false", "confirmed: true"), calls_csv=CALLS))

    assert any(
        "Gespräch is taken for talk_s with a confidence of 0.55 (no unit is said)" in line for line in before
    )
    assert not any("is taken for" in line for line in after)


def test_a_file_that_is_not_there_and_one_outside_the_folder_are_not_read(tmp_path):
    """A mapping reads in its own folder; what it names and nobody delivered is said."""
    outside = tmp_path / "outside.csv"
    outside.write_text(CALLS, encoding="utf-8")
    folder = tmp_path / "client"
    folder.mkdir()
    lines = said(client(folder, GERMAN.replace("[calls.csv]", "[../outside.csv, absent.csv]")))

    assert any("No readable file is called ../outside.csv, absent.csv" in line for line in lines)
    assert "contacts" not in examine(folder).tables


def test_every_mistake_of_a_mapping_is_said_at_once_with_the_nearest_name(tmp_path):
    """Five mistakes, five lines, none of them a traceback."""
    content = {
        "format": 1,
        "tables": [
            {"table": "contact", "files": ["a.csv"], "columns": {}},
            {
                "table": "contacts",
                "files": ["a.csv"],
                "time_zone": "Berlin",
                "columns": {
                    "talk": {"from": "T"},
                    "hold_s": {"from": "H", "unit": "percent"},
                    "queue": {"from": "Q", "value": "x"},
                },
            },
        ],
    }
    with pytest.raises(DataError) as caught:
        parse_mapping(content)

    lines = str(caught.value).splitlines()
    assert lines[0] == "mapping.yaml: 5 mistakes"
    assert 'there is no table "contact". Did you mean "contacts"?' in lines[1]
    assert '"Berlin" is not a time zone' in lines[2]
    assert 'contacts has no column "talk". Did you mean "talk_s"?' in lines[3]
    assert "percent does not fit hold_s" in lines[4]
    assert "both or neither of `from` and `value`" in lines[5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tables: [", "is not YAML"),
        ("format: 2\ntables: []\n", "format 2 is newer than this workbench reads"),
        ("format: 1\ntabels: []\n", 'Did you mean "tables"?'),
        (GERMAN.replace("unit: minutes", "unit: minuets"), 'Did you mean "minutes"?'),
        (GERMAN.replace("unit: minutes", "units: minutes"), 'Did you mean "unit"?'),
        (GERMAN.replace("    files: [calls.csv]\n", ""), "files: is missing"),
        ("", "is empty"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_where_and_what_instead(tmp_path, text, message):
    """Whatever is wrong with the file ends in a sentence that names it."""
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match=r"mapping\.yaml") as caught:
        load_mapping(path)
    assert message in str(caught.value)


def test_a_mapping_survives_being_written_and_read_again(tmp_path):
    """Defaults stay out of the file; what comes back is the same."""
    mapping = load_mapping(client(tmp_path, GERMAN) / "mapping.yaml")

    assert parse_mapping(dump_mapping(mapping)) == mapping


@pytest.mark.parametrize(
    ("cell", "unit", "seconds"),
    [
        ("95", "seconds", 95), ("1,5", "minutes", 90), ("2", "hours", 7200), ("1500", "milliseconds", 1.5),
        ("0.5", "days", 43_200), ("3:20", "mm:ss", 200), ("61:05", "mm:ss", 3665), ("1:02:03", "mm:ss", 3723),
        ("1:02:03", "hh:mm:ss", 3723), ("2 days 01:00:00", "hh:mm:ss", 176_400), ("-0:00:10", "hh:mm:ss", -10),
        ("0:01:30", "seconds", 90),
    ],
)  # fmt: skip
def test_a_duration_is_read_in_its_unit(cell, unit, seconds):
    """Hand-worked values of every unit; colons mean what they say even where a number was expected."""
    assert convert.seconds(pd.Series([cell]), unit).iloc[0] == pytest.approx(seconds)


@pytest.mark.parametrize("cell", ["3:75", "1:75:00", "soon", "1:2:3:4", "12-30"])
def test_what_is_no_duration_is_unreadable_and_not_zero(cell):
    """It is told apart from an empty cell."""
    cells = pd.Series([cell, "", None])

    assert convert.unreadable(cells, convert.seconds(cells, "mm:ss")).to_list() == [True, False, False]


@pytest.mark.parametrize(
    ("cell", "unit", "share"),
    [
        ("85", "percent", 0.85),
        ("85 %", "fraction", 0.85),
        ("0.85", "fraction", 0.85),
        ("7,5%", "percent", 0.075),
    ],
)
def test_a_percent_sign_means_percent_whatever_the_unit_says(cell, unit, share):
    """A bare number is in the unit of the mapping."""
    assert convert.fraction(pd.Series([cell]), unit).iloc[0] == pytest.approx(share)


@given(st.integers(0, 359_999))
def test_a_clock_says_the_seconds_that_were_written_into_it(whole):
    """h:mm:ss and back, for everything below a hundred hours."""
    written = f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"

    assert convert.seconds(pd.Series([written]), "hh:mm:ss").iloc[0] == whole


@given(st.lists(st.text(max_size=12), min_size=1, max_size=5), st.sampled_from(UNITS[:7]))
def test_no_text_whatever_breaks_the_reading_of_durations(cells, unit):
    """Anything may stand in a cell; it is a number of seconds or it is nothing."""
    read = convert.seconds(pd.Series(cells, dtype="str"), unit)

    assert len(read) == len(cells)
    assert str(read.dtype) == "float64"
