"""What has already been worked out from this table?

A function marked `once_per_table` works a result out once for the same table (the very object) and the
same settings, as long as `remembering` lasts; outside of it, every call computes. What is remembered
belongs to one `with` block in one thread, goes with the table that it was worked out from, and at the
latest when the block ends: nothing outlives an assessment or shows in another client's. Nobody may
change in place what such a function returned; arrays are locked against it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np
import pandas as pd

P = ParamSpec("P")
R = TypeVar("R")


class Remembered(NamedTuple):
    """One result and what it came from: tables as weak references, so that they are not kept for it."""

    function: Callable[..., object]
    arguments: tuple[object, ...]
    settings: Mapping[str, object]
    result: Any


class Memory(dict[Hashable, Remembered]):
    """What is remembered, and which of it came from each table, as long as that lives."""

    def __init__(self) -> None:
        self.tables: dict[int, tuple[weakref.ref[pd.DataFrame], list[Hashable]]] = {}

    def held(self, value: object, key: Hashable) -> object:
        """Return a table as a weak reference, anything else as it is: while it is held, its identity is its own."""
        if not isinstance(value, pd.DataFrame):
            return value
        there = self.tables.get(id(value))
        if there is None:
            number = id(value)
            there = self.tables[number] = weakref.ref(value, lambda _: self._forget(number)), []
        there[1].append(key)
        return there[0]

    def _forget(self, number: int) -> None:
        for key in self.tables.pop(number)[1]:
            self.pop(key, None)


_known: ContextVar[Memory | None] = ContextVar("known", default=None)


@contextmanager
def remembering(memory: Memory | None = None) -> Iterator[Mapping[Hashable, Remembered]]:
    """Let every function marked `once_per_table` remember until the block ends; inside another block, join it.

    With a `memory` of the caller's own, what it holds is known, and stays in it.
    """
    outer = _known.get()
    if outer is not None:
        yield outer
        return
    known = Memory() if memory is None else memory
    token = _known.set(known)
    try:
        yield known
    finally:
        _known.reset(token)
        if memory is None:
            known.clear()


def once_per_table(function: Callable[P, R]) -> Callable[P, R]:
    """Let `function`, which depends on nothing but its arguments, be computed once while remembering."""

    defaults: dict[str, object] = getattr(function, "__kwdefaults__", None) or {}
    usual = _settings(defaults)

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> R:
        known = _known.get()
        if known is None:
            return function(*args, **kwargs)
        said = (
            {**defaults, **kwargs} if kwargs else defaults
        )  # what is said and what holds anyway: one question
        key = (function, _settings(said) if kwargs else usual, *map(_identity, args))
        entry = known.get(key)
        if entry is None:
            result = _locked(function(*args, **kwargs))
            held = tuple([known.held(value, key) for value in args])
            settings = {name: known.held(value, key) for name, value in said.items()}
            entry = known[key] = Remembered(function, held, settings, result)
        return entry.result  # type: ignore[no-any-return]

    return answer


def _settings(said: Mapping[str, object]) -> Hashable:
    return tuple((name, _identity(said[name])) for name in sorted(said))


def _identity(value: object) -> Hashable:
    """Return what tells an argument from others: its value if that cannot change, else which object it is."""
    if isinstance(value, str):  # the name of a column, mostly
        return value
    if isinstance(value, pd.DataFrame):
        return id(value)
    try:
        hash(value)
    except TypeError:
        return id(value)
    return type(value), value


def _locked(result: R) -> R:
    for array in result if isinstance(result, tuple) else (result,):
        if isinstance(array, np.ndarray):
            array.flags.writeable = False
    return result
