"""How does a finance director read prices in a terminal? Tables and sentences, each figure with what it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table

from workbench.studies.pricing.doubts import DOUBTS
from workbench.studies.pricing.price import Price
from workbench.studies.pricing.rule import Unpriced
from workbench.studies.pricing.study import Pricing, part_of
from workbench.studies.pricing.switch_alone import SwitchAlone
from workbench.studies.pricing.switching import rests_on
from workbench.studies.pricing.together import Together
from workbench.studies.show_price_beside import beside
from workbench.studies.show_price_choices import best_set, cadence, choice, credits, plain_table
from workbench.wording import counted, figure, listing, money, number, span

BAR = 24
DOUBT_WORDS = {
    "finding": "the sample of the finding", "mapping": "how it maps", "money": "what an hour costs",
    "simulation": "the simulation",
}  # fmt: skip
GRADES = {"M": "measured", "D": "documented", "S": "surveyed", "A": "assumed"}


def pricing(found: Pricing) -> Iterator[RenderableType]:
    """Yield everything that was priced, for the terminal."""
    yield _headline(found)
    yield from found.basis.notes
    if found.prices:
        yield _prices(found)
        yield from _how(found)
    if found.joint is not None:
        yield from _together(found.joint, found.currency, found.basis.labour)
    yield from _order(found)
    if found.best is not None:
        yield from best_set(found.best, found)
    yield from credits(found)
    yield from cadence(found)
    yield from beside(found)
    if found.choice is not None:
        yield from choice(found.choice, found)
    if found.alone is not None:
        yield _switch_alone(found.alone, found.seed)
    yield from _unpriced(found.unpriced)
    yield _sample(found)


def _headline(found: Pricing) -> str:
    head = f"{found.client}, {found.period}: what its findings cost, {found.currency} a month"
    if found.joint is None:
        why = (
            f" Nobody says what an hour costs, and nothing is assumed in {found.currency}: --pay says it."
            if found.basis.pay is None
            else ""
        )
        if not found.basis.headcount:
            why += " How many agents there are is not known: --agents, or agents in client.yaml, says it."
        return f"{head}\nNothing could be priced; the reasons stand below.{why}"
    total = found.joint.total
    labour = found.basis.labour
    part = f", {figure(total.value / labour, 'fraction', 1)} of what agents cost" if labour else ""
    n = sum(len(p.findings) for p in found.prices)
    return (
        f"{head}\n{counted(len(found.prices), 'price')} for {n} of {n + len(found.unpriced)} findings. Together "
        f"{money(total.value)} ({found.between}){part}."
    )


def _prices(found: Pricing) -> Table:
    table = plain_table(f"Prices, {found.currency} a month")
    table.add_column("finding", overflow="fold", min_width=24)
    for name in ("a month", "90 % interval", "fair part"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("grade")
    for p in found.prices:
        share = found.joint.share_of(p.code).share if found.joint is not None else p.amount.value
        codes = p.code + (f" (+{len(p.findings) - 1})" if len(p.findings) > 1 else "")
        table.add_row(
            f"{codes} {_short(p.title)}",
            money(p.amount.value),
            p.between,
            money(share),
            p.grade,
        )
    return table


def _short(title: str) -> str:
    return title.partition(" (")[0]


def _lines(p: Price) -> str:
    whole = sum(abs(a.value) for a in p.lines.values())
    if not whole:
        return "nothing"
    parts = sorted(p.lines.items(), key=lambda item: -abs(item[1].value))
    if len(parts) == 1:
        return parts[0][0]
    return ", ".join(
        f"{line} {abs(a.value) / whole:.0%}" for line, a in parts if abs(a.value) / whole >= 0.005
    )


def _how(found: Pricing) -> Iterator[str]:
    yield (
        "(+n): so many more findings claim the same parameter and are priced with it, once. Fair part: of the total, "
        "which is not the sum. Grade of the weakest of mapping, what an hour costs if it is in the price, and what of "
        "the scenario the price leans on (hours of contacts: what comes and how long it takes; credits, overtime and "
        "lost contacts: also patience and staffing): M all of these measured, D documented, A assumed."
        + "".join(
            f" {listing(none, 9)}: the interval holds 0, so that an effect cannot be told from none."
            for none in [[p.code for p in found.prices if p.amount.low <= 0 <= p.amount.high]]
            if none
        )
        + "".join(
            f" + ? ({listing(unsure, 9)}): so few were measured that their sampling doubt is unknown; it comes on top."
            for unsure in [[p.code for p in found.prices if p.caveat]]
            if unsure
        )
        + " How each came about:"
    )
    for p in found.prices:
        doubt = (
            ", ".join(f"{DOUBT_WORDS[d]} {p.doubts[d]:.0%}" for d in DOUBTS if p.doubts[d] >= 0.005)
            or "not quantified"
        ) + (f"; {p.caveat}" if p.caveat else "")
        moves = f"{p.path}, {p.way}"
        if p.today is not None and p.target is not None:
            moves += f" from {p.today:.3g} to {p.target:.3g}"
        yield (
            f"  {p.code} [{p.rule}] {p.reading.measure}: {figure(p.reading.value, p.reading.unit)}"
            f"{_reading_interval(p)}, expected {figure(p.reading.target, p.reading.unit)}, n = {p.reading.n:,}. "
            f"Moves {moves}; saves {_lines(p)}. "
            f"{p.mapping.says[:1].upper()}{p.mapping.says[1:]} ({p.mapping.source}). Of the doubt: {doubt}. "
            f"Would narrow it most: {p.narrows}." + "".join(f" {note}" for note in p.notes)
        )


def _reading_interval(p: Price) -> str:
    r = p.reading
    if r.low is None or r.high is None:
        return ""
    return f" ({span(r.low, r.high, r.unit)}, 95 %)"


def _together(joint: Together, currency: str, labour: float | None) -> Iterator[RenderableType]:
    gap = joint.total.value - joint.sum_of_prices
    how = "every order of repair" if joint.exact else f"{joint.orders} orders of repair drawn at random"
    words = "no more and no less" if abs(gap) < 1 else f"{money(abs(gap))} {'more' if gap > 0 else 'less'}"
    yield (
        f"Together: {money(joint.total.value)} {currency} a month ({joint.total.between}), {words} than the prices "
        f"added up. The fair part splits that (Shapley, {how}"
        + (f"; standard error {money(joint.error)} at most" if joint.error > 0 else "")
        + ")."
    )
    telling = [p for p in joint.pairs if p.word != "add up, as far as can be told"]
    for pair in telling[:5]:
        yield f"  {pair.first} and {pair.second} {pair.word}: {money(pair.beyond.value)} ({pair.beyond.between})"
    if joint.waterfall:
        yield _waterfall(joint, currency)
        yield (
            "Today, as far as priced: what agents' paid hours cost"
            + (f", {money(labour)}" if labour else "")
            + ", the credits to expect, and what findings cost besides, such as leavers and a second level."
        )


def _waterfall(joint: Together, currency: str) -> Table:
    first = joint.waterfall[0].before
    table = plain_table(f"From today to target in the order of repair, {currency} a month")
    table.add_column("step", overflow="fold", min_width=24)
    for name in ("saved", "left"):
        table.add_column(name, justify="right")
    table.add_column("", no_wrap=True)
    width = BAR / first if first > 0 else 0.0
    table.add_row("today, as far as priced", "", money(first), "█" * BAR)
    for bar in joint.waterfall:
        low, high = sorted((bar.after, bar.before))
        kept = max(round(low * width), 0)
        table.add_row(
            f"{bar.code} {_short(bar.title)}", money(bar.saved), money(bar.after),
            " " * kept + "░" * max(round(high * width) - kept, 0),
        )  # fmt: skip
    last = joint.waterfall[-1].after
    table.add_row("target", money(first - last), money(last), "█" * max(round(last * width), 0))
    return table


def _order(found: Pricing) -> Iterator[RenderableType]:

    if not found.order:
        return
    table = plain_table("Order of repair (FIX-1 to FIX-4, CX-14), whatever the amount")
    table.add_column("", justify="right")
    for name in ("step", "finding", "what to do"):
        table.add_column(name, overflow="fold")
    table.add_column(f"{found.currency} a month", justify="right")
    without = 0
    for step in found.order:
        share = part_of(step, found)
        if share is None:
            without += 1
            continue
        table.add_row(str(step.place), step.step, step.code, step.remedy, money(share))
    if table.row_count:
        yield table
    if without:
        yield f"{counted(without, 'more step')} of repair without a price; `workbench assess` and --json list them."


def _unpriced(those: Sequence[Unpriced]) -> Iterator[RenderableType]:
    if not those:
        return
    table = plain_table(f"{counted(len(those), 'finding')} without a price (which is not a price of 0)")
    for name in ("findings", "why", "what is missing"):
        table.add_column(name, overflow="fold")
    by_reason: dict[tuple[str, str], list[str]] = {}
    for one in those:
        by_reason.setdefault((one.reason, one.missing), []).append(one.finding.code)
    for (reason, lacking), codes in sorted(by_reason.items(), key=lambda item: item[1][0]):
        table.add_row(listing(sorted(set(codes)), 12), reason, lacking or "nothing", end_section=False)
    yield table


def _switch_alone(one: SwitchAlone, seed: int) -> str:
    pays = one.pays_from
    high = money(pays.high) if math.isfinite(pays.high) else "any amount"
    return (
        f"A switch by itself costs {money(one.cost.value)} {one.currency} over {one.months} months "
        f"({one.cost.between}, 90 % of {one.draws:,} draws, seed {seed}), of a floor that costs "
        f"{money(one.labour)} a month. "
        + (
            f"It costs less than staying where the findings cost more than about {money(pays.value)} a month "
            f"({money(pays.low)} to {high}). "
            if math.isfinite(pays.value)
            else "In most draws it costs more than staying whatever the findings cost. "
        )
        + "Nothing here says whether they do."
        + f" {rests_on(one.way)}"
    )


def _sample(found: Pricing) -> str:
    b = found.basis
    pay = (
        "not known"
        if b.pay is None
        else f"{number(b.pay.per_hour, 2)} {b.currency} ({b.pay.source}, {GRADES[b.pay.grade]})"
    )
    hours = "" if b.paid_hours is None else f"; {number(b.paid_hours)} paid hours a month ({b.paid_source})"
    lines = [f"An hour costs {pay}{hours}."]
    if found.contacts:
        lines.append(
            f"{counted(found.months, 'month')} ({found.replications} replications) of each of the scenarios, "
            f"{found.contacts:,} contacts in all, seed {found.seed}"
            + (
                f"; the simulation's own error is {found.width:.1%} of the largest price (90 %)"
                if any(p.way == "simulated" for p in found.prices)
                else ""
            )
            + f". {found.scenario_note}"
        )
    elif found.scenario_note:
        lines.append(found.scenario_note)
    lines.append(
        "Freed hours are priced as if all of them could be used elsewhere, with service held as it is; credits, "
        "overtime and lost contacts are priced for what acts on service alone, so nothing is counted twice."
    )
    return "\n".join(lines)
