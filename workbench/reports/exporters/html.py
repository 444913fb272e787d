"""How does a report become one HTML file that opens anywhere?"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode

from workbench.reports.declare import Finished, exporter
from workbench.reports.html import anchor, section_html, style
from workbench.reports.report import ORIGIN_MIME, Origin, Report
from workbench.reports.section import SECTION_MIME, Section
from workbench.reports.words import audience_words, heading, shortened

OPEN_FOR_PRINT = (
    "addEventListener('beforeprint',()=>document.querySelectorAll('details').forEach(d=>d.open=true))"
)
"""Paper cannot be unfolded."""


@exporter("html", suffix=".html")
def html(finished: Finished) -> bytes:
    """Read it in a browser, on a phone or on paper; nothing is loaded from anywhere."""
    return page(finished.report, finished.notebook, finished.made).encode()


def page(report: Report, notebook: NotebookNode, made: datetime | None) -> str:
    """Return the whole page of an executed notebook."""
    resources = {
        "workbench": {
            "opening": opening(report),
            "closing": closing(report.origin, made),
            "origin_mime": ORIGIN_MIME,
            "section_mime": SECTION_MIME,
        }
    }
    body, _ = _nbconvert().from_notebook_node(notebook, resources=resources)
    return "\n".join(line for line in body.splitlines() if line.strip()) + "\n"


class WorkbenchHtml(HTMLExporter):
    """`jupyter nbconvert --to workbench-html` for an executed report notebook."""

    export_from_notebook = "Workbench report (HTML)"

    def __init__(self, **settings: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            template_name="workbench",
            extra_template_basedirs=[str(files("workbench.reports") / "nbconvert")],
            embed_images=True,
            **settings,
        )
        self.register_filter("workbench_section", _section)  # type: ignore[no-untyped-call]

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """Convert; an executed notebook alone is enough."""
        resources = resources or {}
        if "workbench" not in resources:
            report = Report.from_notebook(nb)
            resources["workbench"] = {
                "opening": opening(report),
                "closing": closing(report.origin, None),
                "origin_mime": ORIGIN_MIME,
                "section_mime": SECTION_MIME,
            }
        return super().from_notebook_node(nb, resources=resources, **kw)


@cache
def _nbconvert() -> WorkbenchHtml:
    return WorkbenchHtml()


def _section(described: Any) -> str:
    return section_html(Section.model_validate(described))


def opening(report: Report) -> str:
    """Return everything before the first section: head, masthead and table of contents."""
    origin = report.origin
    name = shortened(origin.client.name, 90)
    script = base64.b64encode(hashlib.sha256(OPEN_FOR_PRINT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{script}'"
    title = heading(origin.template)
    said = [title, origin.period.text, origin.status, audience_words(origin.audience)]
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="generator" content="contact-centre-workbench">
<title>{escape(name)}: {escape(title)}, {escape(origin.period.text)}</title>
<style>{style()}</style>
<script>{OPEN_FOR_PRINT}</script>
</head>
<body class="page">
<a class="skip" href="#content">To the report</a>
<div class="frame">
<nav aria-label="Contents"><h2>Contents</h2><ol>{_contents(report.sections)}</ol></nav>
<main id="content">
<header class="section"><p class="quiet">{escape(" · ".join(said))}</p><h1 dir="auto">{escape(name)}</h1></header>"""


def closing(origin: Origin, made: datetime | None) -> str:
    """Return everything after the last section, the time of making among it if it is known."""
    own = origin.versions.get("contact-centre-workbench", "")
    said = [
        f"Template {origin.template}, {origin.template_hash[:12]}",
        f"contact-centre-workbench {own}",
        f"seed {origin.seed}",
    ]
    if made is not None:
        local = made.astimezone(ZoneInfo(origin.client.time_zone))
        said.append(f"made {local:%Y-%m-%d %H:%M %Z}")
    return f"</main>\n<footer>{escape('; '.join(said))}.</footer>\n</div>\n</body>\n</html>"


def _contents(sections: Iterable[Section]) -> str:
    return "".join(
        f'<li><a href="#{anchor("s-" + section.id)}">{escape(section.title)}</a></li>' for section in sections
    )
