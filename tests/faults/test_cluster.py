"""A worker of a cluster that dies takes no report along, and what cannot serve is refused in a sentence."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.faults.test_report_runs import folders, template
from workbench.errors import CallError
from workbench.reports import cluster, remote
from workbench.reports.bulk import Order, make
from workbench.reports.engine import FORK_IS_SAFE
from workbench.reports.job import Failed, Job, Made

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
pytestmark = pytest.mark.skipif(not FORK_IS_SAFE, reason="the toy template is forked")

NAMED = 'client = client.rstrip("/").rpartition("/")[2]'
"""In the report a client is called alike wherever its files were copied to."""


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers with a thread each, and no nanny that would start one anew."""
    written = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    environment = {**os.environ, "DASK_LOGGING__DISTRIBUTED": "critical"}
    base = [sys.executable, "-m", "dask"]
    started = [
        subprocess.Popen(
            [*base, "scheduler", "--port", "0", "--no-dashboard", "--host", "127.0.0.1",
             "--scheduler-file", str(written)],
            env=environment, **quiet,  # type: ignore[call-overload]
        )
    ]  # fmt: skip
    worker = [*base, "worker", "--scheduler-file", str(written), "--nthreads", "1", "--no-nanny", "--no-dashboard",
              "--local-directory", str(tmp_path / "dask")]  # fmt: skip
    started += [subprocess.Popen(worker, env=environment, **quiet) for _ in range(2)]  # type: ignore[call-overload]
    try:
        until = time.monotonic() + 90
        while not (written.is_file() and written.stat().st_size):
            assert time.monotonic() < until
            time.sleep(0.1)
        yield json.loads(written.read_text(encoding="utf-8"))["address"], started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


class Kills:
    """Kills the first worker as soon as one report is there."""

    def __init__(self, worker: subprocess.Popen[bytes]) -> None:
        self.worker, self.killed = worker, 0

    def planned(self, total: int) -> None:
        self.total = total

    def refused(self, label: str, reason: str) -> None:
        raise AssertionError(reason)

    def ended(self, job: Job, report: Made | Failed) -> None:
        if not self.killed:
            self.worker.send_signal(signal.SIGKILL)
            self.worker.wait()
            self.killed += 1


def test_reports_of_a_worker_that_dies_are_made_elsewhere(
    dask: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    """By path or by URL, each once and as this machine alone makes it; the process beside the worker ends too."""
    address, workers = dask
    clients = folders(tmp_path, "a", "b", "c", "d", "e")
    toy = str(template(tmp_path, "import time; time.sleep(0.5)", NAMED))
    alone = make(Order(clients[:1], tmp_path / "alone", toy, ("json",)))
    named = [*clients[:2], *(Path(c).as_uri() for c in clients[2:])]
    watch = Kills(workers[0])
    outcome = make(
        Order(named, tmp_path / "out", toy, ("json", "html"), cluster=address, timeout_s=60), watch
    )

    assert (5, 1) == (watch.total, watch.killed)
    assert {} == outcome.failed
    assert {"a", "b", "c", "d", "e"} == set(outcome.made)
    for name in "abcde":
        assert {"toy.json", "toy.html"} == {p.name for p in (tmp_path / "out" / name).iterdir()}
    (calm,) = alone.made["a"]
    assert calm.read_bytes() == (tmp_path / "out" / "a" / "toy.json").read_bytes()
    assert (
        calm.read_text().replace('"a"', '"e"').replace("says a", "says e")
        == (tmp_path / "out" / "e" / "toy.json").read_text()
    )
    assert 5 == len(make(Order(named, tmp_path / "out", toy, ("json", "html"), cluster=address)).unchanged)
    for worker in workers:
        worker.kill()
    until = time.monotonic() + 30
    while [p for p in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(p.info["cmdline"] or ())
           and "workbench.reports.far" in " ".join(p.info["cmdline"])]:  # fmt: skip
        assert time.monotonic() < until, "a process outlived its worker"
        time.sleep(0.3)


def test_address_without_a_scheduler_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a sentence that says how to start one."""
    monkeypatch.setattr(cluster, "ANSWER_S", 0.5)
    toy = str(template(tmp_path))
    order = Order(folders(tmp_path, "a"), tmp_path / "out", toy, ("json",), cluster="tcp://127.0.0.1:9")
    with pytest.raises(CallError, match="no Dask scheduler answers there"):
        make(order)


def test_urls_with_secrets_and_urls_of_nothing_are_refused(tmp_path: Path) -> None:
    """What is in a URL ends up in logs."""
    for url in ("https://ada:secret@host/client", "https://host/client?sig=abc"):
        with pytest.raises(CallError, match="Give credentials as the store takes them") as refused:
            remote.checked(url)
        assert "secret" not in str(refused.value)
    with pytest.raises(CallError, match="There is no file or folder at"):
        remote.checked((tmp_path / "nothing").as_uri())
    with pytest.raises(CallError, match="nobody here knows how to open"):
        remote.checked("quux://x/y")


def test_marks_of_a_url_change_with_the_files_alone(tmp_path: Path) -> None:
    """They stand in for hashes, for which everything would have to be fetched."""
    (tmp_path / "report").mkdir()
    (tmp_path / "client.yaml").write_text("id: a\n", encoding="utf-8")
    (tmp_path / "report" / "report.yaml").write_text("format: 1\n", encoding="utf-8")
    (tmp_path / "contacts.csv").write_text("x\n", encoding="utf-8")
    before = remote.marks(tmp_path.as_uri())

    assert {"client.yaml", "report/report.yaml", "contacts.csv"} == set(before)
    assert before == remote.marks(tmp_path.as_uri())
    (tmp_path / "contacts.csv").write_text("y, longer\n", encoding="utf-8")
    assert {"contacts.csv"} == {n for n, mark in remote.marks(tmp_path.as_uri()).items() if mark != before[n]}
    copied = remote.declared(tmp_path.as_uri(), tmp_path.parent / "copied")
    assert {"client.yaml", "report"} == {p.name for p in copied.iterdir()}
