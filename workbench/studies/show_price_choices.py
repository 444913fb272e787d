"""How are choices read in a terminal that rest on prices? The best set, credits, a late look, staying or switching."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import RenderableType
from rich.table import Table

from workbench.studies.pricing.budget import DRAWS, Best
from workbench.studies.pricing.cadence import middle_sizes
from workbench.studies.pricing.incentive import Credits
from workbench.studies.pricing.study import Pricing
from workbench.studies.pricing.switching import Choice
from workbench.wording import counted, figure, listing, money, number, span


def plain_table(title: str) -> Table:
    """Return an empty table without lines between its columns: room for words at 80 columns."""
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)


def best_set(best: Best, found: Pricing) -> Iterator[RenderableType]:
    """Yield what to mend, what it takes and how firm that is."""
    currency = found.currency
    limits = [
        text
        for text, given in (
            (f"{money(best.budget_money or 0)} {currency}", best.budget_money is not None),
            (f"{number(best.budget_hours or 0)} hours of change", best.budget_hours is not None),
        )
        if given
    ]
    budget = f"With at most {' and '.join(limits)}" if limits else "Without a limit (--budget, --hours)"
    if best.codes:
        yield f"{budget}, mend {listing(best.codes, 20)}{first_words(best)}: {best_words(best, currency)}"
    else:
        yield f"{budget}, nothing can be mended that earns within {best.months:.0f} months what it takes."
    yield _repairs(best, found)
    yield f"{efforts_words(best)} --write-efforts writes a file to fill in."


def first_words(best: Best) -> str:
    """Say what must be mended before the set and has no price; "" for nothing."""
    if not best.first:
        return ""
    return f", and before it {listing(best.first, 9)} (no price, but first in the order of repair; hours counted)"


def best_words(best: Best, currency: str) -> str:
    """Say what the best set saves, takes and leaves, and how firm that choice is."""
    said = [
        f"saves {money(best.saved.value)} {currency} a month ({best.saved.between}) and takes "
        f"{number(best.hours)} hours of change"
        + (
            f" and {money(best.money)} {currency} ({best.spent.between}), once."
            if best.money is not None and best.spent is not None
            else "; what it costs once is not known, since nobody says what an hour of change does."
        )
    ]
    if best.net is not None:
        said.append(
            f"After {best.months:.0f} months {money(best.net.value)} ({best.net.between}) are left; "
            + (
                f"it has paid for itself in {number(best.months_to_pay, 1)} months, and within {best.months:.0f} in "
                f"{figure(best.paid, 'fraction', 0)} of the draws."
                if best.months_to_pay is not None
                else "it never pays for itself."
            )
        )
    if best.budget_money is not None or best.budget_hours is not None:
        said.append(
            f"It stays within the limit in {figure(best.within, 'fraction', 0)} of the draws of what repairs take."
        )
    said.append(
        f"This very set is best in {figure(best.certainty, 'fraction', 0)} of {DRAWS} draws of all prices and efforts."
    )
    return " ".join(said)


def efforts_words(best: Best) -> str:
    """Say whose figures the efforts are."""
    assumed = [code for code in best.efforts if code not in best.given]
    said = []
    if best.given:
        sources = dict.fromkeys(best.efforts[code].source for code in best.given)
        said.append(
            f"What repairs take is given for {listing(best.given, 20)} ({listing(list(sources), 5)})."
        )
    said.append("A repair counts from the first day, and as if it reached its target.")
    if assumed:
        of = f" for {listing(assumed, 20)}" if best.given else ""
        said.append(f"What repairs take is assumed by their step{of} (A, from half to twice as many hours).")
    return " ".join(said)


def _repairs(best: Best, found: Pricing) -> Table:
    table = plain_table(f"How often each repair is in the best set of {DRAWS} draws, and what it takes once")
    table.add_column("finding", overflow="fold", min_width=10)
    for name in ("hours", f"once, {found.currency}", "its part a month", "pays in", "in the best set"):
        table.add_column(name, justify="right")
    for code, share in sorted(best.chosen_in.items(), key=lambda item: (-item[1], item[0])):
        effort, part = (
            best.efforts[code],
            found.joint.share_of(code).share if found.joint is not None else 0.0,
        )
        once = effort.likely_money
        table.add_row(
            f"{code}{'' if code in best.codes else ' (left open)'}",
            number(effort.hours.likely),
            "not known" if once is None else money(once),
            money(part),
            "" if once is None else f"{number(once / part, 1)} months" if part > 0 else "never",
            f"{100 * share:.0f} %",
        )
    return table


def credits(found: Pricing) -> Iterator[RenderableType]:
    """Yield the credits to expect, formula by formula."""
    if not found.credits:
        if found.contract.left_out:
            yield f"Credits are not priced: {listing(list(dict.fromkeys(found.contract.left_out)), 3)}."
        return
    table = plain_table(f"Credits to expect, {found.currency} a month, by formula of the service level")
    table.add_column("formula")
    for name in ("expected", "90 % interval", "9 years in 10 below", "earned back", "missed"):
        table.add_column(name, justify="right")
    for c in found.credits:
        table.add_row(
            f"{c.formula}{' (contract)' if c.contract else ''}", money(c.expected),
            f"{money(c.low)} to {money(c.high)}",
            money(c.p90), money(c.earned_back), f"{c.missed:.0%} of {c.months} months",
        )  # fmt: skip
    yield table
    yield (
        f"A month is missed where any promise is; 90 % interval of that share {span(*_missed(found), 'fraction', 0)}. "
        f"{recorded(found.credits[0], found.currency)}"
    )
    if found.contract.left_out:
        yield f"Left out of it: {listing(list(dict.fromkeys(found.contract.left_out)), 3)}."


def _missed(found: Pricing) -> tuple[float, float]:
    return found.credits[0].missed_low, found.credits[0].missed_high


def recorded(own: Credits, currency: str) -> str:
    """Say what the same terms give on the client's own log."""
    log = own.log
    if log is None:
        return "The client's own log does not tell how many months were missed."
    return (
        f"In the client's own log {log.missed} of {counted(log.months, 'month')} were missed; on these terms that is "
        f"{money(log.credit)} {currency} a month before earn-back."
    )


def cadence(found: Pricing) -> Iterator[RenderableType]:
    """Yield what a drift costs until it is corrected."""
    if not found.cadence:
        yield found.cadence_note
        return
    for size in middle_sizes(found.cadence):
        mine = [late for late in found.cadence if late.size == size]
        table = plain_table(f"What one drift of {size} costs until it is corrected, {found.currency}")
        table.add_column("chart")
        forums = list(dict.fromkeys(late.forum for late in mine))
        for forum in forums:
            table.add_column(forum, justify="right")
        for chart in dict.fromkeys(late.chart for late in mine):
            cells = [next(c for c in mine if (c.chart, c.forum) == (chart, forum)) for forum in forums]
            table.add_row(chart, *(f"{money(c.loss)} ({c.weeks:.0f} weeks)" for c in cells))
        yield table
    yield found.cadence_note


def losses_words(found: Pricing) -> str:
    """Say of which findings the losses are that staying keeps and switching carries along."""
    n = sum(len(p.findings) for p in found.prices)
    return (
        f"Losses are those of {n} of {counted(n + len(found.unpriced), 'finding')}, which have a price; what has none "
        "is in neither."
    )


def choice(one: Choice, found: Pricing) -> Iterator[RenderableType]:
    """Yield staying and switching, and what must be true for either."""
    table = plain_table(
        f"Staying or switching over {one.months} months, {one.currency}: what each costs, as a present value"
    )
    table.add_column("", overflow="fold", min_width=20)
    for name in ("on average", "90 % interval"):
        table.add_column(name, justify="right")
    table.add_row("staying: losses that are left", money(one.stay.value), one.stay.between)
    table.add_row("switching", money(one.switch.value), one.switch.between)
    for name, value in one.parts.items():
        table.add_row(f"  {name}", money(value), "")
    table.add_row("switching less staying", money(one.difference.value), one.difference.between)
    yield table
    yield (
        f"Switching costs less in {one.switch_costs_less:.0%} of {one.draws:,} draws. {losses_words(found)} "
        f"{one.rests_on()} --write-switch writes a file to fill in. No verdict:"
    )
    yield f"  staying is right only if: {' '.join(one.for_staying)}"
    yield f"  switching is right only if: {' '.join(one.for_switching)}"
