"""What does a YAML file of our own making say, in which format, and what is wrong with it?

Every such file carries ``format: 1``. A newer format is refused; an older one is migrated step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from workbench.errors import DataError, suggestion

Migration = Callable[[dict[str, Any]], dict[str, Any]]
Model = TypeVar("Model", bound=BaseModel)

NEWEST = 1


class Entries(list[Any]):
    """A list in a YAML file, with the line of each entry, from 1; no lines where it was made here."""

    lines: Sequence[int] = ()


def load_yaml(
    path: Path,
    what: str,
    migrations: Mapping[int, Migration] | None = None,
    newest: int = NEWEST,
    *,
    to_write: bool = False,
) -> dict[str, Any]:
    """Return the content of a file, brought up to the newest format.

    Parameters
    ----------
    path : the file.
    what : what it is, for a message: "a client", "answers".
    migrations : for each older format, what turns its content into the next.
    newest : the format that this workbench writes.
    to_write : whether the content will be written back, so that comments and layout have to be kept; this
        takes four times as long.

    Raises
    ------
    DataError
        if it is not readable YAML with names and values, or of a format that cannot be read.
    """
    from ruamel.yaml.error import YAMLError

    if path.is_dir():
        raise DataError(f"{path.name}: is a folder where a file should be. Take it away or rename it.")
    try:
        content = yaml_of(path.read_text(encoding="utf-8-sig"), to_write)
    except OSError as error:
        raise DataError(f"{path.name}: cannot be opened ({error.strerror}). Close it elsewhere.") from None
    except UnicodeDecodeError:
        raise DataError(f"{path.name}: is not UTF-8 text. Save it as UTF-8.") from None
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = f" line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise DataError(f"{path.name}{line}: is not YAML ({problem}). Mind indentation and colons.") from None
    if content is None:
        raise DataError(f"{path.name}: is empty. It has to say {what}, beginning with format: {newest}.")
    if not isinstance(content, dict):
        raise DataError(
            f"{path.name}: has to say {what} as names with values, beginning with format: {newest}."
        )
    return _migrated(content, path.name, migrations or {}, newest)


def yaml_of(text: str, to_write: bool = False) -> Any:
    """Return what a text in YAML says; lists are `Entries` that know their lines unless it is `to_write`.

    Raises
    ------
    YAMLError
        if it is not YAML.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if to_write:
        return YAML(typ="rt", pure=True).load(text)
    fast, patient = YAML(typ="safe"), YAML(typ="safe", pure=True)
    fast.Constructor = patient.Constructor = _constructor()
    try:
        return fast.load(text)
    except YAMLError:
        return patient.load(text)  # it accepts {at: 08:30}, and words a mistake better


@cache
def _constructor() -> type:
    from ruamel.yaml.constructor import SafeConstructor

    class Constructor(SafeConstructor):
        def entries(self, node: Any) -> Iterator[Entries]:
            entries = Entries()
            yield entries
            entries.extend(self.construct_sequence(node))
            entries.lines = [entry.start_mark.line + 1 for entry in node.value]

    Constructor.add_constructor("tag:yaml.org,2002:seq", Constructor.entries)
    return Constructor


def _migrated(
    content: dict[str, Any], file: str, migrations: Mapping[int, Migration], newest: int
) -> dict[str, Any]:
    version = content.get("format", newest)
    if isinstance(version, bool) or not isinstance(version, int):
        raise DataError(f'{file}, format: "{version}" is not a number. Write format: {newest}.')
    if version > newest:
        raise DataError(
            f"{file}: format {version} is newer than this workbench reads ({newest}). Update the workbench."
        )
    while version < newest:
        if version not in migrations:
            raise DataError(f"{file}: format {version} is unknown. Accepted: {newest}.")
        content = {**migrations[version](content), "format": version + 1}
        version += 1
    return content


def parsed(model: type[Model], content: Mapping[str, Any], file: str) -> tuple[Model | None, list[str]]:
    """Return what `content` says as a `model`, or None and a sentence on every mistake in it."""
    try:
        return model.model_validate(plain(content)), []
    except ValidationError as error:
        return None, [_sentence(model, dict(problem), file) for problem in error.errors()]


def plain(value: Any) -> Any:
    """Return YAML's own containers and scalars as Python's; days and times as ISO text."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value


def _sentence(model: type[BaseModel], problem: dict[str, Any], file: str) -> str:
    place: Sequence[str | int] = problem["loc"]
    where = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    came = problem.get("input")
    shown = f'"{came}"' if isinstance(came, (str, int, float)) else "what stands there"
    limits = problem.get("ctx", {})
    match problem["type"]:
        case "extra_forbidden":
            return f"{file}: nobody knows {where}. {suggestion(str(place[-1]), _fields(model, place))}"
        case "missing":
            return f"{file}: {where} is missing. Add it."
        case "literal_error":
            return f"{file}, {where}: {shown} is not accepted. Write {limits.get('expected')}."
        case "value_error":
            return f"{file}, {where}: {limits.get('error')}."
        case "string_pattern_mismatch":
            return f"{file}, {where}: {shown} is not a currency. Write three capital letters, as in EUR."
        case kind if kind.startswith(("greater_than", "less_than")):
            return f"{file}, {where}: {shown} is out of bounds. {_message(problem)}."
        case _:
            return f"{file}, {where}: {shown} is not accepted. {_message(problem)}."


def _message(problem: dict[str, Any]) -> str:
    return str(problem["msg"]).removeprefix("Value error, ").replace("Input should be", "Accepted:")


def _fields(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    for part in place[:-1]:
        if isinstance(part, int):
            continue
        field = model.model_fields.get(part)
        kinds = getattr(field.annotation, "__args__", ()) if field is not None else ()
        inner = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if inner:
            model = inner[0]
    return list(model.model_fields)
