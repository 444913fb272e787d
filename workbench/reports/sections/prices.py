"""What does each finding cost a month, how sure is that, and what has no price?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.diagnostics.assess import Assessment
from workbench.reports import parts
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.priced import Priced, pricing_of
from workbench.reports.section import (
    CLIENT_FACING,
    INTERNAL,
    AnyBlock,
    Callout,
    Card,
    Cards,
    Column,
    DataTable,
    Detail,
    Prose,
    quiet,
)
from workbench.wording import as_known, counted, figure, listing, money, number, span

if TYPE_CHECKING:
    from workbench.studies.pricing.price import Price
    from workbench.studies.pricing.study import Pricing


FOLDED = 12
"""So many reasons at most stand open on screen."""


@section(
    "prices", title="What the findings cost", order=17,
    reports=("operating_model_assessment", "partnership_health_review"),
)  # fmt: skip
def prices(assessment: Assessment, parameters: Parameters) -> Content:
    """Put money beside each finding, with its interval, its grade and what would narrow it; list what has none."""
    found = pricing_of(assessment)
    if found is None:
        why = assessment.no_pricing if isinstance(assessment, Priced) else ""
        return Content([Prose.of(f"The findings have no prices: {why}")] if why else (), {})
    blocks: list[AnyBlock] = []
    if parameters.audience in CLIENT_FACING:
        blocks.append(
            Prose.of(
                "This copy shows labour, overtime, repeat handling and replacement; other money is not in it."
            )
        )
    if found.joint is not None:
        blocks += [_cards(found), _prices(found), _how(found)]
    else:
        blocks.append(Prose.of("Nothing could be priced in this copy; the reasons stand below."))
    blocks += [*_without(found), _sample(found)]
    return Content(blocks, {"prices": _data(found)})


def _cards(found: Pricing) -> Cards:
    joint, currency = found.joint, found.currency
    assert joint is not None
    total, labour = joint.total, found.basis.labour
    cards = [
        Card(
            label=f"All that has a price, {currency} a month", text=money(total.value),
            value=total.value, low=total.low, high=total.high, unit=currency, tone="moderate",
            note=f"{found.between} (90 %)" + (f"; {figure(total.value / labour, 'fraction', 1)} of agents' cost"
                                                if labour else ""),
        )
    ]  # fmt: skip
    largest = found.prices[0]
    cards.append(
        Card(
            label=f"The largest, {currency} a month", text=money(largest.amount.value), value=largest.amount.value,
            low=largest.amount.low, high=largest.amount.high, unit=currency, tone="moderate",
            note=f"{largest.code}, {largest.title}; {largest.between}",
        )
    )  # fmt: skip
    n = sum(len(p.findings) for p in found.prices)
    cards.append(
        Card(
            label="Findings with a price", text=f"{n} of {n + len(found.unpriced) + len(found.elsewhere)}",
            value=float(n), unit="findings", note="the others stand below with the reason",
        )
    )  # fmt: skip
    return Cards(cards=tuple(cards))


def _prices(found: Pricing) -> DataTable:
    joint = found.joint
    assert joint is not None
    rows = tuple(
        (
            ", ".join(dict.fromkeys(f.code for f in p.findings)), p.findings[0].statement, as_known(p.amount.value),
            p.between, _lines(p), as_known(joint.share_of(p.code).share), parts.GRADE_WORDS[p.grade],
        )
        for p in found.prices
    )  # fmt: skip
    how = "every order of repair" if joint.exact else f"{joint.orders} orders of repair drawn at random"
    how += f"; standard error {money(joint.error)} {found.currency} at most" if joint.error > 0 else ""
    return DataTable(
        name="prices", caption=f"What a month would cost less, {found.currency}; {found.period}",
        columns=(Column(name="finding", label="Finding"), Column(name="statement", label="What was found"),
                 Column(name="a month", label="A month", type="number", decimals=0),
                 Column(name="interval", label="90 % interval"), Column(name="lines", label="In these lines"),
                 Column(name="part", label="Its part", type="number", decimals=0),
                 Column(name="grade", label="Grade")),
        rows=rows,
        note="If its measure were as expected and nothing else changed. Several codes in a row claim the same "
             f"parameter and are priced once. + ?: too few were measured to say how far the sample errs. Its part: of "
             f"the total, split fairly (Shapley, {how}). Grade: of the "
             "weakest of mapping (how what was measured becomes money), what an hour costs if it is in the price, and "
             "what of the scenario the price leans on (hours of contacts: what comes and how long it takes; credits, "
             "overtime and lost contacts: also patience and staffing). Measured: all of these are.",
    )  # fmt: skip


def _lines(p: Price) -> str:
    return "; ".join(f"{line} {money(a.value)}" for line, a in p.lines.items())


def _how(found: Pricing) -> Detail:
    rows = tuple(
        (p.code, _measured(p), _moves(p), f"{p.mapping.says} ({p.mapping.source})", _doubts(p), p.narrows)
        for p in found.prices
    )
    table = DataTable(
        name="how prices came about", caption="From the measure to the money",
        columns=(Column(name="finding", label="Finding"), Column(name="measure", label="Measured, and expected"),
                 Column(name="moves", label="What moves"), Column(name="mapping", label="How it maps"),
                 Column(name="doubts", label="Where the doubt is"),
                 Column(name="narrows", label="Would narrow it most")),
        rows=rows,
    )  # fmt: skip
    notes = [f"{p.code}: {' '.join(p.notes)}" for p in found.prices if p.notes]
    inside: list[AnyBlock] = [table]
    inside += [Prose.of(quiet(note)).model_copy(update={"audience": INTERNAL}) for note in notes]
    return Detail(summary="How each price came about", blocks=tuple(inside))


def _measured(p: Price) -> str:
    r = p.reading
    between = span(r.low, r.high, r.unit)
    return (
        f"{r.measure}: {figure(r.value, r.unit)}{f' ({between}, 95 %)' if between else ''}, expected "
        f"{figure(r.target, r.unit)}, n = {r.n:,}"
    )


def _moves(p: Price) -> str:
    if p.today is None or p.target is None:
        return f"{p.path}, {p.way}"
    return f"{p.path}, {p.way}: {p.today:.3g} to {p.target:.3g}"


def _doubts(p: Price) -> str:
    from workbench.studies.show_prices import DOUBT_WORDS

    known = [
        f"{DOUBT_WORDS[d]} {figure(share, 'fraction', 0)}" for d, share in p.doubts.items() if share >= 0.005
    ]
    return (", ".join(known) or "not quantified") + (f"; {p.caveat}" if p.caveat else "")


def _without(found: Pricing) -> list[AnyBlock]:
    by_reason: dict[tuple[str, str], list[str]] = {}
    for one in found.unpriced:
        by_reason.setdefault((one.reason, one.missing), []).append(one.finding.code)
    for finding in found.elsewhere:
        by_reason.setdefault(("not in the money lines of this copy", ""), []).append(finding.code)
    if not by_reason:
        return []
    ranked = sorted(by_reason.items(), key=lambda item: -len(item[1]))
    rows = tuple((listing(sorted(set(codes)), 12), len(codes), *reason) for reason, codes in ranked)
    table = DataTable(
        name="without a price", caption="Findings without a price, which is not a price of 0",
        columns=(Column(name="findings", label="Findings"), Column(name="count", label="How many", type="count"),
                 Column(name="why", label="Why"), Column(name="missing", label="What is missing")),
        rows=rows,
    )  # fmt: skip
    if len(rows) <= FOLDED:
        return [table]
    n = sum(len(codes) for _, codes in ranked)
    said = f"{counted(n, 'finding')} without a price, each with its reason"
    return [Detail(summary=said, blocks=(table,), on_screen_only=True)]  # on paper it stands at each finding


def _sample(found: Pricing) -> Callout:
    b, said = found.basis, []
    if b.pay is not None:
        hours = (
            "" if b.paid_hours is None else f"; {number(b.paid_hours)} paid hours a month ({b.paid_source})"
        )
        grade = parts.GRADE_WORDS[b.pay.grade]
        said.append(
            f"An hour costs {number(b.pay.per_hour, 2)} {b.currency} ({b.pay.source}, {grade}){hours}."
        )
    if found.contacts:
        said.append(
            f"{counted(found.months, 'month')} ({found.replications:,} replications) of each scenario, "
            f"{found.contacts:,} contacts in all, seed {found.seed}, with common random numbers."
        )
    said += [
        found.scenario_note,
        "Freed hours are priced as if all of them could be used elsewhere, with service held.",
    ]
    return Callout(
        tone="note",
        title="What the prices rest on",
        blocks=(Prose.of(" ".join(s for s in [*said, *b.notes] if s)),),
    )


def _data(found: Pricing) -> dict[str, Any]:
    joint = found.joint
    return {
        "currency": found.currency, "confidence": 0.9, "lines": list(found.lines), "seed": found.seed,
        "months": found.months, "contacts": found.contacts,
        "total": None if joint is None else joint.total.to_data(),
        "findings": _rows(found.prices, found),
        "unpriced": [{"code": u.finding.code, "reason": u.reason, "missing": u.missing} for u in found.unpriced],
        "in_other_lines": [f.code for f in found.elsewhere],
    }  # fmt: skip


def _rows(those: Sequence[Price], found: Pricing) -> list[dict[str, Any]]:
    joint = found.joint
    assert joint is not None or not those
    return [
        {
            "code": p.code, "priced_with_it": [f.code for f in p.findings[1:]], "title": p.title,
            "a_month": p.amount.to_data(), "part": joint.share_of(p.code).share if joint else None,
            "lines": {line: a.to_data() for line, a in p.lines.items()}, "grade": p.grade, "way": p.way,
            "doubts": dict(p.doubts), "caveat": p.caveat, "narrows": p.narrows,
        }
        for p in those
    ]  # fmt: skip
