"""Which repairs pay first, for how much money and how many hours of change?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.diagnostics.assess import Assessment
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.priced import pricing_of
from workbench.reports.section import CLIENT_FACING, AnyBlock, Column, DataTable, Prose, quiet
from workbench.wording import as_known, counted, listing

if TYPE_CHECKING:
    from workbench.studies.pricing.budget import Best
    from workbench.studies.pricing.study import Pricing


@section(
    "best set", title="The best set of repairs", order=19,
    reports=("operating_model_assessment", "partnership_health_review"),
)  # fmt: skip
def best_set(assessment: Assessment, parameters: Parameters) -> Content:
    """Say which repairs leave most after what they take once, and how often each is in the best set."""
    from workbench.studies.show_price_choices import best_words, efforts_words, first_words

    found = pricing_of(assessment)
    best = None if found is None else found.best
    if found is None or best is None:
        return Content(())
    ours = parameters.audience not in CLIENT_FACING
    if not best.codes:
        first = f"No repair earns within {best.months:.0f} months what it takes."
    elif ours:
        first = (
            f"{_limits(best, found)}: mend {_named(best, found)}{first_words(best)}. That "
            f"{best_words(best, found.currency)}"
        )
    else:
        first = (
            f"{_limits(best, found)}: mend {_named(best, found)}{first_words(best)}. That saves {best.saved.words} "
            f"{found.currency} a month in the lines of this copy and takes {best.hours:,.0f} hours of change, once."
        )
    blocks: list[AnyBlock] = [
        Prose.of(first),
        _repairs(best, found, ours),
        Prose.of(quiet(efforts_words(best))),
    ]
    return Content(blocks, {"best_set": best.to_data() if ours else _shared(best)})


def _named(best: Best, found: Pricing) -> str:
    title = {p.code: p.title.partition(":")[0] for p in found.prices}
    return listing([f"{title[code]} ({code})" for code in best.codes], 20)


def _limits(best: Best, found: Pricing) -> str:
    if best.budget_money is None and best.budget_hours is None:
        return "Without a limit of money or hours"
    money = "" if best.budget_money is None else f"{best.budget_money:,.0f} {found.currency}"
    hours = "" if best.budget_hours is None else f"{best.budget_hours:,.0f} hours of change"
    return f"With at most {' and '.join(filter(None, (money, hours)))}"


def _repairs(best: Best, found: Pricing, ours: bool) -> DataTable:
    joint, currency = found.joint, found.currency
    title = {p.code: p.title.partition(":")[0] for p in found.prices}
    rows: list[tuple[object, ...]] = []
    for code, share in sorted(best.chosen_in.items(), key=lambda item: (-item[1], item[0])):
        effort, part = best.efforts[code], joint.share_of(code).share if joint is not None else 0.0
        once = effort.likely_money
        pays = "not known" if once is None else f"{once / part:.1f}" if part > 0 else "never"
        rows.append(
            (f"{code} {title[code]}", "yes" if code in best.codes else "no", share, as_known(part), effort.hours.likely,
             *((None if once is None else as_known(once), pays) if ours else ()),
             "given" if code in best.given else "assumed")
        )  # fmt: skip
    return DataTable(
        name="best set", caption=f"What each repair takes once, and how often it is in the best set; {found.period}",
        columns=(Column(name="finding", label="Finding"), Column(name="in it", label="In the best set"),
                 Column(name="share of draws", label="Of draws", type="number", unit="fraction", decimals=0),
                 Column(name="part", label=f"Its part, {currency} a month", type="number", decimals=0),
                 Column(name="hours", label="Hours of change", type="number", decimals=0),
                 *((Column(name="once", label=f"Once, {currency}", type="number", decimals=0),
                    Column(name="pays in", label="Months until it pays")) if ours else ()),
                 Column(name="effort", label="What it takes")),
        rows=tuple(rows),
        note=f"{counted(len(best.chosen_in), 'repair')} looked at, every set of them. Of draws: how often the best set "
             "holds it when all prices and all efforts are drawn within their doubts. A set holds what comes "
             "before its repairs (FIX-1 to FIX-3), and leaves no error of security, compliance or pay open that fits "
             "into the limits (CX-14).",
    )  # fmt: skip


def _shared(best: Best) -> dict[str, object]:
    return {
        "codes": list(best.codes), "saved_a_month": best.saved.to_data(), "hours": best.hours,
        "chosen_in": dict(best.chosen_in), "open": list(best.open), "first": list(best.first),
    }  # fmt: skip
