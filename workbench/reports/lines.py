"""How many lines does a text surely take? Then its row's height is known before it is set, which halves the setting."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import as_file, files

INSET_PT = 6.0
"""What stands left and right of a cell's text in page.typ, together. [points]"""

SPARE = 1.01
"""Kerning and rounding may make a line so much longer than its letters."""

TIGHT = 0.97
"""Kerning may make a line so much shorter than its letters."""

MOST = 9
"""A row of more lines may be torn apart by the end of a page; its height is left open."""

BREAK = "\u200b"
"""Drawn as nothing; a line may be broken there."""

_SURE = re.compile(rf"(?<=[^\W_] )(?=[^\W_]|\()|(?<=[.,;:)%] )(?=[^\W_]|\()|(?<={BREAK})")
"""Where a line may surely be broken: before a word that follows one, or a point; and where we say so."""

_PERHAPS = re.compile(r"(?:[^\W_]+|.) *", re.DOTALL)
"""What is surely not broken: letters and digits in a row."""


def lines(text: str, width: float, size: float) -> int | None:
    """Return how many lines `text` takes in letters of `size` in a column `width` wide; None if that is not sure.

    Typst puts on each line what goes there. Here it gets the fewest breaks with the longest letters that there may be,
    then the most breaks with the shortest; where both take as many lines, so does Typst. [points]
    """
    room = (width - INSET_PT) / size
    if "\n" in text:
        return None
    if length(text) < room:
        return 1
    if any(ord(char) not in _advances() for char in text.replace(BREAK, "")):
        return None  # letters of another font, or of a script that breaks anywhere
    whole = _SURE.split(text)
    if any(length(piece.rstrip(" ")) > room for piece in whole):
        return None  # it may be broken where we do not know
    most = _filled(whole, room / SPARE)
    return most if most <= MOST and most == _filled(_PERHAPS.findall(text), room / TIGHT) else None


def length(text: str) -> float:
    """Return how long a text is on one line, at most. [em]"""
    return SPARE * _letters(text)


def _filled(pieces: Iterable[str], room: float) -> int:
    """Return how many lines `room` wide the pieces fill; a space at the end of a line takes no room. [em]"""
    count, at = 1, 0.0
    for piece in pieces:
        if at and at + _letters(piece.rstrip(" ")) > room:
            count, at = count + 1, 0.0
        at += _letters(piece)
    return count


@lru_cache(maxsize=20_000)
def _letters(text: str) -> float:
    return sum(map(_advance, text))


@cache
def _advance(char: str) -> float:
    """Return the width of a letter in em; of one that the first font has not, that of the widest there are."""
    return 0.0 if char == BREAK else _advances().get(ord(char), 1.5)


@cache
def _advances() -> dict[int, float]:
    from fontTools.ttLib import TTFont

    with (
        as_file(files("workbench.reports") / "fonts" / "NotoSans-Regular.ttf") as path,
        TTFont(path, lazy=True) as font,
    ):
        widths, em = font["hmtx"], font["head"].unitsPerEm
        return {code: widths[name][0] / em for code, name in font.getBestCmap().items()}
