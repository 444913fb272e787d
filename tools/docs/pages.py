"""Which pages of docs/ are printed by the code? To add one, add a function that returns its text here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tools.docs import price
from workbench import coverage
from workbench.diagnostics.describe import diagnostics_page
from workbench.intake.describe import tables_page
from workbench.reports.exporters.json import schema
from workbench.sim.describe import scenario_page

DOCS = Path(__file__).resolve().parents[2] / "docs"
NOTE = "<!-- Printed by the code: change what it describes, then run `make docs`. -->\n\n"


def _diagnostics() -> str:
    return diagnostics_page({i.id: i.source.split()[0] for i in coverage.items().values() if i.source})


def _report_schema() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "how-a-price-comes-about.md": price.page,
    "reference/diagnostics.md": _diagnostics,
    "reference/scenario.md": scenario_page,
    "reference/tables.md": tables_page,
    "report.schema.json": _report_schema,
}
"""The text of each page, by its path in docs/."""


def text_of(name: str) -> str:
    """Return what the page called `name` says now."""
    return (NOTE if name.endswith(".md") else "") + PAGES[name]()


def outdated() -> list[str]:
    """Return the pages whose file is missing or says something else than the code."""
    return [
        name
        for name in PAGES
        if not (DOCS / name).is_file() or (DOCS / name).read_text(encoding="utf-8") != text_of(name)
    ]


def write() -> list[str]:
    """Write the pages that are out of date; return their names."""
    changed = outdated()
    for name in changed:
        (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / name).write_text(text_of(name), encoding="utf-8", newline="\n")
    return changed
