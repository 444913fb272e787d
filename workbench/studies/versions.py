"""With which versions was a figure made?"""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

OURS = "contact-centre-workbench"
OF_THE_SIMULATOR = (OURS, "numpy", "numba", "scipy", "pydantic")
"""The packages whose versions can change a simulated figure."""


def versions_of(packages: Iterable[str] = OF_THE_SIMULATOR) -> dict[str, str]:
    """Return the versions of Python and of packages."""
    found = {"python": platform.python_version()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            from workbench import __version__

            found[name] = __version__ if name == OURS else "not installed"
    return found
