"""What do the findings of this report cost? Priced once, for all of its sections, or the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.finding import Finding
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.diagnostics.repair import Recommendation
    from workbench.studies.pricing.price import Price
    from workbench.studies.pricing.study import Pricing

SHOWN_IN = (
    "headline", "prices", "from today to target", "order of repair", "best set", "cost of noticing late",
    "expected credits", "stay or switch", "findings",
)  # fmt: skip
"""Sections that show money; without one of them nothing is priced."""


@dataclass(frozen=True)
class Priced(Assessment):
    """An assessment with the prices of its findings; `pricing` None: `no_pricing` says why."""

    pricing: Pricing | None = None
    no_pricing: str = ""


def with_prices(assessment: Assessment, seed: int) -> Priced:
    """Return an assessment with prices: its client calibrated and each finding simulated, or why it cannot be."""
    from workbench.studies.pricing.assumed_pay import assumed_pay
    from workbench.studies.pricing.client import scenario_for, written_down
    from workbench.studies.pricing.study import price

    pricing, why = None, ""
    try:
        efforts, switch = written_down(assessment)
        scenario, note, grade = scenario_for(assessment.dataset, assessment)
        pricing = price(
            assessment, scenario, seed=seed, assumed=assumed_pay(assessment.dataset.client.currency),
            efforts=efforts, switch=switch, scenario_note=note, grade=grade,
        )  # fmt: skip
    except WorkbenchError as error:
        why = str(error)
    return priced(assessment, pricing, why)


def priced(assessment: Assessment, pricing: Pricing | None, why: str = "") -> Priced:
    """Return an assessment with prices that exist already."""
    same = {f.name: getattr(assessment, f.name) for f in fields(Assessment)}
    return Priced(**same, pricing=pricing, no_pricing=why)


def wanted(asked: bool, ids: Sequence[str]) -> bool:
    """Say whether a report is to be priced: asked for, and with a section that shows money; no ids: all sections."""
    return asked and (not ids or bool(set(ids) & set(SHOWN_IN)))


def pricing_of(assessment: Assessment) -> Pricing | None:
    """Return the prices that came with an assessment."""
    return assessment.pricing if isinstance(assessment, Priced) else None


def price_of(assessment: Assessment, finding: Finding) -> Price | None:
    """Return the price that covers a finding; None: there is none in this copy."""
    found = pricing_of(assessment)
    return None if found is None else found.price_of(finding)


def part_of_step(assessment: Assessment, step: Recommendation) -> float | None:
    """Return the fair share of what a step of repair saves a month; None: nothing in it has a price here."""
    found = pricing_of(assessment)
    if found is None:
        return None
    from workbench.studies.pricing.study import part_of

    return part_of(step, found)
