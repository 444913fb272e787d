"""`workbench assess`: what a consultant sees first, and what a program reads."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import call
from workbench import errors
from workbench.diagnostics.suppliers import supplier_checks
from workbench.resources import folder

KEYS = ["format", "client", "period", "total", "areas", "scores", "findings", "judgements", "not_assessed",
        "not_applicable", "narrowing", "weights"]  # fmt: skip


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """The example client who delivered little, where it may be written to."""
    return Path(shutil.copytree(folder("example") / "quietbrook_travel", tmp_path / "quietbrook"))


@pytest.fixture
def assess(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command; gives exit code, output and errors."""

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setenv("COLUMNS", "80")
        code = call(monkeypatch, "assess", *map(str, words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_terminal_shows_bounds_findings_and_what_is_not_known(assess: Any, client: Path) -> None:
    """All of it within 80 columns."""
    code, out, _ = assess(client)

    assert errors.DONE == code
    assert max(map(len, out.splitlines())) <= 80
    for words in ("Quietbrook Travel, 1 March – 30 April 2024", "Between critical and good", "All together",
                  "What matters most", "1. ", "To do: ", "What we do not know", "needs contacts"):  # fmt: skip
        assert words in out


def test_no_fact_stands_twice_in_front(assess: Any, client: Path) -> None:
    """Two diagnostics that rest on the weekly meetings are one of the three findings that matter."""
    _, out, _ = assess(client)

    assert 1 == out.count("Weekly meetings held as planned")


def test_json_has_its_keys_and_the_rows_behind_a_finding(assess: Any, client: Path) -> None:
    """A list with one object a client; a finding's evidence names the rows that are wrong."""
    code, out, _ = assess(client, "--json", "--only", "HC-2,GOV-2")
    (one,) = json.loads(out)

    assert errors.DONE == code
    assert list(one) == KEYS
    assert list(one["scores"]) == ["HC-2", "GOV-2"]
    assert one["period"] == ["2024-03-01", "2024-04-30"]
    evidence = one["findings"][0]["evidence"][0]
    assert (evidence["table"], len(evidence["rows"])) == ("gov_meeting", evidence["n_rows"])
    assert evidence["n_rows"] > 0


def test_supplier_names_the_checks_for_any_supplier(assess: Any, client: Path) -> None:
    """Nothing that only a contact centre has."""
    _, out, _ = assess(client, "--json", "--only", "supplier")

    assert list(supplier_checks()) == list(json.loads(out)[0]["scores"])


def test_a_file_of_weights_changes_the_total(assess: Any, client: Path, tmp_path: Path) -> None:
    """With governance alone the total is that area's score."""
    file = tmp_path / "weights.yaml"
    file.write_text("format: 1\nareas: {governance: 3, partnership health: 0}\ndiagnostics: {GOV-2: 0}\n")
    _, out, _ = assess(client, "--json", "--only", "HC-2,GOV-2,GOV-1", "--weights", file)
    (one,) = json.loads(out)

    assert one["total"]["value"] == one["areas"]["governance"]["value"] == one["scores"]["GOV-1"]["value"]
    assert one["weights"]["areas"] == {"governance": 3.0, "partnership health": 0.0}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("format: 1\nareas: {govenance: 2}", 'no area called "govenance". Did you mean "governance"?'),
        ("format: 1\ndiagnostics: {HC2: 2}", 'no diagnostic called "HC2". Did you mean "HC-2"?'),
        ("format: 1\nareas: {governance: heavy}", '"heavy" is not accepted'),
        ("format: 1\nareas: {governance: -1}", "The weight of governance is -1"),
        ("format: 1\nweights: {}", "nobody knows weights"),
        ("format: 2", "newer than this workbench reads"),
        ("areas: [", "is not YAML"),
    ],
)
def test_a_weights_file_that_is_wrong_is_a_wrong_call(
    assess: Any, client: Path, tmp_path: Path, text: str, sentence: str
) -> None:
    """Said before a client is read."""
    file = tmp_path / "weights.yaml"
    file.write_text(text)
    code, out, err = assess(client, "--weights", file)

    assert (errors.WRONG_CALL, "") == (code, out)
    assert sentence in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--only", "HC2"], 'There is no diagnostic called "HC2". Did you mean "HC-2"?'),
        (["--period", "June"], '"June" is not a period'),
        (["--weights", "nowhere.yaml"], "There is no file nowhere.yaml"),
    ],
)
def test_a_wrong_word_is_a_wrong_call(assess: Any, client: Path, words: list[str], sentence: str) -> None:
    """With what is accepted."""
    code, _, err = assess(client, *words)

    assert errors.WRONG_CALL == code
    assert sentence in err


def test_a_client_whose_data_fail_leaves_the_others_whole(assess: Any, client: Path, tmp_path: Path) -> None:
    """Exit 1; the other client's figures are there."""
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "client.yaml").write_text("format: 1\nid: e\nname: E\ntime_zone: Mars\n")
    code, out, _ = assess(empty, client, "--json", "--only", "GOV-2")
    failed, whole = json.loads(out)

    assert errors.DATA_FAILED == code
    assert failed["client"]["id"] == "empty"
    assert '"Mars" is not a time zone' in failed["error"]
    assert whole["scores"]["GOV-2"]["value"] is not None


def test_a_client_that_is_not_there_is_a_wrong_call(assess: Any) -> None:
    """Nothing is read."""
    code, _, err = assess("no-such-folder")

    assert errors.WRONG_CALL == code
    assert '"no-such-folder"' in err


def test_a_judgement_is_shown_beside_the_computed_score(assess: Any, client: Path) -> None:
    """Both values, reason and author; a mistake in the file is told and stops nothing."""
    (client / "judgements.yaml").write_text(
        "format: 1\njudgements:\n"
        "  - {code: GOV-2, verdict: override, score: 88, reason: minutes found, author: A. Lind, date: 2024-05-02}\n"
        "  - {code: GOV-22, verdict: accept, reason: yes, author: A. Lind, date: 2024-05-02}\n"
    )
    code, out, _ = assess(client, "--only", "GOV-2")
    _, data, _ = assess(client, "--only", "GOV-2", "--json")
    (one,) = json.loads(data)
    computed = one["scores"]["GOV-2"]["value"]

    assert errors.DONE == code
    plain = " ".join(out.split())
    assert (
        f"GOV-2: computed {computed:.0f}, judged 88; overridden by A. Lind, 2024-05-02: minutes found"
        in plain
    )
    assert 'no diagnostic called "GOV-22"' in plain
    assert (computed, 88.0) == tuple(one["judgements"]["scores"][0][k] for k in ("computed", "judged"))
    assert one["judgements"]["total"]["value"] == 88.0
    assert one["total"]["value"] == computed


def test_the_page_documents_every_key_of_the_json() -> None:
    """In the order in which they come."""
    page = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "assess-a-client.md"
    rows = re.findall(r"^\| `(\w+)` \|", page.read_text(encoding="utf-8"), re.M)

    assert rows == KEYS
