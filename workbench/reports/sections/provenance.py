"""From what was every figure computed, so that somebody can compute it again?"""

from __future__ import annotations

from workbench.diagnostics.assess import Assessment
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.report import of_earlier_periods, versions
from workbench.reports.section import Column, DataTable, Detail, Facts, Prose
from workbench.wording import counted

SHOWN = 12
"""So many digits of a hash tell files apart for a reader."""


@section(
    "provenance", title="From what this was computed", order=95,
    reports=("partnership_health_review", "operating_model_assessment", "staffing_what_if"),
)  # fmt: skip
def provenance(assessment: Assessment, parameters: Parameters) -> Content:
    """Name every file by its hash, the rows read and used, the versions and the seed."""
    dataset = assessment.dataset
    provenance = dataset.provenance
    inputs = of_earlier_periods(provenance.inputs, dataset.period.start.isoformat())
    said = Prose.of(
        f"{counted(len(inputs), 'file')} and {sum(provenance.rows_read.values()):,} rows. The same files, versions "
        "and seed give the same figures, to the last digit."
    )
    files = DataTable(
        name="inputs",
        caption="Files read",
        columns=(Column(name="file", label="File"), Column(name="sha256", label="SHA-256")),
        rows=tuple(inputs.items()),
        shown=60,
    )
    rows_read = DataTable(
        name="rows read",
        caption="Rows read",
        columns=(
            Column(name="table", label="Table"),
            Column(name="rows", label="Rows", type="count"),
            Column(name="used", label="Used", type="count"),
        ),
        rows=tuple(
            (name, read, len(dataset.tables[name]) if name in dataset.tables else 0)
            for name, read in sorted(provenance.rows_read.items())
        ),
        note="Rows that were set aside are counted and explained under the problems of the data.",
    )
    rows = "; ".join(
        f"{name} {read:,}" + (f" ({used:,} used)" if used != read else "")
        for name, read, used in rows_read.rows
    )
    hashes = "; ".join(f"{name} {sha256[:SHOWN]}" for name, sha256 in inputs.items())
    made_with = "; ".join(f"{name} {version}" for name, version in versions().items())
    return Content([
        said,
        Facts.of([("Rows by table", rows), ("Files by hash", f"{hashes}. The first {SHOWN} digits of SHA-256; all of "
                   "them are in the HTML report, in the workbook and in JSON."),
                  ("Versions", made_with), ("Seed", str(parameters.seed))]),
        Detail(summary="Whole hashes, and rows by table", blocks=(files, rows_read), on_screen_only=True),
    ])  # fmt: skip
