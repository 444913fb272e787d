"""How is one report made: template executed, sections collected, every format written to memory?

Runs in a worker process and never writes to the output directory: it hands back bytes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from workbench import errors
from workbench.reports.declare import EXPORTERS, Finished
from workbench.reports.job import STOCK, Failed, Job, Made
from workbench.reports.remote import fetched, is_url
from workbench.reports.report import Report
from workbench.reports.seeds import opening_line, seed_of
from workbench.reports.status import said_of, stamped


def render(job: Job, scratch: Path) -> Made | Failed:
    """Make one report in a directory of its own below `scratch`, which is removed again."""
    began = time.perf_counter()
    place = Path(tempfile.mkdtemp(dir=scratch, prefix="report-"))
    executed = place / "executed.ipynb"
    try:
        client = fetched(job.client, place / "client") if is_url(job.client) else Path(job.client)
        notebook = execute(job, executed, place, client)
        report = Report.from_notebook(notebook)
        report = stamped(report, said_of(report, client, job.said))
        finished = Finished(report, notebook, job.made)
        files = {}
        for name in job.formats:
            exporter = EXPORTERS.get(name)
            files[job.template + exporter.suffix] = exporter.write(finished)
        cells_s = sum(c.metadata.get("papermill", {}).get("duration") or 0.0 for c in notebook.cells)
        return Made(files, time.perf_counter() - began, cells_s, finished.report.origin.period.start)
    except Exception as error:
        partial = executed.read_bytes() if executed.is_file() else b""
        detail = "\n".join(getattr(error, "traceback", ())) or f"{type(error).__name__}: {error}"
        return Failed(reason_of(error), partial, time.perf_counter() - began, detail)
    finally:
        os.chdir(scratch)
        shutil.rmtree(place, ignore_errors=True)


def execute(job: Job, executed: Path, place: Path, client: Path) -> NotebookNode:
    """Run the template by papermill in the directory `place`; the notebook so far stands in `executed`."""
    working = place / "cwd"
    working.mkdir()
    notebook: NotebookNode = papermill.execute_notebook(
        _template(job),
        executed,
        parameters={**job.parameters, "client": str(client)} if is_url(job.client) else dict(job.parameters),
        **_engine(job, executed),
        kernel_name="python3",
        progress_bar=False,
        cwd=working,
    )
    return notebook


def _template(job: Job) -> NotebookNode:
    """Return the template, called as its run calls it, whatever a copy of it says of itself."""
    read: Any = nbformat
    notebook: NotebookNode = (
        read.reads(job.notebook, as_version=4) if job.notebook else read.read(job.template_path, as_version=4)
    )
    notebook.metadata["workbench"] = {**notebook.metadata.get("workbench", {}), "template": job.template}
    return notebook


def _engine(job: Job, executed: Path) -> dict[str, Any]:
    """Return what papermill is told about the engine; its own knows no limits but for a cell.

    Ours writes the notebook so far where it stops a report: to save it with every cell takes longer than its HTML.
    """
    seed = seed_of(job.directory, job.template_hash)
    if job.engine == STOCK:
        before = f"--IPKernelApp.exec_lines={opening_line(seed)}"
        return {"engine_name": None, "execution_timeout": job.cell_timeout_s, "extra_arguments": [before]}
    return {
        "engine_name": job.engine,
        "execution_timeout": job.cell_timeout_s,
        "report_timeout": job.timeout_s,
        "memory_limit": job.memory_limit,
        "seed": seed,
        "request_save_on_cell_execute": False,
        "partial": str(executed),
    }


def reason_of(error: BaseException) -> str:
    """Return why a report failed in a sentence: a mistake in the data keeps its own words."""
    if (
        isinstance(error, OSError) and error.strerror
    ):  # of our own files: what a cell raised is in papermill's words
        return f"cannot be written ({error.strerror})"
    name, words = type(error).__name__, str(error)
    if isinstance(error, PapermillExecutionError):  # around what a cell raised
        name, words = error.ename, error.evalue
    ours = isinstance(getattr(errors, name, None), type)
    words = (_in_one_line(words) if ours else " ".join(words.split())) or "no reason given"
    said = words if ours else f"{name}: {words}"
    return said if len(said) <= 600 else said[:599] + "…"


def _in_one_line(words: str) -> str:
    """Return a message of ours, a heading with its points, as one line in which each is set off."""
    said = ""
    for line in filter(None, (" ".join(line.split()) for line in words.splitlines())):
        if said and said[-1] not in ".:;,!?…":
            said += ";"
        said += f" {line}" if said else line
    return said
