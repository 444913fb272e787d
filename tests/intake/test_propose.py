"""Is the export of a known system recognised, and is what is doubtful called doubtful?"""

from __future__ import annotations

import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from typer.testing import CliRunner

from workbench.cli import app
from workbench.errors import CallError, DataError, UnknownName
from workbench.intake import map_file
from workbench.intake.headers import synonyms
from workbench.intake.looks import look
from workbench.intake.mapping import load_mapping, parse_mapping
from workbench.intake.propose import propose
from workbench.intake.read import read_client
from workbench.intake.recipes import DERIVED
from workbench.intake.spec import table_specs

CXONE = """\
Contact_ID,Master_Contact_ID,Media_Name,ANI_Dialnum,Skill_No,Skill_Name,Agent_No,Team,Start_Date,Start_Time,PreQueue,\
InQueue,Agent_Time,Abandon,ACW_Seconds,Active_Talk_Time
1001,1001,Call,5550100,7,orders,118,T1,06/13/2024,09:00:00,10,25,200,N,40,180
1002,1002,Call,5550101,7,orders,,T1,06/13/2024,09:05:00,10,95,0,Y,0,0
"""
FIVE9 = """\
CALL ID,TIMESTAMP,CAMPAIGN,SKILL,AGENT,DISPOSITION,QUEUE WAIT TIME,TALK TIME,HOLD TIME,AFTER CALL WORK TIME,ABANDONED
1,06/13/2024 09:00:00,retail,sales,ada,Sale,00:00:25,00:03:20,00:00:00,00:00:40,0
2,06/14/2024 10:00:00,retail,sales,,Abandon,00:01:25,00:00:00,00:00:00,00:00:00,1
"""
AVAYA = """\
ROW_DATE,STARTTIME,SPLIT,CALLSOFFERED,ACDCALLS,ABNCALLS,ACDTIME,ACWTIME,HOLDTIME,ANSTIME,ACCEPTABLE,SERVICELEVEL,\
I_STAFFTIME,I_AVAILTIME,I_ACWTIME
13/06/2024,900,orders,20,18,2,3600,540,180,360,15,20,9000,3000,700
13/06/2024,1030,orders,10,10,0,1800,300,0,60,10,20,9000,3000,700
"""
ZENDESK = """\
ticket_id,created_at,assigned_at,reply_time_in_minutes,full_resolution_time_in_minutes,on_hold_time_in_minutes,reopens
11,2024-06-13T09:00:00Z,2024-06-13T09:01:00Z,35,500,5,0
12,2024-06-13T09:30:00Z,2024-06-13T09:31:00Z,12,30,0,1
"""
TALKDESK = """\
Interaction ID,Start Time,Wait Time,Talk Time,Hold Time,Agent ID,Ring Group,Disposition,Abandoned
x1,2024-06-13 09:00:00,20,180,5,a1,orders,Done,No
x2,2024-06-13 09:10:00,75,0,0,,orders,,Yes
"""
GENESYS = """\
Interval Start,Interval End,Queue Name,Media Type,Offer,Answer,Abandon,Flow-Out,Avg Handle,Service Level %
13/06/2024 09:00,13/06/2024 09:30,orders,voice,20,18,2,0,00:04:00,80%
"""
WFM = """\
Site,Time zone,Team,Agent,Date,Schedule State,Start Time,End Time,Duration,Paid Hours
Lisboa,Europe/Lisbon,A,ag1,13.06.2024,On Queue,22:00,02:00,4:00,4.0
Lisboa,Europe/Lisbon,A,ag1,14.06.2024,Break,02:00,02:15,0:15,0.25
"""


def export(text: str) -> pd.DataFrame:
    frame = pd.read_csv(io.StringIO(text), dtype="str")
    return frame.set_axis(pd.RangeIndex(2, 2 + len(frame), name="row"), axis=0)


def proposed(text: str, table: str | None = None) -> dict[str, str]:
    """What a proposal takes each column from, in words."""
    entry = propose(export(text), "export.csv", table).entry
    return {name: map_file.said_source(mapped) for name, mapped in entry.columns.items()}


@pytest.mark.parametrize(
    ("text", "table", "some"),
    [
        (CXONE, "contacts", {"queue": "Skill_Name", "acw_s": "ACW_Seconds (seconds)", "agent_id": "Agent_No"}),
        (FIVE9, "contacts", {"talk_s": "TALK TIME (hh:mm:ss)", "contact_id": "CALL ID", "queue": "SKILL"}),
        (AVAYA, "intervals", {"offered": "CALLSOFFERED", "answered_in_T": "ACCEPTABLE",
                              "aht_s": "ACDTIME + HOLDTIME + ACWTIME / ACDCALLS (seconds)"}),
        (ZENDESK, "contacts", {"contact_id": "ticket_id", "wait_s": "reply_time_in_minutes (minutes)"}),
        (TALKDESK, "contacts", {"queue": "Ring Group", "wait_s": "Wait Time (seconds)"}),
        (GENESYS, "intervals", {"offered": "Offer", "aht_s": "Avg Handle (hh:mm:ss)", "flow_out": "Flow-Out"}),
        (WFM, "schedule", {"agent_id": "Agent", "start": "Date Start Time (%d.%m.%Y %H:%M)"}),
    ],
)  # fmt: skip
def test_the_export_of_a_known_system_is_recognised_without_naming_it(text, table, some):
    """The headers that the systems document, with values as they write them."""
    proposal = propose(export(text), "export.csv")

    assert proposal.entry.table == table
    assert proposal.missing == ()
    assert some.items() <= proposed(text).items()


def test_start_and_durations_are_put_together_and_abandons_kept_apart():
    """CXone gives a start, the menu and the queue; answered is who was not abandoned."""
    columns = proposed(CXONE)

    assert columns["offered_ts"] == "Start_Date Start_Time (%m/%d/%Y %H:%M:%S)"
    assert columns["answer_ts"].startswith("Start_Date Start_Time + PreQueue + InQueue, unless Abandon is Y")
    assert columns["abandon_ts"].startswith("Start_Date Start_Time + PreQueue + InQueue, where Abandon is Y")


@pytest.mark.parametrize(
    ("text", "column", "doubt"),
    [
        (ZENDESK, "answer_ts", "no column says which were abandoned"),
        (
            "contact_id,offered_ts,talk\n1,2024-06-13 09:00,95\n2,2024-06-13 09:30,80\n",
            "talk_s",
            "no unit is said",
        ),
        ("contact_id,offered_ts,talk_s\n1,03/04/2024 09:00,95\n", "offered_ts", "day or the month first"),
        ("contact_id,offered_ts,hold_s\n1,2024-06-13 09:00,2:30\n", "hold_s", "m:ss, unless it is h:mm"),
        ("contact_id,offered_ts,direction\n1,2024-06-13 09:00,IN\n", "direction", "its codes were guessed"),
    ],
)
def test_what_is_doubtful_is_not_confirmed_and_says_why(text, column, doubt):
    """A guess with a doubt about it is never surer than 0.7, and the person decides."""
    mapped = propose(export(text), "export.csv", "contacts").entry.columns[column]

    assert not mapped.confirmed
    assert doubt in mapped.why


def test_of_two_ways_to_read_a_date_the_one_without_gaps_is_proposed():
    """3 and 4 June lie closer together than 6 March and 6 April; it is still to be confirmed."""
    text = "contact_id,offered_ts\n1,06/03/2024 09:00\n2,06/04/2024 09:00\n"
    mapped = propose(export(text), "export.csv", "contacts").entry.columns["offered_ts"]

    assert mapped.date_format == "%m/%d/%Y %H:%M"
    assert not mapped.confirmed


def test_values_that_contradict_a_header_win_over_it():
    """A column called talk_s that holds names is not proposed as a duration."""
    text = "contact_id,offered_ts,talk_s\n" + "".join(f"{n},2024-06-13 09:00,agent {n}\n" for n in range(40))

    assert "talk_s" not in proposed(text, "contacts")


def test_columns_that_are_nothing_of_the_table_are_listed_and_kept_as_known():
    """Nobody has to wonder at the next delivery what they are."""
    proposal = propose(export(CXONE), "export.csv")

    assert [header for header, _ in proposal.not_mapped] == ["Skill_No", "Team", "Agent_Time"]
    assert proposal.entry.not_used == ("Skill_No", "Team", "Agent_Time")


def test_what_a_table_cannot_do_without_is_named_when_nothing_was_found_for_it():
    """Headers in a language nobody taught it leave gaps that are said."""
    proposal = propose(
        export("Anruf,Startzeit,Talk time (min)\n1,13.06.2024 09:00,3.5\n"), "x.csv", "contacts"
    )

    assert proposal.missing == ("contact_id", "offered_ts")
    assert map_file.said_source(proposal.entry.columns["talk_s"]) == "Talk time (min) (minutes)"
    assert any(
        "Nothing was found for contact_id, offered_ts" in remark for remark in map_file.remarks(proposal)
    )


def test_an_export_that_looks_like_nothing_and_a_table_that_is_none_are_refused():
    """The first lists its columns, the second suggests a name."""
    with pytest.raises(DataError, match="Columns: Zorg, Blip"):
        propose(export("Zorg,Blip\n1,2\n"), "x.csv")
    with pytest.raises(UnknownName, match='Did you mean "contacts"'):
        propose(export(CXONE), "x.csv", "contact")


def test_every_synonym_is_of_a_column_that_exists():
    """A step ("@…") is used by a recipe, everything else is in the tables."""
    steps = {step for _, step in DERIVED} | {"@abandoned", "@answered", "@hold_total", "@acw_total", "@zone"}

    for synonym in synonyms():
        known = {column.name for column in table_specs()[synonym.table].columns} | steps
        assert synonym.column in known, synonym


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["2024-06-13 09:00", "2024-06-13T10:00:00Z"], "timestamp"), (["13.06.24", "14.06.24"], "date"),
        (["1718269200", "1718269260"], "timestamp"), (["0:35", "12:01"], "clock"), (["80%", "75 %"], "percent"),
        (["1.234,5", "0,5"], "number"), (["yes", "No"], "flag"), (["0", "1"], "number"), (["", "n/a"], "empty"),
        (["IN", "OUT", "IN"], "code"), ([f"agent {n}" for n in range(40)], "name"),
    ],
)  # fmt: skip
def test_values_are_known_by_their_looks(cells, kind):
    """One look for each kind that decides about a mapping."""
    assert look(pd.Series(cells)).kind == kind


def test_the_command_writes_a_mapping_that_reads_the_very_file(tmp_path):
    """Proposed, written, read: two contacts, one of them abandoned; a second export is added below."""
    (tmp_path / "cxone.csv").write_text(CXONE)
    (tmp_path / "wfm.csv").write_text(WFM)
    out = tmp_path / "mapping.yaml"
    for name in ("cxone.csv", "wfm.csv"):
        result = CliRunner().invoke(app, ["map", str(tmp_path / name), "--out", str(out)])
        assert result.exit_code == 0, result.output

    dataset = read_client(tmp_path)
    assert dataset.tables["contacts"]["wait_s"].to_list() == [25, 95]
    assert dataset.tables["contacts"]["abandon_ts"].notna().to_list() == [False, True]
    assert len(dataset.tables["schedule"]) == 2
    assert "confirmed" in out.read_text()


def test_the_command_prints_yaml_alone_and_explains_beside_it(tmp_path):
    """What comes on standard output can be saved as it is."""
    path = tmp_path / "five9.csv"
    path.write_text(FIVE9)
    result = CliRunner().invoke(app, ["map", str(path)])

    printed = parse_mapping(YAML(typ="safe", pure=True).load(result.stdout))
    assert printed.tables[0].table == "contacts"
    assert (
        "Doubtful" in result.stderr
        or "Not mapped" in result.stderr
        or "five9.csv as contacts" in result.stderr
    )


def test_what_somebody_wrote_into_a_mapping_stays_when_an_entry_is_added(tmp_path):
    """Comments survive; the same file twice is refused."""
    (tmp_path / "a.csv").write_text(CXONE)
    (tmp_path / "b.csv").write_text(WFM)
    out = tmp_path / "mapping.yaml"
    map_file.write_entry(map_file.propose_file(tmp_path / "a.csv").entry, out)
    out.write_text(out.read_text().replace("tables:", "tables:  # agreed with Ada (fictional), 14 June"))
    map_file.write_entry(map_file.propose_file(tmp_path / "b.csv").entry, out)

    assert "agreed with Ada" in out.read_text()
    assert [entry.table for entry in load_mapping(out).tables] == ["contacts", "schedule"]
    with pytest.raises(CallError, match=r"maps a\.csv to contacts already"):
        map_file.write_entry(map_file.propose_file(tmp_path / "a.csv").entry, out)


GERMAN = """\
Anruf-ID;Datum;Uhrzeit;Warteschlange;Wartezeit;Gesprächsdauer;Agent;Angenommen
1001;13.06.2024;08:01:12;Hotline;12;4,5;Ada;ja
1002;13.06.2024;08:05:10;Hotline;95;;;nein
"""


def test_a_german_export_is_read_with_day_and_clock_in_two_columns(tmp_path):
    """Who was not answered (Angenommen: nein) gave up after the wait; 4,5 without a unit is hardly seconds."""
    (tmp_path / "anrufe.csv").write_text(GERMAN, encoding="utf-8")
    entry = map_file.propose_file(tmp_path / "anrufe.csv").entry

    assert "contacts" == entry.table
    assert ("Datum", "Uhrzeit") == tuple(entry.columns["offered_ts"].source)
    assert {"Angenommen": ("nein",)} == {k: tuple(v) for k, v in entry.columns["abandon_ts"].only_if.items()}
    assert not entry.columns["talk_s"].confirmed
    assert "minutes?" in entry.columns["talk_s"].why

    (tmp_path / "mapping.yaml").write_text(map_file.as_yaml(entry), encoding="utf-8")
    contacts = read_client(tmp_path).tables["contacts"]
    assert [12.0] == (contacts["answer_ts"] - contacts["offered_ts"]).dt.total_seconds().dropna().tolist()
    assert [95.0] == (contacts["abandon_ts"] - contacts["offered_ts"]).dt.total_seconds().dropna().tolist()


def test_a_talk_time_with_its_unit_in_the_header_is_not_doubted():
    """Small seconds are possible; who names the unit is believed."""
    export = pd.DataFrame(
        {"Call ID": ["1"], "Date": ["2024-06-13"], "Time": ["09:00"], "Talk Time (sec)": ["4.5"]}
    )

    assert propose(export, "x.csv").entry.columns["talk_s"].confirmed


def test_a_file_that_is_not_there_or_holds_no_table_is_refused(tmp_path):
    """Both in a sentence that says what to do."""
    (tmp_path / "notes.docx").write_text("x")

    with pytest.raises(CallError, match="There is no file"):
        map_file.propose_file(tmp_path / "absent.csv")
    with pytest.raises(CallError, match="no CSV, Excel workbook or Parquet"):
        map_file.propose_file(tmp_path / "notes.docx")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=14), st.sampled_from(["1,5", "9:61", "31.02.2024"]))))
def test_any_column_has_a_look(cells):
    """Looking at values never breaks, whatever somebody typed into them."""
    seen = look(pd.Series(cells, dtype="object"))

    assert 0 <= seen.filled <= 1
    assert (seen.kind == "empty") == (seen.example == "")
