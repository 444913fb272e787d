"""How does text get onto a slide, a table of a hundred cells among it, in no time?

python-pptx looks for the place of every property among its element's children, which for the words of
one report takes most of a second. Here elements are added in the order that the format wants; a test
holds them to be what python-pptx writes.
"""

from __future__ import annotations

import re
from typing import Any

from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Length

_A = {
    name: qn(f"a:{name}")
    for name in (
        "p",
        "pPr",
        "r",
        "rPr",
        "t",
        "endParaRPr",
        "solidFill",
        "srgbClr",
        "spcBef",
        "spcAft",
        "spcPts",
    )
}


def clean(text: str) -> str:
    """Return `text` without what XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)


def add_run(paragraph: Any, text: str, size: Length, colour: RGBColor, bold: bool = False) -> None:
    """Add styled text to the end of a paragraph (its element)."""
    run = _add(paragraph, "r")
    style = _add(run, "rPr", sz=str(size.centipoints), b=str(int(bold)))
    add_fill(style, colour)
    _add(run, "t").text = clean(text)


def add_paragraph(frame: Any, *, before: Length | None = None, after: Length | None = None) -> Any:
    """Add a paragraph to a frame of text (its element), with room before or after it, and return it."""
    paragraph = _add(frame, "p")
    for name, room in (("spcBef", before), ("spcAft", after)):
        if room is not None:
            _room(paragraph, name, room)
    return paragraph


def only_paragraph(frame: Any, *, align: str = "", after: Length | None = None) -> Any:
    """Return the one paragraph that a frame (its element) is left with, empty; `align`: l or r."""
    first, *others = frame.iterchildren(_A["p"])
    for paragraph in others:
        frame.remove(paragraph)
    for child in list(first):
        if child.tag != _A["pPr"]:
            first.remove(child)
    if align:
        _properties(first).set("algn", align)
    if after is not None:
        _room(first, "spcAft", after)
    return first


def add_fill(properties: Any, colour: RGBColor) -> None:
    """Fill whatever has these properties with a colour; it has no fill so far."""
    _add(_add(properties, "solidFill"), "srgbClr", val=str(colour))


def set_cell(
    cell: Any, text: str, *, size: Length, colour: RGBColor, ground: RGBColor, margin: Length, bold: bool, align: str
) -> None:  # fmt: skip
    """Write into a new cell of a table (its element): text, colours, and the room above and below."""
    frame, properties = cell
    paragraph = only_paragraph(frame, align=align)
    if text:
        add_run(paragraph, text, size, colour, bold)
    else:  # or the row is as high as letters of 18 points
        _add(paragraph, "endParaRPr", sz=str(size.centipoints))
    properties.set("marT", str(int(margin)))
    properties.set("marB", str(int(margin)))
    add_fill(properties, ground)


def _properties(paragraph: Any) -> Any:
    found = paragraph.find(_A["pPr"])
    if found is None:
        found = paragraph.makeelement(_A["pPr"])
        paragraph.insert(0, found)
    return found


def _room(paragraph: Any, name: str, room: Length) -> None:
    _add(_add(_properties(paragraph), name), "spcPts", val=str(room.centipoints))


def _add(parent: Any, name: str, **attributes: str) -> Any:
    child = parent.makeelement(_A[name], attributes)
    parent.append(child)
    return child
