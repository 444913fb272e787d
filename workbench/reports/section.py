"""What does one section of a report say, before anybody decides how it looks?

A section is a list of blocks: prose, headline numbers, tables, figures, callouts. A block holds
plain values and no markup of any format, so that one description becomes HTML, PDF, slides, a
workbook and JSON, and so that a client's words are data in each of them. A section displays itself
in Jupyter; what it displays carries the description along (`SECTION_MIME`), and an exporter rebuilds
the report from the executed notebook.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal, TypeAlias, get_args

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from workbench.errors import WorkbenchError

SECTION_MIME = "application/vnd.workbench.section+json"

Audience = Literal["internal", "client", "joint"]
"""internal: the account team's own copy; client: for the buyer; joint: for a session of both sides."""

AUDIENCES: tuple[Audience, ...] = get_args(Audience)
CLIENT_FACING: tuple[Audience, ...] = ("client", "joint")
INTERNAL: tuple[Audience, ...] = ("internal",)

Style = Literal["plain", "strong", "quiet", "code"]
Tone = Literal["severe", "moderate", "minor", "note", "good"]
CellType = Literal["text", "number", "count", "flag", "file"]
"""count: a whole number without a unit; flag: yes or no; file: the path of a file, from the report's own place."""


def plain_value(value: Any) -> Any:
    """Return `value` as text, number, truth or None; what is not a number is unknown, not zero."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if value is pd.NaT or value is pd.NA:
        return None
    if hasattr(value, "item") and not isinstance(value, pd.Timestamp):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | bool | int) else str(value)


Cell: TypeAlias = Annotated[str | bool | int | float | None, BeforeValidator(plain_value)]
Number: TypeAlias = Annotated[float | None, BeforeValidator(plain_value)]


class Part(BaseModel):
    """What everything in a report derives from: frozen, and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Run(Part):
    """A stretch of text in one style, perhaps pointing to an anchor of the same report."""

    text: str
    style: Style = "plain"
    ref: str = ""


Words: TypeAlias = str | Run | Sequence["str | Run"]
"""What a section's author writes: a string, or strings and styled runs in a row."""


def runs(words: Words) -> tuple[Run, ...]:
    """Return `words` as runs."""
    parts = [words] if isinstance(words, str | Run) else words
    return tuple(Run(text=part) if isinstance(part, str) else part for part in parts)


def strong(text: str) -> Run:
    """Return `text` set off from its sentence."""
    return Run(text=text, style="strong")


def quiet(text: str) -> Run:
    """Return `text` that a reader in a hurry may skip."""
    return Run(text=text, style="quiet")


def link(text: str, ref: str) -> Run:
    """Return `text` that leads to the anchor `ref` of the same report."""
    return Run(text=text, ref=ref)


class Block(Part):
    """What all blocks share: who may see it."""

    audience: tuple[Audience, ...] = AUDIENCES


class Heading(Block):
    """A heading inside a section; other places can point to its anchor."""

    block: Literal["heading"] = "heading"
    text: str
    level: Literal[3, 4] = 3
    anchor: str = ""


class Prose(Block):
    """One paragraph."""

    block: Literal["prose"] = "prose"
    runs: tuple[Run, ...]

    @classmethod
    def of(cls, *words: str | Run) -> Prose:
        """Return a paragraph of `words`."""
        return cls(runs=runs(words))


class Bullets(Block):
    """A list of sentences."""

    block: Literal["bullets"] = "bullets"
    items: tuple[tuple[Run, ...], ...]
    numbered: bool = False

    @classmethod
    def of(cls, items: Iterable[Words], numbered: bool = False) -> Bullets:
        """Return a list with one entry for each of `items`."""
        return cls(items=tuple(runs(item) for item in items), numbered=numbered)


class Fact(Part):
    """A name and what it is: "Period", "3–30 June 2024"."""

    label: str
    runs: tuple[Run, ...]


class Facts(Block):
    """Names with what they are, as on a title page."""

    block: Literal["facts"] = "facts"
    facts: tuple[Fact, ...]

    @classmethod
    def of(cls, facts: Iterable[tuple[str, Words]]) -> Facts:
        """Return the facts, dropping those of which nothing is known."""
        return cls(facts=tuple(Fact(label=label, runs=runs(words)) for label, words in facts if words))


class Card(Part):
    """One headline number.

    `text` is how it is written, `low` and `high` its bounds in the same unit; `value` None is unknown.
    """

    label: str
    text: str
    value: Number = None
    low: Number = None
    high: Number = None
    unit: str = ""
    note: str = ""
    tone: Tone = "note"


class Cards(Block):
    """Headline numbers side by side."""

    block: Literal["cards"] = "cards"
    cards: tuple[Card, ...]


class Column(Part):
    """One column: how its values are written, in the words of `workbench.wording.figure`."""

    name: str
    label: str
    type: CellType = "text"
    unit: str = ""
    decimals: int | None = None


def beside(path: str) -> bool:
    """Say whether `path` names a file below the report's own place, and nothing else: no scheme, no way out."""
    return bool(re.fullmatch(r"(?!/)[\w./-]+", path, re.ASCII)) and ".." not in path.split("/")


class DataTable(Block):
    """Rows of plain values under typed columns.

    `shown` rows appear in print; all of them are in the workbook and in JSON.
    """

    block: Literal["table"] = "table"
    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    shown: int = 40

    @property
    def cut(self) -> int:
        """How many rows do not appear in print."""
        return max(0, len(self.rows) - self.shown)


class OnSlide(Part):
    """What the native chart on a slide needs beside the rows: it is drawn otherwise than the picture.

    `caption` stands below it instead of the picture's own; `series` is what its only series is called; `target` is
    a line across; `form` is how bars stand: beside each other, to both sides of today's value, or as steps that
    add up. JSON does not hold it.
    """

    caption: str = ""
    series: str = ""
    target: Number = None
    form: Literal["", "tornado", "waterfall"] = ""


class Figure(Block):
    """A picture with the rows it was drawn from.

    `svg` is drawn in the palette of `figures`; `alt` says in words what it shows; `chart` is the
    native chart that a slide shows instead: the first column its categories, the others its series.
    """

    block: Literal["figure"] = "figure"
    name: str
    caption: str
    alt: str = Field(min_length=1)
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    svg: str
    chart: Literal["bar", "line", ""] = ""
    on_slide: OnSlide = OnSlide()


class Callout(Block):
    """Something set apart: a finding, a warning, an advice."""

    block: Literal["callout"] = "callout"
    tone: Tone
    title: str
    label: str = ""
    """A word or two in front of the title: "HC-2 · severe"."""
    anchor: str = ""
    blocks: tuple[AnyBlock, ...] = ()


class Detail(Block):
    """What a reader unfolds; in print it stands open.

    What only somebody who computes again needs is `on_screen_only`: it is in HTML, in the workbook and in
    JSON, and makes no PDF longer.
    """

    block: Literal["detail"] = "detail"
    summary: str
    blocks: tuple[AnyBlock, ...]
    on_screen_only: bool = False


AnyBlock = Annotated[
    Heading | Prose | Bullets | Facts | Cards | DataTable | Figure | Callout | Detail,
    Field(discriminator="block"),
]


class Section(Part):
    """One section of a report, and the figures that a program reads from it.

    `data` holds plain values by name (scores, findings); it goes into JSON and nowhere else, under
    the audience of the section.
    """

    format: Literal[1] = 1
    id: str
    title: str
    audience: tuple[Audience, ...] = AUDIENCES
    blocks: tuple[AnyBlock, ...]
    data: dict[str, Any] = {}

    def for_audience(self, audience: Audience) -> Section | None:
        """Return what `audience` may see of it, or None if that is nothing."""
        if audience not in self.audience:
            return None
        return self.model_copy(update={"blocks": _visible(self.blocks, audience)})

    def walk(self) -> Iterator[AnyBlock]:
        """Every block, those inside callouts and details too, in reading order."""
        return _walk(self.blocks)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        from workbench.reports.html import section_html, standalone

        return {
            "text/plain": f"{self.title} ({len(self.blocks)} blocks)",
            "text/html": standalone(section_html(self)),
            SECTION_MIME: self.model_dump(mode="json"),
        }


def refuse_leak(section: Section, audience: Audience) -> None:
    """Raise if anything in `section` is not meant for `audience`; every exporter asks this first."""
    hidden = [section.title] if audience not in section.audience else []
    hidden += [f"a {b.block} of {section.title}" for b in section.walk() if audience not in b.audience]
    if hidden:
        raise WorkbenchError(f"Not for a reader of the {audience} copy: {', '.join(hidden)}.")


def _visible(blocks: Iterable[AnyBlock], audience: Audience) -> tuple[AnyBlock, ...]:
    kept: list[AnyBlock] = []
    for block in blocks:
        if audience not in block.audience:
            continue
        if isinstance(block, Callout | Detail):
            block = block.model_copy(update={"blocks": _visible(block.blocks, audience)})
        kept.append(block)
    return tuple(kept)


def _walk(blocks: Iterable[AnyBlock]) -> Iterator[AnyBlock]:
    for block in blocks:
        yield block
        if isinstance(block, Callout | Detail):
            yield from _walk(block.blocks)
