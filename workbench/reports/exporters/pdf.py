"""How does a report become a PDF: tagged, with bookmarks, without a browser?

Typst sets it. What is said travels as JSON into a fixed page description (page.typ), so that no
word of a client is ever read as markup. What none of the fonts covers becomes a visible substitute,
and the last page says how many there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from workbench.reports.declare import Finished, exporter
from workbench.reports.html import anchor
from workbench.reports.lines import BREAK, INSET_PT, length, lines
from workbench.reports.printed import cell_text, printed
from workbench.reports.report import Report
from workbench.reports.section import Callout, Column, Detail, Heading, beside, refuse_leak
from workbench.reports.typeset import FONTS, SUBSTITUTE, Words, compiled
from workbench.reports.words import audience_words, shortened
from workbench.wording import counted

KEPT_TOGETHER = 16
"""A callout of so many lines is not torn apart by the end of a page."""

TEXT_WIDTH_PT = 482.0
"""How wide the text of a page is. [points]"""

CALLOUT_EDGES_PT = 18.0
"""So much narrower is the text of a callout: what stands left and right of it in page.typ. [points]"""

BOLD = 1.08
"""So much longer is a word in the letters of a table's head."""

BREAK_AFTER = 14
"""A word longer than this may be broken anywhere: hashes, file names, ten thousand letters."""


@exporter("pdf", suffix=".pdf")
def pdf(finished: Finished) -> bytes:
    """Send it: tagged (PDF/UA-1), with bookmarks, numbered figures and repeated heads of tables."""
    words = Words()
    told = words.plain(_told(finished))
    if words.substituted:
        count = counted(words.substituted, "character")
        told["last"] = f"{SUBSTITUTE} stands in this report for {count} that no font here covers."
    return compiled(told)


def _told(finished: Finished) -> dict[str, Any]:
    report, origin = finished.report, finished.report.origin
    client, title = shortened(origin.client.name, 60), origin.heading
    foot = f"{origin.template} {origin.template_hash[:12]}; seed {origin.seed}"
    if finished.made is not None:
        foot += f"; made {finished.made.astimezone(ZoneInfo(origin.client.time_zone)):%Y-%m-%d %H:%M %Z}"
    return {
        "title": f"{client}: {title}, {origin.period.text}",
        "author": shortened(origin.client.vendor, 60) or "contact-centre-workbench",
        "keywords": [title, origin.period.text],
        "client": client,
        "heading": title,
        "subtitle": " · ".join((origin.period.text, origin.status_words, audience_words(origin.audience))),
        "foot": foot,
        "fonts": FONTS,
        "accent": origin.brand.on_paper,
        "logo": origin.brand.logo,
        "footer": origin.brand.footer,
        "last": "",
        "sections": _sections(report),
    }


def _sections(report: Report) -> list[dict[str, Any]]:
    anchors = {anchor("s-" + s.id) for s in report.sections}
    for section in report.sections:
        refuse_leak(section, report.origin.audience)
        named = (b.anchor for b in section.walk() if isinstance(b, Heading | Callout))
        anchors |= {anchor(name) for name in named if name}
    return [
        {
            "title": section.title,
            "anchor": anchor("s-" + section.id),
            "blocks": _levelled(
                _introduced([_block(block, anchors) for block in section.blocks if _on_paper(block)])
            ),
        }
        for section in report.sections
    ]


def _on_paper(block: Any) -> bool:
    return not (isinstance(block, Detail) and block.on_screen_only)


def _block(block: Any, anchors: set[str], room: float = TEXT_WIDTH_PT) -> dict[str, Any]:
    block = printed(block)
    if block.block == "table":
        return _table(block, room)
    told: dict[str, Any] = block.model_dump(mode="json", exclude={"rows", "columns", "blocks"})
    if block.block == "heading":
        told["level"] = block.level - 1  # a section's title is the first level
    if "anchor" in told:
        told["anchor"] = anchor(block.anchor) if block.anchor else ""
    if block.block in ("callout", "detail"):
        inside = room - CALLOUT_EDGES_PT if block.block == "callout" else room
        told["blocks"] = _introduced(
            [_block(inner, anchors, inside) for inner in block.blocks if _on_paper(inner)]
        )
        told["keep"] = _lines(told) <= KEPT_TOGETHER
    for runs in _runs(told):
        for run in runs:
            target = anchor(run["ref"]) if run["ref"] else ""
            run["ref"] = target if target in anchors else ""
            run["text"] = breakable(run["text"])
    return told


def _lines(told: Mapping[str, Any]) -> int:
    """Return about how many lines a block takes."""
    inner = sum(_lines(part) for part in told.get("blocks", ()))
    return int(inner + len(told.get("rows", ())) + len(told.get("items", ())) + 1)


def _introduced(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the blocks, of each paragraph said whether a figure or table follows on it, or on such a paragraph."""
    before_one = False
    for told in reversed(blocks):
        if told["block"] == "prose":
            told["introduces"] = before_one
        else:
            before_one = told["block"] in ("figure", "table")
    return blocks


def _levelled(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the blocks with no level of headings left out: a screen reader counts them."""
    deepest = 1
    for told in blocks:
        if told["block"] == "heading":
            told["level"] = deepest = min(told["level"], deepest + 1)
        elif told["block"] == "callout" and told["title"]:
            deepest = 2
    return blocks


def _runs(told: Mapping[str, Any]) -> list[Any]:
    facts = [fact["runs"] for fact in told.get("facts", ())]
    return [*([told["runs"]] if "runs" in told else []), *told.get("items", ()), *facts]


def _table(table: Any, room: float) -> dict[str, Any]:
    cells = [
        [cell_text(value, column) for value, column in zip(row, table.columns, strict=True)]
        for row in table.rows[: table.shown]
    ]
    size = 8.5 if len(table.columns) < 6 else 7.5
    shown = [[_shown(t, c) for t, c in zip(row, table.columns, strict=True)] for row in cells]
    set_as = [[breakable(text) for text in row] for row in shown]
    widths = _widths(table.columns, shown, size, room)
    cut = f"{table.cut:,} more rows are in the workbook and in JSON. " if table.cut else ""
    return {
        "block": "table",
        "caption": table.caption,
        "note": f"{cut}{table.note}".strip(),
        "size": size,
        "columns": [{"label": c.label, "right": c.type in ("number", "count")} for c in table.columns],
        "widths": widths,
        "lines": [_lines_of(row, widths, size) for row in set_as],
        "rows": [list(map(_cell, row, said, table.columns)) for row, said in zip(cells, set_as, strict=True)],
    }


def _shown(text: str, column: Column) -> str:
    """Return what stands in a cell: of a file its ending, which leads to it."""
    return text.rpartition(".")[2] if column.type == "file" and beside(text) else text


def _cell(text: str, said: str, column: Column) -> str | dict[str, str]:
    if column.type == "file" and beside(text):
        return {"file": text, "text": said}
    return said


def _lines_of(row: Sequence[str], widths: Sequence[float], size: float) -> int:
    """Return how many lines a row surely takes; 0 if that is not sure."""
    most = 0
    for text, width in zip(row, widths, strict=True):
        taken = lines(text, width, size)
        if taken is None:
            return 0
        most = max(most, taken)
    return most


def _widths(
    columns: Sequence[Column], cells: Sequence[Sequence[str]], size: float, points: float
) -> list[float]:
    """Return the width of each column in points: by the longest of short values, else by how much text there is."""
    short, text, least = {}, {}, []
    edges = INSET_PT / size + 0.05
    for place, column in enumerate(columns):
        lengths = [len(row[place]) for row in cells] or [0]
        longest, mean = max(*lengths, 1), sum(lengths) / len(lengths)
        head = max(BOLD * length(word) for word in column.label.split(" "))
        if column.type in ("number", "count") or longest <= 16:
            short[place] = max(head, *(length(row[place]) for row in cells), 1.0) + edges
        else:
            text[place] = max(12.0, 2.5 * head, min(mean, 60.0), min(longest, 60) / 3)
        words = [piece for row in cells for word in row[place].split(" ") for piece in _pieces_of(word)]
        least.append(max(head, *map(length, words), 1.0) + edges)
    room = points / size
    if sum(short.values()) + sum(max(8.0, least[place]) for place in text) <= room:
        share = (room - sum(short.values())) / max(sum(text.values()), 1e-9)
        ems = [short[place] if place in short else share * text[place] for place in range(len(columns))]
        return [round(size * em, 2) for em in ems]
    # Each column holds its longest word; what is left goes where there is more text than that.
    more = [max(short.get(place, 0.56 * text.get(place, 0.0)) - low, 0.1) for place, low in enumerate(least)]
    left = max(room - sum(least), 0.0)
    ems = [low + left * by / sum(more) for low, by in zip(least, more, strict=True)]
    return [round(points * em / sum(ems), 2) for em in ems]


def breakable(text: str) -> str:
    """Return `text` with places to break inside its long words, and none inside "(2 of 3)".

    The places are marked as Typst takes them.
    """
    text = re.sub(r"\((\d+) of (\d+)\)", "(\\1\u00a0of\u00a0\\2)", text)
    if len(text) <= BREAK_AFTER:
        return text
    return re.sub(rf"\S{{{BREAK_AFTER},}}", lambda m: BREAK.join(_pieces(m.group())), text)


def _pieces_of(word: str) -> list[str]:
    """Return what of a word is never broken."""
    return _pieces(word) if len(word) >= BREAK_AFTER else [word]


def _pieces(word: str) -> list[str]:
    """Return a long word in pieces: at its own seams, and where it has none after every sixteen letters."""
    seams = re.findall(r"[^_/\\.:-]*[_/\\.:-]?", word)
    return [seam[i : i + 16] for seam in seams for i in range(0, len(seam), 16)]
