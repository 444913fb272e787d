"""Does `workbench serve` listen only where it may, offer what there is, and end with nothing left?"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from typer.testing import CliRunner

from workbench.cli import app
from workbench.errors import CallError, ScenarioError, UnknownName
from workbench.panels.serve import check_place, filled, offered, start_page
from workbench.resources import folder

START_S = 60.0
"""A server and a kernel start within this on a busy machine. [s]"""


def notebook(source: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    return nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_code_cell("scenario_name")])


@pytest.mark.parametrize("ip", ["0.0.0.0", "::", "192.0.2.7", "example.org", ""])
def test_others_are_kept_out_without_a_token(ip: str) -> None:
    """Whatever is not this machine alone needs a secret; blanks are none."""
    for token in ("", "  "):
        with pytest.raises(CallError, match="Set a secret with --token"):
            check_place(ip, 0, token)


def test_the_page_quotes_the_refusal() -> None:
    """Word for word."""
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "serve-panels.md").read_text(encoding="utf-8")
    called = CliRunner().invoke(app, ["serve", "--ip", "0.0.0.0", "--port", "9000"])

    assert f"workbench: {called.exception}" in page


def test_with_a_token_others_may_come() -> None:
    """All addresses of this machine."""
    assert 0 < check_place("0.0.0.0", 0, "a long secret")


@pytest.mark.parametrize("ip", ["127.0.0.1", "localhost", "127.8.9.10"])
def test_this_machine_alone_needs_no_token(ip: str) -> None:
    """A free port is found where 0 is asked for."""
    assert 1024 <= check_place(ip, 0, "")


def test_a_port_in_use_is_said_in_a_sentence() -> None:
    """With what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        called = CliRunner().invoke(app, ["serve", "--port", str(port)])

    assert isinstance(called.exception, CallError)
    assert f"port: {port} is in use on 127.0.0.1. Choose another with --port" in str(called.exception)


@pytest.mark.parametrize(
    ("ip", "port", "said"), [("127.0.0.1", 70_000, "is not a port"), ("192.0.2.7", 0, "not an address")]
)
def test_a_place_that_is_none_is_said(ip: str, port: int, said: str) -> None:
    """A port past 65535, an address of another machine."""
    with pytest.raises(CallError, match=said):
        check_place(ip, port, "a long secret")


def test_the_start_page_lists_panels_scenarios_and_notebooks() -> None:
    """Every notebook of the folder once, and the what-if panel for every scenario."""
    groups = {group["title"]: group["pages"] for group in start_page(offered([]))}
    pages = [page["href"] for group in groups.values() for page in group]
    notebooks = [href for href in pages if "?" not in href]

    assert sorted(p.name for p in folder("notebooks").glob("*.ipynb")) == sorted(notebooks)
    assert "what_if.ipynb" == groups["Panels"][0]["href"]
    assert {"what_if.ipynb?scenario=small", "what_if.ipynb?scenario=medium"} <= set(pages)
    assert all(page["title"] and page["about"] for group in groups.values() for page in group)


def test_a_scenario_of_one_s_own_is_offered_first(tmp_path: Path) -> None:
    """By the name of its file; two of one name are refused, and what is no scenario too."""
    small = (folder("templates") / "scenarios" / "small.yaml").read_text(encoding="utf-8")
    for place in ("here/ours.yaml", "there/ours.yaml", "here/bad.yaml"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text(small if "ours" in place else "queues: 7", encoding="utf-8")

    assert "ours" == next(iter(offered([tmp_path / "here/ours.yaml"])))

    with pytest.raises(CallError, match="already a scenario called ours"):
        offered([tmp_path / "here/ours.yaml", tmp_path / "there/ours.yaml"])
    with pytest.raises(ScenarioError):
        offered([tmp_path / "here/bad.yaml"])
    with pytest.raises(UnknownName):
        offered([tmp_path / "nowhere.yaml"])


def test_an_address_fills_only_what_is_offered_and_declared(tmp_path: Path) -> None:
    """A path in the address is no scenario, and a notebook without the parameter stays as it is."""
    scenarios = offered([])
    asked = filled(notebook('scenario_name = "medium"'), scenarios, "small", tmp_path)

    assert f"scenario_name = {str(scenarios['small'])!r}" == asked.cells[1].source

    for name in ("/etc/passwd", "../small", "smal"):
        with pytest.raises(UnknownName):
            filled(notebook('scenario_name = "medium"'), scenarios, name, tmp_path)

    other = filled(notebook("client = None"), scenarios, "small", tmp_path)

    assert "small" not in "".join(cell.source for cell in other.cells)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server with a token, as somebody starts it."""
    server = subprocess.Popen(
        [sys.executable, "-m", "workbench", "serve", "--port", "0", "--token", "open sesame"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert server.stdout is not None
    yield server, server.stdout.readline()
    if server.poll() is None:
        server.kill()
    server.stdout.close()
    server.wait()


def status(address: str) -> int:
    until = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=START_S) as answer:
                return int(answer.status) if "login" not in answer.url else 401
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            assert time.monotonic() < until
            time.sleep(0.2)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_it_lets_in_by_token_and_ctrl_c_leaves_no_kernel(served: tuple[subprocess.Popen[str], str]) -> None:
    """The start page and a panel need the token; after Ctrl-C neither server nor kernel is there."""
    server, line = served
    address = line.split()[4].partition("?")[0]
    shut, opened = status(address), status(f"{address}?token=open%20sesame")
    unknown = status(f"{address}voila/render/what_if.ipynb?token=open%20sesame&scenario=smal")
    shut_panel = status(f"{address}voila/render/what_if.ipynb")
    panel = urllib.request.Request(f"{address}voila/render/what_if.ipynb?token=open%20sesame&scenario=small")
    with urllib.request.urlopen(panel, timeout=START_S):
        kernels = psutil.Process(server.pid).children(recursive=True)
        server.send_signal(signal.SIGINT)
        left = server.wait(START_S)
    _, alive = psutil.wait_procs(kernels, timeout=10)

    assert (401, 200, 404, 401) == (shut, opened, unknown, shut_panel)
    assert kernels
    assert [] == alive
    assert 0 == left
