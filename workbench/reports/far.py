"""How does a Dask worker make a report?

In a process of its own beside it: a worker has threads, and a report is forked from a process that has
none. The worker hands a job over and waits; what comes back are bytes, which the command that asked
for them writes. The process lives on for the next report, and ends when the worker does.
"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from workbench.reports import outdir
from workbench.reports.job import Failed, Job, Made
from workbench.reports.workers import ONE_THREAD, serve

LOOK_EVERY_S = 2.0
"""How often the process looks whether its worker still lives. [s]"""

_IDLE: list[Beside] = []
_LOCK = threading.Lock()


def make(job: Job, timeout_s: float | None) -> Made | Failed:
    """Make one report; called on a worker, by several threads at once if it has them."""
    with _LOCK:
        beside = _IDLE.pop() if _IDLE else None
    beside = beside or Beside()
    report = beside.make(job, timeout_s)
    if beside.process.poll() is None:
        with _LOCK:
            _IDLE.append(beside)
    else:
        beside.end()
    return report


def stamp() -> str:
    """Return what has to be the same here and there: our code and the versions of the libraries."""
    from workbench.reports.manifest import code_hash
    from workbench.reports.report import digest, versions

    return digest([code_hash(), *(f"{name} {version}" for name, version in sorted(versions().items()))])


class Pipe:
    """Two streams as a connection: one object after the other."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._in, self._out = incoming, outgoing

    def recv(self) -> Any:
        """Return the next object; EOFError when the other side is gone."""
        return pickle.load(self._in)

    def send(self, thing: object) -> None:
        """Send an object."""
        pickle.dump(thing, self._out)
        self._out.flush()


class Beside:
    """The process beside a worker."""

    def __init__(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="workbench-", dir=_own_directory()))
        scratch = self.place / outdir.OWN / "scratch"
        scratch.mkdir(parents=True)
        environment = {**os.environ, **ONE_THREAD, **outdir.own_environment(self.place, scratch)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workbench.reports.far", str(scratch)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=self.place,
        )  # fmt: skip
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.pipe = Pipe(self.process.stdout, self.process.stdin)  # type: ignore[arg-type]
        self.pipe.recv()  # it has imported what it needs

    def make(self, job: Job, timeout_s: float | None) -> Made | Failed:
        """Hand a job over and wait, no longer than `timeout_s`."""
        clock = threading.Timer(timeout_s, self.kill) if timeout_s else None
        if clock:
            clock.start()
        try:
            self.pipe.send(job)
            report: Made | Failed = self.pipe.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            code = self.process.wait()
            if clock and not clock.is_alive():
                return Failed(f"took longer than {timeout_s:g} s and was stopped")
            how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
            return Failed(f"its process ended {how} before the report was done")
        finally:
            if clock:
                clock.cancel()
        return report

    def kill(self) -> None:
        """End the process and everything that it started."""
        import psutil

        family = []
        with suppress(psutil.Error):
            family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        for member in family:
            with suppress(psutil.Error):
                member.kill()

    def end(self) -> None:
        """Leave nothing behind of a process that has ended."""
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if stream:
                    stream.close()
        self.process.wait()
        shutil.rmtree(self.place, ignore_errors=True)


def _own_directory() -> str | None:
    """Return the directory that Dask gives a worker, and clears away after it."""
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:  # not on a worker
        return None


def _end_with_parent() -> None:
    """End this process soon after its parent, even in the middle of a report, where the system has alarms."""
    if sys.platform == "win32":
        return
    import signal

    parent = os.getppid()

    def look(*_: object) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, LOOK_EVERY_S, LOOK_EVERY_S)


if __name__ == "__main__":
    own = Pipe(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    _end_with_parent()
    serve(own, Path(sys.argv[1]))
