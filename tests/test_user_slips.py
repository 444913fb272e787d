"""What a first user stumbled over: each command says what is the case, and what to do next."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from tests.test_cli import call
from workbench import errors
from workbench.diagnostics.questions import question_bank
from workbench.intake.new_client import Asked, new_client
from workbench.resources import folder

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """The example client who delivered little, where it may be written to."""
    return Path(shutil.copytree(folder("example") / "quietbrook_travel", tmp_path / "quietbrook"))


def run(monkeypatch: pytest.MonkeyPatch, capsys: Captured, *words: object) -> tuple[int, str, str]:
    code = call(monkeypatch, *map(str, words))
    said = capsys.readouterr()
    return code, said.out, said.err


def test_request_and_assess_tell_the_same_bounds_and_points(
    client: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """The letter weighs as every report does."""
    _, letter, _ = run(monkeypatch, capsys, "request", client)
    _, out, _ = run(monkeypatch, capsys, "assess", client, "--json")
    (one,) = json.loads(out)

    low, high = re.search(r"between (\d+) and (\d+) of 100", letter).groups()  # type: ignore[union-attr]
    assert (f"{one['total']['low']:.0f}", f"{one['total']['high']:.0f}") == (low, high)
    first = one["narrowing"][0]
    assert f"| 1 | {first['table']} |" in letter
    assert f"| {first['points']:.1f} |" in letter


def test_check_takes_the_period_that_it_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """A table without any day: refused with --period as the way out, and --period is one."""
    (tmp_path / "client.yaml").write_text("format: 1\nid: e\nname: E\n")
    (tmp_path / "ownership.csv").write_text("subject,role,raci\nHO-1,WFM,A\n")

    code, out, _ = run(monkeypatch, capsys, "check", tmp_path)
    assert errors.DATA_FAILED == code
    assert "--period 2024-06" in out

    code, out, _ = run(monkeypatch, capsys, "check", tmp_path, "--period", "2024-06")
    assert errors.DONE == code
    assert "NOT USABLE" not in out
    assert errors.WRONG_CALL == run(monkeypatch, capsys, "check", tmp_path, "--period", "June")[0]


def test_an_unanswered_questionnaire_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Questions are counted by their answers, not by their rows."""
    questions = [Asked(q.item, q.text, q.sides, q.anchors) for q in list(question_bank().values())[:5]]
    made = new_client("Harbour", tmp_path, "A", questions)
    _, out, _ = run(monkeypatch, capsys, "check", made)
    _, told, _ = run(monkeypatch, capsys, "check", made, "--json")

    assert "rows used" not in out
    assert re.search(r"survey: 0 of \d+ questions answered", out)
    assert 0 == json.loads(told)[0]["questions_answered"]


def test_a_file_that_is_no_questionnaire_takes_no_answers(
    client: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """What is wrong with it, and that answers.yaml is as it was; never "0 answers"."""
    junk = client / "junk.xlsx"
    junk.write_text("not a workbook")
    before = (client / "answers.yaml").read_bytes()

    code, out, err = run(monkeypatch, capsys, "questionnaire", client, "--read", junk)

    assert (errors.DATA_FAILED, "") == (code, out)
    assert "Nothing was read" in err
    assert "junk.xlsx: is not an Excel workbook" in err
    assert before == (client / "answers.yaml").read_bytes()


def test_a_csv_has_no_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Said, not ignored."""
    file = tmp_path / "calls.csv"
    file.write_text("offered_ts,queue\n2024-06-03 08:00,billing\n")
    code, _, err = run(monkeypatch, capsys, "map", file, "--sheet", "June")

    assert errors.WRONG_CALL == code
    assert 'calls.csv has no sheets; --sheet "June" came' in err


MISTYPED = "offerd,anwsered,queu,agnt,tlk time\n2024-06-03 08:00,2024-06-03 08:01,billing,A1,120\n"


def test_mistyped_headings_are_no_small_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """One word that is like one of a table of two columns does not make the file that table."""
    file = tmp_path / "calls.csv"
    file.write_text(MISTYPED)
    code, out, err = run(monkeypatch, capsys, "map", file)
    named, entry, _ = run(monkeypatch, capsys, "map", file, "--table", "contacts")

    assert (errors.DATA_FAILED, "") == (code, out)
    assert "queu (like queue)" in err
    assert "Nearest: contacts" in err
    assert errors.DONE == named
    assert "table: contacts" in entry
    assert "from: tlk time" in entry


def test_sections_without_figures_say_where_figures_are(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """An empty table is no answer."""
    code, out, _ = run(monkeypatch, capsys, "method", "--section", "HC", "--register")

    assert errors.DONE == code
    assert "No figure, owner or cadence of the register begins with HC" in out
    assert "STAT" in out
    assert "what it says" not in out


def test_a_new_client_is_told_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Which file to fill in, and the command that follows, with the folder as the shell takes it."""
    where = tmp_path / "our clients"
    code, out, _ = run(monkeypatch, capsys, "new-client", "Harbour Lines", "--out", where)

    assert errors.DONE == code
    assert f"Made: {where / 'harbour-lines'}" in out
    assert str(where / "harbour-lines" / "client.yaml") in out
    assert f"workbench check '{where / 'harbour-lines'}'" in out
    assert (where / "harbour-lines" / "README.md").exists()
    assert pd.read_csv(where / "harbour-lines" / "blank" / "hris.csv").empty


@pytest.mark.parametrize("command", ["staff", "plan"])
def test_a_file_where_a_folder_is_meant_is_said_before_anything_is_computed(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Else a folder called plan.xlsx would hold the plan."""
    code, _, said = run(monkeypatch, capsys, command, "small", "--out", tmp_path / "plan.xlsx")

    assert code == 2
    assert "a folder is meant" in said
    assert not list(tmp_path.iterdir())
