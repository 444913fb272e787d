"""How does a report become one HTML file that opens anywhere?"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode, from_dict

from workbench.reports.declare import Finished, exporter
from workbench.reports.html import anchor, section_html, style
from workbench.reports.report import ORIGIN_MIME, Origin, Report
from workbench.reports.section import SECTION_MIME, Section
from workbench.reports.words import audience_words, shortened

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
    body, _ = _nbconvert().from_notebook_node(notebook, {"report": report, "made": made})
    return str(body)


class WorkbenchHtml(HTMLExporter):
    """`jupyter nbconvert --to workbench-html` for an executed report notebook."""

    export_from_notebook = "Workbench report (HTML)"

    def __init__(self, **settings: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            template_name="workbench",
            extra_template_basedirs=[str(files("workbench.reports") / "nbconvert")],
            **settings,
        )
        # the templates that ours is based on name this filter, though no code is ever shown
        self.register_filter("highlight_code", escape)  # type: ignore[no-untyped-call]

    def from_notebook_node(self, nb: NotebookNode, resources: Any = None, **kw: Any) -> Any:
        """Convert; an executed notebook alone is enough.

        Skips what HTMLExporter does around the template: it parses the finished page once more to
        mend what widgets and pictures leave behind, which takes longer than all the rest.
        """
        resources = resources or {}
        report = resources.pop("report", None) or Report.from_notebook(nb)
        resources["workbench"] = {
            "opening": opening(report),
            "closing": closing(report.origin, resources.pop("made", None)),
            "sections": [section_html(section) for section in report.sections],
            "origin_mime": ORIGIN_MIME,
            "section_mime": SECTION_MIME,
        }
        body, told = super(HTMLExporter, self).from_notebook_node(_light(nb), resources, **kw)
        return "\n".join(line for line in body.splitlines() if line.strip()) + "\n", told


@cache
def _nbconvert() -> WorkbenchHtml:
    return WorkbenchHtml()


def _light(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook with each section replaced by its number: it is copied once more on the way."""
    number = count()
    cells = []
    for cell in notebook.cells:
        outputs = [
            {**output, "data": {SECTION_MIME: next(number)}}
            if SECTION_MIME in output.get("data", {})
            else output
            for output in cell.get("outputs", ())
        ]
        cells.append({**cell, "outputs": outputs} if "outputs" in cell else cell)
    light: NotebookNode = from_dict({**notebook, "cells": cells})  # type: ignore[no-untyped-call]
    return light


def opening(report: Report) -> str:
    """Return everything before the first section: head, masthead and table of contents."""
    origin = report.origin
    name = shortened(origin.client.name, 90)
    script = base64.b64encode(hashlib.sha256(OPEN_FOR_PRINT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{script}'"
    title = origin.heading
    said = [title, origin.period.text, origin.status_words, audience_words(origin.audience)]
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
<style>{style()}{_colours(origin)}</style>
<script>{OPEN_FOR_PRINT}</script>
</head>
<body class="page">
<a class="skip" href="#content">To the report</a>
<div class="frame">
<nav aria-label="Contents"><h2>Contents</h2><ol>{_contents(report.sections)}</ol></nav>
<main id="content">
<header class="section">{_logo(origin)}<p class="quiet">{escape(" · ".join(said))}</p>
<h1 dir="auto">{escape(name)}</h1></header>"""


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
    own_words = f"<p dir=auto>{escape(origin.brand.footer)}</p>" if origin.brand.footer else ""
    return f"</main>\n<footer>{own_words}{escape('; '.join(said))}.</footer>\n</div>\n</body>\n</html>"


def _colours(origin: Origin) -> str:
    """Return the client's colour in place of the house's, for paper and for the dark."""
    brand = origin.brand
    if not brand.accent:
        return ""
    light, dark = (f".wb,body.page{{--accent:{c}}}" for c in (brand.on_paper, brand.in_the_dark))
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}@media print{{{light}}}"


def _logo(origin: Origin) -> str:
    """Return the client's logo; a picture in a page of its own, so that nothing in it is part of this one."""
    if not origin.brand.logo:
        return ""
    data = base64.b64encode(origin.brand.logo.encode()).decode()
    alt = escape(f"Logo of {shortened(origin.client.name, 60)}")
    return f'<img class="logo" alt="{alt}" src="data:image/svg+xml;base64,{data}">'


def _contents(sections: Iterable[Section]) -> str:
    return "".join(
        f'<li><a href="#{anchor("s-" + section.id)}">{escape(section.title)}</a></li>' for section in sections
    )
