"""Which report is this file, and whose client is it about? Read from its JSON and from the manifest of its run."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from workbench.errors import CallError
from workbench.reports import outdir
from workbench.reports.declare import EXPORTERS
from workbench.reports.exporters.json import KIND
from workbench.reports.manifest import MANIFEST, Entry, Manifest
from workbench.reports.remote import is_url
from workbench.reports.report import Report
from workbench.reports.templates import kept, names, shipped


def read_report(path: Path) -> dict[str, Any]:
    """Return the JSON of a report.

    Raises
    ------
    CallError
        if it is none, or of a newer workbench.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["kind"] != KIND:
            raise KeyError("kind")
        if told["format"] > Report.model_fields["format"].default:
            raise CallError(f"{path} was written by a newer workbench. Update this installation.")
    except (OSError, ValueError, KeyError, TypeError):
        raise CallError(
            f"{path} is not the JSON of a report. Name the .json that stands beside the other formats."
        ) from None
    return dict(told)


def json_of(path: Path) -> Path:
    """Return the JSON of a report in any of its formats: the file itself, or the one beside it.

    Raises
    ------
    CallError
        if there is none.
    """
    if path.is_dir():
        found = sorted(path.glob("*.json")) or sorted(path.glob("*/*.json"))
        named = f", such as {found[0]}" if found else ""
        raise CallError(f"{path} is a directory. Name one report in it{named}.")
    if not path.is_file():
        raise CallError(f'There is no file "{path}". Name a report: its JSON, HTML, PDF, slides or workbook.')
    if path.suffix == ".json":
        return path
    known = [exporter.suffix for exporter in EXPORTERS]
    if path.suffix not in known:
        raise CallError(f"{path} is no report: a report's name ends in {', '.join(sorted(known))}.")
    beside = path.with_suffix(".json")
    if not beside.is_file():
        raise CallError(
            f"{path}: what a report was made from stands in the JSON beside it, and there is no {beside.name} there. "
            "Name that JSON; if it was never written, make the report with json among its --formats."
        )
    return beside


def changed_since_written(path: Path) -> bool | None:
    """Say whether a file is not the one that the last run here wrote; None if no run's manifest tells of its report."""
    entry = _entry(path, path.stem)
    if entry is None or not entry.files:
        return None
    expected = entry.files.get(path.name)
    return expected is None or hashlib.sha256(path.read_bytes()).hexdigest() != expected


def client_of(report: Path, template: str) -> str:
    """Return where the client of a report lies, by the manifest of the run that made it.

    Raises
    ------
    CallError
        if that is not known, or nothing is there any more.
    """
    entry = _entry(report, report.stem) or _entry(report, template)
    where = entry.path if entry else ""
    if not where:
        raise CallError(
            f"{report}: where its client lies is not known, because the manifest of the run that made it is not there. "
            f"Name the client: workbench verify {report} CLIENT"
        )
    if not is_url(where) and not Path(where).exists():
        raise CallError(
            f"{report} was made from {where}, and nothing is there now. Name the client where it is: workbench verify "
            f"{report} CLIENT"
        )
    return where


def template_of(report: Path) -> str:
    """Return the template of a report, by name or as the notebook that its run kept.

    Raises
    ------
    CallError
        if it is none of this package, and none is kept.
    """
    origin = read_report(report)["origin"]
    name, hash = origin["template"], origin["template_hash"]
    if shipped(name, hash):
        return str(name)
    for called in (report.stem, name):  # files are called after the notebook, whatever name it gives itself
        place = kept(report.resolve().parent.parent, called, hash)
        if place.is_file():
            return str(place)
    if name not in names():
        raise CallError(
            f"{report} was made from a template called {name}, which is none of this package, and the run's directory "
            f"does not keep it. Name it: workbench verify {report} --template {name}.ipynb"
        )
    return str(name)


def _entry(report: Path, template: str) -> Entry | None:
    """Return what the manifest of its run says of a report; None where there is no manifest, or it says nothing."""
    directory = report.resolve().parent
    place = directory.parent / outdir.OWN / MANIFEST
    if not place.is_file():
        return None
    with Manifest(place) as manifest:
        return manifest.entry(directory.name, template)
