"""What would a month cost when one finding after the other is repaired? The way from today to target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.diagnostics.assess import Assessment
from workbench.reports.declare import Content, section
from workbench.reports.figures_of_prices import waterfall
from workbench.reports.parameters import Parameters
from workbench.reports.priced import pricing_of
from workbench.reports.section import CLIENT_FACING, AnyBlock, Bullets, Prose, quiet
from workbench.wording import listing, money

if TYPE_CHECKING:
    from workbench.studies.pricing.together import Bar, Together


@section(
    "from today to target", title="From today to target", order=18,
    reports=("operating_model_assessment", "partnership_health_review"),
)  # fmt: skip
def from_today_to_target(assessment: Assessment, parameters: Parameters) -> Content:
    """Draw what each repair takes off a month's cost, in the order of repair, and say which act on one another."""
    found = pricing_of(assessment)
    joint = None if found is None else found.joint
    if found is None or joint is None or not joint.waterfall:
        return Content(())
    ours = parameters.audience not in CLIENT_FACING
    first, currency = joint.waterfall[0].before, found.currency
    blocks: list[AnyBlock] = [
        Prose.of(
            "Each step is what it takes off when those above it are repaired already, in the order of repair and not "
            "of size."
        ),
        Prose.of(_adds_up(joint, currency)),
        waterfall(
            "from today to target", [(_label(bar), bar.saved) for bar in joint.waterfall], currency,
            f"From today to target, {currency} a month, in the order of repair. {sample(found.months, found.seed)}",
            first if ours else None,
            on_slide=f"What the repairs save, added up in their order, {currency} a month; amber: costs more. "
            f"{sample(found.months, found.seed)}",
        ),
    ]  # fmt: skip
    if ours:
        blocks.append(
            Prose.of(
                quiet(
                    "Today: what agents' paid hours cost, the credits to expect, and what findings add to them."
                )
            )
        )
    telling = [pair for pair in joint.pairs if pair.word != "add up, as far as can be told"]
    if telling:
        blocks.append(
            Bullets.of(
                f"{listing([pair.first, pair.second])} {pair.word}: {money(pair.beyond.value)} {currency} a month "
                f"({money(pair.beyond.low)} to {money(pair.beyond.high)}) beside the sum of their prices."
                for pair in telling[:5]
            )
        )
    steps = [{"code": bar.code, "saved": bar.saved} for bar in joint.waterfall]
    return Content(blocks, {"from_today_to_target": steps})


def sample(months: int, seed: int) -> str:
    """Say on how many simulated months a picture rests."""
    return (
        f"{months} simulated months each, seed {seed}."
        if months
        else f"Computed, not simulated; seed {seed}."
    )


def _adds_up(joint: Together, currency: str) -> str:
    gap = joint.total.value - joint.sum_of_prices
    if abs(gap) < 0.005 * abs(joint.total.value):
        return "The prices add up: hardly any of them acts on what another saves."
    return (
        f"The prices add up to {money(joint.sum_of_prices)} {currency}; together the repairs save "
        f"{money(joint.total.value)}, {money(abs(gap))} {'more' if gap > 0 else 'less'}, because they act on the same "
        "contacts."
    )


def _label(bar: Bar) -> str:
    return f"{bar.code} {bar.title.partition(':')[0]}"
