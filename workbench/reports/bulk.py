"""How are the reports of one client or a thousand made in one run?

Everything that can be refused is refused before the first report starts: names, parameters, formats,
templates. After that a client's failure is its own: the others' reports are whole, and the run says
at the end which failed and why.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from workbench.errors import CallError, RunFailed, UnknownName, WorkbenchError
from workbench.intake.client_paths import found
from workbench.reports import cluster, engine, outdir, parameters, remote, workers
from workbench.reports.declare import EXPORTERS, formats_beside, formats_of
from workbench.reports.job import STOCK, Failed, Job, Made
from workbench.reports.manifest import MANIFEST, Manifest, key_of
from workbench.reports.naming import directory_name
from workbench.reports.own import FOLDER, own_template, read_own
from workbench.reports.templates import Template, kept, load, load_own, shipped
from workbench.wording import counted

CLIENT_FILE = "client.yaml"

GRACE_S = 5.0
"""An engine stops a report itself at its limit and keeps what was executed; if even the engine hangs,
the worker is stopped so much later. [s]"""


@dataclass(frozen=True)
class Order:
    """What is asked for: which reports of which clients, in which formats, and how.

    A report that still stands is not made again, unless `again`; `only_failed` takes up those alone
    that failed the last time. A report that is made again is made in the formats in which it stands
    there too, whatever `formats` asks for.
    """

    clients: Sequence[str]
    out: Path
    template: str = "partnership_health_review"
    formats: Sequence[str] = ("html", "json")
    parameters: Mapping[str, Any] = field(default_factory=dict)
    engine: str = ""
    jobs: int = 1
    cluster: str = ""
    """Address of a Dask scheduler; empty: this machine makes the reports."""
    timeout_s: float | None = None
    cell_timeout_s: float | None = None
    memory_limit: int | None = None
    again: bool = False
    only_failed: bool = False
    said: tuple[Mapping[str, Any], ...] = ()
    """Who puts a name to the report just now, as an entry of `status.Said`."""


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
    cluster: str = "",
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
        cluster=cluster,
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
    notes: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    only_failed: bool = False

    def raise_failure(self) -> None:
        """Raise RunFailed if any client has no report."""
        if self.failed:
            failed, whole = len(self.failed), len(self.made) + len(self.unchanged)
            said = f"{failed} of {counted(failed + whole, 'client')} failed"
            others = "; the reports of the others are whole" if whole else ""
            raise RunFailed(f"{said}{others}. What was executed until then lies in {self.out}.")


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
    planned = plan(order, began)
    outcome = Outcome(
        order.out, failed=dict(planned.refused), notes=planned.notes, only_failed=order.only_failed
    )
    if watch:
        for label, reason in planned.refused.items():
            watch.refused(label, reason)
    with outdir.held(order.out) as scratch, Manifest(order.out / outdir.OWN / MANIFEST) as manifest:
        outdir.sweep(order.out)
        _keep_templates(planned.jobs, order.out)
        due = {job.directory: (job, inputs) for job, inputs in _due(planned.jobs, order, manifest, outcome)}
        if watch:
            watch.planned(len(due))
        jobs = [job for job, _ in due.values()]
        for job, report in _made(jobs, order, scratch.resolve()):
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


def _keep_templates(jobs: Iterable[Job], out: Path) -> None:
    """Keep each template that is somebody's own beside the reports, so that they can be verified without it."""
    for name, hash in dict.fromkeys((job.template, job.template_hash) for job in jobs):
        place = kept(out, name, hash)
        if not shipped(name, hash) and not place.is_file():
            text = next(job.notebook for job in jobs if job.template_hash == hash)
            with suppress(OSError):  # a full disk: the reports matter more
                outdir.deliver(place.parent, {place.name: text.encode()})


def _made(jobs: Sequence[Job], order: Order, scratch: Path) -> Iterator[tuple[Job, Made | Failed]]:
    """Yield the reports as they are made: by processes of this machine, or by a cluster."""
    timeout_s = order.timeout_s + GRACE_S if order.timeout_s else None
    if order.cluster:
        yield from cluster.run(jobs, address=order.cluster, timeout_s=timeout_s)
        return
    yield from workers.run(
        jobs,
        workers=max(1, min(order.jobs, len(jobs))),
        scratch=scratch,
        environment=outdir.own_environment(order.out, scratch),
        timeout_s=timeout_s,
    )


def _due(
    planned: Iterable[Job], order: Order, manifest: Manifest, outcome: Outcome
) -> Iterator[tuple[Job, dict[str, str]]]:
    """Yield the jobs that have to be done with the client's files; what still stands goes into the outcome."""
    for job in planned:
        job = replace(job, formats=_with_those_beside(job, order.out))
        before = manifest.entry(job.directory, job.template)
        if order.only_failed and (before is None or not before.reason):
            continue
        inputs = remote.marks(job.client) if remote.is_url(job.client) else manifest.inputs(Path(job.client))
        standing: tuple[Path, ...] = ()
        if before is not None and not order.again:
            key = key_of(job.template_hash, job.parameters, inputs, before.begins)
            names = [job.template + EXPORTERS.get(name).suffix for name in job.formats]
            standing = manifest.stands(order.out, job.directory, job.template, key, names)
        if standing:
            outcome.unchanged[job.label] = standing
        else:
            yield job, inputs


def _with_those_beside(job: Job, out: Path) -> tuple[str, ...]:
    """Return the formats asked for, and those in which the report stands there already.

    They are made anew as well: two formats of one name must never tell two reports.
    """
    return tuple(dict.fromkeys((*job.formats, *formats_beside(out / job.directory, job.template))))


def _note(manifest: Manifest, job: Job, report: Made | Failed, inputs: Mapping[str, str]) -> None:
    begins = report.begins if isinstance(report, Made) else ""
    manifest.note(
        job.directory, job.template, job.label,
        key_of(job.template_hash, job.parameters, inputs, begins),
        begins=begins, files=report.files if isinstance(report, Made) else {},
        reason=report.reason if isinstance(report, Failed) else "", made=job.made, seconds=report.seconds,
        path=job.client,
    )  # fmt: skip


def engine_of(name: str) -> str:
    """Return the engine called `name`; empty: the fast one where fork is safe, else papermill's own."""
    if not name:
        return engine.NAME if engine.FORK_IS_SAFE else STOCK
    if name not in (STOCK, engine.NAME):
        raise UnknownName("engine", name, (STOCK, engine.NAME))
    return name


def plan(order: Order, now: datetime) -> Plan:
    """Return what an order comes to, in the order of the clients named.

    Raises
    ------
    CallError
        naming everything that is refused.
    """
    template = load(order.template)
    if "client" not in template.takes:
        raise CallError(
            f"{template.name} is not about one client: it takes no client. A portfolio is made from the reports of "
            f"a run: workbench portfolio {order.out}"
        )
    formats = formats_of(order.formats)
    _refuse_limits(order)
    with tempfile.TemporaryDirectory() as temporary:
        places = _places(order.clients, Path(temporary))
        directories = {place: directory_name(client_id(place.here)) for place in places}
        labels = _labels(places)
        sharing = Counter(directories.values())
        refused = {
            labels[place]: _clash(place, [p for p in places if directories[p] == directories[place]])
            for place in places
            if sharing[directories[place]] > 1
        }
        jobs, notes = [], {}
        for place in places:
            if labels[place] in refused:
                continue
            try:
                remarks, mine = _own(place, template)
            except WorkbenchError as error:
                refused[labels[place]] = str(error)
                continue
            if remarks:
                notes[labels[place]] = "; ".join(remarks)
            jobs.append(
                Job(
                    client=place.address,
                    label=labels[place],
                    directory=directories[place],
                    template=template.name,
                    template_path=str(mine.path),
                    template_hash=mine.hash,
                    parameters=mine.check({**order.parameters, "client": place.address}),
                    formats=formats,
                    engine=engine_of(order.engine),
                    made=now,
                    cell_timeout_s=order.cell_timeout_s,
                    timeout_s=order.timeout_s,
                    memory_limit=order.memory_limit,
                    said=order.said,
                    notebook=mine.text,
                )
            )
    return Plan(jobs, refused, notes)


def _refuse_limits(order: Order) -> None:
    """Raise for what no run can keep to."""
    lines = [f"--jobs {order.jobs}: at least one report has to be made at a time."] if order.jobs < 1 else []
    for option, unit, value in (
        ("--timeout", "seconds", order.timeout_s), ("--cell-timeout", "seconds", order.cell_timeout_s),
        ("--memory", "MB", order.memory_limit and order.memory_limit / 2**20),
    ):  # fmt: skip
        if value is not None and not value > 0:
            lines.append(f"{option} {value:g}: it takes a number of {unit} above 0; 0 is no limit.")
    if lines:
        raise CallError("\n".join(lines))


@dataclass(frozen=True)
class Plan:
    """The jobs of an order, which clients are refused and why, and what is worth knowing of others."""

    jobs: list[Job]
    refused: Mapping[str, str]
    notes: Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """Where a client is: its path or URL, and what of it lies here, at least client.yaml and `report`."""

    address: str
    here: Path


def _places(clients: Sequence[str], temporary: Path) -> list[Place]:
    """Return where each client is, once, in the order named.

    Raises
    ------
    CallError
        naming what is not there.
    """
    urls = {name: remote.checked(name) for name in clients if remote.is_url(name)}
    paths = found(name for name in clients if name not in urls)
    near = [Place(str(path), path) for path in paths]
    far = [
        Place(url, remote.declared(url, temporary / str(number)))
        for number, url in enumerate(dict.fromkeys(urls.values()))
    ]
    return near + far


def _own(place: Place, template: Template) -> tuple[list[str], Template]:
    """Return what is worth knowing of a client's own look, and the template for it: its own if it has one."""
    remarks = list(read_own(place.here).remarks)
    path = own_template(place.here, template.name)
    if path is None:
        return remarks, template
    return [*remarks, f"made from its own template {FOLDER}/{path.name}"], load_own(path, template.name)


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


def _labels(places: Sequence[Place]) -> dict[Place, str]:
    """Return what each client is called on the terminal: its path's name, or all of it where two share one."""
    names = Counter(place.here.name for place in places)
    return {place: place.here.name if names[place.here.name] == 1 else place.address for place in places}


def _clash(place: Place, sharing: Sequence[Place]) -> str:
    others = ", ".join(other.address for other in sharing if other != place)
    return (
        f'shares its id "{client_id(place.here)[:80]}" with {others}, so that one report would take the other\'s '
        "place. Give each an id of its own in client.yaml."
    )


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
