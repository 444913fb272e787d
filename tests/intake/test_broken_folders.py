"""Does every way in which a folder can be broken meet a clear message, and none a traceback?"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from workbench import cli
from workbench.errors import DataError
from workbench.intake.period import Period
from workbench.intake.read import read_client
from workbench.intake.text_file import read_text_file

CLIENT = "format: 1\nid: acme\nname: Acme, a fictional client\ntime_zone: Europe/Berlin\n"
HEADER = "contact_id,offered_ts,answer_ts,talk_s"
GOOD = f"{HEADER}\nc1,2024-06-03 09:00,2024-06-03 09:01,95\nc2,2024-06-04 10:00,,\n"


def write(folder: Path, name: str, content: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


def rows(*lines: str, header: str = HEADER) -> Callable[[Path], None]:
    return lambda folder: write(folder, "contacts.csv", "\n".join([header, *lines, ""]))


def contacts(content: str | bytes, name: str = "contacts.csv") -> Callable[[Path], None]:
    return lambda folder: write(folder, name, content)


def beside_good(name: str, content: str | bytes, **others: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        write(folder, "contacts.csv", GOOD)
        write(folder, name, content)
        for table, text in others.items():
            write(folder, f"{table}.csv", text)

    return make


def client(text: str) -> Callable[[Path], None]:
    return beside_good("client.yaml", text)


def a_folder_for_a_file(folder: Path) -> None:
    (folder / "contacts.csv").mkdir()


def a_folder_for_the_client(folder: Path) -> None:
    write(folder, "contacts.csv", GOOD)
    (folder / "client.yaml").unlink()
    (folder / "client.yaml").mkdir()


def parquet_of_other_types(folder: Path) -> None:
    frame = pd.DataFrame({"contact_id": [1, 2], "offered_ts": [True, False], "talk_s": [[1], [2]]})
    frame.to_parquet(folder / "contacts.parquet")


def half_a_parquet(folder: Path) -> None:
    pd.DataFrame({"contact_id": ["a"]}).to_parquet(folder / "contacts.parquet")
    path = folder / "contacts.parquet"
    path.write_bytes(path.read_bytes()[:-40])


def sheet_without_headers(folder: Path) -> None:
    openpyxl.Workbook().save(folder / "contacts.xlsx")


def half_a_workbook(folder: Path) -> None:
    sheet_without_headers(folder)
    path = folder / "contacts.xlsx"
    path.write_bytes(path.read_bytes()[:2000])


def a_workbook_called_csv(folder: Path) -> None:
    sheet_without_headers(folder)
    (folder / "contacts.xlsx").rename(folder / "contacts.csv")


def two_files_for_one_table(folder: Path) -> None:
    write(folder, "contacts.csv", GOOD)
    write(folder, "contacts.csv.gz", gzip.compress(GOOD.encode()))


def agent_states(*lines: str) -> Callable[[Path], None]:
    return beside_good("agent_state.csv", "\n".join(["agent_id,state,start,end", *lines, ""]))


STATES = "a1,available,2024-06-03 09:00,2024-06-03 10:00"
GZ = gzip.compress(GOOD.encode() * 50)

BROKEN: dict[str, tuple[Callable[[Path], None], int, tuple[str, ...]]] = {
    "nothing in it": (lambda folder: None, 1, ("no table and no answer", "contacts.csv")),
    "a file of 0 bytes": (contacts(b""), 1, ("contacts.csv", "0 bytes", "Export it again")),
    "blanks alone": (contacts(b"\n\n  \n"), 1, ("contacts.csv", "nothing but blanks")),
    "a header alone": (contacts(f"{HEADER}\n"), 1, ("contacts.csv", "a header and no rows")),
    "a folder where a file should be": (a_folder_for_a_file, 1, ("contacts.csv", "is a folder where a file")),
    "a truncated gzip": (contacts(GZ[:60], "contacts.csv.gz"), 1, ("contacts.csv.gz", "cut off or damaged")),
    "no gzip at all": (contacts(b"\x1f\x8bnot gzip", "contacts.csv.gz"), 1, ("contacts.csv.gz", "damaged")),
    "binary": (contacts(b"contact_id,offered_ts\n\x00\x01\x02\xff\n"), 1, ("contacts.csv", "is not text")),
    "a Parquet with other types": (
        parquet_of_other_types, 1, ("contacts.parquet row 2, offered_ts", '"True" is not a time'),
    ),
    "half a Parquet": (half_a_parquet, 1, ("contacts.parquet", "is not a whole Parquet file")),
    "a workbook without headers": (sheet_without_headers, 1, ("contacts.xlsx", "has no headers")),
    "half a workbook": (half_a_workbook, 1, ("contacts.xlsx", "not a whole Excel workbook")),
    "a workbook called CSV": (a_workbook_called_csv, 1, ("contacts.csv", "an Excel workbook under another name")),
    "no column that is needed": (
        rows("c1,09:00", header="contact_id,when"), 1, ("offered_ts", "without which no row", '"when" is not a column'),
    ),
    "no headers": (rows(header="c1,2024-06-03 09:00,,95"), 1, ("contact_id", "without which no row")),
    "every row unusable": (rows("c1,09:61,,", "c2,soon,,"), 1, ("no row that can be used", '"09:61" is not a time')),
    "client.yaml of another format": (client("format: 2\nid: a\nname: b\n"), 1, ("client.yaml", "format 2 is newer")),
    "client.yaml that is no YAML": (client("id: [acme\nname: x"), 1, ("client.yaml: line", "is not YAML")),
    "client.yaml that is empty": (client(""), 1, ("client.yaml", "is empty")),
    "client.yaml that is a list": (client("- acme\n"), 1, ("client.yaml", "names with values")),
    "client.yaml in UTF-16": (
        beside_good("client.yaml", CLIENT.encode("utf-16")), 1, ("client.yaml", "is not UTF-8"),
    ),
    "client.yaml with a field misspelt": (
        client(CLIENT + "currencyy: EUR\n"), 1, ("nobody knows currencyy", 'Did you mean "currency"'),
    ),
    "client.yaml with several mistakes": (
        client("id: a\nname: b\ntime_zone: Berlin\ncurrency: euro\nphase: never\n"), 1,
        ('"Berlin" is not a time zone', '"euro" is not a currency', "before implementation"),
    ),
    "client.yaml without a name": (client("format: 1\nid: acme\n"), 1, ("name is missing",)),
    "client.yaml with a term out of bounds": (
        client(CLIENT + "sla_terms: [{target: 80}]\n"), 1, ("sla_terms[1].target", '"80" is out of bounds'),
    ),
    "client.yaml that is a folder": (a_folder_for_the_client, 1, ("client.yaml", "is a folder")),
    "two files for one table": (two_files_for_one_table, 1, ("the table contacts comes twice", "contacts.csv.gz")),
    "mapping.yaml of a table that nobody knows": (
        lambda folder: write(
            folder, "mapping.yaml", "format: 1\ntables: [{table: contact, files: [x.csv], columns: {}}]\n"
        ), 1, ('Did you mean "contacts"',),
    ),
    "answers.yaml that is no list": (
        lambda folder: write(folder, "answers.yaml", "format: 1\nanswers: HC-1\n"), 1, ("answers has to be a list",),
    ),
    "answers.yaml of another format": (
        lambda folder: write(folder, "answers.yaml", "format: 9\nanswers: []\n"), 1, ("format 9 is newer",),
    ),
    # usable all the same
    "Windows-1252": (
        contacts(f"{HEADER},queue\nc1,2024-06-03 09:00,,,Rückfragen\n".encode("cp1252")), 0,
        ("is not UTF-8 (line 2)", "Windows-1252"),
    ),
    "UTF-16": (contacts(GOOD.encode("utf-16")), 0, ("UTF-16", "2 of 2 rows used")),
    "a byte-order mark": (contacts(GOOD.encode("utf-8-sig")), 0, ("2 of 2 rows used",)),
    "semicolons and decimal commas": (
        contacts(GOOD.replace(",", ";").replace("95", "95,5")), 0,
        ("2 of 2 rows used",),
    ),
    "a table misnamed": (beside_good("contact.csv", GOOD), 0, ("contact.csv", 'Did you mean "contacts"')),
    "a column misnamed": (rows("c1,2024-06-03 09:00,,5", header="contact_id,offered_ts,answer_ts,talks_s"), 0,
                          ('"talks_s" is not a column', 'Did you mean "talk_s"')),
    "a column twice": (
        rows("c1,2024-06-03 09:00,,5,9", header=f"{HEADER},talk_s"), 0,
        ('two columns are called "talk_s"',),
    ),
    "a row cut short": (
        rows("c1,2024-06-03 09:00,,5", "c2,2024-06-03"), 0,
        ("row 3", "has 2 cells where the header has 4"),
    ),
    "a negative duration": (
        rows("c1,2024-06-03 09:00,,-5", "c2,2024-06-03 09:00,,5"), 0,
        ("row 2, talk_s", '"-5" is negative'),
    ),
    "answered before offered": (
        rows("c1,2024-06-03 09:00,2024-06-03 08:00,5", "c2,2024-06-03 09:00,,5"), 0,
        ('"2024-06-03 08:00:00" is before offered_ts "2024-06-03 09:00:00"',),
    ),
    "a row twice": (
        rows("c1,2024-06-03 09:00,,5", "c1,2024-06-03 09:00,,5"), 0,
        ("repeats row 2", "1 of 2 rows used"),
    ),
    "a key twice": (
        rows("c1,2024-06-03 09:00,,5", "c1,2024-06-03 09:30,,5"), 0,
        ("stands in row 2 with other values",),
    ),
    "mixed time zones": (
        rows("c1,2024-06-03 09:00,,5", "c2,2024-06-03T09:00:00Z,,5"), 0,
        ("1 of 2 times say no offset",),
    ),
    "an hour that does not exist": (rows("c1,2024-03-31 02:30,,5"), 0, ("does not exist in Europe/Berlin",)),
    "an hour that comes twice": (rows("c1,2024-10-27 02:30,,5"), 0, ("comes twice in Europe/Berlin",)),
    "day or month first": (
        rows("c1,3/4/2024 09:00,,5", "c2,2024-06-03 09:00,,5"), 0,
        ("the day or the month first",),
    ),
    "a year that is wrong": (
        rows(*(f"c{n},2024-06-{n:02d} 09:00,,5" for n in range(1, 9)), "d,2042-06-03 09:00,,5"), 0,
        ('"2042-06-03" is after today', "more than 31 days from the other rows"),
    ),
    "overlapping states": (
        agent_states(STATES, "a1,break,2024-06-03 09:30,2024-06-03 09:45"), 0,
        ("agent_state.csv row 3", "is before row 2 of the same agent_id has ended"),
    ),
    "a state that nobody is in": (
        beside_good("agent_state.csv", f"agent_id,state,start,end\n{STATES}\n", hris="agent_id\na2\n"), 0,
        ('"a1" is in no row of hris',),
    ),
    "a code that nobody knows": (
        beside_good("hris.csv", "agent_id,role\na1,chief\na2,tl\n"), 0,
        ('"chief" is not one of agent, TL', "1 of 2 rows"),
    ),
    "an answer that is no answer": (
        beside_good("answers.yaml", "answers: [HC-1, {item: HC-2, sied: buyer, side: buyer, answer: 6}]\n"), 0,
        ('"HC-1" is not an answer', 'Did you mean "side"', '"6" is above 5'),
    ),
    "judgements that are no YAML": (
        beside_good("judgements.yaml", "a: [\n"), 0,
        ("judgements.yaml: line", "is not YAML"),
    ),
    "a review that is no review": (beside_good("reviews/2024-05.json", "{"), 0, ("reviews/2024-05.json",)),
    "a compressed review that is none": (
        beside_good("reviews/2024-05.json.gz", "{}"), 0, ("reviews/2024-05.json.gz", "is not a released review"),
    ),
}  # fmt: skip


def check(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run ``workbench check`` in this process and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["workbench", "check", *words])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    return int(exit_.value.code or 0)


@pytest.mark.parametrize("name", BROKEN)
def test_broken_folder_meets_a_clear_message(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each message says where, what came and what to do; the exit code says whether it is usable."""
    make, code, gist = BROKEN[name]
    write(tmp_path, "client.yaml", CLIENT)
    make(tmp_path)

    said = check(monkeypatch, str(tmp_path))
    out = capsys.readouterr()

    assert code == said, out.out
    for part in gist:
        assert part in out.out
    assert "Traceback" not in out.out + out.err


def test_all_folders_and_all_problems_are_shown_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that cannot be used does not hide the problems of the next."""
    for name in ("one", "two"):
        write(tmp_path / name, "client.yaml", "id: a\nname: b\ntime_zone: Nowhere\n")
        write(tmp_path / name, "contacts.csv", f"{HEADER}\nc1,09:61,,-5\n")

    assert check(monkeypatch, str(tmp_path / "one"), str(tmp_path / "two")) == 1

    out = capsys.readouterr().out
    for part in ('"Nowhere" is not a time zone', '"09:61" is not a time', '"-5" is negative'):
        assert out.count(part) >= 2


def test_json_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """--json prints one object a path, with counts of rows and the problems grouped."""
    rows("c1,2024-06-03 09:00,,5", *(f"d{n},2024-06-03 09:00,,-{n}" for n in range(1, 21)))(tmp_path)

    assert check(monkeypatch, str(tmp_path), "--json") == 0

    (said,) = json.loads(capsys.readouterr().out)
    aside = [problem for problem in said["problems"] if problem["severity"] == "set aside"]
    assert said["tables"] == {"contacts": {"read": 21, "used": 1}}
    assert [(problem["column"], problem["n"], len(problem["examples"])) for problem in aside] == [
        ("talk_s", 20, 3)
    ]


@pytest.mark.parametrize("words", [["no/such/folder"], []])
def test_wrong_call_exits_with_2(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path that is not there, or none at all, is a mistake of the call and not of the data."""
    assert check(monkeypatch, *words) == 2
    assert capsys.readouterr().err


def test_a_period_without_a_row_is_refused_and_not_scored(tmp_path: Path) -> None:
    """Meetings of June 2024 say nothing of January 2030: unknown is not zero."""
    (tmp_path / "client.yaml").write_text("format: 1\nid: a\nname: A\n", encoding="utf-8")
    (tmp_path / "gov_meeting.csv").write_text(
        "forum,date_planned,date_held\nweekly,2024-06-03,2024-06-03\nweekly,2024-06-10,2024-06-10\n",
        encoding="utf-8",
    )

    with pytest.raises(DataError, match="no row lies in 1–31 January 2030; the data run 3–10 June 2024"):
        read_client(tmp_path, Period.parse("2030-01"))


def test_questions_without_an_answer_are_nothing_to_assess(tmp_path: Path) -> None:
    """A folder as it was just made is not usable."""
    (tmp_path / "client.yaml").write_text("format: 1\nid: a\nname: A\n", encoding="utf-8")
    (tmp_path / "answers.yaml").write_text(
        "format: 1\nanswers:\n  - {item: HC-1, respondent: r1, role: lead, side: buyer, answer: null}\n",
        encoding="utf-8",
    )

    with pytest.raises(DataError, match="none of the 1 questions is answered"):
        read_client(tmp_path)


def test_a_windows_header_keeps_its_umlaut(tmp_path: Path) -> None:
    """Only the header holds a sign beyond ASCII, in Windows-1252."""
    path = tmp_path / "x.csv"
    path.write_bytes("id;Gesprächszeit\n1;2\n".encode("cp1252"))

    table = read_text_file(path, header_row=1, encoding=None, delimiter=None, inferred=None)

    assert list(table.frame.columns) == ["id", "Gesprächszeit"]


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Run ``workbench`` in this process and return its exit code and what it printed."""
    monkeypatch.setattr(sys, "argv", ["workbench", *words])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    return int(exit_.value.code or 0), capsys.readouterr().out


def not_read(folder: Path) -> None:
    """A roster that is no text, answers that are no YAML, and two weeks of meetings."""
    write(folder, "client.yaml", CLIENT)
    write(folder, "hris.csv", bytes(range(256)) * 8)
    write(folder, "answers.yaml", "format: 1\nanswers: [unclosed\n")
    meetings = "".join(f"weekly,2024-06-{day:02d},2024-06-{day:02d}\n" for day in (3, 10, 17, 24))
    write(folder, "gov_meeting.csv", f"forum,date_planned,date_held\n{meetings}")


def test_what_came_and_cannot_be_read_is_said_in_front_and_not_called_undelivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file and its fault lead; neither the table nor the answers are asked for as if nobody had sent them."""
    not_read(tmp_path)
    code, out = run(monkeypatch, capsys, "assess", str(tmp_path))
    told = " ".join(out.split())

    assert 0 == code
    assert (
        "hris.csv: is not text, whatever its name says. Export it as CSV."
        in told.partition("What matters")[0]
    )
    assert "answers.yaml: line 3: is not YAML" in told.partition("What matters")[0]
    assert "hris: delivered, could not be read: hris.csv is not text" in told
    assert "questionnaire: delivered, could not be read: answers.yaml line 3: is not YAML" in told
    assert "the table hris, which was not delivered" not in told
    assert "side answered" not in told
    assert "Evidence is at hand for" in told
    assert "of 100 on what is known" not in told

    _, out = run(monkeypatch, capsys, "assess", str(tmp_path), "--json")
    (one,) = json.loads(out)

    assert ["hris.csv", "answers.yaml"] == [line.partition(":")[0] for line in one["not_usable"]]
    assert "needs hris (delivered, could not be read" in " ".join(one["not_assessed"].values())
    assert "; delivered, could not be read: hris" in " ".join(
        e["reason"] for e in one["scores"]["VL-3"]["evidence"]
    )


AHEAD = {
    "hris.csv": "agent_id,start_date,term_date\nA1,2017-07-18,\nA2,2019-02-01,2023-10-12\n",
    "gov_meeting.csv": "forum,date_planned,date_held\nweekly,2091-03-04,2091-03-04\nweekly,2091-03-11,\n",
    "answers.yaml": "format: 1\nanswers:\n- {item: HC-1, side: buyer, role: lead, answer: 4, date: 2091-03-01}\n",
}


def test_no_period_is_taken_from_the_days_of_a_roster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All else lies in the future: the period is asked for, and given, what lies ahead is not assessed."""
    for name, text in {"client.yaml": CLIENT, **AHEAD}.items():
        write(tmp_path, name, text)
    code, out = run(monkeypatch, capsys, "assess", str(tmp_path))
    told = " ".join(out.split())

    assert 1 == code
    assert "gov_meeting.csv: all its dates lie in the future (4–11 March 2091)" in told
    assert "only hris carries days that can be used" in told
    assert "--period 2024-06" in told

    code, out = run(monkeypatch, capsys, "assess", str(tmp_path), "--period", "2023-09", "--json")
    (one,) = json.loads(out)

    assert 0 == code
    assert "needs gov_meeting (delivered, but all its dates lie in the future" in one["not_assessed"]["GOV-4"]
    assert not [f for f in one["findings"] if "held" in f["statement"]]


def test_other_tables_come_before_the_roster_for_the_period(tmp_path: Path) -> None:
    """Hired in 2017, met in June 2024: the delivery is about June 2024."""
    write(tmp_path, "hris.csv", AHEAD["hris.csv"])
    write(tmp_path, "gov_meeting.csv", AHEAD["gov_meeting.csv"].replace("2091-03", "2024-06"))

    assert "4–11 June 2024" == str(read_client(tmp_path).period)
