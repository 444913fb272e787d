"""Who writes into an output directory? One run at a time, and every file appears whole.

Everything that a run needs for itself lies in `.workbench` inside the directory, so that nothing is
written outside it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.errors import Busy, CallError

OWN = ".workbench"


@contextmanager
def held(directory: Path) -> Iterator[Path]:
    """Hold an output directory while a run writes into it; gives a scratch directory inside it.

    Raises
    ------
    Busy
        if another run holds it.
    CallError
        if nothing can be written there.
    """
    own = directory / OWN
    try:
        own.mkdir(parents=True, exist_ok=True)
        lock = (own / "lock").open("a+b")
    except OSError as error:
        raise CallError(
            f"{directory}: nothing can be written there ({error.strerror}). Name another directory with --out."
        ) from None
    with lock:
        if not _lock(lock.fileno()):
            raise Busy(f"{directory}: another run is writing there. Wait for it, or name another with --out.")
        scratch = own / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)  # what a run that was killed left behind
        scratch.mkdir(exist_ok=True)
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def own_environment(directory: Path, scratch: Path) -> dict[str, str]:
    """Return the variables that keep Jupyter, IPython and matplotlib inside the output directory."""
    fonts = directory / OWN / "matplotlib"
    fonts.mkdir(exist_ok=True)
    return {
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "MPLCONFIGDIR": os.environ.get("MPLCONFIGDIR", str(fonts)),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }


def deliver(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write files into `directory`: all of them under other names first, then each by a rename.

    Raises
    ------
    OSError
        if there is no room, or no right to write; nothing half written stays.
    """
    directory.mkdir(parents=True, exist_ok=True)
    written: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            temporary = directory / f".{name}.{os.getpid()}.part"
            written.append((temporary, directory / name))
            with temporary.open("wb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
        for temporary, final in written:
            temporary.replace(final)
    finally:
        for temporary, _ in written:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def sweep(directory: Path) -> None:
    """Remove what a killed run left half written in the directories of clients."""
    for part in directory.glob("*/.*.part"):
        with suppress(OSError):
            part.unlink()


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
