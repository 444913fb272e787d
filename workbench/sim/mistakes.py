"""How does somebody who wrote a scenario learn of every mistake in it at once?"""

from __future__ import annotations

import copy
import io
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from workbench.errors import ScenarioError, suggestion

Model = TypeVar("Model", bound=BaseModel)

_REMEDIES = {
    "missing": "This is needed and missing. Add it",
    "greater_than_equal": "Write a number of at least {ge}",
    "greater_than": "Write a number above {gt}",
    "less_than_equal": "Write a number of at most {le}",
    "less_than": "Write a number below {lt}",
    "finite_number": "Write an ordinary number",
    "float_parsing": "Write a number",
    "float_type": "Write a number",
    "int_parsing": "Write a whole number",
    "int_type": "Write a whole number",
    "int_from_float": "Write a whole number",
    "bool_parsing": "Write true or false",
    "string_type": "Write a text",
    "literal_error": "Write one of {expected}",
    "model_type": "Write fields with their values here",
    "dict_type": "Write names with their values here",
    "tuple_type": "Write a list here",
    "too_short": "Name at least one",
}


def read_yaml(source: str | Path) -> tuple[object, str]:
    """Return plain data and where they come from; `source` is a path, or text with line ends."""
    if isinstance(source, str) and "\n" in source:
        text, where = source, "scenario"
    else:
        path = Path(source)
        where = str(path)
        try:
            text = _of_workbook(path) if path.suffix.lower() == ".xlsx" else path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text in UTF-8"
            raise ScenarioError([f"the file cannot be read: {reason}"], where) from None
    try:
        return YAML(typ="safe", pure=True).load(text), where
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark is not None else ""
        problem = getattr(error, "problem", None) or "cannot be read"
        raise ScenarioError([f"{line}this is not YAML: {problem}"], where) from None


WORKBOOK_SHEET = "scenario"
"""The sheet of an Excel workbook whose first column holds a scenario, line by line, below a title and a head."""


def _of_workbook(path: Path) -> str:
    """Return the text of a scenario from the sheet of a workbook that holds it."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError):
        raise ScenarioError(["this is no Excel workbook"], str(path)) from None
    try:
        if WORKBOOK_SHEET not in book.sheetnames:
            shown = ", ".join(book.sheetnames)
            problem = (
                f'there is no sheet "{WORKBOOK_SHEET}" but {shown}. Write one with workbench calibrate --out'
            )
            raise ScenarioError([problem], str(path))
        cells = [row[0] for row in book[WORKBOOK_SHEET].iter_rows(max_col=1, values_only=True)]
    finally:
        book.close()
    lines = ["" if cell is None else str(cell) for cell in cells]
    first = next((i for i, line in enumerate(lines) if line.startswith("format:")), 0)
    return "\n".join(lines[first:])


def write_yaml(data: dict[str, Any], path: str | Path | None) -> str:
    """Return data as YAML text, numbers of a list on one line; also write it to `path`."""
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 100
    text = io.StringIO()
    yaml.dump(data, text)
    if path is not None:
        Path(path).write_text(text.getvalue(), encoding="utf-8", newline="\n")
    return text.getvalue()


def read_as(model: type[Model], data: object) -> tuple[Model | None, list[str]]:
    """Return data as a model of it, or None with what is wrong, so that other mistakes can be told beside."""
    try:
        return model.model_validate(data), []
    except ValidationError:
        return None, all_problems(model, data)


def all_problems(model: type[BaseModel], data: object) -> list[str]:
    """Return what is wrong with data, as sentences with a path.

    A field that is refused is left out and the rest is looked at again, so that what does not fit
    together is told at the same time as what is written wrongly. In the place of a time that is
    refused stands a day, and whether the rest fits its length is not judged. What is missing only
    because it was left out is not told.
    """
    if not isinstance(data, dict):
        return ["a scenario is written as fields with their values, beginning with time and queues"]
    data = copy.deepcopy(data)
    found: list[str] = []
    left_out: set[tuple[int | str, ...]] = set()
    horizon_known = True
    for _ in range(20):
        try:
            model.model_validate(data, context={"horizon_known": horizon_known})
        except ScenarioError as error:
            return found + [p for p in error.problems if not _known(p, found)]
        except ValidationError as error:
            details = error.errors(include_url=False)
            own = [d for d in details if not _follows(d, left_out)]
            found += [_sentence(model, data, detail) for detail in own]
            removed = {_remove(data, detail["loc"]) for detail in details} - {()}
            left_out |= removed
            if any(d["loc"][:1] == ("time",) and d["type"] != "extra_forbidden" for d in own):
                data["time"], horizon_known = {"days": 1}, False
            elif not removed:
                break
        else:
            break
    return list(dict.fromkeys(found))


def _follows(detail: Any, left_out: set[tuple[int | str, ...]]) -> bool:
    """Whether something is missing, or a list too short, only because of what was left out."""
    loc = detail["loc"]
    if detail["type"] == "missing":
        return loc in left_out
    return detail["type"] == "too_short" and any(out[: len(loc)] == loc for out in left_out)


def _known(problem: str, found: list[str]) -> bool:
    """Whether a problem is of a part that is already told to be wrong."""
    path = problem.split(":")[0]
    return any(path.startswith(f.split(":")[0]) or f.startswith(path + ".") for f in found)


def _path(data: Any, loc: tuple[int | str, ...]) -> str:
    """Return a path as the writer knows it: one value for all intervals has no number."""
    words: list[str] = []
    for word in loc:
        if isinstance(word, int) and not isinstance(data, list | tuple):
            break
        words.append(str(word))
        data = data.get(word) if isinstance(data, dict) else data[word] if data else None
    return ".".join(words) or "scenario"


def _sentence(model: type[BaseModel], data: Any, detail: Any) -> str:
    kind, path = detail["type"], _path(data, detail["loc"])
    if kind == "extra_forbidden":
        word = str(detail["loc"][-1])
        known = _fields(model, detail["loc"][:-1])
        return f"{path}: there is no such field. {suggestion(word, known)}"
    if kind == "value_error":
        return f"{path}: {detail['ctx']['error']}."
    if kind == "missing":
        return f"{path}: this is needed and missing. Add it."
    came = detail["input"]
    shown = f'"{came}"' if isinstance(came, str) else repr(came)
    if isinstance(came, dict | list | tuple) and len(shown) > 60:
        shown = "what came"
    remedy = _REMEDIES.get(kind, detail["msg"]).format(**detail.get("ctx", {}))
    return f"{path}: {shown} is not accepted. {remedy}{_as_share(detail)}."


def _as_share(detail: Any) -> str:
    """Return how a number that was meant in percent is written as a share; "" if it was not."""
    came, limits = detail["input"], detail.get("ctx", {})
    if limits.get("le", limits.get("lt")) != 1 or isinstance(came, bool) or not isinstance(came, int | float):
        return ""
    return f"; {came:g} % is {came / 100:g}" if 2 <= came < 100 else ""


def _fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the fields of the part at `loc`."""
    kind: Any = model
    for word in loc:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[str(word)].annotation
        else:
            parts = [a for a in get_args(kind) if a is not Ellipsis]
            if not parts:
                return []
            kind = parts[-1]
        options = [a for a in get_args(kind) if isinstance(a, type) and issubclass(a, BaseModel)]
        if type(None) in get_args(kind):
            named = [a for a in get_args(kind) if a is not type(None)]
            kind = options[0] if options else named[0]
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def _remove(data: Any, loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Take out what is refused at `loc`, or the nearest thing around it; return where it was, or ()."""
    chain = [data]
    for word in loc:
        node = chain[-1]
        try:
            chain.append(node[word])
        except (KeyError, IndexError, TypeError):
            break
    for depth in range(len(chain) - 2, -1, -1):
        node, word = chain[depth], loc[depth]
        if isinstance(node, dict) and word in node:
            del node[word]
            return loc[: depth + 1]
    return ()
