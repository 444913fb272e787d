"""Who is it about, over which days, and for whom?"""

from __future__ import annotations

from workbench.diagnostics.assess import Assessment
from workbench.intake.source import SOURCES
from workbench.reports.commentary import read_commentary
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.section import Callout, Detail, Facts, Prose, quiet
from workbench.reports.words import WRITTEN_FOR
from workbench.wording import counted

MODE_WORDS = {"running": "a running partnership", "pre-contract": "a partnership before contract"}


@section(
    "title", title="About this report", order=10,
    reports=("partnership_health_review", "operating_model_assessment", "staffing_what_if"),
)  # fmt: skip
def title(assessment: Assessment, parameters: Parameters) -> Content:
    """Name client, period, reader and status, and what was assumed for want of an answer."""
    dataset, client = assessment.dataset, assessment.dataset.client
    blocks: list[Callout | Facts | Detail] = []
    if client.fictional:
        blocks.append(
            Callout(
                tone="note",
                title="An invented client",
                blocks=(Prose.of("Every name, person and figure in this report is fictional."),),
            )
        )
    blocks.append(
        Facts.of(
            [
                ("Client", client.name),
                ("Vendor", client.vendor),
                ("Period", [str(dataset.period), quiet(f" ({counted(dataset.period.days, 'day')})")]),
                ("Subject", MODE_WORDS[client.mode]),
                ("Written for", WRITTEN_FOR[parameters.audience]),
                ("Times and money", f"{client.time_zone}, {client.currency}"),
                ("Read from", _source_title(dataset.provenance.source, len(dataset.provenance.inputs))),
            ]
        )
    )
    if client.assumed:
        assumed = tuple(Prose.of(text) for text in client.assumed)
        blocks.append(Detail(summary=f"Assumed: {counted(len(assumed), 'default')}", blocks=assumed))
    said = dataset.extras.get("commentary")
    unused = len(read_commentary(said)[1]) if isinstance(said, str) else 0
    data = {"phase": client.phase, "mode": client.mode, "sector": client.sector, "commentary_unused": unused}
    return Content(blocks, data)


def _source_title(name: str, files: int) -> str:
    """Return what the client handed over, in words; of a source that takes a folder or a file, which it was."""
    title = SOURCES.by_name[name].title if name in SOURCES.by_name else name
    return "the client's folder of tables" if name == "folder" and files > 1 else title
