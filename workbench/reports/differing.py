"""In which words do two reports differ that tell of the same client and period?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def differing(told: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return in words what differs between two reports that are not the same."""
    return [*_origins(told["origin"], now["origin"]), *_sections(told, now)] or ["the bytes, and no value"]


def _origins(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in ("inputs", "rows_read", "versions"):
        for key in sorted(before[name].keys() | now[name].keys()):
            was, is_now = before[name].get(key), now[name].get(key)
            if was != is_now:
                yield f"{name}, {key}: {_short(was)} then, {_short(is_now)} now"
    for name in sorted(set(before) - {"inputs", "rows_read", "versions", "status", "stamps"}):
        if before[name] != now.get(name):
            yield f"{name}: {_short(before[name])} then, {_short(now.get(name))} now"


def _sections(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    were, are = ({s["id"]: s for s in told["sections"]} for told in (before, now))
    for name in sorted(were.keys() | are.keys()):
        if were.get(name) != are.get(name):
            yield f'section "{name}": {"gone" if name not in are else "new" if name not in were else "other content"}'


def _short(value: Any) -> str:
    text = "not there" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:12]}…"
