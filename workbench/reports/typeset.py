"""How is anything set by Typst: which fonts, which characters, and never a word read as markup?

What is said travels as JSON or SVG into a fixed description; Typst sees it as data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

FONTS = ("Noto Sans", "DejaVu Sans", "Droid Sans Fallback", "Unifont", "Unifont Upper")
SUBSTITUTE = "▢"
DROPPED = frozenset("\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\u00ad")
"""Invisible by nature: joiners, marks of direction, hints where to break."""


class Words:
    """Makes every text printable, and counts what had to be substituted."""

    def __init__(self) -> None:
        self.substituted = 0

    def plain(self, value: Any) -> Any:
        """Return `value` with every text in it printable."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.plain(part) for name, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.plain(part) for part in value]
        return value

    def text(self, text: str) -> str:
        """Return `text` in characters that the fonts cover."""
        if (text.isascii() and text.isprintable()) or all(map(_as_it_is, set(text))):
            return text
        shown = []
        for char in text:
            if char in DROPPED:
                continue
            if _as_it_is(char):
                shown.append(char)
            else:
                self.substituted += 1
                shown.append(SUBSTITUTE)
        return "".join(shown)


@cache
def _as_it_is(char: str) -> bool:
    """Say whether a character is printed as it is: some font has it, and it turns nothing around."""
    if char in "\n\t\u200b":
        return True
    code = ord(char)
    if char in DROPPED or code < 0x20 or 0x7F <= code < 0xA0 or code in _BIDI:
        return False
    return any(code in _covered(path) for path in _font_files())


@cache
def _font_files() -> tuple[Path, ...]:
    """Return the fonts that words are set in, ours first, the smallest first: the large ones are seldom opened."""
    ours, others = font_folders()
    mine = sorted(ours.glob("*.?tf"), key=lambda path: path.stat().st_size)
    return *mine, others / "DejaVuSans.ttf"


@cache
def _covered(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


_BIDI = frozenset((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def font_folders() -> tuple[Path, ...]:
    """Return where the fonts are: ours, and matplotlib's for the words in figures."""
    import matplotlib

    with as_file(files("workbench.reports") / "fonts") as ours:
        return ours, Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def compiled(told: Mapping[str, Any]) -> bytes:
    """Return the PDF of what is told to page.typ: tagged, as PDF/UA-1 asks."""
    inputs = {"report": json.dumps(told, ensure_ascii=False)}
    result: bytes = _typst("page.typ").compile(sys_inputs=inputs, format="pdf", pdf_standards=["ua-1"])
    return result


def drawn(svg: str, points_per_inch: float = 160.0) -> bytes:
    """Return a picture as PNG on white, with the fonts of the report."""
    inputs = {"svg": Words().text(svg)}
    result: bytes = _typst("picture.typ").compile(sys_inputs=inputs, format="png", ppi=points_per_inch)
    return result


@cache
def _typst(name: str) -> Any:
    import typst

    folders = [str(folder) for folder in font_folders()]
    with as_file(files("workbench.reports") / name) as source:
        return typst.Compiler(str(source), font_paths=folders, ignore_system_fonts=True)
