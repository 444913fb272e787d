"""What does staying cost over two years, what does switching, and what must be true for either? For our own eyes."""

from __future__ import annotations

from workbench.diagnostics.assess import Assessment
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.priced import pricing_of
from workbench.reports.section import INTERNAL, Bullets, Column, DataTable, Heading, Prose, quiet, strong
from workbench.wording import as_known, figure


@section(
    "stay or switch", title="Staying or switching, in money", order=19, audience=INTERNAL,
    reports=("operating_model_assessment", "partnership_health_review"),
)  # fmt: skip
def stay_or_switch(assessment: Assessment, _parameters: Parameters) -> Content:
    """Show both as present values with their intervals, and what must be true for either; never a verdict."""
    found = pricing_of(assessment)
    choice = None if found is None else found.choice
    if found is None or choice is None:
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
