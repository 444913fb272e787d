"""Toy templates and empty clients, for tests of how reports are run."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.reports.made import in_environment, render_from
from workbench.reports import outdir, workers

TOY_OPENING = """\
from workbench.reports.report import ClientCard, Days, Origin, versions
from workbench.reports.section import Prose, Section
Origin(template="toy", client=ClientCard(id=client, name=client, time_zone="UTC", currency="EUR"),
       period=Days(start="2024-06-03", end="2024-06-30", text="June"), audience="client", seed=seed,
       parameters={}, source="toy", inputs={}, rows_read={}, versions=versions())
"""
TOY_SECTION = 'Section(id="only", title="Only", blocks=(Prose.of("It says " + words),))'


@pytest.fixture
def toy(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a toy template: one section, and whatever cells a test adds."""

    def write(*cells: str, name: str = "toy", metadata: Mapping[str, Any] | None = None) -> Path:
        parameters = 'client = "x"  # who\nwords = "hello"  # what it says\nseed = 1'
        code = [
            new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}),
            *(new_code_cell(cell, id=f"own-{i}") for i, cell in enumerate(cells)),
            new_code_cell(TOY_OPENING, id="opening"),
            new_code_cell(TOY_SECTION, id="section"),
        ]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = new_notebook(cells=code, metadata={"kernelspec": kernel, **(metadata or {})})
        path = tmp_path / f"{name}.ipynb"
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture
def clients(tmp_path: Path) -> Callable[..., list[str]]:
    """Return a function that makes empty client folders."""

    def make(*names: str) -> list[str]:
        for name in names:
            (tmp_path / "clients" / name).mkdir(parents=True, exist_ok=True)
        return [str(tmp_path / "clients" / name) for name in names]

    return make


@pytest.fixture(scope="session")
def one_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessPoolExecutor]:
    """A process without threads, from which reports can be forked whatever other tests have left in this one."""
    place = tmp_path_factory.mktemp("worker")
    (place / outdir.OWN).mkdir()
    context, own = multiprocessing.get_context("spawn"), outdir.own_environment(place, place / "scratch")
    with ProcessPoolExecutor(1, context, in_environment, (own,)) as pool:
        yield pool


def _in(worker: ProcessPoolExecutor) -> Callable[..., Iterator[tuple[Any, Any]]]:
    def run(jobs: list[Any], *, scratch: Path, **_: Any) -> Iterator[tuple[Any, Any]]:
        for job in jobs:
            yield job, worker.submit(render_from, str(Path.cwd()), job, scratch).result()

    return run


@pytest.fixture
def quick_runs(one_worker: ProcessPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make all reports of a test in one worker that stays, without starting one each time; the rest is as in a run."""
    monkeypatch.setattr(workers, "run", _in(one_worker))


@pytest.fixture(scope="module")
def quick_module(one_worker: ProcessPoolExecutor) -> Iterator[None]:
    """As `quick_runs`, for all tests of a module and for what they share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "run", _in(one_worker))
        yield
