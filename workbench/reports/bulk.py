"""How are the reports of one client or a thousand made in one run?

Everything that can be refused is refused before the first report starts: names, parameters, formats,
templates. After that a client's failure is its own: the others' reports are whole, and the run says
at the end which failed and why.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from workbench.errors import CallError, RunFailed, UnknownName
from workbench.reports import engine, outdir, parameters, workers
from workbench.reports.client_paths import found
from workbench.reports.declare import EXPORTERS
from workbench.reports.job import STOCK, Failed, Job, Made
from workbench.reports.manifest import Manifest, key_of
from workbench.reports.naming import directory_name
from workbench.reports.templates import Template, load

CLIENT_FILE = "client.yaml"
MANIFEST = "manifest.sqlite"

GRACE_S = 5.0
"""An engine stops a report itself at its limit and keeps what was executed; if even the engine hangs,
the worker is stopped so much later. [s]"""


@dataclass(frozen=True)
class Order:
    """What is asked for: which reports of which clients, in which formats, and how.

    A report that still stands is not made again, unless `again`; `only_failed` takes up those alone
    that failed the last time.
    """

    clients: Sequence[str]
    out: Path
    template: str = "partnership_health_review"
    formats: Sequence[str] = ("html", "json")
    parameters: Mapping[str, Any] = field(default_factory=dict)
    engine: str = ""
    jobs: int = 1
    timeout_s: float | None = None
    cell_timeout_s: float | None = None
    memory_limit: int | None = None
    again: bool = False
    only_failed: bool = False


def order(
    clients: Sequence[str],
    *,
    out: Path,
    template: str,
    formats: str,
    period: str = "",
    audience: str = "",
    param: Sequence[str] = (),
    jobs: int = 0,
    timeout: float = 0.0,
    cell_timeout: float = 0.0,
    memory: float = 0.0,
    engine: str = "",
    again: bool = False,
    only_failed: bool = False,
) -> Order:
    """Return the order that the words of a command line say; 0 jobs: one for each core."""
    given: dict[str, Any] = dict(parameters.read(text) for text in param)
    given |= {name: value for name, value in (("period", period), ("audience", audience)) if value}
    return Order(
        clients=tuple(clients),
        out=out,
        template=template,
        formats=tuple(filter(None, (part.strip() for part in formats.split(",")))),
        parameters=given,
        jobs=jobs or os.cpu_count() or 1,
        timeout_s=timeout or None,
        cell_timeout_s=cell_timeout or None,
        memory_limit=int(memory * 2**20) or None,
        engine=engine,
        again=again,
        only_failed=only_failed,
    )


@dataclass
class Outcome:
    """How a run ended: where each report is, and why there is none."""

    out: Path
    made: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    unchanged: dict[str, tuple[Path, ...]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def raise_failure(self) -> None:
        """Raise RunFailed if any client has no report."""
        if self.failed:
            failed, whole = len(self.failed), len(self.made) + len(self.unchanged)
            raise RunFailed(
                f"{failed} of {failed + whole} clients failed; the reports of the others are whole. "
                f"What was executed of the failed ones lies in {self.out}."
            )


class Watcher(Protocol):
    """Somebody who follows a run."""

    def planned(self, total: int) -> None:
        """Hear how many reports are to be made."""

    def ended(self, job: Job, report: Made | Failed) -> None:
        """Hear of a report that was made or failed."""

    def refused(self, label: str, reason: str) -> None:
        """Hear of a client of whom no report was even begun."""


def make(order: Order, watch: Watcher | None = None) -> Outcome:
    """Make every report of an order; `watch` hears of each as it ends.

    Raises
    ------
    CallError
        for anything that can be refused before the first report starts.
    Busy
        if another run is writing into the output directory.
    """
    began = datetime.now(UTC)
    planned, refused = plan(order, began)
    outcome = Outcome(order.out, failed=dict(refused))
    if watch:
        for label, reason in refused.items():
            watch.refused(label, reason)
    with outdir.held(order.out) as scratch, Manifest(order.out / outdir.OWN / MANIFEST) as manifest:
        outdir.sweep(order.out)
        due = {job.directory: (job, inputs) for job, inputs in _due(planned, order, manifest, outcome)}
        if watch:
            watch.planned(len(due))
        environment = outdir.own_environment(order.out, scratch)
        for job, report in workers.run(
            [job for job, _ in due.values()],
            workers=max(1, min(order.jobs, len(due))),
            scratch=scratch.resolve(),
            environment=environment,
            timeout_s=order.timeout_s + GRACE_S if order.timeout_s else None,
        ):
            report = _delivered(order.out, job, report)
            _note(manifest, job, report, due[job.directory][1])
            if isinstance(report, Made):
                outcome.made[job.label] = tuple(order.out / job.directory / name for name in report.files)
            else:
                outcome.failed[job.label] = report.reason
            if watch:
                watch.ended(job, report)
    outcome.seconds = (datetime.now(UTC) - began).total_seconds()
    return outcome


def _due(
    planned: Iterable[Job], order: Order, manifest: Manifest, outcome: Outcome
) -> Iterator[tuple[Job, dict[str, str]]]:
    """Yield the jobs that have to be done with the client's files; what still stands goes into the outcome."""
    for job in planned:
        before = manifest.entry(job.directory, job.template)
        if order.only_failed and (before is None or not before.reason):
            continue
        inputs = manifest.inputs(Path(job.client))
        standing: tuple[Path, ...] = ()
        if before is not None and not order.again:
            key = key_of(job.template_hash, job.parameters, job.formats, inputs, before.begins)
            standing = manifest.stands(order.out, job.directory, job.template, key)
        if standing:
            outcome.unchanged[job.label] = standing
        else:
            yield job, inputs


def _note(manifest: Manifest, job: Job, report: Made | Failed, inputs: Mapping[str, str]) -> None:
    begins = report.begins if isinstance(report, Made) else ""
    manifest.note(
        job.directory, job.template, job.label,
        key_of(job.template_hash, job.parameters, job.formats, inputs, begins),
        begins=begins, files=report.files if isinstance(report, Made) else {},
        reason=report.reason if isinstance(report, Failed) else "", made=job.made, seconds=report.seconds,
    )  # fmt: skip


def engine_of(name: str) -> str:
    """Return the engine called `name`; empty: the fast one where fork is safe, else papermill's own."""
    if not name:
        return engine.NAME if engine.FORK_IS_SAFE else STOCK
    if name not in (STOCK, engine.NAME):
        raise UnknownName("engine", name, (STOCK, engine.NAME))
    return name


def plan(order: Order, now: datetime) -> tuple[list[Job], dict[str, str]]:
    """Return the jobs of an order, in the order of the clients named, and which clients are refused.

    Raises
    ------
    CallError
        naming everything that is refused.
    """
    template = load(order.template)
    formats = tuple(dict.fromkeys(EXPORTERS.get(name).name for name in order.formats))
    if not formats:
        raise CallError(f"No format was named. Known: {', '.join(EXPORTERS.names())}.")
    if order.jobs < 1:
        raise CallError(f"--jobs {order.jobs}: at least one report has to be made at a time.")
    paths = found(order.clients)
    directories = {path: directory_name(client_id(path)) for path in paths}
    labels = _labels(paths)
    sharing = Counter(directories.values())
    refused = {
        labels[path]: _clash(path, [p for p in paths if directories[p] == directories[path]])
        for path in paths
        if sharing[directories[path]] > 1
    }
    jobs = [
        Job(
            client=str(path),
            label=labels[path],
            directory=directories[path],
            template=template.name,
            template_path=str(template.path),
            template_hash=template.hash,
            parameters=_parameters(template, path, order.parameters),
            formats=formats,
            engine=engine_of(order.engine),
            made=now,
            cell_timeout_s=order.cell_timeout_s,
            timeout_s=order.timeout_s,
            memory_limit=order.memory_limit,
        )
        for path in paths
        if labels[path] not in refused
    ]
    return jobs, refused


def client_id(path: Path) -> str:
    """Return the id under which a client's reports are kept: that of client.yaml, else the path's name."""
    declared = path / CLIENT_FILE
    if declared.is_file():
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        try:
            told = YAML(typ="safe", pure=True).load(declared.read_text(encoding="utf-8-sig"))
        except (YAMLError, OSError, ValueError):
            told = None  # reading the client says what is wrong with it
        if isinstance(told, dict) and str(told.get("id") or "").strip():
            return str(told["id"])
    name = path.name if path.is_dir() else path.name.lower().removesuffix(".gz").rpartition(".")[0]
    return name or path.name


def _labels(paths: Sequence[Path]) -> dict[Path, str]:
    """Return what each client is called on the terminal: its path's name, or all of it where two share one."""
    names = Counter(path.name for path in paths)
    return {path: path.name if names[path.name] == 1 else str(path) for path in paths}


def _clash(path: Path, sharing: Sequence[Path]) -> str:
    others = ", ".join(str(other) for other in sharing if other != path)
    return (
        f'shares its id "{client_id(path)[:80]}" with {others}, so that one report would take the other\'s place. '
        "Give each an id of its own in client.yaml."
    )


def _parameters(template: Template, path: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    return template.check({**given, "client": str(path)})


def _delivered(out: Path, job: Job, report: Made | Failed) -> Made | Failed:
    """Write a report, or what is left of a failed one, and return how it ended."""
    directory = out / job.directory
    left = [directory / f"{job.template}.failed{suffix}" for suffix in (".ipynb", ".txt")]
    try:
        if isinstance(report, Made):
            outdir.deliver(directory, report.files)
            for path in left:
                path.unlink(missing_ok=True)
            return report
        notebook = {left[0].name: report.notebook} if report.notebook else {}
        told = "\n".join(filter(None, (report.reason, report.detail))) + "\n"
        outdir.deliver(directory, {**notebook, left[1].name: told.encode("utf-8", "replace")})
    except OSError as error:
        if isinstance(report, Made):
            return Failed(f"cannot be written ({error.strerror})", seconds=report.seconds)
    return report
