"""How wide are the columns of a table on a slide, and how many of its rows have room?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.util import Cm, Pt


def widths_of(texts: Sequence[Sequence[str]], across: int) -> tuple[Any, list[int]]:
    """Return the size of a table's text and the widths of its columns, `across` together: short values never break."""
    longest = [max((len(line[place]) for line in texts[1:]), default=1) for place in range(len(texts[0]))]
    heads = [max((round(1.2 * len(word)) for word in label.split()), default=1) for label in texts[0]]
    for size in (14, 11) if len(texts) <= 8 else (11,):
        letter, edges = Cm(0.023 * size), Cm(0.6)
        short = {p: int(max(n, heads[p]) * letter + edges) for p, n in enumerate(longest) if n <= 14}
        text = {p: min(max(n, heads[p], 16), 60) for p, n in enumerate(longest) if n > 14}
        room = across - sum(short.values())
        if room >= sum(text.values()) * letter * 0.55:
            break
    if not text:
        return Pt(size), [int(short[p] * across / sum(short.values())) for p in range(len(longest))]
    share = {p: int(max(room, Cm(4)) * n / sum(text.values())) for p, n in text.items()}
    return Pt(size), [(short | share)[p] for p in range(len(longest))]


def that_fit(
    texts: Sequence[Sequence[str]], size: Any, widths: Sequence[int], room: int
) -> list[Sequence[str]]:
    """Return the head of a table and as many of its rows as have room, at least one."""
    kept: list[Sequence[str]] = []
    used = 0
    for line in texts:
        lines = max(
            -(-int(len(text) * 0.6 * size) // max(width - Cm(0.5), 1))
            for text, width in zip(line, widths, strict=True)
        )
        used += int(max(lines, 1) * 1.25 * size) + Pt(4)
        if used > room and len(kept) > 1:
            break
        kept.append(line)
    return kept
