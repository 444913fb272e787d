"""Which credits are to be expected on the contract's formula, and on each other? For our own eyes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.diagnostics.assess import Assessment
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.priced import pricing_of
from workbench.reports.section import INTERNAL, AnyBlock, Bullets, Callout, Column, DataTable, Prose, strong
from workbench.wording import as_known, counted, figure, money, span

if TYPE_CHECKING:
    from workbench.studies.pricing.study import Pricing


@section(
    "expected credits", title="Credits to expect", order=19, audience=INTERNAL,
    reports=("operating_model_assessment", "partnership_health_review"),
)  # fmt: skip
def expected_credits(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show expected and 90th-percentile credits of simulated months, formula by formula."""
    found = pricing_of(assessment)
    if found is None:
        return Content(())
    left = list(dict.fromkeys(found.contract.left_out))
    if not found.credits:
        return Content([_left_out(left)] if left else (), {"credits": [], "left_out": left})
    from workbench.studies.show_price_choices import recorded

    own = found.credits[0]
    blocks: list[AnyBlock] = [
        Prose.of(
            f"On the contract's formula ({own.formula}) ", strong(f"{money(own.expected)} {found.currency} a month"),
            f" are to be expected ({money(own.low)} to {money(own.high)}, 90 %); in nine years of ten they stay below "
            f"{money(own.p90)} a month. A promise is missed in {figure(own.missed, 'fraction', 0)} "
            f"({span(own.missed_low, own.missed_high, 'fraction', 0)}) of {counted(own.months, 'simulated month')}, "
            f"seed {found.seed}. {recorded(own, found.currency)}",
        ),
        _table(found),
    ]  # fmt: skip
    if left:
        blocks.append(_left_out(left))
    return Content(blocks, {"credits": [c.to_data() for c in found.credits], "left_out": left})


def _left_out(left: Sequence[str]) -> Callout:
    """Say which promises of the contract no credits are computed of, each with its reason."""
    return Callout(
        tone="moderate", title="Promises without expected credits, which is not a credit of 0",
        blocks=(Bullets.of(left),),
    )  # fmt: skip


def _table(found: Pricing) -> DataTable:
    return DataTable(
        name="expected credits",
        caption=f"Credits a month by formula of the service level, {found.currency}; {found.period}",
        columns=(Column(name="formula", label="Formula"), Column(name="contract", label="Contract's"),
                 Column(name="expected", label="Expected", type="number", decimals=0),
                 Column(name="interval", label="90 % interval"),
                 Column(name="p90", label="9 years in 10 below", type="number", decimals=0),
                 Column(name="p90 high", label="or, at worst, below", type="number", decimals=0),
                 Column(name="earned back", label="Earned back", type="number", decimals=0),
                 Column(name="missed", label="Months missed", type="number", unit="fraction", decimals=0)),
        rows=tuple(
            (c.formula, "yes" if c.contract else "no", as_known(c.expected), f"{money(c.low)} to {money(c.high)}",
             as_known(c.p90), as_known(c.p90_high) if c.p90_high == c.p90_high else None, as_known(c.earned_back),
             c.missed)
            for c in found.credits
        ),
        note=f"{counted(found.months, 'month')} simulated, put together to years at random and settled with caps and "
             "earn-back. At worst: as many months missed as the interval allows, each at its dearest.",
    )  # fmt: skip
