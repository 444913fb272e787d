"""What does a what-if say to a planner? One sentence with the figure, its interval and its price in people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.studies.erlang_beside import Beside
from workbench.studies.heads import Heads
from workbench.wording import counted

if TYPE_CHECKING:
    from workbench.studies.what_if import WhatIf


def said(found: WhatIf, name: str) -> str:
    """Return what a variant does to service and what would hold it, and what Erlang says to that."""
    from workbench.studies.what_if import many

    variant, d = found.variants[name], found.difference("service_level", name)
    words = variant.words[:1].upper() + variant.words[1:]
    if not variant.changes:
        return f"{words}: nothing changes."
    if d.mean is None or d.low is None or d.high is None:
        return f"{words}: what it does to the service level is not known ({d.reason})."
    verb = "" if many(variant.words) else "s"
    pairs = counted(d.n, "pair")
    held = found.held.get(name)
    # that people would make up for people says nothing
    of_people = bool(variant.levers) and all(text.startswith("staffing") for text in variant.levers)
    if d.low <= 0 <= d.high:
        doubt = (
            f"{words} change{verb} the service level by {_signed(d.mean)} points ({_signed(d.low)} to "
            f"{_signed(d.high)}, {pairs}): no loss and no gain can be told from so many"
        )
        return f"{doubt}.{_erlang(found.erlang.get(name, ()), of_people)}"
    points = f"{_points(d.mean)} points of service level ({_range(d.low, d.high)}, {pairs})"
    effect = f"{words} {'cost' if d.mean < 0 else 'bring'}{verb} {points}"
    return (
        f"{effect}{'' if of_people else _held(held, verb)}.{_erlang(found.erlang.get(name, ()), of_people)}"
    )


def _held(held: Heads | None, verb: str) -> str:
    if held is None:
        return ""
    if held.n is None:
        return f"; {held.reason}"
    size = abs(held.n)
    span = ""
    if held.low is not None and held.high is not None and held.low != held.high:
        span = f" ({min(abs(held.low), abs(held.high))} to {max(abs(held.low), abs(held.high))})"
        if held.low < 0 < held.high:
            span = f" ({_whole(held.low)} to {_whole(held.high)})"
    if held.n > 0:
        return f", or {size} more {'person' if size == 1 else 'people'}{span} to hold it"
    if held.n < 0:
        return f", or hold{verb} it with {size} fewer {'person' if size == 1 else 'people'}{span}"
    return ", less than one person is worth"


def _erlang(answers: tuple[Beside, ...] | tuple[()], of_people: bool) -> str:
    if not answers:
        return ""
    known = [b for b in answers if b.difference is not None]
    if not known:
        return f" Erlang: {answers[0].reason}."
    parts = []
    for b in known:
        assert b.difference is not None
        people = "" if b.heads is None or of_people else f" and {_heads(b.heads)}"
        parts.append(f"Erlang {b.model} says {_signed(b.difference)} points{people}")
    return f" {'; '.join(parts)}."


def _heads(n: int) -> str:
    """Return people as a planner says them: "1 more person", "2 fewer people", "nobody more"."""
    if not n:
        return "nobody more"
    return f"{abs(n)} {'more' if n > 0 else 'fewer'} {'person' if abs(n) == 1 else 'people'}"


def _points(fraction: float) -> str:
    return f"{abs(100 * fraction):.1f}"


def _range(low: float, high: float) -> str:
    least, most = sorted((abs(100 * low), abs(100 * high)))
    return f"{least:.1f} to {most:.1f}"


def _signed(fraction: float) -> str:
    return _minus(f"{100 * fraction:+.1f}")


def _whole(n: int) -> str:
    return _minus(f"{n:+d}") if n else "0"


def _minus(text: str) -> str:
    return text.replace("-", "\u2212").replace("+0.0", "0.0").replace("\u22120.0", "0.0")
