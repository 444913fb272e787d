"""Which items of the method does the product serve, and with what?

The register of items is method.csv. What serves them is read off the code: the codes of the
diagnostics, the functions marked with `serves`, and the example clients that plant an item. Nothing
is kept by hand; the test suite takes each of these things out and looks whether a test notices.
"""

from __future__ import annotations

import csv
import importlib.util
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.abc import InspectLoader
from importlib.resources import files
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast, get_args

import workbench
from workbench.catalogue import Service, serves
from workbench.errors import UnknownName, WorkbenchError
from workbench.metrics.growth import yearly_growth
from workbench.resources import folder
from workbench.wording import figure

if TYPE_CHECKING:
    from rich.table import Table

Kind = Literal["diagnostic", "calculator", "section", "figure", "fixture", "rule", "register", "trap"]
"""In what form the product is to carry an item. diagnostic: scored on evidence; calculator: a
number from inputs; section: words or a table of a report; figure: a picture to rebuild; fixture: an
example with known numbers; rule: decides or orders what is recommended; register: shown with its
status, never as a benchmark; trap: a contradiction of the sources that must be shown."""


@dataclass(frozen=True)
class Item:
    """One item of the method: its id, a title in our words, its source, kind and status."""

    id: str
    title: str
    source: str
    """Key and file of each source, "; " between two."""
    kind: Kind
    status: str
    """For registers: how far the figure can be trusted, or what names it; else empty."""

    @property
    def section(self) -> str:
        """The letters before the first dash: "VL" for VL-1a."""
        return self.id.partition("-")[0]

    @property
    def source_keys(self) -> str:
        """The source without its files: "S1 S4"."""
        return " ".join(part.split()[0] for part in self.source.split("; "))


@dataclass(frozen=True)
class Claim:
    """That a declared thing serves an item.

    `function` is what computes it and can be taken out; None for an example client, whose folder
    is what can be taken out.
    """

    id: str
    kind: str
    name: str
    function: Callable[..., Any] | None = None

    def __str__(self) -> str:
        """Write it as the coverage list does: "calculator workbench.metrics.cost.per_contact"."""
        return f"{self.kind} {self.name}"


Serving: TypeAlias = dict[str, tuple[Claim, ...]]
"""What serves each item, by id."""


@cache
def items() -> dict[str, Item]:
    """Return every item by id, in the order of the method."""
    with (files("workbench") / "method.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    unknown = {row["kind"] for row in rows} - set(get_args(Kind))
    if unknown:
        raise WorkbenchError(f"method.csv: {', '.join(sorted(unknown))} is not a kind of item.")
    return {
        row["id"]: Item(row["id"], row["title"], row["source"], cast(Kind, row["kind"]), row["status"])
        for row in rows
    }


def chosen(section: str = "") -> tuple[Item, ...]:
    """Return the items of one section ("VL"), or all of them.

    Raises
    ------
    UnknownName
        if no id begins with that section.
    """
    everything = tuple(items().values())
    if not section:
        return everything
    wanted = section.upper().rstrip("-")
    sections = {item.section for item in everything}
    if wanted not in sections:
        raise UnknownName("section of the method", section, sections)
    return tuple(item for item in everything if item.section == wanted)


MARKET = (140.0, 163.0, 5)
"""METHOD MKT-1 and MKT-2: billions of US$ in 2016 and at the end of 2021, and the years between."""


@serves(*(item.id for item in items().values() if item.kind == "register"), kind="register")
def register(section: str = "") -> tuple[Item, ...]:
    """Return the attributed figures, owners and cadences, each to be shown with its status."""
    return tuple(item for item in chosen(section) if item.kind == "register")


def claims() -> tuple[Claim, ...]:
    """Return what the code claims to serve, in the order of names.

    Imports every module that makes a claim, which takes a second or two.

    Raises
    ------
    UnknownName
        if something claims to serve an id that the method does not have.
    """
    found = {(claim.id, str(claim)): claim for claim in (*_functions(), *_checks(), *_examples())}
    for claim in found.values():
        if claim.id not in items():
            raise UnknownName(f"METHOD item (served by {claim})", claim.id, items())
    return tuple(found[key] for key in sorted(found))


def served_by() -> Serving:
    """Return for every item the claims on it; an empty tuple where nothing serves it yet."""
    by_id: dict[str, list[Claim]] = {identifier: [] for identifier in items()}
    for claim in claims():
        by_id[claim.id].append(claim)
    return {identifier: tuple(found) for identifier, found in by_id.items()}


@cache
def gaps() -> dict[str, str]:
    """Return by item what is served in part: what it needs, and what of it is left out.

    Raises
    ------
    UnknownName
        for a gap of an id that the method does not have.
    """
    with (files("workbench") / "gaps.csv").open(encoding="utf-8") as handle:
        found = {row["id"]: row["gap"] for row in csv.DictReader(handle)}
    for identifier in found:
        if identifier not in items():
            raise UnknownName("METHOD item (gaps.csv)", identifier, items())
    return found


def as_json(chosen_items: Sequence[Item]) -> list[dict[str, object]]:
    """Return plain values for `workbench method --json`."""
    serving = served_by()
    return [
        {
            "id": item.id,
            "title": item.title,
            "source": item.source,
            "kind": item.kind,
            "served_by": [str(claim) for claim in serving[item.id]],
            "gap": gaps().get(item.id, ""),
        }
        for item in chosen_items
    ]


def _checks() -> Iterator[Claim]:
    from workbench.diagnostics.diagnostic import CHECKS

    for check in CHECKS:
        for identifier in (check.code, *check.also):
            yield Claim(identifier, "diagnostic", check.code, check.assess)


def _functions() -> Iterator[Claim]:
    for module in modules():
        for owner in (module, *_classes(module)):
            for attribute in list(vars(owner).values()):
                function = _function(attribute)
                if function is None or function.__module__ != module.__name__:
                    continue  # nothing to call, or imported from where it is defined
                services: tuple[Service, ...] = getattr(function, "__serves__", ())
                for service in services:
                    for identifier in service.ids:
                        yield Claim(identifier, service.kind, service.name, function)


def modules() -> Iterator[ModuleType]:
    """Yield every module of the package that marks something with `serves`, imported.

    Only those: importing the simulator compiles it where that was not done before.
    """
    for info in pkgutil.walk_packages(workbench.__path__, "workbench."):
        spec = importlib.util.find_spec(info.name)
        if spec is None or not isinstance(spec.loader, InspectLoader):
            continue
        if "serves(" in (spec.loader.get_source(info.name) or ""):
            yield importlib.import_module(info.name)


def _classes(module: ModuleType) -> list[type]:
    own = [
        thing
        for thing in list(vars(module).values())
        if inspect.isclass(thing) and thing.__module__ == module.__name__
    ]
    for thing in own:
        if "__serves__" in vars(thing):
            raise WorkbenchError(
                f"{thing.__module__}.{thing.__qualname__} is a class and marked with serves. "
                "Mark the method that computes; only a function can be taken out and missed."
            )
    return own


def _function(attribute: object) -> Callable[..., Any] | None:
    """Return what is called, be it a function, a cache of one, a method or a property."""
    if isinstance(attribute, staticmethod | classmethod):
        attribute = attribute.__func__
    elif isinstance(attribute, property):
        attribute = attribute.fget
    elif isinstance(attribute, cached_property):
        attribute = attribute.func
    if inspect.isfunction(attribute) or hasattr(attribute, "cache_clear"):
        return cast(Callable[..., Any], attribute)
    return None


def _examples() -> Iterator[Claim]:
    """Example clients whose expected.yaml says which items they plant."""
    from ruamel.yaml import YAML

    for path in sorted(folder("example").glob("*/expected.yaml")):
        expected = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")) or {}
        for identifier in expected.get("serves", ()):
            yield Claim(identifier, "fixture", f"data/example/{path.parent.name}")


def listing(chosen_items: Sequence[Item]) -> Table:
    """Return the items as a table for the terminal."""
    table = _table("id", "what it says", "kind", "source")
    for item in chosen_items:
        table.add_row(item.id, item.title, item.kind, item.source_keys)
    return table


def register_listing(chosen_items: Sequence[Item]) -> Table:
    """Return register entries as a table, each with its status beside it."""
    table = _table("id", "what it says", "status", "source")
    for item in chosen_items:
        status = "; ".join(filter(None, (item.status, implied(item.id))))
        table.add_row(item.id, item.title, status, item.source_keys)
    return table


def implied(identifier: str) -> str:
    """Return what follows from an attributed figure and is computed here; empty where nothing does."""
    if identifier == "MKT-2":
        rate = yearly_growth(*MARKET)
        return f"computed: {figure(rate, 'fraction', 2)} a year, {MARKET[0]:g} to {MARKET[1]:g} in {MARKET[2]} years"
    return ""


def coverage_listing(chosen_items: Sequence[Item], serving: Serving) -> Table:
    """Return what serves each item as a table, and its gap; "nothing yet" where nothing does."""
    table = _table("id", "what it says", "served by")
    for item in chosen_items:
        by = "\n".join(map(str, serving[item.id])) or "nothing yet"
        by += f"\nGap: {gaps()[item.id]}" if item.id in gaps() else ""
        table.add_row(item.id, item.title, by)
    return table


def section_counts(chosen_items: Sequence[Item], serving: Serving) -> Table:
    """Return for each section how many of its items are served, and which are not."""
    table = _table("section", "items", "served", "not yet")
    for section in dict.fromkeys(item.section for item in chosen_items):
        members = [item for item in chosen_items if item.section == section]
        open_ones = [item.id for item in members if not serving[item.id]]
        served = len(members) - len(open_ones)
        table.add_row(section, str(len(members)), str(served), " ".join(open_ones))
    served = sum(bool(serving[item.id]) for item in chosen_items)
    table.add_section()
    table.add_row("all", str(len(chosen_items)), str(served), str(len(chosen_items) - served))
    return table


def _table(*headings: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold", no_wrap=heading in ("id", "section", "kind"))
    return table
