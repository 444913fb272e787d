"""What is changed in a what-if? One value at one path of a scenario, with the reason."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workbench.errors import CallError, UnknownName


@dataclass(frozen=True)
class Change:
    """One change to a scenario.

    Attributes
    ----------
    path : field names and names of things with dots between: "groups.a.agents",
        "queues.*.misroute" (every queue), "queues.sales.arrivals.per_hour.3" (the fourth interval).
    value : what stands there afterwards, as in the file.
    why : the reason, for the reader of the comparison.
    """

    path: str
    value: Any
    why: str = ""

    @classmethod
    def parse(cls, text: str) -> Change:
        """Read "path=value" as the command line gives it; the value is YAML."""
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        path, sign, value = text.partition("=")
        if not sign or not path.strip():
            raise CallError(f'"{text}" is not a change. Write path=value, as groups.a.agents=12')
        try:
            return cls(path.strip(), YAML(typ="safe", pure=True).load(value))
        except YAMLError:
            raise CallError(f'"{value}" in "{text}" is not a value. Write it as in the file') from None

    def __str__(self) -> str:
        """Write it as a reader would: "groups.a.agents = 12 (one more per shift)"."""
        return f"{self.path} = {self.value}{f' ({self.why})' if self.why else ''}"


OPEN = {
    "channels", "queues", "groups", "shifts", "curves", "trunks", "outages", "mix_shifts", "spikes",
    "complexity", "follow_ups", "skills", "people", "activities", "shrinkage",
    "levels",
}  # fmt: skip
"""Fields that hold things by name: a change may add one."""


def changed(data: dict[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """Return plain data of a scenario, all defaults written out, with changes made.

    A star stands for every name there; what a change behind a star does not find in one place it
    leaves alone there, and it must find it somewhere.
    """
    data = copy.deepcopy(data)
    for change in changes:
        *way, last = change.path.split(".")
        targets = list(_walk(data, way, change, "", "", starred=False))
        if not targets:
            raise CallError(f"{change.path}: there is nothing of this kind in the scenario to change")
        for target, at in targets:
            _set(target, last, at, change, way[-1] if way else "")
    return data


def _walk(
    node: Any, words: list[str], change: Change, at: str, parent: str, *, starred: bool
) -> Iterator[tuple[Any, str]]:
    """Yield what the words lead to, each with its own path."""
    if not words:
        yield node, at
        return
    word, rest = words[0], words[1:]
    if word == "*" and isinstance(node, dict):
        for key in node:
            yield from _walk(node, [key, *rest], change, at, parent, starred=True)
        return
    if starred and parent in OPEN and word not in node:
        return
    place = _place(node, word, at, change)
    if node[place] is not None:
        yield from _walk(node[place], rest, change, f"{at}{word}.", word, starred=starred)
    elif not starred:
        raise CallError(f"{change.path}: {at}{word} is empty in this scenario; set {at}{word} as a whole")


def _place(node: Any, word: str, at: str, change: Change) -> Any:
    if isinstance(node, list):
        if word.isdigit() and int(word) < len(node):
            return int(word)
        raise CallError(f"{change.path}: {at[:-1]} has items 0 to {len(node) - 1}, not {word}")
    if not isinstance(node, dict):
        raise CallError(f"{change.path}: {at[:-1]} is {node!r} and has nothing inside")
    if word not in node:
        raise UnknownName("path", f"{at}{word}", [f"{at}{key}" for key in node])
    return word


def _set(target: Any, word: str, at: str, change: Change, parent: str) -> None:
    value = copy.deepcopy(change.value)
    if word == "*" and isinstance(target, dict):
        for key in target:
            target[key] = value
    elif isinstance(target, dict) and word not in target and parent in OPEN:
        if not isinstance(value, dict) and parent != "skills":
            raise UnknownName("path", f"{at}{word}", [f"{at}{key}" for key in target])
        target[word] = value
    else:
        target[_place(target, word, at, change)] = value
