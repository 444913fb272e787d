"""Does a new client get a folder that any file system takes, and that nothing is ever written over?"""

from __future__ import annotations

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from workbench.cli import app
from workbench.diagnostics.questions import owner_questions, question_bank
from workbench.errors import CallError, UnknownName
from workbench.intake.answers import known_owners
from workbench.intake.client_file import read_client_file
from workbench.intake.new_client import LONGEST, RESERVED, Asked, folder_name, new_client
from workbench.intake.read import examine
from workbench.intake.spec import table_specs

QUESTION = Asked(
    "HC-1", 'Is there one owner: "the" person?', ("buyer", "vendor"), ("nobody", "several", "one")
)


def test_the_blank_tables_are_those_of_the_pack_and_have_the_columns_of_the_specs(tmp_path):
    """Pack B asks for an interval export, the roster, evaluations, meetings and actions."""
    folder = new_client("Harbour Lines (fictional)", tmp_path, "B")

    blank = {path.stem: path for path in (folder / "blank").iterdir()}
    assert set(blank) == {"intervals", "hris", "qa_eval", "gov_meeting", "gov_action"}
    for name, path in blank.items():
        with path.open(encoding="utf-8-sig", newline="") as handle:
            assert next(csv.reader(handle)) == [column.name for column in table_specs()[name].columns]


@pytest.mark.parametrize(("pack", "tables"), [("A", 0), ("B", 5), ("C", len(table_specs()) - 2)])
def test_each_pack_holds_what_was_asked_for_before_it(tmp_path, pack, tables):
    """A asks for the questionnaire alone, C for every table."""
    folder = new_client("Harbour", tmp_path, pack)

    assert len(list(folder.glob("blank/*.csv"))) == tables
    assert (folder / "answers.yaml").is_file()


def test_the_new_folder_can_be_read_at_once_and_its_blanks_are_no_problem(tmp_path):
    """Nothing in it is an error; unanswered questions are rows without an answer."""
    dataset = examine(new_client("Harbour", tmp_path, "C", [QUESTION]))

    assert dataset.client.name == "Harbour"
    assert dataset.tables["survey"]["side"].to_list() == ["buyer", "vendor"]
    assert dataset.tables["survey"]["answer"].isna().all()
    assert not dataset.problems["severity"].isin(["unusable", "set aside"]).any()
    assert not dataset.problems["file"].str.contains("blank").any()


def test_the_sheet_describes_every_column_that_is_asked_for(tmp_path):
    """Whoever fills a blank table finds its columns in the same folder."""
    sheet = (new_client("Harbour", tmp_path, "B") / "README.md").read_text(encoding="utf-8")

    for name in ("intervals", "hris", "qa_eval"):
        assert all(f"| `{column.name}` |" in sheet for column in table_specs()[name].columns)


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path):
    """The second call is refused, and what somebody filled in is still there."""
    folder = new_client("Harbour", tmp_path)
    (folder / "client.yaml").write_text("mine")

    with pytest.raises(CallError, match="exists already and is left as it is"):
        new_client("Harbour", tmp_path)
    assert (folder / "client.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../x", "x"), ("CON", "client-con"), ("com1", "client-com1"), ("Müller & Söhne", "muller-sohne"),
        ("C:\\Windows\\x", "c-windows-x"), ("a" * 300, None), ("🦊", None), ("株式会社", None), (". .", None),
        ("name\nwith: lines # and \"quotes\"", "name-with-lines-and-quotes"), ("-rf", "rf"), ("~", None),
    ],
)  # fmt: skip
def test_an_odd_name_gets_a_safe_folder_inside_out_and_stays_the_clients_name(tmp_path, name, expected):
    """The folder lies in `out` itself; client.yaml still says what the client is called."""
    folder = new_client(name, tmp_path)

    assert folder.parent == tmp_path
    assert expected in (None, folder.name)
    assert len(folder.name) <= LONGEST
    assert read_client_file(folder / "client.yaml").name == " ".join(name.split())


def test_two_names_that_have_no_letters_get_two_folders(tmp_path):
    """A fox and an owl are not the same client."""
    assert new_client("🦊", tmp_path) != new_client("🦉", tmp_path)


@given(st.text(min_size=1, max_size=400))
def test_any_name_becomes_a_folder_name_that_every_system_takes(name):
    """Letters, digits and dashes, neither reserved nor long, and the same for the same name."""
    safe = folder_name(name)

    assert safe == folder_name(name)
    assert set(safe) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert safe
    assert safe not in RESERVED
    assert not safe.startswith("-")
    assert len(safe) <= LONGEST


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=80).filter(lambda name: name.strip()))
def test_any_name_makes_a_client_yaml_that_can_be_read(tmp_path_factory, name):
    """Quotes, control characters, colons and hashes do not break the file."""
    folder = new_client(name, tmp_path_factory.mktemp("clients"), "A")
    printable = "".join(c for c in " ".join(name.split()) if c.isprintable())

    if printable:
        assert read_client_file(folder / "client.yaml").name == printable


def test_an_empty_name_and_an_unknown_pack_are_refused(tmp_path):
    """Neither leaves anything behind."""
    with pytest.raises(CallError, match="needs a name"):
        new_client("  ", tmp_path)
    with pytest.raises(UnknownName, match='no data pack called "D"'):
        new_client("Harbour", tmp_path, "D")
    assert list(tmp_path.iterdir()) == []


def test_the_command_asks_every_question_of_the_bank(tmp_path):
    """One blank answer for each side that is asked."""
    result = CliRunner().invoke(app, ["new-client", "Harbour", "--out", str(tmp_path), "--pack", "A"])
    folder = tmp_path / "harbour"

    assert 0 == result.exit_code
    survey = examine(folder).tables["survey"]

    wanted = {(question.item, side) for question in question_bank().values() for side in question.sides}
    assert set(zip(survey["item_id"], survey["side"], strict=True)) == wanted
    named = known_owners(folder / "answers.yaml")
    assert {(q.item, side) for q in owner_questions().values() for side in q.sides} == {
        (o.item, o.side) for o in named
    }
    assert {""} == {o.owner for o in named}
    assert "owner_answer" not in examine(folder).tables
