"""Where are templates/, notebooks/ and data/example/, in a checkout or in an installed wheel?"""

from __future__ import annotations

from pathlib import Path

from workbench.errors import UnknownName, WorkbenchError

PACKAGE = Path(__file__).resolve().parent
_PLACES = {
    "templates": ("templates", "_shipped/templates"),
    "notebooks": ("notebooks", "_shipped/notebooks"),
    "example": ("data/example", "_shipped/example"),
}


def folder(kind: str) -> Path:
    """Return the folder of `kind`: "templates", "notebooks" or "example".

    Raises
    ------
    UnknownName
        if there is no such kind.
    WorkbenchError
        if the installation lacks the folder.
    """
    if kind not in _PLACES:
        raise UnknownName("resource folder", kind, _PLACES)
    in_checkout, in_wheel = _PLACES[kind]
    is_checkout = (PACKAGE.parent / "pyproject.toml").is_file()
    place = PACKAGE.parent / in_checkout if is_checkout else PACKAGE / in_wheel
    if place.is_dir():
        return place
    raise WorkbenchError(
        f"This installation has no {in_checkout} folder. Install the package again: "
        "its wheel carries the templates, notebooks and example clients."
    )


def template(name: str) -> Path:
    """Return the path of the report template called `name` (with or without .ipynb)."""
    known = {path.stem: path for path in sorted(folder("templates").glob("*.ipynb"))}
    stem = name.removesuffix(".ipynb")
    if stem not in known:
        raise UnknownName("template", stem, known)
    return known[stem]


def scenario_file(name: str | Path) -> Path:
    """Return a scenario file: the path itself, or one that comes along ("medium").

    Raises
    ------
    UnknownName
        if there is neither such a file nor such a name.
    """
    path = Path(name)
    if path.is_file():
        return path
    known = {file.stem: file for file in sorted((folder("templates") / "scenarios").glob("*.yaml"))}
    if str(name) not in known:
        raise UnknownName("scenario file", str(name), known)
    return known[str(name)]
