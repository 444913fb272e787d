"""How does a report leave the house under somebody's name?

A report is released only if the client's data still give it, to the last byte, and if whoever releases
it has seen what is exceptional in it. It is then kept in `reviews/` of the client's folder, where the
review of the next period finds it, and written anew in all its formats with the name on the title
page. What was released stays released: other content for the same period needs `again`, and the
status file keeps both.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from workbench.errors import CallError, DataError
from workbench.intake.period import Period
from workbench.reports import outdir
from workbench.reports.batch import Standing
from workbench.reports.bulk import Order, client_id, make
from workbench.reports.declare import formats_beside
from workbench.reports.differing import differing
from workbench.reports.exceptions import Exceptional, exceptions_of
from workbench.reports.manifest import MANIFEST, Manifest
from workbench.reports.naming import directory_name
from workbench.reports.status import Said, content_hash, read_status, review_path, status_path, status_text
from workbench.reports.written import read_report, template_of


@dataclass(frozen=True)
class Released:
    """What came of it.

    Attributes
    ----------
    exceptions : what is exceptional in the report.
    kept : where the review is kept, None where nothing was written.
    files : the files of the report that were written anew.
    already : the same content has this status already; nothing was done.
    """

    exceptions: tuple[Exceptional, ...]
    kept: Path | None = None
    files: tuple[Path, ...] = ()
    already: bool = False


@dataclass(frozen=True)
class Release:
    """What is asked for: whose report of which period gets which status, by whom, when.

    Attributes
    ----------
    report : its JSON; None: where `workbench report` writes it below `out`.
    because : why the exceptions do not stand in the way; empty: they were not acknowledged.
    again : release other content for a period that was released.
    """

    client: Path
    period: Period
    by: str
    on: date
    status: Literal["reviewed", "released"] = "released"
    report: Path | None = None
    out: Path = Path("out/reports")
    template: str = "partnership_health_review"
    because: str = ""
    again: bool = False
    formats: tuple[str, ...] = field(default=())

    @property
    def path(self) -> Path:
        """The JSON of the report."""
        return self.report or self.out / directory_name(client_id(self.client)) / f"{self.template}.json"


def look(asked: Release) -> tuple[dict[str, Any], tuple[Exceptional, ...]]:
    """Return the report that is meant and its exceptions; nothing is written.

    Raises
    ------
    CallError
        if there is no such report, or it is another client's or another period's.
    """
    if not asked.client.is_dir():
        raise CallError(
            f"{asked.client} is not a client folder. Reviews are kept in a folder; put the log into one."
        )
    if not asked.path.is_file():
        raise CallError(
            f"{asked.path} is not there. Make the report first, with json among its formats, or name it: --report"
        )
    told = read_report(asked.path)
    origin = told["origin"]
    if origin["client"]["id"] != client_id(asked.client):
        raise CallError(
            f"{asked.path} is about {origin['client']['id']}, not about {client_id(asked.client)}."
        )
    days = [asked.period.start.isoformat(), asked.period.end.isoformat()]
    if [origin["period"]["start"], origin["period"]["end"]] != days:
        raise CallError(
            f"{asked.path} is about {origin['period']['text']}, not {asked.period}. Name that period, or make the "
            f"report of this one: --period {days[0]}:{days[1]}"
        )
    standing = Standing(origin["client"]["name"], asked.path.parent.name, asked.path, path=asked.client)
    return told, tuple(exceptions_of(told, standing))


def release(asked: Release) -> Released:
    """Put a name to a report, keep it, and write it anew with the name on its title page.

    Raises
    ------
    CallError
        as `look`; if exceptions were not acknowledged; if the period was released with other content.
    DataError
        if the client's data no longer give the report.
    """
    told, exceptions = look(asked)
    origin, hashed = told["origin"], content_hash(told)
    days = origin["period"]["start"], origin["period"]["end"]
    before = read_status(status_path(asked.client, *days))
    mine = [s for s in before if (s.template, s.audience) == (origin["template"], origin["audience"])]
    if any(s.content == hashed and s.status == asked.status for s in mine):
        return Released(exceptions, already=True)
    _refuse_other_content(asked, mine, hashed)
    if exceptions and not asked.because:
        raise CallError(_unacknowledged(exceptions))
    said = Said(
        template=origin["template"], audience=origin["audience"], content=hashed, status=asked.status,
        by=asked.by, on=asked.on, acknowledged=tuple(e.name for e in exceptions), because=asked.because,
    )  # fmt: skip
    files = _made_again(asked, told, said)
    kept: dict[str, bytes] = {status_path(asked.client, *days).name: status_text([*before, said]).encode()}
    review = review_path(asked.client, *days, origin["template"], origin["audience"])
    if asked.status == "released":
        kept[review.name] = files[asked.path.name]
    outdir.deliver(review.parent, kept)
    return Released(exceptions, review, _delivered(asked, origin["template"], files))


def _refuse_other_content(asked: Release, mine: Sequence[Said], hashed: str) -> None:
    released = [s for s in mine if s.status == "released"]
    if released and released[-1].content != hashed and not asked.again:
        last = released[-1]
        raise CallError(
            f"{asked.period} was released by {last.by} on {last.on} with other content. If this report is to take "
            "its place, say so with --again; both stay in the status file."
        )


def _unacknowledged(exceptions: Sequence[Exceptional]) -> str:
    return "\n".join(
        [
            "There is something to look at before this report gets a name:",
            *(f"  {e.kind}: {e.statement}" for e in exceptions),
            'If none of it stands in the way, say why: --acknowledge "REASON"',
        ]
    )


def _made_again(asked: Release, told: Mapping[str, Any], said: Said) -> dict[str, bytes]:
    """Return the report in all the formats that lie beside its JSON, with the name on it.

    Raises
    ------
    DataError
        if the data give another report now.
    """
    formats = formats_beside(asked.path.parent, asked.path.stem)
    with tempfile.TemporaryDirectory() as place:
        outcome = make(
            Order(
                clients=[str(asked.client)], out=Path(place), template=template_of(asked.path),
                formats=formats, parameters=told["origin"]["parameters"], said=(said.model_dump(mode="json"),),
            )
        )  # fmt: skip
        for reason in outcome.failed.values():
            raise DataError(f"{asked.client} gives no report any more: {reason}")
        (paths,) = outcome.made.values()
        files = {f"{asked.path.stem}{path.suffix}": path.read_bytes() for path in paths}
    now = json.loads(files[asked.path.name])
    if content_hash(now) != said.content:
        raise DataError(
            "\n".join(
                [
                    f"{asked.path} is not what {asked.client} gives now; nobody can put a name to it.",
                    *(f"  {line}" for line in differing(told, now)),
                    "Make the report again and look at what changed.",
                ]
            )
        )
    return files


def _delivered(asked: Release, template: str, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write the files where the report lies; a run's manifest hears of it, so that the report stands."""
    directory = asked.path.resolve().parent
    manifest = directory.parent / outdir.OWN / MANIFEST
    if not manifest.is_file():
        outdir.deliver(directory, files)
    else:
        with outdir.held(directory.parent), Manifest(manifest) as kept:
            outdir.deliver(directory, files)
            kept.rewritten(directory.name, template, files)
    return tuple(directory / name for name in files)
