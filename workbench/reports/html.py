"""How does a section look in a browser, or below a notebook's cell?

Every text is escaped here, whoever wrote it. Nothing is loaded from anywhere: style and pictures
stand in the page. Figures are inlined, their colours exchanged for the page's own, so that they
follow it from light to dark.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import escape
from importlib.resources import files

from workbench.reports import figures
from workbench.reports.printed import cell_text, printed
from workbench.reports.section import (
    AnyBlock,
    Bullets,
    Callout,
    Card,
    Cards,
    Column,
    DataTable,
    Detail,
    Facts,
    Figure,
    Heading,
    Prose,
    Run,
    Section,
    beside,
)

ALIGNED = 16
"""Up to so many columns the style sheet aligns by their place; a cell beyond says it itself."""


@cache
def style() -> str:
    """Return the style sheet of pages and cells."""
    return (files("workbench.reports") / "page.css").read_text(encoding="utf-8")


def standalone(body: str) -> str:
    """Return `body` with its style, as a notebook's cell displays it."""
    return f'<style>{style()}</style><div class="wb">{body}</div>'


def section_html(section: Section, tag: str = "section") -> str:
    """Return one section with its heading."""
    body = "".join(block_html(block, section.id) for block in section.blocks)
    return f'<{tag} id="{anchor("s-" + section.id)}" class="section"><h2>{escape(section.title)}</h2>{body}</{tag}>'


def anchor(text: str) -> str:
    """Return `text` as an id that may stand in an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "part"


def block_html(block: AnyBlock, within: str) -> str:
    """Return one block; `within` is the section that holds it."""
    block = printed(block)
    match block:
        case Heading():
            named = f' id="{anchor(block.anchor)}"' if block.anchor else ""
            return f'<h{block.level}{named} dir="auto">{escape(block.text)}</h{block.level}>'
        case Prose():
            return f'<p dir="auto">{runs_html(block.runs)}</p>'
        case Bullets():
            tag = "ol" if block.numbered else "ul"
            items = "".join(f'<li dir="auto">{runs_html(item)}</li>' for item in block.items)
            return f"<{tag}>{items}</{tag}>"
        case Facts():
            facts = "".join(
                f'<div><dt>{escape(f.label)}</dt><dd dir="auto">{runs_html(f.runs)}</dd></div>'
                for f in block.facts
            )
            return f'<dl class="facts">{facts}</dl>'
        case Cards():
            return f'<div class="cards">{"".join(_card(card) for card in block.cards)}</div>'
        case DataTable():
            return _table(block, within)
        case Figure():
            return _figure(block)
        case Callout():
            return _callout(block, within)
        case Detail():
            inner = "".join(block_html(b, within) for b in block.blocks)
            return f"<details><summary>{escape(block.summary)}</summary>{inner}</details>"


def runs_html(runs: tuple[Run, ...]) -> str:
    """Return styled text."""
    tags = {"strong": "strong", "code": "code"}
    parts = []
    for run in runs:
        text = escape(run.text)
        if run.style == "quiet":
            text = f"<span class=quiet>{text}</span>"
        elif run.style in tags:
            text = f"<{tags[run.style]}>{text}</{tags[run.style]}>"
        parts.append(f'<a href="#{anchor(run.ref)}">{text}</a>' if run.ref else text)
    return "".join(parts)


def _direction(text: str) -> str:
    """Return the attribute for text that may run from right to left; most does not."""
    return "" if all(map(_left_to_right, text)) else " dir=auto"


@cache
def _left_to_right(char: str) -> bool:
    """Say whether a character turns no text around: it is neither of a script that does, nor a mark of direction."""
    return unicodedata.bidirectional(char) not in {
        "R",
        "AL",
        "AN",
        "RLE",
        "RLO",
        "RLI",
        "LRE",
        "LRO",
        "LRI",
        "FSI",
    }


def _card(card: Card) -> str:
    scale = ""
    if card.unit == "score" and card.low is not None and card.high is not None:
        left, width = card.low, max(card.high - card.low, 1.0)
        dot = "" if card.value is None else f'<i class="dot" style="left:{card.value:.1f}%"></i>'
        scale = (
            f'<div class="scale" aria-hidden="true"><i class="range" style="left:{left:.1f}%;'
            f'width:{width:.1f}%"></i>{dot}</div>'
        )
    return (
        f'<div class="card {card.tone}"><div class="label" dir="auto">{escape(card.label)}</div>'
        f'<div class="value">{escape(card.text)}</div>{scale}'
        f'<div class="note" dir="auto">{escape(card.note)}</div></div>'
    )


def _table(table: DataTable, within: str) -> str:
    """Return a table without the end tags that HTML leaves out: they were a tenth of a page."""
    numeric = [column.type in ("number", "count") for column in table.columns]
    beyond = [is_number and place >= ALIGNED for place, is_number in enumerate(numeric)]
    head = "".join(
        f"<th scope=col{' class=num' if aligned else ''}>{escape(column.label)}"
        for column, aligned in zip(table.columns, beyond, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=num' if aligned else _direction(text)}>{_cell(text, column)}"
            for text, aligned, column in zip(
                map(cell_text, row, table.columns), beyond, table.columns, strict=True
            )
        )
        for row in table.rows[: table.shown]
    )
    cut = f"{table.cut:,} more rows are in the workbook and in JSON. " if table.cut else ""
    note = f'<p class="caption">{cut}{escape(table.note)}</p>' if cut or table.note else ""
    looks = ["few"] if len(table.columns) <= 3 else []
    looks += [f"n{place}" for place, is_number in enumerate(numeric[:ALIGNED], start=1) if is_number]
    label = escape(f"{table.caption} ({within})")
    return (
        f'<div class="table" role="group" tabindex="0" aria-label="{label}"><table class="{" ".join(looks)}">'
        f"<caption><span>{escape(table.caption)}</span></caption><thead><tr>{head}"
        f"<tbody>{body}</table></div>{note}"
    )


def _cell(text: str, column: Column) -> str:
    if column.type == "file" and beside(text):
        return f'<a href="{escape(text)}" aria-label="{escape(text)}">{escape(text.rpartition(".")[2])}</a>'
    return escape(text, quote=False)


def _figure(figure: Figure) -> str:
    picture = figures.themed(figure.svg).replace(
        "<svg ", f'<svg role="img" aria-label="{escape(figure.alt)}" ', 1
    )
    label = escape(f"Figure: {figure.name}")
    return (
        f'<figure><div class="picture" role="group" tabindex="0" aria-label="{label}">{picture}</div>'
        f"<figcaption>{escape(figure.caption)}</figcaption></figure>"
    )


def _callout(callout: Callout, within: str) -> str:
    named = f' id="{anchor(callout.anchor)}"' if callout.anchor else ""
    label = f'<div class="label">{escape(callout.label)}</div>' if callout.label else ""
    title = f'<h3 dir="auto">{escape(callout.title)}</h3>' if callout.title else ""
    inner = "".join(block_html(block, within) for block in callout.blocks)
    return f'<div class="callout {callout.tone}"{named}>{label}{title}{inner}</div>'
