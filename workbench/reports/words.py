"""Which words do all formats share? Titles, readers, shortened names."""

from __future__ import annotations

import unicodedata

from workbench.reports.section import Audience

READERS: dict[Audience, str] = {
    "client": "the client's copy",
    "joint": "for a joint session of both sides",
    "internal": "internal copy, not for the client",
}


def audience_words(audience: Audience) -> str:
    """Return for whom a copy is, as a reader meets it."""
    return READERS[audience]


def heading(template: str) -> str:
    """Return what a report made from `template` is called: "Partnership health review"."""
    words = template.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def shortened(text: str, most: int = 90) -> str:
    """Return `text` on one line, without control characters, cut where it is too long for a heading."""
    visible = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) != "Cc"
    )
    flat = " ".join(visible.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
