"""How do many reports run at once, each cut off when it takes too long, none taking others along?

Workers are processes that live on from report to report. The parent alone decides about time: a
report over its limit is killed together with everything it started, whatever it is busy with, and a
worker that dies is replaced.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Protocol

from workbench.reports.job import Failed, Job, Made
from workbench.reports.lean import skip_what_no_report_needs

Report = Made | Failed

READY = None
"""What a worker says once it has imported what it needs."""

START_S = 300.0
"""How long a worker may take to start, on a machine that is busy with other things. [s]"""

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1"
)
"""Reports run side by side; within one, threads would only fight, and could change the last digit."""


class Worker:
    """One process that makes reports, one after the other."""

    def __init__(self, scratch: Path, environment: Mapping[str, str]) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        with _environment({**ONE_THREAD, **environment}):
            self.process = context.Process(target=serve, args=(theirs, scratch), daemon=True)
            self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.ready = False
        self.timeout_s: float | None = None
        self.deadline = time.monotonic() + START_S

    def take(self, job: Job, timeout_s: float | None) -> None:
        """Start on a job; its time runs from when the process is ready."""
        self.job, self.timeout_s = job, timeout_s
        if self.ready:
            self.run_clock()
        self.pipe.send(job)

    def run_clock(self) -> None:
        """Let the time of the job run from now."""
        self.ready = True
        self.deadline = time.monotonic() + self.timeout_s if self.timeout_s else float("inf")

    def kill(self) -> int | None:
        """End the process and everything it started; returns its exit code."""
        import psutil

        family = []
        with suppress(psutil.Error):
            family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        for member in family:
            with suppress(psutil.Error):
                member.kill()
        self.process.join()
        self.pipe.close()
        code = self.process.exitcode
        self.process.close()
        return code


class Way(Protocol):
    """What jobs come in by, and reports go out by."""

    def recv(self) -> Any:
        """Return the next object."""

    def send(self, thing: Any, /) -> None:
        """Send an object."""


def serve(pipe: Way, scratch: Path) -> None:
    """Make reports until the pipe closes; a parent that is gone closes it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to stop
    _silence()
    skip_what_no_report_needs()
    from workbench.reports.engine import FORK_IS_SAFE
    from workbench.reports.render import render

    if FORK_IS_SAFE:
        from workbench.reports.forked import warm

        warm()
    with suppress(EOFError, OSError):
        pipe.send(READY)
        while True:
            job = pipe.recv()
            pipe.send(render(job, scratch))


def run(
    jobs: Iterable[Job],
    *,
    workers: int,
    scratch: Path,
    environment: Mapping[str, str],
    timeout_s: float | None = None,
    started: Callable[[Job], None] = lambda _: None,
) -> Iterator[tuple[Job, Report]]:
    """Yield every job with its report or failure, as they end."""
    waiting = deque(jobs)
    crew: list[Worker] = []
    try:
        while waiting or any(worker.job for worker in crew):
            idle = [worker for worker in crew if worker.job is None]
            while waiting and (idle or len(crew) < workers):
                worker = idle.pop() if idle else Worker(scratch, environment)
                if worker not in crew:
                    crew.append(worker)
                job = waiting.popleft()
                started(job)
                worker.take(job, timeout_s)
            busy = {worker.pipe: worker for worker in crew if worker.job is not None}
            nearest = min(worker.deadline for worker in busy.values())
            patience = None if nearest == float("inf") else max(0.0, nearest - time.monotonic())
            for pipe in wait(list(busy), patience):
                worker = busy[pipe]  # type: ignore[index]
                assert worker.job is not None
                report = _received(worker, crew)
                if report is READY:
                    worker.run_clock()
                    continue
                yield worker.job, report
                worker.job = None
            for worker in [w for w in crew if w.job is not None and w.deadline <= time.monotonic()]:
                assert worker.job is not None
                crew.remove(worker)
                worker.kill()
                limit = timeout_s if worker.ready else START_S
                yield worker.job, Failed(f"took longer than {limit:g} s and was stopped")
    finally:
        for worker in crew:
            worker.kill()


def _received(worker: Worker, crew: list[Worker]) -> Report | None:
    try:
        report: Report | None = worker.pipe.recv()
    except (EOFError, OSError):
        crew.remove(worker)
        code = worker.kill()
        how = f"by signal {-code}" if code is not None and code < 0 else f"with exit code {code}"
        return Failed(f"its process ended {how} before the report was done")
    return report


@contextmanager
def _environment(added: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in added}
    os.environ.update(added)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _silence() -> None:
    """Send what libraries print to nowhere; the parent draws a progress bar."""
    nowhere: Any = open(os.devnull, "w")  # noqa: SIM115, PTH123 - lives as long as the process
    os.dup2(nowhere.fileno(), 1)
    os.dup2(nowhere.fileno(), 2)
    sys.stdout = sys.stderr = nowhere
