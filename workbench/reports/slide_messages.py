"""Which sentence heads a section's first slide? What was found, as far as the section says so.

Some sections say it in numbers or in a picture; their sentence is made here. Of the others it is the first
that they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from workbench.reports.section import Block, Bullets, Card, Cards, DataTable, Figure, Prose, Run, Section
from workbench.wording import counted, figure

B = TypeVar("B", bound=Block)

LONGEST = 150
"""So many letters can head a slide; a longer sentence stands in its text."""

GOOD = 80.0
"""From this score on nothing leaks much; the band called good begins there."""

_END = re.compile(r"(?<=[\w)%’'\"])\.(?= +[A-Z0-9])|\.$")


def message(section: Section) -> str:
    """Return the sentence that heads a section's first slide; empty if it says none that is short enough."""
    said = _SAID[section.id](section) if section.id in _SAID else _first_sentence(section)
    return said if len(said) <= LONGEST else ""


def first_sentence(runs: Sequence[Run]) -> str:
    """Return the first sentence of a paragraph, without its full stop."""
    text = "".join(run.text for run in runs).strip()
    end = _END.search(text)
    return text[: end.start()] if end else text


def _of(section: Section, kind: type[B]) -> Iterator[B]:
    return (block for block in section.blocks if isinstance(block, kind))


def _first_sentence(section: Section) -> str:
    first = next(_of(section, Prose), None)
    return first_sentence(first.runs) if first else ""


def _cards(section: Section) -> list[Card]:
    return [card for block in _of(section, Cards) for card in block.cards]


def _health_wheel(section: Section) -> str:
    said = _first_sentence(section)
    if said:
        return said
    rows = [row for block in _of(section, Figure) for row in block.rows if isinstance(row[1], int | float)]
    least = min(rows, key=lambda row: float(row[1] or 0.0), default=None)
    return f"{least[0]} is the weakest item: {figure(least[1], '', 0)} of 100" if least else ""  # type: ignore[arg-type]


def _four_leaks(section: Section) -> str:
    known = [card for card in _cards(section) if card.value is not None]
    least = min(known, key=lambda card: card.value or 0.0, default=None)
    if least is None:
        return ""
    if (least.value or 0.0) >= GOOD:
        return f"None of the four leaks much: {_lower(least.label)}, the lowest, has {least.text} of 100"
    return f"Most value leaks through {_lower(least.label)}: {least.text} of 100"


def _lifecycle(section: Section) -> str:
    rows = [row for block in _of(section, Figure) for row in block.rows if isinstance(row[2], int | float)]
    most = max(rows, key=lambda row: float(row[2] or 0.0), default=None)
    if most is None:
        return ""
    days = float(most[2] or 0.0)
    return f"{most[0]} takes longest: {most[1]}, {figure(days, 'days', 0 if days >= 10 else 1)} (median)"


def _forums(section: Section) -> str:
    cells = [
        (float(value), str(row[0]), column.label)
        for block in _of(section, Figure)
        for row in block.rows
        for value, column in zip(row[1:], block.columns[1:], strict=True)
        if isinstance(value, int | float)
    ]
    if not cells:
        return _first_sentence(section)
    share, forum, what = min(cells)
    return f"Weakest of the forums: {forum}, {what.lower()}, {figure(share, 'fraction', 0)}"


def _failure_modes(section: Section) -> str:
    table = next(_of(section, DataTable), None)
    rows = [row for row in (table.rows if table else ()) if isinstance(row[1], int | float)]
    least = min(rows, key=lambda row: float(row[1] or 0.0), default=None)
    return f"“{least[0]}” scores lowest of the five: {figure(least[1], '', 0)} of 100" if least else ""  # type: ignore[arg-type]


def _service_level(section: Section) -> str:
    own = [block.cards[0] for block in _of(section, Cards)]
    known = [card for card in own if card.value is not None]
    if len(own) == 1 and known:
        return f"{own[0].label}: {own[0].text}, {own[0].note.partition(';')[0]}"
    met = sum(card.note.startswith("target met") for card in known)
    return f"The target is met in {met} of {counted(len(known), 'queue')}" if known else ""


def _prices(section: Section) -> str:
    cards = _cards(section)
    if not cards:
        return ""
    of, _, unit = cards[0].label.partition(", ")
    return f"{of} costs {cards[0].text} {unit} ({_lower(cards[-1].label)}: {cards[-1].text})"


def _waterfall(section: Section) -> str:
    said = [first_sentence(block.runs) for block in _of(section, Prose)]
    return said[1] if len(said) > 1 else ""


def _predicted(section: Section) -> str:
    total = section.data.get("backtest", {}).get("service_level")
    if not total or total.get("actual") is None:
        return ""
    predicted, low, high, actual = (
        figure(total[n], "fraction", 1) for n in ("predicted", "low", "high", "actual")
    )
    return f"Predicted was a service level of {predicted} ({low} to {high}); {actual} happened"


def _asked(section: Section) -> str:
    first = next(_of(section, Bullets), None)
    return first_sentence(first.items[0]) if first and first.items else ""


def _staffing(section: Section) -> str:
    cards = _cards(section)
    if not cards:
        return ""
    return f"{cards[0].label.removesuffix('?')}: {cards[0].text} ({cards[0].note.partition(',')[0]})"


def _need(section: Section) -> str:
    picture = next(_of(section, Figure), None)
    rows = [row for row in (picture.rows if picture else ()) if isinstance(row[1], int | float)]
    most = max(rows, key=lambda row: float(row[1] or 0.0), default=None)
    return f"At most {figure(most[1], '', 0)} people are needed at a time, from {most[0]}" if most else ""  # type: ignore[arg-type]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


_SAID: dict[str, Callable[[Section], str]] = {
    "health wheel": _health_wheel,
    "four leaks": _four_leaks,
    "lifecycle map": _lifecycle,
    "governance forums": _forums,
    "failure modes": _failure_modes,
    "service level": _service_level,
    "prices": _prices,
    "from today to target": _waterfall,
    "staffing headline": _staffing,
    "staffing backtest": _predicted,
    "staffing scenarios": _asked,
    "staffing need": _need,
}
