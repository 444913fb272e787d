"""Where do a report's random states start: always at the same place, whichever engine runs it?

Whatever a cell draws without a seed of its own then gives the same figures again, in a fork and in a
fresh kernel, and another client's report draws other numbers.
"""

from __future__ import annotations

import random
from typing import Any

from workbench.reports.report import digest


def seed_of(client: str, template_hash: str) -> int:
    """Return the seed of a client's report (by the name of its directory, which is that of its id): 32 bits."""
    return int(digest([client, template_hash])[:8], 16)


def settle(seed: int) -> None:
    """Set the random states that a cell may use without asking: Python's and numpy's."""
    import numpy

    random.seed(seed)
    numpy.random.seed(seed)  # noqa: NPY002 - the global state is what a client's cell may use


def settle_before_first_cell(seed: int) -> None:
    """Set the random states when a kernel's first cell begins: what greets whoever connects draws a tip of the day."""
    from IPython import get_ipython

    shell: Any = get_ipython()

    def once(*_: object) -> None:
        shell.events.unregister("pre_run_cell", once)
        settle(seed)

    shell.events.register("pre_run_cell", once)


def opening_line(seed: int) -> str:
    """Return what a kernel runs as it starts, so that its first cell finds the states set; it leaves no name behind."""
    name = settle_before_first_cell.__name__
    return f"__import__({__name__!r}, fromlist=[{name!r}]).{name}({seed})"
