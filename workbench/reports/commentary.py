"""What does the account manager say, to whom, and about which period?

commentary.md in the client's folder holds parts. A part begins with a heading that names its period,
and after "for" its readers; without readers it is for the account team alone:

    # 2024-06 for client, joint
    The sponsor changed on the 12th; **the weekly review is back** since then.

    # 2024-06
    Expect a question about the invoice of May.

Markdown's paragraphs, lists, headings, emphasis and code are read; text alone. Nothing is executed or
fetched: markup of HTML is text, and an image is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import CallError, suggestion
from workbench.intake.period import Period
from workbench.reports.section import (
    AUDIENCES,
    INTERNAL,
    AnyBlock,
    Audience,
    Bullets,
    Heading,
    Prose,
    Run,
    Style,
)

if TYPE_CHECKING:
    from markdown_it.token import Token

FILE_NAME = "commentary.md"

_PART = re.compile(r"^# +(?P<period>\S+)(?: +for +(?P<readers>.+?))? *$")


@dataclass(frozen=True)
class Commentary:
    """One part: of which days, for whom, and its blocks."""

    period: Period
    audience: tuple[Audience, ...]
    blocks: tuple[AnyBlock, ...]


def read_commentary(text: str) -> tuple[tuple[Commentary, ...], tuple[str, ...]]:
    """Return the parts of commentary.md, and a sentence on each thing that is not used."""
    parts: list[Commentary] = []
    mistakes: list[str] = []
    head: tuple[Period, tuple[Audience, ...]] | None = None
    body: list[str] = []
    first = 1
    for number, line in enumerate([*text.splitlines(), "# "], start=1):
        if not line.startswith("# "):
            body.append(line)
            continue
        if head is not None:
            blocks, wrong = blocks_of("\n".join(body), first)
            mistakes += wrong
            parts.append(Commentary(*head, blocks))
        elif "".join(body).strip():
            mistakes.append(
                f"{FILE_NAME} line {first}: stands before any period and is shown to nobody. Begin with a heading: "
                "# 2024-06 for client, joint"
            )
        body, first = [], number + 1
        if line == "# ":
            continue
        head, wrong_head = _head(line, number)
        mistakes += wrong_head
    return tuple(parts), tuple(mistakes)


def _head(line: str, number: int) -> tuple[tuple[Period, tuple[Audience, ...]] | None, list[str]]:
    where, found = f"{FILE_NAME} line {number}", _PART.match(line)
    if found is None:
        return None, [f"{where}: {line[:60]!r} names no period. Write # 2024-06 for client, joint"]
    try:
        period = Period.parse(found["period"])
    except CallError as error:
        return None, [f"{where}: {error}"]
    named = [name.strip().lower() for name in (found["readers"] or "").split(",") if name.strip()]
    known = tuple(a for a in AUDIENCES if a in named)
    strange = [name for name in named if name not in AUDIENCES]
    if strange:  # a reader whom nobody knows must not widen who reads it
        said = [f"{where}: there is no reader called {n!r}. {suggestion(n, AUDIENCES)}" for n in strange]
        return None, [*said, f"{where}: the part is shown to nobody until its readers are known."]
    return (period, tuple(dict.fromkeys((*INTERNAL, *known)))), []


def blocks_of(markdown: str, first_line: int = 1) -> tuple[tuple[AnyBlock, ...], tuple[str, ...]]:
    """Return Markdown as blocks of a section, and a sentence on each thing in it that is not accepted."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": False}).disable(["html_block", "html_inline"]).parse(markdown)
    mistakes: list[str] = []
    return tuple(_blocks(tokens, first_line, mistakes)), tuple(mistakes)


def _blocks(tokens: Sequence[Token], first: int, mistakes: list[str]) -> Iterator[AnyBlock]:
    items: list[tuple[Run, ...]] = []
    depth = 0
    numbered = False
    kind = "paragraph_open"
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            numbered = token.type == "ordered_list_open" if depth == 0 else numbered
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            if depth == 0 and items:
                yield Bullets(items=tuple(items), numbered=numbered)
                items = []
        elif token.type in ("heading_open", "paragraph_open"):
            kind = token.type
        elif token.type in ("fence", "code_block"):
            yield Prose(runs=(Run(text=token.content.rstrip("\n"), style="code"),))
        elif token.type == "inline":
            line = first + (token.map[0] if token.map else 0)
            said = tuple(_runs(token.children or (), line, mistakes))
            if not any(run.text.strip() for run in said):
                continue
            if depth:
                items.append(said)
            elif kind == "heading_open":
                yield Heading(text="".join(run.text for run in said))
            else:
                yield Prose(runs=said)


def _runs(tokens: Sequence[Token], line: int, mistakes: list[str]) -> Iterator[Run]:
    strong = emphasis = 0
    address = ""
    for token in tokens:
        style: Style = "strong" if strong or emphasis else "plain"
        match token.type:
            case "text":
                yield Run(text=token.content, style=style)
            case "code_inline":
                yield Run(text=token.content, style="code")
            case "softbreak" | "hardbreak":
                yield Run(text=" ")
            case "strong_open" | "strong_close":
                strong += token.nesting
            case "em_open" | "em_close":
                emphasis += token.nesting
            case "link_open":
                address = str(token.attrs.get("href", ""))
            case "link_close" if address:
                yield Run(text=f" ({address})", style="quiet")
            case "image":
                mistakes.append(
                    f"{FILE_NAME} line {line}: an image is not accepted, text alone is; it is left out. Say in words "
                    "what it shows."
                )
