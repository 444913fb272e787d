"""What must somebody look at before reports leave the house?

The list is drawn from the reports' JSON and from the manifest of the run, across the whole batch: what
failed or is stale, what moved far beyond what samples explain, which tables no longer come, which
released figures the data no longer give, and where a person overrode what was computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from workbench.reports.batch import Batch, Standing
from workbench.reports.differing import differing
from workbench.reports.status import content_hash, review_path
from workbench.reports.words import shortened
from workbench.reports.written import read_report
from workbench.wording import counted, figure, listing

FORMAT = 1

LARGE_TOTAL, LARGE_AREA = 5.0, 10.0
"""From so many points of 100 on a movement beyond chance is large, of the whole and of an area. Ours."""

Kind = Literal[
    "failed report", "stale report", "large movement", "lost table", "restated figure", "overridden finding",
    "unused commentary",
]  # fmt: skip


@dataclass(frozen=True)
class Exceptional:
    """One thing to look at: which client, what kind, in a sentence; `about` names the thing itself."""

    client: str
    directory: str
    kind: Kind
    about: str
    statement: str

    @property
    def name(self) -> str:
        """What it is acknowledged as."""
        return f"{self.kind}: {self.about}" if self.about else self.kind


def exceptions_in(batch: Batch) -> list[Exceptional]:
    """Return the exceptions of a batch of reports, client by client."""
    found = []
    for one in batch.standing:
        if one.failed:
            found.append(Exceptional(one.client, one.directory, "failed report", "", one.failed))
        elif one.stale:
            found.append(Exceptional(one.client, one.directory, "stale report", "", one.stale))
        for name in one.of_another_run:
            said = f"{name} is not what the last run wrote there, and may tell another report. Make it again."
            found.append(Exceptional(one.client, one.directory, "stale report", name, said))
        if one.report is not None:
            found += exceptions_of(read_report(one.report), one)
    return found


def exceptions_of(told: Mapping[str, Any], standing: Standing | None = None) -> list[Exceptional]:
    """Return the exceptions of one report, as its JSON tells them.

    With `standing` the client's folder is looked at too, for a release of the same period.
    """
    client, origin = shortened(told["origin"]["client"]["name"]), told["origin"]
    directory = standing.directory if standing else ""
    folder = standing.path if standing else None
    data = {section["id"]: section["data"] for section in told["sections"]}
    moved = data.get("follow up", {}).get("movement") or {}
    lines: list[tuple[Kind, str, str]] = [
        *_movements(moved), *_lost(moved), *_restated(moved), *_released_otherwise(told, origin, folder),
        *_overridden(data.get("judgements", {}).get("judgements") or {}),
    ]  # fmt: skip
    unused = data.get("title", {}).get("commentary_unused", 0)
    if unused:
        said = f"{counted(unused, 'thing')} in commentary.md could not be used; the internal copy says which."
        lines.append(("unused commentary", "commentary.md", said))
    return [Exceptional(client, directory, *line) for line in lines]


def _movements(moved: Mapping[str, Any]) -> Iterator[tuple[Kind, str, str]]:
    scopes = [*([moved["total"]] if moved.get("total") else []), *moved.get("areas", ())]
    for one in scopes:
        least = LARGE_TOTAL if one["scope"] == "total" else LARGE_AREA
        if one["beyond_chance"] and abs(one["change"]) >= least:
            yield "large movement", one["scope"], movement_words(one, moved["since"])


def movement_words(moved: Mapping[str, Any], since: str) -> str:
    """Return a movement as a sentence, with its interval and its sample."""
    what = "the score" if moved["scope"] == "total" else moved["scope"]
    by = figure(moved["change"], "", 1)
    sign = "+" if moved["change"] > 0 else ""
    return (
        f"Like for like {what} went from {moved['then']:.0f} to {moved['now']:.0f}: {sign}{by} points "
        f"({figure(moved['low'], '', 1)} to {figure(moved['high'], '', 1)}) over "
        f"{counted(moved['diagnostics'], 'diagnostic')}, since the review to {since}."
    )


def _lost(moved: Mapping[str, Any]) -> Iterator[tuple[Kind, str, str]]:
    without = len(moved.get("no_longer_assessed", ()))
    for table in moved.get("lost_tables", ()):
        yield "lost table", table, (
            f"{table} came for the review to {moved['since']} and does not come now; "
            f"{counted(without, 'diagnostic')} that had evidence then have none now."
        )  # fmt: skip


def _restated(moved: Mapping[str, Any]) -> Iterator[tuple[Kind, str, str]]:
    for one in moved.get("restated") or ():
        yield "restated figure", one["what"], (
            f"{one['what']} to {moved['since']} was released as {figure(one['released'], one['unit'])} "
            f"(of {one['n_released']:,}); the data now give {figure(one['now'], one['unit'])} (of {one['n_now']:,})."
        )  # fmt: skip


def _released_otherwise(
    told: Mapping[str, Any], origin: Mapping[str, Any], folder: Path | None
) -> Iterator[tuple[Kind, str, str]]:
    if folder is None or not folder.is_dir():
        return
    days = origin["period"]
    path = review_path(folder, days["start"], days["end"], origin["template"], origin["audience"])
    if not path.is_file():
        return
    before = read_report(path)
    if content_hash(before) == content_hash(told):
        return
    totals = [_total(report) for report in (before, told)]
    words = ["unknown" if total is None else f"{total:.1f}" for total in totals]
    if words[0] != words[1]:
        said = f"with a score of {words[0]}; this report has {words[1]}"
    else:
        said = f"with the same score of {words[0]} but other content: {listing(differing(before, told), 4)}"
    yield "restated figure", "the released review", f"{days['text']} was released already, {said}."


def _total(told: Mapping[str, Any]) -> float | None:
    for section in told["sections"]:
        if section["id"] == "headline":
            value = section["data"].get("total", {}).get("value")
            return float(value) if isinstance(value, int | float) else None
    return None


def _overridden(said: Mapping[str, Any]) -> Iterator[tuple[Kind, str, str]]:
    for one in said.get("scores", ()):
        if one["judged"] is not None:
            computed = "unknown" if one["computed"] is None else f"{one['computed']:.0f}"
            yield "overridden finding", one["code"], (
                f"The score of {one['code']} is computed as {computed} and judged as {one['judged']:.0f}."
            )  # fmt: skip
    for one in said.get("findings", ()):
        if one["judged"] is not None:
            yield "overridden finding", f"{one['code']}, {one['finding']}", (
                f"{one['code']}, {one['finding']}: computed {one['computed'] or 'no finding'}, judged {one['judged']}."
            )  # fmt: skip


def as_data(batch: Batch, found: Sequence[Exceptional]) -> dict[str, Any]:
    """Return the list as plain values."""
    return {
        "format": FORMAT,
        "reports": batch.template,
        "clients": len(batch.standing),
        "not_checked": [one.client for one in batch.standing if not one.checked],
        "exceptions": [
            {"client": e.client, "directory": e.directory, "kind": e.kind, "about": e.about, "statement": e.statement}
            for e in found
        ],
    }  # fmt: skip


def as_lines(batch: Batch, found: Sequence[Exceptional]) -> list[str]:
    """Return the list for a terminal, client by client."""
    of = counted(len(batch.standing), "client")
    if not found:
        lines = [f"Nothing to look at in the reports of {of}."]
    else:
        lines = [f"{counted(len(found), 'exception')} in the reports of {of}"]
    for client in dict.fromkeys((e.client, e.directory) for e in found):
        lines += ["", client[0]]
        lines += [f"  {e.kind}: {e.statement}" for e in found if (e.client, e.directory) == client]
    unchecked = [one.client for one in batch.standing if not one.checked]
    if unchecked:
        said = (
            f"Not checked whether they are stale, since their folders are elsewhere: {listing(unchecked, 6)}."
        )
        lines += ["", said]
    return lines
