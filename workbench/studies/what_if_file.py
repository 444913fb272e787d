"""What does a what-if file say, and what is wrong with it? Named variants of a base that it is bound to.

The file holds the hash of its base (`locked`). A base that has changed since is refused, so that nobody
compares with something else than was agreed; `--lock` binds the file anew.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from workbench.errors import CallError, ScenarioError, UnknownName
from workbench.metrics.service_level import FORMULAS
from workbench.resources import folder, scenario_file
from workbench.sim.change import Change
from workbench.sim.mistakes import all_problems, read_yaml
from workbench.sim.parts import Part
from workbench.sim.scenario import Scenario
from workbench.studies.what_if import Variant, fingerprint, pulled, variant


class ChangeText(Part):
    """One value at one path of the scenario."""

    path: str
    """As groups.team.agents."""
    value: Any
    """What stands there afterwards."""
    why: str = ""
    """The reason, for the reader."""


class VariantText(Part):
    """One what-if: levers first, in turn, then single changes."""

    why: str = ""
    """The reason, for the reader."""
    levers: tuple[str, ...] = ()
    """NAME=VALUE, as shrinkage=+0.05; with a sign it counts from today."""
    changes: tuple[ChangeText | str, ...] = ()
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
    seed: int = 1
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
    text: WhatIfText | None = None
    problems: list[str] = []
    try:
        text = WhatIfText.model_validate(data)
    except ValidationError:
        problems = all_problems(WhatIfText, data)
    base, of_base = _base(path, data.get("baseline"))
    problems += of_base
    variants: list[Variant] = []
    if base is not None:
        for name, written in _variants(data).items():
            made, wrong = _made(base, name, written)
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


def _variants(data: dict[str, Any]) -> dict[str, VariantText]:
    """Return the variants that are well formed; the others are told by the form."""
    found = {}
    written = data.get("variants")
    for name, value in written.items() if isinstance(written, dict) else ():
        try:
            found[str(name)] = VariantText.model_validate(value if value is not None else {})
        except ValidationError:
            continue
    return found


def _made(base: Scenario, name: str, written: VariantText) -> tuple[Variant | None, list[str]]:
    """Return a variant, or everything that is wrong with it: each mistake is left out and the rest looked at."""
    scenario, problems = base, list[str]()
    for i, text in enumerate(written.levers):
        try:
            those, _ = pulled(scenario, text)
            scenario = scenario.with_(those) if those else scenario
        except CallError as error:
            problems += _told(f"variants.{name}.levers.{i}", error)
    changes: list[Change] = []
    for i, change_text in enumerate(written.changes):
        try:
            change = _change(change_text)
            scenario = scenario.with_(change)
            changes.append(change)
        except CallError as error:
            problems += _told(f"variants.{name}.changes.{i}", error)
    if problems:
        return None, problems
    return variant(base, name, written.levers, changes, written.why), []


def _told(at: str, error: CallError) -> list[str]:
    own = error.problems if isinstance(error, ScenarioError) else (str(error),)
    return [f"{at}: {problem}" for problem in own]


def _change(text: ChangeText | str) -> Change:
    return Change.parse(text) if isinstance(text, str) else Change(text.path, text.value, text.why)


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
