"""Where does compiled code live, and how is a stale kernel kept from answering?

Numba's disk cache looks at one file only: an edit in a helper's file would leave the old kernel in
use. So the compiled code of several files goes into a folder named after the text of all of them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

KEEP = 3
"""So many folders of compiled code stay for a file; older ones are from a text it no longer has."""


def fingerprint(*sources: Path) -> str:
    """Return 16 hexadecimal digits that change when a source file, numba or Python changes."""
    import numba

    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _user_cache() -> Path:
    if os.name == "nt":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def cache_root() -> Path:
    """Return the first of these that can be written to.

    NUMBA_CACHE_DIR, this package's own __pycache__, the user's cache folder, a temporary folder.
    """
    asked = os.environ.get("NUMBA_CACHE_DIR")
    places: list[Callable[[], Path]] = [lambda: Path(asked)] if asked else []
    places.append(lambda: Path(__file__).resolve().parent / "__pycache__")
    places.append(lambda: _user_cache() / "workbench" / "numba")
    for place in places:
        try:
            folder = place()
        except RuntimeError:  # no home directory
            continue
        if _writable(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="workbench-numba-"))


def cache_folder(*sources: Path) -> Path:
    """Return the folder for code compiled in the first of `sources`, made if need be."""
    folder = cache_root() / f"sim-{sources[0].stem}-{fingerprint(*sources)}"
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _forget_old(folder, f"sim-{sources[0].stem}-{'[0-9a-f]' * 16}")
    return folder


def _forget_old(newest: Path, pattern: str) -> None:
    try:
        siblings = sorted(
            (p for p in newest.parent.glob(pattern) if p != newest), key=lambda p: p.stat().st_mtime
        )
    except OSError:  # another process tidies at the same time
        return
    for old in siblings[: max(0, len(siblings) - (KEEP - 1))]:
        shutil.rmtree(old, ignore_errors=True)


def to_the_terminal(text: str) -> None:
    """Tell whoever runs the program, without disturbing what it prints as its result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def compiling(*sources: Path, announce: Callable[[str], None] | None = None) -> Iterator[None]:
    """Send what numba compiles inside this block to the cache folder of `sources`.

    `announce` is told beforehand when the folder is empty, so that a user knows why it takes time.
    """
    import numba

    folder = cache_folder(*sources)
    if announce is not None and not any(folder.rglob("*.nbi")):
        announce(
            "Compiling the simulator for this computer. This happens once and takes up to half a minute."
        )
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before
