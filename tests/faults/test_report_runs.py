"""Whatever happens to a run, no report is lost, none is half, and the others are whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.reports.conftest import TOY_OPENING, TOY_SECTION, one_worker, quick_runs
from tests.reports.made import MADE
from workbench.errors import CallError
from workbench.reports import outdir
from workbench.reports.bulk import Order, make
from workbench.reports.engine import FORK_IS_SAFE
from workbench.reports.manifest import Manifest
from workbench.reports.naming import directory_name

__all__ = ["one_worker", "quick_runs"]  # fixtures of the tests of reports
pytestmark = pytest.mark.skipif(not FORK_IS_SAFE, reason="fork is not safe on this system")

TROUBLE = """
import os, time, signal
name = os.path.basename(client)
if name == "raises": raise RuntimeError("broken")
if name == "loops":
    while True: pass
if name == "loops in C": sum(range(10**12))
if name == "killed": os.kill(os.getpid(), signal.SIGKILL)
if name == "eats":
    hoard = [bytearray(100 * 2**20) for _ in range(30)]; time.sleep(60)
if name == "writes":
    open("left.txt", "w").write("x")
if name == "changes":
    import pandas as pd
    pd.set_option("display.precision", 1); os.environ["LEFT"] = "1"; os.chdir("/")
if name == "forks" and os.fork() == 0:
    time.sleep(1000)
if name == "closes":
    import sys; sys.stdout.close(); os.close(1)
"""
HARMED = {
    "raises": "broken",
    "killed": "signal 9",
    "eats": "MB of memory",
}
HARMLESS = ("writes", "changes", "forks", "closes", "fine")


def template(folder: Path, *cells: str) -> Path:
    """Write a toy template that does more than it should."""
    parameters = new_code_cell(
        'client = "x"\nwords = "hello"\nseed = 1', id="p", metadata={"tags": ["parameters"]}
    )
    code = [new_code_cell(c, id=f"c{i}") for i, c in enumerate([*cells, TOY_OPENING, TOY_SECTION])]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    path = folder / "toy.ipynb"
    nbformat.write(new_notebook(cells=[parameters, *code], metadata={"kernelspec": kernel}), path)
    return path


def folders(place: Path, *names: str) -> list[str]:
    for name in names:
        (place / "clients" / name).mkdir(parents=True)
    return [str(place / "clients" / name) for name in names]


def descendants() -> set[int]:
    """Every process below this one but the tracker that multiprocessing keeps for itself."""
    family = psutil.Process().children(recursive=True)
    return {process.pid for process in family if "resource_tracker" not in " ".join(process.cmdline())}


def test_client_that_misbehaves_harms_nobody(tmp_path: Path) -> None:
    """It raises, is killed, eats memory, writes, changes, forks, closes: the others are whole."""
    order = Order(
        clients=folders(tmp_path, *HARMED, *HARMLESS), out=tmp_path / "out", template=str(template(tmp_path, TROUBLE)),
        formats=("json",), jobs=2, timeout_s=120, memory_limit=900 * 2**20,
    )  # fmt: skip
    before = descendants()
    outcome = make(order)

    assert set(HARMED) == set(outcome.failed)
    for name, reason in HARMED.items():
        assert reason in outcome.failed[name]
        assert (tmp_path / "out" / name / "toy.failed.ipynb").is_file()
    assert set(HARMLESS) == set(outcome.made)
    assert descendants() <= before
    assert not list(tmp_path.rglob("left.txt"))


def test_client_that_never_ends_is_stopped(tmp_path: Path) -> None:
    """In Python or in C; what was executed until then is kept, and nothing of it runs on."""
    order = Order(
        clients=folders(tmp_path, "loops", "loops in C"), out=tmp_path / "out",
        template=str(template(tmp_path, TROUBLE)), formats=("json",), jobs=2, timeout_s=2,
    )  # fmt: skip
    before = descendants()
    outcome = make(order)

    assert {"loops", "loops in C"} == set(outcome.failed)
    for name, reason in outcome.failed.items():
        assert "longer than" in reason
        assert (tmp_path / "out" / directory_name(name) / "toy.failed.ipynb").is_file()
    assert descendants() <= before


@pytest.mark.slow
def test_killed_run_goes_on_where_it_was(tmp_path: Path, quick_runs: None) -> None:
    """Kill -9 of the parent at random moments, then resume: every report once, whole, as undisturbed.

    One moment in three is while the run starts, the others while reports come. Two moments here;
    WORKBENCH_KILLS=20 for as many as are promised. The run that nobody disturbs, and the one that goes on, are
    made in one worker that is there already: what they find and what they write is the same.
    """
    kills = int(os.environ.get("WORKBENCH_KILLS", "2"))
    names = [f"c{i}" for i in range(2 + 2 * kills)]  # so that there is something left to make at each
    clients = folders(tmp_path, *names)
    toy = template(tmp_path, "import time; time.sleep(0.2)")
    undisturbed = make(Order(clients=clients, out=tmp_path / "calm", template=str(toy)))
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "workbench",
        "report",
        *clients,
        "--template",
        str(toy),
        "--out",
        str(out),
    ]
    moments = random.Random(6)
    left = []
    scratch = out / outdir.OWN / "scratch"
    for number in range(kills):
        before = set(scratch.glob("report-*"))
        run = subprocess.Popen(
            [*command, "--jobs", "2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if number % 3 == 0:
            time.sleep(moments.uniform(0.3, 2.0))
        else:
            _wait_for_report(scratch, before)
            time.sleep(moments.uniform(0.0, 0.5))
        run.kill()
        run.wait()
        left.append(sum(not (out / name / "toy.json").is_file() for name in names))
    assert left[-1] > 0, "the last kill came when everything was made"
    ended = make(Order(clients=clients, out=out, template=str(toy)))

    assert {} == ended.failed
    assert set(names) == set(undisturbed.made) == set(ended.made) | set(ended.unchanged)
    for name in names:
        assert {"toy.html", "toy.json"} == {p.name for p in (out / name).iterdir()}
        assert (tmp_path / "calm" / name / "toy.json").read_bytes() == (out / name / "toy.json").read_bytes()
        assert (out / name / "toy.html").read_text(encoding="utf-8").rstrip().endswith("</html>")


def _wait_for_report(scratch: Path, before: set[Path]) -> None:
    """Wait until a report is being made that is none of those `before`."""
    until = time.monotonic() + 120.0
    while not set(scratch.glob("report-*")) - before:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_interrupt_ends_children_and_leaves_no_half_file(tmp_path: Path) -> None:
    """Ctrl-C: exit code 130."""
    clients = folders(tmp_path, "a", "b")
    toy = template(tmp_path, "import time; time.sleep(120)")  # the second client waits for the first
    out = tmp_path / "out"
    command = [
        sys.executable,
        "-m",
        "workbench",
        "report",
        *clients,
        "--template",
        str(toy),
        "--out",
        str(out),
    ]
    run = subprocess.Popen(
        [*command, "--jobs", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    for _ in range(600):
        time.sleep(0.1)
        family = psutil.Process(run.pid).children(recursive=True)
        if (
            len(family) >= 3 or run.poll() is not None
        ):  # the tracker, the worker, and the child that it forked
            break
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    time.sleep(0.5)

    assert 130 == run.returncode, said
    assert b"Traceback" not in said
    assert not [process for process in family if process.is_running() and process.status() != "zombie"]
    assert not list(out.rglob("*.part"))
    assert not list((out / outdir.OWN / "scratch").glob("*"))


def mounted(place: Path, options: str) -> None:
    """Mount a disk in memory; where that is not permitted the test is skipped, and fails in CI."""
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True)
    if done.returncode:
        if os.environ.get("CI") == "true":
            pytest.fail("CI has to be able to mount: run it as root")
        pytest.skip("this user cannot mount a disk of its own")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 600 kB."""
    place = tmp_path / "tiny"
    mounted(place, "size=600k")
    yield place
    with suppress(subprocess.CalledProcessError):
        subprocess.run(["umount", "-l", str(place)], check=True, capture_output=True)


def test_full_disk_fails_one_report_in_a_sentence_and_keeps_the_others(
    tiny_disk: Path, tmp_path: Path, quick_runs: None
) -> None:
    """The report that does not fit is a failure; what was there before stays, and nothing half is left."""
    toy = str(template(tmp_path, 'if client.endswith("big"): words = "x" * 2_000_000'))
    clients = folders(tmp_path, "small", "big", "tiny")
    make(Order(clients[:1], tiny_disk, toy, ("json",)))
    before = (tiny_disk / "small" / "toy.json").read_bytes()
    outcome = make(Order(clients, tiny_disk, toy, ("json",), jobs=1))

    assert {"big": "cannot be written (No space left on device)"} == outcome.failed
    assert {"tiny"} == set(outcome.made)
    assert before == (tiny_disk / "small" / "toy.json").read_bytes()
    assert not list(tiny_disk.rglob("*.part"))
    assert not (tiny_disk / "big" / "toy.json").exists()


def test_manifest_that_cannot_be_written_loses_no_report(tiny_disk: Path, tmp_path: Path) -> None:
    """What could not be noted is made again the next time."""
    with Manifest(tiny_disk / "manifest.sqlite") as manifest:
        (tiny_disk / "fill").write_bytes(b"")
        with suppress(OSError), (tiny_disk / "fill").open("wb") as fill:
            while fill.write(bytes(4096)):
                fill.flush()
        for place in range(50):
            manifest.note(
                f"c{place}", "toy", "c" * 4000, "key", begins="", files={}, reason="", made=MADE, seconds=0.0
            )
        (tiny_disk / "fill").unlink()
        manifest.note("last", "toy", "c", "key", begins="", files={}, reason="", made=MADE, seconds=0.0)

        assert manifest.entry("c49", "toy") is None
        assert manifest.entry("last", "toy") is not None


def test_read_only_directory_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """Before anything is run; root ignores modes, so the mount is read-only."""
    mounted(tmp_path / "locked", "ro,size=100k")
    try:
        with pytest.raises(CallError, match="nothing can be written there"):
            make(Order(folders(tmp_path, "a"), tmp_path / "locked", str(template(tmp_path)), ("json",)))
    finally:
        subprocess.run(["umount", "-l", str(tmp_path / "locked")], check=False, capture_output=True)


def test_template_that_cannot_run_is_refused_before_the_first_report(tmp_path: Path) -> None:
    """Without a parameters cell, with a syntax error, or no notebook at all: nothing is made, and why is said."""
    clients, out = folders(tmp_path, "a"), tmp_path / "out"
    whole = template(tmp_path)
    notebook = nbformat.read(whole, as_version=4)
    for name, text, why in (
        ("untagged", whole.read_text().replace('"parameters"', '"other"'), 'no cell tagged "parameters"'),
        ("broken", nbformat.writes(_with_last(notebook, "def (")), "this is not Python"),
        ("text", "hello", "is not a notebook"),
    ):
        path = tmp_path / f"{name}.ipynb"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CallError, match=why):
            make(Order(clients, out, str(path), ("json",)))
    assert not out.exists()


def _with_last(notebook: nbformat.NotebookNode, source: str) -> nbformat.NotebookNode:
    notebook.cells[-1].source = source
    return notebook
