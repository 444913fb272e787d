"""Where does a what-if go when it is saved, and how does it come back? As `workbench what-if` reads it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import CallError, UnknownName, WorkbenchError
from workbench.resources import folder as shipped
from workbench.sim.change import Change
from workbench.sim.mistakes import read_yaml
from workbench.sim.scenario import Scenario
from workbench.studies.lever import LEVERS
from workbench.studies.sheets import write_whole
from workbench.studies.what_if import fingerprint, variant
from workbench.studies.what_if_file import is_what_if, read_what_if

_NAME = re.compile(r"[^\W_][\w .,+%-]{0,60}", re.UNICODE)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def save(
    folder: Path,
    name: str,
    base: Scenario,
    levers: Sequence[str],
    changes: Sequence[Change] = (),
    *,
    replications: int = 20,
    seed: int = 1,
    own: bool = False,
) -> Path:
    """Write a what-if as a file of its own, bound to its base.

    The base is named where it comes along; else it is written beside.

    Parameters
    ----------
    own : the file may be written over, because whoever saves wrote or read it.

    Raises
    ------
    CallError
        if nothing is moved, the name cannot be a file's, or another file has it.
    """
    from ruamel.yaml import YAML

    stem = stem_of(name)
    if not levers and not changes:
        raise CallError("Nothing is moved yet, so there is nothing to save. Move a slider first.")
    path = folder / f"{stem}.yaml"
    if path.exists() and not own:
        raise CallError(
            f"{path.name} is there already. Save under another name, or load it first to write over it."
        )
    folder.mkdir(parents=True, exist_ok=True)
    data = {
        "format": 1,
        "name": stem,
        "baseline": _baseline(folder, base),
        "locked": fingerprint(base),
        "replications": replications,
        "seed": seed,
        "variants": {
            stem: {
                "levers": list(levers),
                "changes": [{"path": c.path, "value": c.value, "why": c.why} for c in changes],
            }
        },
    }
    yaml, out = YAML(), io.StringIO()
    yaml.width = 4096
    yaml.dump(data, out)
    write_whole(path, out.getvalue().encode())
    return path


@dataclass(frozen=True)
class Kept:
    """One what-if in a file: levers as they are written, and changes for which there is no lever."""

    levers: tuple[str, ...]
    changes: tuple[Change, ...]


def found(folder: Path) -> list[tuple[str, Path, str]]:
    """Return the what-ifs of a folder by file: what to call it, the file, and the name in it."""
    paths = [path for path in sorted(folder.glob("*.yaml")) if is_what_if(path)] if folder.is_dir() else []
    return [
        (path.stem if name == path.stem else f"{path.stem}: {name}", path, name)
        for path in paths
        for name in _names(path)
    ]


def _names(path: Path) -> list[str]:
    data, _ = read_yaml(path)
    variants = data.get("variants") if isinstance(data, dict) else None
    return [str(name) for name in variants] if isinstance(variants, dict) else []


def load(path: Path, name: str, base: Scenario) -> Kept:
    """Return a what-if of a file.

    Raises
    ------
    ScenarioError
        for mistakes in the file.
    CallError
        if it is one of another scenario.
    UnknownName
        if the file has none of that name any more.
    """
    read = read_what_if(path)
    if fingerprint(read.base) != fingerprint(base):
        raise CallError(
            f"{path.name} belongs to {read.base.name}, not to {base.name}. Open the panel for that one."
        )
    known = {one.name: one for one in read.variants}
    if name not in known:
        raise UnknownName("what-if", name, known)
    wanted = known[name]
    by_levers = len(variant(base, name, wanted.levers).changes)
    return Kept(wanted.levers, wanted.changes[by_levers:])


def value_of(base: Scenario, written: str) -> tuple[str, float]:
    """Return the slider, and the value it is put to, of a lever as it is written: "shrinkage:sick=+0.05".

    Raises
    ------
    UnknownName, CallError
        for a lever, a thing or a value that does not exist.
    """
    name, _, value = written.partition("=")
    lever, _, only = (part.strip() for part in name.partition(":"))
    return (f"{lever}:{only}" if only else lever), LEVERS.get(lever).at(base, value, only)


def stem_of(name: str) -> str:
    """Return the name of a file, without its ending.

    Raises
    ------
    CallError
        if it cannot be one, or would lead elsewhere.
    """
    stem = name.strip().removesuffix(".yaml").strip(" .")
    if not _NAME.fullmatch(stem) or _RESERVED.fullmatch(stem):
        raise CallError(
            f'"{name}" cannot be the name of a file. Use letters, digits, spaces and - , at most 60.'
        )
    return stem


def _baseline(folder: Path, base: Scenario) -> str:
    """Return what a file calls its base; writes the base beside if it does not come along."""
    own = fingerprint(base)
    along = shipped("templates") / "scenarios" / f"{base.name}.yaml"
    if along.is_file() and _fingerprint_of(along) == own:
        return base.name
    file = folder / f"base {own}.yaml"
    if not file.exists():
        base.to_yaml(file)
    return file.name


def _fingerprint_of(path: Path) -> str:
    try:
        return fingerprint(Scenario.from_yaml(path))
    except WorkbenchError:
        return ""
