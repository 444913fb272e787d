"""Which reports of a run are there, which failed, and which are no longer what the data give?

A batch is the output directory of a run. Its reports are found as files, so that it may have been moved
or copied; the manifest of the run, where it is there, adds what failed and what is stale.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.errors import CallError
from workbench.reports import outdir
from workbench.reports.declare import EXPORTERS
from workbench.reports.manifest import MANIFEST, Entry, Manifest
from workbench.reports.report import of_earlier_periods
from workbench.reports.templates import called
from workbench.reports.words import shortened
from workbench.reports.written import read_report
from workbench.wording import listing


@dataclass(frozen=True)
class Standing:
    """How one client stands in a batch.

    Attributes
    ----------
    client : its name, or what the run called it where it has no report.
    directory : its directory in the batch.
    report : the JSON of its report; None where there is none.
    failed, stale : why it has none, or not the one that the data give now; empty where it has.
    checked : whether it could be checked if the report is stale.
    path : its folder; None where that is not known or not here.
    files : SHA-256 of each file of the report as its run wrote it; none where that is not known.
    """

    client: str
    directory: str
    report: Path | None
    failed: str = ""
    stale: str = ""
    checked: bool = False
    path: Path | None = None
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_another_run(self) -> tuple[str, ...]:
        """The names of its formats that are not as the last run wrote them: another report under the same name."""
        if self.report is None or not self.files:
            return ()
        beside = (self.report.with_suffix(exporter.suffix) for exporter in EXPORTERS)
        return tuple(p.name for p in beside if p.is_file() and _sha256(p) != self.files.get(p.name))


@dataclass(frozen=True)
class Batch:
    """The reports made from one template in one output directory, by directory."""

    out: Path
    template: str
    standing: tuple[Standing, ...]


def read_batch(out: Path, asked: str) -> Batch:
    """Return the batch in `out` of the template that `asked` names: by its name, or as the notebook.

    Raises
    ------
    CallError
        if there is no report of that template, made or failed.
    """
    template = called(asked)
    known: dict[str, Entry] = {}
    paths: dict[str, Path] = {}
    unseen: dict[str, list[str]] = {}
    place = out / outdir.OWN / MANIFEST
    if place.is_file():
        with Manifest(place) as manifest:
            known = {entry.directory: entry for entry in manifest.entries(template)}
            paths = {d: Path(e.path) for d, e in known.items() if e.path and Path(e.path).exists()}
            unseen = {directory: manifest.unseen(path) for directory, path in paths.items()}
    made = {path.parent.name: path for path in sorted(out.glob(f"*/{template}.json"))}
    standing = []
    for directory in sorted({*known, *made}):
        entry, report = known.get(directory), made.get(directory)
        path = paths.get(directory)
        reason = entry.reason if entry else ""
        if report is None and not reason:
            continue  # made without JSON, or taken away
        told = read_report(report) if report else None
        name = told["origin"]["client"]["name"] if told else entry.client if entry else directory
        stale = _stale(told, path, unseen[directory]) if told and path else ""
        standing.append(
            Standing(
                shortened(name), directory, report, reason, stale, path is not None, path,
                files=entry.files if entry else {},
            )
        )  # fmt: skip
    if not standing:
        raise CallError(_none_there(out, template, asked))
    return Batch(out, template, tuple(standing))


def _none_there(out: Path, template: str, asked: str) -> str:
    """Return that there is no batch, and what there is, or how it is made."""
    others = sorted({path.stem for path in out.glob("*/*.json")} - {template})
    lacking = f"{out}: there is no report here made from {template} with its JSON."
    if others:
        return f"{lacking} There are reports made from {listing(others, 6)}; name one with --template."
    made = shlex.join(["--template", asked, "--out", str(out), "--formats", "html,json"])
    return f"{lacking} Make them first: workbench report CLIENTS {made}"


def _stale(told: Mapping[str, Any], path: Path, unseen: Iterable[str]) -> str:
    """Return which files of the client are no longer those that the report was made from."""
    before = told["origin"]["inputs"]
    begins = told["origin"]["period"]["start"]
    changed = [f"{name} is new" for name in of_earlier_periods(dict.fromkeys(unseen, ""), begins)]
    for name, sha256 in of_earlier_periods(before, begins).items():
        file = path / name if path.is_dir() else path
        if not file.is_file():
            changed.append(f"{name} is gone")
        elif _sha256(file) != sha256:
            changed.append(f"{name} has changed")
    return f"made from other data: {listing(changed, 4)}. Make it again." if changed else ""


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
