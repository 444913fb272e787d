"""How does a report look in a client's own colour, under its logo and its words?

A colour is used for lines, links and single bars, never for what a colour means elsewhere (severity,
the series of a figure). Text in it has to be read: where it is too pale for white paper, or too dark
for a dark screen, its nearest readable shade takes its place, and the run says so.
"""

from __future__ import annotations

import colorsys

from pydantic import Field

from workbench.reports.section import Part

HOUSE = "#0067a3"
PAPER, SHEET, NIGHT = "#ffffff", "#f5f7f9", "#1a2129"
"""White; what callouts and cards stand on, on paper and on a dark screen: there text has the least contrast."""
READABLE = 4.5
"""Contrast of text as WCAG 2.2 asks for it (1.4.3, level AA)."""


class Brand(Part):
    """What a client brings along: its colour, its logo, and its words for heading, footer and sections.

    `logo` is an SVG drawing as text (a PNG stands inside one), so that one form serves every format.
    """

    accent: str = ""
    logo: str = ""
    heading: str = ""
    footer: str = ""
    titles: dict[str, str] = Field(default_factory=dict)

    @property
    def on_paper(self) -> str:
        """The colour on white and on pale grey."""
        return readable(self.accent, SHEET) if self.accent else HOUSE

    @property
    def in_the_dark(self) -> str:
        """The colour on a dark screen; empty: the house's own."""
        return readable(self.accent, NIGHT) if self.accent else ""


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").

    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, ground: str) -> str:
    """Return `colour`, or its nearest shade that can be read on `ground`: same hue, other lightness."""
    if contrast(colour, ground) >= READABLE:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    step = -0.01 if _luminance(ground) > 0.4 else 0.01
    while 0 < lightness + step < 1:
        lightness += step
        shade = _written(colorsys.hls_to_rgb(hue, lightness, saturation))
        if contrast(shade, ground) >= READABLE:
            return shade
    return "#000000" if step < 0 else "#ffffff"


def remark(colour: str) -> str:
    """Return what is said of a colour that cannot be used as it is; empty if it can."""
    shade = readable(colour, SHEET) if colour else ""
    if shade == colour:
        return ""
    return (
        f"accent {colour} is too pale for text ({contrast(colour, PAPER):.1f} : 1 on white, {READABLE} is needed); "
        f"its darker shade {shade} is used"
    )


def _luminance(colour: str) -> float:
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _written(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)
