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
    """Return plain data of a scenario, all defaults written out, with changes made."""
    data = copy.deepcopy(data)
    for change in changes:
        words = change.path.split(".")
        targets = list(_walk(data, words[:-1], change, ""))
        for target, at in targets:
            _set(target, words[-1], at, change, words[-2] if len(words) > 1 else "")
    return data


def _walk(node: Any, words: list[str], change: Change, at: str) -> Iterator[tuple[Any, str]]:
    if not words:
        yield node, at
        return
    keys = list(node) if words[0] == "*" and isinstance(node, dict) else [words[0]]
    for key in keys:
        place = _place(node, key, at, change)
        if node[place] is None:
            raise CallError(f"{change.path}: {at}{key} is empty in this scenario; set {at}{key} as a whole")
        yield from _walk(node[place], words[1:], change, f"{at}{key}.")


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
