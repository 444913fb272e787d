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
from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.assess import assess as assess_dataset
from workbench.diagnostics.doubt import doubts, tornado
from workbench.diagnostics.suppliers import supplier_checks
from workbench.intake.read import read_client
from workbench.reports.readers import weights_of_health
from workbench.resources import folder

KEYS = ["format", "client", "period", "not_usable", "total", "areas", "scores", "findings", "order_of_repair",
        "gates", "judgements", "not_assessed", "not_applicable", "narrowing", "weights", "doubts",
        "tornado"]  # fmt: skip


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
    said = " ".join(out.split())
    for words in ("Quietbrook Travel, 1 March – 30 April 2024", "between critical and good", "All together",
                  "How sure", "Missing evidence leaves", "Other weights", "What moves it most",
                  "What matters most", "1. ", "Decisions asked for", "What we do not know",
                  "needs contacts"):  # fmt: skip
        assert words in said
    first = (
        "What matters most",
        "What we do not know",
        "Decisions asked for",
        "Scores",
        "How sure",
        "not assessed",
    )
    assert list(first) == sorted(first, key=said.rindex)  # what is to be done before the statistics behind it
    assert (
        "the routine that turns figures into decisions (FIX-3)" in said
    )  # why a decision stands where it stands


def test_two_diagnostics_that_ask_for_the_same_ask_once(assess: Any, client: Path) -> None:
    """HC-2 and GOV-2 both want an owner for the weekly forum: that is one decision and one step of repair."""
    _, out, _ = assess(client)
    _, told, _ = assess(client, "--json")
    steps = json.loads(told)[0]["order_of_repair"]

    assert 1 == out.count("Give the weekly forum")
    assert [["GOV-2", "HC-2"]] == [
        s["findings"] for s in steps if s["remedy"].startswith("Give the weekly forum")
    ]


def test_no_fact_stands_twice_in_front(assess: Any, client: Path) -> None:
    """Two diagnostics that rest on the weekly meetings are one of the three findings that matter."""
    _, out, _ = assess(client)

    assert 1 == out.count("Weekly meetings held as planned")


def test_three_decisions_are_asked_for_each_once_with_who_takes_it(assess: Any, client: Path) -> None:
    """Each ends with side, step and the item behind it."""
    _, out, _ = assess(client)
    asked = out.split("Decisions asked for")[1].split("\n\n")[0]

    assert ["1.", "2.", "3."] == re.findall(r"^\d\.", asked, re.MULTILINE)
    ends = re.findall(r"\[(?:buyer|vendor|both\s+sides),\s+[a-z ]+,\s+[A-Z]+-[0-9A-Za-z]+\]", asked)
    assert 3 == len(set(ends)), asked


def test_json_says_how_often_weights_change_the_band_and_what_moves_the_total(
    assess: Any, client: Path
) -> None:
    """Both come from the functions that the report uses, with draws and seed; unknown is null, never NaN."""
    _, out, _ = assess(client, "--json")
    (one,) = json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    told = assess_one(client)
    expected, moves = doubts(told, seed=1), tornado(told, 12)

    total = one["doubts"]["scopes"][0]
    assert ("total", 2000, 1) == (total["scope"], one["doubts"]["draws"], one["doubts"]["seed"])
    assert expected.scopes["band_kept"][0] == total["band_kept"]
    assert list(expected.ranking["rank_kept"]) == [row["rank_kept"] for row in one["doubts"]["ranking"]]
    assert expected.order_kept == one["doubts"]["order_kept"]
    assert moves.to_dict("records") == one["tornado"]
    assert one["total"]["low"] <= total["weights_low"] <= total["weights_high"] <= one["total"]["high"]


def assess_one(client: Path) -> Assessment:
    """Return the assessment with the weights of every report."""
    return assess_dataset(read_client(client), None, weights_of_health())


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


def test_weights_may_be_given_as_comparisons(assess: Any, client: Path, tmp_path: Path) -> None:
    """2, 3 and 6 contradict nothing: weights 6, 3 and 1 of 10, scaled to a mean of 1; the ratio is stated."""
    file = tmp_path / "weights.yaml"
    pairs = "- [governance, exposures, 2]\n- [exposures, handoffs, 3]\n- [governance, handoffs, 6]\n"
    file.write_text(f"format: 1\ncomparisons:\n{pairs}")
    _, out, _ = assess(client, "--json", "--only", "GOV-1,EXP-6,HO-6", "--weights", file)
    (one,) = json.loads(out)
    _, told, _ = assess(client, "--only", "GOV-1,GOV-2", "--weights", file)

    assert {"exposures": 0.9, "governance": 1.8, "handoffs": 0.3} == pytest.approx(one["weights"]["areas"])
    assert 0 == pytest.approx(one["weights"]["consistency_ratio"], abs=1e-9)
    assert "consistency ratio 0.00" in " ".join(told.split())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("comparisons: [[governance, exposures, 5], [exposures, handoffs, 5], [handoffs, governance, 5]]",
         "contradict one another: their consistency ratio is"),
        ("comparisons: [[governance, exposures, 5], [exposures, handoffs, 5]]", "missing: governance against handoffs"),
        ("comparisons: [[govenance, exposures, 5]]", 'Did you mean "governance"?'),
        ("comparisons: [[governance, exposures, 12]]", "Accepted: 1/9 to 9"),
        ("comparisons: [[governance, exposures, 2], [exposures, governance, 2]]", "came twice"),
        ("areas: {governance: 2}\ncomparisons: [[governance, exposures, 2]]", "both areas and comparisons came"),
        ("format: 1\nareas: {govenance: 2}", 'no area called "govenance". Did you mean "governance"?'),
        ("format: 1\ndiagnostics: {HC2: 2}", 'no diagnostic called "HC2". Did you mean "HC-2"?'),
        ("format: 1\nareas: {governance: heavy}", '"heavy" is not accepted'),
        ("format: 1\nareas: {governance: -1}", "The weight of governance is -1"),
        ("format: 1\nweights: {}", "nobody knows weights"),
        ("format: 2", "newer than this workbench reads"),
        ("areas: [", "is not YAML"),
    ],
)  # fmt: skip
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
