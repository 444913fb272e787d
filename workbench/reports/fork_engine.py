"""Under which class does papermill find the engine? Papermill imports this file by entry point.

Nothing else may import it first: papermill, while it is being imported, looks for the class below.
"""

from __future__ import annotations

import threading
from typing import Any

from papermill.engines import Engine, NotebookExecutionManager

from workbench.errors import CallError, RunFailed
from workbench.reports.engine import FORK_IS_SAFE, NAME, Child, Record, language
from workbench.reports.report import template_hash
from workbench.reports.seeds import seed_of


class ForkEngine(Engine):  # type: ignore[misc]
    """Runs a notebook's cells in a forked child.

    Takes `execution_timeout` (for each cell) and `report_timeout` in seconds, and `memory_limit` for
    the resident memory of the child and all it starts, in bytes; None: no limit. Takes `seed`, from which
    the random states start; None: from the template. Takes `partial`, where the notebook so far is written if the
    child was stopped, for whoever does without saving it after each cell (papermill's `request_save_on_cell_execute`).
    """

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,  # noqa: ARG003 - this interpreter is the kernel
        *,
        execution_timeout: float | None = None,
        report_timeout: float | None = None,
        memory_limit: int | None = None,
        seed: int | None = None,
        partial: str | None = None,
        **_: Any,
    ) -> None:
        """Run every cell, and leave notebook and metadata as the stock engine does.

        Raises
        ------
        RunFailed
            if the child was stopped, or ended before the last cell; the notebook holds what it did.
        CallError
            where fork is not safe.
        """
        if not FORK_IS_SAFE:
            raise CallError(f"{NAME} needs Linux. Use --engine papermill here.")
        _stop_watching_progress()
        if threading.active_count() > 1:
            raise RunFailed(f"{NAME} was called from a process with threads; it forks from one alone.")
        child = Child.of(nb_man.nb, seed_of("", template_hash(nb_man.nb)) if seed is None else seed)
        try:
            Record(nb_man, child, execution_timeout, report_timeout, memory_limit).keep()
        except RunFailed:
            nb_man.output_path = nb_man.output_path or partial
            raise
        finally:
            child.end()
        nb_man.nb.metadata["language_info"] = language()


def _stop_watching_progress() -> None:
    """End the thread that tqdm starts with papermill's progress bar; the bar itself goes on without it."""
    from tqdm import TMonitor, tqdm

    tqdm.monitor_interval = 0
    for thread in threading.enumerate():
        if isinstance(thread, TMonitor):
            thread.exit()
            thread.tqdm_cls.monitor = None
