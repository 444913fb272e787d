"""Is this report a draft, reviewed or released, and who said so?

What people said is kept beside the released reviews, in `reviews/FIRST-DAY_LAST-DAY.status.yaml` of the
client's folder, one entry for each time somebody put a name to a report:

    format: 1
    stamps:
      - {template: partnership_health_review, audience: client, content: 3fa1…, status: released,
         by: A. Lind, on: '2024-07-05', acknowledged: [lost table ownership], because: roster comes in August}

An entry names the content by its hash. So a name stands on exactly the report that its bearer saw: the
same data give it again with the name, other data give a draft.
"""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from workbench.errors import DataError
from workbench.intake.yaml_file import NEWEST, load_yaml, parsed
from workbench.reports.report import RELEASED, Report, Stamp, digest


class Said(BaseModel):
    """That somebody put a name to one report."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    template: str
    audience: str
    content: str
    """SHA-256 of the report's JSON without its status."""
    status: Literal["reviewed", "released"]
    by: str = Field(min_length=1)
    on: date
    acknowledged: tuple[str, ...] = ()
    """The exceptions that were seen, in words."""
    because: str = ""
    """Why they do not stand in the way."""

    @property
    def stamp(self) -> Stamp:
        """What the title page says of it."""
        return Stamp(status=self.status, by=self.by, on=self.on.isoformat())


class StatusFile(BaseModel):
    """All that was said of the reports of one period."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    stamps: tuple[Said, ...] = ()


def content_hash(told: Mapping[str, Any]) -> str:
    """Return SHA-256 of a report's JSON without its status."""
    plain = copy.copy(dict(told))
    plain["origin"] = {k: v for k, v in told["origin"].items() if k not in ("status", "stamps")}
    return digest([json.dumps(plain, ensure_ascii=False, sort_keys=True)])


def status_path(client: Path, start: str, end: str) -> Path:
    """Return where the status of the reports of a period is kept."""
    return client / RELEASED / f"{start}_{end}.status.yaml"


def review_path(client: Path, start: str, end: str, template: str, audience: str) -> Path:
    """Return where a released report is kept; its name begins with the first day of its period."""
    others = [
        word
        for word, usual in ((template, "partnership_health_review"), (audience, "client"))
        if word != usual
    ]
    return client / RELEASED / f"{'_'.join([start, end, *others])}.json"


def read_status(path: Path) -> tuple[Said, ...]:
    """Return what a status file says; nothing where there is none.

    Raises
    ------
    DataError
        if it cannot be read, or says what no status file says.
    """
    if not path.is_file():
        return ()
    found, mistakes = parsed(StatusFile, load_yaml(path, "who released what"), path.name)
    if found is None:
        raise DataError("\n".join(mistakes))
    return found.stamps


def status_text(said: Iterable[Said]) -> str:
    """Return a status file as text."""
    from ruamel.yaml import YAML

    told = {"format": NEWEST, "stamps": [s.model_dump(mode="json", exclude_defaults=True) for s in said]}
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(told, out)
    return out.getvalue()


def stamped(report: Report, said: Iterable[Said]) -> Report:
    """Return the report with what was said of exactly its content: the last review, the last release."""
    from workbench.reports.exporters.json import content

    told = list(said)
    if not told:
        return report
    hashed = content_hash(content(report))
    mine = [s for s in told if s.content == hashed]
    last = {s.status: s.stamp for s in mine}
    stamps = tuple(last[status] for status in ("reviewed", "released") if status in last)
    if not stamps:
        return report
    return report.model_copy(
        update={"origin": report.origin.model_copy(update={"status": stamps[-1].status, "stamps": stamps})}
    )


def said_of(report: Report, client: Path, more: Iterable[Mapping[str, Any]] = ()) -> tuple[Said, ...]:
    """Return what was said of the reports of this period, and `more` that is being said just now."""
    days = report.origin.period
    kept = read_status(status_path(client, days.start, days.end)) if client.is_dir() else ()
    return (*kept, *(Said.model_validate(entry) for entry in more))
