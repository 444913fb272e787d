"""How are declared things (diagnostics, sources, sections, exporters, policies) found and named?

A thing is declared in a file of its own; the catalogue looks into one folder, and into the entry
points of installed packages, so that adding one is adding a file. `serves` marks a plain function
as the computation behind METHOD items; `workbench method --coverage` reads those marks.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from workbench.errors import UnknownName, WorkbenchError

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])


class Catalogue(Generic[T]):
    """The declared things of one kind, looked up by name.

    Parameters
    ----------
    kind : what such a thing is called in a message ("diagnostic").
    package : the dotted name of the folder to look into.
    pick : returns the declared thing behind a module's attribute, or None.
    name : returns the name by which a thing is looked up.
    entry_point : the group in which other packages register modules of such things.
    """

    def __init__(
        self,
        kind: str,
        package: str,
        pick: Callable[[object], T | None],
        name: Callable[[T], str],
        entry_point: str = "",
    ) -> None:
        self.kind, self.package, self.entry_point = kind, package, entry_point
        self._pick, self._name = pick, name

    @cached_property
    def by_name(self) -> dict[str, T]:
        """Every declared thing by its name, in the order of names."""
        found: dict[str, tuple[T, str]] = {}
        for module_name in self._modules():
            module = importlib.import_module(module_name)
            for attribute in vars(module).values():
                thing = self._pick(attribute)
                if thing is None:
                    continue
                name = self._name(thing)
                if name in found and found[name][0] is not thing:
                    raise WorkbenchError(
                        f'Two {self.kind}s are called "{name}": in {found[name][1]} and in '
                        f"{module_name}. Rename one."
                    )
                found.setdefault(name, (thing, module_name))
        return {name: found[name][0] for name in sorted(found)}

    def _modules(self) -> Iterator[str]:
        package = importlib.import_module(self.package)
        for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
            if not info.name.startswith("_"):
                yield f"{self.package}.{info.name}"
        if self.entry_point:
            for point in sorted(entry_points(group=self.entry_point), key=lambda p: p.name):
                yield point.value

    def __iter__(self) -> Iterator[T]:
        return iter(self.by_name.values())

    def __len__(self) -> int:
        return len(self.by_name)

    def names(self) -> tuple[str, ...]:
        """Return the known names, sorted."""
        return tuple(self.by_name)

    def get(self, name: str) -> T:
        """Return the thing called `name`.

        Raises
        ------
        UnknownName
            with the nearest known name.
        """
        try:
            return self.by_name[name]
        except KeyError:
            raise UnknownName(self.kind, name, self.by_name) from None


@dataclass(frozen=True)
class Service:
    """That a function is the computation behind METHOD items."""

    ids: tuple[str, ...]
    kind: str
    name: str


def serves(*ids: str, kind: str = "calculator") -> Callable[[F], F]:
    """Mark a function as serving METHOD items; it stays a plain function.

    `kind` is what it is in the product: calculator, rule, section, fixture, detector or register.
    A test that cites the id (``@pytest.mark.method("EXP-5")``) must fail with the function taken out;
    the test suite takes it out and looks.
    """

    def mark(function: F) -> F:
        before: tuple[Service, ...] = getattr(function, "__serves__", ())
        name = f"{function.__module__}.{function.__qualname__}"
        function.__serves__ = (*before, Service(ids, kind, name))  # type: ignore[attr-defined]
        return function

    return mark
