"""How does `jupyter nbconvert --to workbench-pdf` work on an executed report notebook?

nbconvert finds these classes by entry point; each hands the notebook to the exporter of its format.
The HTML one is in `exporters.html`, because HTML itself is made by nbconvert.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from workbench.reports.declare import EXPORTERS, Finished
from workbench.reports.report import Report


class _OfFormat(Exporter):
    """Writes one of the formats; a subclass names it."""

    format = ""

    def _file_extension_default(self) -> str:
        return EXPORTERS.get(self.format).suffix

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[bytes, Any]:
        """Return the bytes of the file; an executed notebook alone is enough."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        resources["output_extension"] = self.file_extension
        return EXPORTERS.get(self.format).write(Finished(Report.from_notebook(nb), nb)), resources


class WorkbenchPdf(_OfFormat):
    """PDF, set by Typst."""

    format = "pdf"
    export_from_notebook = "Workbench report (PDF)"


class WorkbenchPptx(_OfFormat):
    """Slides."""

    format = "pptx"
    export_from_notebook = "Workbench report (slides)"


class WorkbenchXlsx(_OfFormat):
    """A workbook."""

    format = "xlsx"
    export_from_notebook = "Workbench report (workbook)"


class WorkbenchJson(_OfFormat):
    """Every value, for programs."""

    format = "json"
    export_from_notebook = "Workbench report (JSON)"
