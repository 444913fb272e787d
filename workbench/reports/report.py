"""What is a report? Its sections, and where they come from: enough to make it again.

A report lives in an executed notebook: each section displays its description, the opening cell its
origin. `Report.from_notebook` collects both, so that a format needs nothing but the notebook.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from workbench.errors import DataError
from workbench.reports.brand import Brand
from workbench.reports.section import SECTION_MIME, Audience, Part, Section, refuse_leak
from workbench.reports.words import heading
from workbench.studies.versions import OURS, versions_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

ORIGIN_MIME = "application/vnd.workbench.origin+json"

LIBRARIES = (OURS, "numpy", "pandas", "scipy", "statsmodels", "matplotlib")
"""The packages whose versions can change a figure."""

RELEASED = "reviews"
"""The folder of a client's released reviews."""

Status = Literal["draft", "reviewed", "released"]


class ClientCard(Part):
    """Who the report is about, and how times and money are written."""

    id: str
    name: str
    vendor: str = ""
    time_zone: str
    currency: str
    fictional: bool = False


class Days(Part):
    """First and last day, as ISO dates, and as a reader writes them."""

    start: str
    end: str
    text: str


class Stamp(Part):
    """Who said of exactly this report that it is reviewed, or released, and on which day (ISO date)."""

    status: Literal["reviewed", "released"]
    by: str
    on: str

    @property
    def words(self) -> str:
        """The stamp as a title page says it."""
        day = date.fromisoformat(self.on)
        return f"{self.status} by {self.by} on {day.day} {day:%B %Y}"


class Origin(Part):
    """Where a report comes from: everything that decides its figures, and nothing of the machine.

    `template_hash` is SHA-256 over the template's cells, injected parameters left out;
    `inputs` is SHA-256 of every file that was read, by its name inside the client's folder.
    `status` and `stamps` say what people said of exactly this content; they decide no figure.
    """

    template: str
    template_hash: str = ""
    client: ClientCard
    period: Days
    audience: Audience
    status: Status = "draft"
    stamps: tuple[Stamp, ...] = ()
    seed: int
    parameters: dict[str, Any]
    source: str
    inputs: dict[str, str]
    rows_read: dict[str, int]
    versions: dict[str, str]
    brand: Brand = Brand()

    @property
    def heading(self) -> str:
        """What the report is called: in the client's words, else after its template."""
        return self.brand.heading or heading(self.template)

    @property
    def status_words(self) -> str:
        """The status as a title page says it: "draft", or who reviewed and released it, and when."""
        return "; ".join(stamp.words for stamp in self.stamps) or self.status

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        words = f"{self.client.name[:60]}, {self.period.text}, {len(self.inputs)} files"
        return {"text/plain": words, ORIGIN_MIME: self.model_dump(mode="json")}


class Report(Part):
    """The sections of one report with their origin."""

    format: Literal[1] = 1
    origin: Origin
    sections: tuple[Section, ...]

    @classmethod
    def from_notebook(cls, notebook: NotebookNode) -> Report:
        """Collect the report from what an executed notebook displayed.

        Raises
        ------
        DataError
            if the notebook displayed no origin: it was not executed, or is no report.
        """
        origins = [Origin.model_validate(found) for found in displayed(notebook, ORIGIN_MIME)]
        if not origins:
            raise DataError(
                "This notebook displays no report. Execute it first, and let its opening cell "
                "display what workbench.reports.notebook returns."
            )
        told = notebook.metadata.get("workbench", {})
        origin = origins[-1].model_copy(
            update={
                "template": told.get("template", origins[-1].template),
                "template_hash": template_hash(notebook),
            }
        )
        sections = tuple(Section.model_validate(s) for s in displayed(notebook, SECTION_MIME))
        for section in sections:
            refuse_leak(section, origin.audience)
        return cls(origin=origin, sections=sections)

    @property
    def title(self) -> str:
        """What the report is called: that of its first section."""
        return self.sections[0].title if self.sections else self.origin.template

    def data(self, section: str) -> dict[str, Any]:
        """Return what a program reads from the section called `section`; empty if it is not there."""
        return next((s.data for s in self.sections if s.id == section), {})


def displayed(notebook: NotebookNode, mime: str) -> Iterator[Any]:
    """Everything of one MIME type that the cells of `notebook` displayed, in order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if mime in output.get("data", {}):
                yield output["data"][mime]


def template_hash(notebook: NotebookNode) -> str:
    """Return SHA-256 over the cells of a template, the same before and after it was executed."""
    added = {"injected-parameters", "papermill-error-cell-tag"}
    cells = [
        [cell.cell_type, cell.source]
        for cell in notebook.cells
        if not added & set(cell.metadata.get("tags", ()))
    ]
    return digest([json.dumps(cells, ensure_ascii=False)])


def of_earlier_periods(inputs: Mapping[str, str], begins: str) -> dict[str, str]:
    """Return the inputs without the reviews that were released for the period from `begins`, or later.

    A released review is called after the first day of its period: reviews/2024-06-01_….json.
    """
    return {
        name: sha256
        for name, sha256 in sorted(inputs.items())
        if not name.startswith(f"{RELEASED}/") or name.removeprefix(f"{RELEASED}/")[:10] < begins
    }


def digest(parts: Iterable[str]) -> str:
    """Return SHA-256 over `parts`, each set off from the next."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


@cache
def versions() -> dict[str, str]:
    """Return the versions of Python and of every package that can change a figure."""
    return versions_of(LIBRARIES)
