"""Does a text surely stand on one line? Then its row's height is known before it is set, which halves the setting."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

INSET_PT = 6.0
"""What stands left and right of a cell's text in page.typ, together. [points]"""

SPARE = 1.02
"""Kerning and rounding may make a line so much longer than its letters."""


def in_one_line(text: str, width: float, size: float) -> bool:
    """Say whether `text` in letters of `size` surely stands on one line of a column `width` wide. [points]"""
    if "\n" in text:
        return False
    return size * length(text) + INSET_PT < width


def length(text: str) -> float:
    """Return how long a text is on one line, at most. [em]"""
    return SPARE * sum(map(_advance, text))


@cache
def _advance(char: str) -> float:
    """Return the width of a letter in em; of one that the first font has not, that of the widest there are."""
    return _advances().get(ord(char), 1.5)


@cache
def _advances() -> dict[int, float]:
    from fontTools.ttLib import TTFont

    with (
        as_file(files("workbench.reports") / "fonts" / "NotoSans-Regular.ttf") as path,
        TTFont(path, lazy=True) as font,
    ):
        widths, em = font["hmtx"], font["head"].unitsPerEm
        return {code: widths[name][0] / em for code, name in font.getBestCmap().items()}
