"""Can this file be a logo: a PNG or an SVG that is small, whole, and asks for nothing from elsewhere?

A logo goes into documents that other people open. So it is read before it is used, and refused in
words if it could run, load or hide something.
"""

from __future__ import annotations

import base64
import re
import struct
import zlib
from html import escape
from pathlib import Path
from xml.etree import ElementTree

from workbench.errors import DataError

MOST_BYTES = 300_000
SIDES = (16, 4000)
"""Smallest and largest side of a PNG. [pixels]"""
WIDEST = 12.0
"""How many times as wide as high a logo may be, or the other way round."""

SVG = "{http://www.w3.org/2000/svg}"
_DRAWN = frozenset(
    [
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "metadata",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "symbol",
        "use",
        "clipPath",
        "mask",
        "linearGradient",
        "radialGradient",
        "stop",
        "pattern",
        "style",
        "image",
    ]
)
_PNG = b"\x89PNG\r\n\x1a\n"


def read_logo(path: Path, name: str) -> str:
    """Return a logo as the text of an SVG; `name` is what the file is called in a message.

    Raises
    ------
    DataError
        if it is not there, of another kind, too large, of odd proportions, or holds more than a drawing.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{name}: cannot be opened ({error.strerror}). Put a PNG or an SVG there.") from None
    if len(content) > MOST_BYTES:
        raise DataError(
            f"{name}: has {len(content):,} bytes; a logo may have {MOST_BYTES:,}. Save it smaller, or as SVG."
        )
    if content.startswith(_PNG):
        return _framed(content, name)
    if content.lstrip()[:1] == b"<":
        return _drawing(content, name)
    raise DataError(f"{name}: is neither PNG nor SVG, whatever its name says. Save the logo as one of them.")


def _framed(content: bytes, name: str) -> str:
    """Return a PNG inside an SVG, after a look at each of its chunks."""
    width = height = 0
    at, ended = len(_PNG), False
    while at + 12 <= len(content) and not ended:
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 4 : at + 8 + length]
        check = content[at + 8 + length : at + 12 + length]
        if len(check) < 4 or zlib.crc32(body) != struct.unpack(">I", check)[0]:
            break
        if kind == b"IHDR" and length == 13:
            width, height = struct.unpack(">II", body[4:12])
        ended = kind == b"IEND"
        at += 12 + length
    if not ended or not width:
        raise DataError(f"{name}: is a damaged PNG. Save it again.")
    low, high = SIDES
    if not (low <= width <= high and low <= height <= high):
        raise DataError(f"{name}: is {width} × {height} pixels; each side may have {low} to {high}.")
    _proportions(width, height, name)
    data = base64.b64encode(content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'
    )


def _drawing(content: bytes, name: str) -> str:
    """Return an SVG that was looked through: shapes and words, nothing that runs or loads."""
    text = content.decode("utf-8-sig", "replace")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DataError(f"{name}: declares entities (<!DOCTYPE>). Save it as plain SVG.")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise DataError(f"{name}: is not whole ({error}). Save it again as plain SVG.") from None
    if root.tag != f"{SVG}svg":
        raise DataError(f"{name}: is XML, but no SVG. Save the logo as PNG or SVG.")
    width, height = _size(root, name)
    _proportions(width, height, name)
    for parent in root.iter():
        for child in list(parent):
            if not str(child.tag).startswith(SVG):
                parent.remove(child)  # what drawing programs keep for themselves
    for element in root.iter():
        _harmless(element, name)
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    ElementTree.register_namespace("", SVG[1:-1])
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return ElementTree.tostring(root, encoding="unicode")


def _size(root: ElementTree.Element, name: str) -> tuple[float, float]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    sides = [root.get("width", ""), root.get("height", "")]
    try:
        if len(box) == 4:
            return float(box[2]), float(box[3])
        width, height = (float(side.removesuffix("px")) for side in sides)
    except ValueError:
        width = height = 0.0
    if width > 0 and height > 0:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
        return width, height
    raise DataError(f"{name}: says no size. Give its <svg> a viewBox.")


def _proportions(width: float, height: float, name: str) -> None:
    if not (width > 0 and height > 0 and 1 / WIDEST <= width / height <= WIDEST):
        raise DataError(
            f"{name}: is {width:g} × {height:g}; neither side may be over {WIDEST:g} times the other."
        )


def _harmless(element: ElementTree.Element, name: str) -> None:
    tag = element.tag.removeprefix(SVG)
    if tag not in _DRAWN:
        raise DataError(f"{name}: holds <{escape(tag)[:40]}>, which is no drawing. Save it as plain SVG.")
    for key, value in element.attrib.items():
        attribute = key.rpartition("}")[2]
        if attribute.lower().startswith("on"):
            raise DataError(f"{name}: holds {attribute[:40]}, which runs something. Save it as plain SVG.")
        inside = value.startswith(("#", "data:image/png;base64,", "data:image/jpeg;base64,"))
        if attribute == "href" and not inside:
            raise DataError(f"{name}: points to {value[:60]}. A logo holds all that it shows.")
        _loads_nothing(value if attribute != "href" else "", name)
    _loads_nothing(element.text or "" if tag == "style" else "", name)


def _loads_nothing(style: str, name: str) -> None:
    if "@import" in style or re.search(r"url\(\s*['\"]?(?!#)", style):
        raise DataError(f"{name}: its style loads something from elsewhere. A logo holds all that it shows.")
