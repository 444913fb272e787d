"""What runs in the forked child: IPython with its outputs turned into messages.

The child begins with everything imported and nothing run. It sends one message for each thing that a
notebook's cell leaves behind (a stream, something displayed, a result, an error), in order; the
parent puts them into the notebook. It never returns: it ends with `os._exit`.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from workbench.reports.seeds import settle


class Channel:
    """The way to the parent; what a copy of the child writes to it is dropped."""

    def __init__(self) -> None:
        self.pipe: Connection | None = None
        self.owner = 0

    def open(self, pipe: Connection) -> None:
        """Begin to send on `pipe`, as this process alone."""
        self.pipe, self.owner = pipe, os.getpid()

    def send(self, kind: str, **content: Any) -> None:
        """Send one message; without a parent there is nothing left to do."""
        if self.pipe is None or os.getpid() != self.owner:
            return
        try:
            self.pipe.send_bytes(json.dumps({"kind": kind, **content}, default=str).encode())
        except OSError:
            os._exit(1)


CHANNEL = Channel()


class Stream(io.TextIOBase):
    """What stands in for stdout and stderr; a cell that closes it closes nothing."""

    encoding = "utf-8"

    def __init__(self, name: str, number: int) -> None:
        self._name, self._number = name, number

    def write(self, text: str) -> int:
        """Send `text` on its way."""
        if text:
            CHANNEL.send("stream", name=self._name, text=str(text))
        return len(text)

    def writable(self) -> bool:
        """Say yes."""
        return True

    def isatty(self) -> bool:
        """Say no."""
        return False

    def fileno(self) -> int:
        """Return the descriptor that the parent reads too."""
        return self._number

    def close(self) -> None:
        """Do nothing: the next cell may print again."""


class Publisher(DisplayPublisher):
    """Sends what `display` shows."""

    def publish(
        self,
        data: Any,
        metadata: Any = None,
        *_: Any,
        transient: Any = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        """Send data in all its formats."""
        kind = "update_display_data" if update else "display_data"
        identity = (transient or {}).get("display_id")
        CHANNEL.send(kind, data=_plain(data), metadata=metadata or {}, display_id=identity)

    def clear_output(self, wait: bool = False) -> None:
        """Ask for the cell's outputs to be taken away."""
        CHANNEL.send("clear_output", wait=wait)


class Hook(DisplayHook):
    """Sends what the last line of a cell is worth."""

    def write_output_prompt(self) -> None:
        """Write no prompt."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Send the value in all its formats."""
        CHANNEL.send(
            "execute_result",
            data=_plain(format_dict),
            metadata=md_dict or {},
            execution_count=self.prompt_count,
        )

    def finish_displayhook(self) -> None:
        """Write no new line."""


class Shell(InteractiveShell):
    """IPython whose every output is a message."""

    displayhook_class = Type(Hook)
    display_pub_class = Type(Publisher)

    def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
        CHANNEL.send("error", ename=str(etype.__name__), evalue=str(evalue), traceback=list(stb))

    def init_sys_modules(self) -> None:
        """Leave `__main__` alone: it is the worker's."""
        self._main_mod_cache = {}

    def init_io(self) -> None:
        """Leave the streams alone; `run` puts its own in place."""


@cache
def warm() -> Shell:
    """Import all that reports need and make the shell, once, before the first fork."""
    import matplotlib.font_manager
    import numpy
    import pandas  # noqa: F401
    import pyarrow.csv
    import pyarrow.dataset
    import pyarrow.parquet  # noqa: F401
    import statsmodels.duration.survfunc
    import statsmodels.stats.inter_rater
    import statsmodels.stats.proportion  # noqa: F401

    from workbench.diagnostics.diagnostic import CHECKS
    from workbench.intake.source import SOURCES
    from workbench.reports import figures, notebook  # noqa: F401
    from workbench.reports.declare import SECTIONS

    for catalogue in (CHECKS, SOURCES, SECTIONS):
        len(catalogue)
    figures.score_ranges("warm", [("warm", 50.0, 0.0, 100.0)], "warm")
    matplotlib.font_manager.fontManager.findfont("DejaVu Sans")
    numpy.random.seed(0)  # noqa: NPY002 - the state that a child must not inherit exists now
    settings = Config()
    settings.HistoryManager.enabled = False
    settings.InteractiveShell.colors = "nocolor"
    settings.InteractiveShell.cache_size = 1000
    shell = Shell.instance(config=settings)
    gc.collect()
    gc.freeze()
    return shell


def run(cells: Sequence[tuple[int, str, bool]], seed: int, messages: Connection, out: int, err: int) -> None:
    """Run cells (place, source, whether an error is expected) and end the process.

    Parameters
    ----------
    seed : where the random states start; never those of the parent.
    messages : where to send.
    out, err : descriptors that take what is written past Python.
    """
    code = 1
    try:
        _settle(out, err)
        CHANNEL.open(messages)
        shell = warm()
        settle(seed)
        for place, source, may_fail in cells:
            CHANNEL.send("cell", place=place)
            result = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
            failed = not result.success
            CHANNEL.send("ran", place=place, failed=failed, count=shell.execution_count - 1)
            if failed and not may_fail:
                break
        CHANNEL.send("end")
        code = 0
    except BaseException as error:
        with contextlib.suppress(BaseException):
            CHANNEL.send("error", ename=type(error).__name__, evalue=str(error), traceback=[])
    finally:
        os._exit(code)


def die_with_parent() -> None:
    """Let the system end this process when its parent ends, where the system can (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _settle(out: int, err: int) -> None:
    os.setsid()
    die_with_parent()
    for caught in (signal.SIGINT, signal.SIGTERM):
        signal.signal(caught, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(source, target)
    for number in (nothing, out, err):
        os.close(number)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout, sys.stderr = Stream("stdout", 1), Stream("stderr", 2)
    sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr  # type: ignore[misc, assignment]


def _plain(data: Any) -> Any:
    """Return a bundle of formats with bytes as the notebook format writes them."""
    import base64

    return {
        mime: base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for mime, value in data.items()
    }
