"""How wide are the columns of a table on a slide, and how many of its rows have room?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.util import Cm, Pt

from workbench.reports.printed import cell_text
from workbench.reports.section import DataTable
from workbench.reports.slide_room import ACROSS, LINE, lines_of, text_height, width_of
from workbench.reports.words import shortened
from workbench.wording import counted

ROWS, COLUMNS, LONGEST = 14, 8, 110
"""Rows and columns that a slide shows at most, and letters of a cell."""

SHORT, WIDEST = Cm(4.6), Cm(24)
"""A column of values no wider than this is never broken; a wider one counts at most this when room is shared."""

MARGIN, SIDES, CAPTION = Pt(2), Cm(0.52), Pt(12)
"""Above and below the text of a cell; left and right of it together; the size of a caption."""


@dataclass(frozen=True)
class Grid:
    """A table as it stands on a slide: its caption, what its cells say (the head first), and how large all is."""

    caption: str
    texts: Sequence[Sequence[str]]
    size: Any
    widths: Sequence[int]
    heights: Sequence[int]
    right: Sequence[bool]
    """Which columns stand to the right: numbers."""
    headed: bool = True
    """Whether the first row is a head; names with their values have none."""

    @property
    def caption_height(self) -> int:
        """How high the caption is; 0 without one."""
        return text_height(self.caption, ACROSS, CAPTION) if self.caption else 0

    @property
    def height(self) -> int:
        """How high caption and rows are together."""
        return self.caption_height + sum(self.heights)


def grid_of(table: DataTable, room: int, captioned: bool = True) -> Grid:
    """Return as much of a table as has room, at least one row; the caption says how much is in the workbook alone."""
    columns = list(enumerate(table.columns))[:COLUMNS]
    head = [shortened(column.label, 60) for _, column in columns]
    headed = any(head)
    texts = [head] if headed else []
    texts += [[shortened(cell_text(row[p], c), LONGEST) for p, c in columns] for row in table.rows[:ROWS]]
    size, widths = widths_of(texts, ACROSS, headed)
    heights = [_height(line, size, widths, bold=headed and place == 0) for place, line in enumerate(texts)]
    right = [column.type in ("number", "count") for _, column in columns]
    said = _caption(table, len(table.rows), captioned)
    fits = room - (text_height(said, ACROSS, CAPTION) if said else 0)
    kept = 1 + headed
    while kept < len(texts) and sum(heights[: kept + 1]) <= fits:
        kept += 1
    caption = _caption(table, len(table.rows) - (len(texts[:kept]) - headed), captioned)
    return Grid(caption, texts[:kept], size, widths, heights[:kept], right, headed)


def _caption(table: DataTable, rows: int, captioned: bool) -> str:
    """Return the caption with what is left out: `rows`, and columns that no slide has room for."""
    columns = len(table.columns) - COLUMNS
    left = [counted(rows, "more row")] if rows > 0 else []
    left += [counted(columns, "more column")] if columns > 0 else []
    own = f"{shortened(table.caption, 200).rstrip('.')}." if captioned else ""
    return f"{own} {' and '.join(left)} in the workbook.".strip() if left else own


def _height(line: Sequence[str], size: int, widths: Sequence[int], bold: bool) -> int:
    lines = max(lines_of(text, width - SIDES, size, bold) for text, width in zip(line, widths, strict=True))
    return int(lines * LINE * size) + 2 * MARGIN


def widths_of(texts: Sequence[Sequence[str]], across: int, headed: bool = True) -> tuple[Any, list[int]]:
    """Return the size of a table's text and the widths of its columns: short values never break.

    Together they are `across`; names with their values, which have no head, no wider than they need to be.
    """
    for size in (Pt(14), Pt(12)) if len(texts) <= 9 else (Pt(12),):
        edges = SIDES + Pt(2)  # a value that just fits still does when widths are rounded
        values = [
            max((width_of(line[p], size) for line in texts[headed:]), default=0) + edges
            for p in range(len(texts[0]))
        ]
        heads = [
            max(width_of(word, size, bold=True) for word in label.split(" ")) + edges if headed else 0
            for label in texts[0]
        ]
        short = {p: max(v, h) for p, (v, h) in enumerate(zip(values, heads, strict=True)) if v <= SHORT}
        text = {p: min(max(v, heads[p]), WIDEST) for p, v in enumerate(values) if v > SHORT}
        room = across - sum(short.values())
        if room >= 0.55 * sum(text.values()):
            break
    if text and room > 0:
        widths = short | {p: int(room * v / sum(text.values())) for p, v in text.items()}
    else:
        widths = short | text
    scale = across / sum(widths.values())
    if not (headed or text):
        scale = min(scale, 1.0)
    return size, [int(widths[p] * scale) for p in range(len(values))]
