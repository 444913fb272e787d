"""How is a diagnostic declared, and what can be read off its declaration?

A diagnostic is a plain function. Its positional parameters name the tables it needs, its
keyword-only ones are its settings with their defaults. A parameter annotated ``Table | None`` is
optional. ``client``, ``period``, ``answers``, ``problems`` and ``dataset`` are reserved names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from workbench.catalogue import Catalogue
from workbench.diagnostics.finding import Verdict
from workbench.errors import WorkbenchError

RESERVED = ("client", "period", "answers", "problems", "dataset")
PARTS = ("Why", "Healthy", "Unhealthy", "Remedy")

F = TypeVar("F", bound=Callable[..., Verdict])


@dataclass(frozen=True)
class Diagnostic:
    """A declared diagnostic.

    Attributes
    ----------
    code : the METHOD id it answers first ("HC-2").
    also : further METHOD ids whose computation is in it.
    area : the area of the report whose score it enters.
    title, why, healthy, unhealthy, remedy : from the docstring.
    needs, optional : canonical tables it cannot do without, and those that it uses if there.
    settings : its keyword-only parameters with their defaults.
    weight : its share within the area.
    """

    code: str
    also: tuple[str, ...]
    area: str
    title: str
    why: str
    healthy: str
    unhealthy: str
    remedy: str
    needs: tuple[str, ...]
    optional: tuple[str, ...]
    reserved: tuple[str, ...]
    settings: dict[str, Any]
    weight: float
    assess: Callable[..., Verdict]


def diagnostic(code: str, *, area: str, also: tuple[str, ...] = (), weight: float = 1.0) -> Callable[[F], F]:
    """Declare a plain function as the diagnostic of METHOD item `code`."""

    def declare(function: F) -> F:
        tables, optional, reserved, settings = [], [], [], {}
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind is parameter.KEYWORD_ONLY:
                settings[name] = parameter.default
            elif name in RESERVED:
                reserved.append(name)
            elif "None" in str(parameter.annotation):
                optional.append(name)
            else:
                tables.append(name)
        parts = _docstring(function, code)
        function.__diagnostic__ = Diagnostic(  # type: ignore[attr-defined]
            code=code,
            also=also,
            area=area,
            weight=weight,
            assess=function,
            title=parts["title"],
            why=parts["Why"],
            healthy=parts["Healthy"],
            unhealthy=parts["Unhealthy"],
            remedy=parts["Remedy"],
            needs=tuple(tables),
            optional=tuple(optional),
            reserved=tuple(reserved),
            settings=settings,
        )
        return function

    return declare


def _docstring(function: Callable[..., Verdict], code: str) -> dict[str, str]:
    paragraphs = inspect.cleandoc(function.__doc__ or "")
    title, _, rest = paragraphs.partition("\n")
    parts = {"title": title.strip().rstrip(".")}
    current = ""
    for line in rest.splitlines():
        head, colon, text = line.partition(":")
        if colon and head.strip() in PARTS:
            current = head.strip()
            parts[current] = text.strip()
        elif current and line.strip():
            parts[current] += " " + line.strip()
    missing = [part for part in PARTS if part not in parts]
    if missing:
        raise WorkbenchError(f"The docstring of diagnostic {code} lacks: {', '.join(missing)}.")
    return parts


CHECKS: Catalogue[Diagnostic] = Catalogue(
    kind="diagnostic",
    package="workbench.diagnostics.checks",
    pick=lambda thing: getattr(thing, "__diagnostic__", None) if inspect.isfunction(thing) else None,
    name=lambda declared: declared.code,
    entry_point="workbench.diagnostics",
)
