"""Which notebook is the template, what does it take, and can it run at all?

Everything that can be wrong with a template is said once, before the first report of a batch starts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from workbench import resources
from workbench.errors import CallError, suggestion
from workbench.reports import parameters
from workbench.reports.outdir import OWN
from workbench.reports.report import template_hash


@dataclass(frozen=True)
class Template:
    """A report template: where it is, what it is called, and its cells."""

    path: Path
    name: str
    notebook: NotebookNode
    text: str = ""
    """The file, as it travels to another machine."""
    like: str = ""
    """The template of the package that its metadata names, whose parameters it takes; empty: its own name."""

    @cached_property
    def takes(self) -> tuple[str, ...]:
        """The names in its parameters cell."""
        return tuple(self.defaults)

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """What its parameters cell says of each name; None where that is no plain value."""
        cell = _parameters_cell(self.notebook)
        assert cell is not None
        found: dict[str, Any] = {}
        for statement in ast.parse(cell.source).body:
            if isinstance(statement, ast.AnnAssign):
                targets: list[ast.expr] = [statement.target]
            elif isinstance(statement, ast.Assign):
                targets = statement.targets
            else:
                continue
            for target in targets:
                if isinstance(target, ast.Name):
                    found[target.id] = _literal(statement.value)
        return found

    @cached_property
    def hash(self) -> str:
        """SHA-256 over its cells."""
        return template_hash(self.notebook)

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return what to run it with, validated.

        Raises
        ------
        CallError
            naming every parameter that it does not take, and every value that is not accepted.
        """
        like = self.like or self.name
        model = parameters.MODELS.get(like)
        known = model.model_fields if model else {}
        mine = {name: value for name, value in given.items() if name in self.takes and name not in known}
        others = {name: value for name, value in given.items() if name not in mine}
        mistakes = parameters.mistakes(like, others)
        mistakes += [
            line
            for name, value in mine.items()
            for line in parameters.unlike(name, value, self.defaults[name])
        ]
        mistakes += [
            f'  There is no parameter called "{name}". {suggestion(name, self.takes)}'
            for name in others
            if name not in self.takes and (model is None or name in known)
        ]
        if mistakes:
            raise CallError("\n".join([f"{self.name} cannot be run with these parameters:", *mistakes]))
        if model is None:
            return dict(given)
        checked = model(**others).model_dump(mode="json")
        return {name: value for name, value in checked.items() if name in self.takes} | mine


def load(name: str) -> Template:
    """Return the template called `name`, or the one at that path, which is called after its file.

    Raises
    ------
    UnknownName
        if there is no such template, with the nearest.
    CallError
        if it is no notebook, lacks its parameters cell, or holds a cell that is not Python.
    """
    path = Path(name)
    if name.endswith(".ipynb") and not path.is_file() and path.stem not in names():
        raise CallError(
            f'There is no notebook "{name}". Name one that is there, or a template of this package: '
            f"{', '.join(names())}."
        )
    if not (name.endswith(".ipynb") and path.is_file()):
        path = resources.template(name)
    return replace(_read(path), name=name_of(path))


def name_of(path: Path) -> str:
    """Return what the template at `path` is called, and its reports with it: as its file, a blank as _.

    Raises
    ------
    CallError
        if no file can be called so everywhere.
    """
    called = "_".join(path.stem.split())
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", called):
        raise CallError(
            f'{path}: "{called[:80]}" cannot be the name of a template, because files are called after it. '
            "Use letters, digits, - and _."
        )
    return called


def called(asked: str) -> str:
    """Return the name of the template that a command was given, by name or as a notebook, which need not be there.

    Raises
    ------
    CallError
        if it is a notebook that no report can be called after.
    """
    if asked.endswith(".ipynb") or Path(asked).name != asked:
        return name_of(Path(asked))
    return asked


def load_own(path: Path, name: str) -> Template:
    """Return a client's own notebook in place of the template called `name`.

    Raises
    ------
    CallError
        as `load`, and if it takes no client.
    """
    template = replace(_read(path), name=name)
    if "client" not in template.takes:
        raise CallError(f'{path}: its parameters cell has no client. Add: client: str = ""')
    return template


def _read(path: Path) -> Template:
    try:
        text = path.read_text(encoding="utf-8-sig")
        notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    except Exception:
        raise CallError(f"{path} is not a notebook. Open it in JupyterLab and save it again.") from None
    if _parameters_cell(notebook) is None:
        raise CallError(
            f'{path} has no cell tagged "parameters". Tag the cell that holds its settings: '
            "client, period, audience and what else it takes."
        )
    _refuse_broken(path, notebook)
    like = str(notebook.metadata.get("workbench", {}).get("template", ""))
    return Template(path.resolve(), path.stem, notebook, text, like if like in parameters.MODELS else "")


def kept(out: Path, name: str, hash: str) -> Path:
    """Return where a run into `out` keeps a template that is not of this package: its reports can be made again."""
    return out / OWN / "templates" / hash[:16] / f"{name}.ipynb"


def shipped(name: str, hash: str) -> bool:
    """Say whether the template called `name` with that hash is one of this package."""
    return name in names() and load(name).hash == hash


def names() -> tuple[str, ...]:
    """Return the templates that come with the package."""
    return tuple(path.stem for path in sorted(resources.folder("templates").glob("*.ipynb")))


def _literal(value: ast.expr | None) -> Any:
    try:
        return None if value is None else ast.literal_eval(value)
    except ValueError:
        return None


def _parameters_cell(notebook: NotebookNode) -> NotebookNode | None:
    tagged = (c for c in notebook.cells if "parameters" in c.metadata.get("tags", ()))
    return next(tagged, None)


def _refuse_broken(path: Path, notebook: NotebookNode) -> None:
    from IPython.core.inputtransformer2 import TransformerManager

    to_python = TransformerManager().transform_cell  # type: ignore[no-untyped-call]
    for place, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        try:
            ast.parse(to_python(cell.source))
        except SyntaxError as error:
            raise CallError(
                f"{path}, cell {place}, line {error.lineno}: this is not Python ({error.msg}). Mend the cell."
            ) from None
