"""How is a section of a report declared, and an exporter?

A section is a plain function in a file of its own in `sections`: it takes what the report is about
and the report's parameters, and returns what it has to say. An exporter is a plain function in
`exporters` that turns a finished report into the bytes of one file.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.catalogue import Catalogue
from workbench.errors import CallError, UnknownName, suggestion
from workbench.reports.report import Report
from workbench.reports.section import AUDIENCES, AnyBlock, Audience, Section

if TYPE_CHECKING:
    from nbformat import NotebookNode

S = TypeVar("S", bound=Callable[..., "Content"])
E = TypeVar("E", bound=Callable[["Finished"], bytes])


@dataclass(frozen=True)
class Content:
    """What a section says: its blocks, and the figures that a program reads from it."""

    blocks: Iterable[AnyBlock]
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DeclaredSection:
    """A declared section.

    `reports` names the templates that show it by default; `order` is its place there.
    """

    id: str
    title: str
    order: int
    audience: tuple[Audience, ...]
    reports: tuple[str, ...]
    write: Callable[..., Content]

    def build(self, subject: Any, parameters: Any) -> Section | None:
        """Return the section as the reader of `parameters.audience` sees it; None if it is empty."""
        if parameters.audience not in self.audience:
            return None
        content = self.write(subject, parameters)
        section = Section(
            id=self.id,
            title=self.title,
            audience=self.audience,
            blocks=tuple(content.blocks),
            data=dict(content.data),
        ).for_audience(parameters.audience)
        return section if section and (section.blocks or section.data) else None


def section(
    id: str,
    *,
    title: str,
    order: int,
    reports: tuple[str, ...] = ("partnership_health_review",),
    audience: tuple[Audience, ...] = AUDIENCES,
) -> Callable[[S], S]:
    """Declare a plain function as a section of the reports named."""

    def declare(function: S) -> S:
        function.__section__ = DeclaredSection(  # type: ignore[attr-defined]
            id, title, order, audience, reports, function
        )
        return function

    return declare


@dataclass(frozen=True)
class Finished:
    """An executed report, ready to be written.

    `made` is the time of making; it may stand in a footer, and nowhere in JSON.
    """

    report: Report
    notebook: NotebookNode
    made: datetime | None = None


@dataclass(frozen=True)
class Exporter:
    """A declared exporter: a format by name, and what writes it."""

    name: str
    suffix: str
    title: str
    write: Callable[[Finished], bytes]


def exporter(name: str, *, suffix: str) -> Callable[[E], E]:
    """Declare a plain function as the exporter of the format `name`."""

    def declare(function: E) -> E:
        title = inspect.cleandoc(function.__doc__ or name).partition("\n")[0].rstrip(".")
        function.__exporter__ = Exporter(name, suffix, title, function)  # type: ignore[attr-defined]
        return function

    return declare


SECTIONS: Catalogue[DeclaredSection] = Catalogue(
    kind="section",
    package="workbench.reports.sections",
    pick=lambda thing: getattr(thing, "__section__", None) if inspect.isfunction(thing) else None,
    name=lambda declared: declared.id,
    entry_point="workbench.sections",
)

EXPORTERS: Catalogue[Exporter] = Catalogue(
    kind="format",
    package="workbench.reports.exporters",
    pick=lambda thing: getattr(thing, "__exporter__", None) if inspect.isfunction(thing) else None,
    name=lambda declared: declared.name,
    entry_point="workbench.exporters",
)


def formats_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return the formats named, each once, in the order named.

    Raises
    ------
    CallError
        naming every one that does not exist, with the nearest that does; or if none was named.
    """
    wanted = tuple(dict.fromkeys(filter(None, names)))
    unknown = [name for name in wanted if name not in EXPORTERS.names()]
    if len(unknown) == 1:
        raise UnknownName("format", unknown[0], EXPORTERS.names())
    if unknown:
        lines = [f'  There is no format called "{n}". {suggestion(n, EXPORTERS.names())}' for n in unknown]
        raise CallError("\n".join(["These formats cannot be made:", *lines]))
    if not wanted:
        raise CallError(f"No format was named. Known: {', '.join(EXPORTERS.names())}.")
    return wanted


def formats_beside(directory: Path, report: str) -> tuple[str, ...]:
    """Return the formats in which the report called `report` stands in `directory`."""
    return tuple(e.name for e in EXPORTERS if (directory / f"{report}{e.suffix}").is_file())


def sections_of(report: str) -> list[DeclaredSection]:
    """Return the sections that the template called `report` shows by default, in order."""
    declared = [d for d in SECTIONS if report in d.reports]
    return sorted(declared, key=lambda d: (d.order, d.id))
