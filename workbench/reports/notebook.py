"""What does a report template call? Its opening cell reads and assesses; the rest is one loop.

A template's cells stay five lines long: everything that decides a figure is here or below, where
tests reach it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workbench.diagnostics.assess import Assessment, assess
from workbench.intake.client import Client
from workbench.intake.dataset import Dataset
from workbench.intake.period import Period
from workbench.once import Memory, remembering
from workbench.reports.declare import SECTIONS, DeclaredSection, sections_of
from workbench.reports.own import NOTHING, Own, read_own
from workbench.reports.parameters import Asked, Parameters, PartnershipHealthReview, check, client_path
from workbench.reports.priced import wanted, with_prices
from workbench.reports.readers import shown_to, weights_of_health
from workbench.reports.report import ClientCard, Days, Origin, of_earlier_periods, versions
from workbench.reports.section import Section


@dataclass(frozen=True)
class Review:
    """What one report is about, and the sections that speak of it."""

    subject: Any
    parameters: Asked
    origin: Origin
    own: Own = field(default_factory=Own)
    memory: Memory = field(default_factory=Memory, repr=False, compare=False)
    """What one section worked out from the tables is known to the next."""

    def sections(self) -> Iterator[Section]:
        """Build each section that the reader may see, in order; those with nothing to say are left out."""
        for declared in self._declared():
            section = self._titled(declared)
            if section is not None:
                yield section

    def section(self, id: str) -> Section | None:
        """Build one section, or None if it has nothing to say to this reader."""
        return self._titled(SECTIONS.get(id))

    def _titled(self, declared: DeclaredSection) -> Section | None:
        with remembering(self.memory):
            section = declared.build(self.subject, self.parameters)
        title = self.own.brand.titles.get(declared.id)
        return section.model_copy(update={"title": title}) if section and title else section

    def _declared(self) -> list[DeclaredSection]:
        ids = self.parameters.sections or self.own.sections.get(self.origin.template, ())
        if ids:
            return [SECTIONS.get(id) for id in ids]
        return sections_of(self.origin.template)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return self.origin._repr_mimebundle_()


def health_review(template: str = "partnership_health_review", **parameters: Any) -> Review:
    """Read a client and assess it, for a template of the health review's kind.

    Raises
    ------
    CallError
        for a parameter that is not accepted.
    DataError
        if nothing of what the client handed over can be used.
    """
    asked = check(template, parameters)
    assert isinstance(asked, Parameters)
    dataset, own = read_for(asked)
    assessment = assess(dataset, weights=weights_of_health())
    ids = asked.sections or own.sections.get(template, ())
    if isinstance(asked, PartnershipHealthReview) and wanted(asked.prices, ids):
        assessment = with_prices(assessment, asked.seed)
    return review_of(assessment, asked, template, own)


def read_for(asked: Parameters) -> tuple[Dataset, Own]:
    """Read what a report of one client is made from: its data of the period, and its own look.

    Raises
    ------
    DataError
        if nothing of what the client handed over can be used, or its own look cannot be read.
    """
    from datetime import date

    from workbench.intake.read import read_client

    place = client_path(asked)
    own = read_own(place)
    return read_client(place, asked.days, date.today()), own


def operating_model(**parameters: Any) -> Review:
    """Read a client and assess it, for the consultants' template: as `health_review`, in another order."""
    return health_review("operating_model_assessment", **parameters)


def review_of(assessment: Assessment, asked: Asked, template: str, own: Own = NOTHING) -> Review:
    """Return the review of an assessment that exists already."""
    seen = shown_to(assessment, asked.audience)
    return Review(seen, asked, origin(assessment.dataset, asked, template, own), own)


def origin(dataset: Dataset, asked: Asked, template: str, own: Own = NOTHING) -> Origin:
    """Return where a report on `dataset` comes from."""
    return Origin(
        template=template,
        client=client_card(dataset.client),
        period=days(dataset.period),
        audience=asked.audience,
        seed=asked.seed,
        parameters=asked.public(),
        source=dataset.provenance.source,
        inputs=of_earlier_periods(
            {**dataset.provenance.inputs, **own.inputs}, dataset.period.start.isoformat()
        ),
        brand=own.brand,
        rows_read=dict(sorted(dataset.provenance.rows_read.items())),
        versions=versions(),
    )


def client_card(client: Client) -> ClientCard:
    """Return what a report says of the client on its first page."""
    return ClientCard(
        id=client.id,
        name=client.name,
        vendor=client.vendor,
        time_zone=client.time_zone,
        currency=client.currency,
        fictional=client.fictional,
    )


def days(period: Period) -> Days:
    """Return the period as a report says it."""
    return Days(start=period.start.isoformat(), end=period.end.isoformat(), text=str(period))
