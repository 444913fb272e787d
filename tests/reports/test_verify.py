"""A report can be made again from what it names, and what has changed since is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from tests.reports.made import small_client
from workbench.cli import app
from workbench.errors import CallError, RunFailed
from workbench.reports.bulk import Order, make
from workbench.reports.manifest import MANIFEST
from workbench.reports.portfolio import make_portfolio
from workbench.reports.verify import differences, source_of
from workbench.reports.written import changed_since_written, json_of
from workbench.resources import template

NAME = "partnership_health_review"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, quick_module: None) -> Path:
    """Two small clients, their reports as JSON and HTML, and the portfolio of both."""
    place = tmp_path_factory.mktemp("verify")
    out = place / "out"
    outcome = make(Order([small_client(place, name) for name in ("dune", "harbour")], out, NAME))
    assert {} == outcome.failed
    make_portfolio(out, reports=NAME, formats="json,html")
    return place


def report(place: Path, suffix: str = ".json") -> Path:
    return place / "out" / "harbour" / f"{NAME}{suffix}"


def moved(place: Path, to: Path) -> Path:
    """Return the client of the report, copied elsewhere."""
    return Path(shutil.copytree(place / "clients" / "harbour", to / "moved"))


def test_report_is_verified_and_then_told_from_what_changed(place: Path, tmp_path: Path) -> None:
    """Elsewhere on the disk it is the same report; with a file more it is not."""
    client = moved(place, tmp_path)
    assert [] == differences(report(place), client)
    with (client / "contacts.csv").open("a", encoding="utf-8") as contacts:
        contacts.write("x,2024-06-11 09:00:00,2024-06-11 09:01:00,60\n")
    found = differences(report(place), client)

    assert any(line.startswith("inputs, contacts.csv: ") for line in found)
    assert 'section "service level": other content' in found


def test_client_is_known_from_the_run(place: Path, tmp_path: Path) -> None:
    """Its manifest says where it lay; without one, or with nothing there, it has to be named."""
    assert str(place / "clients" / "harbour") == source_of(report(place))
    alone = Path(shutil.copytree(report(place).parent, tmp_path / "mailed" / "harbour")) / f"{NAME}.json"
    with pytest.raises(
        CallError, match=r"not known, because the manifest .* Name the client: workbench verify"
    ):
        source_of(alone)
    client = moved(place, tmp_path)
    (made,) = make(Order([str(client)], tmp_path / "out", NAME, ("json",))).made.values()
    shutil.rmtree(client)
    with pytest.raises(CallError, match="nothing is there now"):
        source_of(made[0])


def test_report_from_somebodys_own_notebook_is_verified_by_the_copy_that_its_run_kept(
    place: Path, tmp_path: Path
) -> None:
    """The notebook may be mended since, and then it is another; without the copy it has to be named."""
    notebook = nbformat.read(template(NAME), as_version=4)
    notebook.metadata["workbench"] = {"template": "ours"}
    ours, mended = tmp_path / "ours.ipynb", tmp_path / "mended.ipynb"
    nbformat.write(notebook, ours)
    notebook.cells[-1].source += "\n"
    nbformat.write(notebook, mended)
    client = place / "clients" / "dune"
    ((made,),) = make(Order([str(client)], tmp_path / "out", str(ours), ("json",))).made.values()
    ours.unlink()

    assert [] == differences(made, source_of(made))
    assert any(line.startswith("template_hash: ") for line in differences(made, client, str(mended)))
    shutil.rmtree(tmp_path / "out" / ".workbench" / "templates")
    with pytest.raises(
        CallError, match=r"called ours, which is none of this package.* --template ours\.ipynb"
    ):
        differences(made, client)


def test_another_clients_report_is_said_in_a_sentence(place: Path) -> None:
    """Not as a list of everything that differs."""
    with pytest.raises(CallError) as refused:
        differences(report(place), place / "clients" / "dune")

    assert "is about Harbour (harbour), and" in str(refused.value)
    assert "is dune, another client. Name the one that it is about." in str(refused.value)
    assert "\n" not in str(refused.value)


def test_portfolio_is_made_again_from_its_reports(place: Path, tmp_path: Path) -> None:
    """The same reports give it; others do not, and which is said."""
    told = place / "out" / "portfolio.json"
    assert [] == differences(told, source_of(told))
    other = Path(shutil.copytree(place / "out", tmp_path / "out"))
    one = json.loads((other / "dune" / f"{NAME}.json").read_text(encoding="utf-8"))
    one["origin"]["client"]["name"] = "Dune Bank"
    (other / "dune" / f"{NAME}.json").write_text(json.dumps(one), encoding="utf-8")
    found = differences(other / "portfolio.json", source_of(other / "portfolio.json"))

    assert any(line.startswith(f"inputs, dune/{NAME}.json: ") for line in found)
    assert told.read_bytes() == (other / "portfolio.json").read_bytes()  # nothing was written


def test_any_format_leads_to_the_json_beside_it(place: Path, tmp_path: Path) -> None:
    """And whether that format is still what the run wrote."""
    page = report(place, ".html")
    assert report(place) == json_of(page)
    assert changed_since_written(page) is False
    other = Path(shutil.copytree(place / "out", tmp_path / "out")) / "harbour" / page.name
    other.write_text("scribbled", encoding="utf-8")
    assert changed_since_written(other) is True
    assert changed_since_written(place / "out" / "portfolio.html") is None


def test_command_needs_nothing_but_the_file_that_somebody_has(place: Path, tmp_path: Path) -> None:
    """A page that was changed by hand is not what the client gives, though the JSON is."""
    page = report(place, ".html")
    good = CliRunner().invoke(app, ["verify", str(page)])
    assert 0 == good.exit_code, good.output
    assert (
        f"as the run wrote it, and {place / 'clients' / 'harbour'} gives the same {NAME}.json" in good.output
    )
    other = Path(shutil.copytree(place / "out", tmp_path / "out")) / "harbour" / page.name
    other.write_text("scribbled", encoding="utf-8")
    bad = CliRunner().invoke(app, ["verify", str(other)])

    assert isinstance(bad.exception, RunFailed)
    assert f"{page.name} itself is not the file that the last run wrote there" in str(bad.exception)


def test_something_else_is_refused_in_words(place: Path, tmp_path: Path) -> None:
    """Any other JSON, nothing, a directory, a format without its JSON."""
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"kind": "else"}), encoding="utf-8")
    with pytest.raises(CallError, match="not the JSON of a report"):
        differences(other, place / "clients" / "harbour")
    alone = tmp_path / "alone.pdf"
    alone.write_bytes(b"%PDF")
    for path, words in (
        (tmp_path / "nothing.json", "There is no file"),
        (place / "out", r"is a directory\. Name one report in it, such as .*portfolio\.json"),
        (alone, r"there is no alone\.json there.* with json among its --formats"),
        (place / "clients" / "harbour" / "contacts.csv", "is no report: a report's name ends in .html"),
    ):
        with pytest.raises(CallError, match=words):
            json_of(path)


def test_manifest_of_a_run_that_goes_on_can_be_looked_at_and_stays(place: Path, tmp_path: Path) -> None:
    """Whoever asks while a run writes takes nothing away from it."""
    import sqlite3

    out = Path(shutil.copytree(place / "out", tmp_path / "out"))
    base = sqlite3.connect(out / ".workbench" / MANIFEST)
    base.execute("INSERT OR REPLACE INTO inputs VALUES ('x', 1, 1, 'x')")  # a run is in the middle of it
    assert str(place / "clients" / "harbour") == source_of(out / "harbour" / f"{NAME}.json")
    base.rollback()
    assert (2,) == base.execute("SELECT count(*) FROM reports").fetchone()
    base.close()
