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
        if text.isascii() and text.isprintable():
            return text
        shown = []
        for char in text:
            if char in DROPPED:
                continue
            if char in "\n\t\u200b" or ord(char) in coverage():
                shown.append(char)
            else:
                self.substituted += 1
                shown.append(SUBSTITUTE)
        return "".join(shown)


@cache
def coverage() -> frozenset[int]:
    """Return every character that some font covers."""
    from fontTools.ttLib import TTFont

    covered: set[int] = set()
    for folder in font_folders():
        for path in sorted(folder.glob("*.?tf")):
            if folder.name == "fonts" or path.name == "DejaVuSans.ttf":
                with TTFont(path, lazy=True) as font:
                    covered |= set(font.getBestCmap())
    return frozenset(
        code for code in covered if code >= 0x20 and not 0x7F <= code < 0xA0 and code not in _BIDI
    )


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
