"""What does a client bring to its own report: template, order of sections, words, colour, logo?

All of it lies in the folder `report` inside the client's folder; nothing in the package is touched:
`report.yaml` says colour, logo, words and order, and a notebook called after a template of the package
takes that template's place for this client.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from workbench.errors import DataError, suggestion
from workbench.intake.source import sha256
from workbench.intake.yaml_file import load_yaml, parsed
from workbench.reports.brand import Brand, remark
from workbench.reports.declare import SECTIONS
from workbench.reports.logo import read_logo

FOLDER, FILE = "report", "report.yaml"
ALWAYS = "provenance"
"""The section that no order leaves out: from what the report was computed."""


def _one_line(text: str) -> str:
    if not text.isprintable() or not text.strip():
        raise ValueError("write it on one line, without control characters")
    return text.strip()


def _colour(text: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f'"{text[:40]}" is not a colour; write it as "#7a1f5c", in quotes')
    return text.lower()


def _file_name(text: str) -> str:
    if not re.fullmatch(r"[\w][\w .-]*", text):
        raise ValueError(f'"{text[:60]}" is not the name of a file beside {FILE}')
    return text


Words = Annotated[str, Field(max_length=80), AfterValidator(_one_line)]


class ReportFile(BaseModel):
    """What report.yaml may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    accent: Annotated[str, AfterValidator(_colour)] | None = None
    """Colour of lines, links and single bars."""
    logo: Annotated[str, AfterValidator(_file_name)] | None = None
    """A PNG or SVG beside this file."""
    heading: Words | None = None
    """What the report is called."""
    footer: Words | None = None
    """What stands at the foot of each page."""
    titles: dict[str, Words] = Field(default_factory=dict)
    """Titles of sections, by id."""
    sections: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """By template: the ids of its sections, in order."""


@dataclass(frozen=True)
class Own:
    """What one client brings along; by itself: nothing.

    `inputs` is SHA-256 of each file that was read, by its name inside the client's folder; `remarks`
    are for whoever makes the report.
    """

    brand: Brand = field(default_factory=Brand)
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


NOTHING = Own()


def read_own(client: Path) -> Own:
    """Return what a client's folder says of its report; a client without such a folder says nothing.

    Raises
    ------
    DataError
        naming everything that is not accepted.
    """
    path = client / FOLDER / FILE
    if not path.is_file():
        return NOTHING
    name = f"{FOLDER}/{FILE}"
    told, mistakes = parsed(ReportFile, load_yaml(path, "how this client's report looks"), name)
    inputs, logo = {name: sha256(path)}, ""
    if told is not None:
        mistakes = [*_unknown_sections(told, name)]
        if told.logo:
            try:
                logo = read_logo(path.parent / told.logo, f"{FOLDER}/{told.logo}")
                inputs[f"{FOLDER}/{told.logo}"] = sha256(path.parent / told.logo)
            except DataError as error:
                mistakes.append(str(error))
    if mistakes or told is None:
        raise DataError("; ".join(mistakes))
    brand = Brand(
        accent=told.accent or "", logo=logo, heading=told.heading or "", footer=told.footer or "",
        titles=dict(told.titles),
    )  # fmt: skip
    remarks = tuple(filter(None, [f"{name}, {remark(brand.accent)}" if remark(brand.accent) else ""]))
    return Own(brand, {report: _complete(ids) for report, ids in told.sections.items()}, inputs, remarks)


def own_template(client: Path, name: str) -> Path | None:
    """Return the notebook that takes the place of the template called `name` for this client, if any."""
    path = client / FOLDER / f"{name}.ipynb"
    return path if path.is_file() else None


def _unknown_sections(told: ReportFile, name: str) -> list[str]:
    asked = [("titles", id) for id in told.titles]
    asked += [(f"sections.{report}", id) for report, ids in told.sections.items() for id in ids]
    return [
        f'{name}, {where}: there is no section "{id[:60]}". {suggestion(id, SECTIONS.names())}'
        for where, id in asked
        if id not in SECTIONS.by_name
    ]


def _complete(ids: tuple[str, ...]) -> tuple[str, ...]:
    kept: dict[str, Any] = dict.fromkeys(ids)
    kept.setdefault(ALWAYS)
    return tuple(kept)
