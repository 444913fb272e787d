"""Which figures does a weak column spoil?

Nobody keeps a list. A diagnostic declares the tables that it reads; which of their columns it reads
stands in its code, and in the functions of ours that it calls: every name of a column of a declared
table that occurs there as a text. That may name a column too many (two tables share a column's name),
never one too few; a test empties columns and looks which verdicts change.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator, Mapping
from functools import cache
from types import CodeType, FunctionType, ModuleType

from workbench.diagnostics.diagnostic import CHECKS, Diagnostic
from workbench.intake.spec import table_specs

OURS = "workbench."
WORDS_ALONE = (
    "workbench.diagnostics.evidence", "workbench.diagnostics.finding", "workbench.wording", "workbench.errors",
    "workbench.statistics", "workbench.metrics.measure", "workbench.intake.spec",
)  # fmt: skip
"""Modules that are handed numbers and words, never a table: the names in them are no columns."""

LOAD_CONST, EXTENDED_ARG = dis.opmap["LOAD_CONST"], dis.EXTENDED_ARG
CALL_KW = dis.opmap.get("CALL_KW", -1)
"""From Python 3.13 on the names of keyword arguments are loaded as a constant before this operation."""


@cache
def spoiled(table: str, column: str = "") -> tuple[str, ...]:
    """Return the codes of the diagnostics that read a column (or, without one, any column) of a table."""
    return tuple(
        declared.code
        for declared in CHECKS
        if any(t == table and column in ("", c) for t, c in columns_read(declared.code))
    )


@cache
def columns_read(code: str) -> frozenset[tuple[str, str]]:
    """Return the tables and columns that the diagnostic called `code` reads."""
    declared: Diagnostic = CHECKS.get(code)
    words = _words(declared.assess)
    tables = {*declared.needs, *declared.optional}
    if "dataset" in declared.reserved:
        tables |= words & set(table_specs())
    if "answers" in declared.reserved:
        tables.add("survey")
    return frozenset(
        (table, column.name)
        for table in tables
        for column in table_specs()[table].columns
        if column.name in words
    )


def _words(function: object) -> frozenset[str]:
    """Return every text in a function's code and in that of our functions which it calls."""
    seen: set[object] = set()
    found: set[str] = set()
    waiting = [function]
    while waiting:
        thing = waiting.pop()
        thing = getattr(thing, "__wrapped__", thing)
        if thing in seen or not isinstance(thing, FunctionType) or not _reads_tables(thing):
            continue
        seen.add(thing)
        texts, names = _own(thing.__code__)
        found |= texts
        for value in _named(thing, names):
            if isinstance(value, FunctionType) or hasattr(value, "__wrapped__"):
                waiting.append(value)
            elif isinstance(value, type) and value.__module__.startswith(OURS):
                waiting += [member for member in vars(value).values() if isinstance(member, FunctionType)]
                waiting += [member.fget for member in vars(value).values() if isinstance(member, property)]
            else:
                found |= set(_inside(value))
    return frozenset(found)


def _reads_tables(function: FunctionType) -> bool:
    module = str(function.__module__)
    return (module.startswith(OURS) or not module.startswith(("pandas", "numpy", "scipy"))) and not any(
        module == other or module.startswith(f"{other}.") for other in WORDS_ALONE
    )


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


@cache
def _own(code: CodeType) -> tuple[frozenset[str], frozenset[str]]:
    """Return the texts and the names in code and in what is defined inside of it."""
    texts: set[str] = set()
    names: set[str] = set()
    for inner in _codes(code):
        texts |= set(_texts(inner))
        names |= set(inner.co_names)
    return frozenset(texts), frozenset(names)


def _texts(code: CodeType) -> Iterator[str]:
    """Return the texts that code loads; names of keyword arguments are none.

    Read off the bytes: `dis` says much more of each instruction and takes ten times as long.
    """
    operations, high = code.co_code, 0
    for place in range(0, len(operations), 2):
        operation, argument = operations[place], operations[place + 1] | high
        high = argument << 8 if operation == EXTENDED_ARG else 0
        if operation == LOAD_CONST:
            after = operations[place + 2] if place + 2 < len(operations) else -1
            if after != CALL_KW:
                yield from _inside(code.co_consts[argument])


def _named(function: FunctionType, names: frozenset[str]) -> Iterator[object]:
    """Return what the names in a function stand for: globals, what is in a module of ours, closures, defaults."""
    for name in sorted(names):
        value = function.__globals__.get(name)
        if isinstance(value, ModuleType):
            if value.__name__.startswith(OURS):
                yield from (vars(value)[inner] for inner in sorted(names) if inner in vars(value))
        elif value is not None:
            yield value
    for cell in function.__closure__ or ():
        yield cell.cell_contents
    yield from (function.__kwdefaults__ or {}).values()
    yield from function.__defaults__ or ()


def _inside(value: object) -> Iterator[str]:
    """Return the texts in a constant, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _inside(key)
            yield from _inside(inner)
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _inside(inner)
