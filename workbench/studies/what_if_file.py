"""What does a what-if file say, and what is wrong with it? Named variants of a base that it is bound to.

The file holds the hash of its base (`locked`). A base that has changed since is refused, so that nobody
compares with something else than was agreed; `--lock` binds the file anew.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from workbench.errors import CallError, ScenarioError, UnknownName
from workbench.metrics.service_level import FORMULAS
from workbench.resources import folder, scenario_file
from workbench.sim.change import Change
from workbench.sim.mistakes import read_as, read_yaml
from workbench.sim.parts import Part
from workbench.sim.scenario import Scenario
from workbench.studies.lever import levers_in
from workbench.studies.what_if import Variant, fingerprint, pulled, variant


class ChangeText(Part):
    """One value at one path of the scenario; "path=value" says the same."""

    path: str
    """As groups.team.agents."""
    value: Any
    """What stands there afterwards."""
    why: str = ""
    """The reason, for the reader."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        try:
            change = Change.parse(data)
        except CallError as error:
            raise ValueError(str(error).removesuffix(".")) from None
        return {"path": change.path, "value": change.value}


class VariantText(Part):
    """One what-if: levers first, in turn, then single changes."""

    why: str = ""
    """The reason, for the reader."""
    levers: tuple[str, ...] = ()
    """NAME=VALUE, as shrinkage=+0.05; with a sign it counts from today."""
    changes: tuple[ChangeText, ...] = ()
    """path, value and why; or "path=value"."""


class WhatIfText(Part):
    """Named variants of a base."""

    format: Literal[1] = 1
    """Of this file; a newer one is refused."""
    name: str = ""
    """What tables call it."""
    note: str = ""
    """For the reader."""
    baseline: str
    """A scenario file, seen from this file; or the name of one that comes along."""
    locked: str = ""
    """Hash of the base; `workbench what-if FILE --lock` writes it."""
    replications: int = Field(20, ge=2, le=100_000)
    """Pairs."""
    seed: int = Field(1, ge=0)
    """The same seed gives the same figures."""
    formula: str = ""
    """Of the service level, V1 to V5; empty: the contract's, else V2."""
    variants: dict[str, VariantText] = Field(min_length=1)
    """By name."""


@dataclass(frozen=True)
class WhatIfFile:
    """A what-if file with its base and variants, ready to run."""

    path: Path
    text: WhatIfText
    base: Scenario
    variants: tuple[Variant, ...]

    @property
    def lock(self) -> str:
        """The hash to which the file is bound; "" if it is not."""
        return self.text.locked


def what_if_file(name: str | Path) -> Path:
    """Return a what-if file: the path itself, or one that comes along ("sickness").

    Raises
    ------
    UnknownName
        if there is neither.
    """
    path = Path(name)
    if path.is_file():
        return path
    known = {file.stem: file for file in sorted((folder("templates") / "whatif").glob("*.yaml"))}
    if str(name) not in known:
        raise UnknownName("what-if file", str(name), known)
    return known[str(name)]


def base_file(name: str | Path) -> Path:
    """Return the scenario of which something is asked.

    Raises
    ------
    UnknownName
        if there is no scenario of that name, nor a what-if file, nor any file.
    """
    try:
        return scenario_file(name)
    except UnknownName as error:
        known = [file.stem for file in (folder("templates") / "whatif").glob("*.yaml")]
        raise UnknownName("what-if file or scenario", str(name), [*known, *error.known]) from None


def is_what_if(name: str | Path) -> bool:
    """Whether something is a what-if file, or the name of one, and not a scenario."""
    try:
        path = what_if_file(name)
    except UnknownName:
        return False
    try:
        data, _ = read_yaml(path)
    except ScenarioError:
        return False
    return isinstance(data, dict) and ("variants" in data or "baseline" in data)


def read_what_if(path: Path, *, locking: bool = False) -> WhatIfFile:
    """Read a what-if file.

    Parameters
    ----------
    locking : the file is about to be bound anew, so that another base is no mistake.

    Raises
    ------
    ScenarioError
        with every mistake at once: of form, of the base, of every variant, and a base that changed.
    """
    data, where = read_yaml(path)
    if not isinstance(data, dict):
        raise ScenarioError(
            ["a what-if is written as fields with their values, beginning with baseline"], where
        )
    text, problems = read_as(WhatIfText, data)
    base, of_base = _base(path, data.get("baseline"))
    problems += of_base
    variants: list[Variant] = []
    if base is not None:
        for name, written in _variants(data).items():
            made, wrong = asked(base, name, *_well_formed(written), _why(written), f"variants.{name}.")
            problems += wrong
            if made is not None:
                variants.append(made)
        own, locked = fingerprint(base), data.get("locked", "")
        if locked and locked != own and not locking:
            problems.append(
                f'locked: {data["baseline"]} has changed since this file was bound to it ("{locked}" then, "{own}" '
                "now). Look at what changed, then bind it anew with --lock"
            )
    formula = data.get("formula") or ""
    if isinstance(formula, str) and formula and formula not in FORMULAS:
        problems.append(f"formula: {UnknownName('service level formula', formula, FORMULAS)}")
    if problems or text is None or base is None:
        raise ScenarioError(list(dict.fromkeys(problems)), where)
    return WhatIfFile(path, text, base, tuple(variants))


def _base(path: Path, named: object) -> tuple[Scenario | None, list[str]]:
    """Return the base, or what is wrong with it."""
    if not isinstance(named, str) or not named:
        return None, []  # the form is already told to be wrong
    beside = path.parent / named
    try:
        return Scenario.from_yaml(beside if beside.is_file() else scenario_file(named)), []
    except UnknownName as error:
        return None, [f"baseline: {error}"]
    except ScenarioError as error:
        return None, [f"baseline {named}: {problem}" for problem in error.problems]


def _variants(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the variants as they are written; what is none is told by the form."""
    written = data.get("variants")
    found = (
        {str(n): v if v is not None else {} for n, v in written.items()} if isinstance(written, dict) else {}
    )
    return {name: value for name, value in found.items() if isinstance(value, dict)}


def _why(written: dict[str, Any]) -> str:
    why = written.get("why", "")
    return why if isinstance(why, str) else ""


def _well_formed(written: dict[str, Any]) -> tuple[dict[str, str], dict[str, Change]]:
    """Return the levers and changes that can be read, by where they stand; the form tells the others."""
    levers, changes = (
        x if isinstance(x := written.get(field), list) else [] for field in ("levers", "changes")
    )
    read: dict[str, Change] = {}
    for i, text in enumerate(changes):
        try:
            change = ChangeText.model_validate(text)
        except ValidationError:
            continue
        read[f"changes.{i}"] = Change(change.path, change.value, change.why)
    return {f"levers.{i}": text for i, text in enumerate(levers) if isinstance(text, str)}, read


def asked(
    base: Scenario,
    name: str,
    levers: Mapping[str, str],
    changes: Mapping[str, Change],
    why: str = "",
    at: str = "",
) -> tuple[Variant | None, list[str]]:
    """Return a variant, or everything that is wrong with it: each mistake is left out and the rest looked at.

    Parameters
    ----------
    levers, changes : by where they stand, which begins a sentence about them, with `at` before it.
    """
    scenario, problems = base, list[str]()
    for place, text in levers.items():
        try:
            those, _ = pulled(scenario, text)
            scenario = scenario.with_(those) if those else scenario
        except CallError as error:
            problems += _told(at + place, error)
    for place, change in changes.items():
        try:
            scenario = scenario.with_(change)
        except CallError as error:
            problems += _told(at + place, error)
    if problems:
        return None, problems
    return variant(base, name, list(levers.values()), list(changes.values()), why), []


def from_call(
    base: Scenario, levers: Sequence[str], changes: Sequence[str], separately: bool
) -> list[Variant]:
    """Return the variants that a command line asks for: all in one, or each in one of its own.

    Raises
    ------
    ScenarioError
        with every mistake in them.
    """
    texts = {f"--lever {text}": text for text in levers_in(levers)}
    read: dict[str, Change] = {}
    problems: list[str] = []
    for text in changes:
        try:
            read[f"--change {text}"] = Change.parse(text)
        except CallError as error:
            problems += _told(f"--change {text}", error)
    parts: list[tuple[str, dict[str, str], dict[str, Change]]]
    if separately:
        parts = [(text, {place: text}, {}) for place, text in texts.items()]
        parts += [(str(change), {}, {place: change}) for place, change in read.items()]
    else:
        parts = [("changed", texts, read)]
    made = []
    for name, own, single in parts:
        one, wrong = asked(base, name, own, single)
        problems += wrong
        made += [one] if one is not None else []
    if problems:
        raise ScenarioError(problems, "what is asked")
    return made


def _told(at: str, error: CallError) -> list[str]:
    own = error.problems if isinstance(error, ScenarioError) else (str(error),)
    return [f"{at}: {problem}" for problem in own]


def lock(path: Path) -> str:
    """Bind a what-if file to its base as it is now; return the hash. Comments stay.

    Raises
    ------
    ScenarioError
        if the file has mistakes other than a base that changed.
    """
    from ruamel.yaml import YAML

    from workbench.studies.sheets import write_whole

    read = read_what_if(path, locking=True)
    own = fingerprint(read.base)
    text = path.read_text(encoding="utf-8")
    yaml = YAML()
    yaml.width, yaml.preserve_quotes = 4096, True
    data = yaml.load(text)
    if "locked" in data:
        data["locked"] = own
    else:
        data.insert(list(data).index("baseline") + 1, "locked", own)
    out = io.StringIO()
    yaml.dump(data, out)
    write_whole(path, out.getvalue().encode())
    return own
