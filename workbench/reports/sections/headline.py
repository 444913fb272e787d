"""What does a reader take away in ten seconds?"""

from __future__ import annotations

from collections import Counter

from workbench.diagnostics.assess import Assessment
from workbench.diagnostics.gaps import worth_asking
from workbench.diagnostics.log_ends import stopped
from workbench.diagnostics.scoring import band_words
from workbench.intake.delivered import not_usable
from workbench.reports import figures, parts
from workbench.reports.declare import Content, section
from workbench.reports.parameters import Parameters
from workbench.reports.priced import pricing_of
from workbench.reports.section import (
    AnyBlock,
    Bullets,
    Card,
    Cards,
    Heading,
    Prose,
    Run,
    Tone,
    Words,
    link,
    quiet,
    strong,
)
from workbench.wording import counted, figure, listing, money

SAID = 3
"""A headline has three findings and asks for three decisions; more is a list nobody acts on."""


@section(
    "headline", title="Headline", order=5,
    reports=("partnership_health_review", "operating_model_assessment"),
)  # fmt: skip
def headline(assessment: Assessment, parameters: Parameters) -> Content:
    """Score with bounds, three findings, what is not known, three decisions."""
    total = assessment.total
    blocks: list[AnyBlock] = [
        Cards(
            cards=(
                parts.score_card("Health of the partnership", total),
                *_counts(assessment),
                *_cost(assessment),
            )
        ),
        Prose.of(*_sentence(assessment)),
        *_in_money(assessment),
    ]
    areas = sorted(assessment.areas.items(), key=lambda item: (item[1].value is None, item[1].low, item[0]))
    if areas:
        blocks.append(
            figures.score_ranges(
                "Scores by area",
                [(parts.area_title(name), s.value, s.low, s.high) for name, s in areas],
                "Score of each area on what is known (dark line), and from the worst to the best that the "
                f"missing evidence can turn out to be (pale bar). {assessment.dataset.period}.",
                on_slide="Score of each area on what is known; the thin line runs from the worst to the best that "
                f"the missing evidence can turn out to be. {assessment.dataset.period}.",
            )
        )
    blocks += [*_findings(assessment), *_unknown(assessment), *_decisions(assessment)]
    data = {
        "total": parts.score_data(total),
        "areas": {name: parts.score_data(s) for name, s in assessment.areas.items()},
        "findings": dict(Counter(f.severity for f in assessment.findings)),
        **_cost_data(assessment),
    }
    return Content(blocks, data)


def _counts(assessment: Assessment) -> tuple[Card, ...]:
    severities = Counter(f.severity for f in assessment.findings)
    severe = severities["severe"]
    known, all_of_them = parts.assessed_counts(assessment)
    tone: Tone = "severe" if severe else "moderate" if severities["moderate"] else "good" if known else "note"
    others = ", ".join(f"{severities[s]} {s}" for s in ("moderate", "minor", "note") if severities[s])
    return (
        Card(
            label="Severe findings",
            text=str(severe),
            value=severe,
            tone=tone,
            note=others or ("no others" if known else "nothing could be assessed"),
        ),
        Card(
            label="Assessed",
            text=f"{known} of {all_of_them}",
            value=known,
            note="diagnostics with evidence; the others count as unknown, not as zero",
        ),
        Card(
            label="Evidence at hand",
            text=parts.share_words(assessment.total.evidenced),
            value=assessment.total.evidenced,
            unit="fraction",
            note="of what the score is made of",
        ),
    )


def _cost(assessment: Assessment) -> tuple[Card, ...]:
    """What the findings cost a month; nothing where nobody asked, and unknown where nothing could be priced."""
    found = pricing_of(assessment)
    if found is None:
        return ()
    label = f"Findings cost a month, {found.currency}"
    if found.joint is None:
        return (Card(label=label, text="not known", unit=found.currency, note="nothing could be priced"),)
    total = found.joint.total
    return (
        Card(
            label=label, text=money(total.value), value=total.value, low=total.low,
            high=total.high, unit=found.currency, tone="moderate", note=f"{found.between}, 90 %; as far as priced",
        ),
    )  # fmt: skip


def _in_money(assessment: Assessment) -> list[AnyBlock]:
    found = pricing_of(assessment)
    if found is None:
        return []
    if found.joint is None:
        return [
            Prose.of("What the findings cost a month is not known: ", link("the reasons", "s-prices"), ".")
        ]
    total, first = found.joint.total, found.prices[0]
    n = sum(len(p.findings) for p in found.prices)
    of_all = n + len(found.unpriced) + len(found.elsewhere)
    months = counted(found.months, "simulated month")
    rests = f"{months}, seed {found.seed}" if found.months else "computed, not simulated"
    return [
        Prose.of(
            "What was found costs ", strong(f"{money(total.value)} {found.currency} a month"),
            f" ({found.between}, 90 %) against what is expected, as far as it could be priced: {n} of "
            f"{counted(of_all, 'finding')}; {found.period}; {rests}. The largest is {first.code}, "
            f"{first.title.partition(':')[0]}: {first.amount.words}. ",
            link("All prices", "s-prices"), ".",
        )
    ]  # fmt: skip


def _cost_data(assessment: Assessment) -> dict[str, object]:
    found = pricing_of(assessment)
    if found is None:
        return {}
    total = None if found.joint is None else {**found.joint.total.to_data(), "currency": found.currency}
    return {"a_month": total}


def _sentence(assessment: Assessment) -> list[str | Run]:
    total = assessment.total
    if total.value is None:
        return ["Nothing could be scored from what was delivered: ", f"{total.reason}."]
    words = band_words(total)
    if total.evidenced < parts.KNOWN_ENOUGH:
        return [parts.little_known(total), strong(words), parts.on_that_part(total)]
    if words.startswith("between"):
        return [
            "On what is known the score is ", strong(f"{total.value:.0f} of 100"),
            f". What is missing leaves it anywhere from {total.low:.0f} to {total.high:.0f}: ",
            strong(words), ".",
        ]  # fmt: skip
    return [
        "On what is known the score is ", strong(f"{total.value:.0f} of 100"), ", ", strong(words),
        f", and stays so with what is missing ({total.low:.0f} to {total.high:.0f}).",
    ]  # fmt: skip


def _findings(assessment: Assessment) -> list[AnyBlock]:
    told = parts.first_of(assessment.findings, SAID)
    if not told:
        return [
            Heading(text="Findings"),
            Prose.of(
                "Nothing that was assessed calls for action. What could not be assessed is listed below."
            ),
        ]
    items: list[Words] = [
        [
            f"{f.statement} ",
            link(f"{f.code}, {f.severity}: evidence", parts.finding_anchor(assessment.findings.index(f))),
        ]
        for f in told
    ]
    words = {1: "The finding", 2: "Two findings"}.get(len(told), "Three findings")
    return [
        Heading(text=f"{words} that matter{'s' if len(told) == 1 else ''} most"),
        Bullets.of(items, numbered=True),
    ]


def _unknown(assessment: Assessment) -> list[AnyBlock]:
    blocks: list[AnyBlock] = [Heading(text="What we do not know")]
    missing = Counter(parts.area_of(code) for code in assessment.not_assessed)
    items: list[Words] = [
        ["Delivered, and cannot be used: ", said] for said in not_usable(assessment.dataset)
    ]
    items += [
        [
            f"Where {log.table} ends, on {log.last}, it was no longer kept, or the export was cut: of later days it "
            f"says nothing. What would tell: {log.send}"
        ]
        for log in stopped(assessment.dataset)
    ]
    if missing:
        items.append(
            [
                link(f"{counted(missing.total(), 'diagnostic')} could not be assessed", "s-not-assessed"),
                f": {listing([f'{count} in {area}' for area, count in missing.most_common()], 4)}.",
            ]
        )
    gaps = worth_asking(assessment, SAID)
    if gaps:
        said = "; ".join(f"{gap.said} (up to {figure(gap.points, '', 0)} of 100 points)" for gap in gaps)
        items.append([f"What would narrow the score most: {said}."])
    if not items:
        return [*blocks, Prose.of("Everything that this review asks for was delivered and could be used.")]
    return [*blocks, Bullets.of(items)]


def _decisions(assessment: Assessment) -> list[AnyBlock]:
    first = parts.decisions(assessment.findings, SAID)
    if not first:
        return []
    items: list[Words] = [
        [
            f.remedy.rstrip(".") + ". ",
            quiet(f"{parts.SIDE_WORDS[f.side]}, {parts.STEP_WORDS[f.step]}, {f.code}"),
        ]
        for f in first
    ]
    words = {1: "The decision", 2: "Two decisions"}.get(len(first), "Three decisions")
    return [Heading(text=f"{words} asked for"), Bullets.of(items, numbered=True)]
