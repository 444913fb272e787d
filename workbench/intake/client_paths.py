"""Which paths does the command line mean by its clients?"""

from __future__ import annotations

import glob
from collections.abc import Iterable
from pathlib import Path

from workbench.errors import CallError


def found(clients: Iterable[str], resolved: bool = True) -> list[Path]:
    """Return the paths of the clients named, each once; a pattern stands for the folders it matches.

    `resolved`: as absolute paths, else as they were named.

    Raises
    ------
    CallError
        naming all that are not there.
    """
    paths: dict[Path, None] = {}
    missing = []
    for name in clients:
        here = Path(name)
        matched = [here] if name.strip() and here.exists() else _matching(name)
        if not matched:
            missing.append(name)
        paths.update(dict.fromkeys(path.resolve() if resolved else path for path in matched))
    if missing:
        raise CallError(
            "There is no file or folder "
            + ", ".join(f'"{name}"' for name in missing)
            + ". Name client folders, single log files, or a pattern in quotes such as 'clients/*'."
        )
    return list(paths)


def _matching(pattern: str) -> list[Path]:
    """Return the folders that a pattern matches; where it matches none, the files."""
    paths = [Path(path) for path in sorted(glob.glob(pattern, recursive=True))]  # noqa: PTH207
    return [path for path in paths if path.is_dir()] or paths
