"""What can a scenario say? The page of the scenario language, printed from its fields."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from workbench.sim.arrivals import CHANNELS
from workbench.sim.parts import Part
from workbench.sim.routing import AGENT_POLICIES, QUEUE_POLICIES
from workbench.sim.scenario import Scenario

HEAD = """# The scenario

A scenario is YAML (or a `Scenario` in Python). Fields that are left out have the default shown. Times
are seconds where the name ends in `_s`, local times of day are quoted texts (`"09:30"`; `"26:00"` is
2 a.m. of the next day), rates are per hour. Where *by interval* stands, a single value holds for the
whole horizon; a list has one value per interval of the horizon, of a day, or of a week from Monday.
An unknown field is refused with the nearest known one. `workbench simulate SCENARIO.yaml` runs it;
`--change groups.a.agents=12` changes one value.
"""


def scenario_page() -> str:
    """Return the text of docs/reference/scenario.md."""
    return "\n".join([HEAD, *map(_section, _kinds(Scenario)), _policies(), _channels()])


def _kinds(kind: type[Part], seen: list[type[Part]] | None = None) -> list[type[Part]]:
    """Return a part and the parts inside it, each once, outer ones first."""
    seen = [] if seen is None else seen
    if kind not in seen:
        seen.append(kind)
        for field in kind.model_fields.values():
            for inner in _parts_in(field.annotation):
                _kinds(inner, seen)
    return seen


def _parts_in(annotation: Any) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for argument in get_args(annotation):
        yield from _parts_in(argument)


def _section(kind: type[Part]) -> str:
    title = kind.__name__
    lines = [f"## {title}", "", _text(kind.__doc__ or ""), "", "| field | value | default | meaning |"]
    lines.append("|---|---|---|---|")
    for name, field in kind.model_fields.items():
        cells = (f"`{name}`", _value(field.annotation, field.metadata), _default(field))
        lines.append(f"| {' | '.join(cells)} | {_text(field.description or '')} |")
    return "\n".join([*lines, ""])


def _text(words: str) -> str:
    return " ".join(words.replace("|", "\\|").replace("``", "`").split())


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.default
    if isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if value is None or value == "" or value == () or value == {}:
        return ""
    if isinstance(value, Part):
        given = value.model_dump(mode="json", exclude_defaults=True)
        return f"`{given}`" if given else "its defaults"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


_PLAIN = {
    float: "number", int: "whole number", str: "text", bool: "true or false", datetime: "local time",
}  # fmt: skip


def _value(annotation: Any, metadata: list[Any]) -> str:
    """Return in words what a field takes."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(arguments[0], list(arguments[1:]))
    if origin is Literal:
        return " or ".join(f"`{a}`" for a in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(_value(a, metadata) for a in arguments if a is not type(None))
    if origin is dict:
        return f"names, each with {_value(arguments[1], [])}"
    if origin is tuple:
        inner = _value(arguments[0], [])
        if any(type(m).__name__ == "PlainSerializer" for m in metadata):
            return f"{inner}, *by interval*"
        return f"list: {inner}" if arguments[-1] is Ellipsis else f"pair: {inner}"
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    if any(getattr(getattr(m, "func", None), "__name__", "") == "_clock" for m in metadata):
        return "time of day"
    word = _PLAIN.get(annotation, getattr(annotation, "__name__", str(annotation)))
    bounds = _bounds(metadata)
    return f"{word} {bounds}" if bounds and word.endswith("number") else word


def _bounds(metadata: list[Any]) -> str:
    words = []
    flat = [x for m in metadata for x in (m.metadata if isinstance(m, FieldInfo) else [m])]
    for m in flat:
        for name, word in (("ge", "from"), ("gt", "above"), ("le", "to"), ("lt", "below")):
            if getattr(m, name, None) is not None:
                words.append(f"{word} {getattr(m, name):g}")
    return " ".join(words)


def _policies() -> str:
    lines = ["## Routing policies", "", "| `routing.` | name | question |", "|---|---|---|"]
    for field, catalogue in (("agent", AGENT_POLICIES), ("queue", QUEUE_POLICIES)):
        lines += [f"| {field} | `{p.name}` | {_text(p.function.__doc__ or '')} |" for p in catalogue]
    return "\n".join([*lines, ""])


def _channels() -> str:
    lines = ["## Channels without naming them", "", "| channel | properties |", "|---|---|"]
    for name, channel in CHANNELS.items():
        given = channel.model_dump(mode="json", exclude_defaults=True)
        told = ", ".join(f"{key}: {value}" for key, value in given.items()).replace("True", "true")
        lines.append(f"| {name} | {told.replace('False', 'false')} |")
    return "\n".join([*lines, ""])
