"""Does a client folder become tables, whatever its files are?"""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from workbench.errors import CallError, DataError, SourceConflict
from workbench.intake import client_file, source, yaml_file
from workbench.intake.read import read_client
from workbench.intake.source import SOURCES, Raw, source_for
from workbench.intake.sources.folder import Folder

CLIENT = "format: 1\nid: acme\nname: Acme, a fictional client\ntime_zone: Europe/Berlin\n"
CONTACTS = "contact_id,offered_ts,talk_s\n007,2024-06-03 09:00,95\n008,2024-06-04 10:00,5.5\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "client.yaml").write_text(CLIENT)
    return tmp_path


def workbook(path: Path, **sheets: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_every_kind_of_file_says_the_same(folder: Path) -> None:
    """CSV, gzipped CSV, semicolons, tabs, Parquet and Excel of the same rows make the same table."""
    frame = pd.DataFrame(
        {"contact_id": ["007", "008"], "offered_ts": pd.to_datetime(["2024-06-03 09:00", "2024-06-04 10:00"]),
         "talk_s": [95, 5.5]}
    )  # fmt: skip
    rows = [list(frame.columns), *frame.astype({"offered_ts": "object"}).to_numpy("object").tolist()]
    makers = {
        "contacts.csv": lambda path: path.write_text(CONTACTS),
        "contacts.tsv": lambda path: path.write_text(CONTACTS.replace(",", "\t")),
        "CONTACTS.CSV": lambda path: path.write_text(CONTACTS.replace(",", ";")),
        "contacts.csv.gz": lambda path: path.write_bytes(gzip.compress(CONTACTS.encode())),
        "contacts.txt": lambda path: path.write_bytes(CONTACTS.replace("\n", "\r\n").encode("utf-16")),
        "contacts.parquet": frame.to_parquet,
        "contacts.xlsx": lambda path: workbook(path, Sheet1=rows),
        "export.xlsx": lambda path: workbook(path, notes=[["read me"]], contacts=rows),
    }
    tables = {}
    for name, make in makers.items():
        make(folder / name)
        tables[name] = read_client(folder).tables["contacts"]
        (folder / name).unlink()

    first = tables["contacts.csv"]
    assert first["contact_id"].tolist() == ["007", "008"]
    assert first["talk_s"].tolist() == [95.0, 5.5]
    assert first["offered_ts"].dt.strftime("%H:%M").tolist() == ["07:00", "08:00"]
    for table in tables.values():
        pd.testing.assert_frame_equal(first, table)


def test_rows_are_counted_as_a_spreadsheet_counts(folder: Path) -> None:
    """A blank line is a row, and a cell with a line break in it is one row."""
    text = 'contact_id,offered_ts,disposition\nc1,2024-06-03 09:00,"two\nlines"\n\nc2,2024-06-03 10:00,\n'
    (folder / "contacts.csv").write_text(text)
    table = read_client(folder).tables["contacts"]

    assert table.index.tolist() == [2, 4]
    assert table["disposition"].iloc[0] == "two\nlines"


def test_inputs_are_hashed(folder: Path) -> None:
    """SHA-256 of every file that was read, by name; a file that is nobody's is not among them."""
    (folder / "contacts.csv").write_text(CONTACTS)
    (folder / "holiday.jpg").write_bytes(b"x")
    inputs = read_client(folder).provenance.inputs

    assert dict(inputs) == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("client.yaml", "contacts.csv")
    }


def test_survey_and_answers_are_one_table(folder: Path) -> None:
    """survey.csv and answers.yaml both hold answers; each row knows its file."""
    (folder / "survey.csv").write_text("item_id,side,answer\nHC-1,buyer,4\n")
    (folder / "answers.yaml").write_text("format: 1\nanswers:\n  - {item: HC-2, side: vendor, answer: 2}\n")
    dataset = read_client(folder)
    survey = dataset.tables["survey"]

    assert survey["item_id"].tolist() == ["HC-1", "HC-2"]
    assert [dataset.provenance.located("survey", row) for row in survey.index] == [
        ("survey.csv", 2), ("answers.yaml", 3),
    ]  # fmt: skip


def test_what_is_no_table_comes_along(folder: Path) -> None:
    """Judgements, commentary, actions and released reviews."""
    (folder / "contacts.csv").write_text(CONTACTS)
    (folder / "judgements.yaml").write_text("format: 1\nHC-1: {score: 70, why: seen}\n")
    (folder / "commentary.md").write_text("We met twice.")
    (folder / "actions.csv").write_text("id,owner\n1,WFM\n")
    (folder / "reviews").mkdir()
    (folder / "reviews" / "2024-05.json").write_text('{"score": 61}')
    extras = read_client(folder).extras

    assert extras["judgements"] == {"format": 1, "HC-1": {"score": 70, "why": "seen"}}
    assert extras["commentary"] == "We met twice."
    assert extras["actions"]["owner"].tolist() == ["WFM"]  # type: ignore[index]
    assert extras["reviews"] == {"2024-05": {"score": 61}}


def test_mapping_brings_in_a_clients_own_export(folder: Path) -> None:
    """What mapping.yaml names is read through it, and is no unknown file."""
    (folder / "dump.csv").write_text("Id;When\n1;2024-06-03 09:00\n")
    (folder / "mapping.yaml").write_text(
        "format: 1\ntables:\n- table: contacts\n  files: [dump.csv]\n"
        "  columns: {contact_id: {from: Id}, offered_ts: {from: When}}\n"
    )
    dataset = read_client(folder)

    assert dataset.tables["contacts"]["contact_id"].tolist() == ["1"]
    assert not dataset.problems["message"].str.contains("is not used").any()


def test_folder_without_client_file_is_assumed(tmp_path: Path) -> None:
    """The name of the folder stands for the client, and everything assumed is listed."""
    (tmp_path / "north_wind").mkdir()
    (tmp_path / "north_wind" / "contacts.csv").write_text(CONTACTS)
    client = read_client(tmp_path / "north_wind").client

    assert (client.id, client.name, client.time_zone) == ("north_wind", "north wind", "UTC")
    assert any("UTC" in assumed for assumed in client.assumed)


def test_single_file_is_a_client(tmp_path: Path) -> None:
    """contacts.csv alone, beside other files that are not looked at."""
    (tmp_path / "contacts.csv").write_text(CONTACTS)
    (tmp_path / "hris.csv").write_text("agent_id\na1\n")

    assert set(read_client(tmp_path / "contacts.csv").tables) == {"contacts"}


def test_single_file_of_other_columns_is_nobodys(tmp_path: Path) -> None:
    """Called contacts.csv and headed otherwise: another source may know it; if none does, that is said."""
    (tmp_path / "contacts.csv").write_text("when,what\n1,2\n")

    with pytest.raises(DataError, match="nothing here knows how to read it"):
        source_for(tmp_path / "contacts.csv")


def test_nothing_there_is_a_wrong_call(tmp_path: Path) -> None:
    """A path that does not exist is no matter of data."""
    with pytest.raises(CallError, match="no file or folder"):
        read_client(tmp_path / "nowhere")


def test_unusable_folder_says_every_reason(folder: Path) -> None:
    """Client and table are both wrong, and both are said."""
    (folder / "client.yaml").write_text("format: 1\nid: acme\n")
    (folder / "contacts.csv").write_text("")

    with pytest.raises(DataError) as raised:
        read_client(folder)
    assert "name is missing" in str(raised.value)
    assert "0 bytes" in str(raised.value)


def test_two_sources_that_accept_one_path_are_both_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can say which is right, so neither is used."""

    class Greedy:
        name, title = "greedy", "everything"

        def accepts(self, path: Path) -> bool:
            return True

        def read(self, path: Path) -> Raw:
            raise AssertionError

    monkeypatch.setattr(source, "SOURCES", (Folder(), Greedy()))
    with pytest.raises(SourceConflict, match="folder and greedy"):
        source_for(folder)


def test_every_source_is_found_by_name() -> None:
    """The catalogue looks into the folder of sources."""
    assert {"folder", "bank_log", "amazon_connect"} <= set(SOURCES.names())


def test_older_format_is_migrated_step_by_step(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Format 0 called the zone otherwise; it is read as format 1 says it."""

    def from_0(content: dict[str, object]) -> dict[str, object]:
        return {("time_zone" if name == "timezone" else name): value for name, value in content.items()}

    monkeypatch.setitem(client_file.MIGRATIONS, 0, from_0)
    (folder / "client.yaml").write_text("format: 0\nid: acme\nname: Acme\ntimezone: Asia/Manila\n")

    assert client_file.read_client_file(folder / "client.yaml").time_zone == "Asia/Manila"


def test_older_format_that_nobody_knows_is_refused(folder: Path) -> None:
    """There has never been a format -1."""
    (folder / "client.yaml").write_text("format: -1\nid: acme\nname: Acme\n")

    with pytest.raises(DataError, match="format -1 is unknown"):
        yaml_file.load_yaml(folder / "client.yaml", "a client")
