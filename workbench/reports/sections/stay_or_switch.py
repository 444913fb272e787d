"""What does staying cost over two years, what does switching, and what must be true for either? For our own eyes."""

from __future__ import annotations

from math import isfinite

from workbench.diagnostics.assess import Assessment
from workbench.errors import CallError
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.parts import GRADE_WORDS
from workbench.reports.priced import pricing_of
from workbench.reports.section import INTERNAL, Bullets, Column, DataTable, Heading, Prose, quiet, strong
from workbench.wording import as_known, figure, listing, money


@section(
    "stay or switch", title="Staying or switching, in money", order=19, audience=INTERNAL,
    reports=("operating_model_assessment", "partnership_health_review"),
)  # fmt: skip
def stay_or_switch(assessment: Assessment, parameters: Parameters) -> Content:
    """Show both as present values with their intervals, and what must be true for either; never a verdict."""
    found = pricing_of(assessment)
    choice = None if found is None else found.choice
    if found is None:
        return _without_prices(assessment, parameters.seed)
    if choice is None:
        return Content(())
    from workbench.studies.show_price_choices import losses_words

    share = figure(choice.switch_costs_less, "fraction", 0)
    rows = (
        ("staying: losses that are left", as_known(choice.stay.value), choice.stay.between),
        ("switching", as_known(choice.switch.value), choice.switch.between),
        *((f"of it {name}", as_known(value), "") for name, value in choice.parts.items()),
        ("switching less staying", as_known(choice.difference.value), choice.difference.between),
    )
    blocks = (
        Prose.of("Switching costs less than staying in ", strong(share), f" of {choice.draws:,} draws over "
                 f"{choice.months} months. That is no verdict: the decision stays with people."),
        DataTable(
            name="stay or switch",
            caption=f"Present values over {choice.months} months, {choice.currency}; losses of {found.period}",
            columns=(Column(name="what", label="What"),
                     Column(name="amount", label="On average", type="number", decimals=0),
                     Column(name="interval", label="90 % interval")),
            rows=rows,
        ),
        Heading(text="Staying is right only if"),
        Bullets.of(choice.for_staying),
        Heading(text="Switching is right only if"),
        Bullets.of(choice.for_switching),
        Prose.of(quiet(f"{losses_words(found)} {choice.rests_on()}")),
    )  # fmt: skip
    return Content(blocks, {"stay_or_switch": choice.to_data()})


def _without_prices(assessment: Assessment, seed: int) -> Content:
    """Say what a switch itself costs, and from which loss a month it would pay: for that nothing need be priced."""
    from workbench.studies.pricing.assumed_pay import assumed_pay
    from workbench.studies.pricing.basis import basis_of
    from workbench.studies.pricing.client import assumed_scenario, written_down
    from workbench.studies.pricing.study import people_of
    from workbench.studies.pricing.switch_alone import switch_alone
    from workbench.studies.pricing.switching import MONTHS, rests_on

    try:
        _, file = written_down(assessment)
    except CallError as error:
        return Content([Prose.of(strong("What was written down of a switch cannot be used. "), str(error))])
    pay = assumed_pay(assessment.dataset.client.currency)
    basis, counted = basis_of(assessment, None, otherwise=pay), ""
    people, notes = people_of(basis)
    if not basis.paid_hours and people:
        floor = assumed_scenario(assessment.dataset, people)
        basis = basis_of(assessment, floor, otherwise=pay, grade="A")
        counted = " ".join((f" The floor is assumed (A) from {people:.0f} agents.", *notes))
    if basis.pay is None or not basis.labour:
        return Content(())
    alone = switch_alone(
        basis.labour, basis.currency, seed=seed, switch=file.on(basis) if file else None,
        months=file.text.months if file else MONTHS,
    )  # fmt: skip
    even = alone.pays_from
    pays = (
        f"It costs less than staying where the findings cost more than about {money(even.value)} {alone.currency} a "
        f"month ({money(even.low)} to {money(even.high) if isfinite(even.high) else 'any amount'}, 90 % of "
        f"{alone.draws:,} draws, seed {seed})."
        if isfinite(even.value)
        else "In most draws it costs more than staying whatever the findings cost."
    )
    blocks = (
        Prose.of(f"Switching by itself costs {money(alone.cost.value)} {alone.currency} over {alone.months} months "
                 f"({alone.cost.between}, 90 %): ",
                 listing([f"{name} {money(value)}" for name, value in alone.parts.items()], 5), "."),
        Prose.of(strong(pays), " No finding has a price in this report, so that nothing says whether it does: "
                 "that is no verdict, and the decision stays with people."),
        Prose.of(quiet(
            f"The floor costs {money(alone.labour)} {alone.currency} a month: {money(basis.paid_hours or 0.0)} paid "
            f"hours ({basis.paid_source}) at {basis.pay.per_hour:.2f} ({basis.pay.source}, "
            f"{GRADE_WORDS[basis.pay.grade]}), {assessment.dataset.period}.{counted} {rests_on(alone.way)}"
        )),
    )  # fmt: skip
    return Content(blocks, {"switch_alone": alone.to_data()})
