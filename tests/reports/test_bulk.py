"""A run makes every report it can, says why it cannot make the others, and writes nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.errors import Busy, CallError, DataError, RunFailed, UnknownName
from workbench.reports import outdir, parameters
from workbench.reports.batch import read_batch
from workbench.reports.bulk import Order, Outcome, client_id, make, order
from workbench.reports.engine import FORK_IS_SAFE
from workbench.reports.exceptions import exceptions_in
from workbench.reports.progress import summary
from workbench.reports.render import reason_of
from workbench.reports.templates import load
from workbench.reports.written import changed_since_written

Toy = Callable[..., Path]
Clients = Callable[..., list[str]]

ENGINES = ["papermill", *(["workbench-fork"] if FORK_IS_SAFE else [])]


def made(clients: list[str], template: Path, out: Path, **settings: object) -> Outcome:
    return make(Order(clients=clients, out=out, template=str(template), **settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_client_gets_its_own_report_and_one_that_fails_leaves_the_others_whole(
    toy: Toy, clients: Clients, tmp_path: Path, engine: str
) -> None:
    """Each in a directory of its own, in each format; the partial notebook and the reason of the failure stay."""
    template = toy("if client.endswith('bo'): raise ValueError('no\\n contacts')")
    out = tmp_path / "out"
    outcome = made(clients("ada", "bo", "cy"), template, out, engine=engine, jobs=1)

    assert {"bo": "ValueError: no contacts"} == outcome.failed
    assert {"ada", "cy"} == set(outcome.made)
    for name in ("ada", "cy"):
        told = json.loads((out / name / "toy.json").read_text(encoding="utf-8"))
        assert told["origin"]["client"]["name"].endswith(name)
        assert "It says hello" in (out / name / "toy.html").read_text(encoding="utf-8")
    assert {"toy.failed.ipynb", "toy.failed.txt"} == {p.name for p in (out / "bo").iterdir()}
    assert "raise ValueError" in (out / "bo" / "toy.failed.ipynb").read_text(encoding="utf-8")
    with pytest.raises(RunFailed, match="1 of 3 clients failed"):
        outcome.raise_failure()


def test_message_of_ours_in_several_lines_stays_readable_in_one() -> None:
    """A heading is set off from its points, and they from one another."""
    told = DataError(
        "here: nothing can be assessed\n  there is no table\n  two: are broken\nAccepted: tables"
    )

    assert "here: nothing can be assessed; there is no table; two: are broken; Accepted: tables" == reason_of(
        told
    )
    assert "1 problem; x. Mend it." == reason_of(DataError("1 problem\n x.\n Mend it."))


def test_success_takes_the_traces_of_a_failure_away(
    toy: Toy, clients: Clients, tmp_path: Path, quick_runs: None
) -> None:
    """Somebody mended the client."""
    out, named = tmp_path / "out", clients("ada")
    made(named, toy("raise ValueError('x')", name="toy"), out)
    made(named, toy(name="toy"), out)

    assert {"toy.html", "toy.json"} == {p.name for p in (out / "ada").iterdir()}


def test_odd_names_stay_inside_the_output_directory(
    toy: Toy, clients: Clients, tmp_path: Path, quick_runs: None
) -> None:
    """client.yaml may say anything."""
    ids = ["../../x", "=HYPERLINK(1)", "<script>", "y" * 10_000, "🎉", "con", "#import"]
    named = clients(*(f"c{i}" for i in range(len(ids))))
    for path, id in zip(named, ids, strict=True):
        (Path(path) / "client.yaml").write_text(f"id: {json.dumps(id)}\n", encoding="utf-8")
    out = tmp_path / "deep" / "out"
    outcome = made(named, toy(), out, jobs=1)

    assert {} == outcome.failed
    assert len(ids) == len([p for p in out.iterdir() if p.name != outdir.OWN])
    assert {"clients", "deep", "toy.ipynb"} == {p.name for p in tmp_path.iterdir()}
    assert [out.name] == [p.name for p in out.parent.iterdir()]


def test_clients_that_share_an_id_are_refused_and_the_others_made(
    toy: Toy, clients: Clients, tmp_path: Path, quick_runs: None
) -> None:
    """One report must not take another's place."""
    named = clients("ada", "bo", "cy")
    for path in named[:2]:
        (Path(path) / "client.yaml").write_text("id: same\n", encoding="utf-8")
    outcome = made(named, toy(), tmp_path / "out")

    assert {"ada", "bo"} == set(outcome.failed)
    assert "Give each an id of its own" in outcome.failed["ada"]
    assert {"cy"} == set(outcome.made)


def test_client_with_a_broken_client_file_keeps_the_name_of_its_folder(tmp_path: Path) -> None:
    """Reading it will say what is wrong."""
    folder = tmp_path / "Harbour"
    folder.mkdir()
    (folder / "client.yaml").write_text("id: [unclosed\n", encoding="utf-8")

    assert "Harbour" == client_id(folder)
    assert "log_june" == client_id(tmp_path / "log_june.tsv.gz")


def test_everything_that_can_be_refused_is_refused_before_the_first_report(
    toy: Toy, clients: Clients, tmp_path: Path
) -> None:
    """Parameters, formats, engines, clients: with the nearest name."""
    named, out = clients("ada"), tmp_path / "out"
    with pytest.raises(CallError, match=r'no parameter called "word"\. Did you mean "words"'):
        made(named, toy(), out, parameters={"word": "x"})
    with pytest.raises(UnknownName, match='format called "htm"'):
        made(named, toy(), out, formats=("htm",))
    with pytest.raises(CallError, match=r'"htm".* Did you mean "html".*\n.*"pfd".* Did you mean "pdf"'):
        made(named, toy(), out, formats=("htm", "json", "pfd"))
    with pytest.raises(UnknownName, match="engine"):
        made(named, toy(), out, engine="paper")
    with pytest.raises(CallError, match=r"--jobs -1: .*\n--timeout -3: it takes a number of seconds above 0"):
        made(named, toy(), out, jobs=-1, timeout_s=-3)
    with pytest.raises(CallError, match=r'no notebook "gone\.ipynb"\. Name one that is there, or a template'):
        made(named, Path("gone.ipynb"), out)
    with pytest.raises(CallError, match='no file or folder ""'):
        made([""], toy(), out)
    with pytest.raises(CallError, match='no file or folder "nobody"'):
        made([*named, "nobody"], toy(), out)
    with pytest.raises(CallError, match="cell 2, line 1: this is not Python"):
        made(named, toy("def ("), out)

    assert not out.exists()


def test_parameters_of_the_review_are_checked_for_the_whole_batch() -> None:
    """A wrong value is refused in words."""
    wrong = {"audience": "everyone", "seed": -1, "period": "June", "findings": "many", "seeds": 3}
    with pytest.raises(CallError) as refused:
        make(Order(clients=[str(Path(__file__).parent)], out=Path("never"), parameters=wrong))
    assert 'no parameter called "seeds". Did you mean "seed"' in str(refused.value)
    del wrong["seeds"]
    with pytest.raises(CallError) as refused:
        make(Order(clients=[str(Path(__file__).parent)], out=Path("never"), parameters=wrong))
    for name in ("audience", "seed", "period", "findings"):
        assert f"  {name}: " in str(refused.value)


def test_words_of_the_command_line_become_an_order() -> None:
    """Numbers are numbers; what is not NAME=VALUE is refused."""
    said = order(
        ["a"],
        out=Path("o"),
        template="t",
        formats="html, json",
        period="2024-06",
        param=["findings=3", "x=1.5", "y=true"],
    )

    assert ("html", "json") == said.formats
    assert {"findings": 3, "x": 1.5, "y": True, "period": "2024-06"} == said.parameters
    with pytest.raises(CallError, match="NAME=VALUE"):
        order(["a"], out=Path("o"), template="t", formats="html", param=["findings"])


def test_second_run_on_one_directory_is_refused(toy: Toy, clients: Clients, tmp_path: Path) -> None:
    """Two would take each other's files."""
    with outdir.held(tmp_path / "out"), pytest.raises(Busy, match="another run is writing there"):
        made(clients("ada"), toy(), tmp_path / "out")


def test_files_appear_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up leaves the old files and no half ones."""
    outdir.deliver(tmp_path, {"a.html": b"old"})
    real = os.fsync
    calls = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        outdir.deliver(tmp_path, {"a.html": b"new", "b.json": b"new"})

    assert {"a.html": b"old"} == {p.name: p.read_bytes() for p in tmp_path.iterdir()}


def test_command_prints_where_the_reports_are_and_exits_with_one_on_failure(
    toy: Toy, clients: Clients, tmp_path: Path
) -> None:
    """A line for each failure; the others' paths on standard output."""
    template = toy("if client.endswith('bo'): raise ValueError('no')")
    command = [
        sys.executable,
        "-m",
        "workbench",
        "report",
        *clients("ada", "bo"),
        "--template",
        str(template),
    ]
    ended = subprocess.run(
        [*command, "--out", "out", "--formats", "json"],
        capture_output=True,
        text=True,
        timeout=180,
        cwd=tmp_path,
    )

    assert 1 == ended.returncode
    assert str(Path("out") / "ada" / "toy.json") in ended.stdout
    assert "failed bo: ValueError: no" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_report_that_stands_is_not_made_again(
    toy: Toy, clients: Clients, tmp_path: Path, quick_runs: None
) -> None:
    """Until its inputs, parameters, template, formats or files change."""
    template, out, named = toy(), tmp_path / "out", clients("ada", "bo")
    page = out / "ada" / "toy.html"

    def again(**settings: object) -> tuple[set[str], set[str]]:
        outcome = made(named, template, out, **settings)
        return set(outcome.made), set(outcome.unchanged)

    both: set[str] = {"ada", "bo"}
    assert (both, set()) == again()
    before = page.stat().st_mtime_ns
    assert (set(), both) == again()
    assert before == page.stat().st_mtime_ns
    (Path(named[0]) / "contacts.csv").write_text("new", encoding="utf-8")
    assert ({"ada"}, {"bo"}) == again()
    (out / "bo" / "toy.html").write_text("scribbled", encoding="utf-8")
    assert ({"bo"}, {"ada"}) == again()
    assert (both, set()) == again(parameters={"words": "other"})
    assert (both, set()) == again()  # the files are those of the other words
    assert (both, set()) == again(again=True)


def test_formats_of_one_name_never_tell_two_reports(
    toy: Toy, clients: Clients, tmp_path: Path, quick_runs: None
) -> None:
    """What stands beside is made anew; a run that fails leaves both, known as they were; a foreign file is named."""
    out, named = tmp_path / "out", clients("ada")
    template = toy("if words == 'bad': raise ValueError('x')")
    place = out / "ada"
    made(named, template, out, formats=("html", "json"))
    assert {"ada"} == set(made(named, template, out, formats=("json",)).unchanged)  # both stand
    made(named, template, out, formats=("json",), parameters={"words": "bye"})
    assert "It says bye" in (place / "toy.html").read_text(encoding="utf-8")
    made(named, template, out, formats=("html",), parameters={"words": "bad"})
    assert [False, False] == [changed_since_written(place / f"toy.{s}") for s in ("html", "json")]
    assert ["failed report"] == [e.kind for e in exceptions_in(read_batch(out, str(template)))]
    (place / "toy.pdf").write_bytes(b"%PDF of another run")
    assert changed_since_written(place / "toy.pdf") is True
    failed, foreign = exceptions_in(read_batch(out, "toy"))

    assert "toy.pdf is not what the last run wrote there" in foreign.statement
    assert ("failed report", "stale report: toy.pdf") == (failed.name, foreign.name)


def test_template_given_by_its_path_is_called_after_its_file(
    toy: Toy, clients: Clients, tmp_path: Path, quick_runs: None
) -> None:
    """A copy of ours says what it was copied from, and takes its parameters, but never its place."""
    review = "partnership_health_review"
    copied = toy(name="my review", metadata={"workbench": {"template": review}})
    out = tmp_path / "out"
    made(clients("ada"), copied, out, parameters={"words": "own"})

    assert {"my_review.html", "my_review.json"} == {p.name for p in (out / "ada").iterdir()}
    assert "my_review" == json.loads((out / "ada" / "my_review.json").read_bytes())["origin"]["template"]
    assert "my_review" == read_batch(out, str(copied)).template
    with pytest.raises(CallError, match="There are reports made from my_review; name one with --template"):
        read_batch(out, review)
    with pytest.raises(CallError, match='no parameter called "findigs"'):
        made(clients("ada"), copied, out, parameters={"findigs": 3})


def test_sections_are_named_with_commas_between() -> None:
    """On the command line; one that is none is refused with the nearest."""
    given = dict([parameters.read("sections=headline, findings")])
    assert ["headline", "findings"] == load("partnership_health_review").check({**given, "client": "c"})[
        "sections"
    ]
    with pytest.raises(CallError, match=r'no section "findigns"\. Did you mean "findings"'):
        load("partnership_health_review").check({"sections": "headline,findigns", "client": "c"})


def test_releasing_a_report_does_not_make_it_stale(
    toy: Toy, clients: Clients, tmp_path: Path, quick_runs: None
) -> None:
    """A review of an earlier period is an input; one of this period, or a later one, is not."""
    template, out, named = toy(), tmp_path / "out", clients("ada")
    made(named, template, out)
    reviews = Path(named[0]) / "reviews"
    reviews.mkdir()
    (reviews / "2024-06-03_2024-06-30.json").write_text("{}", encoding="utf-8")
    assert {"ada"} == set(made(named, template, out).unchanged)
    (reviews / "2024-05-01_2024-05-31.json").write_text("{}", encoding="utf-8")
    assert {"ada"} == set(made(named, template, out).made)


def test_only_failed_takes_up_those_that_failed(
    toy: Toy, clients: Clients, tmp_path: Path, quick_runs: None
) -> None:
    """And leaves clients alone that were never tried."""
    out, named = tmp_path / "out", clients("ada", "bo", "cy")
    template = toy("import os\nif os.path.exists(client + '/bad'): raise ValueError('bad')")
    bad = Path(named[1]) / "bad"
    bad.touch()
    assert {"bo"} == set(made(named[:2], template, out).failed)
    bad.unlink()
    outcome = made(named, template, out, only_failed=True)

    assert ({"bo"}, set(), set()) == (set(outcome.made), set(outcome.unchanged), set(outcome.failed))
    assert "None of these clients failed" in summary(made(named, template, out, only_failed=True))[0]


def test_newer_manifest_is_refused(toy: Toy, clients: Clients, tmp_path: Path, quick_runs: None) -> None:
    """Another version of the workbench wrote it."""
    import sqlite3

    out = tmp_path / "out"
    made(clients("ada"), toy(), out)
    with sqlite3.connect(out / outdir.OWN / "manifest.sqlite") as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(CallError, match="newer workbench"):
        made(clients("ada"), toy(), out)


def test_damaged_manifest_costs_time_and_no_report(
    toy: Toy, clients: Clients, tmp_path: Path, quick_runs: None
) -> None:
    """Everything is made again."""
    template, out, named = toy(), tmp_path / "out", clients("ada")
    made(named, template, out)
    (out / outdir.OWN / "manifest.sqlite").write_bytes(b"no database" * 1000)

    assert {"ada"} == set(made(named, template, out).made)
    assert {"ada"} == set(made(named, template, out).unchanged)


def test_all_mistakes_in_parameters_are_said_at_once(toy: Toy, clients: Clients, tmp_path: Path) -> None:
    """Unknown names with the nearest, wrong types, impossible values: for our templates and for anybody's."""
    named, out = clients("ada"), tmp_path / "out"
    with pytest.raises(CallError) as refused:
        make(
            Order(named, out, parameters={"audiense": "x", "seed": -1, "findings": "many", "period": "June"})
        )
    for words in (
        'no parameter called "audiense". Did you mean "audience"',
        "  seed: ",
        "  findings: ",
        "  period: ",
    ):
        assert words in str(refused.value)
    with pytest.raises(CallError) as refused:
        made(named, toy(), out, parameters={"words": 3, "seed": "one", "sead": 1})
    for words in ("words: 3 is not accepted. It has to be text", "seed: 'one' is not accepted. It has to be a whole",
                  'no parameter called "sead". Did you mean "seed"'):  # fmt: skip
        assert words in str(refused.value)
    assert not out.exists()


@pytest.mark.parametrize("name", ["partnership_health_review", "operating_model_assessment"])
def test_papermill_explains_every_parameter(name: str) -> None:
    """`papermill --help-notebook` reads each with its type, its default and what it is for."""
    import papermill

    from workbench.reports.parameters import MODELS
    from workbench.resources import template

    told = papermill.inspect_notebook(str(template(name)))

    assert set(MODELS[name].model_fields) == set(told)
    for parameter, said in told.items():
        assert said["inferred_type_name"] in ("str", "int", "bool", "list"), parameter
        assert 20 < len(said["help"]) < 100, parameter
        assert said["help"][0].isupper(), parameter
