"""What is one report to a run: asked for, made, or failed?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

STOCK = "papermill"
"""Papermill's own engine: a fresh kernel for every report."""


@dataclass(frozen=True)
class Job:
    """One report to make.

    `directory` is the name of its directory below the output directory; the limits are in seconds (for
    a cell, and for all of them) and in bytes of resident memory, None: no limit; `said` is who releases it
    just now. Everything in it is
    plain, so that it can travel to another process or machine.
    """

    client: str
    label: str
    directory: str
    template: str
    template_path: str
    template_hash: str
    parameters: Mapping[str, Any]
    formats: tuple[str, ...]
    engine: str
    made: datetime
    cell_timeout_s: float | None = None
    timeout_s: float | None = None
    memory_limit: int | None = None
    said: tuple[Mapping[str, Any], ...] = ()
    notebook: str = ""
    """The template itself, for a machine on which `template_path` leads nowhere."""


@dataclass(frozen=True)
class Made:
    """A report in all its formats: bytes by file name.

    `cells_s` is the time its own cells took, `begins` the first day of its period as an ISO date.
    """

    files: Mapping[str, bytes]
    seconds: float
    cells_s: float = 0.0
    begins: str = ""


@dataclass(frozen=True)
class Failed:
    """Why there is no report, in a sentence, and what was executed until then."""

    reason: str
    notebook: bytes = b""
    seconds: float = 0.0
    detail: str = field(default="", repr=False)
