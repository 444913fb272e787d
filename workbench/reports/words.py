"""Which words do all formats share? Titles, readers, shortened names."""

from __future__ import annotations

import re
import unicodedata

from workbench.reports.section import Audience

READERS: dict[Audience, str] = {
    "client": "the client's copy",
    "joint": "for a joint session of both sides",
    "internal": "internal copy, not for the client",
}
WRITTEN_FOR: dict[Audience, str] = {
    "client": "the client", "joint": "both sides, in a joint session", "internal": "the account team, not the client",
}  # fmt: skip


SETTING = r"\b(?:money|groups|queues|time|contract)\.([a-z]+(?:_[a-z]+)*)\b"
"""A setting by its place in a scenario or in client.yaml."""


def audience_words(audience: Audience) -> str:
    """Return for whom a copy is, as a reader meets it."""
    return READERS[audience]


def plainly(text: str) -> str:
    """Return what a study notes without the names of settings: "money.pay_per_hour" is "pay per hour".

    >>> plainly("No pay (money.pay_per_hour): until money.pay_per_hour is set, hours.")
    'No pay: until pay per hour is set, hours.'
    """
    text = re.sub(rf" \({SETTING}\)", "", text)
    return re.sub(SETTING, lambda found: found[1].replace("_", " "), text)


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
