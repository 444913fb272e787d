"""How are notebooks run fast and apart: each in a fork of a process that has imported and run nothing?

`workbench-fork` is an engine of papermill. The process that calls it imports the libraries once; each
notebook then runs in a child of its own, which inherits the imports and nothing else: environment,
directory, options, modules and random states die with it. The parent puts the child's messages into
the notebook as the stock engine would, and it alone decides about time and memory, so that a cell
which never returns to Python is stopped all the same.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import selectors
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode, from_dict

from workbench.errors import RunFailed

if TYPE_CHECKING:
    from papermill.engines import NotebookExecutionManager

NAME = "workbench-fork"
FORK_IS_SAFE = sys.platform == "linux"
"""macOS aborts forked children of its frameworks; Windows has no fork. There papermill's own engine runs."""

LOOK_EVERY_S = 0.2
"""How often the parent looks at a child's memory. [s]"""


def runnable(cell: NotebookNode) -> bool:
    """Say whether a cell is code to be run."""
    return (
        cell.cell_type == "code"
        and bool(cell.source.strip())
        and "skip-execution" not in cell.metadata.get("tags", ())
    )


@dataclass
class Child:
    """A forked process with the three ways that lead out of it."""

    pid: int
    messages: Connection
    out: int
    err: int

    @classmethod
    def of(cls, notebook: NotebookNode, seed: int) -> Child:
        """Fork a child that runs the cells of `notebook`, its random states set from `seed`."""
        from workbench.reports import forked

        forked.warm()
        cells = [
            (place, cell.source, "raises-exception" in cell.metadata.get("tags", ()))
            for place, cell in enumerate(notebook.cells)
            if runnable(cell)
        ]
        receive, send = multiprocessing.Pipe(duplex=False)
        out_read, out_write = os.pipe()
        err_read, err_write = os.pipe()
        pid = os.fork()
        if pid == 0:
            receive.close()
            os.close(out_read)
            os.close(err_read)
            forked.run(cells, seed, send, out_write, err_write)  # does not return
        send.close()
        os.close(out_write)
        os.close(err_write)
        return cls(pid, receive, out_read, err_read)

    def kill(self) -> None:
        """End the child and all that it started."""
        import psutil

        family = []
        with suppress(psutil.Error):
            family = psutil.Process(self.pid).children(recursive=True)
        for pid in [self.pid, *(member.pid for member in family)]:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        with suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Make sure that nothing of the child is left, and return how it ended."""
        self.kill()
        status = 0
        with suppress(ChildProcessError):
            _, status = os.waitpid(self.pid, 0)
        self.messages.close()
        for number in (self.out, self.err):
            with suppress(OSError):
                os.close(number)
        return status

    def resident(self) -> int:
        """Return the resident memory of the child and all that it started. [bytes]"""
        import psutil

        total = 0
        with suppress(psutil.Error):
            process = psutil.Process(self.pid)
            for member in (process, *process.children(recursive=True)):
                with suppress(psutil.Error):
                    total += member.memory_info().rss
        return total


@dataclass
class Record:
    """Writes into the notebook what the child says, and stops the child that goes beyond its limits."""

    manager: NotebookExecutionManager
    child: Child
    cell_timeout_s: float | None
    report_timeout_s: float | None
    memory_limit: int | None
    place: int = -1
    """The cell that runs, or the last that was begun; -1: none."""
    began: float = field(default_factory=time.monotonic)
    cell_began: float = field(default_factory=time.monotonic)
    clear_first: bool = False
    displays: dict[str, list[NotebookNode]] = field(default_factory=dict)
    over: bool = False

    def keep(self) -> None:
        """Follow the child to its end.

        Raises
        ------
        RunFailed
            as `ForkEngine.execute_managed_notebook`.
        """
        with selectors.DefaultSelector() as ways:
            ways.register(self.child.messages, selectors.EVENT_READ, self._message)
            ways.register(self.child.out, selectors.EVENT_READ, lambda: self._raw(self.child.out, "stdout"))
            ways.register(self.child.err, selectors.EVENT_READ, lambda: self._raw(self.child.err, "stderr"))
            looked = time.monotonic()
            while not self.over:
                for key, _ in ways.select(LOOK_EVERY_S):
                    if not key.data() and key.fileobj is not self.child.messages:
                        ways.unregister(key.fileobj)
                now = time.monotonic()
                if now - looked >= LOOK_EVERY_S:
                    looked = now
                    self._look()
        for number, name in ((self.child.out, "stdout"), (self.child.err, "stderr")):
            os.set_blocking(number, False)
            with suppress(BlockingIOError):
                self._raw(number, name)
        self._pass_to(len(self.manager.nb.cells))

    def _message(self) -> bool:
        try:
            message = json.loads(self.child.messages.recv_bytes())
        except (EOFError, OSError):
            self._stop(f"its process ended {_how(self.child.end())}")
        kind = message.pop("kind")
        if kind == "end":
            self.over = True
        elif kind == "cell":
            self._pass_to(message["place"])
            self._start(message["place"])
        elif kind == "ran":
            self._finish(message["failed"], message["count"])
        else:
            self._output(kind, message)
        return True

    def _raw(self, number: int, name: str) -> bool:
        data = os.read(number, 65_536)
        if data and self.place >= 0:
            self._output("stream", {"name": name, "text": data.decode("utf-8", "replace")})
        return bool(data)

    def _output(self, kind: str, content: dict[str, Any]) -> None:
        outputs = self.manager.nb.cells[self.place].outputs
        if kind == "clear_output":
            self.clear_first = content["wait"]
            if not content["wait"]:
                outputs.clear()
            return
        if self.clear_first:
            outputs.clear()
            self.clear_first = False
        identity = content.pop("display_id", None)
        if kind == "update_display_data":
            for shown in self.displays.get(identity, ()):
                shown.update(from_dict(content))  # type: ignore[no-untyped-call]
            return
        if kind == "stream" and outputs and outputs[-1].get("name") == content["name"]:
            outputs[-1].text += content["text"]
            return
        output = from_dict({"output_type": kind, **content})  # type: ignore[no-untyped-call]
        outputs.append(output)
        if identity:
            self.displays.setdefault(identity, []).append(output)

    def _pass_to(self, place: int) -> None:
        """Go through the cells that are not run, as papermill counts them, up to `place`."""
        cells = self.manager.nb.cells
        failed = self.place >= 0 and cells[self.place].metadata.papermill.get("exception")
        for skipped in range(self.place + 1, place):
            if failed or runnable(cells[skipped]):
                return
            self.manager.cell_start(cells[skipped], skipped)
            self.manager.cell_complete(cells[skipped], cell_index=skipped)
            self.place = skipped

    def _start(self, place: int) -> None:
        self.place, self.cell_began, self.clear_first = place, time.monotonic(), False
        self.manager.cell_start(self.manager.nb.cells[place], place)

    def _finish(self, failed: bool, count: int) -> None:
        cell = self.manager.nb.cells[self.place]
        cell.execution_count = count
        if failed and "raises-exception" not in cell.metadata.get("tags", ()):
            self.manager.cell_exception(cell, cell_index=self.place)
        self.manager.cell_complete(cell, cell_index=self.place)

    def _look(self) -> None:
        now = time.monotonic()
        if self.cell_timeout_s and now - self.cell_began > self.cell_timeout_s:
            self._stop(f"cell {self.place + 1} took longer than {self.cell_timeout_s:g} s and was stopped")
        if self.report_timeout_s and now - self.began > self.report_timeout_s:
            self._stop(f"took longer than {self.report_timeout_s:g} s and was stopped")
        if self.memory_limit and (used := self.child.resident()) > self.memory_limit:
            self._stop(
                f"used {used / 2**20:,.0f} MB of memory, more than the {self.memory_limit / 2**20:,.0f} MB allowed, "
                "and was stopped"
            )

    def _stop(self, reason: str) -> None:
        self.child.kill()
        if self.place >= 0:
            cell = self.manager.nb.cells[self.place]
            self.manager.cell_exception(cell, cell_index=self.place)
            self.manager.cell_complete(cell, cell_index=self.place)
        raise RunFailed(reason)


def _how(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"by signal {os.WTERMSIG(status)} before the report was done"
    return f"with exit code {os.waitstatus_to_exitcode(status)} before the report was done"


def language() -> dict[str, Any]:
    """Return what a notebook says of the language that it was run in."""
    major, minor, micro = sys.version_info[:3]
    return {
        "name": "python",
        "version": f"{major}.{minor}.{micro}",
        "mimetype": "text/x-python",
        "codemirror_mode": {"name": "ipython", "version": major},
        "pygments_lexer": f"ipython{major}",
        "nbconvert_exporter": "python",
        "file_extension": ".py",
    }
