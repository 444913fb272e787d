"""Is the list of the method whole, and is everything that claims to serve it really tested?"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.conftest import taken_out
from workbench import coverage, resources
from workbench.catalogue import serves
from workbench.cli import app
from workbench.coverage import Claim
from workbench.errors import UnknownName

ROOT = Path(__file__).resolve().parents[1]
METHOD = ROOT.parent / "shared" / "METHOD.md"
REGISTER = tuple(item.id for item in coverage.items().values() if item.kind == "register")


# ---- the list -------------------------------------------------------------------------------


def ids_of_the_method() -> dict[str, str]:
    """The ids of METHOD.md in their order, with what its source column says."""
    found: dict[str, str] = {}
    numbered = False
    for line in METHOD.read_text(encoding="utf-8").splitlines():
        numbered = numbered or line.startswith("## 1.")  # section 0 holds conventions, not items
        row = re.match(r"\| ([A-Z]+-[A-Z]?\d*[a-z]?) \| (.*?) \|", line)
        if numbered and row:
            assert row[1] not in found, f"{row[1]} stands twice in METHOD.md"
            found[row[1]] = row[2]
    return found


@pytest.mark.skipif(not METHOD.exists(), reason="METHOD.md is not beside this checkout")
def test_the_list_holds_every_id_of_the_method_and_no_other() -> None:
    """The ids of method.csv are those of METHOD.md, in the same order."""
    assert list(ids_of_the_method()) == list(coverage.items())


@pytest.mark.skipif(not METHOD.exists(), reason="METHOD.md is not beside this checkout")
def test_every_item_names_the_sources_that_the_method_names() -> None:
    """S1 in the method is S1 with its file here; what the method adds itself is ours."""
    for identifier, written in ids_of_the_method().items():
        keys = re.findall(r"S\d", written)
        if "–" in written:
            keys = ["S0", "S1", "S2", "S3", "S4"]
        expected = "ours" if identifier.startswith("SIM-") else " ".join(keys)

        assert expected == coverage.items()[identifier].source_keys, identifier


def test_no_title_is_longer_than_a_line_or_used_twice() -> None:
    """At most 90 characters, and no two items say the same."""
    titles = [item.title for item in coverage.items().values()]

    assert [] == [title for title in titles if len(title) > 90 or not title.strip()]
    assert len(titles) == len(set(titles))


def test_a_source_file_always_has_the_same_key() -> None:
    """S2 is the same file wherever it stands."""
    files: dict[str, set[str]] = {}
    for item in coverage.items().values():
        for part in item.source.split("; "):
            key, _, file = part.partition(" ")
            files.setdefault(key, set()).add(file)

    assert {"S0", "S1", "S2", "S3", "S4", "ours"} == set(files)
    assert all(len(names) == 1 for names in files.values())


def test_only_register_entries_have_a_status_and_all_of_them_do() -> None:
    """A figure that somebody only said is never shown without saying so."""
    for item in coverage.items().values():
        assert bool(item.status) == (item.kind == "register"), item.id


@pytest.mark.method("MKT-2")
def test_the_growth_in_the_register_follows_from_its_two_figures() -> None:
    """(163 / 140) ** (1 / 5) - 1 = 3.09 % a year (ORACLES.md, small check values)."""
    entries = {item.id: item for item in coverage.register("MKT")}

    assert "US$ 140 billion" in entries["MKT-1"].title
    assert f"{100 * ((163 / 140) ** (1 / 5) - 1):.1f} %" in entries["MKT-2"].title


# ---- the command ----------------------------------------------------------------------------


def say(*words: str) -> str:
    result = CliRunner().invoke(app, ["method", *words], env={"COLUMNS": "200"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


@pytest.mark.method(*REGISTER)
def test_the_register_shows_every_figure_owner_and_cadence_with_its_status() -> None:
    """What others said stands beside how far it can be trusted."""
    printed = say("--register")

    lines = {line.split()[0]: line for line in printed.splitlines() if line.strip()}
    for identifier in REGISTER:
        assert coverage.items()[identifier].status in lines[identifier]
    assert "dated estimate" in lines["STAT-5"]
    assert f"computed: {100 * ((163 / 140) ** (1 / 5) - 1):.2f}" in lines["MKT-2"]
    assert {"STAT", "MKT", "OWN", "CAD"} <= {identifier.partition("-")[0] for identifier in REGISTER}


def test_json_says_of_each_item_what_serves_it() -> None:
    """A list of objects, with an empty list where nothing serves an item yet."""
    listed = json.loads(say("--json"))

    assert list(coverage.items()) == [entry["id"] for entry in listed]
    assert all(
        ["id", "title", "source", "kind", "served_by", "gap"] == list(entry)
        and isinstance(entry["served_by"], list)
        for entry in listed
    )
    by_id = {entry["id"]: entry for entry in listed}
    assert "register workbench.coverage.register" in by_id["STAT-1"]["served_by"]


def test_what_is_served_in_part_says_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every item of the pricing section, in the list and in JSON; a gap of an item that does not exist is refused."""
    printed = " ".join(say("--coverage", "--section", "SIM").split())
    listed = {entry["id"]: entry["gap"] for entry in json.loads(say("--json", "--section", "SIM"))}

    assert {f"SIM-{i}" for i in range(1, 16)} == {identifier for identifier, gap in listed.items() if gap}
    assert 15 == printed.count("Gap: ")
    assert "Span of control is not moved" in listed["SIM-9"]


def test_one_section_is_listed_alone() -> None:
    """`--section fm` lists FM-1 and FM-X1, and neither FMV-1 nor FMB-1."""
    ids = [entry["id"] for entry in json.loads(say("--json", "--section", "fm"))]

    assert "FM-1" in ids
    assert "FM-X1" in ids
    assert all(identifier.startswith("FM-") for identifier in ids)


def test_an_unknown_section_suggests_the_nearest() -> None:
    """A typing error is answered with the section that was probably meant."""
    with pytest.raises(UnknownName, match='Did you mean "DASH"'):
        coverage.chosen("DAHS")


def test_coverage_names_what_nothing_serves_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """An item without a claim is shown as such and counted as not served."""
    monkeypatch.setattr(coverage, "claims", lambda: (Claim("HC-2", "diagnostic", "HC-2"),))

    lines = say("--coverage", "--section", "HC").splitlines()

    assert [] != [line for line in lines if line.startswith("HC-2 ") and line.endswith("diagnostic HC-2")]
    assert [] != [line for line in lines if line.startswith("HC-3 ") and "nothing yet" in line]
    assert ["HC", "11", "1", "HC-1", "HC-3"] == next(
        line.split()[:5] for line in lines if line.startswith("HC ")
    )


def test_a_claim_on_an_id_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped id would otherwise count for nothing and nobody would see it."""
    monkeypatch.setattr(coverage, "_functions", lambda: [Claim("HC-22", "calculator", "somewhere")])

    with pytest.raises(UnknownName, match=r"served by calculator somewhere.*HC-22"):
        coverage.claims()


# ---- the proof ------------------------------------------------------------------------------


def outer(offset: int) -> Claim:
    @serves("EXP-5")
    def plus(number: int, *, more: int = 1) -> int:
        return number + offset + more

    return Claim("EXP-5", "calculator", "plus", plus)


def test_a_thing_taken_out_raises_and_comes_back_whole() -> None:
    """Its code is swapped, whatever it closes over, and restored afterwards."""
    claim = outer(10)
    assert claim.function is not None

    with taken_out(claim), pytest.raises(RuntimeError, match="taken out"):
        claim.function(1, more=2)

    assert 13 == claim.function(1, more=2)


def test_a_hidden_example_client_is_not_there_and_the_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a client's folder plants is proven by hiding the folder."""
    for name in ("alpha", "beta"):
        (tmp_path / name).mkdir()
    monkeypatch.setitem(resources._PLACES, "example", (str(tmp_path), str(tmp_path)))

    with taken_out(Claim("FM-X1", "fixture", "data/example/alpha")):
        assert ["beta"] == [path.name for path in resources.folder("example").iterdir()]

    assert ["alpha", "beta"] == sorted(path.name for path in resources.folder("example").iterdir())


def proofs(arguments: list[str], file: Path) -> dict[str, object]:
    """Run the suite with things taken out, and return what it found."""
    command = [sys.executable, "-m", "pytest", "-q", "-m", "method", "-p", "no:cacheprovider", "--tb=line"]
    run = subprocess.run(
        [*command, f"--take-out={file}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert file.exists(), run.stdout + run.stderr
    found: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    return {**found, "printed": run.stdout}


def test_a_citation_that_proves_nothing_is_found(tmp_path: Path) -> None:
    """A test that cites an item and passes without what serves it is a failure of that run."""
    story = tmp_path / "test_story.py"
    story.write_text(
        "import pytest\n"
        "from workbench import coverage\n"
        "@pytest.mark.method('STAT-1')\n"
        "def test_idle():\n"
        "    assert coverage.items()\n"
        "@pytest.mark.method('STAT-2')\n"
        "def test_true():\n"
        "    assert coverage.register('STAT')\n",
        encoding="utf-8",
    )

    found = proofs(["-p", "tests.conftest", "-c", "pyproject.toml", str(story)], tmp_path / "proofs.json")

    assert [["register workbench.coverage.register", "STAT-2"]] == found["proven"]
    assert [["STAT-1"]] == list(found["idle"].values())  # type: ignore[attr-defined]
    assert re.search(r"It cites STAT-1 and passes without .*coverage\.register\.", str(found["printed"]))


@pytest.mark.slow
def test_everything_that_claims_to_serve_the_method_is_missed_when_taken_out(tmp_path: Path) -> None:
    """For each thing and each item it claims, a test cites the item and fails without the thing."""
    citing = [
        path for path in (ROOT / "tests").rglob("test_*.py") if "mark.method(" in path.read_text("utf-8")
    ]
    found = proofs([str(path) for path in citing], tmp_path / "proofs.json")

    claimed = {(str(claim), claim.id) for claim in coverage.claims()}
    proven = {(thing, identifier) for thing, identifier in found["proven"]}  # type: ignore[attr-defined]
    missing = [f"no test proves that {thing} serves {i}" for thing, i in sorted(claimed - proven)]
    idle = [f"{test} cites {ids}, unproven" for test, ids in found["idle"].items()]  # type: ignore[attr-defined]
    if missing or idle:
        skipped = [f"{test} was skipped: {why}" for test, why in found["skipped"].items()]  # type: ignore[attr-defined]
        pytest.fail("\n".join([*missing, *idle, *skipped]), pytrace=False)


def test_the_list_is_plain_text_that_opens_anywhere() -> None:
    """UTF-8 without a mark, one row an item, five columns."""
    with (ROOT / "workbench" / "method.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))

    assert ["id", "title", "source", "kind", "status"] == rows[0]
    assert {5} == {len(row) for row in rows}
